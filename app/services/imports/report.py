"""What an import found, line by line."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

MOST: Final = 10  # complaints about one line; a street that becomes a unit has hundreds below it


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file (1 is the header) and, when it is bad, the sentence that says why; else what came of it."""

    file: str
    line: int
    ok: bool
    message: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an import would do to one kind of thing: codes it adds and changes, how many it leaves as they are."""

    kind: str
    added: list[str]
    changed: list[str]
    same: int


@dataclass(frozen=True, slots=True)
class Report:
    """Every line, and how many rows of each kind were read; `ok` means that they were written too, unless it was dry.

    `notes` say what was assumed of a file, `changes` what a dry run would have changed.
    """

    lines: list[Line] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

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
        self._notes: list[str] = []
        self._told: dict[tuple[str, int], str] = {}

    @property
    def clean(self) -> bool:
        return not any(self._wrong.values())

    def note(self, said: str) -> None:
        self._notes.append(said)

    def meet(self, kind: str, row: Row) -> None:
        self._wrong.setdefault((row.file, row.line), [])
        self._counts[kind] += 1

    def bad(self, file: str, line: int, message: str) -> None:
        wrong = self._wrong.setdefault((file, line), [])
        if len(wrong) < MOST and message not in wrong:
            wrong.append(message)

    def wrong(self, row: Row, message: str) -> None:
        self.bad(row.file, row.line, message)

    def tell(self, row: Row, message: str) -> None:
        """Say something of a line that is good, shown once it was written."""
        self._told[row.file, row.line] = message

    def once(self, seen: dict[str, Row], key: str, row: Row, what: str) -> bool:
        """Tell whether `key` is met for the first time; the second time is wrong."""
        first = seen.setdefault(key, row) if key else row
        if first is not row:
            self.wrong(row, f"{what}“{key}”与 {first.file} 第 {first.line} 行重复")
        return first is row

    def report(self, changes: list[Change] | None = None) -> Report:
        lines = [
            Line(*at, not wrong, ";".join(wrong) + "。" if wrong else self._told.get(at, ""))
            for at, wrong in self._wrong.items()
        ]
        return Report(lines, dict(self._counts), self._notes, changes or [])


def told(report: Report, *, dry: bool = False) -> list[str]:
    """Return the lines of a report as people read them."""
    lines = [*report.notes, *(f"{line.file} 第 {line.line} 行：{line.message}" for line in report.bad)]
    if report.bad:
        return [*lines, f"有 {len(report.bad)} 处问题，什么都没有导入；改好后重新导入即可"]
    counts = ",".join(f"{kind} {count} 行" for kind, count in report.counts.items())
    if not dry:
        became = [f"{line.file} 第 {line.line} 行：{line.message}" for line in report.lines if line.message]
        return [*lines, *became, f"已导入：{counts}"]
    return [*lines, *map(_change, report.changes), f"检查通过：{counts}；只是检查，什么都没有写入"]


def _change(change: Change) -> str:
    if change.kind == "labels":
        return f"另有 {len(change.changed)} 处地址的全称会跟着变：{_codes(change.changed)}"
    parts = [
        f"{what} {len(codes)}（{_codes(codes)}）"
        for what, codes in (("新增", change.added), ("改动", change.changed))
        if codes
    ]
    return f"{change.kind}：" + "，".join([*parts, f"不变 {change.same}"])


def _codes(codes: list[str]) -> str:
    return "、".join(codes[:MOST]) + (" 等" if len(codes) > MOST else "")
