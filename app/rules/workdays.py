"""The working calendar: how clocks run over days, office hours and pauses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias

from app.enums import SHANGHAI

FOREVER = datetime.max.replace(tzinfo=UTC)
ONE_DAY, NO_TIME = timedelta(days=1), timedelta()
END_OF_DAY = "24:00"
MAX_REST_DAYS = 731  # days; two years without a working day are a mistake in the calendar

Span: TypeAlias = tuple[datetime, datetime]
Pause: TypeAlias = tuple[datetime, datetime | None]  # [from, to) in aware UTC; None: still paused


class Clock(StrEnum):
    ALWAYS = "24x7"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Frame:
    """Office hours [start, end) that begin on a working day, Shanghai wall time; an end not after the start is on the next day."""

    start: time
    end: time  # 00:00 is midnight at the end of the day, written 24:00

    @property
    def span(self) -> tuple[timedelta, timedelta]:
        """Return start and end as the time since midnight of the day on which the frame begins."""
        start, end = (timedelta(hours=at.hour, minutes=at.minute) for at in (self.start, self.end))
        return start, end if self.start < self.end else end + ONE_DAY

    @property
    def is_empty(self) -> bool:
        return self.start == self.end != time()

    @property
    def end_text(self) -> str:
        return f"{self.end:%H:%M}" if self.end != time() else END_OF_DAY


def parse_frame(start: str, end: str) -> Frame:
    """Parse `HH:MM`; the end may be 24:00."""
    return Frame(time.fromisoformat(start), time() if end == END_OF_DAY else time.fromisoformat(end))


def first_misordered(frames: Sequence[Frame]) -> int | None:
    """Return the index of the first frame that is empty or begins before the one before it ends; None if all are fine.

    The last one may run into the next day, up to the first one's start.
    """
    for n, frame in enumerate(frames):
        if frame.is_empty or (n and frame.span[0] < frames[n - 1].span[1]):
            return n
    if frames and frames[-1].span[1] > frames[0].span[0] + ONE_DAY:
        return len(frames) - 1
    return None


DEFAULT_FRAMES = (Frame(time(8, 30), time(12)), Frame(time(14), time(17, 30)))


@dataclass(frozen=True, slots=True)
class Calendar:
    """`days`: exceptions to Monday-Friday (True: a working day); `years`: those whose holidays have been published."""

    days: Mapping[date, bool] = field(hash=False)
    frames: tuple[Frame, ...]
    years: frozenset[int]
    _spans: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # without a frame no working clock would run; out of order, it would run backwards
        if not self.frames or first_misordered(self.frames) is not None:
            raise ValueError(f"frames missing, empty, overlapping or out of order: {self.frames}")

    @property
    def minutes_a_day(self) -> int:
        spans = (frame.span for frame in self.frames)
        return sum((end - start for start, end in spans), NO_TIME) // timedelta(minutes=1)

    def has_year(self, year: int) -> bool:
        return year in self.years

    def is_workday(self, day: date) -> bool:
        return self.days.get(day, day.weekday() < 5)

    def frames_on(self, day: date) -> tuple[Span, ...]:
        """Return the office hours that begin on one Shanghai day in aware UTC, in order; empty on a day off."""
        spans = self._spans.get(day)
        if spans is None:  # cached: converting time zones is the slowest part
            frames = self.frames if self.is_workday(day) else ()
            midnight = datetime.combine(day, time(), SHANGHAI)
            spans = tuple(
                ((midnight + start).astimezone(UTC), (midnight + end).astimezone(UTC))
                for start, end in (frame.span for frame in frames)
            )
            self._spans[day] = spans
        return spans


def load_calendar(rows: Iterable[Mapping[str, str]], frames: tuple[Frame, ...] = DEFAULT_FRAMES) -> Calendar:
    """Return the calendar of rows `date,kind,…`; a year with any row counts as published. ValueError names the bad row."""
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
    """Return the first time at which `duration` has run on the clock since `start`, without pauses.

    Raises ValueError for a negative duration, a pause without an end (pass its `until`), a calendar without workdays.
    """
    pauses = tuple(pauses)
    if duration < NO_TIME or any(stop is None for _, stop in pauses):
        raise ValueError(f"no due time from {duration} and pauses {pauses}")
    for begin, stop in _unpaused(start, pauses) if duration else ():
        due = _advance(begin, duration, clock, calendar)
        if due <= stop:
            return due
        duration -= _time_between(begin, stop, clock, calendar)
    return start  # a duration of zero is over at once, even outside office hours


def elapsed(
    start: datetime, end: datetime, clock: Clock, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> timedelta:
    """Return the time that has run on the clock between two times, without pauses; zero if `end` is not after `start`."""
    intervals = _unpaused(start, pauses)
    return sum((_time_between(begin, min(stop, end), clock, calendar) for begin, stop in intervals), NO_TIME)


def next_in_frame(at: datetime, calendar: Calendar) -> datetime:
    """Return `at` if it lies in a frame (excluding its end), else the start of the next frame."""
    return next(_frames_from(at, calendar))[0]


def end_of_workdays(at: datetime, n: int, calendar: Calendar) -> datetime:
    """Return midnight in Shanghai, as UTC, at the end of the nth working day after the day of `at`."""
    day = at.astimezone(SHANGHAI).date()
    for _ in range(n):
        day = _workday_from(day + ONE_DAY, calendar)
    return _utc(day + ONE_DAY, time())


def _advance(start: datetime, duration: timedelta, clock: Clock, calendar: Calendar) -> datetime:
    if clock is Clock.ALWAYS:
        return start + duration
    frames = _frames_from(start, calendar)
    begin, end = next(frames)
    while duration > end - begin:  # equal: due at the frame's end, not at the next one's start
        duration -= end - begin
        begin, end = next(frames)
    return begin + duration


def _time_between(begin: datetime, stop: datetime, clock: Clock, calendar: Calendar) -> timedelta:
    if clock is Clock.ALWAYS or stop <= begin:
        return max(NO_TIME, stop - begin)
    day, last = _day_before(begin), stop.astimezone(SHANGHAI).date()
    total = NO_TIME
    while day <= last:
        for start, end in calendar.frames_on(day):
            total += max(NO_TIME, min(stop, end) - max(begin, start))
        day += ONE_DAY
    return total


def _frames_from(start: datetime, calendar: Calendar) -> Iterator[Span]:
    """Yield the frames from `start` on, the first one cut at `start`; never ends."""
    day = _day_before(start)
    while True:
        day = _workday_from(day, calendar)
        for begin, end in calendar.frames_on(day):
            if end > start:
                yield max(begin, start), end
        day += ONE_DAY


def _day_before(at: datetime) -> date:
    """Return the day before the day of `at`: its last frame may still run."""
    return at.astimezone(SHANGHAI).date() - ONE_DAY


def _workday_from(day: date, calendar: Calendar) -> date:
    for _ in range(MAX_REST_DAYS):
        if calendar.is_workday(day):
            return day
        day += ONE_DAY
    raise ValueError(f"no working day in the two years before {day}")


def _unpaused(start: datetime, pauses: Iterable[Pause]) -> Iterator[Span]:
    """Yield the intervals after `start` outside every pause; pauses may overlap or be empty."""
    for begin, end in sorted((begin, end or FOREVER) for begin, end in pauses):
        if end <= max(begin, start):
            continue
        if begin > start:
            yield start, begin
        start = end
    yield start, FOREVER


def _utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI).astimezone(UTC)
