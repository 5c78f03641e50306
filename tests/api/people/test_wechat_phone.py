"""The number WeChat's phone button gives: verified, one person's, and whatever post waits for it comes with it."""

import asyncio
import time
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from app import clock, db
from app.enums import Role
from app.services import encryption
from app.services.people import profile
from app.services.posts import invitations
from tests.deployed import deployed
from tests.wechat_standin import Wechat
from tests.world import API, Person, answer, problem

NUMBER: Final = "13800000001"
INDEX: Final = "+8613800000001"


async def somebody(http: httpx.AsyncClient, wechat: Wechat, openid: str = "has-a-phone") -> Person:
    made = answer(await http.post(f"{API}/auth/wechat", json={"code": wechat.code_for(openid)}))
    person = Person(http, made["access_token"])
    answer(await person.ask("PUT", "/me/consent", json={"version": profile.consent().version}))
    return person


@pytest.fixture
async def person(http: httpx.AsyncClient, wechat: Wechat) -> Person:
    return await somebody(http, wechat)


async def give(person: Person, code: str) -> httpx.Response:
    return await person.ask("POST", "/me/phone", json={"code": code})


async def meant_for(number: str) -> Any:
    """Make a post that waits for this number, as an import does."""
    place = await db.fetchrow("SELECT id FROM place WHERE label = '柏林社区第一网格'")
    assert place is not None
    post_id = await invitations.create_vacant_post(Role.MEMBER, place_id=place["id"])
    await db.fetch("UPDATE post SET phone_index = $2 WHERE id = $1", post_id, encryption.blind_index(number))
    return post_id


async def test_the_number_is_kept_as_verified_and_shown_masked(person: Person, wechat: Wechat) -> None:
    said = answer(await give(person, wechat.phone_code(NUMBER)), 201)
    assert (said["phone_masked"], said["phone_verified"]) == ("138****0001", True)
    row = await db.fetchrow("SELECT phone_sealed FROM person WHERE id = $1", said["id"])
    assert row is not None
    assert encryption.decrypt(row["phone_sealed"]) == INDEX
    (audited,) = await db.fetch("SELECT person_id FROM audit WHERE type = 'phone_verified'")
    assert str(audited["person_id"]) == said["id"]


@pytest.mark.parametrize("country", ["86", 86, "+86", None])
async def test_the_country_is_read_however_wechat_writes_it(
    person: Person, wechat: Wechat, country: Any
) -> None:
    answer(await give(person, wechat.phone_code(NUMBER, country)), 201)
    assert (await person.get("/me"))["phone_masked"] == "138****0001"


async def test_a_number_from_abroad_keeps_its_country(person: Person, wechat: Wechat) -> None:
    said = answer(await give(person, wechat.phone_code("91234567", 852)), 201)
    assert said["phone_masked"].startswith("+852")


async def test_the_post_waiting_for_the_number_is_there_with_the_next_request(
    http: httpx.AsyncClient, wechat: Wechat
) -> None:
    post_id = await meant_for(INDEX)
    clock.travel(invitations.INVITATION_LIFETIME + timedelta(days=1))  # its code is over; the number is not
    person = await somebody(http, wechat)
    said = answer(await give(person, wechat.phone_code(NUMBER)), 201)
    assert [post["label"] for post in said["posts"]] == ["柏林社区第一网格 网格员"]
    assert await person.get("/tickets", box="inbox") is not None
    (bound,) = await db.fetch("SELECT subject_id, data FROM audit WHERE type = 'post_bound'")
    assert (bound["subject_id"], bound["data"]["role"]) == (post_id, "member")
    row = await db.fetchrow("SELECT invitation_digest FROM post WHERE id = $1", post_id)
    assert row is not None
    assert row["invitation_digest"] is None, "its code is used up"


async def test_a_post_meant_for_another_number_waits_on(person: Person, wechat: Wechat) -> None:
    await meant_for("+8613800000002")
    assert answer(await give(person, wechat.phone_code(NUMBER)), 201)["posts"] == []


async def test_of_two_who_come_with_the_number_one_gets_the_post(
    http: httpx.AsyncClient, wechat: Wechat
) -> None:
    both = [await somebody(http, wechat, f"twin-{n}") for n in range(2)]
    await meant_for(INDEX)
    said = await asyncio.gather(*(give(one, wechat.phone_code(NUMBER)) for one in both))
    assert sorted(len(answer(one, 201)["posts"]) for one in said) == [0, 1]
    kept = [(await one.get("/me"))["phone_verified"] for one in both]
    assert sorted(kept) == [False, True], "a number is one person's"


async def test_the_verified_number_typed_again_stays_verified_another_is_not(
    person: Person, wechat: Wechat
) -> None:
    answer(await give(person, wechat.phone_code(NUMBER)), 201)
    for typed, verified in ((NUMBER, True), ("13800000003", False), (NUMBER, False)):
        said = answer(await person.ask("POST", "/me/phone", json={"phone": typed}), 201)
        assert said["phone_verified"] is verified


async def test_a_code_works_once_and_is_named_as_what_is_wrong(person: Person, wechat: Wechat) -> None:
    code = wechat.phone_code(NUMBER)
    answer(await give(person, code), 201)
    said = problem(await give(person, code), 422)
    assert said["errors"][0]["pointer"] == "/code"


@pytest.mark.parametrize(
    "body",
    [{}, {"phone": NUMBER, "code": "x"}, {"code": ""}, {"code": 1}, {"phone": None}, {"code": "x" * 257}],
)
async def test_either_a_number_or_a_code_is_given(person: Person, wechat: Wechat, body: Any) -> None:
    problem(await person.ask("POST", "/me/phone", json=body), 422)


async def test_before_consent_wechat_is_not_even_asked(http: httpx.AsyncClient, wechat: Wechat) -> None:
    made = answer(await http.post(f"{API}/auth/wechat", json={"code": wechat.code_for("undecided")}))
    undecided = Person(http, made["access_token"])
    before = len(wechat.asked)
    problem(await give(undecided, wechat.phone_code(NUMBER)), 403, "consent-required")
    assert len(wechat.asked) == before


async def test_one_token_serves_many_and_a_dead_one_is_renewed_once(person: Person, wechat: Wechat) -> None:
    for _ in range(3):
        answer(await give(person, wechat.phone_code(NUMBER)), 201)
    asked_for = [one for one in wechat.asked if one.get("grant_type") == "client_credential"]
    assert len(asked_for) == 1
    wechat.forget_token()
    answer(await give(person, wechat.phone_code(NUMBER)), 201)
    wechat.says({"errcode": 42001, "errmsg": "expired"})
    before = len(wechat.asked)
    problem(await give(person, wechat.phone_code(NUMBER)), 503, "unavailable")
    assert len(wechat.asked) - before == 4, "tried, a token, the same: another, tried once more"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"errcode": 45011, "errmsg": "often"}, 429),
        ({"errcode": "-1", "errmsg": "busy"}, 503),
        ({"errcode": 0}, 503),
        ({"errcode": 0, "phone_info": []}, 503),
        ({"errcode": 0, "phone_info": {"purePhoneNumber": NUMBER, "watermark": {"appid": "wx-other"}}}, 503),
        ({"errcode": 0, "phone_info": {"purePhoneNumber": "no", "watermark": {"appid": "wx-test"}}}, 503),
        (b"<html>", 503),
    ],
    ids=lambda said: repr(said)[:40],
)
async def test_what_cannot_be_believed_verifies_nothing(
    person: Person, wechat: Wechat, said: Any, status: int
) -> None:
    wechat.says(said)
    problem(await give(person, wechat.phone_code(NUMBER)), status)
    assert (await person.get("/me"))["phone_masked"] is None


async def test_a_token_that_is_none_is_wechat_s_failure(person: Person, wechat: Wechat) -> None:
    wechat.says({"access_token": None, "expires_in": "soon"}, tokens=True)
    problem(await give(person, wechat.phone_code(NUMBER)), 503, "unavailable")


@pytest.mark.alone
async def test_a_silent_wechat_is_waited_for_five_seconds_in_all(
    person: Person, wechat: Wechat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.wechat.client.CALL_SECONDS", 1)
    wechat.hangs(30)
    started = time.monotonic()
    problem(await give(person, wechat.phone_code(NUMBER)), 503, "unavailable")
    assert time.monotonic() - started < 2


async def test_without_wechat_settings_it_is_said_plainly(person: Person, wechat: Wechat) -> None:
    with deployed(wechat_secret=None):
        problem(await give(person, wechat.phone_code(NUMBER)), 503, "unavailable")


async def test_who_asks_without_end_is_stopped_it_costs_money(person: Person, wechat: Wechat) -> None:
    with deployed(rate_limits="on"):
        for _ in range(5):
            answer(await give(person, wechat.phone_code(NUMBER)), 201)
        refused = await give(person, wechat.phone_code(NUMBER))
        problem(refused, 429)
        assert int(refused.headers["retry-after"]) > 60


@pytest.mark.parametrize("tokens", [True, False], ids=["of the token", "of the number"])
@pytest.mark.parametrize(
    ("errcode", "line"), [(40013, "appid or secret wrong (40013)"), (40125, "secret wrong")]
)
async def test_what_is_not_set_up_is_told_the_operator_and_people_type_their_number(
    http: httpx.AsyncClient, person: Person, wechat: Wechat, errcode: int, line: str, tokens: bool
) -> None:
    wechat.says({"errcode": errcode, "errmsg": "no"}, tokens=tokens)
    refused = problem(await give(person, wechat.phone_code(NUMBER)), 503, "unavailable")
    assert refused["detail"] == "微信手机号暂未开通，请自己填写手机号"
    assert line in answer(await http.get("/ready"))["warnings"][0]
