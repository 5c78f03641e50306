"""The mini-program itself in the browser: there within a second, side by side, nothing from elsewhere."""

import time
from typing import Final

import pytest
from playwright.async_api import expect

from tests.web.conftest import Window

FIRST_SCREEN: Final = 1.0  # seconds


@pytest.mark.alone
@pytest.mark.parametrize("persona", ["resident", "grid_head"])
async def test_the_first_screen_is_there_within_a_second(window: Window, persona: str) -> None:
    page = await window(persona)  # warm: the server has answered before
    began = time.monotonic()
    await page.reload()
    await page.locator("wx-page wx-text, wx-page wx-view").first.wait_for()
    await page.wait_for_load_state("networkidle")
    idle = 0.5  # what `networkidle` waits by itself
    assert time.monotonic() - began - idle < FIRST_SCREEN


async def test_the_start_page_leads_into_the_program(demo: str, opened: Window) -> None:
    start = await opened(demo, viewport={"width": 1200, "height": 900})
    async with start.context.expect_page() as opening:
        await start.get_by_text("报修居民").click()
    phone = (await opening.value).frame_locator("iframe")
    await expect(phone.locator("wx-page").first).to_be_visible()
