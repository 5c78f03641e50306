"""What a bulletin tells and what it keeps to itself: quarters, redaction, corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

FEW: Final = 5  # a cell about fewer people is folded
TOP_CATEGORIES: Final = 10
OTHER: Final = "other"  # the code of all categories that are not told apart
OTHER_CATEGORIES: Final = "其他类别"
OTHER_ESTATES: Final = "不分小区"
_RATES: Final = ("response", "resolution", "satisfaction")


def quarter_days(quarter: str) -> tuple[date, date]:
    """Return the first and the last day of a quarter such as 2026Q3."""
    year, number = int(quarter[:4]), int(quarter[5])
    after = date(year + number // 4, number % 4 * 3 + 1, 1)
    return date(year, number * 3 - 2, 1), after - timedelta(days=1)


def quarter_before(quarter: str) -> str:
    """Return the quarter before."""
    year, number = int(quarter[:4]), int(quarter[5])
    return f"{year}Q{number - 1}" if number > 1 else f"{year - 1}Q4"


def quarter_name(quarter: str) -> str:
    """Return a quarter as people write it: 2026年第三季度."""
    return f"{quarter[:4]}年第{'一二三四'[int(quarter[5]) - 1]}季度"


@dataclass(frozen=True, slots=True)
class Done:
    """A ticket that was resolved, as far as a bulletin may know of it. `reporter` only tells people apart."""

    category: str
    estate: str
    outcome: str
    days: int
    reporter: str


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A ticket as it is told."""

    estate: str
    category: str
    outcome: str
    days: int


def lines(done: Sequence[Done]) -> list[Line]:
    """Return a line for each ticket, sorted so that their order tells nothing.

    Where fewer than FEW people reported a category in an estate, the estate is not told; where they are too few even so,
    the category is not either; what still stands for too few is left out.
    """
    told = [Line(one.estate, one.category, one.outcome, one.days) for one in done]
    for hide in (_without_estate, _without_category):
        people = _count(told, done)
        told = [line if people[line.estate, line.category] >= FEW else hide(line) for line in told]
    people = _count(told, done)
    return sorted(line for line in told if people[line.estate, line.category] >= FEW)


def _count(told: Sequence[Line], done: Sequence[Done]) -> Mapping[tuple[str, str], int]:
    """Return how many people each pair of estate and category stands for."""
    people: dict[tuple[str, str], set[str]] = {}
    for line, one in zip(told, done, strict=True):
        people.setdefault((line.estate, line.category), set()).add(one.reporter)
    return {key: len(reporters) for key, reporters in people.items()}


def _without_estate(line: Line) -> Line:
    return Line(OTHER_ESTATES, line.category, line.outcome, line.days)


def _without_category(line: Line) -> Line:
    return Line(OTHER_ESTATES, OTHER_CATEGORIES, line.outcome, line.days)


def tell(count: int | None) -> int | None:
    """Return a number that may be told, None for one about too few people; none at all may be told."""
    return count if count is None or count == 0 or count >= FEW else None


Counted = tuple[str, int, int]  # a category, how many now, how many in the quarter before


def top_categories(
    counted: Sequence[Counted], public: Mapping[str, str]
) -> list[tuple[str, int | None, int | None]]:
    """Return the names and numbers of the largest categories; the others, private ones and those of too few together."""
    ranked = sorted(counted, key=lambda one: (-one[1], one[0]))
    shown = [one for one in ranked if one[0] in public and one[1] >= FEW][:TOP_CATEGORIES]
    rest = [one for one in ranked if one not in shown]
    rows = [(public[code], tell(now), tell(before)) for code, now, before in shown]
    others = (sum(now for _, now, _ in rest), sum(before for _, _, before in rest))
    return [*rows, (OTHER_CATEGORIES, tell(others[0]), tell(others[1]))] if rest else rows


def corrections(
    quarter: str, told: Mapping[str, float | None], now: Mapping[str, float | None], names: Mapping[str, str]
) -> list[str]:
    """Return a sentence for each rate of a published bulletin that later answers have changed."""
    return [
        f"{quarter_name(quarter)}公示的{names[key]}为{_percent(told[key])}，此后又有答复，更正为{_percent(now[key])}。"
        for key in _RATES
        if key in told and _percent(told[key]) != _percent(now.get(key))
    ]


def _percent(share: float | None) -> str:
    return "（人数太少，不公布）" if share is None else f"{share:.1%}"
