"""A clerk's other errands at the console: the quarter's bulletin, a new building, a canned reply."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.console.conftest import Desk
from tests.web.conftest import Signing
from tests.world import answer

BUILDING = "code,parent,level,name,lat,lng,sort\nwss-999,wss-rhjy,building,999号,,,9\n"


async def drop(page: Page, content: str) -> None:
    file: Any = {"name": "新楼.csv", "mimeType": "text/csv", "buffer": content.encode()}
    await page.locator("input[type=file]").set_input_files(file)


@pytest.mark.excused("409")
async def test_a_bulletin_is_drafted_edited_by_two_and_published(desk: Desk, signs: Signing) -> None:
    other = await signs("community")
    page = await desk("community", "bulletins")
    choices = asyncio.Event()

    async def late(route: Route) -> None:
        await choices.wait()
        await route.continue_()

    await page.route(re.compile(r"/api/v1/places/[^/]+$"), late)
    await page.get_by_role("link", name="起草公示").click()
    await page.locator("aside form .btn.main").click()  # waits for what is to be chosen from
    choices.set()
    await page.locator("tr a.row-link").first.click()
    opening = page.get_by_label("开头")
    await expect(opening).not_to_have_value("")
    (draft,) = (await other.get("/bulletins"))["items"]
    theirs = {"version": draft["version"], "projects": "加装电梯"}
    answer(await other.ask("PATCH", f"/bulletins/{draft['id']}", json=theirs))
    await opening.fill("各位居民：")
    await page.get_by_role("button", name="保存").click()
    await expect(page.locator("aside form [role=alert]")).to_be_visible()
    await expect(opening).to_have_value("各位居民：")
    await page.get_by_role("button", name="保存").click()
    await expect(page.locator(".toast")).to_contain_text("已保存")
    await page.locator("aside").get_by_role("button", name="公示", exact=True).click()
    await page.locator("aside .note .btn.danger").click()
    public = page.get_by_role("link", name="打开公示页")
    await expect(public).to_be_visible()
    answered = await page.request.get(
        page.url.partition("/console/")[0] + str(await public.get_attribute("href"))
    )
    assert "各位居民：" in await answered.text()


@pytest.mark.excused("422")
async def test_a_building_is_checked_line_by_line_then_imported(desk: Desk, signs: Signing) -> None:
    page = await desk("community", "imports")
    await drop(page, BUILDING.replace("wss-rhjy", "bl"))
    await expect(page.get_by_role("alert")).to_contain_text("有1行有问题")
    await expect(page.locator("td.bad")).to_have_text("“wss-999”不在您管理的范围里。")
    await drop(page, BUILDING)
    await expect(page.locator(".note")).to_contain_text("检查通过")
    await page.get_by_role("button", name="导入", exact=True).click()
    await expect(page.locator(".note")).to_contain_text("已导入")
    found = await (await signs("resident")).get("/places/search", q="999号")
    assert found["items"][0]["label"] == "人和家园999号"


async def test_a_canned_reply_stands_beside_the_form_filled_in(desk: Desk, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    ticket = await resident.report()
    await head.act("accept", ticket)
    page = await desk("grid_head", "replies/new")
    form = page.locator("aside form")
    await form.get_by_label("用在哪一步").select_option("resolve")
    await form.get_by_label("内容").fill("{place}已换灯泡")
    await page.get_by_role("button", name="保存").click()
    await expect(page.locator(".toast")).to_contain_text("已保存")
    await page.goto(f"{page.url.partition('/console/')[0]}/console/tickets/{ticket['id']}")
    await page.get_by_role("button", name="办结", exact=True).first.click()
    await page.get_by_role("button", name="人和家园944号4单元已换灯泡").click()
    await expect(page.locator(".act-form textarea")).to_have_value("人和家园944号4单元已换灯泡")
