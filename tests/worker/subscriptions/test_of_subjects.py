"""Subscribe messages of the common life: a topic decided, a meeting moved or cancelled, a survey opened; by the rules of tickets'."""

import json
from typing import Any, Final

import pytest

from app import db
from app.services.subscriptions.sender import Sender
from tests import subjects
from tests.deployed import deployed
from tests.newcomers import Newcomer
from tests.wechat_standin import Wechat
from tests.world import Everybody, Person, answer, run_jobs

FIELDS: Final = {"thing1": "{text}", "phrase2": "{status}", "time3": "{due}"}
SETTING: Final[dict[str, dict[str, Any]]] = {
    event: {"id": f"t-{event}", "page": "pages/subject/index?id={id}", "fields": FIELDS}
    for event in ("topic.decided", "activity.rescheduled", "activity.cancelled", "survey.opened")
}


@pytest.fixture(autouse=True)
def templates(street: None) -> Any:
    with deployed(wechat_templates=json.dumps(SETTING)):
        yield


@pytest.fixture
async def resident(newcomer: Newcomer, people_of: Everybody) -> Person:
    """Somebody known to WeChat as o1, who lives in the community."""
    person = await newcomer("o1")
    answer(await person.ask("PATCH", "/me", json={"home_id": await person.place()}))
    return person


async def accept(person: Person, wechat: Wechat, *events: str) -> None:
    for event in events:
        wechat.allow("o1", f"t-{event}")
    body = {"templates": [{"event": event, "accepted": True} for event in events]}
    answer(await person.ask("POST", "/me/subscriptions", json=body))


async def deliver() -> None:
    await run_jobs()
    sender = Sender()
    while await sender.round():
        pass


def shown(sent: dict[str, Any]) -> dict[str, str]:
    return {name: field["value"] for name, field in sent["data"].items()}


async def test_a_meeting_that_moves_or_is_cancelled_is_told_once_to_who_signed_up(
    resident: Person, people_of: Everybody, wechat: Wechat
) -> None:
    (head,) = await people_of("grid_head")
    meeting = await subjects.act(head, "activities", "publish", await subjects.activity(head))
    await subjects.act(resident, "activities", "sign_up", meeting)
    await accept(resident, wechat, "activity.rescheduled", "activity.cancelled")
    meeting = await head.get(f"/activities/{meeting['id']}")
    times = {"starts_at": "2030-03-04T09:00:00+08:00", "ends_at": "2030-03-04T10:00:00+08:00"}
    meeting = await subjects.act(head, "activities", "reschedule", meeting, **times)
    await deliver()
    await deliver()
    (sent,) = wechat.sent
    assert (sent["touser"], sent["page"]) == ("o1", f"pages/subject/index?id={meeting['id']}")
    assert shown(sent)["thing1"] == "活动“议事会”：改时间"
    assert shown(sent)["time3"] == "2030年3月4日 09:00"
    await subjects.act(head, "activities", "cancel", meeting, text="停电")
    await deliver()
    assert [one["template_id"] for one in wechat.sent] == ["t-activity.rescheduled", "t-activity.cancelled"]
    rows = await db.fetch("SELECT remaining FROM subscription")
    assert {row["remaining"] for row in rows} == {0}  # each acceptance is one message


async def test_a_survey_is_told_to_who_accepted_and_lives_there(
    resident: Person, people_of: Everybody, wechat: Wechat
) -> None:
    (community,) = await people_of("community")
    await accept(resident, wechat, "survey.opened")
    for _ in range(2):  # one acceptance, one message
        await subjects.act(community, "surveys", "open", await subjects.survey(community))
        await deliver()
    (sent,) = wechat.sent
    assert shown(sent)["thing1"].startswith("征询“物业服务评价”：")


async def test_a_topic_that_is_decided_is_told_to_who_raised_it(
    resident: Person, people_of: Everybody, wechat: Wechat
) -> None:
    (community,) = await people_of("community")
    topic = await subjects.topic(resident, title="在东门的空地上给电动自行车装两台充电桩并且装监控")
    await accept(resident, wechat, "topic.decided")
    topic = await community.get(f"/topics/{topic['id']}")
    for action, body in (("set", {}), ("discuss", {}), ("decide", {"text": "装两台"})):
        topic = await subjects.act(community, "topics", action, topic, **body)
    await deliver()
    (sent,) = wechat.sent
    assert shown(sent)["thing1"] == "您的议题“在东门的空地上给电动自行车装…"
