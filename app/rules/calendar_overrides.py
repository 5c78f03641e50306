"""An office's own holidays, workdays and working hours, laid over the national calendar."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from app.rules.workdays import ONE_DAY, Calendar, Frame


@dataclass(frozen=True, slots=True)
class DayRange:
    """The days from `first` to `last`, both included, on which an office works or is closed."""

    first: date
    last: date
    works: bool

    def days(self) -> Iterator[date]:
        day = self.first
        while day <= self.last:
            yield day
            day += ONE_DAY


def overlapping_pairs(ranges: Sequence[DayRange]) -> list[tuple[int, int]]:
    """Return the indexes of each two ranges that share a day."""
    return [
        (one, other)
        for (one, a), (other, b) in combinations(enumerate(ranges), 2)
        if a.first <= b.last and b.first <= a.last
    ]


def apply_overrides(calendar: Calendar, ranges: Iterable[DayRange], frames: Sequence[Frame] = ()) -> Calendar:
    """Return an office's calendar: its own days take precedence, its own working hours replace the others.

    A year in which the office has named a day counts as known, as one with a published holiday notice does.
    """
    own_days = {day: day_range.works for day_range in ranges for day in day_range.days()}
    if not own_days and not frames:
        return calendar
    years = calendar.years | {day.year for day in own_days}
    return Calendar({**calendar.days, **own_days}, tuple(frames) or calendar.frames, years)


def longest_rest(calendar: Calendar) -> int:
    """Return the most days in a row without work, weekends included, within the days that a calendar names."""
    if not calendar.days:
        return 0
    longest = current = 0
    for day in DayRange(min(calendar.days), max(calendar.days), works=False).days():
        current = 0 if calendar.is_workday(day) else current + 1
        longest = max(longest, current)
    return longest
