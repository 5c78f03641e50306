"""The group robots of an office: which group hears what; set in three taps, never shown again, changed by one at a time."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.program import Program
from tests.web.conftest import Signing, Window
from tests.web.hand import Counting
from tests.wecom_standin import Wecom, key, wecom_server
from tests.world import answer

ROBOTS: Final = "/office/robots/index"


@pytest.fixture(scope="module")
async def wecom() -> AsyncIterator[Wecom]:
    async with wecom_server() as running:
        yield running


@pytest.fixture(scope="module")
async def demo(built: None, web_home: Path, wecom: Wecom) -> AsyncIterator[str]:
    """The demo street beside a server in WeCom's place."""
    program = Program(web_home, wecom_api_base=wecom.base)
    await program.ready()
    yield program.url
    await program.end()


def row(page: Page, name: str) -> Locator:
    return page.locator(".robot").filter(has_text=name)


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog", name="机器人地址")


async def paste(page: Page, url: str) -> None:
    await sheet(page).locator("textarea").fill(url)


async def test_a_robot_is_set_in_three_taps_from_the_settings_and_never_shown_again(
    window: Window, wecom: Wecom
) -> None:
    page, hand = await window("community", "/office/settings/index"), Counting()
    await hand.tap(page.get_by_role("button", name="企业微信群机器人"))
    await hand.tap(page.get_by_role("button", name="添加 第一网格"))
    await paste(page, f"  {wecom.url('1')}\n")
    await hand.tap(sheet(page).get_by_role("button", name="保存"))
    await expect(page.get_by_text("第一网格已接入，群里收到了一句招呼")).to_be_visible()
    assert hand.taps == 3
    assert len(wecom.texts("1")) == 1
    await expect(row(page, "第一网格")).to_contain_text("…0001")
    await expect(row(page, "第一网格")).to_contain_text("本网格的紧急情况（夜里也响）、新工单、超时")

    await page.reload()
    await expect(row(page, "第一网格")).to_contain_text("…0001")
    assert key("1") not in await page.content()
    await page.get_by_role("button", name="更换 第一网格").tap()
    await expect(sheet(page).locator("textarea")).to_have_value("")


async def test_the_same_address_greets_nobody_again(window: Window, signs: Signing, wecom: Wecom) -> None:
    page = await window("community", ROBOTS)
    for words in ("第二网格已接入", "第二网格的地址和原来一样"):
        await page.get_by_role("button", name="第二网格").first.tap()
        await paste(page, wecom.url("2"))
        await sheet(page).get_by_role("button", name="保存").tap()
        await expect(page.get_by_text(words)).to_be_visible()
    assert len(wecom.texts("2")) == 1


# What is pasted, and what is said of it.
REFUSED: Final = [
    ("", "请粘贴机器人地址"),
    ("https://example.com/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4-97a0-0ec2a1b2c3d4", "请粘贴群机器人的完整地址"),
    ("{base}/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4-97a0-000000000009", "企业微信说没有这个机器人"),
]  # fmt: skip


@pytest.mark.excused("422")
@pytest.mark.parametrize(("url", "words"), REFUSED)
async def test_what_is_wrong_with_an_address_stands_at_its_field(
    window: Window, wecom: Wecom, url: str, words: str
) -> None:
    typed = url.format(base=wecom.base)
    page = await window("community", ROBOTS)
    await page.get_by_role("button", name="添加 第三网格").tap()
    await paste(page, typed)
    await sheet(page).get_by_role("button", name="保存").tap()
    field = sheet(page).locator("textarea")
    await expect(sheet(page).get_by_role("alert")).to_contain_text(words)
    await expect(sheet(page).locator(".robot-url.wrong")).to_be_visible()
    await expect(field).to_have_value(typed)


async def test_a_silent_wecom_is_said(window: Window, wecom: Wecom) -> None:
    page = await window("community", ROBOTS)
    await page.get_by_role("button", name="添加 第三网格").tap()
    await paste(page, wecom.url("3"))
    wecom.says(b"<html>")
    await sheet(page).get_by_role("button", name="保存").tap()
    await expect(page.get_by_text("第三网格已保存，但企业微信没有回应")).to_be_visible()
    wecom.answer = None


@pytest.mark.excused("409")
async def test_who_was_slower_keeps_what_was_typed_and_sees_the_other_robot(
    window: Window, signs: Signing, wecom: Wecom
) -> None:
    page, street = await window("community", ROBOTS), await signs("street")
    await page.get_by_role("button", name="添加 第五网格").tap()
    await paste(page, wecom.url("1"))
    community = await street.place("万寿山社区")
    grids = (await street.get("/settings/grids", place_id=community))["grids"]
    fifth = next(grid["id"] for grid in grids if grid["name"] == "第五网格")
    answer(
        await street.ask("PUT", "/settings/robots", json={"url": wecom.url("2")}, params={"place_id": fifth})
    )
    await sheet(page).get_by_role("button", name="保存").tap()
    await expect(sheet(page).get_by_role("alert")).to_contain_text("第五网格的群机器人刚刚有人改过")
    await expect(sheet(page)).to_contain_text("…0002")
    await expect(sheet(page).locator("textarea")).to_have_value(wecom.url("1"))
    await sheet(page).get_by_role("button", name="保存").tap()  # seen, and meant
    await expect(row(page, "第五网格")).to_contain_text("…0001")


async def test_the_sheet_stays_while_one_copies_the_address_in_wecom(window: Window, wecom: Wecom) -> None:
    page = await window("community", ROBOTS)
    await page.get_by_role("button", name="添加 第六网格").tap()
    await paste(page, wecom.url("1"))
    async with page.expect_response("**/settings/robots*"):
        await page.evaluate("getCurrentPages().at(-1).onHide(), getCurrentPages().at(-1).onShow()")
    await page.wait_for_load_state("networkidle")
    await expect(sheet(page).locator("textarea")).to_have_value(wecom.url("1"))
    await expect(sheet(page)).to_contain_text("第六网格")


async def test_a_robot_is_removed_after_a_question(window: Window, wecom: Wecom) -> None:
    page = await window("street", ROBOTS)
    await page.get_by_role("button", name="添加 人和街道").tap()
    await paste(page, wecom.url("1"))
    await sheet(page).get_by_role("button", name="保存").tap()
    remove = page.get_by_role("button", name="删除 人和街道")
    await remove.tap()
    await page.get_by_text("取消", exact=True).last.tap()
    await expect(remove).to_be_visible()
    await remove.tap()
    await page.get_by_text("确定", exact=True).last.tap()
    await expect(page.get_by_text("人和街道的机器人已删除")).to_be_visible()
    await expect(page.get_by_role("button", name="添加 人和街道")).to_be_visible()


# Whose robots somebody sets, and what their groups hear.
WHOSE: Final = [
    ("grid_head", ["万寿山社区第四网格"], "本网格的紧急情况"),
    ("deputy", ["万寿山社区第四网格"], "本网格的紧急情况"),
    ("property", ["人和物业"], "派给本单位的"),
    ("street", ["人和街道"], "到街道的新工单"),
]


@pytest.mark.parametrize(("persona", "names", "hears"), WHOSE)
async def test_everybody_sees_what_is_theirs_to_set(
    window: Window, persona: str, names: list[str], hears: str
) -> None:
    page = await window(persona, ROBOTS)
    await expect(page.locator(".robot .h2")).to_have_text(names)
    await expect(page.locator(".robot")).to_contain_text(hears)
    await expect(page.get_by_text("怎么做一个机器人")).to_be_visible()


async def test_a_robot_is_set_with_a_keyboard_only(window: Window, wecom: Wecom) -> None:
    page = await window("grid_head", ROBOTS, has_touch=False)
    await page.get_by_role("button", name="添加 万寿山社区第四网格").focus()
    await page.keyboard.press("Enter")
    await expect(sheet(page)).to_be_focused()
    for _ in range(2):  # past 取消
        await page.keyboard.press("Tab")
    await expect(sheet(page).locator("textarea")).to_be_focused()
    await page.keyboard.type(wecom.url("3"))
    await page.keyboard.press("Tab")
    await expect(sheet(page).get_by_role("button", name="保存")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("万寿山社区第四网格已接入")).to_be_visible()
