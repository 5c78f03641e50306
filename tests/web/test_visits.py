"""Visits: two taps for nothing, a line for an opinion, without a network too; each arrives once, whatever gets lost."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from playwright.async_api import Request, Route

from tests.web.conftest import ARTEFACTS, Holding, Signing
from tests.web.hand import Counting, Hand, photo
from tests.world import Person

VISITS: Final = "/subjects/visits/index"
ACTIVITIES: Final = re.compile(r"/api/v1/activities(\?|$)")


@pytest.fixture
async def head(signs: Signing) -> Person:
    return await signs("grid_head")


@pytest.fixture
async def hand(holds: Holding) -> Hand:
    hand = await holds("grid_head")
    await hand.opens(VISITS)
    return hand


async def visits(head: Person, label: str) -> list[dict[str, Any]]:
    """Return the visits at a door."""
    page = await head.get("/activities", kind="visit", limit=100)
    return [visit for visit in page["items"] if visit["place"]["label"] == label]


async def arrived(head: Person, label: str) -> dict[str, Any]:
    """Wait until a visit is there and over; only one."""
    for _ in range(300):
        found = await visits(head, label)
        if found and found[0]["status"] == "closed":
            assert len(found) == 1
            return found[0]
        await asyncio.sleep(0.1)
    raise AssertionError(label)


async def opinions(head: Person, words: str) -> list[dict[str, Any]]:
    """Return the opinions with these words."""
    page = await head.get("/opinions", limit=100)
    return [opinion for opinion in page["items"] if opinion["text"] == words]


async def said(head: Person, words: str) -> dict[str, Any]:
    """Wait for an opinion; only one."""
    for _ in range(300):
        if found := await opinions(head, words):
            assert len(found) == 1
            return found[0]
        await asyncio.sleep(0.1)
    raise AssertionError(words)


def door(hand: Hand, label: str) -> Any:
    return hand.page.get_by_role("button", name=label).filter(visible=True).first


async def lost(route: Route) -> None:
    """Let a request arrive and its answer get lost."""
    if route.request.method != "POST":
        return await route.continue_()
    await route.fetch()
    return await route.abort()


async def test_nothing_to_report_is_two_taps(hand: Hand, head: Person) -> None:
    counting = Counting()
    await counting.tap(door(hand, "人和家园944号1单元"))
    await hand.page.screenshot(path=ARTEFACTS / "visit-open.png")
    await counting.tap(hand.page.get_by_role("button", name="没有情况"))
    await hand.sees("人和家园944号1单元：已记下")
    assert counting.taps == 2
    visit = await arrived(head, "人和家园944号1单元")
    assert (visit["kind"], visit["result"], visit["opinions"]) == ("visit", "没有情况", 0)
    assert visit["starts_at"] < visit["created_at"] < visit["ends_at"]  # when it was, not when it was sent


async def test_the_workbench_leads_there_and_the_last_visited_is_last(holds: Holding, head: Person) -> None:
    hand = await holds("grid_head")
    await hand.tap("走访")
    await hand.sees("还没有走访记录")
    label = "人和家园944号2单元"
    await door(hand, label).tap()
    await hand.tap("没有情况")
    await arrived(head, label)
    await hand.opens(VISITS)
    assert label in await hand.page.locator(".visit-door").last.inner_text()


async def test_a_line_is_an_opinion_of_the_visit(hand: Hand, head: Person) -> None:
    await door(hand, "人和家园944号3单元").tap()
    await hand.write("三楼老人想装扶手")
    await hand.tap("需求")
    await hand.tap("记下来")
    opinion = await said(head, "三楼老人想装扶手")
    visit = await arrived(head, "人和家园944号3单元")
    assert (opinion["kind"], opinion["source_id"], opinion["place"]["label"]) == (
        "need",
        visit["id"],
        "人和家园944号3单元",
    )


async def test_without_a_network_visits_wait_outlive_a_reload_and_arrive_once(
    hand: Hand, head: Person
) -> None:
    await hand.offline(True)
    await hand.opens(VISITS)
    await hand.sees("现在连不上，下面是手机里存的名单")
    await door(hand, "人和家园944号5单元").tap()
    await hand.tap("没有情况")
    await hand.sees("人和家园944号5单元：已存在手机里，联网后自动发送")
    await door(hand, "人和家园944号6单元").tap()
    await hand.write("单元门关不严")
    await hand.photograph(photo(400, 300))
    await hand.tap("记下来")
    await hand.sees("2处走访还没有发出")
    await hand.sees("等网络恢复，自动发送")
    await hand.tap("是哪几处")
    await hand.sees("单元门关不严")
    await hand.page.screenshot(path=ARTEFACTS / "visits-offline.png", full_page=True)
    assert await visits(head, "人和家园944号5单元") == []
    await hand.page.reload()  # with the network back: they go by themselves
    await arrived(head, "人和家园944号5单元")
    visit = await arrived(head, "人和家园944号6单元")
    await said(head, "单元门关不严")
    timeline = (await head.get(f"/activities/{visit['id']}/events"))["items"]
    assert [len(event["photos"]) for event in timeline] == [0, 1]  # the photo waited with its visit


@pytest.mark.excused("Failed to load resource")
@pytest.mark.parametrize(
    ("label", "later", "again"), [("人和家园946号1单元", 0, 1), ("人和家园946号2单元", 25, 0)]
)
async def test_an_answer_that_gets_lost_makes_no_second_visit(
    hand: Hand, head: Person, label: str, later: int, again: int
) -> None:
    """Within a day the server knows the request by its key; later the phone asks first, and need not send."""
    words = f"{label}：楼道要扫一扫"
    await hand.page.route(ACTIVITIES, lost)
    await door(hand, label).tap()
    await hand.write(words)
    await hand.tap("记下来")
    await hand.sees(f"{label}：已存在手机里，联网后自动发送")
    await hand.page.unroute(ACTIVITIES)
    await hand.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=later))
    sent: list[str] = []
    hand.page.on("request", lambda asked: sent.append(asked.url) if _records(asked) else None)
    await hand.tap("现在发送")
    await hand.misses("现在发送")
    await arrived(head, label)
    await said(head, words)
    assert len(sent) == again


def _records(asked: Request) -> bool:
    return asked.method == "POST" and bool(ACTIVITIES.search(asked.url))


async def test_no_visit_asks_for_a_position_or_a_photo(hand: Hand) -> None:
    await door(hand, "人和家园948号1单元").tap()
    await hand.tap("没有情况")
    await hand.sees("人和家园948号1单元：已记下")
    asked = await hand.page.evaluate("__harness.calls.map(({ call }) => call)")
    assert {"getLocation", "chooseMedia"}.isdisjoint(asked)
