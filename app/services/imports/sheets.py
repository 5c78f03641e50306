"""The rows of files of any format: their kind sheets by the header, their cells cleaned, each with its line."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from app import text
from app.services.imports import csv_files, xlsx_files
from app.services.imports.kinds import KINDS
from app.services.imports.report import ReportBuilder, Row
from app.services.imports.tables import Table, UnreadableError


class Sheet(NamedTuple):
    """The rows of one table."""

    kind: str
    rows: list[Row]


# A reader returns the tables of a file. A new format is one more entry here.
READERS: Final[dict[str, Callable[[Path], Iterable[Table]]]] = {
    **dict.fromkeys((".csv", ".txt", ".tsv"), csv_files.read_csv),
    ".xlsx": xlsx_files.read_xlsx,
}
COMMENT: Final = "#"  # a line of one cell that begins with it is an explanation
MAX_TITLE_LINES: Final = 5
MAX_NOTED_LINES: Final = 20
MIN_SHARE: Final = 0.4  # of a kind's columns; a line with fewer is no header


def read_sheets(files: Sequence[Path], report: ReportBuilder) -> list[Sheet]:
    """Return the sheets of every file; files that cannot be read are reported."""
    sheets, names = [], [file.name for file in files]
    for file in files:
        name = file.name if names.count(file.name) == 1 else str(file)
        try:
            sheets += _read_file(file, name, report)
        except UnreadableError as error:
            report.add_error_at(name, error.line, str(error))
        except OSError:
            report.add_error_at(name, 1, "文件不存在或打不开")
    return sheets


def _read_file(path: Path, name: str, report: ReportBuilder) -> list[Sheet]:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableError(1, f"不支持“{path.suffix}”格式，请用 {'、'.join(READERS)}")
    sheets = []
    for table in reader(path):
        sheet_name = f"{name}（{table.name}）" if table.name else name
        for note in table.notes:
            report.add_note(f"{sheet_name} {note}")
        try:
            sheets += _read_table(table, sheet_name, report)
        except UnreadableError as error:
            report.add_error_at(sheet_name, error.line, str(error))
    if not sheets and report.ok:
        raise UnreadableError(1, "文件是空的")
    return sheets


def _read_table(table: Table, name: str, report: ReportBuilder) -> list[Sheet]:
    """Return the sheet of a table in a list, or an empty list for an empty table."""
    filled = [(line, cells) for line, cells in table.rows if any(cell.strip() for cell in cells)]
    lines = [(line, cells) for line, cells in filled if not _is_comment(cells)]
    if not lines:
        return []
    titles = _count_titles([_columns(cells) for _, cells in lines[: MAX_TITLE_LINES + 1]])
    line, header = lines[titles]
    columns = _named_columns(_columns(header), [cells for _, cells in lines[titles + 1 :]])
    kind = _detect_kind(line, columns)
    _note_lines(name, [number for number, _ in lines[:titles]], "像是标题，没有导入", report)
    comments = [number for number, cells in filled if _is_comment(cells)]
    _note_lines(name, comments, f"以 {COMMENT} 开头、只有一格，当作说明，没有导入", report)
    hidden = [number for number, _ in lines[titles + 1 :] if number in table.hidden_lines]
    _note_lines(name, hidden, "是隐藏的，也一起导入", report)
    rows = [_row(name, number, columns, cells, report) for number, cells in lines[titles + 1 :]]
    for number, message in table.errors:
        if number >= line:
            report.add_error_at(name, number, message)
    for number, column in table.dates:
        if number >= line and columns[column : column + 1] != ["date"]:
            report.add_error_at(
                name, number, f"第 {column + 1} 列是日期，应为文字；请把该列设为“文本”格式再填"
            )
    if not rows:
        raise UnreadableError(line, "只有表头，没有内容")
    for row in rows:
        report.add_row(kind, row)
    return [Sheet(kind, rows)]


def _is_comment(cells: Sequence[str]) -> bool:
    return cells[0].lstrip().startswith(COMMENT) and not any(cell.strip() for cell in cells[1:])


def _columns(header: Sequence[str]) -> list[str]:
    return [unicodedata.normalize("NFKC", column).strip().lower() for column in header]


def _named_columns(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the columns with a name for each that has none and is not empty; the empty ones are no columns."""
    used = {n for cells in rows for n, cell in enumerate(cells) if cell.strip()}
    return [name or (f"第 {n + 1} 列（没有列名）" if n in used else "") for n, name in enumerate(columns)]


def _shares(columns: Sequence[str]) -> dict[str, float]:
    """Return for each kind the share of its required columns that a line has."""
    return {name: len({*columns} & {*kind.required}) / len(kind.required) for name, kind in KINDS.items()}


def _count_titles(lines: Sequence[Sequence[str]]) -> int:
    """Return how many lines stand above the header; 0 if none of the lines is a header."""
    headers = (n for n, columns in enumerate(lines) if max(_shares(columns).values()) >= MIN_SHARE)
    return next(headers, 0)


def _note_lines(name: str, lines: Sequence[int], message: str, report: ReportBuilder) -> None:
    if lines:
        more = f" 等 {len(lines)} 行" if len(lines) > MAX_NOTED_LINES else " 行"
        report.add_note(f"{name} 第 {'、'.join(map(str, lines[:MAX_NOTED_LINES]))}{more}{message}")


def _detect_kind(line: int, columns: Sequence[str]) -> str:
    """Return the kind of which the header has most of the columns. Raises UnreadableError if it does not fit that kind."""
    shares = _shares(columns)
    name = max(shares, key=shares.__getitem__)
    if shares[name] < MIN_SHARE or list(shares.values()).count(shares[name]) > 1:
        choices = ";".join(f"{kind.zh} {','.join(kind.required)}" for kind in KINDS.values())
        raise UnreadableError(line, f"认不出是什么表，表头应为其中之一：{choices}")
    kind = KINDS[name]
    missing = [column for column in kind.required if column not in columns]
    unknown = [column for column in columns if column not in (*kind.required, *kind.optional, "")]
    repeated = sorted({column for column in columns if column and columns.count(column) > 1})
    checks = (("缺少列", missing), ("有不认识的列", unknown), ("列重复", repeated))
    errors = [f"{error} {'、'.join(names)}" for error, names in checks if names]
    if errors:
        raise UnreadableError(line, f"{kind.zh}表{';'.join(errors)}")
    return name


def _row(file: str, line: int, columns: Sequence[str], cells: Sequence[str], report: ReportBuilder) -> Row:
    row = Row(file, line, dict.fromkeys(filter(None, columns), ""))
    surplus = sum(bool(cell.strip()) for cell in cells[len(columns) :])
    if surplus:
        report.add_error(row, f"比表头多出 {surplus} 个单元格")
    for column, cell in zip(columns, cells, strict=False):
        if not column:
            continue
        try:
            row.cells[column] = _clean(cell)
        except ValueError as error:
            report.add_error(row, f"{column}:{error}")
    return row


def _clean(cell: str) -> str:
    cleaned = text.clean(text.plain_cell(cell).replace("\r", "\n"))
    if any(sign in cleaned for sign in "\n\t"):
        raise ValueError("单元格里不能换行")
    return cleaned
