"""Reading XLSX files: every sheet that is shown, numbers as displayed, formulas by their stored result."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final
from xml.etree import ElementTree as ET

from app.services.imports.tables import Table, UnreadableError

_MAX_UNPACKED_BYTES: Final = 200 * 1024 * 1024  # an office's tables have a few hundred thousand
_DAMAGED: Final = "不是完好的 XLSX 文件，请在表格软件里重新另存"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of older formats, and of encrypted workbooks
_EXACT_DIGITS: Final = 15  # of a number; spreadsheets forget the others
_ZEROS: Final = re.compile("0+")  # a number shown as 001
_CELL_LINE: Final = re.compile(r"[A-Z]+(\d+)")
_NAMESPACE: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# Names of the variant "Strict Open XML", which differs in nothing else that is read here.
_STRICT: Final = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_ESCAPE: Final = re.compile("_x([0-9A-Fa-f]{4})_")


def read_xlsx(path: Path) -> list[Table]:
    """Return the tables of a workbook, one for each sheet that is not a chart. Raises UnreadableError."""
    if path.read_bytes()[:8] == _OLE:
        raise UnreadableError(1, "是旧的 XLS 格式，或者加了密码，请另存为不加密码的 XLSX")
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED_BYTES:
                raise UnreadableError(1, "表格太大，请分成几个文件")
            content = _to_transitional(archive)
        return list(_tables(content or path))
    except UnreadableError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,
        TypeError,
        ET.ParseError,
    ) as error:
        raise UnreadableError(1, _DAMAGED) from error


def _to_transitional(archive: zipfile.ZipFile) -> io.BytesIO | None:
    """Return a copy of a "Strict Open XML" workbook with the usual names; None if it has these already."""
    if not _STRICT.search(archive.read("xl/workbook.xml")):
        return None
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in archive.namelist():
            part = archive.read(name)
            if name.endswith((".xml", ".rels")):
                part = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", part)
            target.writestr(name, part)
    return copy


def _tables(file: Path | io.BytesIO) -> Iterator[Table]:
    import openpyxl  # noqa: PLC0415 - slow to import: see services/figures/files.py

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except Exception as error:  # it raises whatever it stumbles over
        raise UnreadableError(1, _DAMAGED) from error
    try:
        for sheet in book.worksheets:
            table = Table((), sheet.title if len(book.worksheets) > 1 else "")
            if sheet.sheet_state != "visible":
                table.notes.append("是隐藏的工作表，没有读")
                yield table
                continue
            sheet.reset_dimensions()  # some programs write wrong ones
            table.rows = list(_rows(sheet, table))
            with zipfile.ZipFile(file) as archive, archive.open(_part_name(sheet)) as source:
                _read_layout(source, table)
            yield table
    finally:
        book.close()


def _part_name(sheet: Any) -> str:
    part: str = sheet._worksheet_path  # noqa: SLF001 - read-only sheets do not show merged cells
    return part


def _rows(sheet: Any, table: Table) -> Iterator[tuple[int, list[str]]]:
    for line, row in enumerate(sheet.iter_rows(), 1):
        cells = []
        for column, cell in enumerate(row):
            if isinstance(cell.value, date):
                table.dates.append((line, column))
            if fault := _fault(cell):
                table.errors.append((line, f"单元格 {cell.coordinate} {fault}"))
            cells.append("" if cell.data_type == "e" else _shown(cell))
        while cells and not cells[-1].strip():
            cells.pop()  # formatted cells may continue after the last filled one
        yield line, cells


def _fault(cell: Any) -> str | None:
    """Return why a cell's value cannot be what its writer saw."""
    if cell.data_type == "e":
        return f"是错误值 {cell.value}"
    if isinstance(cell.value, int | float) and '"' in cell.number_format:  # 1 shown as S001
        return "显示的和存的不一样，请设为“文本”格式再填"
    if _is_inexact(cell.value):
        return "的数字太长，表格软件已经丢了后面的数位；请设为“文本”格式再填"
    return None


def _is_inexact(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) >= 10**_EXACT_DIGITS


def _shown(cell: Any) -> str:
    """Return a cell's value as text, with the zeros before a number that its format shows: 001."""
    shown = cell_text(cell.value)
    is_number = shown.isdecimal() and not isinstance(cell.value, str)
    return (
        shown.zfill(len(cell.number_format)) if is_number and _ZEROS.fullmatch(cell.number_format) else shown
    )


def cell_text(value: Any) -> str:
    """Return a cell's value as text: 944 for 944.0, 2026-10-01 for a date, true for TRUE."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute or value.second) else str(value)
    return value.isoformat() if isinstance(value, date) else _unescape(str(value))


def _unescape(value: str) -> str:
    """Replace `_x000A_` and the like, as the format writes characters that XML cannot hold."""
    if not _ESCAPE.search(value):
        return value
    units = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _read_layout(source: IO[bytes], table: Table) -> None:
    """Add what the cells do not show: merged cells and formulas without a result, both read as empty; hidden rows, columns."""
    for _, element in ET.iterparse(source):  # noqa: S314 - an office's own file; expat limits entities
        where = element.get("ref") or element.get("r") or ""
        line = _CELL_LINE.match(where)
        if element.tag == f"{_NAMESPACE}mergeCell" and line:
            table.errors.append((int(line[1]), f"有合并单元格 {where}，请取消合并，每格都填"))
        elif element.tag == f"{_NAMESPACE}c" and line:
            value = element.find(f"{_NAMESPACE}v")
            has_result = value is not None and (value.text or element.get("t") == "str")
            if element.find(f"{_NAMESPACE}f") is not None and not has_result:
                table.errors.append(
                    (int(line[1]), f"单元格 {where} 的公式还没有算出结果，请在表格软件里打开保存一次")
                )
        elif element.tag == f"{_NAMESPACE}col" and element.get("hidden") in {"1", "true"}:
            columns = {element.get("min", ""), element.get("max", "")}
            table.notes.append(f"第 {'–'.join(sorted(columns, key=int))} 列是隐藏的，也一起导入")
        elif element.tag == f"{_NAMESPACE}row":
            if element.get("hidden") in {"1", "true"}:
                table.hidden_lines.add(int(element.get("r", "0")))
            element.clear()
