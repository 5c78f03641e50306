"""When the timer does what: each moment of each clock at its time, and when it does nothing."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from app.enums import Status
from app.rules.deadlines import running_clocks
from app.rules.escalation import (
    MOMENTS,
    Clocks,
    DueAction,
    due_at,
    next_due_action,
    passed_moments,
    workday_deadline,
)
from app.rules.facts import Facts
from app.rules.lifecycle import TOP_LEVEL
from app.rules.workdays import Clock, load_calendar
from tests.rules.calendars import local

SHIPPED = Path(__file__).parents[2] / "app" / "calendar"
CALENDAR = load_calendar(csv.DictReader((SHIPPED / "2026.csv").read_text(encoding="utf-8").splitlines()))
DAY_AND_NIGHT = Clocks(Clock.ALWAYS, Clock.ALWAYS, Clock.ALWAYS, CALENDAR)
OFFICE_HOURS = Clocks(Clock.WORKING, Clock.WORKING, Clock.WORKING, CALENDAR)
NEVER = 10**6  # minutes: a limit that does not matter here


FRIDAY = local("2026-03-06 16:30")  # an hour before the week's last frame ends


def ticket(status: str = "new", **changes: Any) -> Facts:
    """Return a ticket submitted on Friday: accept, acknowledge and resolve in 100 minutes each."""
    facts: dict[str, Any] = {
        "status": status,
        **{key: [] for key in ("pauses", "called", "awaited_ids")},
        "paused_until": None,
        "level": 1,
        **dict.fromkeys(("accept_minutes", "acknowledge_minutes", "resolve_minutes"), 100),
        **dict.fromkeys(("accept_step", "acknowledge_step", "resolve_step", "extra_minutes"), 0),
        **dict.fromkeys(("accept_from", "resolve_from"), FRIDAY),
        **dict.fromkeys(("dispatched_at", "acknowledged_at", "resolved_at", "timed_at")),
    }
    return cast(Facts, facts | changes)


# The table: clock, step, percent, act, and when it falls day and night or in office hours.
TABLE = [
    ("accept", 0, 80, "remind", "2026-03-06 17:50", "2026-03-09 08:50"),
    ("accept", 1, 100, "overdue", "2026-03-06 18:10", "2026-03-09 09:10"),
    ("accept", 2, 200, "escalate", "2026-03-06 19:50", "2026-03-09 10:50"),
    ("acknowledge", 0, 100, "remind", "2026-03-06 18:10", "2026-03-09 09:10"),
    ("acknowledge", 1, 200, "recall", "2026-03-06 19:50", "2026-03-09 10:50"),
    ("resolve", 0, 80, "remind", "2026-03-06 17:50", "2026-03-09 08:50"),
    ("resolve", 1, 100, "escalate", "2026-03-06 18:10", "2026-03-09 09:10"),
    ("resolve", 2, 300, "escalate", "2026-03-06 21:30", "2026-03-09 14:30"),
]
# Each department's own, called on Friday; test_departments.py has the rest.
CALLED_TABLE = [("called", 0, 100, "remind"), ("called", 1, 200, "remind")]
ALONE: dict[str, dict[str, Any]] = {  # a ticket on which only this clock has something to say
    "accept": {"resolve_minutes": NEVER},
    "acknowledge": {"status": "dispatched", "dispatched_at": FRIDAY, "resolve_minutes": NEVER},
    "resolve": {"status": "accepted"},
}


def alone(clock: str, step: int, **changes: Any) -> Facts:
    return ticket(**(ALONE[clock] | {f"{clock}_step": step} | changes))


def test_the_table_holds_these_moments_and_no_other() -> None:
    shipped = [
        (clock, step, moment.percent, moment.act)
        for clock, moments in MOMENTS.items()
        for step, moment in enumerate(moments)
    ]
    assert shipped == [*(row[:4] for row in TABLE), *CALLED_TABLE]


@pytest.mark.parametrize(("clock", "step", "percent", "act", "always", "working"), TABLE)
def test_each_moment_comes_at_its_time(
    clock: str, step: int, percent: int, act: str, always: str, working: str
) -> None:
    facts = alone(clock, step)
    assert next_due_action(facts, FRIDAY, DAY_AND_NIGHT) == DueAction(
        clock, step, local(always), act, percent
    )
    assert next_due_action(facts, FRIDAY, OFFICE_HOURS) == DueAction(
        clock, step, local(working), act, percent
    )


@pytest.mark.parametrize(
    ("status", "acknowledged", "clocks"),
    [
        ("new", None, ["accept", "resolve"]),
        ("accepted", None, ["resolve"]),
        ("dispatched", None, ["acknowledge", "resolve"]),
        ("dispatched", FRIDAY, ["resolve"]),
        ("waiting", None, []),
        ("resolved", None, []),
        ("closed", None, []),
        ("rejected", None, []),
        ("merged", None, []),
    ],
)
def test_each_state_runs_its_clocks(status: str, acknowledged: datetime | None, clocks: list[str]) -> None:
    assert running_clocks(ticket(status, dispatched_at=FRIDAY, acknowledged_at=acknowledged)) == clocks


@pytest.mark.parametrize("status", [Status.CLOSED, Status.REJECTED, Status.MERGED])
def test_nothing_is_ever_due_for_a_ticket_that_is_over(status: Status) -> None:
    over = ticket(status, resolved_at=FRIDAY, dispatched_at=FRIDAY)
    assert next_due_action(over, FRIDAY + timedelta(days=400), DAY_AND_NIGHT) is None


def test_the_earliest_of_the_running_clocks_comes_first() -> None:
    soon = next_due_action(ticket(accept_minutes=50), FRIDAY, DAY_AND_NIGHT)
    assert soon == DueAction("accept", 0, local("2026-03-06 17:10"), "remind", 80)
    assert next_due_action(ticket(accept_minutes=NEVER), FRIDAY, DAY_AND_NIGHT) == DueAction(
        "resolve", 0, local("2026-03-06 17:50"), "remind", 80
    )


def test_clocks_of_different_kinds_run_side_by_side() -> None:
    mixed = Clocks(Clock.WORKING, Clock.WORKING, Clock.ALWAYS, CALENDAR)
    assert next_due_action(ticket(), FRIDAY, mixed) == DueAction(
        "resolve", 0, local("2026-03-06 17:50"), "remind", 80
    )
    assert due_at(ticket(), "accept", 80, mixed) == local("2026-03-09 08:50")


def test_an_extension_moves_the_resolve_clock_and_no_other() -> None:
    extended = ticket(extra_minutes=100)
    assert due_at(extended, "resolve", 100, DAY_AND_NIGHT) == FRIDAY + timedelta(minutes=200)
    assert due_at(extended, "accept", 100, DAY_AND_NIGHT) == FRIDAY + timedelta(minutes=100)


def after(*minutes: int) -> list[datetime]:
    return [FRIDAY + timedelta(minutes=n) for n in minutes]


def test_a_pause_moves_the_resolve_clock_and_no_other() -> None:
    paused = ticket(pauses=after(30, 90))
    assert due_at(paused, "resolve", 100, DAY_AND_NIGHT) == FRIDAY + timedelta(minutes=160)
    assert due_at(paused, "accept", 100, DAY_AND_NIGHT) == FRIDAY + timedelta(minutes=100)


def test_only_office_hours_inside_a_pause_move_a_working_clock() -> None:
    """Thirty minutes of the pause lie before Friday's end; the night and the weekend were no work anyway."""
    paused = ticket(pauses=[*after(30), local("2026-03-09 08:30")])
    assert due_at(paused, "resolve", 100, OFFICE_HOURS) == local("2026-03-09 09:40")


def test_several_pauses_are_all_left_out() -> None:
    paused = ticket(pauses=after(10, 20, 30, 60, 200, 300))
    assert due_at(paused, "resolve", 100, DAY_AND_NIGHT) == FRIDAY + timedelta(minutes=140)


def test_a_pause_before_the_clock_began_counts_for_nothing() -> None:
    """It belongs to the time before the reopening."""
    assert due_at(ticket(pauses=after(-60, -30)), "resolve", 100, DAY_AND_NIGHT) == after(100)[0]


def test_a_waiting_ticket_goes_on_at_its_date_and_nothing_comes_before() -> None:
    (until,) = after(5000)
    waits = ticket("waiting", pauses=[*after(10), until], paused_until=until, accept_minutes=20)
    assert next_due_action(waits, FRIDAY, DAY_AND_NIGHT) == DueAction("pause", 0, until, "resume", 100)


@pytest.mark.parametrize(
    ("step", "minutes", "left"), [(0, 300, 0), (1, 79, 0), (1, 80, 1), (2, 90, 1), (3, 310, 3)]
)
def test_moments_a_new_limit_puts_ahead_come_again(step: int, minutes: int, left: int) -> None:
    """Of 100 minutes: 80 %, 100 % and 300 %. What is still past is not done twice, what was never done is not skipped."""
    assert passed_moments(ticket(resolve_step=step), "resolve", after(minutes)[0], DAY_AND_NIGHT) == left


def test_within_working_days_ends_at_midnight_after_the_last_of_them() -> None:
    assert workday_deadline(5, FRIDAY, DAY_AND_NIGHT) == local("2026-03-14 00:00")


def test_in_a_trial_working_days_are_scaled_days() -> None:
    trial = Clocks(Clock.WORKING, Clock.WORKING, Clock.WORKING, CALENDAR, scale=0.01)
    assert workday_deadline(5, FRIDAY, trial) == FRIDAY + timedelta(days=0.05)


@pytest.mark.parametrize(("clock", "last"), [("accept", 2), ("resolve", 1), ("resolve", 2)])
def test_at_the_top_there_is_a_reminder_instead_of_moving_up(clock: str, last: int) -> None:
    at_top = next_due_action(alone(clock, last, level=TOP_LEVEL), FRIDAY, DAY_AND_NIGHT)
    below = next_due_action(alone(clock, last, level=TOP_LEVEL - 1), FRIDAY, DAY_AND_NIGHT)
    assert at_top
    assert below
    assert (at_top.act, below.act) == ("remind", "escalate")
    assert at_top.at == below.at


@pytest.mark.parametrize(
    ("last_told", "next_told"),
    [
        ("2026-03-04 10:00", "2026-03-05 08:30"),
        ("2026-03-05 08:30", "2026-03-06 08:30"),
        ("2026-03-06 08:30", "2026-03-09 08:30"),  # over the weekend
        ("2026-03-07 23:59", "2026-03-09 08:30"),  # from a Saturday night
        ("2026-02-27 12:00", "2026-02-28 08:30"),  # a Saturday made up for the Spring Festival
        ("2026-09-30 12:00", "2026-10-08 08:30"),  # over the National Day holiday
    ],
)
@pytest.mark.parametrize("clocks", [DAY_AND_NIGHT, OFFICE_HOURS])
def test_after_its_last_moment_the_top_is_reminded_every_working_day(
    clocks: Clocks, last_told: str, next_told: str
) -> None:
    long_over = ticket(
        "accepted", level=TOP_LEVEL, resolve_step=len(MOMENTS["resolve"]), timed_at=local(last_told)
    )
    found = next_due_action(long_over, local(last_told), clocks)
    assert found == DueAction("resolve", 3, local(next_told), "remind", 300)


def test_an_unaccepted_ticket_at_the_top_is_reminded_once_a_day_not_once_a_clock() -> None:
    both = ticket(level=TOP_LEVEL, accept_step=3, resolve_step=3, timed_at=local("2026-03-04 10:00"))
    found = next_due_action(both, FRIDAY, DAY_AND_NIGHT)
    assert found
    assert found.at == local("2026-03-05 08:30")
    told = cast(Facts, {**both, "timed_at": found.at, f"{found.clock}_step": found.step + 1})
    after = next_due_action(told, FRIDAY, DAY_AND_NIGHT)
    assert after
    assert after.at == local("2026-03-06 08:30")


def test_silence_settles_after_seven_days_of_any_kind() -> None:
    resolved = ticket("resolved", resolved_at=FRIDAY)
    for clocks in (DAY_AND_NIGHT, OFFICE_HOURS):
        assert next_due_action(resolved, FRIDAY, clocks) == DueAction(
            "silence", 0, FRIDAY + timedelta(days=7), "settle", 100
        )


def test_a_trial_scales_every_moment_and_runs_day_and_night() -> None:
    trial = Clocks(Clock.WORKING, Clock.WORKING, Clock.WORKING, CALENDAR, scale=0.01)
    for clock, step, percent, act, *_ in TABLE:
        facts = alone(clock, step)
        at = FRIDAY + timedelta(minutes=percent / 100)
        assert next_due_action(facts, FRIDAY, trial) == DueAction(clock, step, at, act, percent)
    silent = next_due_action(ticket("resolved", resolved_at=FRIDAY), FRIDAY, trial)
    assert silent
    assert silent.at == FRIDAY + timedelta(days=0.07)
    daily = next_due_action(
        ticket("accepted", level=TOP_LEVEL, resolve_step=3, timed_at=FRIDAY), FRIDAY, trial
    )
    assert daily
    assert daily.at == FRIDAY + timedelta(days=0.01)
