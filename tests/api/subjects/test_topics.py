"""Topics and projects: raised, supported, decided, done; residents are told at each move."""

from typing import Any

import pytest

from tests import subjects
from tests.world import Everybody, answer, problem


async def test_a_residents_topic_is_seen_by_neighbours_once_it_is_released(people_of: Everybody) -> None:
    resident, neighbour, community, elsewhere = await people_of(
        "resident", "neighbour", "community", "other_community"
    )
    raised = await subjects.topic(resident)
    assert (raised["released"], raised["actions"]) == (False, [])
    problem(await neighbour.ask("GET", f"/topics/{raised['id']}"), 404, "not-found")
    released = await subjects.act(community, "topics", "release", raised, threshold=2)
    assert (released["released"], released["threshold"]) == (True, 2)
    assert (await neighbour.get(f"/topics/{raised['id']}"))["actions"] == ["support"]
    assert [one["id"] for one in (await neighbour.get("/topics"))["items"]] == [raised["id"]]
    problem(await elsewhere.ask("GET", f"/topics/{raised['id']}"), 404, "not-found")


async def test_enough_supporters_bring_a_topic_on_the_table(people_of: Everybody) -> None:
    resident, neighbour, community = await people_of("resident", "neighbour", "community")
    topic = await subjects.topic(community)
    topic = (
        await subjects.act(community, "topics", "release", topic, threshold=2)
        if not topic["released"]
        else topic
    )
    once = await subjects.act(resident, "topics", "support", topic)
    assert (once["supporters"], once["supporting"], once["status"]) == (1, True, "raised")
    problem(await subjects.try_to(resident, "topics", "support", topic), 409, "wrong-state")
    back = await subjects.act(resident, "topics", "withdraw_support", topic)
    assert (back["supporters"], back["supporting"]) == (0, False)
    assert (await neighbour.get(f"/topics/{topic['id']}"))["version"] == topic["version"]


async def test_the_threshold_counts_each_resident_once(people_of: Everybody) -> None:
    resident, neighbour, community = await people_of("resident", "neighbour", "community")
    topic = await subjects.act(community, "topics", "release", await subjects.topic(resident), threshold=2)
    await subjects.act(resident, "topics", "support", topic)
    carried = await subjects.act(neighbour, "topics", "support", topic)
    assert (carried["status"], carried["supporters"]) == ("set", 2)
    assert "carried" in await subjects.events(community, "topics", topic)
    assert (await subjects.notices(resident))[0] == "您的议题“东门装充电桩”：附议人数已够，列入议程"


async def test_a_topic_is_decided_done_and_reviewed_and_becomes_projects(people_of: Everybody) -> None:
    resident, community, head = await people_of("resident", "community", "grid_head")
    topic = await subjects.topic(community)
    meeting = await subjects.activity(head, source_id=topic["id"])
    assert meeting["source_id"] == topic["id"]
    for action, body, status in (
        ("set", {}, "已列入议程"),
        ("discuss", {}, "正在商议"),
        ("decide", {"text": "先装两台试用"}, "已议定"),
        ("do", {}, "正在落实"),
        ("finish", {"text": "两台已通电"}, "已落实"),
        ("review", {"text": "大家满意"}, "已评议"),
    ):
        topic = await subjects.act(community, "topics", action, topic, **body)
        assert topic["status_name"] == status
    assert topic["result"] == "先装两台试用"
    made = await subjects.project(community, source_id=topic["id"])
    assert (await resident.get(f"/topics/{topic['id']}"))["projects"] == 1
    assert (await community.get("/projects", source_id=topic["id"]))["items"][0]["id"] == made["id"]


async def test_a_topic_is_declined_with_a_reason_only(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    topic = await subjects.topic(community)
    problem(await subjects.try_to(community, "topics", "decline", topic), 422, "invalid")
    declined = await subjects.act(community, "topics", "decline", topic, text="产权不在小区")
    assert (declined["status_name"], declined["result"], declined["actions"]) == (
        "未列入",
        "产权不在小区",
        [],
    )


async def test_a_resident_raises_a_topic_only_where_they_live(people_of: Everybody) -> None:
    from tests.world import id_of_code

    (resident,) = await people_of("resident")
    elsewhere = await id_of_code("bl")
    problem(await subjects.try_to_make(resident, "topics", title="别处的事", place_id=elsewhere), 403)


@pytest.mark.parametrize("action", ["set", "release", "decide", "decline"])
async def test_only_offices_move_a_topic(people_of: Everybody, action: str) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    topic = await subjects.topic(community)
    for person in (resident, head):
        problem(await subjects.try_to(person, "topics", action, topic, text="我来定"), 403, "forbidden")


async def test_a_project_is_done_until_a_day_and_those_who_asked_are_told(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    said = await subjects.act(
        community,
        "opinions",
        "to_project",
        await subjects.opinion(resident),
        title="清理楼道",
        due_at=subjects.ahead(days=3),
    )
    project = await community.get(f"/projects/{said['fate']['id']}")
    assert project["opinions"] == 1
    await subjects.act(community, "projects", "start", project)
    await subjects.act(community, "projects", "report", project, text="清了三层")
    later = subjects.ahead(days=9)
    refused = await subjects.try_to(
        community,
        "projects",
        "postpone",
        await community.get(f"/projects/{project['id']}"),
        due_at=subjects.ahead(days=1),
        text="早一点",
    )
    problem(refused, 422, "invalid")
    await subjects.act(community, "projects", "postpone", project, due_at=later, text="等车")
    done = await subjects.act(community, "projects", "finish", project, text="全部清完")
    assert (done["status_name"], done["result"], done["overdue"]) == ("已完成", "全部清完", False)
    assert (await subjects.notices(resident))[:2] == ["项目“清理楼道”：完成", "项目“清理楼道”：延期"]


async def test_who_may_plan_projects(people_of: Everybody) -> None:
    resident, member, head = await people_of("resident", "member", "grid_head")
    body: dict[str, Any] = {"title": "装灯", "due_at": subjects.ahead(days=3)}
    for person in (resident, member):
        problem(await subjects.try_to_make(person, "projects", **body), 403, "forbidden")
    answer(await subjects.try_to_make(head, "projects", **body, place_id=await head.place("944号")), 201)
    past = await subjects.try_to_make(head, "projects", **body | {"due_at": subjects.ahead(days=-1)})
    problem(past, 422, "invalid")
