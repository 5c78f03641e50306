"""The in-app inbox: one's own, newest first, in sentences people understand."""

import asyncio
from typing import Any

import httpx
import pytest

from app import db
from app.services import jobs
from app.services.notices import SAID
from app.words import EVENT
from tests.world import API, Everybody, Person, answer, problem

MADE_UP = "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"


async def told() -> None:
    """Do what the worker does after acts."""
    while await jobs.run_due():
        pass


async def inbox(somebody: Person, **params: Any) -> Any:
    return await somebody.get("/notices", **params)


async def read(somebody: Person, body: Any) -> httpx.Response:
    return await somebody.ask("POST", "/notices/read", json=body)


async def test_the_reporter_reads_what_became_of_the_report(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await head.act("accept", ticket)
    await told()
    page = await inbox(resident)
    (notice,) = page["items"]
    assert notice["label"] == "您上报的“人和家园944号4单元 楼道灯不亮”已受理，正在处置"
    assert (notice["ticket_id"], notice["no"]) == (ticket["id"], ticket["no"])
    assert (notice["type"], notice["read"]) == ("ticket.accepted", False)
    assert notice["at"].endswith("Z")
    assert (page["unread"], page["next"]) == (1, None)


async def test_who_handles_it_reads_another_sentence(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    await resident.report()
    await told()
    (notice,) = (await inbox(head))["items"]
    assert notice["label"] == "有新的上报待受理：“人和家园944号4单元 楼道灯不亮”"


async def test_a_report_without_an_address_has_its_sentence(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report(place_id=None, position={"lat": 29.7, "lng": 106.6})
    row = await db.fetchrow("SELECT id FROM person WHERE demo = 'community'")
    assert row is not None
    await db.fetch(
        "INSERT INTO notice (id, person_id, ticket_id, seq, type, created_at) "
        "VALUES (gen_random_uuid(), $1, $2, 1, 'ticket.submitted', now())",
        *(row["id"], ticket["id"]),
    )
    (notice,) = (await inbox(community))["items"]
    assert notice["label"] == "有新的上报待受理：“楼道灯不亮”"


async def test_an_anonymous_reporter_stays_unnamed(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    await resident.report(anonymous=True)
    await told()
    assert "居民" not in str(await inbox(head))


async def test_pages_are_newest_first_and_skip_nothing(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    for _ in range(5):
        await resident.report()
        await told()
    whole = (await inbox(head))["items"]
    assert len(whole) == 5
    found, cursor = [], None
    for _ in range(3):
        page = await inbox(head, limit=2, **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        assert page["unread"] == 5
        cursor = page["next"]
    assert cursor is None
    assert found == whole
    assert [one["id"] for one in found] == sorted((one["id"] for one in found), reverse=True)


async def test_what_was_read_is_unread_no_more(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    for _ in range(3):
        await resident.report()
    await told()
    first, *rest = (await inbox(head))["items"]
    assert answer(await read(head, {"ids": [first["id"]]})) == {"unread": 2}
    assert (await inbox(head))["items"][0] == first | {"read": True}
    left = await inbox(head, unread=True)
    assert (left["items"], left["unread"]) == (rest, 2)
    assert answer(await read(head, {"all": True})) == {"unread": 0}
    assert (await inbox(head, unread=True))["items"] == []
    assert len((await inbox(head))["items"]) == 3


async def test_the_time_of_reading_is_the_first(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    await resident.report()
    await told()
    answer(await read(head, {"all": True}))
    before = await db.fetch("SELECT read_at FROM notice")
    for answered in await asyncio.gather(*(read(head, {"all": True}) for _ in range(3))):
        assert answer(answered) == {"unread": 0}
    assert await db.fetch("SELECT read_at FROM notice") == before


async def test_nobody_reads_or_marks_what_is_not_theirs(people_of: Everybody) -> None:
    resident, head, stranger = await people_of("resident", "grid_head", "other_grid_head")
    await resident.report()
    await told()
    (notice,) = (await inbox(head))["items"]
    assert await inbox(stranger) == {"items": [], "next": None, "unread": 0}
    for identifier in (notice["id"], MADE_UP):  # one like the other
        assert answer(await read(stranger, {"ids": [identifier]})) == {"unread": 0}
    assert answer(await read(stranger, {"all": True})) == {"unread": 0}
    assert (await inbox(head))["unread"] == 1


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"ids": []}, {"ids": None}, {"ids": ["x"]}, {"ids": [MADE_UP] * 101}, {"all": False}),
        *({"all": "yes"}, {"all": True, "ids": [MADE_UP]}, {"all": True, "person_id": MADE_UP}),
    ],
)
async def test_what_was_read_must_be_said_clearly(people_of: Everybody, body: Any) -> None:
    (resident,) = await people_of("resident")
    problem(await read(resident, body), 422)


async def test_a_bad_cursor_is_said_so(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    said = problem(await resident.ask("GET", "/notices", params={"cursor": "x"}), 422)
    assert said["errors"][0]["pointer"] == "/cursor"


async def test_nobody_has_no_inbox(http: httpx.AsyncClient) -> None:
    problem(await http.get(f"{API}/notices"), 401)
    problem(await http.post(f"{API}/notices/read", json={"all": True}), 401)


def test_every_event_has_its_two_sentences() -> None:
    assert set(SAID) == set(EVENT)
    assert all("{what}" in said for both in SAID.values() for said in both)
