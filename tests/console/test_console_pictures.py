"""The README's pictures of the console, taken from the program itself."""

from typing import Final

from playwright.async_api import expect

from tests.console.conftest import Desk
from tests.web.conftest import Signing
from tests.web.pictures import taken

HOUSES: Final = (944, 946, 948, 950, 932)
WORK: Final = {
    "garbage": "垃圾桶满了没有清运",
    "noise": "夜里施工，孩子睡不着",
    "small_repair": "单元门的闭门器松了",
    "greenery": "树枝挡住了二楼的窗",
    "ponding": "楼前积水，老人出门要绕路",
    "road_light": "小区门口路灯不亮",
    "parking": "消防车道上停了车",
    "access_door": "门禁刷卡没反应",
    "sewage": "一楼下水道往外冒水",
    "lift_fault": "电梯停在五楼不动，没有人在里面",
}


async def test_the_pictures_of_the_console(desk: Desk, signs: Signing) -> None:
    member, resident = await signs("member"), await signs("resident")
    for number, (category, said) in enumerate(WORK.items()):
        place = await member.place(f"{HOUSES[number % len(HOUSES)]}号")
        for _ in range(1 + number % 4):
            await member.report(category=category, description=said, place_id=place)
    await resident.report(description="三楼到四楼的声控灯都不亮，老人上下楼看不见", place_note="3楼")
    page = await desk("community", "tickets")
    await page.locator("tr.opens", has_text="声控灯").locator("a").click()
    await page.get_by_role("heading", name="办理过程").wait_for()
    await taken(page, "desk")
    await page.keyboard.press("Escape")
    await page.get_by_label("全选").check()
    await page.locator(".bulk").get_by_role("button", name="派遣", exact=True).click()
    await page.locator(".bulk").get_by_text("人和物业").click()
    await taken(page, "dispatch")
    page = await desk("street", "figures/categories")
    await expect(page.locator(".figure-picture")).to_be_visible()
    await taken(page, "figures")
