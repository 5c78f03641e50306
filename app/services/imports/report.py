"""What an import found, line by line."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

MOST: Final = 10  # complaints about one line; a street that becomes a unit has hundreds below it


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file (1 is the header) and, when it is bad, the sentence that says why."""

    file: str
    line: int
    ok: bool
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """Every line, and how many rows of each kind were read; `ok` means that they were written too."""

    lines: list[Line] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def bad(self) -> list[Line]:
        return [line for line in self.lines if not line.ok]

    @property
    def ok(self) -> bool:
        return not self.bad


class Row(NamedTuple):
    """One row of a file, its cells by column, cleaned."""

    file: str
    line: int
    cells: dict[str, str]


class Findings:
    """The lines met so far and all that is wrong with each."""

    def __init__(self) -> None:
        self._wrong: dict[tuple[str, int], list[str]] = {}
        self._counts: Counter[str] = Counter()

    @property
    def clean(self) -> bool:
        return not any(self._wrong.values())

    def meet(self, kind: str, row: Row) -> None:
        self._wrong.setdefault((row.file, row.line), [])
        self._counts[kind] += 1

    def bad(self, file: str, line: int, message: str) -> None:
        wrong = self._wrong.setdefault((file, line), [])
        if len(wrong) < MOST and message not in wrong:
            wrong.append(message)

    def wrong(self, row: Row, message: str) -> None:
        self.bad(row.file, row.line, message)

    def once(self, seen: dict[str, Row], key: str, row: Row, what: str) -> bool:
        """Tell whether `key` is met for the first time; the second time is wrong."""
        first = seen.setdefault(key, row) if key else row
        if first is not row:
            self.wrong(row, f"{what}“{key}”与 {first.file} 第 {first.line} 行重复")
        return first is row

    def report(self) -> Report:
        lines = [
            Line(file, line, not wrong, ";".join(wrong) + "。" if wrong else "")
            for (file, line), wrong in self._wrong.items()
        ]
        return Report(lines, dict(self._counts))
