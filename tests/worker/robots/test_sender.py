"""A robot rings in its group: dangers at any hour, the rest as notices do; each once, never late, never too many."""

import asyncio
import json
from datetime import timedelta
from typing import Any, Final

import pytest

from app import clock, db, ids
from app.services import robots
from app.services.tickets import clocks
from tests.wecom_standin import Wecom, key
from tests.world import Arriving, Everybody, Person, answer, run_jobs

NIGHT: Final = "2026-03-04 23:30"
DAY: Final = "2026-03-04 09:50"


async def place(code: str) -> str:
    row = await db.fetchrow("SELECT id::text FROM place WHERE code = $1", code)
    assert row is not None
    identifier: str = row["id"]
    return identifier


async def set_robot(person: Person, wecom: Wecom, name: str, **query: str) -> None:
    """Set a robot and forget its greeting."""
    answer(await person.ask("PUT", "/settings/robots", json={"url": wecom.url(name)}, params=query))
    wecom.said.clear()


async def grid_robot(person: Person, wecom: Wecom) -> None:
    await set_robot(person, wecom, "1", place_id=await place("wss-g4"))


async def ring() -> None:
    await run_jobs()
    while await robots.ring_due():
        pass


async def outcomes() -> list[str | None]:
    return [row["outcome"] for row in await db.fetch("SELECT outcome FROM robot_message ORDER BY id")]


async def test_a_new_report_rings_without_a_word_of_the_resident(on: Arriving, wecom: Wecom) -> None:
    resident, head = await on("resident", "grid_head", at=DAY)
    await grid_robot(head, wecom)
    ticket = await resident.report(
        description="王小明家门口", contact_phone="13812345678", place_note="301室"
    )
    await ring()
    (said,) = wecom.texts("1")
    assert said.splitlines()[0].startswith("【新工单】楼道灯不亮，人和家园944号4单元，请在3月4日 ")
    whole = json.dumps(wecom.said, ensure_ascii=False)
    assert not any(word in whole for word in ("王小明", "301", "1381234", ticket["no"]))
    await ring()
    assert len(wecom.texts("1")) == 1


async def test_a_danger_rings_at_night_one_level_up_too(on: Arriving, wecom: Wecom) -> None:
    resident, head, community = await on("resident", "grid_head", "community", at=NIGHT)
    await grid_robot(head, wecom)
    await set_robot(community, wecom, "2", place_id=await place("wss"))
    await resident.report(category="lift_trapped")
    await ring()
    for name in ("1", "2"):
        (said,) = wecom.said[key(name)]
        assert said["text"]["content"].startswith("【紧急】")
        assert said["text"]["mentioned_list"] == ["@all"]


async def test_what_can_wait_waits_for_office_hours(on: Arriving, wecom: Wecom) -> None:
    resident, head = await on("resident", "grid_head", at=NIGHT)
    await grid_robot(head, wecom)
    ticket = await resident.report(category="greenery")
    await ring()
    assert wecom.texts("1") == []
    clock.travel(timedelta(hours=10))
    await ring()
    (said,) = wecom.texts("1")
    assert said.startswith("【新工单】")
    assert ticket["status"] == "new"


async def test_an_overdue_one_rings(on: Arriving, wecom: Wecom) -> None:
    resident, head = await on("resident", "grid_head", at=DAY)
    await grid_robot(head, wecom)
    await resident.report()
    await ring()
    clock.travel(timedelta(minutes=31))
    while await clocks.sweep_timers():
        pass
    await ring()
    assert any(text.startswith("【超时】") for text in wecom.texts("1"))


async def test_a_dispatch_rings_at_the_company(on: Arriving, wecom: Wecom) -> None:
    resident, head, company = await on("resident", "grid_head", "property", at=DAY)
    row = await db.fetchrow("SELECT id::text FROM organisation WHERE name = '人和物业'")
    assert row is not None
    await set_robot(company, wecom, "3", organisation_id=row["id"])
    ticket = await resident.report()
    await head.act("accept", ticket)
    await head.dispatch(ticket)
    await ring()
    (said,) = wecom.texts("3")
    assert said.startswith("【新工单】")


async def test_what_has_ended_meanwhile_does_not_ring(on: Arriving, wecom: Wecom) -> None:
    resident, head = await on("resident", "grid_head", at=NIGHT)
    await grid_robot(head, wecom)
    ticket = await resident.report(category="greenery")
    await run_jobs()
    await resident.act("withdraw", ticket)
    clock.travel(timedelta(hours=10))
    await ring()
    assert wecom.texts("1") == []
    assert await outcomes() == ["gone"]


@pytest.fixture
async def forty(people_of: Everybody, wecom: Wecom) -> None:
    """Forty messages due at once, for the grid's robot."""
    resident, head = await people_of("resident", "grid_head")
    await grid_robot(head, wecom)
    ticket = await resident.report()
    await db.fetch("DELETE FROM job")
    for n in range(40):
        await db.fetch(
            "INSERT INTO robot_message (id, owner_id, ticket_id, seq, kind, created_at, due_at) "
            "SELECT $1, owner_id, $2, $3, 'new', $4, $4 FROM robot",
            ids.new(),
            ticket["id"],
            n,
            clock.now(),
        )


@pytest.mark.usefixtures("forty")
async def test_above_its_rate_a_robot_says_the_rest_in_one(wecom: Wecom) -> None:
    await ring()
    texts = wecom.texts("1")
    assert len(texts) == 15
    assert "另有 18 件" in texts[-1]
    assert set(await outcomes()) == {"sent"}


@pytest.mark.usefixtures("forty")
async def test_the_rate_holds_over_rounds(wecom: Wecom) -> None:
    await ring()
    await db.fetch("UPDATE robot_message SET settled_at = NULL")
    clock.travel(timedelta(seconds=30))
    await ring()
    assert len(wecom.texts("1")) == 15
    clock.travel(timedelta(seconds=31))
    await ring()
    assert len(wecom.texts("1")) == 30


@pytest.mark.usefixtures("forty")
async def test_nothing_is_said_after_a_day(wecom: Wecom) -> None:
    clock.travel(timedelta(hours=25))
    await ring()
    assert (wecom.texts("1"), set(await outcomes())) == ([], {"late"})


# What may go wrong, and what becomes of a message at once and after WeCom is well again.
FAILURES: Final[dict[str, tuple[Any, str, str | None, str]]] = {
    "rate": ({"errcode": 45009, "errmsg": "api freq out of limit"}, "200 OK", None, "sent"),
    "busy": ({"errcode": "-1", "errmsg": "busy"}, "200 OK", None, "sent"),
    "502": (b"<html>", "502 Bad Gateway", None, "sent"),
    "args": ({"errcode": 40058, "errmsg": "args"}, "200 OK", "refused", "refused"),
    # The group may have it: never a second time.
    "504": (b"", "504 Gateway Timeout", "unknown", "unknown"),
    "html": (b"<html>", "200 OK", "unknown", "unknown"),
    "huge": (b"0" * 100_000, "200 OK", "unknown", "unknown"),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failure_is_mended_or_settled(on: Arriving, wecom: Wecom, failure: str) -> None:
    resident, head = await on("resident", "grid_head", at=DAY)
    await grid_robot(head, wecom)
    await resident.report()
    body, status, at_once, in_the_end = FAILURES[failure]
    wecom.says(body, status)
    await ring()
    assert await outcomes() == [at_once]
    wecom.answer = None
    clock.travel(timedelta(seconds=61))
    await ring()
    assert await outcomes() == [in_the_end]
    assert len(wecom.texts("1")) == (in_the_end == "sent")


async def test_a_danger_without_an_answer_rings_once_more(on: Arriving, wecom: Wecom) -> None:
    resident, head = await on("resident", "grid_head", at=NIGHT)
    await grid_robot(head, wecom)
    await resident.report(category="lift_trapped")
    wecom.says(b"", "504 Gateway Timeout")
    await ring()
    assert await outcomes() == [None]
    wecom.answer = None
    clock.travel(timedelta(seconds=6))
    await ring()
    assert (len(wecom.texts("1")), await outcomes()) == (1, ["sent"])


async def test_a_removed_robot_is_disabled_and_its_people_hear_of_it(on: Arriving, wecom: Wecom) -> None:
    resident, head = await on("resident", "grid_head", at=DAY)
    await grid_robot(head, wecom)
    await resident.report()
    wecom.robots.clear()
    await ring()
    shown = await head.get("/settings/robots", place_id=await place("wss-g4"))
    assert shown["active"] is False
    labels = [one["label"] for one in (await head.get("/notices"))["items"]]
    assert "万寿山社区第四网格的企业微信群机器人已失效，群里收不到提醒，请重新设置" in labels
    asked = wecom.asked
    await resident.report(place_note="2楼")
    await ring()
    assert wecom.asked == asked


async def test_of_a_company_its_agents_hear_of_it(on: Arriving, wecom: Wecom) -> None:
    resident, head, company = await on("resident", "grid_head", "property", at=DAY)
    row = await db.fetchrow("SELECT id::text FROM organisation WHERE name = '人和物业'")
    assert row is not None
    await set_robot(company, wecom, "3", organisation_id=row["id"])
    wecom.robots.clear()
    ticket = await resident.report()
    await head.act("accept", ticket)
    await head.dispatch(ticket)
    await ring()
    labels = [one["label"] for one in (await company.get("/notices"))["items"]]
    assert "您单位的企业微信群机器人已失效，群里收不到提醒，请重新设置" in labels


async def test_two_workers_say_each_thing_once(on: Arriving, wecom: Wecom) -> None:
    resident, head = await on("resident", "grid_head", at=DAY)
    await grid_robot(head, wecom)
    for n in range(5):
        await resident.report(place_note=f"{n}楼")
    await run_jobs()
    wecom.hang = 0.05
    await asyncio.gather(*(robots.ring_due() for _ in range(3)))
    await ring()
    assert len(wecom.texts("1")) == 5


async def test_without_a_robot_nothing_is_queued(on: Arriving) -> None:
    (resident,) = await on("resident", at=DAY)
    await resident.report()
    await ring()
    assert await outcomes() == []


async def test_old_messages_are_swept(on: Arriving, wecom: Wecom) -> None:
    resident, head = await on("resident", "grid_head", at=DAY)
    await grid_robot(head, wecom)
    await resident.report()
    await ring()
    clock.travel(timedelta(days=8))
    await robots.sweep_messages()
    assert await outcomes() == []
