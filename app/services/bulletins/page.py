"""The public page of a bulletin: one HTML document that prints, with its pictures and the QR code of its address."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final

import segno

from app.enums import SHANGHAI, ColumnKind
from app.models.bulletin import BulletinOut, HeadlineOut, LeftOutOut
from app.rules.figures import drawing
from app.rules.figures.table import Column, Row

_FILE: Final = Path(__file__).parents[2] / "bulletin.html"
_FEW: Final = "不足五"


@cache
def _template() -> Template:
    return Template(_FILE.read_text("utf-8"))


def _policy() -> str:
    style = _FILE.read_text("utf-8").partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )


POLICY: Final = _policy()


def to_html(bulletin: BulletinOut, url: str) -> str:
    """Return the page of a published bulletin; `url`: its full address."""
    words, numbers = bulletin.words, bulletin.numbers
    sections = (
        ("本季度", _headlines(numbers.headlines)),
        ("三率", _rates(bulletin) + _counts(("没有计入的", "件数"), numbers.excluded)),
        ("问题类别", _categories(numbers.categories)),
        ("办结情况", _done(bulletin)),
        ("挂账", _listed(bulletin)),
        ("决议与项目", _paragraph(words.projects)),
        ("活动、借用与物资", _paragraph(words.activities)),
        ("更正", "".join(_paragraph(line) for line in numbers.corrections)),
        ("异议", _paragraph(words.objection)),
    )
    return _template().substitute(
        title=escape(words.title),
        opening=escape(words.opening),
        body="".join(f"<h2>{title}</h2>{html}" for title, html in sections if html),
        qr=_qr(url),
        as_of=f"{bulletin.as_of.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}",
        address=escape(url),
        digest=bulletin.digest or "",
    )


def _qr(url: str) -> str:
    return segno.make_qr(url, error="m").svg_inline(
        omitsize=True, border=2, title="本页的二维码", svgclass=None, lineclass=None
    )


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _number(count: int | None) -> str:
    return _FEW if count is None else str(count)


def _percent(share: float | None) -> str:
    return drawing.show(share, ColumnKind.SHARE)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], numeric: int) -> str:
    """Return a table whose heads repeat on every printed page; the cells from column `numeric` on are numbers."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=number' if n >= numeric else ''}>{escape(cell)}</td>" for n, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else ""


def _headlines(headlines: Sequence[HeadlineOut]) -> str:
    items = (
        f"<li>{escape(one.label)}<b>{_number(one.count)}</b>上季度 {_number(one.before)}</li>"
        for one in headlines
    )
    return f'<ul class="big">{"".join(items)}</ul>'


def _rates(bulletin: BulletinOut) -> str:
    rates = bulletin.numbers.rates
    rows = [(one.label, _percent(one.share), _number(one.of), _percent(one.before)) for one in rates]
    picture = _picture(
        "三率", Column("share", "占比", ColumnKind.SHARE), [(one.key, one.label, one.share) for one in rates]
    )
    return picture + _table(("", "本季度", "总数", "上季度"), rows, 1)


def _categories(categories: Sequence[HeadlineOut]) -> str:
    rows = [(one.label, _number(one.count), _number(one.before)) for one in categories]
    drawn = [(one.label, one.label, one.count) for one in categories if one.count is not None]
    return (_picture("问题类别", Column("n", "件数"), drawn) if drawn else "") + _table(
        ("类别", "本季度", "上季度"), rows, 1
    )


def _picture(title: str, column: Column, values: Sequence[tuple[str, str, float | None]]) -> str:
    rows = [Row(key, label, {column.key: value}) for key, label, value in values]
    words = drawing.describe([column], rows, column.key)
    svg = drawing.draw(drawing.Picture(title, words, [column], rows, column.key))
    ids = (
        ('id="t"', f'id="t-{column.key}"'),
        ('id="d"', f'id="d-{column.key}"'),
        ('"t d"', f'"t-{column.key} d-{column.key}"'),
    )
    for before, after in ids:  # two pictures on a page
        svg = svg.replace(before, after)
    return f"<figure>{svg}</figure>"


def _done(bulletin: BulletinOut) -> str:
    rows = [
        (one.estate, one.category, one.outcome, "当天" if one.days <= 0 else f"{one.days} 天")
        for one in bulletin.numbers.done
    ]
    return _table(("小区", "类别", "结果", "用时"), rows, 3)


def _listed(bulletin: BulletinOut) -> str:
    words = {line.category: (line.reason, f"{line.next_on:%Y年%m月%d日}") for line in bulletin.words.listed}
    rows = [
        (one.label, *words.get(one.category, ("", "")), _number(one.count)) for one in bulletin.numbers.listed
    ]
    return _table(("类别", "原因", "下次处理", "件数"), rows, 3)


def _counts(heads: Sequence[str], counts: Sequence[LeftOutOut]) -> str:
    return _table(heads, [(one.label, _number(one.count)) for one in counts], 1)
