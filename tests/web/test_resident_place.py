"""Where a resident reports from: the floor typed with a place, home, a place far from it; and neighbours' reports there."""

import asyncio
import re
from typing import Final

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.web.conftest import Holding, Signing
from tests.web.hand import CAMERA, SEND, Hand

STAIR: Final = "人和家园944号4单元"
ELSEWHERE: Final = "这里不在您家的社区"
HOME: Final = "我家"


async def choose(hand: Hand, address: str, found: str) -> None:
    """Find a place by its address on the page that is open for it."""
    await hand.page.get_by_label("门牌号").filter(visible=True).fill(address)
    await hand.tap_first(re.compile(found))


def note(page: Page) -> Locator:
    return page.get_by_label("具体位置").filter(visible=True)


async def test_the_floor_typed_on_the_first_page_is_in_the_report(holds: Holding, signs: Signing) -> None:
    hand = await holds("resident")
    await hand.tap("搜门牌号")
    await choose(hand, "944号4单元3楼", STAIR)
    await hand.sees(f"{STAIR} 3楼")
    await hand.tap_first("楼道灯不亮")
    await expect(note(hand.page)).to_have_value("3楼")
    await hand.write("灯不亮", 0)
    await hand.tap(SEND)
    await hand.tap("查看进度")
    ticket = await (await signs("resident")).ticket(await hand.ticket_id())
    assert ticket["place_note"] == "3楼"


@pytest.mark.parametrize(
    ("typed", "then", "note_after"),
    [
        ("944号4单元3楼", "944号2单元5楼", "5楼"),  # the floor comes with its place
        ("944号4单元3楼", "944号2单元", ""),  # and goes with it
        ("944号4单元", "944号2单元", "电梯口"),  # words of the report's own stay
    ],
)
async def test_another_place_takes_its_floor_along(
    holds: Holding, typed: str, then: str, note_after: str
) -> None:
    hand = await holds("resident")
    await hand.tap("搜门牌号")
    await choose(hand, typed, STAIR)
    await hand.tap_first("楼道灯不亮")
    if note_after == "电梯口":
        await note(hand.page).fill("电梯口")
    await hand.tap_first(STAIR)
    await choose(hand, then, "人和家园944号2单元")
    await hand.sees("人和家园944号2单元")
    await expect(note(hand.page)).to_have_value(note_after)


async def test_a_report_without_words_follows_the_place_chosen_since(holds: Holding) -> None:
    hand = await holds("resident", "/pages/report/index?category=stair_light")
    await hand.page.get_by_role("switch", name="匿名上报").tap()  # the draft is kept, with home as its place
    await hand.turns("home")
    await hand.tap("搜门牌号")
    await choose(hand, "944号2单元", "人和家园944号2单元")
    await hand.tap_first("楼道灯不亮")
    await hand.sees("人和家园944号2单元")
    await expect(hand.page.get_by_role("switch", name="匿名上报")).to_be_checked()


async def test_one_tap_leads_home_again(holds: Holding) -> None:
    hand = await holds("resident")
    await hand.sees(STAIR)
    await hand.misses(HOME)  # one is there
    await hand.tap("搜门牌号")
    await choose(hand, "944号2单元", "人和家园944号2单元")
    await hand.tap(HOME)
    await hand.sees(STAIR)
    await hand.misses(HOME)
    await hand.page.reload()
    await hand.sees(STAIR)


async def test_a_place_in_another_community_is_said_to_be_so_and_home_is_two_taps_away(
    holds: Holding, signs: Signing
) -> None:
    children = await (await signs("resident")).get("/places", level="community", limit=100)
    other = next(each["name"] for each in children["items"] if each["name"] != "万寿山社区")
    hand = await holds("resident")
    await hand.misses(re.compile(ELSEWHERE))
    await hand.tap("搜门牌号")
    await choose(hand, other, other)
    await hand.sees(re.compile(ELSEWHERE))  # on the first page
    await hand.tap_first("楼道灯不亮")
    await hand.sees(re.compile(ELSEWHERE))  # and where it is sent
    await hand.tap_first(re.compile(ELSEWHERE))
    await hand.tap(HOME)
    await hand.sees(STAIR)
    await hand.misses(re.compile(ELSEWHERE))


SHIFTS: Final = """() => {
  window.shifts = []
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) window.shifts.push(...shift.sources.map(({ node }) => node?.textContent?.trim().slice(0, 20) ?? ''))
  }).observe({ type: 'layout-shift' })
}"""


@pytest.mark.excused("ERR_FAILED")  # the answer that does not come
@pytest.mark.parametrize("answered", ["none", "found", "failed"])
@pytest.mark.parametrize("size", [1, 2])
async def test_what_arrives_late_moves_nothing(
    holds: Holding, signs: Signing, answered: str, size: int
) -> None:
    if answered == "found":
        await (await signs("neighbour")).report(category="greenery")
    hand = await holds("resident")
    await hand.page.evaluate("size => wx.setStorageSync('size', size)", size)
    asked, answer = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        asked.set()
        await answer.wait()
        await (route.abort() if answered == "failed" else route.continue_())

    await hand.page.route("**/tickets/similar?*", late)
    await hand.goes(f"/pages/report/index?category={'greenery' if answered == 'found' else 'manhole'}")
    camera = hand.page.get_by_role("button", name=CAMERA).filter(visible=True)
    await camera.wait_for()
    await asked.wait()
    await hand.sees("正在看有没有人报过")
    await hand.page.wait_for_timeout(300)
    await hand.page.evaluate(SHIFTS)
    before = await camera.bounding_box()
    answer.set()
    await hand.sees(
        {"none": "没有找到别人报过的同一件事", "found": "可能已有人报过", "failed": "现在查不到有没有人报过"}[
            answered
        ]
    )
    await hand.page.wait_for_timeout(300)
    assert await camera.bounding_box() == before
    assert await hand.page.evaluate("window.shifts") == []


async def test_what_waits_for_the_reader_comes_with_the_first_page(holds: Holding, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    ticket = await resident.report(category="access_door")
    await head.act("reject", ticket, reason="not_ours", text="请联系产权单位")
    hand = await holds("resident")
    await hand.sees("等您处理")
    await hand.turns("mine")

    async def late(route: Route) -> None:
        await asyncio.sleep(0.6)
        await route.continue_()

    await hand.page.route("**/tickets?*", late)
    await hand.page.evaluate("wx.reLaunch({ url: '/pages/home/index' })")
    await hand.page.get_by_role("button", name="楼道灯不亮").filter(visible=True).first.wait_for()
    assert await hand.page.get_by_text("等您处理").filter(visible=True).count()


async def test_who_reported_it_already_is_shown_the_ticket_and_not_asked_to_join(
    holds: Holding, signs: Signing
) -> None:
    ticket = await (await signs("resident")).report(category="road_light")
    hand = await holds("resident", "/pages/report/index?category=road_light")
    await hand.sees("您已上报过")
    await hand.tap("看看")
    await hand.misses("我也遇到")
    await hand.tap("查看进度")
    await hand.sees("工单详情")
    assert await hand.ticket_id() == ticket["id"]
