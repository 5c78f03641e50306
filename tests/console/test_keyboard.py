"""A clerk's hour with the console by keyboard alone."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.console.conftest import Desk
from tests.console.keyboard import press

pytestmark = pytest.mark.usefixtures("three_tickets")


async def test_a_call_is_one_key_and_the_address_comes_first(desk: Desk) -> None:
    page = await desk("community")
    await press(page, "n")
    await expect(page.get_by_role("combobox", name="地址")).to_be_focused()
    await page.keyboard.type("944号4单元3楼")
    await expect(page.get_by_role("option")).to_contain_text("944号4单元 · 3楼")
    await press(page, "Enter", "Tab", "Tab")
    await page.locator("select option").nth(1).wait_for(state="attached")
    await press(page, "ArrowDown", "Tab")
    await page.keyboard.type("三楼的灯不亮")
    await press(page, "Tab", "Tab")
    await page.keyboard.type("王阿姨")
    await press(page, "Enter")
    await expect(page.get_by_role("status").filter(has_text="已登记")).to_be_visible()


async def test_rows_are_walked_opened_and_left(desk: Desk) -> None:
    page = await desk("community", "tickets")
    rows = page.locator("tr.opens")
    await rows.first.wait_for()
    await press(page, "j", "j", "k", "j")
    await expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    await press(page, "Enter")
    await expect(page.locator("aside h2")).to_be_visible()
    assert page.url.rpartition("/")[2] == await rows.nth(1).get_attribute("data-id")
    await press(page, "j")
    await expect(rows.nth(2)).to_have_class(re.compile("opened"))
    await press(page, "Escape")
    await expect(page.locator("aside")).to_have_count(0)


async def test_two_keys_that_come_in_one_go_are_a_sequence(desk: Desk) -> None:
    """As on a busy computer, which delivers them together."""
    page = await desk("community")
    await page.evaluate(
        "for (const key of 'gp') document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}))"
    )
    await expect(page.get_by_role("heading", level=1)).to_have_text("岗位与邀请")


async def test_the_keys_rest_while_somebody_types(desk: Desk) -> None:
    page = await desk("community", "tickets")
    await page.locator("tr.opens").first.wait_for()
    await press(page, "/")
    await page.keyboard.type("jn?")
    await expect(page.get_by_role("searchbox")).to_have_value("jn?")
    assert page.url.partition("?")[0].endswith("/tickets")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_an_input_method_keeps_its_keys(desk: Desk) -> None:
    page = await desk("community", "tickets")
    await page.locator("tr.opens").first.wait_for()
    await page.evaluate(
        "dispatchEvent(new KeyboardEvent('keydown', { key: 'n', keyCode: 229, bubbles: true, cancelable: true }))"
    )
    await expect(page.get_by_role("heading", level=1)).to_have_text("全部工单")


async def test_the_palette_finds_screens_and_tickets(desk: Desk, three_tickets: list[dict[str, Any]]) -> None:
    ticket = three_tickets[0]
    page = await desk("community")
    await press(page, "Control+k")
    await expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    await page.keyboard.type(ticket["no"])
    await page.get_by_role("option").filter(has_text="944号4单元").first.wait_for()
    await press(page, "Enter")
    await expect(page.locator("aside")).to_contain_text(ticket["no"])
    await press(page, "Escape", "g", "p")
    await expect(page.get_by_role("heading", level=1)).to_have_text("岗位与邀请")


async def test_after_an_act_the_cursor_is_at_the_next_row(desk: Desk) -> None:
    page = await desk("grid_head")
    rows = page.locator("tr.opens")
    await rows.first.wait_for()
    await press(page, "j", "Enter")
    await page.get_by_role("button", name="留言", exact=True).click()
    await page.keyboard.type("已电话联系")
    await page.locator(".act-form button.main").press("Enter")
    await expect(page.locator(".toast")).to_be_visible()
    await expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    await expect(rows.nth(1).locator("a")).to_be_focused()
