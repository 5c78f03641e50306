"""QR codes of places, as PNG."""

import io
from typing import Final

import segno

from app import settings

_MODULE_PIXELS: Final = 10  # large enough to print
LINK_PATH: Final = "/s/"  # the prefix to register at WeChat; codes printed before have /app/?scene=
_BORDER_MODULES: Final = 4  # the quiet zone the standard asks for


def qr_png(scene: str) -> bytes:
    """Return the PNG of the QR code for a scene."""
    out = io.BytesIO()
    segno.make_qr(scene_url(scene), error="m").save(
        out, kind="png", scale=_MODULE_PIXELS, border=_BORDER_MODULES
    )
    return out.getvalue()


def scene_url(scene: str) -> str:
    """Return the content of the QR code: a URL with the scene, or the scene alone if no public URL is configured."""
    base_url = settings.get().public_url
    return f"{base_url.rstrip('/')}{LINK_PATH}{scene}" if base_url else scene
