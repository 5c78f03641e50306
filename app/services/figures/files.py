"""A figure as a file: JSON, CSV, XLSX, SVG; the same bytes for the same figure."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, Final

from app import words
from app.models.figure import FigureOut
from app.rules.figures import drawing
from app.rules.figures.drawing import CHINESE, Speech
from app.rules.figures.registry import FIGURES
from app.rules.figures.table import Column, Row
from app.text import safe_cell

MEDIA_TYPES: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml; charset=utf-8",
}
_SPEECHES: Final = {
    "en": Speech("en", words.say, ", ", ": ", ". "),
    "kk": Speech("kk-Arab-CN", words.say, "، ", ": ", ". "),
}
_NO_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP archive can name


_PERIOD: Final = "{since} 至 {until}"


def _to_json(figure: FigureOut, _: str) -> bytes:
    return figure.model_dump_json(by_alias=True).encode()


def _lines(figure: FigureOut) -> Iterator[list[Any]]:
    """Yield the lines of a table: the figure, its heads, its rows, what is left out, what it says."""
    yield [
        figure.title,
        figure.place.label,
        words.say(_PERIOD, since=figure.since, until=figure.until),
        words.say("截至 {moment}", moment=figure.as_of.isoformat()),
    ]
    yield ["", *(column.title for column in figure.columns)]
    for row in figure.rows:
        yield [row.label, *(row.cells.get(column.key) for column in figure.columns)]
    for left_out in figure.excluded:
        yield [left_out.label, left_out.count]
    yield [figure.definition]


def _to_csv(figure: FigureOut, _: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([safe_cell(value) for value in line] for line in _lines(figure))
    return b"\xef\xbb\xbf" + out.getvalue().encode()  # the mark by which Excel knows UTF-8


def _to_xlsx(figure: FigureOut, _: str) -> bytes:
    import openpyxl  # noqa: PLC0415 - a twelfth of what a start takes

    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet(figure.title)
    for line in _lines(figure):
        sheet.append([safe_cell(value) for value in line])
    book.properties.created = figure.as_of.replace(tzinfo=None)
    book.save(out)
    return _without_times(out)


_WRITTEN_AT: Final = re.compile(rb"<dcterms:modified.*?</dcterms:modified>")


def _without_times(content: io.BytesIO) -> bytes:
    """Return a workbook without the times at which it was written: the library has no other way."""
    out = io.BytesIO()
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _NO_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, _WRITTEN_AT.sub(b"", source.read(name)))
    return out.getvalue()


def to_svg(figure: FigureOut, direction: str = "ltr", speech: Speech = CHINESE) -> str:
    """Return the picture of a figure; in Chinese, as bulletins have it, unless one's own speech is given."""
    known = FIGURES[figure.name]
    columns = [Column(one.key, one.title, one.kind) for one in figure.columns]
    rows = [Row(row.key, row.label, row.cells) for row in figure.rows]
    period = speech.say(_PERIOD, since=figure.since, until=figure.until)
    about = f"{figure.place.label}{speech.comma}{period}{speech.stop}{figure.definition}"
    return drawing.draw(
        drawing.Picture(
            f"{figure.place.label} · {figure.title}",
            f"{about}{drawing.describe(columns, rows, known.drawn, speech)}",
            columns,
            rows,
            known.drawn,
            known.drawing,
            mirrored=direction == "rtl",
            speech=speech,
        )
    )


def _to_svg(figure: FigureOut, direction: str) -> bytes:
    return to_svg(figure, direction, _SPEECHES.get(words.language().code, CHINESE)).encode()


FORMATS: Final[dict[str, Callable[[FigureOut, str], bytes]]] = {
    "json": _to_json,
    "csv": _to_csv,
    "xlsx": _to_xlsx,
    "svg": _to_svg,
}
