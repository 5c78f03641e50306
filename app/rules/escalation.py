"""What happens when time runs out: the moments of each clock, once each, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.rules import sla
from app.rules.facts import Facts
from app.rules.lifecycle import SILENCE, TOP, UNDER_WAY
from app.rules.workdays import Calendar, Clock, Pause, deadline_of_workdays, next_in_frame
from app.words import Status

REMIND, OVERDUE, ESCALATE, RECALL, SETTLE = "remind", "overdue", "escalate", "recall", "settle"


@dataclass(frozen=True, slots=True)
class Moment:
    """At `percent` of a clock's limit the timer does `act`."""

    percent: int
    act: str


MOMENTS: Final[dict[str, tuple[Moment, ...]]] = {
    "accept": (Moment(80, REMIND), Moment(100, OVERDUE), Moment(200, ESCALATE)),
    "acknowledge": (Moment(100, REMIND), Moment(200, RECALL)),
    "resolve": (Moment(80, REMIND), Moment(100, ESCALATE), Moment(300, ESCALATE)),
}


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks a ticket's category names, and how time is counted for it."""

    accept: Clock
    acknowledge: Clock
    resolve: Clock
    calendar: Calendar
    scale: float = 1.0
    pauses: Sequence[Pause] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """The next moment of one clock: its place in the table, when it is, what the timer does then."""

    clock: str
    step: int
    at: datetime
    act: str
    percent: int


def running(ticket: Facts) -> list[str]:
    """Return the clocks that run in the ticket's state."""
    status = ticket["status"]
    names = ["accept"] if status == Status.NEW else []
    if status == Status.DISPATCHED and ticket["acknowledged_at"] is None:
        names.append("acknowledge")
    if status in UNDER_WAY and status != Status.WAITING:
        names.append("resolve")
    return names


def due(ticket: Facts, name: str, percent: int, clocks: Clocks) -> datetime:
    """Return when `percent` of the limit of clock `name` is reached."""
    clock = Clock(getattr(clocks, name))
    start = ticket["dispatched_at"] if name == "acknowledge" else ticket[f"{name}_from"]  # type: ignore[literal-required]  # three columns
    limit = sla.Limit(ticket[f"{name}_minutes"], clock)  # type: ignore[literal-required]  # three columns
    assert start is not None, name
    extra, pauses = (ticket["extra_minutes"], clocks.pauses) if name == "resolve" else (0, ())
    return sla.moment(
        start, limit, percent, clocks.calendar, extra_minutes=extra, pauses=pauses, scale=clocks.scale
    )


def upcoming(ticket: Facts, now: datetime, clocks: Clocks) -> Due | None:
    """Return the ticket's next moment of any clock, or None when no clock runs."""
    if ticket["status"] == Status.RESOLVED and ticket["resolved_at"]:
        return Due("silence", 0, ticket["resolved_at"] + SILENCE * clocks.scale, SETTLE, 100)
    moments = [_next(ticket, name, now, clocks) for name in running(ticket)]
    return min(moments, key=lambda moment: moment.at, default=None)


def _next(ticket: Facts, name: str, now: datetime, clocks: Clocks) -> Due:
    """Return the next moment of one clock; past the table's end, a reminder every working day."""
    step: int = ticket[f"{name}_step"]  # type: ignore[literal-required]  # three columns
    table = MOMENTS[name]
    if step < len(table):
        moment = table[step]
        act = REMIND if moment.act == ESCALATE and ticket["level"] == TOP else moment.act
        return Due(name, step, due(ticket, name, moment.percent, clocks), act, moment.percent)
    return Due(name, step, _next_day(ticket["timed_at"] or now, clocks), REMIND, table[-1].percent)


def _next_day(last: datetime, clocks: Clocks) -> datetime:
    """Return the start of the working day after the last reminder."""
    if clocks.scale != 1:
        return last + timedelta(days=1) * clocks.scale
    return next_in_frame(deadline_of_workdays(last, 0, clocks.calendar), clocks.calendar)
