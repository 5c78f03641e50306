"""A draft of a survey is edited as a whole, as long as nobody has been asked; its event names what is another now."""

from typing import Any

import pytest

from app import db
from app.services.ledger import verify_ledger
from tests import subjects, world
from tests.subjects import ahead, draft
from tests.world import Everybody, Person, answer, problem

RATED = [{"text": "电梯", "kind": "rating"}]
BY_FLOOR = [{"text": "楼层", "kind": "choice", "choices": ["低", "高"]}, *RATED]


async def try_to_edit(person: Person, survey: dict[str, Any], **changes: Any) -> Any:
    place_id = changes.pop("place_id", None) or await world.id_of_code("wss")
    body = draft(place_id, version=survey["version"], **changes)
    return await person.ask("POST", f"/surveys/{survey['id']}/edit", json=body)


async def test_a_draft_is_what_the_edit_says_and_its_ballots_are_counted_by_it(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    made = await subjects.survey(community, text="请大家评一评")
    after = answer(await try_to_edit(community, made, questions=BY_FLOOR, group_by=0))
    assert (after["title"], after["text"], after["asked"]) == ("物业服务评价（修改）", None, 400)
    assert [question["text"] for question in after["questions"]] == ["楼层", "电梯"]
    assert (after["group_by"], after["version"]) == (0, made["version"] + 1)
    (event,) = await db.fetch(
        "SELECT data FROM event WHERE ticket_id = $1::uuid AND type = 'survey.edited'", made["id"]
    )
    assert set(event["data"]["fields"]) == {"title", "text", "ends_at", "questions", "group_by", "households"}
    opened = await subjects.act(community, "surveys", "open", after)
    await subjects.household(resident, "301")
    assert (await subjects.respond(resident, opened, 1, 4))["answered"] == 1
    assert (await verify_ledger()).broken is None


async def test_a_vote_takes_another_rule_and_is_weighed_by_it(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    made = await subjects.vote(community)
    asked = [{"text": "换感应灯", "kind": "vote"}]
    own = {"code": "own", "majority_heads": ">1/2", "basis": "居民公约"}
    after = answer(await try_to_edit(community, made, questions=asked, rule=own))
    assert (after["rule"]["code"], after["rule"]["turnout_area"]) == ("own", None)
    (box,) = await db.fetch("SELECT areas FROM ballot_box WHERE survey_id = $1::uuid", made["id"])
    assert box["areas"] == []


async def test_a_draft_asks_in_another_place_of_the_office_only(people_of: Everybody) -> None:
    community, street, resident = await people_of("community", "street", "resident")
    made = await subjects.survey(community)
    elsewhere = await world.id_of_code("bl")
    refused = problem(await try_to_edit(community, made, place_id=elsewhere), 422)
    assert refused["errors"][0] == {"pointer": "/place_id", "detail": "这里不归您的社区或街道，请重新选择"}
    unit = await resident.place()
    moved = answer(await try_to_edit(community, made, place_id=unit))
    assert moved["place"]["id"] == unit
    answer(await try_to_edit(street, moved, place_id=elsewhere))
    assert (await community.get(f"/surveys/{made['id']}"))["actions"] == []  # who wrote it still reads it
    of_topic = await subjects.survey(street, source_id=(await subjects.topic(community))["id"])
    pointer = problem(await try_to_edit(street, of_topic, place_id=elsewhere), 422)["errors"][0]["pointer"]
    assert pointer == "/place_id"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"ends_at": "2020-01-01T00:00:00Z"}, "/ends_at"),
        ({"questions": []}, "/questions"),
        ({"questions": [{"text": "换灯", "kind": "vote"}], "rule": {"code": "general"}}, "/questions"),
        ({"organisation_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"}, "/organisation_id"),
        ({"place_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"}, "/place_id"),
        ({"kind": "vote"}, "/kind"),
    ],
)
async def test_an_edit_that_makes_no_survey_changes_nothing(
    people_of: Everybody, changes: dict[str, Any], pointer: str
) -> None:
    (community,) = await people_of("community")
    made = await subjects.survey(community)
    refused = problem(await try_to_edit(community, made, **changes), 422)
    assert refused["errors"][0]["pointer"] == pointer
    assert await community.get(f"/surveys/{made['id']}") == made


async def test_what_has_been_asked_is_not_edited_and_nobody_overwrites_a_colleague(
    people_of: Everybody,
) -> None:
    community, head = await people_of("community", "grid_head")
    made = await subjects.survey(community)
    edited = answer(await try_to_edit(community, made))
    assert problem(await try_to_edit(community, made), 409)["version"] == edited["version"]
    opened = await subjects.act(community, "surveys", "open", edited)
    said = problem(await try_to_edit(community, opened), 409)["detail"]
    assert said == "征询已经发布，题目、规则和范围不能再改；要改请取消后新建"
    assert "edit" not in opened["actions"]
    problem(await try_to_edit(head, opened, ends_at=ahead(days=2)), 403)
