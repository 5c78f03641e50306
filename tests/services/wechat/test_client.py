"""The client of WeChat's server API: one token for all processes, bounded time, and it knows what was sent."""

import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, Final

import pytest

from app import db, process_state
from app.services import wechat as client
from app.services.wechat import NoAnswer, WeChatError
from tests.deployed import deployed
from tests.wechat_standin import JPEG, Wechat

pytestmark = pytest.mark.usefixtures("street")

TOKEN: Final = "/cgi-bin/stable_token"
SEND: Final = "/cgi-bin/message/subscribe/send"
FIELDS: Final = {"thing1": "944号楼道灯不亮"}


async def send(openid: str = "o1") -> str:
    return await client.send_message(openid, "t1", FIELDS, "pages/ticket/index?id=1")


# Each call that takes the token.
CALLS: Final[dict[str, Callable[[], Awaitable[Any]]]] = {
    "message": send,
    "text": lambda: client.check_text("o1", "楼道灯不亮"),
    "image": lambda: client.check_image("o1", "https://example.org/photo"),
    "code": lambda: client.mini_program_code("p=1", "pages/home/index"),
    "link": lambda: client.url_link("pages/home/index", "p=1"),
}


@pytest.fixture
def allowed(wechat: Wechat) -> Wechat:
    """Let WeChat show messages to o1."""
    wechat.allow("o1", "t1", 10)
    return wechat


async def test_each_call_is_answered(allowed: Wechat) -> None:
    answers = {name: await call() for name, call in CALLS.items()}
    assert answers["message"] == "3000000000000000001"  # a float would round it
    assert answers["text"].suggest == "pass"
    assert answers["image"] in allowed.images
    assert answers["code"] == JPEG
    assert answers["link"].startswith("https://")


async def test_processes_share_one_token(allowed: Wechat) -> None:
    await send()
    process_state.forget_all()  # as another process
    await send()
    assert allowed.paths == [TOKEN, SEND, SEND]


async def test_the_token_is_not_readable_in_the_database(allowed: Wechat) -> None:
    await send()
    row = await db.fetchrow("SELECT sealed FROM wechat_token")
    assert row is not None
    assert b"token-0" not in row["sealed"]


async def test_a_refused_token_is_renewed_once(allowed: Wechat) -> None:
    await send()
    allowed.forget_token()
    await send()
    assert allowed.paths == [TOKEN, SEND, SEND, TOKEN, SEND]
    assert len(allowed.sent) == 2


async def test_a_token_that_another_process_has_renewed_is_taken_from_the_database(allowed: Wechat) -> None:
    await send()
    remembered = dict(client.tokens._remembered)  # noqa: SLF001 - what another process remembers
    allowed.forget_token()
    await send()
    client.tokens._remembered.update(remembered)  # noqa: SLF001 - as above
    await send()
    assert allowed.paths[-2:] == [SEND, SEND]
    assert Counter(allowed.paths)[TOKEN] == 2


@pytest.mark.parametrize("errcode", [40001, 40014, 42001, "42001"])
async def test_a_token_refused_for_good_is_not_asked_for_without_end(wechat: Wechat, errcode: Any) -> None:
    wechat.says({"errcode": errcode, "errmsg": "invalid credential"})
    for _ in range(3):
        with pytest.raises(WeChatError):
            await send()
    forced = [asked for asked in wechat.asked if asked.get("force_refresh")]
    assert len(forced) == 1  # WeChat allows twenty a day
    assert len(wechat.paths) <= 3 * 4


# What WeChat, or a gateway before it, may answer; whether the message may have been shown all the same.
GARBAGE: Final[dict[str, tuple[Any, str, bool]]] = {
    "html": (b"<html>", "200 OK", True),
    "empty": (b"", "200 OK", True),
    "list": ([1], "200 OK", True),
    "deep": (b"[" * 100_000, "200 OK", True),
    "long": (b"x" * 3_000_000, "200 OK", True),
    "502": (b"<html>", "502 Bad Gateway", False),
    "503": (b"", "503 Service Unavailable", False),
    "504": (b"", "504 Gateway Timeout", True),
    "500": (b"", "500 Internal Server Error", True),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("garbage", GARBAGE)
async def test_garbage_is_no_answer(wechat: Wechat, call: str, garbage: str) -> None:
    body, status, sent = GARBAGE[garbage]
    wechat.says(body, status)
    with pytest.raises(NoAnswer) as raised:
        await CALLS[call]()
    assert raised.value.sent is sent


async def test_what_could_not_be_sent_may_be_sent_again(wechat: Wechat) -> None:
    wechat.says(b"<html>", "504 Gateway Timeout", tokens=True)  # the token does not come: nothing was asked
    with pytest.raises(NoAnswer) as raised:
        await send()
    assert not raised.value.sent
    with deployed(wechat_api_base="http://127.0.0.1:9"), pytest.raises(NoAnswer) as raised:
        await send()
    assert not raised.value.sent


@pytest.mark.alone
async def test_a_silent_wechat_is_waited_for_five_seconds(
    wechat: Wechat, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.client.CALL_SECONDS == 5
    monkeypatch.setattr("app.services.wechat.client.CALL_SECONDS", 0.5)
    wechat.trickles(0.2)
    started = time.monotonic()
    with pytest.raises(NoAnswer):
        await send()
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("fields", "errcode"),
    [
        ({"thing1": "一" * 21}, 47003),
        ({"phrase2": "办ok"}, 47003),
        ({"time3": "明天"}, 47003),
        ({"character_string4": "楼"}, 47003),
        ({"thing1": ""}, 47003),
        (FIELDS, 43101),  # nobody has allowed it
    ],
)
async def test_the_stand_in_refuses_what_wechat_refuses(
    wechat: Wechat, fields: dict[str, str], errcode: int
) -> None:
    with pytest.raises(WeChatError) as raised:
        await client.send_message("o1", "t1", fields, None)
    assert raised.value.errcode == errcode
    assert wechat.sent == []


async def test_neither_token_nor_secret_is_logged(wechat: Wechat, capfd: pytest.CaptureFixture[str]) -> None:
    wechat.says({"errcode": 40037, "errmsg": "invalid template_id rid: 1-2"})
    with pytest.raises(WeChatError):
        await send()
    logged = json.dumps(capfd.readouterr())
    assert "wx-test-secret" not in logged
    assert "token-0" not in logged
