"""What was measured, beside what was wished: the table on the screen and docs/bench.json."""

import json
import os
import platform
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import psutil

RESULT = Path(__file__).parents[1] / "docs" / "bench.json"
_HEAD = ("what", "ours", "bare", "ratio", "goal", "", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One measure. `bare`: the floor, or a fixed reference; without it the goal is about `ours` itself."""

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
        """Tell whether the goal is reached."""
        value = self.ours if self.ratio is None else self.ratio
        return value >= self.goal if self.better == "higher" else value <= self.goal

    def document(self) -> dict[str, Any]:
        """Return the row as docs/bench.json has it."""
        said: dict[str, Any] = {"name": self.name}
        for name in ("ours", "bare", "ratio"):
            value = getattr(self, name)
            said[name] = value if value is None else float(f"{value:.4g}")
        more = {"unit": self.unit, "goal": self.goal, "better": self.better}
        return said | more | {"met": self.met, "detail": self.detail}


def table(rows: Sequence[Row]) -> str:
    """Return the rows for a terminal."""
    lines = [_HEAD]
    for row in rows:
        sign = "≥" if row.better == "higher" else "≤"
        measured = (_number(row.ours) + " " + row.unit, _number(row.bare), _number(row.ratio))
        lines.append(
            (row.name, *measured, f"{sign} {row.goal:g}", "met" if row.met else "MISSED", row.detail)
        )
    return aligned(lines)


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Return lines of as many cells each in columns as wide as their widest."""
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "".join("  ".join(map(_padded, line, widths)).rstrip() + "\n" for line in lines)


def save(result: Path, documents: Sequence[dict[str, Any]], machine: str, how: str) -> None:
    """Write a result whole, or not at all."""
    date = datetime.now(UTC).date().isoformat()
    said = {"rows": list(documents), "machine": machine, "date": date, "how": how}
    fresh = result.with_suffix(".new")
    fresh.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
    fresh.replace(result)


def machine() -> str:
    """Describe the machine by what matters for the figures."""
    memory = round(psutil.virtual_memory().total / 2**30)
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {_processor()}, {memory} GB, {platform.system()}, "
        f"Python {platform.python_version()}, load before the run {loads}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _width(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in words)


def _padded(words: str, width: int) -> str:
    return words + " " * (width - _width(words))
