"""Rows of files, whatever their format: recognised by the header, cleaned, each with the line it stands on."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from app import text
from app.services.imports import spreadsheets, texts
from app.services.imports.report import Findings, Row
from app.services.imports.tables import Table, UnreadableError


class Kind(NamedTuple):
    """A kind of file: the columns it must have and those it may leave out."""

    zh: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


class Sheet(NamedTuple):
    """One table read."""

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
    "posts": Kind("岗位", ("role", "unit", "phone"), ("name",)),
}


# A reader gives the tables of a file. A new format is one more line here.
READERS: Final[dict[str, Callable[[Path], Iterable[Table]]]] = {
    ".csv": texts.read,
    ".xlsx": spreadsheets.read,
}
COMMENT: Final = "#"  # a line that begins so explains, and is not imported


def read(files: Sequence[Path], findings: Findings) -> list[Sheet]:
    """Read every file; what cannot be read is noted."""
    found, names = [], [file.name for file in files]
    for file in files:
        name = file.name if names.count(file.name) == 1 else str(file)
        try:
            found += _sheets(file, name, findings)
        except UnreadableError as error:
            findings.bad(name, error.line, str(error))
        except OSError:
            findings.bad(name, 1, "文件不存在或打不开")
    return found


def _sheets(path: Path, name: str, findings: Findings) -> list[Sheet]:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableError(1, f"不支持“{path.suffix}”格式，请用 {'、'.join(READERS)}")
    found = []
    for table in reader(path):
        if table.note:
            findings.note(f"{name} {table.note}")
        within = f"{name}（{table.name}）" if table.name else name
        try:
            found += _sheet(table, within, findings)
        except UnreadableError as error:
            findings.bad(within, error.line, str(error))
    if not found and findings.clean:
        raise UnreadableError(1, "文件是空的")
    return found


def _sheet(table: Table, name: str, findings: Findings) -> list[Sheet]:
    """Return the sheet of a table; an empty one is none."""
    lines = (
        (line, cells)
        for line, cells in table.rows
        if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith(COMMENT)
    )
    line, header = next(lines, (1, []))
    if not header:
        return []
    columns = [column.strip().lower() for column in header]
    kind = _recognised(line, columns)
    rows = [_row(name, number, columns, cells, findings) for number, cells in lines]
    for number, message in table.wrong:
        findings.bad(name, number, message)
    for number, column in table.dates:
        if columns[column : column + 1] != ["date"]:
            findings.bad(name, number, f"第 {column + 1} 列是日期，应为文字；请把该列设为“文本”格式再填")
    if not rows:
        raise UnreadableError(line, "只有表头，没有内容")
    for row in rows:
        findings.meet(kind, row)
    return [Sheet(kind, rows)]


def _recognised(line: int, columns: Sequence[str]) -> str:
    """Tell the kind by the header: the one most of whose columns are there; refuse what does not fit it."""
    shares = {name: len({*columns} & {*kind.required}) / len(kind.required) for name, kind in KINDS.items()}
    name = max(shares, key=shares.__getitem__)
    if shares[name] < 0.4 or list(shares.values()).count(shares[name]) > 1:
        known = ";".join(f"{kind.zh} {','.join(kind.required)}" for kind in KINDS.values())
        raise UnreadableError(line, f"认不出是什么表，表头应为其中之一：{known}")
    kind = KINDS[name]
    missing = [column for column in kind.required if column not in columns]
    unknown = [column for column in columns if column not in kind.required + kind.optional]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    found = (("缺少列", missing), ("有不认识的列", unknown), ("列重复", twice))
    wrong = [f"{what} {'、'.join(which)}" for what, which in found if which]
    if wrong:
        raise UnreadableError(line, f"{kind.zh}表{';'.join(wrong)}")
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
