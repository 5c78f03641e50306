"""The parts of departments called to a ticket: how they run, end, are late, and when the timer speaks of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from app.enums import Role
from app.rules import departments
from app.rules.access import Part, Seat
from app.rules.departments import DepartmentCall
from app.rules.escalation import Clocks, DueAction, call_due_at, next_due_action
from app.rules.facts import Facts, with_changes
from app.rules.lifecycle import part_to_take, refusal_reason
from app.rules.workdays import Clock, load_calendar

NOW = datetime(
    2026, 3, 6, 8, 30, tzinfo=UTC
)  # Friday, 16:30 in Shanghai, an hour before the week's last frame ends
ONE, TWO, COMPANY = UUID(int=1), UUID(int=2), UUID(int=3)
CALENDAR = load_calendar([{"date": "2026-10-01", "kind": "holiday"}])
DAY_AND_NIGHT = Clocks(Clock.ALWAYS, Clock.ALWAYS, Clock.ALWAYS, CALENDAR)
OFFICE_HOURS = Clocks(Clock.ALWAYS, Clock.WORKING, Clock.ALWAYS, CALENDAR)


def part(organisation: UUID = ONE, **changes: Any) -> DepartmentCall:
    return replace(DepartmentCall(organisation, NOW, 100, NOW + timedelta(minutes=100)), **changes)


def ticket(*parts: DepartmentCall, **changes: Any) -> Facts:
    """Return an accepted ticket with these parts, on which no other clock will say anything for long."""
    facts: dict[str, Any] = {
        "status": "accepted",
        "level": 1,
        "called": [],
        "pauses": [],
        "organisation_id": None,
        "acknowledged_at": None,
        "resolve_from": NOW,
        "resolve_minutes": 10**6,
        **dict.fromkeys(("resolve_step", "extra_minutes"), 0),
        **dict.fromkeys(("paused_until", "resolved_at", "timed_at")),
    }
    facts |= departments.call_columns(cast(Facts, facts), parts)
    return cast(Facts, facts | changes)


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_parts_come_back_from_the_row_as_they_were_put() -> None:
    parts = [part(ONE, acknowledged_at=after(1), step=2), part(TWO, reported_at=after(3), released_at=None)]
    assert departments.read_calls(ticket(*parts)) == parts
    assert departments.call_columns(ticket(*parts), []) == {
        "called": ticket(*parts)["called"],
        "called_ids": [ONE, TWO],
        "awaited_ids": [ONE],
    }


def test_a_department_called_again_begins_anew_in_its_place() -> None:
    old = ticket(part(ONE, reported_at=after(5)), part(TWO))
    again = with_changes(old, departments.call_columns(old, [part(ONE, called_at=after(9))]))
    assert departments.read_calls(again) == [part(ONE, called_at=after(9)), part(TWO)]
    assert set(again["awaited_ids"]) == {ONE, TWO}


@pytest.mark.parametrize(
    ("over", "seen", "awaited"),
    [
        ({}, True, True),
        ({"acknowledged_at": NOW}, True, True),
        ({"reported_at": NOW}, True, False),
        ({"released_at": NOW}, False, False),
    ],
)
def test_the_ticket_waits_until_it_is_reported_or_released(
    over: dict[str, Any], seen: bool, awaited: bool
) -> None:
    facts = ticket(part(**over))
    assert (facts["called_ids"] == [ONE], facts["awaited_ids"] == [ONE]) == (seen, awaited)
    assert (refusal_reason("resolve", facts, {Part.HEAD: None}, NOW) is None) is not awaited
    assert (refusal_reason("merge", facts, {Part.HEAD: None}, NOW) is None) is not awaited
    assert (refusal_reason("release", facts, {Part.COMMUNITY: None}, NOW) is None) is awaited


@pytest.mark.parametrize(
    ("over", "now", "late"),
    [
        ({}, 100, False),
        ({}, 101, True),
        ({"acknowledged_at": after(100)}, 500, False),
        ({"acknowledged_at": after(101)}, 500, True),
        ({"acknowledged_at": after(101), "reported_at": after(102)}, 500, True),
        ({"released_at": after(99)}, 500, False),
        ({"released_at": after(101)}, 500, True),
    ],
)
def test_late_is_who_did_not_take_their_part_in_time(over: dict[str, Any], now: float, late: bool) -> None:
    assert part(**over).is_late(after(now)) is late


@pytest.mark.parametrize("status", ["accepted", "dispatched", "waiting"])
def test_the_timer_speaks_at_100_and_200_percent_whatever_the_ticket_waits_for(status: str) -> None:
    paused = {"paused_until": after(10**5)} if status == "waiting" else {}
    more = {"status": status, "acknowledged_at": NOW, **paused}
    assert next_due_action(ticket(part(), **more), NOW, DAY_AND_NIGHT) == DueAction(
        "called", 0, after(100), "remind", 100, ONE
    )
    assert next_due_action(ticket(part(step=1), **more), NOW, DAY_AND_NIGHT) == DueAction(
        "called", 1, after(200), "remind", 200, ONE
    )
    told = next_due_action(ticket(part(step=2), **more), NOW, DAY_AND_NIGHT)
    assert told
    assert told.clock in {"resolve", "pause"}


def test_the_first_to_be_late_comes_first() -> None:
    facts = ticket(part(ONE), part(TWO, minutes=50))
    found = next_due_action(facts, NOW, DAY_AND_NIGHT)
    assert found
    assert (found.organisation_id, found.at) == (TWO, after(50))


@pytest.mark.parametrize("over", ["acknowledged_at", "reported_at", "released_at"])
def test_nothing_is_timed_once_it_is_taken_or_over(over: str) -> None:
    found = next_due_action(ticket(part(ONE, **{over: NOW})), NOW, DAY_AND_NIGHT)
    assert found
    assert found.clock == "resolve"


def test_a_part_is_timed_on_the_acknowledge_clock_and_no_pause_stops_it() -> None:
    assert call_due_at(part(), 100, OFFICE_HOURS) == datetime(2026, 3, 9, 1, 10, tzinfo=UTC)  # Monday, 9:10
    paused = ticket(part(), status="waiting", pauses=[NOW, after(10**5)], paused_until=after(10**5))
    found = next_due_action(paused, NOW, DAY_AND_NIGHT)
    assert found
    assert found.at == after(100)


def test_taking_is_of_what_is_dispatched_before_the_part_of_a_call() -> None:
    """Somebody may act for two organisations at once."""
    parts = {Part.PARTNER: None, Part.DEPARTMENT: Seat(UUID(int=9), Role.AGENT, None, ONE)}
    both = ticket(part(), status="dispatched", organisation_id=COMPANY)
    assert part_to_take(both, parts) is Part.PARTNER
    assert part_to_take(with_changes(both, {"acknowledged_at": NOW}), parts) is Part.DEPARTMENT
    taken = with_changes(
        both, {"acknowledged_at": NOW} | departments.call_columns(both, [part(acknowledged_at=NOW)])
    )
    assert part_to_take(taken, parts) is None
    assert refusal_reason("take", taken, parts, NOW) == "已经接单了"


def test_those_who_have_not_taken_their_part_are_awaited_first() -> None:
    facts = ticket(part(ONE, acknowledged_at=NOW), part(TWO))
    assert facts["awaited_ids"] == [TWO, ONE]
