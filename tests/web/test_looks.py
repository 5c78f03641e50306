"""Every page of a resident in every look: nothing sticks out, nothing is cut off; pictures of all go to artefacts/looks."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx
import pytest
from playwright.async_api import Page

from tests import world
from tests.web.conftest import ARTEFACTS, Holding
from tests.web.hand import Hand, photo

LOOKS: Final[dict[str, dict[str, Any]]] = {
    "plain": {},
    "largest": {"scale": 2},
    "dark": {"window": {"color_scheme": "dark"}},
    "kk": {"language": "kk"},
    "kk-largest-dark": {"language": "kk", "scale": 2, "window": {"color_scheme": "dark"}},
    "en": {"language": "en"},
    "narrow": {"window": {"viewport": {"width": 320, "height": 568}}},
    "landscape": {"window": {"viewport": {"width": 639, "height": 360}}},
}


async def nothing(_: Hand) -> None:
    pass


async def half_written(hand: Hand) -> None:
    async with hand.page.expect_file_chooser() as choosing:
        await hand.page.locator(".add").filter(visible=True).last.tap()
    await (await choosing.value).set_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(600, 800)}
    )
    await hand.page.locator(".shooter .cell").filter(visible=True).first.wait_for()


async def answering(hand: Hand) -> None:
    await hand.page.locator(".act").filter(visible=True).first.tap()
    await hand.page.locator(".sheet").filter(visible=True).first.wait_for()


async def erasing(hand: Hand) -> None:
    await hand.page.locator(".btn.danger").filter(visible=True).first.tap()


async def searching(hand: Hand) -> None:
    await hand.page.locator("input").filter(visible=True).last.fill("944号")
    await hand.page.wait_for_timeout(700)


PAGES: Final[dict[str, tuple[str, Callable[[Hand], Awaitable[None]]]]] = {
    "home": ("/pages/home/index", nothing),
    "report": ("/pages/report/index?category=stair_light", half_written),
    "danger": ("/pages/report/index?category=lift_trapped", nothing),
    "place": ("/pages/place/index", searching),
    "mine": ("/pages/mine/index", nothing),
    "ticket": ("/pages/ticket/index?id={ticket}", nothing),
    "verdict": ("/pages/ticket/index?id={ticket}", answering),
    "notices": ("/pages/notices/index", nothing),
    "me": ("/pages/me/index", nothing),
    "wishes": ("/pages/wishes/index", nothing),
    "data": ("/pages/data/index", erasing),
    "approve": ("/pages/approve/index?scene=login-x", nothing),
    "welcome": ("/pages/welcome/index", nothing),
    "guide": ("/pages/guide/index", nothing),
}

# Words that stick out of the window, or are cut off by their own box.
STICKS_OUT: Final = """() => {
  const wide = document.documentElement.clientWidth
  const out = []
  for (const each of document.querySelectorAll('wx-view, wx-text, wx-button, wx-input')) {
    const own = [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
    const strip = each.closest('wx-scroll-view')
    if (strip && strip.scrollWidth > strip.clientWidth) continue // meant to be pushed aside
    const box = each.getBoundingClientRect()
    if (!own || !box.width || getComputedStyle(each).visibility === 'hidden') continue
    const slack = parseFloat(getComputedStyle(each).fontSize) * 0.6 // the empty half of a full-width bracket
    if (box.right > wide + 1 || box.left < -1) out.push('beside: ' + each.textContent.trim().slice(0, 30))
    if (each.clientWidth && each.scrollWidth > each.clientWidth + slack) out.push('cut: ' + each.textContent.trim().slice(0, 30))
  }
  return out
}"""


@pytest.fixture(scope="module")
async def ticket(demo: str) -> str:
    """A ticket with photos, resolved, waiting for its reporter's verdict."""
    async with httpx.AsyncClient(base_url=demo, timeout=20) as http:
        resident, head, company = [
            await world.sign_in(http, name) for name in ("resident", "grid_head", "property")
        ]
        shots = [await resident.photo(photo(600, 800)), await resident.photo(photo(800, 600, shade=50))]
        made = await resident.report(
            photo_ids=shots, place_note="3楼", description="三楼到四楼的声控灯都不亮，老人上下楼看不见"
        )
        await head.dispatch(made)
        await company.act("take", made)
        await company.resolve(made, photo_ids=[await company.photo(photo(600, 800, shade=150))])
        await resident.report(category="garbage", description="单元门口垃圾桶满了三天", place_note="单元门口")
        identifier: str = made["id"]
        return identifier


@pytest.mark.excused("404")  # the code of the computer is made up
@pytest.mark.parametrize("name", LOOKS)
async def test_every_page_keeps_its_words_inside(holds: Holding, ticket: str, name: str) -> None:
    look = LOOKS[name]
    hand = await holds("resident", **look.get("window", {}))
    page = hand.page
    await page.evaluate(
        "([scale, language]) => { sessionStorage.setItem('harness:fontScale', scale); sessionStorage.setItem('harness:language', language) }",
        [look.get("scale", 1), look.get("language", "zh_CN")],
    )
    await page.reload()
    await page.locator(".content").last.wait_for()
    folder = ARTEFACTS / "looks"
    folder.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    for what, (path, first) in PAGES.items():
        await opened(page, path.format(ticket=ticket))
        await first(hand)
        await page.wait_for_timeout(250)
        await page.screenshot(path=folder / f"{name}-{what}.png")
        wrong += [f"{what}: {said}" for said in await page.evaluate(STICKS_OUT)]
    assert wrong == []


async def opened(page: Page, path: str) -> None:
    """Open a page as the only one, and wait until it shows what it fetched."""
    await page.evaluate("url => wx.reLaunch({ url })", path)
    await page.locator(".content").last.wait_for()
    await page.locator(".t-skeleton").filter(visible=True).first.wait_for(state="hidden")
