"""Dead, slow and lying networks: nothing typed is lost, nothing arrives twice, and it is said what happens."""

import asyncio
import json
import re
from typing import Any, Final

import pytest
from playwright.async_api import Request, Route

from tests.web.conftest import Holding, Signing
from tests.web.hand import SEND, Hand, photo
from tests.world import Person

TICKETS: Final = re.compile(r"/api/v1/tickets$")
PHOTOS: Final = re.compile(r"/api/v1/photos$")
NOTICES: Final = re.compile(r"/api/v1/notices(\?|$)")
LIST: Final = re.compile(r"/api/v1/tickets\?box=mine")
DAY: Final = 25 * 3600_000  # milliseconds, and an hour


@pytest.fixture
async def hand(holds: Holding) -> Hand:
    return await holds("resident")


@pytest.fixture
async def resident(signs: Signing) -> Person:
    return await signs("resident")


async def written(hand: Hand, tile: str, words: str, *shots: bytes) -> None:
    """Fill in a report, ready to be sent."""
    await hand.tap_first(tile)
    if shots:
        await hand.photograph(*shots)
    await hand.write(words, 0)


async def arrived(resident: Person, words: str) -> list[dict[str, Any]]:
    """Return the reports with these words."""
    page = await resident.get("/tickets", box="mine", limit=100)
    return [ticket for ticket in page["items"] if ticket["description"] == words]


async def lost(route: Route) -> None:
    """Let a request arrive and its answer get lost."""
    await route.fetch()
    await route.abort()


async def until(resident: Person, words: str) -> dict[str, Any]:
    """Wait for a report to arrive; only once."""
    for _ in range(100):
        if found := await arrived(resident, words):
            assert len(found) == 1
            return found[0]
        await asyncio.sleep(0.1)
    raise AssertionError(words)


async def test_what_is_sent_without_a_network_waits_outlives_a_reload_and_arrives_once(
    hand: Hand, resident: Person
) -> None:
    await written(hand, "井盖缺失破损", "路口井盖没了", photo())
    await hand.offline(True)
    await hand.tap(SEND)
    await hand.sees("已存在手机里")
    assert await arrived(resident, "路口井盖没了") == []
    await hand.tap("再报一件")
    await hand.sees("1件没有发出，联网后自动发送")
    assert await hand.page.evaluate("wx.getStorageSync('drafts')") == []  # or it would be sent twice
    await hand.turns("mine")
    await hand.sees("等网络恢复，自动发送")
    await hand.page.reload()  # with the network back: it goes by itself
    ticket = await until(resident, "路口井盖没了")
    assert len(ticket["photos"]) == 1
    await hand.sees("之前没发出的1件已自动发送")


@pytest.mark.excused("ERR_FAILED")
async def test_a_lost_answer_makes_no_second_ticket(hand: Hand, resident: Person) -> None:
    await written(hand, "停暖或不热", "暖气片是凉的")
    await hand.page.route(TICKETS, lost, times=1)
    await hand.tap(SEND)
    await hand.sees("已存在手机里")
    assert len(await arrived(resident, "暖气片是凉的")) == 1
    await hand.offline(True)
    await hand.offline(False)
    await hand.sees("之前没发出的1件已自动发送")
    assert len(await arrived(resident, "暖气片是凉的")) == 1


@pytest.mark.excused("ERR_FAILED")
async def test_what_the_server_has_long_forgotten_is_not_sent_again_unasked(
    hand: Hand, resident: Person
) -> None:
    await written(hand, "公共设施维修", "扶手松了")
    await hand.page.route(TICKETS, lost, times=1)
    await hand.tap(SEND)
    await hand.sees("已存在手机里")
    await aged(hand)
    await hand.turns("mine")
    await hand.offline(True)
    await hand.offline(False)
    await hand.sees(re.compile("可能早已发出：您有一件同样的上报"))
    assert len(await arrived(resident, "扶手松了")) == 1
    await hand.tap("仍要发送")  # its writer knows better
    await hand.sees("之前没发出的1件已自动发送")
    assert len(await arrived(resident, "扶手松了")) == 2


async def test_what_is_old_and_never_arrived_goes_by_itself(hand: Hand, resident: Person) -> None:
    await written(hand, "停电或配电故障", "整栋楼停电", photo())
    await hand.offline(True)
    await hand.tap(SEND)
    await hand.sees("已存在手机里")
    await aged(hand)
    await hand.offline(False)
    assert len((await until(resident, "整栋楼停电"))["photos"]) == 1


async def aged(hand: Hand) -> None:
    """Make everything unsent a day older, under a key the server does not know any more."""
    await hand.page.evaluate(
        "day => wx.setStorageSync('outbox', wx.getStorageSync('outbox').map(one => ({ ...one, key: one.key + 'x', at: one.at - day })))",
        DAY,
    )


@pytest.mark.excused("401")
async def test_parallel_calls_refused_with_401_share_one_silent_sign_in(hand: Hand) -> None:
    asked: list[str] = []
    hand.page.on("request", lambda request: asked.append(path_of(request)))
    await hand.sees("人和家园944号4单元")
    await hand.page.wait_for_load_state("networkidle")
    await hand.page.evaluate(
        "wx.setStorageSync('tokens', { ...wx.getStorageSync('tokens'), access: 'eyJ.over.x' })"
    )
    async with hand.page.expect_response(re.compile("/auth/refresh")):
        await hand.turns("mine")  # the list and the number of unread notices, at once
    await hand.sees("我上报的")
    await hand.page.wait_for_timeout(500)
    await hand.misses("没有加载出来")
    assert len([path for path in asked if path.endswith("/auth/refresh")]) == 1
    assert len([path for path in asked if path.endswith("/auth/demo")]) <= 1, "the first sign-in only"


@pytest.mark.excused("401")
async def test_a_dead_refresh_token_signs_in_anew_and_keeps_what_was_typed(
    hand: Hand, resident: Person
) -> None:
    await written(hand, "违章搭建或毁绿种菜", "楼顶搭了棚子", photo())
    await hand.page.evaluate("wx.setStorageSync('tokens', { access: 'eyJ.over.x', refresh: 'ldr_over' })")
    await hand.tap(SEND)
    await hand.sees("已上报")
    assert len(await arrived(resident, "楼顶搭了棚子")) == 1


def path_of(request: Request) -> str:
    return request.url.partition("?")[0]


async def test_an_upload_that_breaks_off_is_tried_again_by_itself(hand: Hand, resident: Person) -> None:
    await written(hand, "水管爆裂或大面积漏水", "水漫到楼道了", photo(), photo(shade=120))
    await hand.does("", failUploads=1)
    await hand.tap(SEND)
    await hand.sees("已存在手机里")
    await hand.offline(True)
    await hand.offline(False)
    assert len((await until(resident, "水漫到楼道了"))["photos"]) == 2


async def test_a_slow_upload_says_how_far_it_is_and_a_second_tap_sends_nothing(
    hand: Hand, resident: Person
) -> None:
    await written(hand, "道路积水或结冰", "路面有坑", photo())
    await hand.does("", slow=700)
    await hand.tap(SEND)
    await hand.sees(re.compile("正在提交"))
    await hand.page.get_by_text(re.compile("正在提交")).tap(force=True)  # it says that it hears nothing now
    await hand.sees("已上报")
    assert len(await arrived(resident, "路面有坑")) == 1


@pytest.mark.excused("413")
async def test_a_photo_too_large_is_said_at_the_photos(hand: Hand) -> None:
    await written(hand, "小区路灯故障", "两盏都不亮", photo())
    body = '{"type":"https://loudeng.invalid/problems/too-large","title":"内容太大了，请压缩后再上传","status":413}'
    await hand.page.route(
        PHOTOS,
        lambda route: route.fulfill(status=413, content_type="application/problem+json", body=body),
    )
    await hand.tap(SEND)
    await hand.sees("内容太大了，请压缩后再上传")
    assert await hand.page.locator(".add.wrong").count() == 1
    assert await hand.page.locator("textarea").first.input_value() == "两盏都不亮"
    await hand.page.unroute(PHOTOS)
    await hand.tap(SEND)
    await hand.sees("已上报")


@pytest.mark.excused("422")
async def test_a_wrong_field_is_marked_and_everything_typed_stays(hand: Hand) -> None:
    await written(hand, "停水", "停水了\u0007", photo())  # a character that cannot be kept
    await hand.tap(SEND)
    await hand.sees(re.compile("无法保存的控制字符"))
    await hand.write("门口的石板松了", 0)
    await hand.tap(SEND)
    await hand.sees("已上报")


async def test_what_is_half_written_waits_for_its_writer(hand: Hand) -> None:
    await written(hand, "电梯故障停运", "停在3楼", photo())
    await hand.page.go_back()
    await hand.tap_first("单元门或门禁故障")
    await hand.write("门锁坏了", 0)
    await hand.page.goto(hand.page.url.partition("#")[0])
    await hand.sees("上次没写完")
    await hand.tap_first("电梯故障停运")
    assert await hand.page.locator("textarea").first.input_value() == "停在3楼"
    assert await hand.page.locator(".photo-input image, .photo-input wx-image").count() == 1


def refusal(status: int, slug: str, title: str) -> dict[str, Any]:
    """Return what `route.fulfill` takes to answer with a problem."""
    body = {"type": f"https://loudeng.invalid/problems/{slug}", "title": title, "status": status}
    return {
        "status": status,
        "content_type": "application/problem+json",
        "headers": {"Retry-After": "300"},
        "body": json.dumps(body),
    }


# What goes wrong with the first request of a page: what the page says, and what to do.
FAILURES: Final[dict[str, tuple[dict[str, Any] | None, str, str]]] = {
    "429": (refusal(429, "too-many", "太多"), "操作太频繁", "请在5分钟后再试"),
    "503": (refusal(503, "unavailable", "忙"), "服务器暂时不可用", "不是您手机的问题"),
    "dead server": (None, "连不上服务器", "手机有网络，是服务器没有回应"),
}


@pytest.mark.excused("ERR_FAILED")
@pytest.mark.excused("429")
@pytest.mark.excused("503")
@pytest.mark.parametrize("failure", FAILURES)
async def test_what_fails_is_said_for_what_it_is_not_as_a_dead_network(hand: Hand, failure: str) -> None:
    answer, title, todo = FAILURES[failure]
    await hand.page.route(NOTICES, lambda route: route.fulfill(**answer) if answer else route.abort())
    await hand.turns("notices")
    await hand.sees(title)
    await hand.sees(re.compile(todo))
    await hand.misses("网络不通")
    await hand.page.unroute(NOTICES)
    await hand.tap("重新加载")
    await hand.misses(title)


@pytest.mark.excused("429")
async def test_a_report_that_waits_says_why_and_send_now_says_what_came_of_it(
    hand: Hand, resident: Person
) -> None:
    await written(hand, "暴露垃圾或清运不及时", "路口塌了一块")
    await hand.page.route(TICKETS, lambda route: route.fulfill(**refusal(429, "too-many", "太多")))
    await hand.tap(SEND)
    await hand.sees("发得太频繁，5分钟后自动再发，不用再填。")
    await hand.turns("mine")
    await hand.sees("发得太频繁，5分钟后自动再发")
    await hand.misses(re.compile("等网络"))
    before = len(await hand.said())
    await hand.tap("现在发送")
    await hand.page.wait_for_function("n => __harness.calls.length > n", arg=before)
    assert (await hand.said())[before] == "发得太频繁，5分钟后自动再发"
    await hand.page.unroute(TICKETS)
    await hand.does("", slow=700)
    await hand.tap("现在发送")
    await hand.sees("正在发送…")
    await hand.sees("之前没发出的1件已自动发送")
    assert len(await arrived(resident, "路口塌了一块")) == 1


@pytest.mark.excused("ERR_")
async def test_a_complaint_about_the_network_goes_once_it_is_back(hand: Hand) -> None:
    await hand.turns("mine")
    await hand.sees("我上报的")
    await hand.offline(True)
    await hand.does("__harness.pullDown()")
    await hand.sees(re.compile("网络不通"))
    await hand.offline(False)
    await hand.misses(re.compile("网络不通"))


@pytest.mark.excused("ERR_")
async def test_an_old_failure_does_not_stand_above_a_list_that_has_arrived(hand: Hand) -> None:
    await hand.turns("mine")
    await hand.sees("我上报的")
    gone = asyncio.Event()

    async def late(route: Route) -> None:
        await gone.wait()
        await route.abort()

    await hand.page.route(LIST, late, times=1)
    await hand.does("void __harness.pullDown()")
    await hand.page.wait_for_timeout(200)
    async with hand.page.expect_response(LIST):
        await hand.does("void __harness.pullDown()")
    async with hand.page.expect_event("requestfailed"):
        gone.set()
    await hand.page.wait_for_timeout(300)
    await hand.misses("显示的是之前的内容")


@pytest.mark.excused("ERR_")
async def test_a_page_without_a_network_says_so_and_comes_back(hand: Hand) -> None:
    await hand.offline(True)
    await hand.turns("notices")
    await hand.sees("网络不通")
    await hand.offline(False)  # it loads by itself
    await hand.misses("网络不通")
    await hand.misses("重新加载")
