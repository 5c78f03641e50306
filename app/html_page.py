"""Pages that are shipped as files: a template, the Content-Security-Policy that allows its own style alone, the QR code of an address."""

import base64
import hashlib
from datetime import date
from pathlib import Path
from string import Template
from typing import Final

import segno

NOT_FRAMED: Final = "frame-ancestors 'none'"


class HtmlPage:
    """A page of `app/`; `framing`: the directive about frames."""

    def __init__(self, name: str, *, framing: str = NOT_FRAMED) -> None:
        text = (Path(__file__).parent / name).read_text("utf-8")
        style = text.partition("<style>")[2].partition("</style>")[0]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.template = Template(text)
        self.policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
            f"form-action 'none'; {framing}"
        )


def qr(url: str) -> str:
    """Return the QR code of a page's own address as SVG."""
    return segno.make_qr(url, error="m").svg_inline(
        omitsize=True, border=2, title="本页的二维码", svgclass=None, lineclass=None
    )


def chinese_day(day: date) -> str:
    """Return a day as documents write it: 2026年3月3日."""
    return f"{day.year}年{day.month}月{day.day}日"
