"""The roster at the console: a week planned from the keyboard, its gaps, and what is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import expect

from app.enums import SHANGHAI
from tests.console.common_life import address, press
from tests.console.conftest import Desk
from tests.subjects import ahead
from tests.web.conftest import ARTEFACTS, Signing
from tests.world import answer


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


async def test_a_head_exchanges_a_shift_and_takes_one_at_the_console(desk: Desk, signs: Signing) -> None:
    head, deputy = await signs("grid_head"), await signs("deputy")
    post_id, other = [(await one.get("/me"))["posts"][0]["id"] for one in (head, deputy)]
    shifts = []
    for holder, days in ((post_id, 20), (other, 21), (other, 22)):
        times = {"starts_at": ahead(days=days), "ends_at": ahead(days=days, hours=2)}
        shifts.append(answer(await head.ask("POST", "/duty/shifts", json={"post_id": holder, **times}), 201))
    own, _, theirs = shifts
    answer(await deputy.ask("POST", f"/duty/shifts/{theirs['id']}/swap", json={"post_id": post_id}))
    page = await desk("grid_head", at_of(theirs))
    drawer = page.locator("aside.drawer")
    await expect(drawer.locator(".note")).to_contain_text("副网格长 赵副网格长请您替这个班")
    await drawer.get_by_role("button", name="我来替").press("Enter")
    await expect(page.locator(".toast")).to_contain_text("这个班归您")
    await address(page, at_of(own))
    await drawer.get_by_label("请谁替").select_option(label="副网格长 赵副网格长")
    await drawer.get_by_label("换对方的班").select_option(index=1)
    await drawer.get_by_role("button", name="请替", exact=True).press("Enter")
    await expect(drawer.locator(".note")).to_contain_text("换的是")
    asked = next(one for one in (await head.get("/duty/shifts"))["items"] if one["id"] == own["id"])
    assert asked["swap"]["for_id"]
    await drawer.get_by_role("button", name="撤回").press("Enter")
    await expect(drawer.get_by_label("请谁替")).to_be_visible()


def at_of(shift: dict[str, Any]) -> str:
    """Return the address of a shift's cell."""
    day = datetime.fromisoformat(shift["starts_at"]).astimezone(SHANGHAI).date()
    monday = day - timedelta(days=day.weekday())
    return f"roster/{shift['post']['post_id']}_{day}?week={monday}"
