"""What was promised, beside what was measured: the table on the screen and docs/survive.json."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.rows import aligned

RESULT: Final = Path(__file__).parents[1] / "docs" / "survive.json"
_VERDICT: Final = {True: "met", False: "BROKEN", None: "not run"}


@dataclass(frozen=True, slots=True)
class Row:
    """One promise. `met` is None when it could not be measured here; `measured` then says why."""

    promise: str
    asked: str
    measured: str
    met: bool | None
    detail: str = ""


def table(rows: Sequence[Row]) -> str:
    """Return the rows for a terminal."""
    head = ("promise", "asked", "measured", "", "")
    return aligned(
        [head, *((row.promise, row.asked, row.measured, _VERDICT[row.met], row.detail) for row in rows)]
    )


def documents(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Return the rows as docs/survive.json has them."""
    return [asdict(row) for row in rows]


def verdict(rows: Sequence[Row]) -> int:
    """Return the exit status: 1 when a promise is broken; one that could not be measured is not."""
    return int(any(row.met is False for row in rows))
