"""Who follows the changes of tickets meets every one, whatever commits in whatever order, and only their own scope."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app import db
from app.services import ledger
from app.services.tickets.lists import changes_feed
from tests.world import Everybody, Person, problem

Page = dict[str, Any]


async def page(person: Person, cursor: str = "", **params: Any) -> Page:
    answer: Page = await person.get("/tickets", updated_cursor=cursor, **params)
    return answer


async def everything(person: Person, cursor: str = "", **params: Any) -> tuple[list[str], str]:
    """Follow a feed to its end; return the tickets met and where to go on later."""
    met: list[str] = []
    while True:
        answer = await page(person, cursor, **params)
        met += [ticket["id"] for ticket in answer["items"]]
        if answer["next"] is None:
            return met, answer["updated_cursor"]
        cursor = answer["next"]


async def test_the_oldest_change_comes_first_and_only_what_changed_comes_again(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    made = [(await resident.report())["id"] for _ in range(5)]
    met, cursor = await everything(head, limit=2)
    assert met == made
    assert await everything(head, cursor) == ([], cursor)
    await head.act("accept", {"id": made[1]})
    await resident.act("withdraw", {"id": made[0]})
    met, cursor = await everything(head, cursor)
    assert met == [made[1], made[0]]  # the closed one too: without `box` it is everything in scope
    assert (await everything(head, cursor))[0] == []


async def test_an_older_transaction_that_commits_later_is_not_skipped(
    people_of: Everybody, database: str
) -> None:
    """The trap: a reader goes past a number that is not committed yet, and never comes back for it."""
    resident, head = await people_of("resident", "grid_head")
    slow, quick = [(await resident.report())["id"] for _ in range(2)]
    _, cursor = await everything(head)
    connection = await asyncpg.connect(database)
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "UPDATE ticket SET changed_tx = pg_current_xact_id()::text::bigint WHERE id = $1", UUID(slow)
        )
        await head.act("accept", {"id": quick})  # begins later, commits earlier
        met, cursor = await everything(head, cursor)
        assert met == []  # held back until what came before it is there
        await transaction.commit()
    finally:
        await connection.close()
    met, cursor = await everything(head, cursor)
    assert met == [slow, quick]


async def test_nothing_is_skipped_while_many_write(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    made: set[str] = set()
    met: list[str] = []
    cursor, done = "", asyncio.Event()

    async def write() -> None:
        for _ in range(4):
            made.add((await resident.report())["id"])

    async def follow() -> None:
        nonlocal cursor
        while not done.is_set():
            more, cursor = await everything(head, cursor, limit=3)
            met.extend(more)

    following = asyncio.create_task(follow())
    await asyncio.gather(*(write() for _ in range(4)))
    done.set()
    await following
    met += (await everything(head, cursor))[0]
    assert set(met) == made
    assert len(met) == len(made)


async def test_the_feed_stays_inside_ones_scope(people_of: Everybody) -> None:
    resident, neighbour, head, stranger, company = await people_of(
        "resident", "neighbour", "grid_head", "other_grid_head", "property"
    )
    ticket = await resident.report()
    for outside in (neighbour, stranger, company):
        assert (await everything(outside))[0] == []
    assert (await everything(resident))[0] == [ticket["id"]]
    _, cursor = await everything(company)
    await head.dispatch(ticket)
    assert (await everything(company, cursor))[0] == [ticket["id"]]
    assert (await everything(head, box="inbox", status="new"))[0] == []
    assert (await everything(head, box="inbox", status="dispatched"))[0] == [ticket["id"]]


async def test_a_small_scope_among_many_others_is_reached_page_by_page(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes_feed, "WINDOW", 2)
    monkeypatch.setattr(changes_feed, "WINDOWS", 2)
    resident, neighbour = await people_of("resident", "neighbour")
    for _ in range(9):
        await resident.report()
    own = await neighbour.report()
    first = await page(neighbour)
    assert (first["items"], first["next"]) == ([], first["updated_cursor"])
    assert (await everything(neighbour))[0] == [own["id"]]


async def test_after_a_restore_into_a_younger_cluster_everything_comes_again(people_of: Everybody) -> None:
    """Numbers of another cluster's transactions lie in this one's future."""
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    _, cursor = await everything(head)
    await db.fetch("UPDATE ticket SET changed_tx = changed_tx + 1000000000")
    assert (await everything(head, cursor))[0] == []
    await ledger.repair_feed()
    assert (await everything(head, cursor))[0] == [ticket["id"]]
    before = await db.fetchrow("SELECT feed FROM setup")
    await ledger.repair_feed()
    assert await db.fetchrow("SELECT feed FROM setup") == before


async def test_a_timers_act_is_a_change_and_setting_its_alarm_is_none(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    _, cursor = await everything(head)
    row = await db.fetchrow("SELECT id, seq, version, timer_at FROM ticket")
    assert row is not None
    await ledger.set_timers([(row["id"], row["seq"], row["version"], row["timer_at"])])
    assert (await everything(head, cursor))[0] == []
    await head.act("comment", ticket, text="在路上")
    assert (await everything(head, cursor))[0] == [ticket["id"]]


@pytest.mark.parametrize(
    "cursor", ["x", "1.2", "1.2.3", "1.2.zz", "1.-2." + "0" * 32, "1." + "f" * 20 + "." + "0" * 32, "9" * 201]
)
async def test_a_made_up_position_is_422(cursor: str, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    said = problem(await head.ask("GET", "/tickets", params={"updated_cursor": cursor}), 422, "invalid")
    assert [error["pointer"] for error in said["errors"]] == ["/updated_cursor"]


@pytest.mark.parametrize(("also", "pointer"), [({"cursor": "x"}, "/cursor"), ({"q": "灯"}, "/q")])
async def test_one_order_at_a_time(also: dict[str, str], pointer: str, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    said = problem(await head.ask("GET", "/tickets", params={"updated_cursor": ""} | also), 422, "invalid")
    assert [error["pointer"] for error in said["errors"]] == [pointer]
