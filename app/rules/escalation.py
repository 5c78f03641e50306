"""What the timer does and when: the moments of each clock as a table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.enums import Status
from app.rules import deadlines, departments, sla
from app.rules.departments import DepartmentCall
from app.rules.facts import Facts
from app.rules.lifecycle import SETTLE_AFTER, TOP_LEVEL
from app.rules.workdays import Calendar, Clock, Pause, end_of_workdays, next_in_frame

REMIND, OVERDUE, ESCALATE, RECALL, SETTLE = "remind", "overdue", "escalate", "recall", "settle"
RESUME: Final = "resume"


@dataclass(frozen=True, slots=True)
class Moment:
    """At `percent` of a clock's limit the timer does `act`."""

    percent: int
    act: str


MOMENTS: Final[dict[str, tuple[Moment, ...]]] = {
    "accept": (Moment(80, REMIND), Moment(100, OVERDUE), Moment(200, ESCALATE)),
    "acknowledge": (Moment(100, REMIND), Moment(200, RECALL)),
    "resolve": (Moment(80, REMIND), Moment(100, ESCALATE), Moment(300, ESCALATE)),
    "called": (Moment(100, REMIND), Moment(200, REMIND)),  # each department's own, from its call
}


@dataclass(frozen=True, slots=True)
class Clocks:
    """How the time of a ticket's limits is counted: the clock of each, the calendar, and LOUDENG_SLA_SCALE."""

    accept: Clock
    acknowledge: Clock
    resolve: Clock
    calendar: Calendar
    scale: float = 1.0

    @property
    def called(self) -> Clock:
        """Return the clock of a called department: that of an organisation dispatched to."""
        return self.acknowledge


@dataclass(frozen=True, slots=True)
class DueAction:
    """What the timer does at the next moment of one clock. `step` is the moment's index in the table of that clock."""

    clock: str
    step: int
    at: datetime
    act: str
    percent: int
    organisation_id: UUID | None = None  # the department, where each has its own clock


def due_at(ticket: Facts, name: str, percent: int, clocks: Clocks) -> datetime:
    """Return when `percent` of the limit of clock `name` is reached."""
    clock = Clock(getattr(clocks, name))
    start = ticket["dispatched_at"] if name == "acknowledge" else ticket[f"{name}_from"]  # type: ignore[literal-required]  # three columns
    limit = sla.Limit(ticket[f"{name}_minutes"], clock)  # type: ignore[literal-required]  # three columns
    assert start is not None, name
    extra, pauses = (ticket["extra_minutes"], pause_intervals(ticket)) if name == "resolve" else (0, [])
    return sla.due_time(
        start, limit, percent, clocks.calendar, extra_minutes=extra, pauses=pauses, scale=clocks.scale
    )


def pause_intervals(ticket: Facts) -> list[Pause]:
    """Return the ticket's pauses as intervals; an open one ends at its `until`."""
    edges = ticket["pauses"]
    return list(zip(edges[::2], edges[1::2], strict=True))


def missed_limits(ticket: Facts, now: datetime) -> set[str]:
    """Return the clocks whose limit was missed, those of the departments called to the ticket included."""
    calls = {
        f"called {call.organisation_id}"
        for call in departments.unacknowledged_calls(ticket)
        if call.is_late(now)
    }
    return calls | deadlines.missed_clocks(ticket, now)


def passed_moments(ticket: Facts, name: str, now: datetime, clocks: Clocks) -> int:
    """Return how many done moments of clock `name` are past under a new limit; those it moves ahead are done again."""
    done = MOMENTS[name][: ticket[f"{name}_step"]]  # type: ignore[literal-required]  # three columns
    return sum(due_at(ticket, name, moment.percent, clocks) <= now for moment in done)


def workday_deadline(days: int, now: datetime, clocks: Clocks) -> datetime:
    """Return the end of the nth working day after `now`. With a scale other than 1, days are scaled 24 hours."""
    if clocks.scale != 1:
        return now + timedelta(days=days) * clocks.scale
    return end_of_workdays(now, days, clocks.calendar)


def next_due_action(ticket: Facts, now: datetime, clocks: Clocks) -> DueAction | None:
    """Return the ticket's next moment of any clock, or None when no clock runs."""
    if ticket["status"] == Status.RESOLVED and ticket["resolved_at"]:
        return DueAction("silence", 0, ticket["resolved_at"] + SETTLE_AFTER * clocks.scale, SETTLE, 100)
    moments = [_next(ticket, name, now, clocks) for name in deadlines.running_clocks(ticket)]
    if ticket["status"] == Status.WAITING and ticket["paused_until"]:
        moments = [DueAction("pause", 0, ticket["paused_until"], RESUME, 100)]
    moments += _next_of_calls(ticket, clocks)  # also while the ticket waits
    return min(moments, key=lambda moment: moment.at, default=None)


def _next(ticket: Facts, name: str, now: datetime, clocks: Clocks) -> DueAction:
    """Return the next moment of one clock; after the end of the table, a reminder every working day."""
    step: int = ticket[f"{name}_step"]  # type: ignore[literal-required]  # three columns
    table = MOMENTS[name]
    if step < len(table):
        moment = table[step]
        act = REMIND if moment.act == ESCALATE and ticket["level"] == TOP_LEVEL else moment.act
        return DueAction(name, step, due_at(ticket, name, moment.percent, clocks), act, moment.percent)
    return DueAction(name, step, _next_workday(ticket["timed_at"] or now, clocks), REMIND, table[-1].percent)


def _next_of_calls(ticket: Facts, clocks: Clocks) -> list[DueAction]:
    """Return the next moment of each unacknowledged call; none after the end of the table."""
    table = MOMENTS["called"]
    return [
        DueAction(
            "called",
            call.step,
            call_due_at(call, moment.percent, clocks),
            moment.act,
            moment.percent,
            call.organisation_id,
        )
        for call in departments.unacknowledged_calls(ticket)
        for moment in table[call.step : call.step + 1]
    ]


def call_due_at(call: DepartmentCall, percent: int, clocks: Clocks) -> datetime:
    """Return when `percent` of a department's limit to acknowledge is reached; pauses do not stop it."""
    limit = sla.Limit(call.minutes, Clock(clocks.called))
    return sla.due_time(call.called_at, limit, percent, clocks.calendar, scale=clocks.scale)


def _next_workday(last: datetime, clocks: Clocks) -> datetime:
    """Return the start of the working day after the last reminder."""
    if clocks.scale != 1:
        return last + timedelta(days=1) * clocks.scale
    return next_in_frame(end_of_workdays(last, 0, clocks.calendar), clocks.calendar)
