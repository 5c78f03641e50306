"""What a figure counts: tallies over courses, each with the time that puts a ticket into the period."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from zlib import crc32

from app.enums import SHANGHAI
from app.rules.figures.course import Course, columns

Profile = Mapping[str, Any]  # those columns of a course that a tally reads
Cell = tuple[str, str | int]  # row and column; of a row's distribution, the value itself
Counts = Counter[Cell]
EXCLUDED: Final = "excluded"  # the row of what is left out; its columns are the reasons
REPEAT_PERIOD: Final = timedelta(days=30)
History = Sequence[tuple[datetime, Course]]  # of a ticket: its courses, each with the time since when
_END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)
_DUES: Final = frozenset({"accept_due", "resolve_due"})


class Span(StrEnum):
    """Which stretch of time a tally counts."""

    PERIOD = "period"
    BEFORE = "before"  # the period before it, as long
    DAY = "day"  # the day of `as_of`
    PAST = "past"  # all before `as_of`


@dataclass(frozen=True, slots=True)
class Window:
    """The period [since, until) of a figure, as far as it was known at `as_of`.

    `part`: the column of a course that says which part of the figure's place it belongs to; a profile has it as `part`.
    """

    since: datetime
    until: datetime
    as_of: datetime
    part: str = "grid_id"

    def span(self, span: Span) -> tuple[datetime | None, datetime]:
        """Return the stretch [from, to); None: from the beginning."""
        end = min(self.until, self.as_of)
        if span is Span.PERIOD:
            return self.since, end
        if span is Span.BEFORE:
            return self.since - (self.until - self.since), self.since
        if span is Span.PAST:
            return None, self.as_of
        midnight = datetime.combine(self.as_of.astimezone(SHANGHAI).date(), time(), SHANGHAI)
        return midnight, midnight + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """`cells` names the cells that a ticket counts in, read from these `columns` only; so equal tickets count together.

    `when`: the column whose time has to lie in the span. `only`: the values other columns must have. `repeats`: only
    tickets of the same unit and category as one that stood closed when they came, for 30 days at most.
    """

    when: str
    columns: Sequence[str]
    cells: Callable[[Profile, Window], Iterable[Cell]]
    span: Span = Span.PERIOD
    only: Mapping[str, Sequence[str]] | None = None
    repeats: bool = False

    @property
    def key(self) -> int:
        """Tell what is counted apart, cells aside: equal tallies are added up once, a changed one anew."""
        return crc32(repr((self.when, tuple(self.columns), self.only, self.repeats)).encode())

    @property
    def is_due(self) -> bool:
        """Tell whether its time may lie ahead of the last change."""
        return self.when in _DUES

    def takes(self, profile: Profile, window: Window) -> bool:
        """Tell whether a course counts, `repeats` aside."""
        start, end = window.span(self.span)
        at = profile[self.when]
        if at is None or not (start or at) <= at < end:
            return False
        return all(profile[column] in values for column, values in (self.only or {}).items())


def count_courses(tallies: Iterable[Tally], histories: Sequence[History], window: Window) -> Counts:
    """Count whole courses, as they were at `as_of`: the full fold, which the stored courses must agree with.

    `histories`: of each ticket its courses before `as_of`, with the time since when.
    """
    profiles = [columns(last) | {"part": getattr(last, window.part)} for *_, (_, last) in histories]
    counts: Counts = Counter()
    for tally in tallies:
        among = list(repeated(profiles, histories)) if tally.repeats else profiles
        for profile in among:
            if tally.takes(profile, window):
                counts.update(tally.cells(profile, window))
    return counts


def add_profiles(counts: Counts, tally: Tally, profiles: Iterable[Profile], window: Window) -> None:
    """Count profiles that stand for `n` tickets each."""
    for profile in profiles:
        for cell in tally.cells(profile, window):
            counts[cell] += profile["n"]


def repeated(profiles: Iterable[Profile], histories: Iterable[History]) -> Iterator[Profile]:
    """Yield those of the same unit and category as a ticket that stood closed when they came, for 30 days at most.

    What becomes of that ticket later, a reopening say, does not matter: so a day that is past is never counted anew.
    """
    closed: dict[tuple[Any, str], list[tuple[datetime, datetime, datetime]]] = {}
    for history in histories:
        ends = [*(at for at, _ in history[1:]), _END_OF_TIME]
        for (since, course), until in zip(history, ends, strict=True):
            if course.place_id and course.status == "closed" and course.outcome != "withdrawn":
                assert course.ended_at
                stretches = closed.setdefault((course.place_id, course.category), [])
                stretches.append((course.ended_at, since, until))
    for profile in profiles:
        came, stretches = profile["submitted_at"], closed.get((profile["place_id"], profile["category"]), [])
        if any(since <= came < until and came - ended <= REPEAT_PERIOD for ended, since, until in stretches):
            yield profile
