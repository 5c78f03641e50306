"""The public page of a bulletin: one HTML document that prints, with its pictures and the QR code of its address."""

from collections.abc import Callable
from html import escape
from typing import Any, Final

from app.html_page import HtmlPage, qr
from app.models.bulletin import BulletinOut
from app.services.bulletins import content
from app.services.bulletins.content import Headlines, Paragraph, Picture, Section, Table

_PAGE: Final = HtmlPage("bulletin.html")
POLICY: Final = _PAGE.policy


def to_html(bulletin: BulletinOut, url: str) -> str:
    """Return the page of a published bulletin; `url`: its full address."""
    words = bulletin.words
    return _PAGE.template.substitute(
        title=escape(words.title),
        opening=escape(words.opening),
        body="".join(map(_section, content.sections(bulletin))),
        qr=qr(url),
        as_of=escape(content.as_of(bulletin)),
        address=escape(url),
        digest=bulletin.digest or "",
    )


def _section(section: Section) -> str:
    blocks = "".join(_BLOCKS[type(block)](block) for block in section.blocks)
    return f"<h2>{escape(section.title)}</h2>{blocks}"


def _paragraph(paragraph: Paragraph) -> str:
    return f"<p>{escape(paragraph.text)}</p>"


def _table(table: Table) -> str:
    """Return a table whose heads repeat on every printed page."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.heads)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=number' if n >= table.numeric else ''}>{escape(cell)}</td>"
            for n, cell in enumerate(row)
        )
        + "</tr>"
        for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _headlines(headlines: Headlines) -> str:
    items = (
        f"<li>{escape(label)}<b>{escape(number)}</b>{escape(before)}</li>"
        for label, number, before in headlines.items
    )
    return f'<ul class="big">{"".join(items)}</ul>'


def _picture(picture: Picture) -> str:
    return f"<figure>{picture.svg}</figure>"


_BLOCKS: Final[dict[type, Callable[[Any], str]]] = {
    Headlines: _headlines,
    Table: _table,
    Picture: _picture,
    Paragraph: _paragraph,
}
