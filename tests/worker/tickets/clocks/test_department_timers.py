"""The clocks of departments called to a ticket: each spoken of at 100 and 200 %, once, pauses or not; then shown late."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock, db
from app.rules import departments
from app.rules.facts import Facts
from app.services import ledger
from app.services.ledger.verify import verify_ledger
from app.services.tickets.clocks import timers
from app.services.tickets.clocks.recompute import recompute
from tests import world
from tests.office_settings import put, try_to_put
from tests.timers import go_to, sweep_out, told
from tests.world import Arriving, Everybody, Person, run_jobs, ticket_row

Ticket = dict[str, Any]
ACKNOWLEDGE = 120  # minutes, of a stair light
LATE = "untaken"


async def call(community: Person, ticket: Ticket, *names: str) -> Ticket:
    called = [await community.organisation(ticket, name) for name in names]
    return await community.act("call_up", ticket, organisation_ids=called, text="一起到现场看看")


async def parts(ticket: Ticket) -> list[departments.DepartmentCall]:
    found: Facts = await ticket_row(ticket)  # type: ignore[assignment]  # a row serves as it is
    return departments.read_calls(found)


async def reminders(ticket: Ticket) -> list[tuple[str, int]]:
    """Return of whom the timer has spoken, at what percent."""
    rows = await db.fetch(
        "SELECT o.name, e.data FROM event e JOIN organisation o ON o.id = (e.data ->> 'organisation')::uuid "
        "WHERE e.ticket_id = $1 AND e.type = 'ticket.reminded' AND e.data ->> 'clock' = 'called' ORDER BY seq",
        ticket["id"],
    )
    return [(found["name"], found["data"]["percent"]) for found in rows]


@pytest.fixture
async def called(people_of: Everybody) -> Ticket:
    """A stair light in the grid's hands to which 城管 and 消防 were called."""
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report()
    await head.act("accept", ticket)
    return await call(community, ticket, "城管", "消防")


async def persona(http: httpx.AsyncClient, name: str) -> Person:
    """Sign in at the moment it is: tokens do not outlive a journey."""
    return await world.sign_in(http, name)


async def test_who_does_not_take_their_part_is_spoken_of_twice_and_shown_late(
    called: Ticket, http: httpx.AsyncClient
) -> None:
    await (await persona(http, "department")).act("take", called)
    start = (await parts(called))[0].called_at
    go_to(start + timedelta(minutes=ACKNOWLEDGE, seconds=-10))
    assert await timers.sweep_timers() == 0
    go_to(start + timedelta(minutes=ACKNOWLEDGE))
    assert await timers.sweep_timers() == 1
    assert await told(LATE) == {"grid_head", "community"}
    assert await reminders(called) == [("消防", 100)]
    await db.fetch("DELETE FROM notice")
    go_to(start + timedelta(minutes=2 * ACKNOWLEDGE, seconds=-10))
    assert await timers.sweep_timers() == 0
    go_to(start + timedelta(minutes=2 * ACKNOWLEDGE))
    assert await timers.sweep_timers() == 1
    assert await told(LATE) == {"community", "street"}
    assert await reminders(called) == [("消防", 100), ("消防", 200)]
    clock.travel(timedelta(minutes=5 * ACKNOWLEDGE))
    await sweep_out()
    assert len(await reminders(called)) == 2
    community = await persona(http, "community")
    seen = await community.ticket(called["id"])
    assert (seen["status"], [part["late"] for part in seen["called"]]) == ("accepted", [False, True])
    assert "resolve" not in seen["actions"]
    line = (await community.get(f"/tickets/{called['id']}/events"))["items"][-1]
    assert (line["label"], line["actor"]) == ("到时限未接单报到：消防", None)
    (label,) = {
        one["label"] for one in (await community.get("/notices"))["items"] if one["type"].endswith(LATE)
    }
    assert label.startswith("有部门到时限还没有接单报到")


async def test_both_moments_of_both_come_once_after_a_long_night(called: Ticket) -> None:
    clock.travel(timedelta(minutes=3 * ACKNOWLEDGE))
    while sum(await asyncio.gather(*(timers.sweep_timers() for _ in range(5)))):
        pass
    assert sorted(await reminders(called)) == [("城管", 100), ("城管", 200), ("消防", 100), ("消防", 200)]
    assert (await verify_ledger()).broken is None


@pytest.mark.parametrize("over", ["take", "report", "release"])
async def test_nobody_is_spoken_of_once_their_part_is_taken_or_over(
    over: str, called: Ticket, people_of: Everybody
) -> None:
    inspectors, fire, community = await people_of("department", "other_department", "community")
    if over == "release":
        for part in await parts(called):
            await community.act("release", called, organisation_id=str(part.organisation_id), reason="不用")
    else:
        for agent in (inspectors, fire):
            await agent.act(over, called, **({"text": "好了"} if over == "report" else {}))
    clock.travel(timedelta(minutes=3 * ACKNOWLEDGE))
    assert await timers.sweep_timers() == 0


async def test_a_pause_of_the_ticket_stops_no_departments_clock(
    called: Ticket, http: httpx.AsyncClient
) -> None:
    head = await persona(http, "grid_head")
    waiting = await head.act("wait", called, reason="weather", until=world.soon(hours=3))
    assert waiting["status"] == "waiting"
    start = (await parts(called))[0].called_at
    go_to(start + timedelta(minutes=ACKNOWLEDGE))
    assert await sweep_out() == 2
    assert len(await reminders(called)) == 2
    go_to(start + timedelta(hours=3, minutes=1))
    assert await sweep_out() == 1
    assert (await ticket_row(called))["status"] == "accepted"


async def test_a_call_to_a_resting_ticket_wakes_its_timer(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report()
    await community.act("accept", ticket)
    before = (await ticket_row(ticket))["timer_at"]
    await call(community, ticket, "城管")
    after = await ticket_row(ticket)
    assert after["timer_at"] == (await parts(ticket))[0].due < before


async def test_who_takes_their_part_while_the_timer_looks_is_not_spoken_of(
    called: Ticket, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.travel(timedelta(minutes=ACKNOWLEDGE))
    inspectors = await persona(http, "department")
    record = ledger.record

    async def taken_first(acts: Any) -> Any:
        monkeypatch.setattr(ledger, "record", record)
        await inspectors.act("take", called)
        return await record(acts)

    monkeypatch.setattr(ledger, "record", taken_first)
    assert await timers.sweep_timers() == 0
    await sweep_out()
    assert await reminders(called) == [("消防", 100)]


async def test_departments_and_sweepers_at_the_same_time_both_get_through(
    called: Ticket, http: httpx.AsyncClient
) -> None:
    clock.travel(timedelta(minutes=ACKNOWLEDGE))
    agents = [await persona(http, name) for name in ("department", "other_department")]
    fresh = await agents[0].ticket(called["id"])

    async def take(agent: Person) -> int:
        return (await agent.try_to("take", fresh)).status_code

    *_, first, second = await asyncio.gather(
        *(timers.sweep_timers() for _ in range(4)), *(take(agent) for agent in agents)
    )
    assert (first, second) == (200, 200)
    await sweep_out()
    assert all(part.acknowledged_at for part in await parts(called))
    assert len(await reminders(called)) == len(set(await reminders(called)))
    assert (await verify_ledger()).broken is None


async def test_a_department_late_at_night_does_not_put_off_the_streets_daily_reminder(on: Arriving) -> None:
    """Reported on Wednesday, with the street since Saturday; 城管 is called on Monday at 23:00 and does not come."""
    resident, head = await on("resident", "grid_head")
    ticket = await resident.report()
    await head.act("accept", ticket)
    (street,) = await on("street", at="2026-03-09 23:00")
    await sweep_out()
    assert (await ticket_row(ticket))["level"] == 3
    await call(street, ticket, "城管")
    await on(at="2026-03-10 08:29")
    assert await sweep_out() == 2
    assert await reminders(ticket) == [("城管", 100), ("城管", 200)]
    await on(at="2026-03-10 08:31")
    assert await sweep_out() == 1


# Limits set anew.


@pytest.fixture
async def limits_kept(street: None) -> AsyncIterator[None]:
    yield
    await db.fetch("UPDATE category SET acknowledge_minutes = 120 WHERE code = 'stair_light'")
    await db.fetch("UPDATE setup SET version = version + 1")


@pytest.mark.usefixtures("limits_kept")
async def test_a_new_limit_reaches_who_has_not_taken_their_part(
    called: Ticket, http: httpx.AsyncClient
) -> None:
    await (await persona(http, "department")).act("take", called)
    before = await ticket_row(called)
    taken, _ = await parts(called)
    await db.fetch("UPDATE category SET acknowledge_minutes = 45 WHERE code = 'stair_light'")
    await db.fetch("UPDATE setup SET version = version + 1")
    assert (await recompute()).changed == 1
    after = await ticket_row(called)
    same, other = await parts(called)
    assert (same, other.minutes) == (taken, 45)
    assert other.due == other.called_at + timedelta(minutes=45) == after["timer_at"]
    assert (after["version"], after["seq"]) == (before["version"] + 1, before["seq"])
    assert (await recompute()).changed == 0
    assert [after[name] for name in ("called_ids", "awaited_ids")] == [
        before[name] for name in ("called_ids", "awaited_ids")
    ]


async def test_a_longer_limit_of_another_category_lets_its_moments_come_again(
    called: Ticket, http: httpx.AsyncClient
) -> None:
    clock.travel(timedelta(minutes=ACKNOWLEDGE))
    assert await sweep_out() == 2
    found = await db.fetchrow("SELECT code FROM category ORDER BY acknowledge_minutes DESC LIMIT 1")
    assert found
    head = await persona(http, "grid_head")
    after = await head.act("recategorise", called, category=found["code"], reason="其实是这个")
    assert [part["late"] for part in after["called"]] == [False, False]
    assert [part.step for part in await parts(called)] == [0, 0]


async def test_a_communitys_own_limit_counts_for_departments_and_says_who_is_late_at_once(
    called: Ticket, http: httpx.AsyncClient
) -> None:
    clock.travel(timedelta(minutes=60))
    community = await persona(http, "community")
    own = [{"code": "stair_light", "acknowledge_minutes": 30}]
    refused = await try_to_put(community, "categories", own)
    assert refused.status_code == 409
    await put(community, "categories", own, confirm="true")
    assert [part.minutes for part in await parts(called)] == [30, 30]
    assert await sweep_out() == 4
    await run_jobs()
    again = await call(community, called, "社会事务")
    assert [part.minutes for part in await parts(again)] == [30, 30, 30]
