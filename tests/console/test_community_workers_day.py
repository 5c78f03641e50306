"""A community worker's day in small, by keyboard: two visits and a forum become opinions, topics and projects; who spoke is told."""

from datetime import timedelta
from typing import Any, Final

import pytest
from playwright.async_api import Locator, Page, expect

from app import clock
from tests import subjects
from tests.console.conftest import Desk
from tests.web.conftest import Signing
from tests.world import Person

PROJECTS: Final = 2


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


def form(page: Page) -> Locator:
    return page.locator("aside form")


async def sent(page: Page, said: str) -> None:
    """Send the form that is open from the keyboard, and wait for what is said."""
    await form(page).locator("button:not([type=button])").press("Enter")
    await expect(page.locator(".toast")).to_contain_text(said)


async def offered(page: Page, name: str) -> None:
    """Choose an act of the drawer with its digit."""
    buttons = page.locator("aside .acts > .buttons button")
    await buttons.get_by_text(name, exact=True).or_(buttons.filter(has_text=name)).first.wait_for()
    names = await buttons.all_inner_texts()
    await page.locator("aside h2").focus()
    await press(page, str(names.index(name) + 1))


async def address(page: Page, path: str) -> None:
    await page.goto(f"{page.url.partition('/console/')[0]}/console/{path}")
    await page.locator("h1").wait_for()


@pytest.fixture
async def resident(signs: Signing) -> Person:
    return await signs("resident")


@pytest.fixture
async def community(signs: Signing) -> Person:
    return await signs("community")


async def test_two_visits_and_a_forum_become_topics_and_projects_and_the_speaker_is_told(
    desk: Desk, resident: Person, community: Person
) -> None:
    page = await desk("community", "activities/new")
    for kind, title in (("走访", "走访944号"), ("走访", "走访946号"), ("会议", "东门议事会")):
        await address(page, "activities/new")
        await form(page).get_by_label("类型").select_option(kind)
        await form(page).get_by_label("题目").fill(title)
        await sent(page, "已安排")
        await offered(page, "发布")
        await expect(page.locator("aside .status")).to_have_text("报名中")
    forum = page.url.rpartition("/")[2].partition("?")[0]

    # A resident signs up for the forum; somebody without a phone says something at it too.
    home = (await resident.get("/me"))["id"]
    place = await subjects.made(
        community, "activities", kind="meeting", title="楼栋会", **(await times_at_home(resident))
    )
    published = await subjects.act(community, "activities", "publish", place)
    await subjects.act(resident, "activities", "sign_up", published)

    await address(page, f"activities/{place['id']}")
    await page.get_by_role("link", name="记一条意见").press("Enter")
    await form(page).get_by_label("怎么说的").fill("楼下想装一排晾衣架")
    await form(page).get_by_label("谁说的").select_option(index=1)
    await form(page).get_by_text("需求", exact=True).click()
    await sent(page, "已登记")
    await offered(page, "转项目")
    await form(page).get_by_label("完成日期").fill((clock.now() + timedelta(days=30)).strftime("%Y-%m-%d"))
    await sent(page, "转项目")
    await expect(page.locator("aside .status")).to_have_text("已转项目")
    assert home
    assert any("转为项目" in said for said in await subjects.notices(resident))

    await address(page, f"opinions/new?source_id={forum}")
    await form(page).get_by_label("怎么说的").fill("东门要装充电桩，飞线太危险")
    await place_typed(page, "944号")
    await sent(page, "已登记")
    await offered(page, "转议题")
    await sent(page, "转议题")
    await page.get_by_role("link", name="看它变成了什么").press("Enter")
    await expect(page.locator("aside h2")).to_contain_text("东门要装充电桩")


async def place_typed(page: Page, said: str) -> None:
    await form(page).get_by_role("combobox", name="说的是哪里").fill(said)
    await page.get_by_role("option").first.wait_for()
    await press(page, "Enter")


async def times_at_home(resident: Person) -> dict[str, Any]:
    return {
        "place_id": await resident.place(),
        "starts_at": subjects.ahead(days=1),
        "ends_at": subjects.ahead(days=1, hours=2),
    }
