"""Pictures of windows, small enough for the README; `make pictures` writes them into docs/pictures."""

import io
import os
from typing import Final

import pytest
from PIL import Image
from playwright.async_api import Page

from tests.web import small
from tests.web.conftest import ARTEFACTS

FOLDER: Final = small.ROOT / "docs/pictures" if os.environ.get("PICTURES") else ARTEFACTS / "pictures"
MOST: Final = 150_000  # bytes


async def taken(page: Page, name: str) -> None:
    """Take the window as a small PNG of a page's width."""
    await page.wait_for_timeout(400)
    shot = Image.open(io.BytesIO(await page.screenshot()))
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    for colours in (256, 128, 64, 32):
        few = shot.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        if path.stat().st_size <= MOST:
            return
    pytest.fail(f"{path} is too large")
