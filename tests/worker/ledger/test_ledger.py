"""The ledger: every act one link, whatever is tampered with is found and named, the database itself refuses."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app import clock, db
from app.services.ledger import verify
from app.services.outbox import jobs
from app.services.tickets.clocks import timers
from tests.world import Everybody, run_jobs

Ticket = Mapping[str, Any]


async def broken() -> str | None:
    """Return what verifying says is broken."""
    return (await verify.verify_ledger()).broken


async def tamper(*statements: str) -> None:
    """Change what cannot be changed, as somebody who owns the database could."""
    body = "; ".join(statements)
    await db.fetch(f"DO $$ BEGIN SET LOCAL session_replication_role = replica; {body}; END $$")


@pytest.fixture
async def story(people_of: Everybody) -> dict[str, Any]:
    """Two tickets with some history, sealed in several batches: the first of seven links, the second of two."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await resident.report()
    await head.act("accept", ticket)
    await run_jobs()
    await head.act("comment", ticket, text="钥匙在门卫处", internal=True)
    await head.dispatch(ticket)
    await company.act("take", ticket)
    await run_jobs()
    await company.act("resolve", ticket, outcome="explained", text="线路检修，今晚恢复")
    closed = await resident.act("confirm", ticket, verdict="solved", rating=5, text="谢谢")
    other = await resident.report(description="还有一盏也不亮")
    await resident.act("comment", other, text="五楼")
    await run_jobs()
    return {"closed": closed, "id": f"'{ticket['id']}'", "no": ticket["no"], "other": other}


async def test_a_busy_story_is_whole(story: dict[str, Any], people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    await asyncio.gather(*(resident.try_to("comment", story["other"], text=f"第{n}句") for n in range(5)))
    await head.act("reopen", story["closed"], text="又不亮了")
    clock.travel(timedelta(days=2))
    while await timers.sweep_timers():
        pass
    await run_jobs()
    verdict = await verify.verify_ledger()
    events, tickets = await db.fetch("SELECT FROM event"), await db.fetch("SELECT FROM ticket")
    assert (verdict.broken, verdict.tickets, verdict.events) == (None, len(tickets), len(events))
    assert verdict.seals >= 3


async def test_links_that_wait_for_their_seal_are_whole(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    await resident.report()
    verdict = await verify.verify_ledger()
    assert (verdict.broken, verdict.events, verdict.seals) == (None, 1, 0)


async def test_an_empty_ledger_is_whole(street: None) -> None:
    assert await verify.verify_ledger() == verify.Verdict()


async def test_verifying_while_people_write_finds_nothing_wrong(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")

    async def write() -> None:
        for _ in range(8):
            ticket = await resident.report()
            await resident.try_to("comment", ticket, text="在吗")
            await jobs.run_due()

    writing = asyncio.create_task(write())
    while not writing.done():
        assert await broken() is None
    await writing


# What is done to the first ticket of the story, and what verifying says of it.
TAMPERING = {
    "data": (
        """UPDATE event SET data = '{{"level":3}}' WHERE ticket_id = {id} AND seq = 2""",
        "{no} 第 2 条记录被改动过",
    ),
    "part": (
        "UPDATE event SET part = 'above' WHERE ticket_id = {id} AND seq = 2",
        "{no} 第 2 条记录被改动过",
    ),
    "time": (
        "UPDATE event SET at = at - interval '1 us' WHERE ticket_id = {id} AND seq = 4",
        "{no} 第 4 条记录被改动过",
    ),
    "person": (
        "UPDATE event SET person_id = NULL WHERE ticket_id = {id} AND seq = 2",
        "{no} 第 2 条记录被改动过",
    ),
    "type": (
        "UPDATE event SET type = 'ticket.rejected' WHERE ticket_id = {id} AND seq = 2",
        "{no} 第 2 条记录被改动过",
    ),
    "hash": (
        "UPDATE event SET hash = sha256('') WHERE ticket_id = {id} AND seq = 2",
        "{no} 第 2 条记录被改动过",
    ),
    "words": (
        "UPDATE remark SET text = '别的话' WHERE ticket_id = {id} AND seq = 3",
        "{no} 第 3 条记录的文字被改动过",
    ),
    "added words": (
        "INSERT INTO remark (ticket_id, seq, text, salt) VALUES ({id}, 2, '没说过的话', '')",
        "{no} 第 2 条记录的文字被改动过",
    ),
    "first event gone": ("DELETE FROM event WHERE ticket_id = {id} AND seq = 1", "{no} 缺少第 1 条记录"),
    "middle event gone": ("DELETE FROM event WHERE ticket_id = {id} AND seq = 3", "{no} 缺少第 3 条记录"),
    "last event gone": ("DELETE FROM event WHERE ticket_id = {id} AND seq = 7", "{no} 的记录到第 6 条为止"),
    "all events gone": ("DELETE FROM event WHERE ticket_id = {id}", "{no} 的记录到第 0 条为止"),
    "events in another order": (
        "UPDATE event SET seq = 9 - seq WHERE ticket_id = {id} AND seq IN (4, 5)",
        "{no} 第 4 条记录被改动过",
    ),
    "head": ("UPDATE ticket SET head = sha256('') WHERE id = {id}", "{no} 的记录到第 7 条为止"),
    "count": ("UPDATE ticket SET seq = 8 WHERE id = {id}", "工单上记的是第 8 条"),
    "tail gone, ticket made to match": (
        """DELETE FROM event WHERE ticket_id = {id} AND seq = 7;
        UPDATE ticket SET seq = 6, head = (SELECT hash FROM event WHERE ticket_id = {id} AND seq = 6)
        WHERE id = {id}""",
        "第 7 条记录已封存，但被删除或改动过",
    ),
    "ticket gone with all it had": (
        """DELETE FROM event WHERE ticket_id = {id}; DELETE FROM remark WHERE ticket_id = {id};
        DELETE FROM notice WHERE ticket_id = {id}; DELETE FROM ticket WHERE id = {id}""",
        "第 1 条记录已封存，但被删除或改动过",
    ),
    "ticket gone alone": ("DELETE FROM ticket WHERE id = {id}", "第 1 条记录没有工单"),
    "seal": ("UPDATE seal SET hash = sha256('') WHERE id = 2", "第 2 次封存被改动过"),
    "first seal gone": ("DELETE FROM seal WHERE id = 1", "缺少第 1 次封存"),
    "middle seal gone": ("DELETE FROM seal WHERE id = 2", "缺少第 2 次封存"),
    "last seal gone": ("DELETE FROM seal WHERE id = 3", "没有封存"),
    "last seal gone with its heads": (
        "DELETE FROM seal WHERE id = 3; DELETE FROM sealed_head WHERE seal_id = 3",
        "没有封存",
    ),
    "all seals gone": ("DELETE FROM seal", "没有封存"),
    "seals in another order": (
        "UPDATE seal s SET hash = o.hash FROM seal o WHERE s.id IN (2, 3) AND o.id = 5 - s.id",
        "第 2 次封存被改动过",
    ),
    "sealed head gone": (
        "DELETE FROM sealed_head WHERE ticket_id = {id} AND seq = 2",
        "第 1 次封存被改动过",
    ),
    "sealed head in another batch": (
        "UPDATE sealed_head SET seal_id = 3 WHERE ticket_id = {id} AND seq = 1",
        "第 1 次封存被改动过",
    ),
    "sealed head": (
        "UPDATE sealed_head SET hash = sha256('') WHERE ticket_id = {id} AND seq = 1",
        "第 1 条记录已封存，但被删除或改动过",
    ),
}


@pytest.mark.parametrize("what", TAMPERING)
async def test_tampering_is_found_and_named(what: str, story: dict[str, Any]) -> None:
    tampering, said = TAMPERING[what]
    assert await broken() is None
    await tamper(tampering.format(**story))
    found = await broken()
    assert found is not None
    assert said.format(**story) in found


async def test_a_forged_chain_that_holds_in_itself_breaks_at_its_seal(story: dict[str, Any]) -> None:
    """Somebody who writes the last link anew, hash and ticket and all, still has the seal against them."""
    forged = "sha256((SELECT hash FROM event WHERE ticket_id = {id} AND seq = 6) || convert_to(said, 'UTF8'))"
    body = (
        "SELECT concat_ws('|', ticket_id, seq, (extract(epoch FROM at) * 1000000)::bigint, type, part, "
        "coalesce(person_id::text, '-'), coalesce(post_id::text, '-'), coalesce(organisation_id::text, '-'), "
        """'{{"rating":1,"verdict":"solved"}}') AS said FROM event WHERE ticket_id = {id} AND seq = 7"""
    )
    await tamper(
        "DELETE FROM remark WHERE ticket_id = {id} AND seq = 7".format(**story),
        f"UPDATE event SET hash = {forged} FROM ({body}) b WHERE ticket_id = {{id}} AND seq = 7".format(
            **story
        ),
        """UPDATE event SET data = '{{"rating":1,"verdict":"solved"}}' WHERE ticket_id = {id} AND seq = 7""".format(
            **story
        ),
        "UPDATE ticket SET head = (SELECT hash FROM event WHERE ticket_id = {id} AND seq = 7) WHERE id = {id}".format(
            **story
        ),
    )
    assert "第 7 条记录已封存，但被删除或改动过" in str(await broken())


async def test_erased_words_leave_the_ledger_whole(story: dict[str, Any]) -> None:
    await db.fetch("UPDATE remark SET text = NULL")
    assert await broken() is None


async def test_the_words_are_not_in_the_events(story: dict[str, Any]) -> None:
    rows = await db.fetch("SELECT data::text FROM event")
    assert not [row for row in rows if "钥匙" in row["data"] or "谢谢" in row["data"]]


@pytest.mark.parametrize("partition", ["", "_{:%Y_%m}", "_default"])
@pytest.mark.parametrize("table", ["event", "audit"])
async def test_the_database_refuses_to_change_what_has_happened(
    table: str, partition: str, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    await resident.report()
    await db.fetch(f"INSERT INTO {table} SELECT (jsonb_populate_record(t, '{FAR}')).* FROM {table} t LIMIT 1")
    await refuses(table + partition.format(clock.now()), "type")


@pytest.mark.parametrize("table", ["seal", "sealed_head"])
async def test_the_database_refuses_to_change_a_seal(table: str, people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    await resident.report()
    await run_jobs()
    await refuses(table, "hash")


FAR = '{"at": "2125-01-01T00:00:00Z"}'  # no month is prepared for it: it lands in the default partition


async def refuses(table: str, column: str) -> None:
    before = await db.fetch(f"SELECT * FROM {table}")
    assert before, "nothing there to refuse"
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await db.fetch(statement)
    assert await db.fetch(f"SELECT * FROM {table}") == before


async def test_every_act_writes_one_event_and_the_sequence_has_no_gap(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    acts = [
        (resident, "edit", {"description": "三楼楼道灯不亮"}),
        (resident, "urge", {}),
        (head, "accept", {}),
        (head, "comment", {"text": "今晚来修"}),
        (head, "escalate", {"reason": "缺材料"}),
    ]
    for count, (who, action, said) in enumerate(acts, 2):
        await who.act(action, ticket, **said)
        rows = await db.fetch("SELECT seq FROM event WHERE ticket_id = $1 ORDER BY seq", UUID(ticket["id"]))
        assert [row["seq"] for row in rows] == list(range(1, count + 1)), action


async def test_a_refused_act_writes_nothing(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    assert (await head.try_to("resolve", ticket, outcome="fixed", text="好了")).status_code == 409
    assert (await head.try_to("accept", {**ticket, "version": 99})).status_code == 409
    assert (await resident.try_to("accept", ticket)).status_code == 403
    assert len(await db.fetch("SELECT FROM event")) == 1


async def test_simultaneous_words_each_get_a_link_of_their_own(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    said = await asyncio.gather(
        *(who.try_to("comment", ticket, text="收到") for who in (resident, head) for _ in range(2))
    )
    assert {answer.status_code for answer in said} == {200}
    rows = await db.fetch("SELECT seq FROM event ORDER BY seq")
    assert [row["seq"] for row in rows] == [1, 2, 3, 4, 5]
    assert await broken() is None
