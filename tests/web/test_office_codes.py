"""Stairwell codes of an office: those of a place printed on sheets, one that is lost replaced in three taps."""

from typing import Any, Final

import pytest
from playwright.async_api import Page, Route, expect
from pypdf import PdfReader

from tests.web.conftest import Signing, Window
from tests.web.hand import Counting
from tests.world import API, answer, problem

CODES: Final = "/office/code/index"
STAIR: Final = "人和家园944号4单元"


async def choose(page: Page, place: str) -> None:
    await page.get_by_role("button", name="选地点").tap()
    await page.get_by_label("门牌号").fill(place)
    await page.get_by_role("button", name=place).first.tap()


async def opened_pdf(page: Page) -> PdfReader:
    """Tap to print, and return what WeChat's viewer would show."""
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="打开要打印的文件").tap()
    return PdfReader(await (await downloading.value).path())


async def test_a_community_is_counted_and_printed_in_two_taps(window: Window, signs: Signing) -> None:
    person = await signs("community")
    counted = await person.get(f"/places/{await person.place('万寿山社区')}/qrcodes")
    page = await window("community", CODES)
    await page.get_by_role("tab", name="万寿山社区").tap()
    await expect(page.get_by_text(f"{counted['codes']}个楼道码，{counted['sheets']}张A4纸")).to_be_visible()
    assert len((await opened_pdf(page)).pages) == counted["sheets"]
    opening = await page.evaluate("__harness.calls.at(-1)")
    assert (opening["call"], opening["options"]["fileType"], opening["options"]["showMenu"]) == (
        "openDocument", "pdf", True,
    )  # fmt: skip


async def test_a_grid_head_prints_a_building_and_replaces_nothing(window: Window) -> None:
    page = await window("grid_head", CODES)
    await choose(page, "人和家园944号")
    assert len((await opened_pdf(page)).pages) == 1
    await expect(page.get_by_role("button", name="换一个码")).to_have_count(0)


@pytest.mark.excused("404")  # the sheets of others
async def test_codes_of_others_are_not_offered_to_print(window: Window) -> None:
    page = await window("other_grid_head", CODES)
    await choose(page, STAIR)
    await expect(page.get_by_label(f"{STAIR}的楼道码")).to_be_visible()
    await expect(page.get_by_text("打印楼道码", exact=True)).to_have_count(0)
    await expect(page.get_by_role("alert")).to_have_count(0)


BUSY: Final[dict[str, Any]] = {
    "status": 503,
    "headers": {"content-type": "application/problem+json", "retry-after": "60"},
    "body": '{"type": "x/unavailable", "title": "x", "status": 503, "detail": "正在给别人排版，请一分钟后再试"}',
}


@pytest.mark.excused("503")
async def test_why_there_is_no_file_is_said_and_it_can_be_asked_for_again(window: Window) -> None:
    page = await window("community", CODES)
    await choose(page, STAIR)

    async def busy(route: Route) -> None:
        await route.fulfill(**BUSY)

    printing = page.get_by_role("button", name="打开要打印的文件")
    await page.route("**/qrcodes.pdf", busy)
    await printing.tap()
    await expect(page.get_by_role("alert")).to_contain_text("正在给别人排版，请一分钟后再试")
    await page.unroute("**/qrcodes.pdf")
    await page.evaluate("__harness.refuse = { openDocument: 'fail' }")
    await printing.tap()
    await expect(page.get_by_role("alert")).to_contain_text("文件没有打开")
    await page.evaluate("__harness.refuse = {}")
    assert STAIR in (await opened_pdf(page)).pages[0].extract_text().translate({0: None, 10: None})
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_without_a_network_that_is_said(window: Window) -> None:
    page = await window("community", CODES)
    await choose(page, STAIR)
    await expect(page.get_by_role("button", name="打开要打印的文件")).to_be_visible()
    await page.evaluate("__harness.goOffline(true)")
    await page.get_by_role("button", name="打开要打印的文件").tap()
    await expect(page.get_by_role("alert")).to_contain_text("网络不通")


async def test_a_defaced_code_is_replaced_in_three_taps_and_the_old_one_ends(
    window: Window, signs: Signing
) -> None:
    page, hand = await window("community", CODES), Counting()
    await choose(page, STAIR)
    number = page.locator(".code-card .ltr")
    old = await number.inner_text()
    picture = page.get_by_label(f"{STAIR}的楼道码")
    before = await picture.get_attribute("src")
    await hand.tap(page.get_by_role("button", name="换一个码"))
    await hand.tap(page.get_by_role("dialog", name="为什么换码").get_by_role("button", name="被涂改、看不清"))
    asked = await page.evaluate("__harness.calls.at(-1).options.content")
    assert (old in asked, "这个码已作废" in asked, "被涂改、看不清" in asked) == (True, True, True)
    await hand.tap(page.get_by_text("确定", exact=True).last)
    await expect(page.get_by_text(f"旧码 {old} 已作废")).to_be_visible()
    assert hand.taps == 3
    await expect(number).not_to_have_text(old)
    assert await picture.get_attribute("src") != before

    community = await signs("community")
    assert problem(await community.http.get(f"{API}/scenes/{old}"), 410)["title"].startswith("这个码已作废")
    (entry,) = (await community.get("/audit", type="code_replaced"))["items"]
    assert entry["data"] == {"reason": "defaced"}
    new = await number.inner_text()
    assert new in (await opened_pdf(page)).pages[0].extract_text().translate({0: None, 10: None})


async def test_a_question_declined_replaces_nothing(window: Window) -> None:
    page = await window("community", CODES)
    await choose(page, "人和家园944号3单元")
    number = page.locator(".code-card .ltr")
    old = await number.inner_text()
    await page.get_by_role("button", name="换一个码").tap()
    await page.get_by_role("button", name="掉了、被撕了").tap()
    await page.get_by_text("取消", exact=True).last.tap()
    await expect(page.get_by_role("dialog", name="为什么换码")).to_be_visible()
    await expect(number).to_have_text(old)


async def test_a_code_that_somebody_has_replaced_meanwhile_is_not_replaced_twice(
    window: Window, signs: Signing
) -> None:
    page, street = await window("community", CODES), await signs("street")
    await choose(page, "人和家园944号2单元")
    number = page.locator(".code-card .ltr")
    old = await number.inner_text()
    place_id = await street.place("人和家园944号2单元")
    made = answer(await street.ask("POST", f"/places/{place_id}/qrcode/replace", json={"scene": old}))
    await page.get_by_role("button", name="换一个码").tap()
    await page.get_by_role("button", name="贴错了地方").tap()
    await page.get_by_text("确定", exact=True).last.tap()
    await expect(page.get_by_text(f"旧码 {old} 已作废")).to_be_visible()
    await expect(number).to_have_text(made["scene"])
