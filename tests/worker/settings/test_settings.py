"""A change of settings reaches every open ticket though its process dies, and every process though it remembers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from app import clock, db, process_state
from app.services import imports
from app.services.outbox import jobs
from app.services.setup import catalogue
from app.services.tickets.clocks.recompute import RECOMPUTE_GRACE, recompute
from tests import world
from tests.office_settings import LONG, SHORT, dues, put, rubbish, try_to_put
from tests.world import Arriving, id_of_code, run_jobs


async def left() -> list[Any]:
    return await db.fetch("SELECT * FROM job WHERE kind = 'recompute'")


async def committed() -> None:
    """Wait until a change is written, and what is left to do with it."""
    for _ in range(500):
        if await left():
            return
        await asyncio.sleep(0.01)
    pytest.fail("nothing was written")


@asynccontextmanager
async def held(ticket: Any) -> AsyncIterator[None]:
    """Keep a ticket's row from being written by anybody else."""
    async with db.transaction() as session:
        connection = await session.connection()
        await connection.execute(
            sa.text("SELECT FROM ticket WHERE id = :id FOR UPDATE"), {"id": ticket["id"]}
        )
        yield


async def killed(task: asyncio.Task[Any]) -> None:
    """End a process in the middle, and its statement: the server may be asked to cancel it before it has begun."""
    task.cancel()
    await asyncio.wait({task})
    for _ in range(500):
        if not await db.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        ):
            return
        await asyncio.sleep(0.01)
    pytest.fail("its statement goes on")


async def test_the_worker_finishes_what_a_process_that_died_has_begun(on: Arriving) -> None:
    """The change is committed; the process dies while it recomputes, and its statement with it."""
    resident, community = await on("resident", "community")
    ticket = await rubbish(resident)
    await run_jobs()
    async with held(ticket):
        dying = asyncio.create_task(try_to_put(community, "frames", LONG))
        await committed()
        await killed(dying)
    assert await dues(resident, ticket, "resolve") == ["03-04 15:50"]
    await jobs.clamp_jobs()
    assert await jobs.run_due() == 0  # it might still be at it
    clock.travel(RECOMPUTE_GRACE)
    await run_jobs()
    assert await dues(resident, ticket, "resolve") == ["03-04 14:50"]
    assert await left() == []


async def test_who_is_slow_and_the_worker_may_both_do_it(on: Arriving) -> None:
    resident, community = await on("resident", "community")
    tickets = [await rubbish(resident) for _ in range(3)]
    await run_jobs()
    async with held(tickets[1]):
        slow = asyncio.create_task(try_to_put(community, "frames", LONG))
        await committed()
        clock.travel(RECOMPUTE_GRACE)
        helping = asyncio.create_task(run_jobs())
        await asyncio.sleep(0.1)
    await helping
    world.answer(await slow)
    for ticket in tickets:
        assert await dues(resident, ticket, "resolve") == ["03-04 14:50"]
    rows = await db.fetch("SELECT version, seq FROM ticket")
    assert {(row["version"], row["seq"]) for row in rows} == {(2, 1)}  # moved once
    assert await left() == []


async def test_an_import_that_died_is_finished_too(on: Arriving, tmp_path: Path) -> None:
    (resident,) = await on("resident")
    ticket = await rubbish(resident)
    await run_jobs()
    file = tmp_path / "calendar.csv"
    file.write_text("date,kind,name,source\n2026-03-04,holiday,试,试\n", "utf-8")
    async with held(ticket):
        dying = asyncio.create_task(imports.load_files([file]))
        await committed()
        await killed(dying)
    clock.travel(RECOMPUTE_GRACE)
    await run_jobs()
    assert await dues(resident, ticket, "accept", "resolve") == ["03-05 10:30", "03-05 14:30"]
    assert await left() == []


async def test_what_is_left_goes_on_beside_events(on: Arriving) -> None:
    """A batch with both kinds of jobs, one place changed twice: everything is done, and once."""
    (resident,) = await on("resident")
    ticket = await rubbish(resident)
    for own in (LONG, SHORT):
        await said_elsewhere("frames", own)
        await db.fetch(
            "INSERT INTO job (id, kind, due_at, payload, attempts) VALUES (gen_random_uuid(), 'recompute', $1, $2::jsonb, 1)",
            clock.now(),
            json.dumps({"place": await id_of_code("wss")}),
        )
    await run_jobs()
    assert await dues(resident, ticket, "resolve") == ["03-05 16:00"]
    assert await db.fetch("SELECT FROM job") == []


async def said_elsewhere(noun: str, own: Any, code: str = "wss") -> None:
    """Write a setting as another process does, behind the back of this one."""
    await db.fetch(
        "INSERT INTO setting (place_id, noun, version, own, changed_at) VALUES ($1, $2, 1, $3::jsonb, $4) "
        "ON CONFLICT (place_id, noun) DO UPDATE SET own = excluded.own, version = setting.version + 1",
        *(await id_of_code(code), noun, json.dumps(own), clock.now()),
    )
    await db.fetch("UPDATE setup SET version = version + 1")


async def test_what_another_process_has_changed_counts_from_the_next_request(on: Arriving) -> None:
    resident, head, community = await on("resident", "grid_head", "community")
    ticket = await rubbish(resident)  # this process remembers now
    await said_elsewhere("categories", [{"code": "garbage", "acknowledge_minutes": 30}])
    assert await dues(head, await head.dispatch(ticket), "acknowledge") == ["03-04 11:50"]
    await recompute()
    assert await dues(head, ticket, "acknowledge") == ["03-04 10:20"]
    await said_elsewhere("frames", SHORT)
    assert await dues(resident, await rubbish(resident), "accept") == ["03-04 16:00"]
    assert (await community.get("/settings/frames", place_id=await id_of_code("wss")))["frames"] == SHORT


async def test_places_that_say_nothing_share_one_rulebook(on: Arriving) -> None:
    """Looking up what counts at a place stays a look-up, however many places there are."""
    _, community = await on("resident", "community")
    await put(community, "frames", LONG)
    known = await catalogue.current_catalogue()
    street, own, others = (
        await id_of_code("rh"),
        await id_of_code("wss"),
        (await id_of_code("bl"), await id_of_code("qx")),
    )
    one, other = (known.rules((UUID(street), UUID(place))) for place in others)
    assert one is other is known.rules(())
    mine = known.rules((UUID(street), UUID(own)))
    assert mine is known.rules((UUID(street), UUID(own), UUID(await id_of_code("wss-944"))))
    assert mine.calendar.minutes_a_day == 480


async def test_of_many_who_find_the_catalogue_old_one_reads_it_for_all(street: None) -> None:
    process_state.forget_all()
    known = await asyncio.gather(*(catalogue.cached_catalogue() for _ in range(20)))
    assert len({id(one) for one in known}) == 1
