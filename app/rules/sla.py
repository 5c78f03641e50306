"""Arithmetic of limits: when a percentage of one is reached, how much is used, and the limit of a reopened ticket."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.rules.workdays import Calendar, Clock, Pause, add, elapsed


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of so many minutes, counted on a clock."""

    minutes: int
    clock: Clock


def due_time(
    start: datetime,
    limit: Limit,
    percent: int,
    calendar: Calendar,
    *,
    extra_minutes: int = 0,
    pauses: Iterable[Pause] = (),
    scale: float = 1.0,
) -> datetime:
    """Return when `percent` of the extended limit has run since `start`, without pauses. Raises as `workdays.add`.

    A `scale` other than 1 (for trials) multiplies the limit and lets every clock run day and night.
    """
    length, clock = _scaled(limit, extra_minutes, scale)
    return add(start, length * percent / 100, clock, calendar, pauses)


def used_share(
    start: datetime,
    now: datetime,
    limit: Limit,
    calendar: Calendar,
    *,
    extra_minutes: int = 0,
    pauses: Iterable[Pause] = (),
    scale: float = 1.0,
) -> float:
    """Return the share of the extended limit used by `now`: 0.0 nothing, 1.0 due, above that overdue."""
    length, clock = _scaled(limit, extra_minutes, scale)
    return elapsed(start, now, clock, calendar, pauses) / length


def reopened_limit(limit: Limit, calendar: Calendar) -> Limit:
    """Return half the limit, rounded up to a minute; on a working clock at least one day's office hours."""
    half = (limit.minutes + 1) // 2
    if limit.clock is Clock.WORKING:
        half = max(half, calendar.minutes_a_day)
    return Limit(half, limit.clock)


def _scaled(limit: Limit, extra_minutes: int, scale: float) -> tuple[timedelta, Clock]:
    length = timedelta(minutes=limit.minutes + extra_minutes) * scale
    if length <= timedelta():
        raise ValueError(f"{limit} + {extra_minutes} minutes, scaled by {scale}, leaves no time")
    return length, limit.clock if scale == 1 else Clock.ALWAYS
