"""What the timer does and when: each moment once, however many sweep, whichever way the clock jumps. Nothing sleeps."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from app import clock, db
from app.enums import SHANGHAI
from app.services import ledger
from app.services.setup import catalogue
from app.services.tickets.clocks import timers
from tests import world
from tests.timers import go_to, sweep_out, told
from tests.world import Everybody, run_jobs, ticket_row

# 楼道灯不亮, all its clocks day and night, in minutes.
ACCEPT, ACKNOWLEDGE, RESOLVE = 30, 120, 1440
Ticket = Mapping[str, Any]
Done = tuple[str, str, int]  # event, clock, percent


async def done_to(ticket: Ticket) -> list[Done]:
    """Return what the timer did to a ticket, in order."""
    rows = await db.fetch(
        "SELECT type, data FROM event WHERE ticket_id = $1 AND part = 'timer' ORDER BY seq", ticket["id"]
    )
    return [(e["type"].removeprefix("ticket."), e["data"]["clock"], e["data"]["percent"]) for e in rows]


async def comes_at(ticket: Ticket, start: datetime, minutes: float, done: Done) -> None:
    """See that the timer does `done` that many minutes after `start`: not before, and once."""
    before = await done_to(ticket)
    go_to(start + timedelta(minutes=minutes, seconds=-10))
    assert await timers.sweep_timers() == 0, f"{done} came early"
    go_to(start + timedelta(minutes=minutes))
    assert await timers.sweep_timers() == 1, f"{done} did not come"
    assert await done_to(ticket) == [*before, done]
    assert await timers.sweep_timers() == 0, f"something came after {done}"
    await run_jobs()


@pytest.fixture
async def ticket(http: httpx.AsyncClient) -> dict[str, Any]:
    """A stair light reported in the fourth grid."""
    return await (await world.sign_in(http, "resident")).report()


async def as_persona(http: httpx.AsyncClient, persona: str) -> world.Person:
    """Sign in at the moment it is: tokens do not outlive a journey."""
    return await world.sign_in(http, persona)


async def test_a_report_nobody_accepts_is_reminded_then_overdue_then_moves_up(ticket: Ticket) -> None:
    start = (await ticket_row(ticket))["accept_from"]
    await comes_at(ticket, start, 0.8 * ACCEPT, ("reminded", "accept", 80))
    await comes_at(ticket, start, ACCEPT, ("overdue", "accept", 100))
    await comes_at(ticket, start, 2 * ACCEPT, ("escalated", "accept", 200))
    moved = await ticket_row(ticket)
    assert (moved["status"], moved["level"], moved["holder_id"]) == ("new", 2, moved["community_id"])


async def test_a_new_holder_has_the_whole_accept_limit_again(ticket: Ticket) -> None:
    start = (await ticket_row(ticket))["accept_from"]
    go_to(start + timedelta(minutes=2 * ACCEPT))
    await sweep_out()
    moved = await ticket_row(ticket)
    assert moved["accept_due"] == moved["accept_from"] + timedelta(minutes=ACCEPT)
    await comes_at(ticket, moved["accept_from"], 0.8 * ACCEPT, ("reminded", "accept", 80))
    await comes_at(ticket, moved["accept_from"], ACCEPT, ("overdue", "accept", 100))
    await comes_at(ticket, moved["accept_from"], 2 * ACCEPT, ("escalated", "accept", 200))
    assert (await ticket_row(ticket))["level"] == 3


async def test_moving_up_leaves_the_resolve_clock_alone(ticket: Ticket) -> None:
    before = await ticket_row(ticket)
    go_to(before["accept_from"] + timedelta(minutes=2 * ACCEPT))
    await sweep_out()
    after = await ticket_row(ticket)
    same = ("resolve_from", "resolve_due", "resolve_step", "first_unit_id")
    assert [after[name] for name in same] == [before[name] for name in same]


async def test_the_holder_is_reminded_and_deputy_and_next_level_hear_of_the_delay(ticket: Ticket) -> None:
    start = (await ticket_row(ticket))["accept_from"]
    go_to(start + timedelta(minutes=ACCEPT))
    await sweep_out()
    assert await told("reminded") == {"grid_head"}
    assert await told("overdue") == {"deputy", "community"}


async def test_an_organisation_that_does_not_take_a_ticket_loses_it(
    ticket: Ticket, http: httpx.AsyncClient
) -> None:
    await (await as_persona(http, "grid_head")).dispatch(ticket)
    start = (await ticket_row(ticket))["dispatched_at"]
    await comes_at(ticket, start, ACKNOWLEDGE, ("reminded", "acknowledge", 100))
    await comes_at(ticket, start, 2 * ACKNOWLEDGE, ("recalled", "acknowledge", 200))
    back = await ticket_row(ticket)
    assert (back["status"], back["organisation_id"], back["level"]) == ("accepted", None, 1)
    assert await told("recalled") == {"grid_head", "property"}


async def test_an_organisation_that_took_a_ticket_keeps_it(ticket: Ticket, http: httpx.AsyncClient) -> None:
    await (await as_persona(http, "grid_head")).dispatch(ticket)
    await (await as_persona(http, "property")).act("take", ticket)
    clock.travel(timedelta(minutes=3 * ACKNOWLEDGE))
    assert await timers.sweep_timers() == 0


async def test_a_second_dispatch_starts_its_own_acknowledge_clock(
    ticket: Ticket, http: httpx.AsyncClient
) -> None:
    await (await as_persona(http, "grid_head")).dispatch(ticket)
    clock.travel(timedelta(minutes=2 * ACKNOWLEDGE))
    assert await sweep_out() == 2
    await (await as_persona(http, "grid_head")).dispatch(ticket)
    start = (await ticket_row(ticket))["dispatched_at"]
    await comes_at(ticket, start, ACKNOWLEDGE, ("reminded", "acknowledge", 100))


async def test_a_ticket_not_resolved_in_time_rises_at_its_limit_and_at_three_times_it(
    ticket: Ticket, http: httpx.AsyncClient
) -> None:
    await (await as_persona(http, "grid_head")).act("accept", ticket)
    start = (await ticket_row(ticket))["resolve_from"]
    await comes_at(ticket, start, 0.8 * RESOLVE, ("reminded", "resolve", 80))
    await comes_at(ticket, start, RESOLVE, ("escalated", "resolve", 100))
    assert (await ticket_row(ticket))["level"] == 2
    await comes_at(ticket, start, 3 * RESOLVE, ("escalated", "resolve", 300))
    risen = await ticket_row(ticket)
    assert (risen["status"], risen["level"], risen["holder_id"]) == ("accepted", 3, risen["street_id"])
    assert await told("escalated") == {"resident", "community", "street"}


async def test_the_street_is_reminded_once_every_working_day(ticket: Ticket, http: httpx.AsyncClient) -> None:
    await (await as_persona(http, "grid_head")).act("accept", ticket)
    clock.travel(timedelta(minutes=3 * RESOLVE))
    await sweep_out()
    await run_jobs()
    calendar = (await catalogue.cached_catalogue()).calendar
    day = clock.now().astimezone(SHANGHAI).date()
    for _ in range(10):
        day += timedelta(days=1)
        morning = datetime.combine(day, datetime.min.time(), SHANGHAI)
        came = []
        for hours in (0.1, 8.4, 8.6, 13, 20):  # the office opens at 08:30
            go_to(morning + timedelta(hours=hours))
            came.append(await sweep_out())
        assert came == ([0, 0, 1, 0, 0] if calendar.is_workday(day) else [0] * 5), day
    assert await told("reminded") == {"street"}


async def test_silence_settles_after_seven_days_and_counts_as_silence(
    ticket: Ticket, http: httpx.AsyncClient
) -> None:
    await (await as_persona(http, "grid_head")).act("accept", ticket)
    await (await as_persona(http, "grid_head")).resolve(ticket)
    start = (await ticket_row(ticket))["resolved_at"]
    await comes_at(ticket, start, 7 * 24 * 60, ("settled", "silence", 100))
    settled = await ticket_row(ticket)
    assert (settled["status"], settled["verdict"], settled["rating"]) == ("closed", "silent", None)
    assert settled["closed_at"] >= start + timedelta(days=7)
    assert await told("settled") == {"resident"}


@pytest.mark.parametrize("over", ["withdrawn", "rejected", "confirmed", "settled"])
async def test_the_timer_never_touches_a_ticket_that_is_over(
    over: str, ticket: Ticket, people_of: Everybody
) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    if over == "withdrawn":
        await resident.act("withdraw", ticket)
    elif over == "rejected":
        await head.act("reject", ticket, reason="unclear", text="请补充照片")
    else:
        await head.act("accept", ticket)
        await head.resolve(ticket)
        if over == "confirmed":
            await resident.act("confirm", ticket, verdict="solved")
        else:
            await community.act("settle", ticket, text="现场看过，灯亮了")
    assert (await ticket_row(ticket))["timer_at"] is None
    await head.act("comment", ticket, text="记一笔")
    for days in (1, 8, 30, 400):
        clock.travel(timedelta(days=days))
        assert await timers.sweep_timers() == 0
    assert await done_to(ticket) == []


async def test_a_ticket_closed_while_the_timer_looks_is_left_alone(
    ticket: Ticket, people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    (resident,) = await people_of("resident")
    clock.travel(timedelta(minutes=25))
    record = ledger.record

    async def withdrawn_first(acts: Any) -> Any:
        monkeypatch.setattr(ledger, "record", record)
        await resident.act("withdraw", ticket)
        return await record(acts)

    monkeypatch.setattr(ledger, "record", withdrawn_first)
    assert await timers.sweep_timers() == 0
    assert await done_to(ticket) == []
    assert (await ticket_row(ticket))["timer_at"] is None


async def test_many_sweepers_at_the_same_time_do_everything_once(people_of: Everybody) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    tickets = [await who.report() for who in (resident, neighbour) for _ in range(15)]
    for minutes, expected in ((25, "reminded"), (10, "overdue"), (30, "escalated")):
        clock.travel(timedelta(minutes=minutes))
        counts = await asyncio.gather(*(timers.sweep_timers() for _ in range(8)))
        assert sum(counts) == len(tickets)
        assert {(await done_to(t))[-1][0] for t in tickets} == {expected}
    assert {len(await done_to(t)) for t in tickets} == {3}


async def test_sweepers_and_people_at_the_same_time_both_get_through(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    tickets = [await resident.report() for _ in range(12)]
    clock.travel(timedelta(minutes=25))

    async def urge(ticket: Ticket) -> int:
        return (await resident.try_to("urge", ticket)).status_code

    *_, urged = await asyncio.gather(
        *(timers.sweep_timers() for _ in range(4)), asyncio.gather(*(urge(t) for t in tickets))
    )
    await sweep_out()
    assert urged == [200] * len(tickets)
    assert [await done_to(t) for t in tickets] == [[("reminded", "accept", 80)]] * len(tickets)


async def test_after_two_days_every_missed_moment_comes_once_in_order(ticket: Ticket) -> None:
    clock.travel(timedelta(days=2))
    await sweep_out()
    assert await done_to(ticket) == [
        ("reminded", "accept", 80),
        ("overdue", "accept", 100),
        ("escalated", "accept", 200),
        ("reminded", "resolve", 80),
        ("escalated", "resolve", 100),
    ]
    assert (await ticket_row(ticket))["level"] == 3


async def test_after_two_days_many_sweepers_do_every_missed_moment_once(ticket: Ticket) -> None:
    clock.travel(timedelta(days=2))
    while sum(await asyncio.gather(*(timers.sweep_timers() for _ in range(5)))):
        pass
    assert [done[0] for done in await done_to(ticket)] == [
        "reminded",
        "overdue",
        "escalated",
        "reminded",
        "escalated",
    ]


async def test_a_clock_an_hour_back_repeats_and_loses_nothing(ticket: Ticket) -> None:
    start = (await ticket_row(ticket))["accept_from"]
    go_to(start + timedelta(minutes=24))
    assert await timers.sweep_timers() == 1
    clock.travel(timedelta(hours=-1))
    assert await timers.sweep_timers() == 0
    await comes_at(ticket, start, ACCEPT, ("overdue", "accept", 100))


async def test_history_never_runs_backwards(ticket: Ticket, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    clock.travel(timedelta(hours=-1))
    accepted = await head.act("accept", ticket)
    assert accepted["sla"]["accepted_at"] >= ticket["created_at"]
    assert await head.events(ticket) == ["submitted", "accepted"]
    assert await told("accepted") == {"resident"}


async def test_a_comment_neither_delays_nor_repeats_a_reminder(ticket: Ticket, people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    start = (await ticket_row(ticket))["accept_from"]
    go_to(start + timedelta(minutes=20))
    await resident.act("comment", ticket, text="还黑着")
    await comes_at(ticket, start, 24, ("reminded", "accept", 80))
    await resident.act("comment", ticket, text="还是黑着")
    assert await timers.sweep_timers() == 0


async def test_accepting_stops_the_accept_clock(ticket: Ticket, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    await head.act("accept", ticket)
    clock.travel(timedelta(minutes=0.7 * RESOLVE))
    assert await timers.sweep_timers() == 0


async def test_an_unassigned_report_rises_to_its_community(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    await db.fetch("UPDATE ticket SET grid_id = NULL, holder_id = NULL WHERE id = $1", ticket["id"])
    clock.travel(timedelta(minutes=ACCEPT))
    await sweep_out()
    assert await told("reminded") == {"community"}
    clock.travel(timedelta(minutes=ACCEPT))
    await sweep_out()
    risen = await ticket_row(ticket)
    assert (risen["level"], risen["holder_id"]) == (2, risen["community_id"])


async def test_an_alarm_set_too_early_is_set_right_without_an_event(ticket: Ticket) -> None:
    right = (await ticket_row(ticket))["timer_at"]
    await db.fetch("UPDATE ticket SET timer_at = created_at WHERE id = $1", ticket["id"])
    assert await timers.sweep_timers() == 0
    after = await ticket_row(ticket)
    assert (after["timer_at"], after["seq"]) == (right, 1)


async def test_a_ticket_that_cannot_be_timed_stops_no_other(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    sick, healthy = await resident.report(), await resident.report()
    await db.fetch("UPDATE ticket SET accept_minutes = 0 WHERE id = $1", sick["id"])
    clock.travel(timedelta(minutes=25))
    assert await timers.sweep_timers() == 1
    assert await done_to(healthy) == [("reminded", "accept", 80)]
    assert await timers.sweep_timers() == 0
    assert (await ticket_row(sick))["timer_at"] > clock.now()


async def test_looking_when_nothing_is_due_is_one_statement(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, run = [], db._run  # noqa: SLF001 - every statement passes there

    async def counted(statement: Any) -> Any:
        asked.append(statement)
        return await run(statement)

    monkeypatch.setattr(db, "_run", counted)
    assert await timers.sweep_timers() == 0
    assert len(asked) == 1


# Pauses and limits that changed.


async def test_a_pause_ends_at_its_date_and_those_concerned_hear_of_it(
    ticket: Ticket, http: httpx.AsyncClient
) -> None:
    await (await as_persona(http, "grid_head")).dispatch(ticket)
    await (await as_persona(http, "property")).act("wait", ticket, reason="parts", until=world.soon(hours=50))
    paused = await ticket_row(ticket)
    until = paused["paused_until"]
    await comes_at(ticket, until, 0, ("resumed", "pause", 100))
    on = await ticket_row(ticket)
    assert (on["status"], on["status_before"], on["paused_until"]) == ("dispatched", None, None)
    assert (on["pauses"][1], on["resolve_due"]) == (until, paused["resolve_due"])
    assert await told("resumed") == {"resident", "grid_head", "property"}


async def test_a_pause_shifts_the_moments_of_the_resolve_clock(
    ticket: Ticket, http: httpx.AsyncClient
) -> None:
    await (await as_persona(http, "grid_head")).act("accept", ticket)
    await (await as_persona(http, "grid_head")).act(
        "wait", ticket, reason="parts", until=world.soon(hours=90)
    )
    clock.travel(timedelta(hours=30))
    await (await as_persona(http, "grid_head")).act("resume", ticket)
    on = await ticket_row(ticket)
    began, ended = on["pauses"]
    start = on["resolve_from"] + (ended - began)
    await comes_at(ticket, start, 0.8 * RESOLVE, ("reminded", "resolve", 80))
    await comes_at(ticket, start, RESOLVE, ("escalated", "resolve", 100))


async def test_nothing_but_its_end_comes_while_a_ticket_waits(
    ticket: Ticket, http: httpx.AsyncClient
) -> None:
    await (await as_persona(http, "community")).act("accept", ticket)
    await (await as_persona(http, "community")).act("wait", ticket, reason="fund", until=world.soon(days=30))
    clock.travel(timedelta(days=29))
    assert await sweep_out() == 0


async def test_a_worker_that_was_down_resumes_late_and_gives_no_more_time(
    ticket: Ticket, http: httpx.AsyncClient
) -> None:
    await (await as_persona(http, "grid_head")).act("accept", ticket)
    await (await as_persona(http, "grid_head")).act("wait", ticket, reason="parts", until=world.soon(hours=2))
    paused = await ticket_row(ticket)
    clock.travel(timedelta(hours=24))
    await sweep_out()
    assert await done_to(ticket) == [("resumed", "pause", 100), ("reminded", "resolve", 80)]
    assert (await ticket_row(ticket))["resolve_due"] == paused["resolve_due"]


async def test_many_sweepers_resume_once(ticket: Ticket, http: httpx.AsyncClient) -> None:
    await (await as_persona(http, "grid_head")).act("accept", ticket)
    await (await as_persona(http, "grid_head")).act("wait", ticket, reason="parts", until=world.soon())
    clock.travel(timedelta(hours=1))
    assert sum(await asyncio.gather(*(timers.sweep_timers() for _ in range(8)))) == 1
    assert await db.fetch("SELECT FROM pause WHERE ended_at IS NOT NULL")


async def test_moments_an_extension_puts_ahead_come_again(ticket: Ticket, http: httpx.AsyncClient) -> None:
    """Reminded at 80 % of a day; with a second day 80 % is still to come."""
    await (await as_persona(http, "grid_head")).act("accept", ticket)
    start = (await ticket_row(ticket))["resolve_from"]
    await comes_at(ticket, start, 0.8 * RESOLVE, ("reminded", "resolve", 80))
    await (await as_persona(http, "community")).act("extend", ticket, minutes=RESOLVE, reason="等配件")
    await comes_at(ticket, start, 0.8 * 2 * RESOLVE, ("reminded", "resolve", 80))
    await comes_at(ticket, start, 2 * RESOLVE, ("escalated", "resolve", 100))


async def test_moments_another_category_puts_ahead_come_again(
    ticket: Ticket, http: httpx.AsyncClient
) -> None:
    """Overdue after half an hour; noise has a whole one to be accepted in."""
    start = (await ticket_row(ticket))["accept_from"]
    go_to(start + timedelta(minutes=ACCEPT))
    assert await sweep_out() == 2
    await (await as_persona(http, "grid_head")).act("recategorise", ticket, category="noise", reason="是噪音")
    after = await ticket_row(ticket)
    assert (after["accept_minutes"], after["accept_step"]) == (60, 0)


async def test_a_rejected_ticket_has_no_clock_until_it_is_appealed(
    ticket: Ticket, http: httpx.AsyncClient
) -> None:
    await (await as_persona(http, "grid_head")).act("reject", ticket, reason="not_ours", text="请找产权单位")
    clock.travel(timedelta(days=2))
    assert await sweep_out() == 0
    await (await as_persona(http, "resident")).act("appeal", ticket, text="这是公共楼道")
    start = (await ticket_row(ticket))["accept_from"]
    await comes_at(ticket, start, 0.8 * ACCEPT, ("reminded", "accept", 80))
    assert await told("appealed") == {"community"}


async def test_an_alarm_decided_from_an_older_version_is_not_set(ticket: Ticket) -> None:
    before = await ticket_row(ticket)
    await ledger.set_timers([(before["id"], before["seq"], before["version"] + 1, None)])
    assert (await ticket_row(ticket))["timer_at"] == before["timer_at"]
