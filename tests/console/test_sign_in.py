"""Signing in to the console: by scanning, for as long as somebody is there, with the refresh token out of reach."""

import asyncio
from typing import Any, Final

import pytest
from playwright.async_api import Page, Route, expect

from tests.console.conftest import DESK, Desk
from tests.web.conftest import Signing, Window

HALF_AN_HOUR: Final = 30 * 60_000 + 20_000


async def begun_scan(page: Page, url: str) -> Any:
    async with page.expect_response("**/api/v1/auth/scan") as answer:
        await page.goto(url)
    return await (await answer.value).json()


async def slowly(route: Route) -> None:
    await asyncio.sleep(1)
    await route.continue_()


async def test_a_scan_signs_in(demo: str, opened: Window, signs: Signing) -> None:
    page = await opened("about:blank", viewport=DESK)
    scan = await begun_scan(page, f"{demo}/console/")
    await expect(page.get_by_role("img", name="登录二维码")).to_be_visible()
    clerk = await signs("community")
    assert (await clerk.ask("POST", "/auth/scan/approve", json={"scene": scan["scene"]})).status_code == 200
    await expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")


async def test_no_script_reads_the_refresh_token_and_a_reload_goes_on(desk: Desk) -> None:
    page = await desk("community")
    cookie = next(each for each in await page.context.cookies() if each["name"] == "loudeng_refresh")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert await page.evaluate("document.cookie") == ""
    kept = await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert "ldr_" not in kept
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")


async def test_signing_out_ends_every_window(desk: Desk) -> None:
    page = await desk("community")
    other = await page.context.new_page()
    await other.goto(page.url)
    await other.locator("nav").wait_for()
    await page.get_by_role("button", name="退出登录").click()
    await expect(page.locator(".sign-in")).to_contain_text("已退出登录")
    await expect(other.locator(".sign-in")).to_contain_text("登录已结束")


@pytest.mark.excused("status of 4")
async def test_a_session_ended_elsewhere_is_said(desk: Desk) -> None:
    page = await desk("community")
    token = await page.request.post(
        page.url.partition("/console")[0] + "/api/v1/auth/logout",
        data={},
        headers={"X-Refresh-Token": "cookie"},
    )
    assert token.ok
    said = page.locator(".sign-in")
    link = page.get_by_role("link", name="全部工单").or_(
        said
    )  # a request of the page's own may be first to find out
    await link.first.click()
    await expect(said).to_contain_text("登录已结束")


async def test_half_an_hour_alone_locks_and_keeps_what_was_typed(desk: Desk, demo: str) -> None:
    page = await desk("community", "register")
    await page.get_by_label("怎么说的").fill("三楼的灯不亮")
    await page.clock.install()
    await page.clock.run_for(1_000)
    await page.keyboard.press("Shift")
    await page.reload()  # the clock is there from the beginning
    await page.locator("nav").wait_for()
    # An answer that is slow in real time: while the clock is the test's, no time of the page's may run out on it.
    await page.route("**/auth/demo?*", slowly)
    await page.clock.fast_forward(HALF_AN_HOUR)
    await expect(page.locator(".sign-in")).to_contain_text("已锁定")
    await page.clock.resume()
    await page.get_by_role("button", name="社区工作人员（万寿山社区）").click()
    await expect(page.get_by_label("怎么说的")).to_have_value("三楼的灯不亮")
