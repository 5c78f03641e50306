"""Sheets of stairwell codes as they are printed: what a scanner reads from them."""

import io

import segno
import zxingcpp
from pypdf import PdfReader


def scanned(document: bytes) -> list[str]:
    """Return what a scanner reads from the codes of a document, in their order."""
    images = [one.image for page in PdfReader(io.BytesIO(document)).pages for one in page.images]
    return [code.text for image in images if image for code in zxingcpp.read_barcodes(image)]


def picture(text: str) -> bytes:
    """Return the picture of a code, in the place of WeChat's own, which no library draws."""
    out = io.BytesIO()
    segno.make_qr(text).save(out, kind="png", scale=4)
    return out.getvalue()
