"""The public page of a certificate: one HTML document that prints, with the QR code of its address."""

from html import escape
from typing import Final

from app.html_page import HtmlPage, chinese_day, qr
from app.models.certificate import EntryOut
from app.services.certificates.certificates import Shown

_PAGE: Final = HtmlPage("certificate.html")
POLICY: Final = _PAGE.policy


def to_html(shown: Shown, url: str) -> str:
    """Return the page of a certificate; `url`: its full address."""
    first = max(shown.first_day, min((entry.day for entry in shown.entries), default=shown.first_day))
    return _PAGE.template.substitute(
        name=escape(shown.name),
        first=chinese_day(first),
        last=chinese_day(shown.last_day),
        entries=len(shown.entries),
        hours=f"{shown.hours:g}",
        rows="".join(map(_row, shown.entries)),
        qr=qr(url),
        address=escape(url),
    )


def _row(entry: EntryOut) -> str:
    cells = (chinese_day(entry.day), entry.title, entry.kind_name, entry.host)
    shown = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr>{shown}<td class="number">{entry.hours:g}</td></tr>'
