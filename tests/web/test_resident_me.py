"""What is one's own: consent, notices, profile, language, one's data; and letting a computer in."""

import asyncio
import json
import re
from typing import Any, Final

import httpx
import pytest
from playwright.async_api import expect

from tests import world
from tests.web.conftest import Holding, Signing
from tests.web.hand import SEND
from tests.world import API, answer


@pytest.mark.excused("403")
async def test_nothing_is_sent_before_consent_and_nothing_is_lost_by_refusing(
    holds: Holding, signs: Signing
) -> None:
    neighbour = await signs("neighbour")
    answer(await neighbour.ask("DELETE", "/me/consent"))
    hand = await holds("neighbour")
    await neighbour_chooses_home(hand)
    await hand.tap_first("楼道灯不亮")
    await hand.write("五楼灯不亮", 0)
    await hand.tap(SEND)
    await hand.sees("用楼灯上报，需要您先同意")
    await hand.tap("阅读全文")
    await hand.sees(re.compile("您上报的内容"))
    await hand.page.go_back()
    await hand.tap("暂不同意")
    await hand.misses("用楼灯上报，需要您先同意")
    await hand.sees("请先阅读并同意隐私保护指引")
    assert await hand.page.locator("textarea").first.input_value() == "五楼灯不亮"
    assert not [
        t for t in (await neighbour.get("/tickets", box="mine"))["items"] if t["description"] == "五楼灯不亮"
    ]
    await hand.tap(SEND)
    await hand.tap("同意")
    await hand.sees("已上报")
    assert (await neighbour.get("/me"))["consent"] is True

    await hand.turns("me")
    await hand.tap("我的数据")
    await hand.tap("撤回同意")
    await hand.tap("确定")
    await hand.misses("撤回后不能再上报，已有的信息留到您注销")
    assert (await neighbour.get("/me"))["consent"] is False
    guide = await neighbour.get("/consent")
    answer(await neighbour.ask("PUT", "/me/consent", json={"version": guide["version"]}))


async def neighbour_chooses_home(hand: Any) -> None:
    """Choose 944号4单元 by its address, whoever plays the neighbour now."""
    await hand.tap("搜门牌号")
    await hand.page.locator("input").filter(visible=True).last.fill("944号4单元3楼")
    await hand.tap_first(re.compile("人和家园944号4单元"))
    await hand.sees("哪里坏了")


async def test_news_has_a_number_until_it_is_read(holds: Holding, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    answer(await resident.ask("POST", "/notices/read", json={"all": True}))
    ticket = await resident.report(category="consult", description="怎么办居住证")
    hand = await holds("resident")
    await hand.keeps_time()
    badge = hand.page.locator(".badge").filter(visible=True)
    await hand.sees("哪里坏了？")
    await expect(badge).to_have_count(0)
    await head.act("accept", ticket)
    while not (await resident.get("/notices", unread=True))["items"]:  # noqa: ASYNC110 - news has no event to wait for
        await asyncio.sleep(0.05)
    await hand.half_a_minute()  # it comes to the page that is open
    await expect(badge).to_have_text("1")
    await hand.turns("notices")
    await hand.sees(re.compile("您上报的“人和家园944号4单元 政策咨询或意见建议”已受理"))
    await hand.tap_first(re.compile("您上报的“人和家园944号4单元 政策咨询或意见建议”已受理"))
    await hand.sees("工单详情")
    await hand.page.go_back()
    await expect(badge).to_have_count(0)


async def test_notices_are_chosen_and_stay_so(holds: Holding, signs: Signing) -> None:
    resident = await signs("resident")
    hand = await holds("resident", "/pages/me/index")
    await hand.tap("消息提醒")
    await hand.sees("新派来的工单、超期提醒和办理人员向您的提问始终通知，不能关闭。")
    await hand.misses("我办理的工单的接单、评价等进展")  # a resident has no work
    for row in (1, 2):
        async with hand.page.expect_response(re.compile("/me/notice-settings")):
            await hand.page.get_by_role("switch").nth(row).tap()
    wanted = await resident.get("/me/notice-settings")
    assert (wanted["mine"], wanted["comments"], wanted["quiet_nights"]) == (True, False, True)
    await hand.page.reload()
    await hand.sees("夜间不打扰")
    await expect(hand.page.get_by_role("switch", checked=True)).to_have_count(2)
    everything = dict.fromkeys(("mine", "work", "reminders", "comments"), True)
    answer(await resident.ask("PUT", "/me/notice-settings", json=everything | {"quiet_nights": False}))


@pytest.mark.excused("422")
async def test_the_profile_is_changed_where_it_stands(holds: Holding, signs: Signing) -> None:
    neighbour = await signs("neighbour")
    hand = await holds("neighbour", "/pages/me/index")
    await hand.page.get_by_role("button", name="称呼").tap()
    await hand.page.locator("input").filter(visible=True).last.fill("王芳")
    await hand.tap("保存")
    await hand.sees("王芳")
    await hand.tap("电话")
    line = hand.page.locator("input").filter(visible=True).last
    await line.fill("1381234")
    await hand.tap("保存")
    await hand.sees(re.compile("手机号"))
    await line.fill("13812345678")
    await hand.tap("保存")
    await hand.sees("138****5678")
    await hand.tap("我家地址")
    await hand.page.locator("input").filter(visible=True).last.fill("944号4单元")
    await hand.tap_first(re.compile("人和家园944号4单元"))
    await hand.sees("我家地址")
    assert (await neighbour.get("/me"))["home_id"] == await neighbour.place()


async def test_language_and_size_change_everything_at_once_and_stay(holds: Holding, signs: Signing) -> None:
    hand = await holds("resident", "/pages/me/index")
    await hand.tap("特大")
    await hand.tap("قازاقشا")
    await hand.sees("مەن")
    await hand.page.reload()
    style = await hand.page.locator(".theme").filter(visible=True).first.get_attribute("style")
    assert "--k:1.45" in (style or "").replace(" ", "")
    assert "direction:rtl" in (style or "").replace(" ", "")
    await hand.tap("English")
    await hand.sees("My home")
    assert (await (await signs("resident")).get("/me"))["language"] == "en"


async def test_all_of_ones_data_is_taken_away(holds: Holding) -> None:
    hand = await holds("resident", "/pages/data/index")
    await hand.tap("导出我的全部数据")
    await hand.sees(re.compile(r"\d+件工单，\d+张照片，\d+条消息"))
    copied = await hand.page.evaluate(
        "__harness.calls.filter(({ call }) => call === 'setClipboardData').pop()?.options.data ?? ''"
    )
    assert "tickets" in json.loads(copied or '{"tickets": 1}')


async def test_who_looked_at_ones_number_is_listed_and_opens_the_report(
    holds: Holding, signs: Signing
) -> None:
    resident, head, neighbour = [await signs(name) for name in ("resident", "grid_head", "neighbour")]
    ticket = await resident.report(contact_phone="13812345678")
    answer(await head.ask("GET", f"/tickets/{ticket['id']}/phone"))
    assert await neighbour.get("/me/looks") == {"items": [], "next": None}
    hand = await holds("neighbour")
    await hand.turns("me")
    await hand.tap("谁看过我的信息")
    await hand.sees("还没有人看过")
    hand = await holds("resident", "/pages/looks/index")
    await hand.sees("万寿山社区第四网格 网格长")
    await hand.sees("看了您留的电话")
    await hand.tap_first(re.compile("网格长"))
    await hand.sees(ticket["no"])


@pytest.mark.parametrize(("choice", "open_after"), [("留着继续办，不再显示是我", True), ("全部撤回", False)])
async def test_who_leaves_is_gone_and_comes_back_as_somebody_new(
    holds: Holding, signs: Signing, choice: str, open_after: bool
) -> None:
    neighbour = await signs("neighbour")
    before = await neighbour.get("/me")
    ticket = await neighbour.report(category="water_out", description="三楼没水")
    hand = await holds("neighbour", "/pages/data/index")
    await hand.page.evaluate("wx.setStorageSync('drafts', [{ category: 'noise', text: '吵', shots: [] }])")
    await hand.tap("注销并删除")
    await hand.tap(choice)
    await hand.tap("我明白，注销")
    await hand.sees("已注销，再见")
    assert await hand.page.evaluate("wx.getStorageSync('drafts')") == ""
    street = await signs("community")
    assert ((await street.ticket(ticket["id"]))["status"] == "new") is open_after
    await hand.tap("同单元邻居（944号4单元）")
    await hand.sees("哪里坏了")
    again = await (await signs("neighbour")).get("/me")
    assert again["id"] != before["id"]
    assert again["name"] is None


async def test_a_computer_is_let_in_by_who_scans_its_code(holds: Holding, demo: str) -> None:
    async with httpx.AsyncClient(base_url=demo) as http:
        shown = answer(await http.post(f"{API}/auth/scan"), 201)
        hand = await holds("resident", "/pages/me/index")
        await hand.does("", scan=shown["scene"])
        await hand.tap("扫码登录电脑")
        await hand.sees("有一台电脑想用您的身份登录楼灯")
        await hand.tap("同意登录")
        await hand.sees("已同意，请看电脑")
        polled = answer(await http.get(f"{API}/auth/scan/{shown['scan_id']}?secret={shown['secret']}"))
        assert polled["person"]["name"]


@pytest.mark.excused("404")
async def test_a_stairwell_code_says_where_one_stands_and_a_foreign_one_says_so(
    holds: Holding, signs: Signing
) -> None:
    head = await signs("grid_head")
    assert await head.place()
    hand = await holds("resident")
    await hand.does("", scan="https://example.com/elsewhere")
    await hand.tap("扫楼道码")
    await hand.sees("这个码不是楼灯的楼道码")
    assert world.API == API


# What a scanner may read, and what is said: all are codes, whatever somebody has printed.
FOREIGN: Final = ("50%", "https://example.com/?a=%E0%A4%A", "%", "\ud800", " ")


@pytest.mark.excused("404")
@pytest.mark.parametrize("text", FOREIGN)
async def test_a_foreign_code_that_cannot_be_decoded_says_so(holds: Holding, text: str) -> None:
    hand = await holds("resident")
    await hand.does("", scan=text)
    await hand.tap("扫楼道码")
    await hand.sees(re.compile("这个码不是楼灯的楼道码|没有扫到"))


# How WeChat opens the page: `scene` of a mini-program code, the encoded link of an ordinary one as `q`.
QUERIES: Final = {
    "scene": "scene={scene}",
    "link": "q=https%3A%2F%2Floudeng.example%2Fs%2F{scene}",
    "link with more": "q=https%3A%2F%2Floudeng.example%2Fgate%2Fs%2F{scene}%3Ffrom%3Dwechat%23top",
    "earlier link": "q=https%3A%2F%2Floudeng.example%2Fapp%2F%3Fscene%3D{scene}",
    "not encoded": "q=https://loudeng.example/s/{scene}",
}


@pytest.mark.parametrize("query", QUERIES)
async def test_a_scanned_code_opens_the_program_at_its_place(
    holds: Holding, signs: Signing, query: str
) -> None:
    head = await signs("grid_head")
    fetched = await head.ask("GET", f"/places/{await head.place('944号3单元')}/qrcode")
    scene = fetched.headers["code-scene"]
    hand = await holds("resident", f"/pages/home/index?{QUERIES[query].format(scene=scene)}")
    await hand.sees(re.compile("944号3单元"))


@pytest.mark.excused("404")
@pytest.mark.parametrize("query", ["q=50%25", "q=%", "q=https%3A%2F%2Fexample.com%2F%25E0%25A4", "scene=%25"])
async def test_a_scanned_code_of_somebody_else_says_so(holds: Holding, query: str) -> None:
    hand = await holds("resident", f"/pages/home/index?{query}")
    await hand.sees("这个码不是楼灯的楼道码")
    await hand.sees("哪里坏了")
