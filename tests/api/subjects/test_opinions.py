"""Opinions: what somebody said, and what became of it. No opinion is without a fate unseen."""

from typing import Any

import pytest

from app.services import subjects as services
from tests import subjects
from tests.world import MADE_UP, Everybody, answer, later, problem


async def test_an_opinion_is_answered_and_its_author_told(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    said = await subjects.opinion(resident, kind="suggestion", place_id=await resident.place())
    assert (said["status_name"], said["kind_name"], said["fate"]) == ("待回应", "建议", None)
    assert said["actions"] == ["withdraw"]
    answered = await subjects.act(head, "opinions", "answer", said, text="下周清理")
    assert answered["fate"] == {
        "kind": "answered",
        "id": None,
        "label": None,
        "status": None,
        "status_name": None,
    }
    seen = await resident.get(f"/opinions/{said['id']}")
    assert (seen["result"], seen["actions"]) == ("下周清理", [])
    assert (await subjects.notices(resident))[0] == "您的意见“楼道里堆满了杂物”：答复"
    assert await subjects.events(resident, "opinions", said) == ["raised", "answered"]


async def test_an_opinion_becomes_a_ticket_of_its_speaker(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    me = await resident.get("/me")
    said = await subjects.opinion(
        head, text="三楼灯不亮", place_id=await resident.place(), person_id=me["id"]
    )
    done = await subjects.act(head, "opinions", "to_ticket", said, category="stair_light")
    assert done["fate"]["kind"] == "ticket"
    ticket = await resident.ticket(done["fate"]["id"])
    assert (ticket["no"], ticket["description"]) == (done["fate"]["label"], "三楼灯不亮")
    mine = await resident.get("/tickets", box="mine")
    assert [one["id"] for one in mine["items"]] == [ticket["id"]]


async def test_opinions_become_a_topic_and_a_project_and_count_there(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    first = await subjects.opinion(resident)
    raised = await subjects.act(community, "opinions", "to_topic", first, title="东门装充电桩")
    topic_id = raised["fate"]["id"]
    second = await subjects.act(
        community, "opinions", "to_topic", await subjects.opinion(resident), topic_id=topic_id
    )
    assert second["fate"]["label"] == "东门装充电桩"
    assert (await community.get(f"/topics/{topic_id}"))["opinions"] == 2
    found = await community.get("/opinions", outcome_id=topic_id)
    assert {one["id"] for one in found["items"]} == {first["id"], second["id"]}
    planned = await subjects.act(
        community,
        "opinions",
        "to_project",
        await subjects.opinion(resident),
        title="装两台",
        due_at=subjects.ahead(days=9),
    )
    assert planned["fate"]["status_name"] == "待实施"


async def test_whoever_spoke_is_told_what_became_of_the_topic(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    said = await subjects.act(
        community, "opinions", "to_topic", await subjects.opinion(resident), title="东门装充电桩"
    )
    topic = await community.get(f"/topics/{said['fate']['id']}")
    await subjects.act(community, "topics", "set", topic)
    assert (await subjects.notices(resident))[0] == "议题“东门装充电桩”：列入议程"


@pytest.mark.parametrize(
    ("action", "body", "pointer"),
    [
        ("to_topic", {"topic_id": MADE_UP}, "/topic_id"),
        ("to_topic", {}, ""),
        ("to_topic", {"topic_id": MADE_UP, "title": "两种都选"}, ""),
        ("to_project", {}, ""),
        ("to_project", {"project_id": MADE_UP, "title": "两种都选"}, ""),
        ("to_project", {"title": "没有日期"}, "/due_at"),
        ("to_ticket", {"category": "made_up"}, "/category"),
        ("answer", {"text": " "}, "/text"),
    ],
)
async def test_a_fate_that_is_none_changes_nothing(
    people_of: Everybody, action: str, body: dict[str, Any], pointer: str
) -> None:
    (community,) = await people_of("community")
    said = await subjects.opinion(community)
    refused = problem(await subjects.try_to(community, "opinions", action, said, **body), 422, "invalid")
    assert refused["errors"][0]["pointer"] == pointer
    assert (await community.get(f"/opinions/{said['id']}"))["status"] == "open"


async def test_neighbours_and_other_offices_do_not_see_an_opinion(people_of: Everybody) -> None:
    resident, neighbour, other = await people_of("resident", "neighbour", "property")
    said = await subjects.opinion(resident, place_id=await resident.place())
    for person in (neighbour, other):
        problem(await person.ask("GET", f"/opinions/{said['id']}"), 404, "not-found")
        assert (await person.get("/opinions"))["items"] == []
    (auditor,) = await people_of("auditor")
    assert (await auditor.get(f"/opinions/{said['id']}"))["actions"] == []


async def test_a_resident_writes_for_nobody_else(people_of: Everybody) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    me = await neighbour.get("/me")
    problem(await subjects.try_to_make(resident, "opinions", text="替别人说", person_id=me["id"]), 403)


async def test_a_fate_is_given_once_and_on_what_one_has_seen(people_of: Everybody) -> None:
    resident, community, head = await people_of("resident", "community", "grid_head")
    said = await subjects.opinion(resident, place_id=await resident.place())
    key = {"headers": {"Idempotency-Key": "k1"}}
    answered = answer(await subjects.try_to(head, "opinions", "answer", said, text="好", **key))
    again = await subjects.try_to(head, "opinions", "answer", said, text="好", **key)
    assert (answer(again)["version"], again.headers["Idempotent-Replayed"]) == (answered["version"], "true")
    problem(await subjects.try_to(community, "opinions", "note", said, text="已知"), 409, "stale-version")
    problem(await subjects.try_to(community, "opinions", "note", answered, text="已知"), 409, "wrong-state")


async def test_an_opinion_without_a_fate_is_listed_and_its_office_told_once(people_of: Everybody) -> None:
    resident, _ = await people_of("resident", "grid_head")
    said = await subjects.opinion(resident, place_id=await resident.place())
    head = await later(resident, "grid_head", days=31)
    assert [one["id"] for one in (await head.get("/opinions", overdue=True))["items"]] == [said["id"]]
    assert (await services.remind_offices(), await services.remind_offices()) == (1, 0)
    told = [label for label in await subjects.notices(head) if "期限" in label]
    assert told == ["意见“楼道里堆满了杂物”已过期限，还没有办结"]


async def test_residents_say_so_much_in_an_hour(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOUDENG_RATE_LIMITS", "on")
    (resident,) = await people_of("resident")
    for _ in range(20):
        await subjects.opinion(resident)
    problem(await subjects.try_to_make(resident, "opinions", text="又一条"), 429, "too-many")


async def test_a_place_nobody_knows_is_said(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    refused = problem(
        await subjects.try_to_make(resident, "opinions", text="在哪里", place_id=MADE_UP), 422, "invalid"
    )
    assert refused["errors"][0]["pointer"] == "/place_id"
