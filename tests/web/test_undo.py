"""What an act has done is said where one is, and taken back from there: by tap, by key, in every look. How many taps the daily acts take."""

from datetime import timedelta
from typing import Any, Final

import pytest
from playwright.async_api import Locator, Page, expect

from app import clock
from app.enums import SHANGHAI
from tests.web.conftest import ARTEFACTS, Signing, Window
from tests.web.hand import Counting
from tests.web.layout import STICKS_OUT
from tests.world import moment

DESK: Final = "/pages/work/index"


def said(page: Page) -> Locator:
    """What the page in front says of the last act."""
    return page.get_by_role("status").last


def undo(page: Page, words: str = "撤销") -> Locator:
    return said(page).get_by_role("button", name=words)


def card(page: Page, text: str) -> Locator:
    return page.locator(".desk").filter(has_text=text)


def button(where: Page | Locator, words: str) -> Locator:
    return where.locator("wx-button").filter(has_text=words)


async def test_a_dispatch_is_said_and_taken_back_from_the_list(window: Window, signs: Signing) -> None:
    ticket = await (await signs("resident")).report(description="派错了单位")
    page = await window("grid_head", DESK)
    await button(card(page, "派错了单位"), "派遣").tap()
    sheet = page.get_by_role("dialog", name="派遣")
    await expect(sheet.locator(".chip.on")).to_contain_text("人和物业")
    await button(sheet, "派遣").tap()
    await expect(said(page)).to_contain_text("已派给人和物业")
    box = await undo(page).bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    await page.screenshot(path=ARTEFACTS / "undo-list.png")
    await undo(page).tap()
    await expect(said(page)).to_have_text("已撤销，恢复原样")
    await expect(card(page, "派错了单位")).to_contain_text("等您受理")
    after = await (await signs("grid_head")).ticket(ticket["id"])
    assert (after["status"], after["organisation"]) == ("new", None)


async def test_the_card_comes_back_where_it_was_and_no_other_moves(window: Window, signs: Signing) -> None:
    resident = await signs("resident")
    for words in ("第一张", "派错的这张", "第三张"):
        await resident.report(description=words)
    page = await window("grid_head", DESK)
    await page.get_by_role("tab", name="待受理").tap()
    cards = page.locator(".desk")
    await expect(card(page, "派错的这张")).to_be_visible()
    before = await cards.all_inner_texts()
    where = ["派错的这张" in text for text in before].index(True)
    await button(card(page, "派错的这张"), "派遣").tap()
    await button(page.get_by_role("dialog", name="派遣"), "派遣").tap()
    await expect(card(page, "派错的这张")).to_have_count(0)
    read = list[str]()
    page.on("request", lambda request: read.append(request.url) if "/tickets?" in request.url else None)
    await undo(page).tap()
    await expect(cards.nth(where)).to_contain_text("派错的这张")
    assert await cards.count() == len(before)
    assert read == []  # the list is not read anew: what was scrolled to stays


async def test_a_key_takes_it_back_too(window: Window, signs: Signing) -> None:
    ticket = await (await signs("resident")).report(description="用键盘撤销")
    page = await window("grid_head", f"/staff/ticket/index?id={ticket['id']}", has_touch=False)
    await page.get_by_label("更多").last.click()
    await page.locator(".rows .item", has=page.get_by_text("不予受理", exact=True)).click()
    form = page.get_by_role("dialog", name="不予受理")
    await form.locator(".chip", has_text="不属于本辖区管理").click()
    await form.locator("textarea").fill("点错了")
    await form.locator(".send").click()
    await expect(said(page)).to_contain_text("已答复不予受理，报告人会收到原因")
    await expect(form).to_be_hidden()
    await undo(page).focus()
    await page.keyboard.press("Enter")
    await expect(said(page)).to_have_text("已撤销，恢复原样")
    await expect(page.locator(".whose")).to_contain_text("等您受理")
    await expect(page.locator(".timeline")).to_contain_text("已撤销“不予受理”")
    await expect(page.locator(".latest")).to_contain_text("已撤销“不予受理”")
    assert (await (await signs("grid_head")).ticket(ticket["id"]))["status"] == "new"


async def test_a_merge_is_said_on_the_page_one_comes_back_to(window: Window, signs: Signing) -> None:
    resident = await signs("resident")
    other = await resident.report(description="同一盏灯，先报的")
    ticket = await resident.report(description="同一盏灯，后报的")
    page = await window("grid_head", f"/staff/ticket/index?id={ticket['id']}")
    await page.evaluate("url => wx.navigateTo({ url })", f"/staff/merge/index?id={ticket['id']}")
    await card(page, "同一盏灯，先报的").first.tap()
    await page.get_by_text("确定", exact=True).last.tap()
    await expect(said(page)).to_contain_text(f"已并入 {other['no']}")
    await expect(page.locator(".note.link")).to_contain_text(other["no"])
    await undo(page).tap()
    await expect(said(page)).to_have_text("已撤销，恢复原样")
    await expect(page.locator(".note.link")).to_have_count(0)


@pytest.mark.excused("409")
async def test_who_takes_it_back_too_late_is_told_why(window: Window, signs: Signing) -> None:
    ticket = await (await signs("resident")).report(description="物业手快")
    page = await window("grid_head", DESK)
    await button(card(page, "物业手快"), "派遣").tap()
    await button(page.get_by_role("dialog", name="派遣"), "派遣").tap()
    await expect(undo(page)).to_be_visible()
    await (await signs("property")).act("take", ticket)
    await undo(page).tap()
    await expect(said(page)).to_have_text("这一步之后工单又有了变化，不能再撤销")
    await expect(card(page, "物业手快")).to_contain_text("人和物业正在处理")


async def test_what_cannot_be_taken_back_is_only_said(window: Window, signs: Signing) -> None:
    await (await signs("resident")).report(description="受理了就受理了")
    page = await window("grid_head", DESK)
    await button(card(page, "受理了就受理了"), "受理").tap()
    await expect(said(page)).to_have_text("已受理，由您负责")
    await expect(undo(page)).to_have_count(0)
    await expect(said(page)).to_have_text("")  # and gone after some seconds


@pytest.mark.parametrize(
    ("scale", "language", "words"), [(2, "zh_CN", "撤销"), (1, "kk", "بولدىرماۋ"), (2, "kk", "بولدىرماۋ")]
)
async def test_in_the_largest_font_and_from_right_to_left_it_is_whole(
    window: Window, signs: Signing, scale: int, language: str, words: str
) -> None:
    """Above the tab bar, inside the window, nothing cut off."""
    text = f"大字撤销{scale}{language}"
    await (await signs("resident")).report(description=text)
    page = await window("grid_head", DESK)
    await page.evaluate(
        "([scale, language]) => { sessionStorage.setItem('harness:fontScale', scale); sessionStorage.setItem('harness:language', language) }",
        [scale, language],
    )
    await page.reload()
    await card(page, text).locator("wx-button").nth(1).tap()
    sheet = page.locator(".sheet").filter(visible=True)
    await expect(sheet.locator(".chip.on")).to_contain_text("人和物业")
    await sheet.locator(".send").tap()
    await expect(undo(page, words)).to_be_visible()
    await page.wait_for_timeout(400)  # the sheet has gone down
    await page.screenshot(path=ARTEFACTS / f"undo-{scale}-{language}.png")
    box, tabs = await undo(page, words).bounding_box(), await page.get_by_role("tab").last.bounding_box()
    assert box
    assert tabs
    assert box["y"] + box["height"] <= tabs["y"]
    assert box["height"] >= 44
    assert await page.evaluate(STICKS_OUT) == []
    await undo(page, words).tap()
    await expect(undo(page, words)).to_have_count(0)


async def test_the_daily_acts_take_no_more_taps_than_they_must(window: Window, signs: Signing) -> None:
    """Accept one, dispatch two, close three: its button, a phrase, send."""
    await (await signs("resident")).report(description="数一数点几下", category="water_out")
    page, hand = await window("grid_head", DESK), Counting()
    await hand.tap(button(card(page, "数一数点几下"), "受理"))
    await expect(said(page)).to_have_text("已受理，由您负责")
    assert hand.taps == 1

    dispatching = Counting()
    await dispatching.tap(button(card(page, "数一数点几下"), "派遣"))
    sheet = page.get_by_role("dialog", name="派遣")
    await expect(sheet.locator(".chip.on")).to_contain_text("人和物业")
    await dispatching.tap(button(sheet, "派遣"))
    await expect(said(page)).to_contain_text("已派给人和物业")
    assert dispatching.taps == 2
    await undo(page).tap()

    closing = Counting()
    await closing.tap(button(card(page, "数一数点几下"), "办结"))
    form = page.get_by_role("dialog", name="办结")
    await expect(form.locator(".chip.on")).to_have_text("已修好")
    await closing.tap(button(form, "已抢修完毕，恢复供水"))
    await expect(form.locator("textarea")).to_have_value("已抢修完毕，恢复供水")
    await closing.tap(form.locator(".send"))
    await expect(said(page)).to_have_text("已办结，等报告人评价")
    assert closing.taps == 3


async def test_a_phrase_is_written_after_what_is_written_and_only_once(
    window: Window, signs: Signing
) -> None:
    ticket = await (await signs("resident")).report(description="常用语", category="water_out")
    await (await signs("grid_head")).act("accept", ticket)
    page = await window("grid_head", DESK)
    await button(card(page, "常用语"), "办结").tap()
    form = page.get_by_role("dialog", name="办结")
    await form.locator("textarea").fill("三号楼")
    for _ in range(2):
        await button(form, "已抢修完毕，恢复供水").tap()
    await expect(form.locator("textarea")).to_have_value("三号楼；已抢修完毕，恢复供水")


@pytest.mark.parametrize("act", ["挂起", "询问报告人"])
async def test_waiting_and_asking_begin_with_tomorrow_evening(
    window: Window, signs: Signing, act: str
) -> None:
    ticket = await (await signs("resident")).report(description=f"{act}到明天")
    head = await signs("grid_head")
    await head.act("accept", ticket)
    page = await window("grid_head", f"/staff/ticket/index?id={ticket['id']}")
    await page.get_by_label("更多").last.tap()
    await page.locator(".rows .item", has=page.get_by_text(act, exact=True)).tap()
    form: Any = page.get_by_role("dialog", name=act)
    if act == "挂起":
        await form.locator(".chip", has_text="等待配件").tap()
    else:
        await form.locator("textarea").fill("三楼还是四楼？")
    await form.locator(".send").tap()
    await expect(form).to_be_hidden()
    until = moment((await head.ticket(ticket["id"]))["sla"]["paused_until"]).astimezone(SHANGHAI)
    tomorrow = (clock.now().astimezone(SHANGHAI) + timedelta(days=1)).date()
    assert (until.date(), f"{until:%H:%M}") == (tomorrow, "17:30")
