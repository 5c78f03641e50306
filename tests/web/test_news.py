"""News arrives by itself on a page that is open, and disturbs nobody who reads, types or acts."""

import re
from typing import Final

import pytest
from playwright.async_api import Page, Route, expect

from tests.web.conftest import Holding, Signing
from tests.web.hand import HALF_A_MINUTE, LOOK
from tests.web.news import brings_news, told, unread
from tests.world import answer

BAR: Final = "有新消息，点这里刷新"


async def keeps(page: Page, words: str) -> None:
    """Mark the card as it is drawn now: a list that is drawn anew loses the mark."""
    await page.locator(".desk").filter(has_text=words).evaluate("card => { card.dataset.kept = 'yes' }")


async def test_the_desk_shows_a_new_report_by_itself(holds: Holding, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    await brings_news(resident, head, "一楼灯坏了")
    hand = await holds("grid_head", "/pages/work/index")
    await hand.keeps_time()
    await hand.sees("一楼灯坏了")
    await keeps(hand.page, "一楼灯坏了")
    await brings_news(resident, head, "二楼也黑了")
    await hand.half_a_minute()
    await hand.sees("二楼也黑了")
    await expect(hand.page.locator(".badge").filter(visible=True)).to_have_text(str(await unread(head)))
    await expect(hand.page.locator("[data-kept]")).to_contain_text("一楼灯坏了")
    await hand.misses(BAR)
    assert await hand.said() == []


async def test_who_has_scrolled_is_asked_and_loses_no_place(holds: Holding, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    for floor in range(5):
        await resident.report(description=f"地下{floor}层灯坏")
    hand = await holds("grid_head", "/pages/work/index")
    await hand.keeps_time()
    await hand.sees("地下0层灯坏")
    scroller = hand.page.locator(".scroller").last
    await scroller.evaluate("it => { it.scrollTop = 300 }")
    await brings_news(resident, head, "顶楼灯坏")
    await hand.half_a_minute()
    await hand.sees(BAR)
    await hand.misses("顶楼灯坏")
    assert await scroller.evaluate("it => it.scrollTop") == 300
    await hand.tap(BAR)
    await expect(hand.page.locator(".desk").filter(has_text="顶楼灯坏")).to_have_count(1)
    await hand.misses(BAR)
    assert await scroller.evaluate("it => it.scrollTop") == 0


async def test_what_is_being_typed_is_left_alone_until_it_is_closed(holds: Holding, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    ticket = await resident.report(description="东门灯坏")
    await head.act("accept", ticket)
    hand = await holds("grid_head", f"/staff/ticket/index?id={ticket['id']}")
    await hand.keeps_time()
    await hand.tap("内部备注")
    await hand.write("先看配电箱")
    before = await unread(head)
    await resident.act("comment", ticket, text="还有一盏也不亮")
    await told(head, more_than=before)
    await hand.half_a_minute()
    await hand.misses(BAR)
    await expect(hand.page.locator(".timeline")).not_to_contain_text("还有一盏也不亮")
    assert await hand.page.locator("textarea").filter(visible=True).last.input_value() == "先看配电箱"
    await hand.tap("取消")
    await hand.sees("还有一盏也不亮")


async def test_a_ticket_renews_itself_for_who_reported_it(holds: Holding, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    ticket = await resident.report(description="西门灯坏")
    hand = await holds("resident", f"/pages/ticket/index?id={ticket['id']}")
    await hand.keeps_time()
    await hand.sees(re.compile("等.*受理"))
    before = await unread(resident)
    await head.act("accept", ticket)
    await told(resident, more_than=before)
    await hand.half_a_minute()
    await hand.sees(re.compile("正在处理"))
    assert await hand.said() == []


async def looks(page: Page, ahead: int) -> int:
    """Return how many looks are taken while this many milliseconds pass."""
    taken: list[str] = []

    def note(request: object) -> None:
        if LOOK.search(getattr(request, "url", "")):
            taken.append("one")

    page.on("request", note)
    await page.clock.run_for(ahead)
    await page.wait_for_load_state("networkidle")
    page.remove_listener("request", note)
    return len(taken)


@pytest.mark.excused("429")
async def test_it_looks_seldom_when_asked_to_and_not_at_all_behind_or_without_network(
    holds: Holding, signs: Signing
) -> None:
    answer(await (await signs("neighbour")).ask("POST", "/notices/read", json={"all": True}))
    hand = await holds("neighbour", "/pages/me/index")
    await hand.keeps_time()
    await hand.sees("我家地址")
    page = hand.page

    async def busy(route: Route) -> None:
        await route.fulfill(status=429, headers={"retry-after": "300"}, json={"title": "请稍后"})

    await page.route(LOOK, busy)
    assert await looks(page, HALF_A_MINUTE) == 1
    assert await looks(page, 290_000) == 0
    assert await looks(page, 60_000) == 1
    await page.unroute(LOOK)
    await hand.offline(True)
    assert await looks(page, 1_000_000) == 0
    await hand.offline(False)
    assert await looks(page, HALF_A_MINUTE) == 1
    hide = "behind => { Object.defineProperty(document, 'hidden', { value: behind, configurable: true }); document.dispatchEvent(new Event('visibilitychange')) }"
    await page.evaluate(hide, True)
    assert await looks(page, 200_000) == 0
    await page.evaluate(hide, False)
    assert await looks(page, HALF_A_MINUTE) >= 1
    assert await hand.said() == []
