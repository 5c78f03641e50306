"""The roster at the console: a week planned from the keyboard, its gaps, and what is refused."""

import pytest
from playwright.async_api import expect

from tests.console.common_life import press
from tests.console.conftest import Desk
from tests.web.conftest import ARTEFACTS, Signing


@pytest.mark.excused("409")
async def test_a_head_plans_a_week_from_the_keyboard(desk: Desk, signs: Signing) -> None:
    head = await signs("grid_head")
    page = await desk("grid_head", "roster")
    table, drawer = page.locator("table.roster"), page.locator("aside.drawer")
    await page.get_by_role("button", name="下一周").press("Enter")
    gaps = table.locator(".tag.late")
    await expect(gaps).to_have_count(7)
    first = table.locator("[data-cell]").first
    await first.focus()
    await press(page, "ArrowDown", "ArrowRight", "Enter")  # the deputy's Tuesday
    await expect(drawer.locator("h2")).to_contain_text("副网格长 赵副网格长")
    await drawer.get_by_label("从").fill("17:30")
    await press(page, "Enter")
    await expect(table.locator("[data-cell]:focus")).to_have_text("17:30–08:00 +1")
    await expect(gaps).to_have_count(6)
    await press(page, "ArrowRight", "Enter")
    await expect(drawer.get_by_label("从")).to_have_value("17:30")  # as typed last
    await press(page, "Enter")
    await expect(gaps).to_have_count(5)
    await page.screenshot(path=ARTEFACTS / "console-roster.png")
    await press(page, "Enter")
    await drawer.get_by_role("button", name="排上").press("Enter")  # once more at the same time
    await expect(drawer.get_by_role("alert")).to_contain_text("这段时间已经有班")
    await drawer.get_by_role("button", name="取消这个班").press("Enter")
    await drawer.get_by_role("button", name="取消这个班").press("Enter")
    await expect(gaps).to_have_count(6)
    (shift,) = (await head.get("/duty/shifts"))["items"]
    assert shift["starts_at"].endswith("T09:30:00Z")
