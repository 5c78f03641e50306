"""Tables as CSV and XLSX, written piece by piece: what has been written is handed on, and the memory stays small.

The libraries that write XLSX write a file first, and take longer for it than the tickets take to be read (decision 5).
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol
from xml.sax.saxutils import escape

from app.services.exports.columns import Cell
from app.text import safe_cell

# What XML cannot say.
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Writer(Protocol):
    """Writes a table in pieces; each call returns the bytes that are ready."""

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        """Write rows."""

    def end(self) -> bytes:
        """Write the end."""


class CsvWriter:
    """CSV in UTF-8, with the byte order mark that Excel needs to read it so."""

    def __init__(self, title: str) -> None:  # noqa: ARG002 - CSV has no place for a title
        self._text = io.StringIO("\ufeff", newline="")
        self._text.seek(0, io.SEEK_END)
        self._csv = csv.writer(self._text)

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        """Write rows."""
        self._csv.writerows([safe_cell(cell) for cell in row] for row in rows)
        written = self._text.getvalue().encode("utf-8", "replace")
        self._text.seek(0)
        self._text.truncate()
        return written

    def end(self) -> bytes:
        """Write nothing: CSV just ends."""
        return b""


_MAIN: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The parts of a workbook besides its one sheet.
_PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="{title}" sheetId="1" r:id="rId1"/></sheets></workbook>',
}
_SHEET_BEGINS: Final = (
    f'<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
    'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15" defaultColWidth="16"/><sheetData>'
)
_SHEET_ENDS: Final = "</sheetData></worksheet>"
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


class _Pieces(io.RawIOBase):
    """A file that is only written to, and emptied now and then."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile writes bytes
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class XlsxWriter:
    """A workbook of one sheet whose first row stays in sight. Cells have their text in them: there is no shared table."""

    def __init__(self, title: str) -> None:
        self._out = _Pieces()
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        for name, part in _PARTS.items():
            self._zip.writestr(name, _DECLARATION + part.replace("{title}", escape(title)))
        self._sheet = self._zip.open("xl/worksheets/sheet1.xml", "w")
        self._sheet.write((_DECLARATION + _SHEET_BEGINS).encode())

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        """Write rows."""
        text = "".join(f"<row>{''.join(map(_xlsx_cell, row))}</row>" for row in rows)
        self._sheet.write(text.encode())
        return self._out.take()

    def end(self) -> bytes:
        """Write the end of the sheet, and the table of contents."""
        self._sheet.write(_SHEET_ENDS.encode())
        self._sheet.close()
        self._zip.close()
        return self._out.take()


def _xlsx_cell(cell: Cell) -> str:
    if cell is None:
        return "<c/>"
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    return _common_cell(cell) if len(cell) <= _COMMON_LENGTH else _text_cell(cell)


def _text_cell(cell: str) -> str:
    text = escape(_NO_XML.sub("", str(safe_cell(cell))))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


# Most cells are names and codes that many tickets share.
_COMMON_LENGTH: Final = 40
_common_cell: Final = lru_cache(4096)(_text_cell)


@dataclass(frozen=True, slots=True)
class Format:
    """A format of an export: its media type, and what writes it."""

    media_type: str
    writer: type[CsvWriter] | type[XlsxWriter]


FORMATS: Final[dict[str, Format]] = {
    "csv": Format("text/csv; charset=utf-8", CsvWriter),
    "xlsx": Format(f"{_TYPE}.sheet", XlsxWriter),
}
