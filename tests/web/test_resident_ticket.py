"""A resident's ticket: what is promised, what happened last, one question with three answers, at every text size."""

import re
from datetime import timedelta
from typing import Any, Final

import pytest
from playwright.async_api import Locator, expect

from app import clock
from tests.web.conftest import ARTEFACTS, Holding, Signing
from tests.web.hand import SEND, Hand, photo
from tests.web.layout import STICKS_OUT
from tests.world import Person, brought, soon

ANSWERS: Final = ("修好了", "好了一部分", "还没修好")
LOOKS: Final[dict[str, tuple[float, dict[str, Any]]]] = {
    "plain": (1, {}),
    "large": (1.45, {}),
    "largest-dark": (2, {"color_scheme": "dark"}),
    "narrow": (2, {"viewport": {"width": 320, "height": 568}}),
}


async def resolved(signs: Signing, category: str = "stair_light") -> tuple[Person, dict[str, Any]]:
    """Return the resident, and their ticket that the grid head has resolved with a photo."""
    resident, head = await signs("resident"), await signs("grid_head")
    ticket = await resident.report(category=category)
    await head.act("accept", ticket)
    await head.resolve(ticket, text="换了灯泡", photo_ids=[await head.photo(photo(600, 800, shade=150))])
    return resident, ticket


async def opens(holds: Holding, ticket: dict[str, Any], scale: float = 1, **options: Any) -> Hand:
    hand = await holds("resident", f"/pages/ticket/index?id={ticket['id']}", **options)
    if scale != 1:
        await hand.page.evaluate("scale => sessionStorage.setItem('harness:fontScale', scale)", scale)
        await hand.page.reload()
    await hand.page.locator(".whose").wait_for()
    return hand


def answer(hand: Hand, words: str) -> Locator:
    return hand.front.locator(".answer").filter(has_text=re.compile(f"^{words}$"))


@pytest.mark.parametrize("look", LOOKS)
async def test_one_question_has_three_large_answers_at_every_text_size(
    holds: Holding, signs: Signing, look: str
) -> None:
    scale, options = LOOKS[look]
    _, ticket = await resolved(signs)
    hand = await opens(holds, ticket, scale, **options)
    await hand.sees("修好了吗？")
    bar = await hand.front.locator(".bar .act").bounding_box()
    assert bar
    for words in ANSWERS:
        box = await answer(hand, words).bounding_box()
        assert box
        assert box["height"] >= max(56, 46 * scale) - 1
        assert box["y"] + box["height"] <= bar["y"], "seen without scrolling"
    await expect(hand.page.get_by_role("button", name="更多").filter(visible=True)).to_have_count(0)
    await expect(hand.front.locator(".bar").filter(has_text="还没修好")).to_have_count(0)
    assert await hand.page.evaluate(STICKS_OUT) == []
    await hand.page.screenshot(path=ARTEFACTS / f"verdict-{look}.png", full_page=True)


async def test_the_stars_come_after_the_answer(holds: Holding, signs: Signing) -> None:
    resident, ticket = await resolved(signs)
    hand = await opens(holds, ticket, 2)
    await answer(hand, "好了一部分").tap()
    await hand.page.get_by_label("一般", exact=True).filter(visible=True).tap()
    await hand.page.locator(".send").filter(visible=True).tap()
    await hand.sees("已结案")
    await hand.misses("修好了吗？")
    after = await resident.ticket(ticket["id"])
    assert (after["verdict"], after["rating"]) == ("partly", 3)


async def test_not_fixed_asks_where_and_the_first_result_stays(holds: Holding, signs: Signing) -> None:
    resident, ticket = await resolved(signs)
    hand = await opens(holds, ticket)
    await answer(hand, "还没修好").tap()
    await hand.write("亮了一会儿又灭了")
    await hand.page.locator(".send").filter(visible=True).tap()
    latest = hand.front.locator(".latest")
    await expect(latest).to_contain_text("已重新办理")
    await expect(latest).to_contain_text("亮了一会儿又灭了")
    earlier = hand.front.locator(".earlier")
    await expect(earlier).to_contain_text("之前的办理结果")
    await expect(earlier).to_contain_text("换了灯泡")
    await expect(earlier.locator("wx-image")).to_have_count(1)
    assert (await resident.ticket(ticket["id"]))["status"] == "accepted"
    head = await holds("grid_head", f"/staff/ticket/index?id={ticket['id']}")
    await expect(head.front.locator(".earlier wx-image")).to_have_count(1)
    await expect(head.front.locator(".latest")).to_contain_text("亮了一会儿又灭了")


async def test_after_reporting_it_is_said_by_when_and_whom_one_can_call(holds: Holding) -> None:
    hand = await holds("resident", "/pages/report/index?category=stair_light")
    await hand.write("三楼不亮", 0)
    await hand.tap(SEND)
    await hand.sees("已上报")
    promise = re.compile(r"(30|29)分钟内受理，最迟明天 \d\d:\d\d 修好")
    await hand.sees(promise)
    await hand.page.screenshot(path=ARTEFACTS / "promise-sent.png")
    await hand.tap("查看进度")
    await hand.sees(promise)
    await hand.sees("问进展：万寿山社区第四网格")
    await hand.tap("023-00000004")
    called = await hand.page.evaluate("__harness.calls.filter(({ call }) => call === 'makePhoneCall').map(({ options }) => options.phoneNumber)")  # fmt: skip
    assert called == ["023-00000004"]


# How far a ticket is, how much later it is looked at; what is promised then.
PROMISES: Final = (
    ("new", timedelta(), r"(30|29)分钟内受理，最迟(明天|\d+月\d+日) \d\d:\d\d 修好"),
    ("new", timedelta(hours=1), r"应在.+ 受理，已经晚了；最迟.+ 修好"),
    ("accepted", timedelta(), r"最迟.+ 修好"),
    ("accepted", timedelta(days=2), r"应在.+ 修好，已经晚了。可以催办，也可以打电话问"),
    ("resolved", timedelta(), r"办结，请您看看修好了没有"),
    ("closed", timedelta(), ""),
)


@pytest.mark.parametrize(("step", "later", "words"), PROMISES, ids=range(len(PROMISES)))
async def test_what_is_promised_is_true_whenever_one_looks(
    holds: Holding, signs: Signing, step: str, later: timedelta, words: str
) -> None:
    cast = [await signs(name) for name in ("resident", "grid_head", "property")]
    ticket = await brought(step, *cast)
    hand = await holds("resident")
    await hand.page.clock.install(time=clock.now() + later)
    await hand.goes(f"/pages/ticket/index?id={ticket['id']}")
    await hand.page.locator(".whose").wait_for()
    promise = hand.front.locator(".promise")
    if words:
        await expect(promise).to_contain_text(re.compile(words))
        await expect(promise.locator(".bad")).to_have_count(int("晚了" in words))
    else:
        await expect(promise).to_have_count(0)


async def test_to_urge_is_no_big_button_in_the_first_ten_minutes(holds: Holding, signs: Signing) -> None:
    ticket = await (await signs("resident")).report()
    hand = await opens(holds, ticket, 2)
    await expect(hand.front.locator(".bar .act")).to_have_text("留言")
    await expect(hand.front.locator(".bar .main")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Accepted within 30 min. Fixed no later than: Tomorrow"), ("kk", "مينۋتتا قابىلدانادى")],
    ids=("en", "kk"),
)
async def test_the_promise_is_said_in_the_readers_language(
    holds: Holding, signs: Signing, language: str, words: str
) -> None:
    ticket = await (await signs("resident")).report()
    hand = await holds("resident", f"/pages/ticket/index?id={ticket['id']}")
    await hand.page.evaluate("code => sessionStorage.setItem('harness:language', code)", language)
    await hand.page.reload()
    await hand.sees(re.compile(words))
    await hand.page.screenshot(path=ARTEFACTS / f"promise-{language}.png")


async def test_the_card_says_why_it_was_handed_back_and_nobody_who_refused_is_chosen(
    holds: Holding, signs: Signing
) -> None:
    resident, head, company = [await signs(name) for name in ("resident", "grid_head", "property")]
    ticket = await resident.report(description="退回看原因")
    await head.dispatch(ticket)
    await company.act("hand_back", ticket, reason="not_our_trade", text="线路归供电公司")
    hand = await holds("grid_head", "/pages/work/index")
    card = hand.page.locator(".desk").filter(has_text="退回看原因")
    await expect(card.locator(".latest")).to_contain_text("已退回 · 不是我们的业务：线路归供电公司")
    await card.scroll_into_view_if_needed()
    await hand.page.screenshot(path=ARTEFACTS / "handed-back-card.png")
    await card.get_by_text("派遣", exact=True).tap()
    sheet = hand.page.get_by_role("dialog", name="派遣")
    await expect(sheet.locator(".chip")).not_to_have_count(0)
    await expect(sheet.locator(".chip.on")).to_have_count(0)


async def test_what_it_waits_for_stands_on_card_and_ticket(holds: Holding, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    ticket = await resident.report(category="small_repair")
    await head.act("accept", ticket)
    until = (await resident.ticket(ticket["id"]))["sla"]["resolve_due"]
    await head.act("wait", ticket, reason="parts", until=until)
    hand = await opens(holds, ticket)
    await expect(hand.front.locator(".latest")).to_contain_text("等待配件")
    await expect(hand.front.locator(".promise")).to_contain_text("恢复后最迟")
    assert (await hand.front.inner_text()).count("挂起到") == 1
    await hand.turns("mine")
    await expect(hand.page.locator(".ticket .latest").filter(visible=True).first).to_contain_text("等待配件")


async def test_a_card_repeats_neither_its_status_nor_until_when_it_waits(
    holds: Holding, signs: Signing
) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    refused, asked = await resident.report(category="parking"), await resident.report(category="garbage")
    await head.act("reject", refused, reason="not_ours", text="请联系产权单位")
    await head.act("accept", asked)
    await head.act("ask", asked, text="是哪个垃圾桶？", until=soon())
    hand = await holds("resident", "/pages/mine/index")
    for words, line in (
        ("请联系产权单位", "不属于本辖区管理：请联系产权单位"),
        ("是哪个垃圾桶？", "已询问报告人：是哪个垃圾桶？"),
    ):
        card = hand.page.locator(".ticket").filter(has_text=words)
        await expect(card.locator(".latest")).to_have_text(line)


async def test_a_question_stands_on_the_first_page_before_what_has_no_limit(
    holds: Holding, signs: Signing
) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    asked = await resident.report(category="manhole")
    await head.act("accept", asked)
    await head.act("ask", asked, text="哪个路口的井盖？", until=soon())
    for _ in range(2):  # the page has room for two
        await head.act(
            "reject", await resident.report(category="parking"), reason="not_ours", text="请找产权单位"
        )
    hand = await holds("resident")
    first = hand.page.locator(".ticket").filter(visible=True).first
    await expect(first).to_contain_text("等您答复")
