"""A day of a community clerk at the console, by keyboard and mouse, from the first call to the printed bulletin."""

import csv
import io
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import expect
from pypdf import PdfReader

from tests.console.conftest import Desk
from tests.console.keyboard import press
from tests.web.conftest import Signing
from tests.world import Person, answer

NEW: Final = 52  # more than a page of a list
BUILDING: Final = "code,parent,level,name,lat,lng,sort\nwss-998,wss-rhjy,building,998号,,,8\n"


@pytest.fixture
async def member(signs: Signing) -> Person:
    return await signs("member")


async def test_a_call_is_typed_in_while_a_list_is_open(desk: Desk) -> None:
    page = await desk("community", "tickets?status=new&status=accepted")
    await page.get_by_role("heading", name="全部工单").wait_for()
    await press(page, "n")
    await expect(page.get_by_role("combobox", name="地址")).to_be_focused()
    await page.keyboard.type("944号4单元3楼")
    await expect(page.get_by_role("option")).to_contain_text("944号4单元 · 3楼")
    await press(page, "Enter")
    await page.get_by_label("什么问题").select_option("stair_light")
    await page.get_by_label("怎么说的").fill("三楼的灯又不亮了")
    await press(page, "Tab", "Tab", "Tab", "Enter")
    await expect(page.get_by_role("status").filter(has_text="已登记")).to_be_visible()
    await page.go_back()
    await expect(page.locator("tr.opens").first).to_contain_text("三楼的灯又不亮了")
    assert page.url.endswith("tickets?status=new&status=accepted")
    status = page.locator(".filter", has=page.get_by_text("状态", exact=True)).locator("summary")
    await expect(status).to_contain_text("待受理、处置中")


async def test_all_that_match_are_dispatched_at_once_and_what_was_not_done_is_said(
    desk: Desk, member: Person, signs: Signing
) -> None:
    place, head = await member.place(), await signs("grid_head")
    made = [
        await member.report(category="garbage", description="垃圾没有清运", place_id=place)
        for _ in range(NEW)
    ]
    page = await desk("community", "tickets?category=garbage&created_from=today&q=垃圾没有清运")
    await page.locator("tr.opens").nth(49).wait_for()
    await page.get_by_label("全选").press("Space")
    await page.get_by_role("button", name=f"选中全部符合条件的{NEW}件").click()
    await expect(page.locator(".bulk")).to_contain_text(f"已选{NEW}件")
    faster = await head.act("reject", made[0], reason="no_fault", text="已经清走了")
    await page.locator(".bulk").get_by_role("button", name="派遣", exact=True).click()
    await page.locator(".bulk").get_by_text("人和物业").click()
    await page.locator(".bulk form .btn.main").press("Enter")
    result = page.locator(".bulk [role=status]", has_text="没办成1件")
    await expect(result).to_contain_text(f"派遣：办好{NEW - 1}件")
    await expect(page.locator(".bulk-failed")).to_contain_text(faster["no"])
    await page.locator(".bulk-failed a").click()
    await expect(page.locator("aside")).to_contain_text("已经清走了")
    states = [(await head.ticket(ticket["id"]))["status"] for ticket in made]
    assert states == ["rejected"] + ["dispatched"] * (NEW - 1)


@pytest.mark.excused("ERR_FAILED")
async def test_a_long_run_shows_how_far_it_is_and_can_be_stopped_and_gone_on_with(
    desk: Desk, member: Person
) -> None:
    place = await member.place()
    for _ in range(3):
        await member.report(category="greenery", description="绿化带枯死", place_id=place)
    page = await desk("community", "tickets?category=greenery&q=绿化带枯死")
    await page.locator("tr.opens").nth(2).wait_for()
    await page.get_by_label("全选").check()
    await page.locator(".bulk").get_by_role("button", name="关注").click()
    await page.route("**/tickets/acts", lambda route: route.abort())
    await page.locator(".bulk form .btn.main").click()
    await expect(page.locator(".bulk [role=status]", has_text="还有3件没做")).to_be_visible()
    await expect(page.locator(".bulk [role=alert]")).to_be_visible()
    await page.unroute("**/tickets/acts")
    await page.get_by_role("button", name="接着做").click()
    await expect(page.locator(".toast")).to_contain_text("关注：办好3件")
    await expect(page.locator(".bulk")).to_have_count(0)


@pytest.mark.excused("409")
async def test_a_conflict_with_the_grid_heads_phone_is_said_in_place(
    desk: Desk, member: Person, signs: Signing
) -> None:
    ticket, head = await member.report(), await signs("grid_head")
    page = await desk("community", f"tickets/{ticket['id']}")
    await page.locator(".acts").get_by_role("button", name="派遣", exact=True).click()
    await page.locator(".act-form").get_by_text("人和物业").click()
    await page.get_by_label("给承办单位的话").fill("三楼声控灯，家里有老人")
    await head.act("accept", ticket)  # meanwhile, on the phone
    await page.locator(".act-form .btn.main").click()
    await expect(page.locator(".act-form [role=alert]")).to_contain_text("已受理")
    await expect(page.get_by_label("给承办单位的话")).to_have_value("三楼声控灯，家里有老人")
    await page.get_by_role("button", name="仍要提交").click()
    await expect(page.locator(".toast")).to_be_visible()
    assert (await head.ticket(ticket["id"]))["status"] == "dispatched"


async def test_the_months_export_is_what_is_filtered_with_the_columns_chosen(
    desk: Desk, member: Person, tmp_path: Path
) -> None:
    numbers = {(await member.report(category="ponding", description="楼前积水"))["no"] for _ in range(2)}
    page = await desk(
        "community", "tickets?category=ponding&created_from=today-30&q=楼前积水&cols=no,place,turn"
    )
    await page.locator("tr.opens").nth(1).wait_for()
    async with page.expect_download() as begun:
        await page.get_by_role("button", name="导出 CSV").click()
    file = tmp_path / "month.csv"
    await (await begun.value).save_as(file)
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    assert rows[0] == ["编号", "地点"]
    assert numbers <= {row[0] for row in rows[1:]}
    assert len(rows) - 1 == await page.locator("tr.opens").count()


async def test_the_quarters_bulletin_is_drafted_published_and_printed(desk: Desk) -> None:
    page = await desk("community", "bulletins/new")
    await page.locator("aside form .btn.main").click()
    await page.locator("tr a.row-link").first.click()
    await page.get_by_label("开头").fill("各位居民：这个季度修好了楼道灯。")
    await page.get_by_role("button", name="保存").click()
    await expect(page.locator(".toast")).to_contain_text("已保存")
    await page.locator("aside").get_by_role("button", name="公示", exact=True).press("Enter")
    await page.locator("aside .note .btn.danger").press("Enter")
    async with page.expect_popup() as opening:
        await page.get_by_role("link", name="打开公示页").click()
    bulletin = await opening.value
    await bulletin.wait_for_load_state()
    printed = PdfReader(io.BytesIO(await bulletin.pdf(format="A4", print_background=True)))
    text = "".join(one.extract_text() for one in printed.pages)
    assert "楼道灯" in text
    await bulletin.close()


async def test_a_new_building_is_imported(desk: Desk, signs: Signing) -> None:
    page = await desk("community", "imports")
    file: Any = {"name": "新楼.csv", "mimeType": "text/csv", "buffer": BUILDING.encode()}
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="导入", exact=True).press("Enter")
    await expect(page.locator(".note")).to_contain_text("已导入")
    found = await (await signs("resident")).get("/places/search", q="998号")
    assert found["items"][0]["label"] == "人和家园998号"


async def test_an_absent_head_is_covered_in_one_go(desk: Desk, signs: Signing) -> None:
    community = await signs("community")
    page = await desk("community", "absences")
    await expect(page.locator(".list")).to_contain_text("没有人请假")
    await page.get_by_role("link", name="登记请假").press("Enter")
    drawer = page.locator("aside")
    await drawer.get_by_text("第四网格").click()
    await expect(drawer.locator(".note")).to_contain_text("由副网格长 赵副网格长代办")
    await drawer.get_by_role("button", name="保存").press("Enter")
    await expect(drawer).to_contain_text("已登记请假 万寿山社区第四网格 网格长 · 陈网格长")
    await expect(page.locator("tr", has_text="陈网格长")).to_contain_text("副网格长 赵副网格长")
    await drawer.get_by_role("button", name="再登记一位").click()
    await drawer.get_by_text("第一网格").click()
    await expect(drawer.locator(".note.late")).to_contain_text("没有别人能代办")
    await drawer.get_by_role("button", name="保存").click()
    await drawer.get_by_role("button", name="马上邀请一位值班员").click()
    code = await drawer.locator(".code").inner_text()
    duty = (await community.get("/posts", role="duty", vacant="true", limit=100))["items"]
    assert [post["label"] for post in duty if post["invitation_until"]] == ["万寿山社区第一网格 值班员"]
    assert len(code) >= 8


async def test_a_view_is_shared_and_says_what_of_it_is_no_more(desk: Desk, signs: Signing) -> None:
    page = await desk("community", "tickets?category=garbage&status=new&cols=category,turn")
    await page.get_by_role("button", name="保存这个视图").press("Enter")
    await page.keyboard.type("没清运的垃圾")
    await page.get_by_label("办公室共用").check()
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.locator("summary", has_text="没清运的垃圾")).to_be_visible()
    (view,) = (await (await signs("community")).get("/views"))["items"]
    assert (view["query"], view["columns"], view["office"]) == (
        "status=new&category=garbage",
        ["category", "turn"],
        "万寿山社区",
    )
    dropped = view | {"query": "status=new", "dropped": ["条件“category=garbage”已经不能用了"]}
    await page.route(
        "**/api/v1/views?*", lambda route: route.fulfill(json={"items": [dropped], "next": None})
    )
    await page.reload()
    await expect(page.locator(".note[role=alert]")).to_contain_text("条件“category=garbage”已经不能用了")
    await page.unroute("**/api/v1/views?*")
    await page.get_by_role("button", name="删除视图").click()
    await expect(page.locator("summary", has_text="视图")).to_be_visible()
    assert (await (await signs("community")).get("/views"))["items"] == []


async def test_an_anonymous_report_is_asked_to_be_unsealed_and_related_ones_open(
    desk: Desk, signs: Signing
) -> None:
    resident = await signs("resident")
    before = await resident.report(description="四楼的灯也不亮")
    ticket = await resident.report(anonymous=True, description="有人要跳楼")
    page = await desk("community", f"tickets/{ticket['id']}")
    await page.get_by_role("button", name="申请查看报告人").click()
    await page.get_by_label("为什么必须知道").fill("须马上联系到报告人")
    await page.get_by_role("button", name="提交申请").click()
    await expect(page.locator("aside .note")).to_contain_text("已提交，等第二人同意")
    asked = answer(await (await signs("street")).ask("GET", "/unsealings?status=pending"))["items"]
    assert [one["reason"] for one in asked if one["ticket_id"] == ticket["id"]] == ["须马上联系到报告人"]
    place = page.get_by_role("region", name="这里的其他工单")
    if await place.locator("details:not([open])").count():
        await place.locator("summary").press("Enter")
    await place.get_by_role("listitem").filter(has_text="四楼的灯也不亮").get_by_role("link").click()
    await expect(page.locator("aside")).to_contain_text(before["no"])
