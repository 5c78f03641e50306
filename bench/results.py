"""The results beside their goals: a table for the terminal, and docs/bench.json."""

import json
import os
import platform
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import psutil

RESULT_FILE: Final = Path(__file__).parents[1] / "docs" / "bench.json"
_HEADER: Final = ("what", "ours", "bare", "ratio", "goal", "", "")


@dataclass(frozen=True, slots=True)
class BenchResult:
    """One figure. `bare`: the bare endpoint's, or a fixed reference. The goal is for the ratio, or else for `ours`."""

    name: str
    ours: float
    unit: str
    goal: float
    better: Literal["higher", "lower"]
    bare: float | None = None
    ratio: float | None = None
    detail: str = ""

    @property
    def met(self) -> bool:
        """Tell whether the goal is met."""
        value = self.ours if self.ratio is None else self.ratio
        return value >= self.goal if self.better == "higher" else value <= self.goal

    def to_json(self) -> dict[str, Any]:
        """Return the result in the form of docs/bench.json, figures with four significant digits."""
        figures = {name: _four_digits(getattr(self, name)) for name in ("ours", "bare", "ratio")}
        goal = {"unit": self.unit, "goal": self.goal, "better": self.better}
        return {"name": self.name, **figures, **goal, "met": self.met, "detail": self.detail}


def format_table(results: Sequence[BenchResult]) -> str:
    """Format the results for a terminal."""
    rows = [_HEADER]
    for result in results:
        sign = "≥" if result.better == "higher" else "≤"
        figures = (f"{_format(result.ours)} {result.unit}", _format(result.bare), _format(result.ratio))
        verdict = "met" if result.met else "MISSED"
        rows.append((result.name, *figures, f"{sign} {result.goal:g}", verdict, result.detail))
    return align_columns(rows)


def align_columns(rows: Sequence[Sequence[str]]) -> str:
    """Format rows with the same number of cells, each column as wide as its widest cell."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "".join("  ".join(map(_pad, row, widths)).rstrip() + "\n" for row in rows)


def save(file: Path, rows: Sequence[dict[str, Any]], machine: str, how: str) -> None:
    """Write a result file atomically. `how` says how it was measured."""
    date = datetime.now(UTC).date().isoformat()
    document = {"rows": list(rows), "machine": machine, "date": date, "how": how}
    temporary = file.with_suffix(".new")
    temporary.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    temporary.replace(file)


def describe_machine() -> str:
    """Return in one line what the figures depend on: processor, memory, Python, present load."""
    memory = round(psutil.virtual_memory().total / 2**30)
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {_processor()}, {memory} GB, {platform.system()}, "
        f"Python {platform.python_version()}, load before the run {loads}"
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _four_digits(value: float | None) -> float | None:
    return value if value is None else float(f"{value:.4g}")


def _format(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _width(text: str) -> int:
    """Return the number of terminal columns; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
