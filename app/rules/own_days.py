"""An office's own days and hours, laid over the calendar of all; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from app.rules.workdays import ONE_DAY, Calendar, Frame


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `first` to `last`, both included, on which an office works or rests."""

    first: date
    last: date
    works: bool

    def days(self) -> Iterator[date]:
        day = self.first
        while day <= self.last:
            yield day
            day += ONE_DAY


def clashes(stretches: Sequence[Stretch]) -> list[tuple[int, int]]:
    """Return the pairs, by their places in the list, that name a day twice."""
    return [
        (one, other)
        for (one, a), (other, b) in combinations(enumerate(stretches), 2)
        if a.first <= b.last and b.first <= a.last
    ]


def disorder(frames: Sequence[Frame]) -> int | None:
    """Return the place of the first frame that is empty or begins before the one ahead of it ends."""
    for n, frame in enumerate(frames):
        if frame.start >= frame.end or (n and frame.start < frames[n - 1].end):
            return n
    return None


def laid_over(calendar: Calendar, stretches: Iterable[Stretch], frames: Sequence[Frame] = ()) -> Calendar:
    """Return the calendar of an office: its own days before those of all, its own hours instead of theirs.

    A year in which it has named a day counts as known, as one with a row of the notice does.
    """
    own = {day: stretch.works for stretch in stretches for day in stretch.days()}
    if not own and not frames:
        return calendar
    years = calendar.years | {day.year for day in own}
    return Calendar({**calendar.days, **own}, tuple(frames) or calendar.frames, years)


def longest_rest(calendar: Calendar) -> int:
    """Return the most days in a row without work, weekends included, from the first to the last day a calendar names."""
    longest = row = 0
    for day in Stretch(min(calendar.days), max(calendar.days), works=False).days() if calendar.days else ():
        row = 0 if calendar.is_workday(day) else row + 1
        longest = max(longest, row)
    return longest
