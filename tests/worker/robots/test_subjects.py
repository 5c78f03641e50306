"""A group hears of a subject that needs somebody: once, in office hours, without a word of a resident."""

import json
from datetime import timedelta

import pytest

from app import clock, db
from app.rules.lives import LIVES
from app.rules.robots import SUBJECT_RINGS
from app.rules.subjects import OVERDUE
from app.services import robots
from app.services import subjects as services
from tests import subjects
from tests.office_settings import put
from tests.wecom_standin import Wecom
from tests.world import Arriving, Person, answer, id_of_code, run_jobs, sign_in

NIGHT = "2026-03-04 23:30"


async def set_robot(person: Person, wecom: Wecom, name: str, code: str) -> None:
    """Set the robot of a place and forget its greeting."""
    place = {"place_id": await id_of_code(code)}
    answer(await person.ask("PUT", "/settings/robots", json={"url": wecom.url(name)}, params=place))
    wecom.said.clear()


async def ring() -> None:
    await run_jobs()
    await services.remind_offices()
    while await robots.ring_due():
        pass


async def test_an_opinion_past_its_limit_rings_in_its_grid_and_community_once(
    on: Arriving, wecom: Wecom
) -> None:
    resident, head, community = await on("resident", "grid_head", "community")
    await set_robot(head, wecom, "1", "wss-g4")
    await set_robot(community, wecom, "2", "wss")
    await subjects.opinion(resident, text="王小明家太吵", place_id=await resident.place())
    await ring()
    assert wecom.said == {}
    clock.travel(timedelta(days=30))
    for _ in range(2):
        await ring()
    for name in ("1", "2"):
        (said,) = wecom.texts(name)
        assert said.splitlines()[0] == "【超时】意见还没有回应，人和家园944号4单元，期限4月3日 09:50"
    assert "王小明" not in json.dumps(wecom.said, ensure_ascii=False)


async def test_what_has_a_fate_or_more_time_by_then_does_not_ring(on: Arriving, wecom: Wecom) -> None:
    resident, community = await on("resident", "community", at=NIGHT)
    await set_robot(community, wecom, "2", "wss")
    first, _ = [await subjects.opinion(resident) for _ in range(2)]
    clock.travel(timedelta(days=30))
    await services.remind_offices()
    community = await sign_in(community.http, "community")
    await subjects.act(community, "opinions", "answer", first, text="好")
    await put(community, "opinions", 40)
    clock.travel(timedelta(hours=12))
    await ring()
    assert wecom.texts("2") == []
    clock.travel(timedelta(days=10))
    await ring()
    assert len(wecom.texts("2")) == 1


async def test_a_project_past_its_day_rings_and_waits_for_the_week(on: Arriving, wecom: Wecom) -> None:
    (community,) = await on("community", at="2026-03-06 20:00")  # a Friday
    await set_robot(community, wecom, "2", "wss")
    await subjects.project(community, title="装充电桩", due_at=subjects.ahead(hours=1))
    clock.travel(timedelta(hours=2))
    await ring()
    assert wecom.texts("2") == []
    clock.travel(timedelta(hours=60))  # Monday, ten o'clock
    await ring()
    (said,) = wecom.texts("2")
    assert said.startswith("【超时】项目还没有完成，")
    assert "充电桩" not in said


async def test_a_topic_that_has_its_supporters_rings_in_its_community(on: Arriving, wecom: Wecom) -> None:
    resident, head, community = await on("resident", "grid_head", "community")
    await set_robot(head, wecom, "1", "wss-g4")
    await set_robot(community, wecom, "2", "wss")
    topic = await subjects.topic(resident, place_id=await resident.place())
    await subjects.act(community, "topics", "release", topic, threshold=1)
    await ring()
    assert wecom.said == {}
    await subjects.act(resident, "topics", "support", topic)
    await ring()
    assert [said.splitlines()[0] for said in wecom.texts("2")] == [
        "【待办】议题附议人数已够，等待商议，人和家园944号4单元"
    ]
    assert wecom.texts("1") == []
    assert [tuple(row) for row in await db.fetch("SELECT subject, outcome FROM robot_message")] == [
        ("topic", "sent")
    ]


@pytest.mark.parametrize("type_", SUBJECT_RINGS)
def test_every_row_is_of_something_that_happens(type_: str) -> None:
    kind, _, event = type_.partition(".")
    (life,) = [life for life in LIVES.values() if life.kind == kind]
    assert event in life.events or event == OVERDUE
