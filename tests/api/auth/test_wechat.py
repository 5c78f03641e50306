"""Signing in with WeChat, against a stand-in that answers as WeChat does."""

import asyncio
import io
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from app import db, log
from tests.deployed import deployed
from tests.wechat_standin import SESSION_KEY, Wechat
from tests.world import API, Person, answer, problem

OPENID = "oGZUI0egBJY1zhBYw2KhdUfwVJJE"


async def sign_in(http: httpx.AsyncClient, code: str) -> httpx.Response:
    return await http.post(f"{API}/auth/wechat", json={"code": code})


async def test_the_first_sign_in_makes_the_person(http: httpx.AsyncClient, wechat: Wechat) -> None:
    made = answer(await sign_in(http, wechat.code_for("first-time")))
    assert set(made) == {"access_token", "refresh_token", "expires_in", "token_type", "person"}
    assert (made["token_type"], made["expires_in"]) == ("Bearer", 1800)
    assert (made["person"]["name"], made["person"]["consent"], made["person"]["posts"]) == (None, False, [])


async def test_whoever_comes_back_is_the_same_person(http: httpx.AsyncClient, wechat: Wechat) -> None:
    first, second = [answer(await sign_in(http, wechat.code_for("comes-back"))) for _ in range(2)]
    assert first["person"]["id"] == second["person"]["id"]


async def test_two_first_sign_ins_at_once_make_one_person(http: httpx.AsyncClient, wechat: Wechat) -> None:
    codes = [wechat.code_for("twice-at-once") for _ in range(8)]
    people = await asyncio.gather(*(sign_in(http, code) for code in codes))
    assert len({answer(one)["person"]["id"] for one in people}) == 1


async def test_the_tokens_of_a_wechat_sign_in_work(http: httpx.AsyncClient, wechat: Wechat) -> None:
    made = answer(await sign_in(http, wechat.code_for("works")))
    assert (await Person(http, made["access_token"]).get("/me"))["id"] == made["person"]["id"]


async def test_wechat_is_asked_as_it_wants(http: httpx.AsyncClient, wechat: Wechat) -> None:
    code = wechat.code_for("asked")
    answer(await sign_in(http, code))
    assert wechat.asked == [
        {
            "appid": "wx-test",
            "secret": "wx-test-secret",
            "js_code": code,
            "grant_type": "authorization_code",
        }
    ]


async def test_a_code_works_once(http: httpx.AsyncClient, wechat: Wechat) -> None:
    code = wechat.code_for("once")
    answer(await sign_in(http, code))
    problem(await sign_in(http, code), 401)


async def test_a_made_up_code_is_refused(http: httpx.AsyncClient, wechat: Wechat) -> None:
    refused = await sign_in(http, "made-up")
    problem(refused, 401, "unauthenticated")
    assert refused.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("errcode", "status", "slug"),
    [
        (40029, 401, "unauthenticated"),
        ("40029", 401, "unauthenticated"),
        (40163, 401, "unauthenticated"),
        (40226, 403, "risky-account"),
        ("40226", 403, "risky-account"),
        (45011, 429, "too-many"),
        (-1, 503, "unavailable"),
        ("-1", 503, "unavailable"),
        (40013, 503, "unavailable"),  # our own appid is wrong: not the person's fault
        (40125, 503, "unavailable"),  # our own secret is wrong
        ("what?", 503, "unavailable"),
        ([40029], 503, "unavailable"),
    ],
)
async def test_every_errcode_has_its_answer(
    http: httpx.AsyncClient, wechat: Wechat, errcode: Any, status: int, slug: str
) -> None:
    wechat.says({"errcode": errcode, "errmsg": "no, rid: 6512f3a1"})
    problem(await sign_in(http, "any"), status, slug)


@pytest.mark.parametrize(
    ("errcode", "line"),
    [
        (40013, "appid or secret wrong (40013)"),
        ("40125", "secret wrong (40125)"),
        (40164, "this server's IP address is not in the mini-program's allow-list (40164)"),
        (50007, "the mini-program's account is frozen (50007)"),
    ],
)
async def test_what_is_not_set_up_is_told_the_operator_and_not_called_busy(
    http: httpx.AsyncClient, wechat: Wechat, errcode: Any, line: str
) -> None:
    """The server stays ready: everything but WeChat works. The next answer that is all right takes it back."""
    wechat.says({"errcode": errcode, "errmsg": "no, rid: 6512f3a1"})
    with capture_logs() as logs:
        refused = problem(await sign_in(http, "any"), 503, "unavailable")
    assert refused["detail"] == "微信登录暂未开通，请联系社区或管理员"
    assert [
        (one["log_level"], one["meaning"], one["rid"]) for one in logs if one["event"] == "wechat_refused"
    ] == [("error", line, "6512f3a1")]
    assert answer(await http.get("/ready")) == {"status": "ready", "warnings": [f"WeChat: {line}"]}
    wechat.says({"errcode": -1, "errmsg": "busy"})
    problem(await sign_in(http, "any"), 503)
    assert answer(await http.get("/ready"))["warnings"] == [f"WeChat: {line}"], (
        "WeChat being busy says nothing about it"
    )
    wechat.says({"openid": "fine", "session_key": SESSION_KEY})
    answer(await sign_in(http, "any"))
    assert answer(await http.get("/ready")) == {"status": "ready"}


async def test_a_busy_wechat_is_called_busy(http: httpx.AsyncClient, wechat: Wechat) -> None:
    wechat.says({"errcode": -1, "errmsg": "system error"})
    refused = problem(await sign_in(http, "any"), 503, "unavailable")
    assert refused["detail"] == "微信暂时繁忙，请稍后再试"
    assert answer(await http.get("/ready")) == {"status": "ready"}


async def test_without_wechat_settings_it_is_not_opened_yet(http: httpx.AsyncClient) -> None:
    with deployed(wechat_appid=None, demo=None):
        refused = problem(await sign_in(http, "any"), 503, "unavailable")
        assert refused["detail"] == "微信登录暂未开通，请联系社区或管理员"
        assert answer(await http.get("/ready")) == {"status": "ready"}, "it is not wrong, it is not there"


async def test_who_comes_too_often_learns_when_to_return(http: httpx.AsyncClient, wechat: Wechat) -> None:
    wechat.says({"errcode": 45011, "errmsg": "frequency limit"})
    assert int((await sign_in(http, "any")).headers["retry-after"]) >= 1


@pytest.mark.parametrize("errcode", [0, "0"])
async def test_errcode_zero_is_success(http: httpx.AsyncClient, wechat: Wechat, errcode: Any) -> None:
    wechat.says({"errcode": errcode, "errmsg": "ok", "openid": "zero", "session_key": SESSION_KEY})
    answer(await sign_in(http, "any"))


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"<html>502 Bad Gateway</html>",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"null",
        b"[]",
        b'"ok"',
        b"{}",
        {"openid": None},
        {"openid": ""},
        {"openid": 12},
        {"openid": ["o"]},
        {"openid": "o\x00o"},
        {"openid": "o\ud800"},
        {"openid": "o" * 5000},
        {"openid": "good", "unionid": {"a": 1}},
    ],
    ids=lambda said: repr(said)[:30],
)
async def test_garbage_from_wechat_is_its_failure_and_makes_nobody(
    http: httpx.AsyncClient, wechat: Wechat, said: Any
) -> None:
    before = await db.fetchrow("SELECT count(*) FROM person")
    wechat.says(said)
    problem(await sign_in(http, "any"), 503, "unavailable")
    assert await db.fetchrow("SELECT count(*) FROM person") == before


@pytest.mark.parametrize("status", ["302 Found", "500 Oops", "204 No Content", "404 Not Found"])
async def test_only_a_plain_200_of_wechat_is_believed(
    http: httpx.AsyncClient, wechat: Wechat, status: str
) -> None:
    body: Any = b"" if status.startswith("204") else {"openid": "elsewhere", "session_key": SESSION_KEY}
    wechat.says(body, status, f"Location: {wechat.base}/elsewhere")
    problem(await sign_in(http, "any"), 503, "unavailable")
    assert len(wechat.asked) == 1


async def test_a_body_that_does_not_unpack_is_a_failure(http: httpx.AsyncClient, wechat: Wechat) -> None:
    wechat.says(b"not gzip", "200 OK", "Content-Encoding: gzip")
    problem(await sign_in(http, "any"), 503, "unavailable")


@pytest.mark.alone
async def test_a_silent_wechat_is_not_waited_for(http: httpx.AsyncClient, wechat: Wechat) -> None:
    wechat.hangs(30)
    started = time.monotonic()
    problem(await sign_in(http, "any"), 503, "unavailable")
    assert time.monotonic() - started < 5
    assert len(wechat.asked) == 1, "a code works once: no second try"


@pytest.mark.alone
async def test_a_wechat_that_trickles_is_not_waited_for(
    http: httpx.AsyncClient, wechat: Wechat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.wechat.sign_in.SIGN_IN_SECONDS", 1)
    wechat.trickles(0.5)
    started = time.monotonic()
    problem(await sign_in(http, wechat.code_for("slow")), 503, "unavailable")
    assert time.monotonic() - started < 2


async def test_a_wechat_that_is_away_is_said_so(http: httpx.AsyncClient) -> None:
    with deployed(wechat_api_base="http://127.0.0.1:9"):
        problem(await sign_in(http, "any"), 503, "unavailable")


async def test_without_wechat_settings_nobody_is_sent_there(http: httpx.AsyncClient, wechat: Wechat) -> None:
    with deployed(wechat_appid=None, demo=None):
        problem(await sign_in(http, wechat.code_for("nobody")), 503, "unavailable")
    assert wechat.asked == []


async def test_in_demo_mode_a_code_stands_for_a_persona(http: httpx.AsyncClient, wechat: Wechat) -> None:
    with deployed(wechat_appid=None):
        resident = answer(await sign_in(http, "code-of-the-tools"))
        body = {"code": "another-code", "persona": "grid_head"}
        head = answer(await http.post(f"{API}/auth/wechat", json=body))
        problem(await http.post(f"{API}/auth/wechat", json=body | {"persona": "nobody"}), 404)
    assert resident["person"]["name"] == "944号居民"
    assert [post["label"] for post in head["person"]["posts"]] == ["万寿山社区第四网格 网格长"]
    assert wechat.asked == []


async def test_outside_demo_mode_there_are_no_personas(http: httpx.AsyncClient, wechat: Wechat) -> None:
    body = {"code": wechat.code_for("somebody"), "persona": "grid_head"}
    with deployed(demo=None):
        refused = problem(await http.post(f"{API}/auth/wechat", json=body), 422)
    assert refused["errors"][0]["pointer"] == "/persona"
    assert wechat.asked == []


@pytest.mark.alone
async def test_a_slow_wechat_holds_up_nobody_else(http: httpx.AsyncClient, wechat: Wechat) -> None:
    wechat.hangs(1)
    waiting = [asyncio.create_task(sign_in(http, wechat.code_for(f"slow-{n}"))) for n in range(30)]
    await asyncio.sleep(0.3)
    started = time.monotonic()
    answer(await http.get("/ready"))
    assert time.monotonic() - started < 0.5
    for one in await asyncio.gather(*waiting):
        answer(one)


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything the program writes to stderr at its most talkative."""
    with redirect_stderr(io.StringIO()) as heard:
        log.configure("DEBUG")
        for name, module in list(sys.modules.items()):
            if name.startswith("app.") and hasattr(module, "logger"):
                monkeypatch.setattr(module, "logger", log.get(name))
        yield heard
    log.configure("ERROR")


@pytest.mark.parametrize(
    "said",
    [
        None,
        {"errcode": 40029, "errmsg": f"invalid code of {OPENID}, rid: 6512"},
        {"openid": OPENID, "session_key": SESSION_KEY, "unionid": {"of": OPENID}},
        {"openid": f"{OPENID}\x00", "session_key": SESSION_KEY},
        f"<html>{OPENID} {SESSION_KEY}</html>".encode(),
    ],
    ids=["success", "refusal", "unionid", "nul", "garbage"],
)
async def test_openid_session_key_and_secrets_stay_inside(
    http: httpx.AsyncClient, wechat: Wechat, logged: io.StringIO, said: Any
) -> None:
    code = wechat.code_for(OPENID)
    if said is not None:
        wechat.says(said)
    answered = await sign_in(http, code)
    lines = logged.getvalue()
    assert "/auth/wechat" in lines, "the log was listened to"
    tokens = answered.json().get("refresh_token"), answered.json().get("access_token")
    for secret in (OPENID, SESSION_KEY, "wx-test-secret", code):
        assert secret not in answered.text + str(answered.headers)
    for secret in (OPENID, SESSION_KEY, "wx-test-secret", code, *tokens):
        assert secret is None or secret not in lines


async def test_the_profile_never_tells_the_openid(http: httpx.AsyncClient, wechat: Wechat) -> None:
    made = answer(await sign_in(http, wechat.code_for(OPENID)))
    seen = await Person(http, made["access_token"]).ask("GET", "/me")
    assert OPENID not in seen.text
    assert "openid" not in seen.text
