"""The outbox: nothing is lost with its worker, nothing stops the others, everybody concerned is told once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app import clock, db, ids, worker
from app.errors import Unavailable
from app.services.outbox import jobs
from app.services.tickets.clocks import timers
from tests import world
from tests.world import Everybody, run_jobs

Ticket = Mapping[str, Any]
Step = Callable[[], Awaitable[Any]]


async def waiting() -> list[dict[str, Any]]:
    """Return the jobs not done."""
    return [dict(row) for row in await db.fetch("SELECT * FROM job ORDER BY ticket_id, seq")]


async def told() -> dict[str, set[str]]:
    """Do what is due and return who was told of what since the last time, by persona."""
    await run_jobs()
    rows = await db.fetch(
        "WITH seen AS (DELETE FROM notice RETURNING person_id, type) "
        "SELECT type, demo FROM seen JOIN person p ON p.id = person_id WHERE demo IS NOT NULL"
    )
    found = dict[str, set[str]]()
    for row in rows:
        found.setdefault(row["type"].removeprefix("ticket."), set()).add(row["demo"])
    return found


async def notices() -> int:
    return len(await db.fetch("SELECT FROM notice"))


@pytest.fixture
async def ticket(http: httpx.AsyncClient) -> dict[str, Any]:
    """A stair light reported in the fourth grid; its first event waits to be followed."""
    return await (await world.sign_in(http, "resident")).report()


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    async def fail(_: Any) -> None:
        raise error

    monkeypatch.setitem(jobs.HANDLERS, "event", fail)


async def forged_event(ticket: Ticket, data: str) -> None:
    """Write an event nobody can follow, with its job."""
    await db.fetch(
        "INSERT INTO event (ticket_id, seq, at, type, part, data, hash) "
        "VALUES ($1, 2, $2, 'ticket.recalled', 'timer', $3::json, '')",
        *(UUID(ticket["id"]), clock.now(), data),
    )
    await db.fetch(
        "INSERT INTO job (id, kind, ticket_id, seq, due_at) VALUES ($1, 'event', $2, 2, $3)",
        *(ids.new(), UUID(ticket["id"]), clock.now()),
    )


async def test_every_act_leaves_one_job_that_is_gone_when_done(ticket: Ticket) -> None:
    assert [(job["ticket_id"], job["seq"]) for job in await waiting()] == [(UUID(ticket["id"]), 1)]
    assert await jobs.run_due() == 1
    assert await waiting() == []
    assert await jobs.run_due() == 0


async def test_the_jobs_of_a_dead_worker_come_back_when_the_lease_ends(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        failing(dying, asyncio.CancelledError())
        with pytest.raises(asyncio.CancelledError):
            await jobs.run_due()
    clock.travel(jobs.LEASE - timedelta(seconds=5))
    assert await jobs.run_due() == 0
    clock.travel(timedelta(seconds=5))
    assert await jobs.run_due() == 1
    assert await waiting() == []
    assert await told() == {"submitted": {"grid_head"}}


async def test_a_worker_slower_than_its_lease_does_nothing_twice(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow = jobs.HANDLERS["event"]

    async def slow(batch: Any) -> None:
        monkeypatch.setitem(jobs.HANDLERS, "event", follow)
        clock.travel(jobs.LEASE)
        assert await jobs.run_due() == 1  # another worker takes it over
        await follow(batch)

    monkeypatch.setitem(jobs.HANDLERS, "event", slow)
    assert await jobs.run_due() == 1
    assert await waiting() == []
    assert await notices() == 1
    assert len(await db.fetch("SELECT FROM seal")) == 1


async def test_many_workers_at_the_same_time_do_everything_once(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    tickets = [await resident.report() for _ in range(12)]
    while sum(await asyncio.gather(*(jobs.run_due() for _ in range(6)))):
        pass
    assert await waiting() == []
    assert await notices() == len(tickets)
    assert len(await db.fetch("SELECT FROM sealed_head")) == len(tickets)


async def test_a_job_that_fails_waits_longer_each_time_and_is_given_up(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, ValueError("out of order"))
    for attempt, wait in enumerate(jobs.BACKOFF, 1):
        assert await jobs.run_due() == 1
        (job,) = await waiting()
        assert job["attempts"] == attempt
        assert abs(job["due_at"] - clock.now() - wait) < timedelta(seconds=0.5)
        assert job["dead_at"] is None
        clock.travel(wait)
    assert await jobs.run_due() == 1
    (job,) = await waiting()
    assert job["dead_at"] is not None
    assert job["error"] == "ValueError()"  # not its message: that may quote what somebody wrote
    clock.travel(timedelta(days=30))
    assert await jobs.run_due() == 0


async def test_a_job_whose_database_was_away_for_a_moment_is_put_off_by_nothing(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        failing(away, Unavailable())
        assert await jobs.run_due() == 1
    assert await jobs.run_due() == 1
    assert await waiting() == []


async def test_waits_only_grow() -> None:
    assert list(jobs.BACKOFF) == sorted(jobs.BACKOFF)
    assert jobs.BACKOFF[0] > timedelta()


@pytest.mark.parametrize("data", ['{"organisation": "nobody knows"}', "[]"])
async def test_a_poisoned_job_stops_no_other(data: str, people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    poisoned, healthy = await resident.report(), await resident.report()
    await forged_event(poisoned, data)
    assert await jobs.run_due() == 3
    (left,) = await waiting()
    assert (left["ticket_id"], left["seq"], left["attempts"]) == (UUID(poisoned["id"]), 2, 1)
    assert await notices() == 2
    assert healthy["id"] in {
        str(row["ticket_id"]) for row in await db.fetch("SELECT ticket_id FROM sealed_head")
    }


async def test_a_job_without_an_event_is_given_up_like_any_other(ticket: Ticket) -> None:
    await db.fetch(
        "INSERT INTO job (id, kind, ticket_id, seq, due_at) VALUES ($1, 'event', $1, 1, $2)",
        *(ids.new(), clock.now()),
    )
    for wait in (timedelta(), *jobs.BACKOFF):
        clock.travel(wait)
        await jobs.run_due()
    (left,) = await waiting()
    assert left["dead_at"] is not None
    assert await notices() == 1


async def test_an_event_sealed_already_is_not_tried_without_end(ticket: Ticket) -> None:
    await run_jobs()
    await db.fetch(
        "INSERT INTO job (id, kind, ticket_id, seq, due_at) VALUES ($1, 'event', $2, 1, $3)",
        *(ids.new(), UUID(ticket["id"]), clock.now()),
    )
    for _ in range(5):
        if not await jobs.run_due():
            break
    else:
        pytest.fail("the worker turns in a circle")
    assert await notices() == 1


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=2)])
async def test_a_clock_that_jumps_back_does_not_strand_a_job(back: timedelta, ticket: Ticket) -> None:
    clock.travel(-back)
    assert await jobs.run_due() == 0
    await jobs.clamp_jobs()
    assert await jobs.run_due() == 1
    assert await notices() == 1


async def test_a_clock_that_jumps_back_does_not_strand_the_jobs_of_a_dead_worker(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        failing(dying, asyncio.CancelledError())
        with pytest.raises(asyncio.CancelledError):
            await jobs.run_due()
    clock.travel(-timedelta(hours=1))
    await jobs.clamp_jobs()
    clock.travel(jobs.LEASE)
    assert await jobs.run_due() == 1
    assert await waiting() == []


async def test_pulling_in_shortens_no_wait_that_is_meant(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, ValueError())
    for wait in jobs.BACKOFF:
        assert await jobs.run_due() == 1
        before = await waiting()
        await jobs.clamp_jobs()
        assert await waiting() == before
        clock.travel(wait)


async def test_an_act_after_a_clock_jumped_back_is_followed_at_once(
    ticket: Ticket, people_of: Everybody
) -> None:
    (head,) = await people_of("grid_head")
    await run_jobs()
    clock.travel(-timedelta(hours=1))
    await head.act("accept", ticket)
    assert await told() == {"submitted": {"grid_head"}, "accepted": {"resident"}}


async def test_a_notice_is_given_once_however_often_its_job_runs(ticket: Ticket) -> None:
    (job,) = await waiting()
    await run_jobs()
    await db.fetch("DELETE FROM notice")
    assert await jobs.run_due() == 0
    assert job["kind"] == "event"
    assert await notices() == 0


async def test_the_right_persons_hear_of_each_step(people_of: Everybody) -> None:
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    ticket = await resident.report()
    assert await told() == {"submitted": {"grid_head"}}
    await resident.try_to("urge", ticket)
    assert await told() == {"urged": {"grid_head"}}
    await head.act("accept", ticket)
    assert await told() == {"accepted": {"resident"}}
    await head.dispatch(ticket)
    assert await told() == {"dispatched": {"resident", "property"}}
    await company.act("hand_back", ticket, reason="not_our_trade")
    assert await told() == {"handed_back": {"grid_head"}}
    await head.dispatch(ticket)
    await head.act("recall", ticket)
    assert await told() == {"dispatched": {"resident", "property"}, "recalled": {"property"}}
    await head.dispatch(ticket)
    await company.act("take", ticket)
    assert await told() == {"dispatched": {"resident", "property"}, "taken": {"resident", "grid_head"}}
    await company.resolve(ticket)
    assert await told() == {"resolved": {"resident", "grid_head"}}
    await resident.act("reopen", ticket, text="还是不亮")
    assert await told() == {"reopened": {"grid_head"}}
    await head.act("escalate", ticket, reason="要换整条线路")
    assert await told() == {"escalated": {"resident", "community"}}
    await community.resolve(ticket)
    assert await told() == {"resolved": {"resident"}}
    await resident.act("confirm", ticket, verdict="solved")
    assert await told() == {"confirmed": {"community"}}


async def test_the_holder_hears_of_a_withdrawal_and_the_reporter_of_a_refusal(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    await resident.act("withdraw", await resident.report())
    assert (await told())["withdrawn"] == {"grid_head"}
    await head.act("reject", await resident.report(), reason="unclear", text="看不清是哪盏灯")
    assert (await told())["rejected"] == {"resident"}


async def test_words_between_handlers_do_not_reach_the_reporter(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await head.dispatch(ticket)
    await told()
    await head.act("comment", ticket, text="钥匙在门卫处", internal=True)
    assert await told() == {"commented": {"property"}}
    await head.act("comment", ticket, text="师傅在路上")
    assert await told() == {"commented": {"resident", "property"}}
    await resident.act("comment", ticket, text="好的")
    assert await told() == {"commented": {"grid_head", "property"}}


async def test_an_organisation_hears_of_its_recall_though_another_has_the_ticket(
    people_of: Everybody,
) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await head.dispatch(ticket)
    await told()
    await head.act("recall", ticket)
    await head.dispatch(ticket, "城管")
    heard = await told()
    assert heard == {"recalled": {"property"}, "dispatched": {"resident", "department"}}


async def run_for(
    steps: Iterable[tuple[Step, float]], until: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the worker run these steps until one sets `until`, then tell it to stop."""
    monkeypatch.setattr(worker, "_LOOPS", tuple(steps))
    stop = asyncio.Event()
    async with asyncio.timeout(5):
        running = asyncio.create_task(worker.run(stop))
        await until.wait()
        stop.set()
        await running


async def test_the_worker_stops_when_told_however_long_it_meant_to_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked = asyncio.Event()

    async def look() -> None:
        looked.set()

    await run_for([(look, 3600.0)], looked, monkeypatch)


async def test_the_worker_finishes_what_it_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, finished = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.sleep(0.05)
        finished.set()

    await run_for([(work, 3600.0)], begun, monkeypatch)
    assert finished.is_set()


@pytest.mark.parametrize("trouble", [Unavailable(), OSError("gone"), ValueError("a bug")])
async def test_the_worker_survives_trouble_and_tries_again(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, well = [], asyncio.Event()

    async def look() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise trouble
        well.set()

    await run_for([(look, 0.001)], well, monkeypatch)
    assert len(tries) >= 3


async def test_trouble_of_one_kind_of_work_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    well = asyncio.Event()

    async def stuck() -> None:
        await well.wait()

    async def broken() -> None:
        raise Unavailable

    async def look() -> None:
        well.set()

    await run_for([(stuck, 1.0), (broken, 0.001), (look, 1.0)], well, monkeypatch)


async def test_the_worker_does_what_is_due(ticket: Ticket) -> None:
    clock.travel(timedelta(minutes=25))
    stop = asyncio.Event()
    async with asyncio.timeout(10):
        running = asyncio.create_task(worker.run(stop))
        while await notices() < 2:  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)
        stop.set()
        await running
    assert await timers.sweep_timers() == 0
    assert await told() == {"submitted": {"grid_head"}, "reminded": {"grid_head"}}
