"""One clerk's day at one window of the console, from the first call to the absent head: nothing is opened anew, hardly a mouse.

test_clerks_day.py looks closer at each errand; here they follow each other, and each begins where the last one ended.
"""

import csv
import io
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Locator, Page, expect
from pypdf import PdfReader

from tests.console.conftest import Desk
from tests.console.keyboard import choose, press
from tests.web.conftest import Signing
from tests.world import Person

FORTY: Final = 40
RUBBISH: Final = "垃圾桶满了两天"
BUILDING: Final = "code,parent,level,name,lat,lng,sort\nwss-997,wss-rhjy,building,997号,,,7\n"


async def jumps(page: Page, said: str, option: str) -> None:
    """Go to the first that the palette offers, once it offers what is wanted."""
    await press(page, "Control+k")
    await expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    await page.keyboard.type(said)
    await page.get_by_role("option").filter(has_text=option).first.wait_for()
    await press(page, "Enter")


async def goes(page: Page, screen: str) -> None:
    """Go to a screen by the palette."""
    await jumps(page, screen, screen)
    await expect(page.get_by_role("heading", level=1)).to_have_text(screen)


async def answers_a_call(page: Page, said: str) -> None:
    """Type in what somebody says on the phone, and go back to what was open."""
    await press(page, "n")
    await expect(page.get_by_role("combobox", name="地址")).to_be_focused()
    await page.keyboard.type("944号4单元3楼")
    await expect(page.get_by_role("option")).to_contain_text("944号4单元 · 3楼")
    await press(page, "Enter")
    await choose(page.get_by_label("什么问题"), "楼道灯不亮")
    await page.get_by_label("怎么说的").focus()
    await page.keyboard.type(said)
    await press(page, "Tab", "Tab", "Tab", "Enter")
    await expect(page.get_by_role("status").filter(has_text="已登记")).to_be_visible()
    await page.go_back()


async def dispatches(page: Page, within: Locator) -> None:
    await within.get_by_role("button", name="派遣", exact=True).press("Enter")
    await within.get_by_role("radio", name="人和物业").press("Space")


async def looks_for(page: Page, said: str) -> None:
    """Go to all tickets, and find those with these words."""
    await press(page, "g", "t")
    await expect(page.get_by_role("heading", level=1)).to_have_text("全部工单")
    await press(page, "/")
    await expect(page.get_by_role("searchbox")).to_be_focused()
    await page.keyboard.type(said)
    await expect(page.locator("tr.opens")).to_have_count(FORTY)


async def forty_are_dispatched(page: Page, member: Person) -> None:
    place = await member.place()
    made = [
        await member.report(category="garbage", description=RUBBISH, place_id=place) for _ in range(FORTY)
    ]
    await looks_for(page, RUBBISH)
    address = page.url
    await page.get_by_label("全选").focus()  # out of the box: there keys are letters
    await answers_a_call(page, "四楼的灯也不亮了")  # the list is open, and so it is afterwards
    assert page.url == address
    await expect(page.locator("tr.opens")).to_have_count(FORTY)
    await page.get_by_label("全选").press("Space")
    bulk = page.locator(".bulk")
    await expect(bulk).to_contain_text(f"已选{FORTY}件")
    await dispatches(page, bulk)
    await bulk.locator("form .btn.main").press("Enter")
    await expect(page.locator(".toast")).to_contain_text(f"派遣：办好{FORTY}件")
    assert {(await member.ticket(ticket["id"]))["status"] for ticket in made} == {"dispatched"}


async def the_grid_heads_phone_is_faster(page: Page, member: Person, head: Person) -> None:
    ticket = await member.report(description="一楼门厅灯不亮")
    await jumps(page, ticket["no"], "944号4单元")
    await expect(page.locator("aside")).to_contain_text(ticket["no"])
    await dispatches(page, page.locator("aside"))
    note = page.get_by_label("给承办单位的话")
    await note.focus()
    await page.keyboard.type("家里有老人，先打电话")
    await head.act("accept", ticket)
    await page.locator(".act-form .btn.main").press("Enter")
    await expect(page.locator(".act-form [role=alert]")).to_contain_text("已受理")
    await expect(note).to_have_value("家里有老人，先打电话")
    await page.get_by_role("button", name="仍要提交").press("Enter")
    await expect(page.locator(".act-form")).to_have_count(0)
    assert (await head.ticket(ticket["id"]))["status"] == "dispatched"


async def the_month_is_exported(page: Page, folder: Path) -> None:
    await press(page, "Escape")
    await looks_for(page, RUBBISH)
    async with page.expect_download() as begun:
        await page.get_by_role("button", name="导出 CSV").press("Enter")
    await (await begun.value).save_as(folder / "month.csv")
    head, *rows = csv.reader(io.StringIO((folder / "month.csv").read_text("utf-8-sig")))
    assert "编号" in head
    assert len(rows) == FORTY


async def the_bulletin_is_published_and_printed(page: Page) -> None:
    await goes(page, "公示")
    await page.get_by_role("link", name="起草公示").press("Enter")
    await page.locator("aside form .btn.main").press("Enter")
    await page.locator("tr a.row-link").first.press("Enter")
    await page.get_by_label("开头").fill("各位居民：这个季度清运了垃圾。")
    await page.get_by_role("button", name="保存").press("Enter")
    await expect(page.locator(".toast")).to_contain_text("已保存")
    await page.locator("aside").get_by_role("button", name="公示", exact=True).press("Enter")
    await page.locator("aside .note .btn.danger").press("Enter")
    async with page.expect_popup() as opening:
        await page.get_by_role("link", name="打开公示页").press("Enter")
    bulletin = await opening.value
    await bulletin.wait_for_load_state()
    printed = PdfReader(io.BytesIO(await bulletin.pdf(format="A4", print_background=True)))
    assert "清运了垃圾" in "".join(sheet.extract_text() for sheet in printed.pages)
    await bulletin.close()


async def a_new_building_is_imported(page: Page, resident: Person) -> None:
    await goes(page, "导入")
    file: Any = {"name": "新楼.csv", "mimeType": "text/csv", "buffer": BUILDING.encode()}
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="导入", exact=True).press("Enter")
    await expect(page.locator(".note")).to_contain_text("已导入")
    found = await resident.get("/places/search", q="997号")
    assert found["items"][0]["label"] == "人和家园997号"


async def an_absent_head_is_covered(page: Page) -> None:
    await press(page, "g", "b")
    await page.get_by_role("link", name="登记请假").press("Enter")
    drawer = page.locator("aside")
    await drawer.get_by_role("radio", name="第四网格").press("Space")
    await expect(drawer.locator(".note")).to_contain_text("由副网格长 赵副网格长代办")
    await drawer.get_by_role("button", name="保存").press("Enter")
    await expect(page.locator("tr", has_text="陈网格长")).to_contain_text("副网格长 赵副网格长")


@pytest.mark.excused("409")
async def test_a_clerks_day_at_one_window(desk: Desk, signs: Signing, tmp_path: Path) -> None:
    member, head, resident = [await signs(name) for name in ("member", "grid_head", "resident")]
    page = await desk("community")
    opened: list[str] = []
    page.on("request", lambda asked: opened.append(asked.url) if asked.is_navigation_request() else None)
    await answers_a_call(page, "三楼的灯又不亮了")
    await forty_are_dispatched(page, member)
    await the_grid_heads_phone_is_faster(page, member, head)
    await the_month_is_exported(page, tmp_path)
    await the_bulletin_is_published_and_printed(page)
    await a_new_building_is_imported(page, resident)
    await an_absent_head_is_covered(page)
    assert [url for url in opened if "/console/" in url] == []  # the window was never loaded again
