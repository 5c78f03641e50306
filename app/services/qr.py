"""QR codes as PNG."""

import io
from typing import Final

import segno

from app import settings

_PIXELS: Final = 10  # a module's side: large enough to print
_QUIET: Final = 4  # modules of white around it, as the standard asks


def png(scene: str) -> bytes:
    """Return the code of a scene."""
    out = io.BytesIO()
    segno.make_qr(said(scene), error="m").save(out, kind="png", scale=_PIXELS, border=_QUIET)
    return out.getvalue()


def said(scene: str) -> str:
    """Return what the code says: the public address with the scene, or the scene alone where there is no such address."""
    address = settings.get().public_url
    return f"{address.rstrip('/')}/app/?scene={scene}" if address else scene
