"""Every page of a resident, and some of the office, in every look: nothing sticks out, nothing is cut off; pictures of all go to artefacts/looks."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx
import pytest

from tests import world
from tests.web.common_life import rostered, street_life
from tests.web.conftest import ARTEFACTS, Holding
from tests.web.hand import Hand, photo
from tests.web.layout import STICKS_OUT
from tests.world import answer

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
    await hand.page.locator(".photo-input .cell").filter(visible=True).first.wait_for()


async def answering(hand: Hand) -> None:
    await hand.page.locator(".answer").filter(visible=True).first.tap()
    await hand.page.locator(".sheet").filter(visible=True).first.wait_for()


async def erasing(hand: Hand) -> None:
    await hand.page.locator(".btn.danger").filter(visible=True).first.tap()


async def searching(hand: Hand) -> None:
    await hand.page.locator("input").filter(visible=True).last.fill("944号")
    await hand.page.wait_for_timeout(700)


async def pasting(hand: Hand) -> None:
    await hand.page.locator(".robot .btn").filter(visible=True).first.tap()
    await hand.page.locator("textarea").filter(visible=True).fill("https://elsewhere.example/" + "a" * 80)
    await hand.page.locator(".sheet .btn.main").filter(visible=True).tap()
    await hand.page.locator(".robot-url.wrong").wait_for()


async def stairwell_code(hand: Hand) -> None:
    await hand.page.locator(".code-way").nth(1).tap()
    await searching(hand)
    await hand.page.locator(".item").filter(visible=True).first.tap()
    await hand.page.locator(".code-picture").wait_for()


async def replacing(hand: Hand) -> None:
    await stairwell_code(hand)
    await hand.page.locator(".code-card .btn.text").tap()
    await hand.page.locator(".sheet .item").filter(visible=True).first.wait_for()


async def held(hand: Hand) -> None:
    await hand.sees("加微信办贷款")


async def answering_opinion(hand: Hand) -> None:
    await hand.page.locator(".bar .act").filter(visible=True).first.tap()
    await hand.page.locator(".sheet").filter(visible=True).first.wait_for()


Pages = dict[str, tuple[str, Callable[[Hand], Awaitable[None]]]]
RESIDENT: Final[Pages] = {
    "home": ("/pages/home/index", nothing),
    "report": ("/pages/report/index?category=stair_light", half_written),
    "danger": ("/pages/report/index?category=lift_trapped", nothing),
    "place": ("/pages/place/index", searching),
    "mine": ("/pages/mine/index", nothing),
    "ticket": ("/pages/ticket/index?id={ticket}", nothing),
    "verdict": ("/pages/ticket/index?id={ticket}", answering),
    "notices": ("/pages/notices/index", nothing),
    "me": ("/pages/me/index", nothing),
    "notice-settings": ("/pages/notice-settings/index", nothing),
    "data": ("/pages/data/index", erasing),
    "who-looked": ("/pages/looks/index", nothing),
    "approve": ("/pages/approve/index?scene=login-x", nothing),
    "welcome": ("/pages/welcome/index", nothing),
    "guide": ("/pages/guide/index", nothing),
    "say": ("/subjects/form/index?noun=opinion", nothing),
    "raise": ("/subjects/form/index?noun=topic", nothing),
    "said": ("/subjects/list/index?noun=opinion", nothing),
    "topics": ("/subjects/list/index?noun=topic", nothing),
    "meetings": ("/subjects/list/index?noun=activity", nothing),
    "topic": ("/subjects/detail/index?noun=topic&id={topic}", nothing),
    "meeting": ("/subjects/detail/index?noun=activity&id={activity}", nothing),
    "surveys": ("/subjects/list/index?noun=survey", nothing),
    "survey": ("/subjects/detail/index?noun=survey&id={survey}", nothing),
    "vote-over": ("/subjects/detail/index?noun=survey&id={over}", nothing),
}
OFFICE: Final[Pages] = {
    "robots": ("/office/robots/index", nothing),
    "robot": ("/office/robots/index", pasting),
    "codes": ("/office/code/index", stairwell_code),
    "why-replace": ("/office/code/index", replacing),
    "reviews": ("/office/reviews/index", held),
    "opinions": ("/subjects/list/index?noun=opinion", nothing),
    "answering": ("/subjects/detail/index?noun=opinion&id={opinion}", answering_opinion),
    "topic": ("/subjects/detail/index?noun=topic&id={topic}", nothing),
    "meeting": ("/subjects/detail/index?noun=activity&id={activity}", nothing),
    "new-meeting": ("/subjects/form/index?noun=activity", nothing),
    "survey": ("/subjects/detail/index?noun=survey&id={survey}", nothing),
    "visits": ("/subjects/visits/index", nothing),
    "roster": ("/subjects/duty/index", nothing),
}


@pytest.fixture(scope="module")
async def ids(demo: str) -> dict[str, str]:
    """A ticket with photos, resolved, waiting for its reporter's verdict; what people of the street said and decided."""
    async with httpx.AsyncClient(base_url=demo, timeout=20) as http:
        resident, head, company, community = [
            await world.sign_in(http, name) for name in ("resident", "grid_head", "property", "community")
        ]
        shots = [await resident.photo(photo(600, 800)), await resident.photo(photo(800, 600, shade=50))]
        made = await resident.report(
            photo_ids=shots, place_note="3楼", description="三楼到四楼的声控灯都不亮，老人上下楼看不见"
        )
        answer(await resident.ask("POST", "/me/phone", json={"phone": "13812345678"}), 201)
        answer(await head.ask("GET", f"/tickets/{made['id']}/phone"))
        await rostered(head, await world.sign_in(http, "deputy"))
        await head.dispatch(made)
        await company.act("take", made)
        await company.resolve(made, photo_ids=[await company.photo(photo(600, 800, shade=150))])
        await resident.report(category="garbage", description="单元门口垃圾桶满了三天", place_note="单元门口")
        await resident.report(description="加微信办贷款")  # is held back
        return {"ticket": made["id"]} | await street_life(resident, community)


@pytest.mark.excused("404")  # the code of the computer is made up
@pytest.mark.excused("422")  # the address of a robot that is none
@pytest.mark.parametrize(("persona", "pages"), [("resident", RESIDENT), ("community", OFFICE)])
@pytest.mark.parametrize("name", LOOKS)
async def test_every_page_keeps_its_words_inside(
    holds: Holding, ids: dict[str, str], name: str, persona: str, pages: Pages
) -> None:
    look = LOOKS[name]
    hand = await holds(persona, **look.get("window", {}))
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
    for what, (path, first) in pages.items():
        await hand.opens(path.format(**ids))
        await first(hand)
        await page.wait_for_timeout(250)
        await page.screenshot(path=folder / f"{name}-{what}.png")
        wrong += [f"{what}: {said}" for said in await page.evaluate(STICKS_OUT)]
    assert wrong == []
