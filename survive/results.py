"""The promises beside what was measured: a table for the terminal, docs/survive.json, and the exit status."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.results import align_columns

RESULT_FILE: Final = Path(__file__).parents[1] / "docs" / "survive.json"
_VERDICT: Final = {True: "met", False: "BROKEN", None: "not run"}


@dataclass(frozen=True, slots=True)
class PromiseResult:
    """One promise. `met` is None when it cannot be measured on this machine; `measured` then says why."""

    promise: str
    asked: str
    measured: str
    met: bool | None
    detail: str = ""


def format_table(results: Sequence[PromiseResult]) -> str:
    """Format the results for a terminal."""
    header = ("promise", "asked", "measured", "", "")
    rows = ((one.promise, one.asked, one.measured, _VERDICT[one.met], one.detail) for one in results)
    return align_columns([header, *rows])


def to_json(results: Sequence[PromiseResult]) -> list[dict[str, object]]:
    """Return the results in the form of docs/survive.json."""
    return [asdict(result) for result in results]


def exit_status(results: Sequence[PromiseResult]) -> int:
    """Return 1 when a promise is broken, else 0. One that cannot be measured is not broken."""
    return int(any(result.met is False for result in results))


def describe_statuses(counts: Counter[int]) -> str:
    """Format how often each HTTP status was returned."""
    return ", ".join(f"{count:,} × {status}" for status, count in sorted(counts.items()))


def describe_ledger(*, valid: bool) -> str:
    """Format the verdict of verify-ledger."""
    return f"ledger {'whole' if valid else 'BROKEN'}"


def describe_unexpected(responses: Counter[str]) -> str:
    """Format the two most frequent responses that should not occur; empty when there are none."""
    return f"; unexpected: {dict(responses.most_common(2))}" if responses else ""
