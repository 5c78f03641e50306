"""What WeChat refuses, and what the program then does; and its question whether it may send messages."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.program import Program
from tests.printed import scanned
from tests.web.conftest import Holding, Signing, Window
from tests.web.hand import SEND, Hand
from tests.world import answer

TEMPLATES: Final = {
    "ticket.resolved": {"id": "T-resolved", "fields": {"thing1": "{category}"}},
    "ticket.submitted": {"id": "T-submitted", "fields": {"thing1": "{category}"}},
    "topic.decided": {"id": "T-decided", "fields": {"thing1": "{place}"}},
}
FOUR: Final = re.compile(r"^.{1,4}$")
LANGUAGES: Final = ("zh-Hans", "en", "kk")


@pytest.fixture(scope="module")
async def demo(built: None, web_home: Path) -> AsyncIterator[str]:
    """The demo street with three templates of subscribe messages, and an address for its codes."""
    program = Program(web_home, wechat_templates=json.dumps(TEMPLATES), public_url="https://lou.example.cn")
    await program.ready()
    yield program.url
    await program.end()


async def speaks(page: Page, language: str) -> None:
    """Use a language; the page begins anew."""
    await page.evaluate("code => wx.setStorageSync('language', code)", language)
    await page.reload()
    await page.locator("wx-page").first.wait_for()
    await page.wait_for_load_state(
        "networkidle"
    )  # the profile's language is changed, and what depends on it loaded anew


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_language_s_questions_are_shown(window: Window, language: str) -> None:
    """WeChat shows no dialog whose buttons have more than four characters."""
    page = await window("resident", "/pages/data/index")
    await speaks(page, language)
    await page.locator("wx-button.plain").filter(visible=True).tap()
    buttons = page.locator(".harness-card footer button")
    await expect(buttons).to_have_text([FOUR, FOUR])
    await buttons.first.tap()
    await expect(buttons).to_have_count(0)


async def test_the_title_is_that_of_the_page_in_front(holds: Holding) -> None:
    hand = await holds("resident", "/pages/home/index")
    await hand.turns("me")
    await hand.sees("我的数据")
    await hand.turns("home")
    await hand.page.emulate_media(color_scheme="dark")
    await hand.page.evaluate("new Promise(requestAnimationFrame)")
    await expect(hand.page.get_by_role("heading", name="楼灯", exact=True)).to_be_visible()


async def test_each_tab_bar_marks_the_page_it_belongs_to(holds: Holding) -> None:
    hand = await holds("resident", "/pages/home/index")
    for tab in ("mine", "me"):
        await hand.turns(tab)
    marks = hand.page.locator(".layer .tab.on .words")
    await expect(marks).to_have_text(["上报", "我的报修", "我的"])


async def test_a_new_version_interrupts_nobody(holds: Holding) -> None:
    hand = await holds("resident", "/pages/report/index?category=stair_light")
    await hand.page.evaluate("window.began = true")
    await hand.page.evaluate("__harness.updateReady()")
    await hand.page.wait_for_load_state("networkidle")
    assert await hand.page.evaluate("window.began") is True


async def test_the_guide_lies_open_for_whoever_is_asked_to_agree(holds: Holding) -> None:
    hand = await holds("resident")
    await hand.does("", privacyAgreed=False)
    await hand.page.evaluate("void wx.getLocation({ fail() {} })")
    await hand.tap("阅读全文")
    guide = hand.front
    await expect(guide.get_by_text("您上报的内容").first).to_be_visible()
    await expect(guide.get_by_role("dialog")).to_have_count(0)
    await hand.page.go_back()
    await hand.sees("暂不同意")


async def test_wechat_is_answered_once_it_has_written_down_the_agreement(holds: Holding) -> None:
    hand = await holds("resident", "/pages/report/index?category=stair_light")
    await hand.does("", privacyAgreed=False)
    await hand.page.get_by_role("button", name="拍照或选图").last.tap()
    async with hand.page.expect_file_chooser():
        await hand.tap("同意")


# What is tapped, the call WeChat refuses, what is said when it fails, and whether the settings are a way back.
REFUSED: Final = [
    ("resident", "/pages/place/index", "getLocation", "用我现在的位置", "没有得到位置", True),
    ("resident", "/pages/home/index", "scanCode", "扫楼道码", "没有扫到楼道码", True),
    (
        *("resident", "/pages/report/index?category=stair_light", "chooseMedia"),
        *("拍照或选图", "没有打开相机或相册", True),
    ),
    ("resident", "/pages/data/index", "setClipboardData", "导出我的全部数据", "没有复制成功", False),
]


@pytest.mark.parametrize(("persona", "path", "call", "words", "told", "settings"), REFUSED)
async def test_what_wechat_refuses_is_told(
    holds: Holding, persona: str, path: str, call: str, words: str, told: str, settings: bool
) -> None:
    hand = await holds(persona, path)
    await hand.does("", refuse={call: "api scope is not declared in the privacy agreement"})
    thing = hand.page.get_by_text(words).filter(visible=True).last
    await thing.tap()
    await hand.sees(re.compile(told))
    if not settings:
        await hand.misses("已复制，可粘贴到备忘录或发给自己")
        return
    await hand.does("", refuse={call: "auth deny"})
    await thing.tap()
    await hand.sees(re.compile("要去设置里允许吗"))
    await hand.tap("确定")
    await expect_call(hand.page, "openSetting")


async def test_an_album_that_was_denied_has_a_way_back(holds: Holding, signs: Signing) -> None:
    place = await (await signs("community")).place()
    hand = await holds("community", "/office/code/index")
    await hand.does("", refuse={"saveImageToPhotosAlbum": "auth deny"})
    await hand.page.evaluate(
        "id => getCurrentPages()[0].show(async () => ({ id, label: '4单元', path: [] }))", place
    )
    await hand.tap("存到相册")
    await hand.sees(re.compile("没有允许保存到相册"))
    await hand.tap("确定")
    await expect_call(hand.page, "openSetting")


async def test_a_printed_sheet_opens_its_place_whoever_scans_it(holds: Holding, signs: Signing) -> None:
    """WeChat's scanner brings the link it read as `q`, that of a mini-program code its `scene`; ours gives the text."""
    head = await signs("grid_head")
    printed_sheet = await head.ask("GET", f"/places/{await head.place('944号3单元')}/qrcodes.pdf")
    (link,) = scanned(printed_sheet.content)
    for query in ({"q": link}, {"scene": link.rpartition("/s/")[2]}):
        hand = await holds("resident", f"/pages/home/index?{urlencode(query)}")
        await hand.sees(re.compile("944号3单元"))
    hand = await holds("neighbour")
    await hand.does("", scan=link)
    await hand.tap("扫楼道码")
    await hand.sees(re.compile("944号3单元"))


async def expect_call(page: Page, name: str) -> None:
    await page.wait_for_function("name => __harness.calls.some(({ call }) => call === name)", arg=name)


async def test_any_code_may_be_scanned(holds: Holding) -> None:
    hand = await holds("resident", "/pages/me/index")
    await hand.does("", scan="满100减50%，立即领取")
    await hand.tap("扫码登录电脑")
    await hand.sees("这不是登录用的二维码")


def question(page: Page) -> Locator:
    return page.get_by_role("dialog").filter(has_text="申请发送订阅消息")


async def reports(hand: Hand, words: str) -> None:
    await hand.goes("/pages/report/index?category=stair_light")
    await hand.write(words, 0)
    await hand.tap(SEND)
    await hand.sees("已上报")


@pytest.fixture
async def at_home(signs: Signing) -> None:
    resident = await signs("resident")
    answer(await resident.ask("PATCH", "/me", json={"home_id": await resident.place()}))


async def allowed(signs: Signing, persona: str, event: str) -> dict[str, Any]:
    items: list[dict[str, Any]] = (await (await signs(persona)).get("/me/subscriptions"))["subscriptions"]
    return next(item for item in items if item["event"] == event)


async def test_reporting_asks_for_messages_until_they_are_refused_for_good(
    holds: Holding, signs: Signing, at_home: None
) -> None:
    hand = await holds("resident")
    await asked_for(hand.page)
    await reports(hand, "三楼灯不亮")
    await expect(question(hand.page)).to_contain_text("T-resolved")
    async with hand.page.expect_response(re.compile("/me/subscriptions")):
        await hand.tap("允许")
    assert (await allowed(signs, "resident", "ticket.resolved"))["remaining"] == 1

    await reports(hand, "四楼灯不亮")
    await question(hand.page).get_by_role("checkbox").check()
    async with hand.page.expect_response(re.compile("/me/subscriptions")):
        await hand.tap("拒绝")
    assert (await allowed(signs, "resident", "ticket.resolved"))["refused"] is True

    await reports(hand, "五楼灯不亮")
    asked = await hand.page.evaluate(
        "__harness.calls.filter(({ call }) => call === 'requestSubscribeMessage').length"
    )
    assert asked == 2


async def test_saying_and_supporting_ask_for_messages_until_they_are_refused_for_good(
    holds: Holding, signs: Signing, at_home: None
) -> None:
    community, resident = await signs("community"), await signs("resident")
    body = {"title": "东门装充电桩", "place_id": await resident.place()}
    topic = answer(await community.ask("POST", "/topics", json=body), 201)
    hand = await holds("resident", "/subjects/form/index?noun=opinion")
    await asked_for(hand.page)
    await hand.write("想在楼下装一排晾衣架")
    await hand.tap("说给社区")
    await expect(question(hand.page)).to_contain_text("T-decided")
    async with hand.page.expect_response(re.compile("/me/subscriptions")):
        await hand.tap("允许")
    assert (await allowed(signs, "resident", "topic.decided"))["remaining"] == 1

    await hand.opens(f"/subjects/detail/index?noun=topic&id={topic['id']}")
    await hand.tap("附议")
    await question(hand.page).get_by_role("checkbox").check()
    async with hand.page.expect_response(re.compile("/me/subscriptions")):
        await hand.tap("拒绝")
    assert (await resident.get(f"/topics/{topic['id']}"))["supporting"]

    await hand.opens("/subjects/form/index?noun=opinion")
    await hand.write("再说一件")
    await hand.tap("说给社区")
    await hand.sees("已发出")
    asked = await hand.page.evaluate(
        "__harness.calls.filter(({ call }) => call === 'requestSubscribeMessage').length"
    )
    assert asked == 2


async def test_an_answer_given_without_a_network_is_counted_later(holds: Holding, signs: Signing) -> None:
    head = await signs("grid_head")
    answer(await head.ask("PATCH", "/me", json={"home_id": await head.place()}))
    hand = await holds("grid_head", "/pages/report/index?category=stair_light")
    await asked_for(hand.page)
    await hand.write("断网时上报", 0)
    await hand.offline(True)
    await hand.tap(SEND)
    await hand.tap("允许")
    before = (await allowed(signs, "grid_head", "ticket.resolved"))["remaining"]
    async with hand.page.expect_response(re.compile("/me/subscriptions")):
        await hand.page.reload()
    after = (await allowed(signs, "grid_head", "ticket.resolved"))["remaining"]
    assert (before, after) == (0, 1)


async def asked_for(page: Page) -> None:
    """Wait until the program knows what to ask for."""
    await page.wait_for_load_state("networkidle")


async def test_each_act_of_staff_asks_for_messages(window: Window, signs: Signing) -> None:
    await (await signs("resident")).report(description="楼道灯又不亮")
    page = await window("grid_head", "/pages/work/index")
    await asked_for(page)
    await page.get_by_text("受理", exact=True).filter(visible=True).first.tap()
    await expect(question(page)).to_contain_text("T-submitted")
    async with page.expect_response(re.compile("/me/subscriptions")):
        await page.get_by_text("允许", exact=True).tap()
    assert (await allowed(signs, "grid_head", "ticket.submitted"))["remaining"] == 1
