"""Hands on a keyboard."""

from typing import Final

from playwright.async_api import Locator, Page, expect

MOST: Final = 60  # options of a list


async def press(page: Page, *keys: str) -> None:
    """Press keys, one after the other."""
    for key in keys:
        await page.keyboard.press(key)


async def choose(options: Locator, words: str) -> None:
    """Go down a list that opens until it says `words`."""
    await expect(options.get_by_text(words, exact=True)).to_be_attached()
    await options.focus()
    for _ in range(MOST):
        if await options.evaluate("list => list.selectedOptions[0]?.text") == words:
            return
        await options.press("ArrowDown")
    raise AssertionError(f"{words} is not in the list")
