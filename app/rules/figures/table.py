"""The shape of a figure: its columns, and how rows are made of counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.enums import ColumnKind
from app.rules.figures.tally import EXCLUDED, Counts, Tally, Window


class Drawing(StrEnum):
    """How a figure is drawn."""

    BARS = "bars"
    GRID = "grid"


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: str
    kind: ColumnKind = ColumnKind.COUNT


Value = int | float | str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its key; its cells by the keys of the columns. A share is None where there is nothing to divide by."""

    key: str
    label: str
    cells: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Names:
    """What keys stand for: names by category code or by id, and the units that the place is divided into, in order."""

    of: Mapping[str, str]
    parts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: what it counts, and the rows made of that.

    `definition` says in Chinese what is divided by what. `reasons`: why tickets are left out, in the order shown.
    `drawn`: the column that is drawn; all counts in a grid.
    """

    name: str
    title: str
    definition: str
    columns: Sequence[Column]
    tallies: Sequence[Tally]
    rows: Callable[[Counts, Window, Names], Sequence[Row]]
    drawn: str = ""
    drawing: Drawing = Drawing.BARS
    reasons: Mapping[str, str] = field(default_factory=dict)


TOTAL: Final = "total"
TOTAL_LABEL: Final = "合计"


def share(part: float, whole: int) -> float | None:
    """Return a share to a tenth of a percent, None of nothing: rounded once, it is the same wherever it is shown."""
    return round(part / whole, 3) if whole else None


def counted(counts: Counts, key: str, columns: Sequence[Column]) -> dict[str, Value]:
    """Return the cells of a row's counts."""
    return {column.key: counts[key, column.key] for column in columns if column.kind is ColumnKind.COUNT}


def keys_of(counts: Counts) -> list[str]:
    """Return the keys of the rows that count anything, `total` and what is left out aside."""
    return list(dict.fromkeys(row for row, _ in counts if row not in {EXCLUDED, TOTAL}))
