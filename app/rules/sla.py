"""Moments of a limit: when N % of it has run, how much is used, what a reopening gets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.rules.workdays import Calendar, Clock, Pause, add, elapsed


@dataclass(frozen=True, slots=True)
class Limit:
    """One clock of a category; `minutes` of that clock's own time."""

    minutes: int
    clock: Clock


def moment(
    start: datetime,
    limit: Limit,
    percent: int,
    calendar: Calendar,
    *,
    extra_minutes: int = 0,
    pauses: Iterable[Pause] = (),
    scale: float = 1.0,
) -> datetime:
    """Find when `percent` of the extended limit has run since `start`, pauses left out; errors as `add`.

    A `scale` other than 1 multiplies the limit, for trials, and lets every clock run day and night.
    """
    length, clock = _scaled(limit, extra_minutes, scale)
    return add(start, length * percent / 100, clock, calendar, pauses)


def used(
    start: datetime,
    now: datetime,
    limit: Limit,
    calendar: Calendar,
    *,
    extra_minutes: int = 0,
    pauses: Iterable[Pause] = (),
    scale: float = 1.0,
) -> float:
    """Return the share of the extended limit used by `now`: 0.0 untouched, 1.0 due, above it overdue."""
    length, clock = _scaled(limit, extra_minutes, scale)
    return elapsed(start, now, clock, calendar, pauses) / length


def reopened(limit: Limit, calendar: Calendar) -> Limit:
    """Give half the limit, rounded up to a minute; on a working clock at least one day's office hours."""
    half = (limit.minutes + 1) // 2
    if limit.clock is Clock.WORKING:
        half = max(half, calendar.minutes_a_day)
    return Limit(half, limit.clock)


def _scaled(limit: Limit, extra_minutes: int, scale: float) -> tuple[timedelta, Clock]:
    length = timedelta(minutes=limit.minutes + extra_minutes) * scale
    if length <= timedelta():
        raise ValueError(f"{limit} + {extra_minutes} minutes, scaled by {scale}, leaves no time")
    return length, limit.clock if scale == 1 else Clock.ALWAYS
