"""What happens when time runs out: the moments of each clock, once each, as a table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.rules import calling, sla
from app.rules.calling import Called
from app.rules.facts import Facts
from app.rules.lifecycle import SILENCE, TOP, UNDER_WAY
from app.rules.workdays import Calendar, Clock, Pause, deadline_of_workdays, next_in_frame
from app.words import Status

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
    """The clocks a ticket's category names, and how time is counted for it."""

    accept: Clock
    acknowledge: Clock
    resolve: Clock
    calendar: Calendar
    scale: float = 1.0

    @property
    def called(self) -> Clock:
        """A department that is called acknowledges as one that is dispatched to."""
        return self.acknowledge


@dataclass(frozen=True, slots=True)
class Due:
    """The next moment of one clock: its place in the table, when it is, what the timer does then, and whose clock it is
    where each department has its own.
    """

    clock: str
    step: int
    at: datetime
    act: str
    percent: int
    organisation_id: UUID | None = None


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
    extra, pauses = (ticket["extra_minutes"], paused(ticket)) if name == "resolve" else (0, [])
    return sla.moment(
        start, limit, percent, clocks.calendar, extra_minutes=extra, pauses=pauses, scale=clocks.scale
    )


def paused(ticket: Facts) -> list[Pause]:
    """Return the ticket's pauses as intervals; an open one ends when it is meant to."""
    edges = ticket["pauses"]
    return list(zip(edges[::2], edges[1::2], strict=True))


def late(ticket: Facts, now: datetime) -> set[str]:
    """Name the clocks whose due time has passed before they were met, or was passed when they were."""
    names = running(ticket)
    if ticket["status"] in {Status.WAITING, Status.RESOLVED}:
        names.append("resolve")  # it stands still, and may have been past before
    met = {"resolve": ticket["resolved_at"] or now}
    dues: dict[str, datetime | None] = {name: ticket[f"{name}_due"] for name in names}  # type: ignore[literal-required]  # three columns
    missed = {f"called {part.organisation_id}" for part in calling.timed(ticket) if part.is_late(now)}
    return missed | {name for name, due in dues.items() if due and met.get(name, now) > due}


def still_done(ticket: Facts, name: str, now: datetime, clocks: Clocks) -> int:
    """Return how many moments of clock `name` stay done under a new limit: those it puts ahead come again."""
    done = MOMENTS[name][: ticket[f"{name}_step"]]  # type: ignore[literal-required]  # three columns
    return sum(due(ticket, name, moment.percent, clocks) <= now for moment in done)


def within(days: int, now: datetime, clocks: Clocks) -> datetime:
    """Return the end of "within n working days" of `now`; a trial counts scaled days of 24 hours."""
    if clocks.scale != 1:
        return now + timedelta(days=days) * clocks.scale
    return deadline_of_workdays(now, days, clocks.calendar)


def upcoming(ticket: Facts, now: datetime, clocks: Clocks) -> Due | None:
    """Return the ticket's next moment of any clock, or None when no clock runs."""
    if ticket["status"] == Status.RESOLVED and ticket["resolved_at"]:
        return Due("silence", 0, ticket["resolved_at"] + SILENCE * clocks.scale, SETTLE, 100)
    moments = [_next(ticket, name, now, clocks) for name in running(ticket)]
    if ticket["status"] == Status.WAITING and ticket["paused_until"]:
        moments = [Due("pause", 0, ticket["paused_until"], RESUME, 100)]
    moments += _of_called(ticket, clocks)  # also while the ticket waits
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


def _of_called(ticket: Facts, clocks: Clocks) -> list[Due]:
    """Return the next moment of each department that has not taken its part; past the table's end there is none."""
    table = MOMENTS["called"]
    return [
        Due(
            "called",
            part.step,
            due_of(part, moment.percent, clocks),
            moment.act,
            moment.percent,
            part.organisation_id,
        )
        for part in calling.timed(ticket)
        for moment in table[part.step : part.step + 1]
    ]


def due_of(part: Called, percent: int, clocks: Clocks) -> datetime:
    """Return when `percent` of a department's time to take its part is over; no pause stops it."""
    limit = sla.Limit(part.minutes, Clock(clocks.called))
    return sla.moment(part.called_at, limit, percent, clocks.calendar, scale=clocks.scale)


def _next_day(last: datetime, clocks: Clocks) -> datetime:
    """Return the start of the working day after the last reminder."""
    if clocks.scale != 1:
        return last + timedelta(days=1) * clocks.scale
    return next_in_frame(deadline_of_workdays(last, 0, clocks.calendar), clocks.calendar)
