"""XLSX files: every sheet, numbers as people see them, formulas by the value the spreadsheet has kept."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final
from xml.etree import ElementTree as ET

import openpyxl

from app.services.imports.tables import Table, UnreadableError

_LARGEST: Final = 200 * 1024 * 1024  # bytes unpacked; an office's tables have a few hundred thousand
_LINE: Final = re.compile(r"[A-Z]+(\d+)")
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read(path: Path) -> list[Table]:
    """Return the tables of a workbook, one a sheet that is not a chart."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > _LARGEST:
                raise UnreadableError(1, "表格太大，请分成几个文件")
        return list(_tables(path))
    except UnreadableError:
        raise
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, ET.ParseError) as error:
        raise UnreadableError(1, "不是完好的 XLSX 文件，请在表格软件里重新另存") from error


def _tables(path: Path) -> Iterator[Table]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some programs write them wrong
            table = Table((), sheet.title if len(book.worksheets) > 1 else "")
            table.rows = list(_rows(sheet, table))
            with zipfile.ZipFile(path) as archive, archive.open(_part(sheet)) as source:
                table.wrong += _unsound(source)
            yield table
    finally:
        book.close()


def _part(sheet: Any) -> str:
    part: str = sheet._worksheet_path  # noqa: SLF001 - read-only sheets do not tell merged cells
    return part


def _rows(sheet: Any, table: Table) -> Iterator[tuple[int, list[str]]]:
    for line, row in enumerate(sheet.iter_rows(), 1):
        cells = []
        for column, cell in enumerate(row):
            if cell.data_type == "e":
                table.wrong.append((line, f"单元格 {cell.coordinate} 是错误值 {cell.value}"))
            elif isinstance(cell.value, date):
                table.dates.append((line, column))
            cells.append("" if cell.data_type == "e" else shown(cell.value))
        while cells and not cells[-1].strip():
            cells.pop()  # formatting reaches further than what is filled in
        yield line, cells


def shown(value: Any) -> str:
    """Return a cell's value as text: 944 for 944.0, 2026-10-01 for that day, true for TRUE."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute or value.second) else str(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _unsound(source: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Find merged cells and formulas that were never calculated: both would silently read as empty."""
    for _, element in ET.iterparse(source):  # noqa: S314 - an officer's own file; expat bounds entities
        where = element.get("ref") or element.get("r") or ""
        line = _LINE.match(where)
        if element.tag == f"{_MAIN}mergeCell" and line:
            yield int(line[1]), f"有合并单元格 {where}，请取消合并，每格都填"
        elif element.tag == f"{_MAIN}c" and line:
            kept = element.find(f"{_MAIN}v")
            known = kept is not None and (kept.text or element.get("t") == "str")
            if element.find(f"{_MAIN}f") is not None and not known:
                yield int(line[1]), f"单元格 {where} 的公式还没有算出结果，请在表格软件里打开保存一次"
        elif element.tag == f"{_MAIN}row":
            element.clear()
