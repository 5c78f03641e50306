"""The picture of a figure as SVG: one pure drawer of bars and grids, for screens, print and the bulletin.

Every mark has its number beside it, so that nothing is said by colour alone; the text keeps a contrast of 4.5 to 1.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from app.enums import ColumnKind
from app.rules.figures.table import TOTAL, Column, Drawing, Row, Value

WIDTH: Final = 720
_TOP, _MARGIN, _LABELS, _NUMBERS = 44, 16, 190, 110
_STEP, _BAR = 26, 16
_ROWS_DRAWN: Final = 30  # the rest is in the table
_INK, _BAR_FILL, _LINE, _GROUND = "#1a1f1d", "#0b6b4f", "#7d8883", "#ffffff"
_FONT: Final = "font-family=\"'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif\""


Say = Callable[..., str]  # a Chinese sentence with its values, in the reader's language


def in_chinese(zh: str, **values: object) -> str:
    """Return a Chinese sentence with its values."""
    return zh.format(**values)


@dataclass(frozen=True, slots=True)
class Speech:
    """How a picture says the few words of its own, and the signs between them."""

    language: str = "zh-CN"
    say: Say = in_chinese
    comma: str = "，"
    colon: str = "："
    stop: str = "。"


CHINESE: Final = Speech()


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: rows in their order, one column of each as bars or all counts as a grid."""

    title: str
    description: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    drawn: str
    drawing: Drawing = Drawing.BARS
    mirrored: bool = False
    speech: Speech = CHINESE


def draw(picture: Picture) -> str:
    """Return the picture as an SVG document, without style, script or anything from elsewhere."""
    rows = [row for row in picture.rows if row.key != TOTAL]
    marks, height = (_grid if picture.drawing is Drawing.GRID else _bars)(picture, rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-labelledby="t d" lang="{picture.speech.language}" {_FONT} font-size="13" fill="{_INK}">'
        f'<title id="t">{escape(picture.title)}</title><desc id="d">{escape(picture.description)}</desc>'
        f'<rect width="{WIDTH}" height="{height}" fill="{_GROUND}"/>'
        f"{_text(picture, _MARGIN, 26, picture.title, size=16)}{''.join(marks)}</svg>\n"
    )


def show(value: Value, kind: ColumnKind, speech: Speech = CHINESE) -> str:
    """Return a value as people read it."""
    if value is None:
        return "—"
    if kind is ColumnKind.SHARE:
        return f"{float(value):.1%}"
    if kind is ColumnKind.MINUTES:
        return _minutes(int(value), speech.say)
    return f"{value:+}" if kind is ColumnKind.CHANGE and isinstance(value, int) else str(value)


def _minutes(minutes: int, say: Say) -> str:
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = ((days, "天"), (hours, "小时"), (left, "分"))
    said = [f"{count}{say(unit)}" for count, unit in parts if count]
    return "".join(said[:2]) or f"0{say('分')}"


def _bars(picture: Picture, rows: Sequence[Row]) -> tuple[list[str], int]:
    column = next(one for one in picture.columns if one.key == picture.drawn)
    shown = _largest(rows, column.key)
    top = 1.0 if column.kind is ColumnKind.SHARE else max([_number(row, column.key) for row in shown] + [1.0])
    room = WIDTH - 2 * _MARGIN - _LABELS - _NUMBERS
    marks = [_rect(picture, _MARGIN + _LABELS, _TOP, 1, max(1, len(shown)) * _STEP, _LINE)]
    for n, row in enumerate(shown):
        y, length = _TOP + n * _STEP, round(room * _number(row, column.key) / top, 1)
        base, start = y + 17, _MARGIN + _LABELS + 1
        marks.append(_text(picture, _MARGIN + _LABELS - 8, base, _cut(row.label), end=True))
        marks.append(_rect(picture, start, y + 5, length, _BAR, _BAR_FILL))
        marks.append(
            _text(picture, start + length + 6, base, show(row.cells[column.key], column.kind, picture.speech))
        )
    height = _TOP + max(1, len(shown)) * _STEP + _MARGIN
    if not shown:
        marks.append(_text(picture, _MARGIN + _LABELS + 8, _TOP + 17, picture.speech.say("没有可显示的数据")))
    if hidden := len(rows) - len(shown):
        marks.append(_text(picture, _MARGIN, height, picture.speech.say("另有 {n} 行，见表", n=hidden)))
        height += _MARGIN
    return marks, height


def _largest(rows: Sequence[Row], column: str) -> list[Row]:
    """Return the rows that are drawn, in their order: all, or those with the largest values."""
    if len(rows) <= _ROWS_DRAWN:
        return list(rows)
    largest = sorted(rows, key=lambda row: -_number(row, column))[:_ROWS_DRAWN]
    return [row for row in rows if row in largest]


def _number(row: Row, column: str) -> float:
    value = row.cells[column]
    return float(value) if isinstance(value, int | float) else 0.0


_SHADES: Final = ("#ffffff", "#e1f0ea", "#bfe0d2", "#9dd0ba", "#7bbfa2")  # all light enough for dark numbers


def _grid(picture: Picture, rows: Sequence[Row]) -> tuple[list[str], int]:
    columns = [column for column in picture.columns if column.kind is ColumnKind.COUNT and column.key != "n"]
    top = max([_number(row, column.key) for row in rows for column in columns] + [1.0])
    labels = 52
    width = (WIDTH - 2 * _MARGIN - labels) / max(1, len(columns))
    marks = [
        _text(
            picture,
            _MARGIN + labels + (n + 0.5) * width,
            _TOP + 10,
            column.title.removesuffix("时"),
            middle=True,
        )
        for n, column in enumerate(columns)
    ]
    for line, row in enumerate(rows):
        y = _TOP + 18 + line * _STEP
        marks.append(_text(picture, _MARGIN + labels - 8, y + 18, row.label, end=True))
        for n, column in enumerate(columns):
            value, x = _number(row, column.key), _MARGIN + labels + n * width
            shade = _SHADES[-(-int(value * 4) // int(top))] if value else _SHADES[0]
            marks.append(_rect(picture, x, y, width - 1, _STEP - 1, shade, stroke=_LINE))
            if value:
                marks.append(_text(picture, x + width / 2, y + 18, f"{value:.0f}", middle=True))
    return marks, _TOP + 18 + len(rows) * _STEP + _MARGIN


def _cut(label: str) -> str:
    return label if len(label) <= 14 else f"{label[:13]}…"


def _rect(
    picture: Picture, x: float, y: float, width: float, height: float, fill: str, stroke: str = ""
) -> str:
    x = WIDTH - x - width if picture.mirrored else x
    edge = f' stroke="{stroke}" stroke-width="0.5"' if stroke else ""
    return f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" fill="{fill}"{edge}/>'


def _text(
    picture: Picture, x: float, y: float, text: str, *, size: int = 0, end: bool = False, middle: bool = False
) -> str:
    anchor = "middle" if middle else "end" if end != picture.mirrored else "start"
    x = WIDTH - x if picture.mirrored else x
    font = f' font-size="{size}"' if size else ""
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" direction="ltr"{font}>{escape(text)}</text>'


def describe(columns: Iterable[Column], rows: Iterable[Row], drawn: str, speech: Speech = CHINESE) -> str:
    """Return the picture in words, for those who do not see it."""
    column = next((one for one in columns if one.key == drawn), None)
    if column is None:
        return ""
    said = (f"{row.label} {show(row.cells[column.key], column.kind, speech)}" for row in rows)
    return f"{column.title}{speech.colon}{speech.comma.join(said)}"
