"""Rows of files, whatever their format: recognised by the header, cleaned, each with the line it stands on."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from app import text
from app.services.imports.report import Findings, Row


class Kind(NamedTuple):
    """A kind of file: the columns it must have and those it may leave out."""

    zh: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


class Sheet(NamedTuple):
    """One file read."""

    kind: str
    rows: list[Row]


KINDS: Final = {
    "places": Kind("地址", ("code", "parent", "level", "name"), ("lat", "lng", "sort")),
    "grids": Kind("网格", ("code", "community", "name", "covers")),
    "organisations": Kind("单位", ("code", "name", "kind", "skills", "places")),
    "categories": Kind(
        "类别",
        (
            *(
                "code",
                "zh",
                "en",
                "level",
                "skill",
                "accept_minutes",
                "acknowledge_minutes",
                "resolve_minutes",
            ),
            *(
                "clock_accept",
                "clock_acknowledge",
                "clock_resolve",
                "photo_on_resolve",
                "verify_claim",
                "public",
            ),
        ),
        ("emergency_phone", "source"),
    ),
    "calendar": Kind("日历", ("date", "kind", "name", "source")),
}


class _UnreadableError(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


Reader = Callable[[Path], Iterator[tuple[int, list[str]]]]


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    raw = path.read_bytes()
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _UnreadableError(line, "不是 UTF-8 编码，请另存为“CSV UTF-8”再导入") from error
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise _UnreadableError(reader.line_num, "引号不配对，或单元格太长") from error


# A reader gives (line, cells) of every row, the header first. A new format is one more line here.
READERS: Final[dict[str, Reader]] = {".csv": _csv}


def read(files: Sequence[Path], findings: Findings) -> list[Sheet]:
    """Read every file; what cannot be read is noted."""
    found, names = [], [file.name for file in files]
    for file in files:
        name = file.name if names.count(file.name) == 1 else str(file)
        try:
            found.append(_sheet(file, name, findings))
        except _UnreadableError as error:
            findings.bad(name, error.line, str(error))
        except OSError:
            findings.bad(name, 1, "文件不存在或打不开")
    return found


def _sheet(path: Path, name: str, findings: Findings) -> Sheet:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise _UnreadableError(1, f"不支持“{path.suffix}”格式，请用 {'、'.join(READERS)}")
    lines = ((line, cells) for line, cells in reader(path) if any(cell.strip() for cell in cells))
    line, header = next(lines, (1, []))
    if not header:
        raise _UnreadableError(1, "文件是空的")
    columns = [column.strip().lower() for column in header]
    kind = _recognised(line, columns)
    rows = [_row(name, number, columns, cells, findings) for number, cells in lines]
    if not rows:
        raise _UnreadableError(line, "只有表头，没有内容")
    for row in rows:
        findings.meet(kind, row)
    return Sheet(kind, rows)


def _recognised(line: int, columns: Sequence[str]) -> str:
    """Tell the kind by the header: the one most of whose columns are there; refuse what does not fit it."""
    shares = {name: len({*columns} & {*kind.required}) / len(kind.required) for name, kind in KINDS.items()}
    name = max(shares, key=shares.__getitem__)
    if shares[name] < 0.4 or list(shares.values()).count(shares[name]) > 1:
        known = ";".join(f"{kind.zh} {','.join(kind.required)}" for kind in KINDS.values())
        raise _UnreadableError(line, f"认不出是什么表，表头应为其中之一：{known}")
    kind = KINDS[name]
    missing = [column for column in kind.required if column not in columns]
    unknown = [column for column in columns if column not in kind.required + kind.optional]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    found = (("缺少列", missing), ("有不认识的列", unknown), ("列重复", twice))
    wrong = [f"{what} {'、'.join(which)}" for what, which in found if which]
    if wrong:
        raise _UnreadableError(line, f"{kind.zh}表{';'.join(wrong)}")
    return name


def _row(file: str, line: int, columns: Sequence[str], cells: Sequence[str], findings: Findings) -> Row:
    row = Row(file, line, dict.fromkeys(columns, ""))
    if len(cells) > len(columns):
        findings.wrong(row, f"比表头多出 {len(cells) - len(columns)} 个单元格")
    for column, cell in zip(columns, cells, strict=False):
        try:
            row.cells[column] = _cleaned(cell)
        except ValueError as error:
            findings.wrong(row, f"{column}:{error}")
    return row


def _cleaned(cell: str) -> str:
    cleaned = text.clean(cell)
    if any(sign in cleaned for sign in "\n\r\t"):
        raise ValueError("单元格里不能换行")
    return cleaned
