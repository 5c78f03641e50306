"""One act for many tickets at the console: several that were chosen one by one, and more than a request takes."""

import asyncio
import json
from typing import Any, Final

from playwright.async_api import Route, expect

from tests.console.conftest import Desk
from tests.console.keyboard import choose, press
from tests.web.conftest import Signing

MANY: Final = 130  # more than a request takes
REQUEST: Final = 100


async def test_the_chosen_ones_are_recategorised_by_keyboard_and_no_other(desk: Desk, signs: Signing) -> None:
    member, community = await signs("member"), await signs("community")
    words = [f"声控灯旁有人装修，第{n}张" for n in range(3)]
    made = [await member.report(category="stair_light", description=said) for said in words]
    page = await desk("community", "tickets?category=stair_light&q=声控灯旁有人装修")
    rows = page.locator("tr.opens")
    await expect(rows).to_have_count(3)
    await press(page, "j", "x", "j", "j", "x")  # newest first: the third and the first that were made
    bulk = page.locator(".bulk")
    await expect(bulk).to_contain_text("已选2件")
    await bulk.get_by_role("button", name="改类别").press("Enter")
    await choose(bulk.get_by_label("类别"), "噪音扰民")
    await bulk.get_by_label("原因").focus()
    await page.keyboard.type("说的是装修噪音")
    await bulk.locator("form .btn.main").press("Enter")
    await expect(page.locator(".toast")).to_contain_text("改类别：办好2件")
    for n, category in enumerate(("噪音扰民", "楼道灯不亮", "噪音扰民")):  # rows stay under the reader's eyes
        await expect(rows.nth(n)).to_contain_text(category)
    after = [await community.ticket(ticket["id"]) for ticket in made]
    assert [ticket["category"]["code"] for ticket in after] == ["noise", "stair_light", "noise"]
    events = (await community.get(f"/tickets/{made[0]['id']}/events"))["items"]
    assert events[-1]["text"] == "说的是装修噪音"


async def test_more_than_a_hundred_go_in_two_requests_and_stop_between_them(
    desk: Desk, signs: Signing
) -> None:
    member = await signs("member")
    place = await member.place()
    for n in range(MANY):
        await member.report(category="greenery", description=f"绿篱没修剪，第{n}处", place_id=place)
    page = await desk("community", "tickets?category=greenery&q=绿篱没修剪")
    await page.locator("tr.opens").nth(49).wait_for()
    await page.get_by_label("全选").press("Space")
    await page.get_by_role("button", name=f"选中全部符合条件的{MANY}件").press("Enter")
    bulk = page.locator(".bulk")
    await expect(bulk).to_contain_text(f"已选{MANY}件")
    sent: list[set[Any]] = []
    stopped = asyncio.Event()

    async def hold(route: Route) -> None:
        sent.append({one["id"] for one in json.loads(route.request.post_data or "")["tickets"]})
        response = await route.fetch()
        await stopped.wait()
        await route.fulfill(response=response)

    await page.route("**/tickets/acts", hold)
    await bulk.get_by_role("button", name="关注").press("Enter")
    await bulk.locator("form .btn.main").press("Enter")
    await expect(bulk.locator("[role=status]", has_text=f"0/{MANY}")).to_be_visible()
    await bulk.get_by_role("button", name="停下").press("Enter")
    stopped.set()
    left = bulk.locator("[role=status]", has_text=f"还有{MANY - REQUEST}件没做")
    await expect(left).to_contain_text(f"关注：办好{REQUEST}件")
    await expect(bulk).to_contain_text(f"已选{MANY - REQUEST}件")
    assert [len(ids) for ids in sent] == [REQUEST]
    await page.get_by_role("button", name="接着做").press("Enter")
    await expect(page.locator(".toast")).to_contain_text(f"关注：办好{MANY}件")
    assert [len(ids) for ids in sent] == [REQUEST, MANY - REQUEST]
    assert sent[0].isdisjoint(sent[1])
