"""The main stories with a keyboard only: whatever can be tapped is reached by Tab and pressed by Enter or space."""

import re
from typing import Any, Final

from playwright.async_api import Locator, Page, expect

from tests.web.conftest import Holding, Signing
from tests.web.hand import Hand, photo
from tests.world import brought

MOST: Final = 120  # presses of Tab before a thing counts as out of reach
IN_FOCUS: Final = "all => all.some(each => each === document.activeElement)"


async def reach(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus."""
    for _ in range(MOST):
        if await target.evaluate_all(IN_FOCUS):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{target} is out of reach")


async def press(
    page: Page, role: str, name: str, key: str = "Enter", *, within: Locator | None = None
) -> None:
    """Go to something by its role and name, and press it."""
    where = within or page.locator("body")
    target = where.get_by_role(role, name=re.compile(f"^{name}( |$)")).filter(visible=True)  # type: ignore[arg-type]
    await target.first.wait_for()
    await reach(page, target)
    await page.keyboard.press(key)


async def without_touch(holds: Holding, persona: str, path: str = "") -> Hand:
    return await holds(persona, path, has_touch=False)


async def test_a_resident_reports(holds: Holding, signs: Signing) -> None:
    hand = await without_touch(holds, "resident")
    page = hand.page
    await press(page, "button", "楼道灯不亮")
    await press(page, "textbox", "说明", "a")
    await page.keyboard.type(" 三楼灯不亮")
    await press(page, "switch", "匿名上报", "Space")
    await expect(page.get_by_role("switch", name="匿名上报")).to_be_checked()
    await press(page, "button", "提交")
    await hand.sees("已上报")
    await press(page, "button", "查看进度")
    await hand.sees("工单详情")
    ticket = await (await signs("resident")).ticket(await hand.ticket_id())
    assert (ticket["description"], ticket["anonymous"]) == ("a 三楼灯不亮", True)


async def test_a_grid_head_accepts_and_dispatches(holds: Holding, signs: Signing) -> None:
    ticket = await (await signs("resident")).report(description="二楼灯不亮，用键盘受理")
    hand = await without_touch(holds, "grid_head", "/pages/work/index")
    page = hand.page
    card = page.locator(".desk").filter(has_text="用键盘受理")
    await press(page, "button", "受理", within=card)
    await expect(card).to_contain_text("您正在处理")
    await press(page, "button", "派遣", within=card)
    sheet = page.get_by_role("dialog", name="派遣")
    await expect(sheet.locator(".chip.on")).to_contain_text("人和物业")
    await press(page, "button", "派遣", within=sheet)
    await expect(card).to_contain_text("等人和物业接单")
    assert (await (await signs("grid_head")).ticket(ticket["id"]))["status"] == "dispatched"


async def test_a_grid_head_accepts_and_resolves_with_a_photo(holds: Holding, signs: Signing) -> None:
    ticket = await (await signs("resident")).report(description="三楼灯不亮，用键盘办结")
    hand = await without_touch(holds, "grid_head", "/pages/work/index")
    page = hand.page
    card = page.locator(".desk").filter(has_text="用键盘办结")
    await press(page, "button", "受理", within=card)
    await expect(card).to_contain_text("您正在处理")
    await press(page, "button", "楼道灯不亮", within=card)
    await press(page, "button", "办结", within=hand.front)
    sheet = page.get_by_role("dialog", name="办结")
    await press(page, "textbox", "做了什么，如：换了灯泡", within=sheet)
    await page.keyboard.type("换了灯泡")
    async with page.expect_file_chooser() as choosing:
        await press(page, "button", "添加", within=sheet)
    lamp: Any = {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": photo(600, 800, shade=160)}
    await (await choosing.value).set_files(lamp)
    await expect(hand.shots).to_have_count(1)
    await press(page, "button", "办结", within=sheet)
    await expect(sheet).to_be_hidden()
    await hand.sees("办理结果")
    after = await (await signs("grid_head")).ticket(ticket["id"])
    assert (after["status"], after["resolution"]["text"]) == ("resolved", "换了灯泡")
    assert len(after["resolution"]["photos"]) == 1
    await expect(hand.front.locator("wx-image").filter(visible=True).first).to_be_visible()


async def test_a_resident_confirms(holds: Holding, signs: Signing) -> None:
    resident, head, company = [await signs(name) for name in ("resident", "grid_head", "property")]
    ticket = await brought("resolved", resident, head, company)
    hand = await without_touch(holds, "resident", f"/pages/ticket/index?id={ticket['id']}")
    page = hand.page
    await press(page, "button", "修好了")
    sheet = page.get_by_role("dialog", name="修好了")
    await press(page, "radio", "很满意", "Space", within=sheet)
    await expect(sheet.get_by_role("radio", name="很满意")).to_be_checked()
    await press(page, "button", "修好了", within=sheet)
    await hand.sees("已结案")


async def test_a_community_replaces_a_code(holds: Holding) -> None:
    hand = await without_touch(holds, "community", "/office/code/index")
    page = hand.page
    await press(page, "button", "选地点")
    await page.get_by_label("门牌号").fill("944号4单元")
    await press(page, "button", "人和家园944号4单元")
    number = page.locator(".code-card .ltr")
    old = await number.inner_text()
    await press(page, "button", "换一个码", "Space")
    await press(page, "button", "掉了、被撕了", within=page.get_by_role("dialog", name="为什么换码"))
    await press(page, "button", "确定")
    await hand.sees(f"旧码 {old} 已作废，请把它揭下来。下面是新码，请打印贴上。")
    await expect(number).not_to_have_text(old)


async def test_a_community_decides_on_what_is_held_back(holds: Holding, signs: Signing) -> None:
    await (await signs("resident")).report(description="加微信办贷款")
    hand = await without_touch(holds, "community", "/office/reviews/index")
    page = hand.page
    card = page.locator(".card").filter(has_text="加微信办贷款")
    while not await card.is_visible():  # followed up within a second
        await page.wait_for_timeout(300)
        await hand.opens("/office/reviews/index")
    await press(page, "button", "放行", within=card)
    await expect(card).to_contain_text("已放行")
    await press(page, "button", "改为删除", "Space", within=card)
    await expect(card).to_contain_text("已删除")
    await press(page, "button", "看工单", within=card)
    await hand.sees("加微信办贷款")


async def test_the_focus_stays_in_an_open_sheet_and_returns_to_what_opened_it(
    holds: Holding, signs: Signing
) -> None:
    resident = await signs("resident")
    ticket = await resident.report()
    hand = await without_touch(holds, "resident", f"/pages/ticket/index?id={ticket['id']}")
    page = hand.page
    await press(page, "button", "留言")
    sheet = page.get_by_role("dialog", name="留言")
    await expect(sheet).to_be_focused()
    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await sheet.evaluate("sheet => sheet.contains(document.activeElement)")
    await press(page, "button", "取消", within=sheet)
    await expect(sheet).to_be_hidden()
    await expect(page.get_by_role("button", name="留言").filter(visible=True)).to_be_focused()


async def test_the_tab_in_front_is_announced(holds: Holding) -> None:
    hand = await without_touch(holds, "resident")
    page = hand.page
    bar = page.get_by_role("navigation")
    await expect(bar.get_by_role("tab", selected=True)).to_have_text("上报")
    await press(page, "tab", "我的报修", within=bar)
    await expect(bar.get_by_role("tab", selected=True)).to_have_text("我的报修")
