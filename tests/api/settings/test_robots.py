"""Group robots: set by who runs the unit or the organisation, greeted, never shown again."""

from typing import Any, Final

import httpx
import pytest

from app import db
from tests.wecom_standin import Wecom, key
from tests.world import API, MADE_UP, Everybody, Person, answer, problem

PATH: Final = "/settings/robots"


async def place(code: str) -> str:
    row = await db.fetchrow("SELECT id::text FROM place WHERE code = $1", code)
    assert row is not None
    identifier: str = row["id"]
    return identifier


async def company() -> str:
    row = await db.fetchrow("SELECT id::text FROM organisation WHERE name = '人和物业'")
    assert row is not None
    identifier: str = row["id"]
    return identifier


async def put(person: Person, url: Any, **query: Any) -> httpx.Response:
    return await person.ask("PUT", PATH, json={"url": url}, params=query or {"place_id": await place("wss")})


async def test_a_robot_greets_its_group_and_is_never_shown_again(people_of: Everybody, wecom: Wecom) -> None:
    (community,) = await people_of("community")
    made = await put(community, wecom.url("1"))
    assert answer(made)["greeted"] is True
    (said,) = wecom.texts("1")
    assert said.startswith("楼灯已接入本群：万寿山社区的")
    shown = await community.ask("GET", PATH, params={"place_id": await place("wss")})
    assert answer(shown)["address"] == "127.0.0.1 …0001"
    assert key("1") not in made.text + shown.text
    (row,) = await db.fetch("SELECT sealed, ending FROM robot")
    assert key("1").encode() not in row["sealed"]


async def test_without_one_there_is_none(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    shown = await community.get(PATH, place_id=await place("wss"))
    assert (shown["address"], shown["active"], shown["changed_at"]) == (None, False, None)


async def test_it_is_removed_by_null(people_of: Everybody, wecom: Wecom) -> None:
    (community,) = await people_of("community")
    answer(await put(community, wecom.url("1")))
    assert answer(await put(community, None))["address"] is None
    answer(await put(community, None))
    assert await db.fetch("SELECT FROM robot") == []
    entries = await community.get("/audit", type="robot_removed")
    assert [entry["label"] for entry in entries["items"]] == ["删除企业微信群机器人"]


async def test_the_audit_has_the_change_and_not_the_address(people_of: Everybody, wecom: Wecom) -> None:
    (community,) = await people_of("community")
    answer(await put(community, wecom.url("1")))
    entries = await community.ask("GET", "/audit", params={"type": "robot_set"})
    (entry,) = answer(entries)["items"]
    assert (entry["label"], entry["subject_id"]) == ("设置企业微信群机器人", await place("wss"))
    assert key("1")[-12:] not in entries.text


async def test_a_repeated_request_greets_once(people_of: Everybody, wecom: Wecom) -> None:
    (community,) = await people_of("community")
    for _ in range(3):
        answer(await put(community, wecom.url("1")))
    assert len(wecom.texts("1")) == 1
    answer(await put(community, wecom.url("2")))
    assert len(wecom.texts("2")) == 1


# What somebody has done since it was read: the address they gave, None for none.
MEANWHILE: Final = [(None, "2"), ("1", "2"), ("1", None)]


@pytest.mark.parametrize(("before", "meanwhile"), MEANWHILE)
@pytest.mark.parametrize("asked", ["3", None])
async def test_a_robot_that_was_changed_since_it_was_read_stays(
    people_of: Everybody, wecom: Wecom, before: str | None, meanwhile: str | None, asked: str | None
) -> None:
    community, street = await people_of("community", "street")
    answer(await put(community, before and wecom.url(before)))
    place_id = await place("wss")
    read_at = (await community.get(PATH, place_id=place_id))["changed_at"]
    now = answer(await put(street, meanwhile and wecom.url(meanwhile)))
    body = {"url": asked and wecom.url(asked), "changed_at": read_at}
    refused = await community.ask("PUT", PATH, json=body, params={"place_id": place_id})
    if asked is None and meanwhile is None:  # it is so already
        answer(refused)
    else:
        assert problem(refused, 409)["detail"] == "万寿山社区的群机器人刚刚有人改过，请看最新情况再改"
    assert wecom.texts("3") == []
    assert (await community.get(PATH, place_id=place_id))["address"] == now["address"]


async def test_a_robot_that_is_as_it_was_read_is_changed(people_of: Everybody, wecom: Wecom) -> None:
    (community,) = await people_of("community")
    place_id = await place("wss")
    for url in (wecom.url("1"), wecom.url("2"), None, wecom.url("3")):
        read_at = (await community.get(PATH, place_id=place_id))["changed_at"]
        body = {"url": url, "changed_at": read_at}
        changed = answer(await community.ask("PUT", PATH, json=body, params={"place_id": place_id}))
        assert changed["active"] is (url is not None)


async def test_a_robot_wecom_does_not_know_is_refused(people_of: Everybody, wecom: Wecom) -> None:
    (community,) = await people_of("community")
    said = problem(await put(community, wecom.url("9")), 422)
    assert said["errors"] == [
        {"pointer": "/url", "detail": "企业微信说没有这个机器人，请在群里重新复制它的地址"}
    ]
    assert await db.fetch("SELECT FROM robot") == []


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'{"errcode": "x"}', b"0" * 100_000])
async def test_without_an_answer_it_is_set_and_says_so(
    people_of: Everybody, wecom: Wecom, body: bytes
) -> None:
    (community,) = await people_of("community")
    wecom.says(body)
    assert answer(await put(community, wecom.url("1")))["greeted"] is False
    assert (await community.get(PATH, place_id=await place("wss")))["active"] is True


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4-97a0-0ec2a1b2c3d4",
        "http://127.0.0.1:1/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4-97a0-0ec2a1b2c3d4&x=1",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "",
        "x" * 301,
        5,
        [],
    ],
)
async def test_any_other_address_is_refused(people_of: Everybody, wecom: Wecom, url: Any) -> None:
    (community,) = await people_of("community")
    said = problem(await put(community, url), 422)
    assert said["errors"][0]["pointer"] == "/url"
    assert wecom.asked == 0


# Who may set whose: the persona, the code of a place or the organisation, the status.
ALLOWED: Final = [
    ("grid_head", "wss-g4", 200),
    ("deputy", "wss-g4", 200),
    ("member", "wss-g4", 403),
    ("other_grid_head", "wss-g4", 403),
    ("grid_head", "wss", 403),
    ("community", "wss-g4", 200),
    ("community", "wss", 200),
    ("community", "rh", 403),
    ("other_community", "wss", 404),
    ("street", "wss", 200),
    ("resident", "wss", 403),
    ("auditor", "wss", 403),
    ("property", "company", 200),
    ("other_property", "company", 404),
    ("community", "company", 403),
    ("community", "wss-944-4", 422),
    ("community", "both", 422),
    ("community", "neither", 422),
    ("community", "made up", 404),
]


@pytest.mark.parametrize(("persona", "whose", "status"), ALLOWED)
async def test_who_sets_whose(people_of: Everybody, persona: str, whose: str, status: int) -> None:
    (person,) = await people_of(persona)
    street = await db.fetchrow("SELECT id::text FROM place WHERE level = 'street'")
    assert street
    query = {
        "company": {"organisation_id": await company()},
        "both": {"place_id": await place("wss"), "organisation_id": await company()},
        "neither": {"place_id": ""},
        "made up": {"place_id": MADE_UP},
        "rh": {"place_id": street["id"]},
    }.get(whose) or {"place_id": await place(whose)}
    assert (await put(person, None, **query)).status_code == status
    assert (await person.ask("GET", PATH, params=query)).status_code == status


async def test_nobody_sets_none(http: httpx.AsyncClient) -> None:
    problem(await http.get(f"{API}{PATH}", params={"place_id": MADE_UP}), 401)
