"""Two people at one ticket: whoever comes second reads what happened, and loses no word."""

import pytest
from playwright.async_api import expect

from tests.console.conftest import Desk
from tests.web.conftest import Signing


@pytest.mark.excused("409")
async def test_a_conflict_is_said_in_place_and_the_words_stay(desk: Desk, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    ticket = await resident.report()
    page = await desk("grid_head", f"tickets/{ticket['id']}")
    await page.get_by_role("button", name="上报上级").click()
    await page.get_by_label("原因").fill("要社区协调产权单位")
    await head.act("accept", ticket)
    await page.locator(".act-form .btn.main").click()
    await expect(page.locator(".act-form [role=alert]")).to_contain_text("已受理")
    await expect(page.get_by_label("原因")).to_have_value("要社区协调产权单位")
    await page.get_by_role("button", name="仍要提交").click()
    await expect(page.locator(".toast")).to_be_visible()
    assert (await resident.ticket(ticket["id"]))["level"] == 2


@pytest.mark.excused("409")
async def test_what_is_not_possible_any_more_is_said_with_what_is(desk: Desk, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    ticket = await resident.report()
    page = await desk("grid_head", f"tickets/{ticket['id']}")
    await page.get_by_role("button", name="不予受理").click()
    await page.get_by_text("情况不清楚").click()
    await page.get_by_label("告诉报告人为什么").fill("请补充楼层")
    await head.act("accept", ticket)
    await page.locator(".act-form .btn.danger").click()
    await expect(page.locator(".act-form [role=alert]")).to_contain_text("现在可以")
    await expect(page.get_by_label("告诉报告人为什么")).to_have_value("请补充楼层")
