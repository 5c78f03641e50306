"""The in-app inbox: one's own, newest first, in sentences people understand."""

import asyncio
from typing import Any

import httpx
import pytest

from app import db
from app.labels import EVENT
from app.services.notices.sentences import SENTENCES
from tests.world import API, MADE_UP, Everybody, Person, answer, problem, run_jobs


async def inbox(somebody: Person, **params: Any) -> Any:
    return await somebody.get("/notices", **params)


async def read(somebody: Person, body: Any) -> httpx.Response:
    return await somebody.ask("POST", "/notices/read", json=body)


async def test_the_reporter_reads_what_became_of_the_report(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await head.act("accept", ticket)
    await run_jobs()
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
    await run_jobs()
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
    await run_jobs()
    assert "居民" not in str(await inbox(head))


async def test_pages_are_newest_first_and_skip_nothing(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    for _ in range(5):
        await resident.report()
        await run_jobs()
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
    await run_jobs()
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
    await run_jobs()
    answer(await read(head, {"all": True}))
    before = await db.fetch("SELECT read_at FROM notice")
    for answered in await asyncio.gather(*(read(head, {"all": True}) for _ in range(3))):
        assert answer(answered) == {"unread": 0}
    assert await db.fetch("SELECT read_at FROM notice") == before


async def test_nobody_reads_or_marks_what_is_not_theirs(people_of: Everybody) -> None:
    resident, head, stranger = await people_of("resident", "grid_head", "other_grid_head")
    await resident.report()
    await run_jobs()
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


# Who acts on a ticket has read what its notices say.


async def unread(somebody: Person) -> list[str]:
    return [notice["type"] for notice in (await inbox(somebody, unread=True))["items"]]


async def test_a_notice_is_read_once_its_reader_has_acted_on_the_ticket(people_of: Everybody) -> None:
    resident, head, deputy = await people_of("resident", "grid_head", "deputy")
    ticket, other = await resident.report(), await resident.report()
    await resident.act("urge", ticket)
    await run_jobs()
    assert sorted(await unread(head)) == ["ticket.submitted", "ticket.submitted", "ticket.urged"]
    await head.act("accept", ticket)
    page = await inbox(head)
    assert page["unread"] == 1
    assert {one["ticket_id"] for one in page["items"] if not one["read"]} == {other["id"]}
    await deputy.act("comment", other, text="我去看看")
    assert await unread(head) == ["ticket.submitted"]  # somebody else's act is not theirs


async def test_a_notice_that_comes_after_the_act_is_read_already(people_of: Everybody) -> None:
    """The worker was behind: the head accepts what they have not been told of yet."""
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await head.act("accept", ticket)
    await resident.act("comment", ticket, text="谢谢")
    await run_jobs()
    assert await unread(head) == ["ticket.commented"]
    assert [one["read"] for one in (await inbox(head))["items"]] == [False, True]


async def test_an_act_that_is_refused_reads_nothing(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await run_jobs()
    problem(await head.try_to("accept", ticket | {"version": 99}), 409)
    assert await unread(head) == ["ticket.submitted"]


# Dangers.


async def test_unread_dangers_come_first_when_asked_for_page_by_page(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    dangers = [await resident.report(category="gas_leak") for _ in range(3)]
    for _ in range(3):
        await resident.report()
    await run_jobs()
    newest = (await inbox(head))["items"]
    assert [one["danger"] for one in newest] == [False] * 3 + [True] * 3
    assert (await inbox(head, order="danger"))["items"] == newest[3:] + newest[:3]
    for limit in (1, 2, 4, 5):
        found, cursor = list[Any](), dict[str, str]()
        while True:
            page = await inbox(head, order="danger", limit=limit, **cursor)
            found += page["items"]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert found == newest[3:] + newest[:3]
    answer(await read(head, {"ids": [newest[3]["id"]]}))
    await head.act("accept", dangers[0])
    await head.resolve(dangers[0])
    after = (await inbox(head, order="danger"))["items"]
    assert [one["id"] for one in after[:2]] == [newest[4]["id"], newest[0]["id"]]
    problem(await head.ask("GET", "/notices", params={"order": "danger", "cursor": "!x"}), 422)


def test_every_event_has_its_two_sentences() -> None:
    assert set(SENTENCES) == set(EVENT)
    assert all("{what}" in said for both in SENTENCES.values() for said in both)
