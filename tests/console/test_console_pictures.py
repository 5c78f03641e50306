"""The README's pictures of the console, taken from the program itself."""

from playwright.async_api import expect

from tests.console.conftest import Desk
from tests.web.conftest import Signing
from tests.web.pictures import taken


async def test_the_pictures_of_the_console(desk: Desk, signs: Signing) -> None:
    resident = await signs("resident")
    await resident.report(description="三楼到四楼的声控灯都不亮，老人上下楼看不见", place_note="3楼")
    page = await desk("community", "tickets", viewport={"width": 1280, "height": 800})
    await page.locator("tr.opens", has_text="声控灯").locator("a").click()
    await page.get_by_role("heading", name="办理过程").wait_for()
    await taken(page, "desk")
    await page.keyboard.press("Escape")
    await page.get_by_label("全选").check()
    await page.locator(".bulk").get_by_role("button", name="派遣", exact=True).click()
    await page.locator(".bulk").get_by_text("人和物业").click()
    await taken(page, "dispatch")
    page = await desk("street", "figures/categories", viewport={"width": 1280, "height": 800})
    await expect(page.locator(".figure-picture")).to_be_visible()
    await taken(page, "figures")
