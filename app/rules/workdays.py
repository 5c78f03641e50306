"""The working calendar: how a clock runs over days, frames and pauses; pure arithmetic on moments."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias

from app.words import SHANGHAI

FOREVER = datetime.max.replace(tzinfo=UTC)
ONE_DAY, NO_TIME = timedelta(days=1), timedelta()
LONGEST_REST = 731  # days; two years without a working day are a mistake in the calendar, not a holiday

Span: TypeAlias = tuple[datetime, datetime]
Pause: TypeAlias = tuple[datetime, datetime | None]  # [from, to) in aware UTC; None: still paused


class Clock(StrEnum):
    ALWAYS = "24x7"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Frame:
    """Office hours [start, end) of a working day, local Shanghai wall time."""

    start: time
    end: time


DEFAULT_FRAMES = (Frame(time(8, 30), time(12)), Frame(time(14), time(17, 30)))


@dataclass(frozen=True, slots=True)
class Calendar:
    """`days`: the exceptions to Monday-Friday (True works); `years`: those whose arrangement is known."""

    days: Mapping[date, bool] = field(hash=False)
    frames: tuple[Frame, ...]
    years: frozenset[int]
    _spans: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        edges = [edge for frame in self.frames for edge in (frame.start, frame.end)]
        # without a frame no clock would ever run; out of order, time would run backwards
        if not edges or edges != sorted(edges) or any(frame.start == frame.end for frame in self.frames):
            raise ValueError(f"frames missing, empty, overlapping or out of order: {self.frames}")

    @property
    def minutes_a_day(self) -> int:
        spans = (
            (frame.end.hour - frame.start.hour, frame.end.minute - frame.start.minute)
            for frame in self.frames
        )
        return sum(hours * 60 + minutes for hours, minutes in spans)

    def knows(self, year: int) -> bool:
        return year in self.years

    def is_workday(self, day: date) -> bool:
        return self.days.get(day, day.weekday() < 5)

    def frames_on(self, day: date) -> tuple[Span, ...]:
        """Return the office hours of one Shanghai day in aware UTC, in order; none on a day of rest."""
        spans = self._spans.get(day)
        if spans is None:  # kept, because converting zones is the dear part of every sum
            frames = self.frames if self.is_workday(day) else ()
            spans = tuple((_utc(day, frame.start), _utc(day, frame.end)) for frame in frames)
            self._spans[day] = spans
        return spans


def load(rows: Iterable[Mapping[str, str]], frames: tuple[Frame, ...] = DEFAULT_FRAMES) -> Calendar:
    """Read rows of `date,kind,…`; a year with any row counts as known. ValueError names the bad row."""
    kinds, days = {"holiday": False, "workday": True}, dict[date, bool]()
    for number, row in enumerate(rows, start=1):
        try:
            day, works = date.fromisoformat(row["date"]), kinds[row["kind"]]
        except (KeyError, TypeError, ValueError) as problem:
            raise ValueError(f"calendar row {number} has a bad date or kind: {dict(row)}") from problem
        if day in days:
            raise ValueError(f"calendar row {number} names a day twice: {dict(row)}")
        days[day] = works
    return Calendar(days, frames, frozenset(day.year for day in days))


def add(
    start: datetime, duration: timedelta, clock: Clock, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> datetime:
    """Find the first moment at which `duration` of the clock's own time has run since `start`, pauses left out.

    ValueError: a negative duration, a pause without an end (pass its `until`), a calendar without workdays.
    """
    pauses = tuple(pauses)
    if duration < NO_TIME or any(stop is None for _, stop in pauses):
        raise ValueError(f"no due time from {duration} and pauses {pauses}")
    for begin, stop in _unpaused(start, pauses) if duration else ():
        due = _advance(begin, duration, clock, calendar)
        if due <= stop:
            return due
        duration -= _run(begin, stop, clock, calendar)
    return start  # nothing to wait for, even at night


def elapsed(
    start: datetime, end: datetime, clock: Clock, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> timedelta:
    """Count the clock's own time between two moments, pauses left out; zero when `end` is not after `start`."""
    stretches = _unpaused(start, pauses)
    return sum((_run(begin, min(stop, end), clock, calendar) for begin, stop in stretches), NO_TIME)


def next_in_frame(at: datetime, calendar: Calendar) -> datetime:
    """Return `at` itself inside a frame (its end is outside), else the start of the next frame."""
    return next(_frames(at, calendar))[0]


def deadline_of_workdays(at: datetime, n: int, calendar: Calendar) -> datetime:
    """Return midnight in Shanghai, as UTC, after the nth working day following the day of the act."""
    day = at.astimezone(SHANGHAI).date()
    for _ in range(n):
        day = _workday_from(day + ONE_DAY, calendar)
    return _utc(day + ONE_DAY, time())


def _advance(start: datetime, duration: timedelta, clock: Clock, calendar: Calendar) -> datetime:
    if clock is Clock.ALWAYS:
        return start + duration
    frames = _frames(start, calendar)
    begin, end = next(frames)
    while duration > end - begin:  # equal: due at the frame's end, not at the next one's start
        duration -= end - begin
        begin, end = next(frames)
    return begin + duration


def _run(begin: datetime, stop: datetime, clock: Clock, calendar: Calendar) -> timedelta:
    if clock is Clock.ALWAYS or stop <= begin:
        return max(NO_TIME, stop - begin)
    day, last = begin.astimezone(SHANGHAI).date(), stop.astimezone(SHANGHAI).date()
    total = NO_TIME
    while day <= last:
        for start, end in calendar.frames_on(day):
            total += max(NO_TIME, min(stop, end) - max(begin, start))
        day += ONE_DAY
    return total


def _frames(start: datetime, calendar: Calendar) -> Iterator[Span]:
    """Yield what is left of the frames from `start` on, without end."""
    day = start.astimezone(SHANGHAI).date()
    while True:
        day = _workday_from(day, calendar)
        for begin, end in calendar.frames_on(day):
            if end > start:
                yield max(begin, start), end
        day += ONE_DAY


def _workday_from(day: date, calendar: Calendar) -> date:
    for _ in range(LONGEST_REST):
        if calendar.is_workday(day):
            return day
        day += ONE_DAY
    raise ValueError(f"no working day in the two years before {day}")


def _unpaused(start: datetime, pauses: Iterable[Pause]) -> Iterator[Span]:
    """Yield the stretches of wall clock after `start` outside every pause; pauses may overlap or be empty."""
    for begin, end in sorted((begin, end or FOREVER) for begin, end in pauses):
        if end <= max(begin, start):
            continue
        if begin > start:
            yield start, begin
        start = end
    yield start, FOREVER


def _utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI).astimezone(UTC)
