"""The report of an import, line by line."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

MAX_ERRORS_PER_LINE: Final = (
    10  # a street that becomes a unit makes all places below it wrong, often hundreds
)
_MAX_CODES: Final = 10  # listed of one kind of change


@dataclass(frozen=True, slots=True)
class LineResult:
    """One line of a file (the header is line 1): what is wrong with it, or else what came of it."""

    file: str
    line: int
    ok: bool
    message: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an import would change in one kind of row: the codes added and changed, the number of unchanged ones."""

    kind: str
    added: list[str]
    changed: list[str]
    same: int


@dataclass(frozen=True, slots=True)
class Report:
    """Every line, and how many rows of each kind were read. `ok`: they were also written, unless the run was dry.

    `notes` are assumptions made about files, `changes` what a dry run would have changed.
    """

    lines: list[LineResult] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def bad(self) -> list[LineResult]:
        return [line for line in self.lines if not line.ok]

    @property
    def ok(self) -> bool:
        return not self.bad


class Row(NamedTuple):
    """One row of a file, its cells by column, cleaned."""

    file: str
    line: int
    cells: dict[str, str]


class ReportBuilder:
    """Collects the rows that were read and the errors found in them."""

    def __init__(self) -> None:
        self._errors: dict[tuple[str, int], list[str]] = {}  # by file and line, of good lines too
        self._messages: dict[tuple[str, int], str] = {}
        self._counts: Counter[str] = Counter()
        self._notes: list[str] = []

    @property
    def ok(self) -> bool:
        return not any(self._errors.values())

    @property
    def counts(self) -> dict[str, int]:
        """The rows of each kind that were read."""
        return dict(self._counts)

    def add_note(self, note: str) -> None:
        self._notes.append(note)

    def note_uncovered(self, labels: list[str]) -> None:
        if labels:
            self.add_note(
                f"有 {len(labels)} 处没有网格覆盖，那里的报告会到社区待分派：{_format_codes(labels)}"
            )

    def add_row(self, kind: str, row: Row) -> None:
        self._errors.setdefault((row.file, row.line), [])
        self._counts[kind] += 1

    def add_error_at(self, file: str, line: int, message: str) -> None:
        errors = self._errors.setdefault((file, line), [])
        if len(errors) < MAX_ERRORS_PER_LINE and message not in errors:
            errors.append(message)

    def add_error(self, row: Row, message: str) -> None:
        self.add_error_at(row.file, row.line, message)

    def set_message(self, row: Row, message: str) -> None:
        """Set what the report says about a line once it is written."""
        self._messages[row.file, row.line] = message

    def check_unique(self, first_rows: dict[str, Row], key: str, row: Row, label: str) -> bool:
        """Tell whether `row` is the first with `key`; if not, add an error. `first_rows` has the first row of each key."""
        first = first_rows.setdefault(key, row) if key else row
        if first is not row:
            self.add_error(row, f"{label}“{key}”与 {first.file} 第 {first.line} 行重复")
        return first is row

    def build(self, changes: list[Change] | None = None) -> Report:
        lines = [
            LineResult(*at, not errors, ";".join(errors) + "。" if errors else self._messages.get(at, ""))
            for at, errors in self._errors.items()
        ]
        return Report(lines, self.counts, self._notes, changes or [])


def format_report(report: Report, *, dry: bool = False) -> list[str]:
    """Return the lines of a report as text."""
    lines = [*report.notes, *(f"{line.file} 第 {line.line} 行：{line.message}" for line in report.bad)]
    if report.bad:
        return [*lines, f"有 {len(report.bad)} 处问题，什么都没有导入；改好后重新导入即可"]
    counts = ",".join(f"{kind} {count} 行" for kind, count in report.counts.items())
    if dry:
        changes = map(_format_change, report.changes)
        return [*lines, *changes, f"检查通过：{counts}；只是检查，什么都没有写入"]
    messages = [f"{line.file} 第 {line.line} 行：{line.message}" for line in report.lines if line.message]
    return [*lines, *messages, f"已导入：{counts}"]


def format_shipped_change(change: Change, files: Sequence[Path]) -> str:
    """Return one line: in what the shipped data differ from those in force, and the command that takes them over."""
    here = Path.cwd()
    names = [str(file.relative_to(here) if file.is_relative_to(here) else file) for file in files]
    return (
        f"程序自带的数据和正在使用的不同，没有改动：{_format_change(change)}。要采用自带的：python -m app import "
        f"{' '.join(names)}（加 --dry-run 先看；街道、社区自己设的不变）"
    )


def _format_change(change: Change) -> str:
    if change.kind == "labels":
        return f"另有 {len(change.changed)} 处地址的全称会跟着变：{_format_codes(change.changed)}"
    parts = [
        f"{label} {len(codes)}（{_format_codes(codes)}）"
        for label, codes in (("新增", change.added), ("改动", change.changed))
        if codes
    ]
    return f"{change.kind}：" + "，".join([*parts, f"不变 {change.same}"])


def _format_codes(codes: list[str]) -> str:
    return "、".join(codes[:_MAX_CODES]) + (" 等" if len(codes) > _MAX_CODES else "")
