"""The public page of a certificate: one HTML document that prints, with the QR code of its address."""

import base64
import hashlib
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final

import segno

from app.models.certificate import EntryOut
from app.services.certificates.certificates import Shown

_FILE: Final = Path(__file__).parents[2] / "certificate.html"


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


def to_html(shown: Shown, url: str) -> str:
    """Return the page of a certificate; `url`: its full address."""
    first = max(shown.first_day, min((entry.day for entry in shown.entries), default=shown.first_day))
    return _template().substitute(
        name=escape(shown.name),
        first=_day(first),
        last=_day(shown.last_day),
        entries=len(shown.entries),
        hours=f"{shown.hours:g}",
        rows="".join(map(_row, shown.entries)),
        qr=segno.make_qr(url, error="m").svg_inline(
            omitsize=True, border=2, title="本页的二维码", svgclass=None, lineclass=None
        ),
        address=escape(url),
    )


def _row(entry: EntryOut) -> str:
    cells = (_day(entry.day), entry.title, entry.kind_name, entry.host)
    shown = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr>{shown}<td class="number">{entry.hours:g}</td></tr>'


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
