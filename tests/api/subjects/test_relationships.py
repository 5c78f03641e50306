"""Relationships: both sides agree, either ends; a household that somebody looks after is never left without a task."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app import db
from app.services import subjects as service
from app.services.key_rotation import ENCRYPTED
from app.services.ledger import verify_ledger
from app.services.privacy import retention
from tests import subjects, world
from tests.newcomers import everything
from tests.world import MADE_UP, Everybody, Person, answer, moment, problem


async def group(community: Person, kind: str = "group", name: str = "夕阳红合唱队") -> str:
    """Return the id of a new group of the community."""
    body = {"name": name, "kind": kind, "place_ids": [await world.id_of_code("wss")]}
    return str(answer(await community.ask("POST", "/organisations", json=body), 201)["id"])


async def one(person: Person, subject: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = await person.get(f"/relationships/{subject['id']}")
    return found


async def admitted(head: Person, resident: Person, made: dict[str, Any]) -> dict[str, Any]:
    """Take somebody who says they live there for the household."""
    person_id = (await resident.get("/me"))["id"]
    return await subjects.act(head, "relationships", "admit", made, person_id=person_id)


async def test_who_merely_names_the_room_does_not_learn_that_it_has_a_helper(people_of: Everybody) -> None:
    resident, neighbour, head, member = await people_of("resident", "neighbour", "grid_head", "member")
    made = await subjects.pairing(head, post_id=await subjects.post_of(member), agreed=False)
    for person in (resident, neighbour):
        await subjects.household(person, "301", home=world.STAIR)
    problem(await resident.ask("GET", f"/relationships/{made['id']}"), 404, "not-found")
    assert (await resident.get("/relationships"))["items"] == []
    seen = await one(head, made)
    assert [each["name"] for each in seen["to_admit"]] == ["944号居民", "944号邻居"]
    assert (await one(member, made))["to_admit"] is None
    assert await subjects.notices(resident) == []
    after = await admitted(head, resident, made)
    assert [each["name"] for each in after["to_admit"]] == ["944号邻居"]
    assert await subjects.notices(resident) == ["结对与协议“人和家园944号4单元301”：确认住户"]
    assert (await one(resident, made))["actions"] == ["agree", "end"]
    problem(await neighbour.ask("GET", f"/relationships/{made['id']}"), 404, "not-found")
    await admitted(head, neighbour, made)
    assert [side["role"] for side in (await one(neighbour, made))["sides"]] == ["helper", *["household"] * 2]
    again = await subjects.try_to(
        head,
        "relationships",
        "admit",
        await one(head, made),
        person_id=(await resident.get("/me"))["id"],
    )
    assert problem(again, 422)["errors"][0]["pointer"] == "/person_id"
    await subjects.household(resident, "302")
    problem(await resident.ask("GET", f"/relationships/{made['id']}"), 404, "not-found")


async def test_a_visit_of_care_is_seen_by_the_household_that_is_admitted(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    made = await subjects.pairing(head)
    for person in (resident, neighbour):
        await subjects.household(person, "301", home=world.STAIR)
    await admitted(head, resident, made)
    seen = await visit(head)
    cases = {"resident": (resident, [seen["id"]], 200), "neighbour": (neighbour, [], 404)}
    for name, (person, listed, status) in cases.items():
        assert [item["id"] for item in (await person.get("/activities"))["items"]] == listed, name
        assert (await person.ask("GET", f"/activities/{seen['id']}")).status_code == status, name


async def test_the_office_names_who_lives_there_and_who_leaves_the_program_keeps_the_helper(
    people_of: Everybody,
) -> None:
    resident, head = await people_of("resident", "grid_head")
    whose = {"person_id": (await resident.get("/me"))["id"]}
    body = {
        "kind": "pairing",
        "room": "301",
        "post_id": await subjects.post_of(head),
        "place_id": await head.place(),
    }
    refused = problem(await subjects.try_to_make(head, "relationships", **body, **whose), 422)
    assert refused["errors"][0]["pointer"] == "/person_id"
    await subjects.household(resident, "301")
    made = await subjects.pairing(head, **whose)
    assert [side["mine"] for side in (await one(resident, made))["sides"]] == [False, True]
    answer(await resident.ask("DELETE", "/me"))
    assert (await one(head, made))["status"] == "active"


async def test_a_pairing_is_in_force_once_both_have_agreed(people_of: Everybody) -> None:
    resident, head, member = await people_of("resident", "grid_head", "member")
    await subjects.household(resident, "301")
    helper = await subjects.post_of(member)
    made = await subjects.pairing(head, post_id=helper, agreed=False, text="老伴去年走了")
    assert (made["status_name"], [side["agreed_at"] for side in made["sides"]]) == ("待同意", [None, None])
    assert [side["label"] for side in made["sides"]] == ["万寿山社区第四网格 网格员", "人和家园944号4单元301"]
    assert (await one(member, made))["reason"] is None, "who has not agreed yet does not learn why"
    await admitted(head, resident, made)
    await subjects.act(member, "relationships", "agree", made)
    after = await subjects.act(resident, "relationships", "agree", made)
    assert (after["status"], after["cadence_days"], after["reason"]) == ("active", 30, None)
    assert moment(after["due_at"]) - moment(after["starts_at"]) == timedelta(days=30)
    seen = await one(member, made)
    assert (seen["reason_name"], seen["text"]) == ("独居老人", "老伴去年走了")
    assert await subjects.events(head, "relationships", made) == ["raised", "admitted", "agreed", "agreed"]
    await world.run_jobs()
    assert (await verify_ledger()).broken is None


# Who reads a pairing and why it is: the reason and the words are None for those who only see that there is one.
READERS = {
    "member": (200, "老伴去年走了"),  # the helper
    "grid_head": (200, "老伴去年走了"),
    "community": (200, "老伴去年走了"),
    "street": (200, None),
    "resident": (200, None),  # of that room, and admitted
    "neighbour": (404, None),
    "deputy": (200, "老伴去年走了"),
    "other_grid_head": (404, None),
    "other_community": (404, None),
    "auditor": (404, None),
    "admin": (404, None),
    "property": (404, None),
}


async def test_why_is_sealed_for_all_but_the_helper_the_head_and_the_community(people_of: Everybody) -> None:
    everybody = dict(zip(READERS, await people_of(*READERS), strict=True))
    await subjects.household(everybody["resident"], "301")
    made = await subjects.pairing(
        everybody["grid_head"], post_id=await subjects.post_of(everybody["member"]), text="老伴去年走了"
    )
    await subjects.act(everybody["member"], "relationships", "agree", made)
    await admitted(everybody["grid_head"], everybody["resident"], made)
    for persona, (status, text) in READERS.items():
        person = everybody[persona]
        sent = await person.ask("GET", f"/relationships/{made['id']}")
        assert (sent.status_code, sent.json().get("text")) == (status, text), persona
        listed = (await person.get("/relationships"))["items"]
        assert [row["text"] for row in listed] == ([text] if status == 200 else []), persona
        timeline = await person.ask("GET", f"/relationships/{made['id']}/events")
        assert ("老伴去年走了" in timeline.text) is bool(text), persona
        assert (await person.get("/relationships", q="老伴"))["items"] == []
    stored = await everything()
    assert "老伴去年走了" not in stored
    assert "elderly_alone" not in stored
    assert "encrypted_text.sealed" in {column.name for column in ENCRYPTED}


async def test_a_helper_who_leaves_leaves_a_task_and_no_gap(people_of: Everybody) -> None:
    head, member, deputy = await people_of("grid_head", "member", "deputy")
    made = await subjects.pairing(head, post_id=await subjects.post_of(member))
    await subjects.act(member, "relationships", "agree", made)
    left = answer(
        await subjects.try_to(member, "relationships", "end", await one(member, made), text="调走了")
    )
    assert (left["status_name"], left["due_at"] is not None) == ("待接手", True)
    assert "结对与协议“人和家园944号4单元301”：帮扶人离开，待接手" in await subjects.notices(head)
    problem(await member.ask("GET", f"/relationships/{made['id']}"), 404, "not-found")
    vacant = (await head.get("/relationships", status="vacant"))["items"]
    assert [row["id"] for row in vacant] == [made["id"]]
    await subjects.act(head, "relationships", "hand_over", made, post_id=await subjects.post_of(deputy))
    taken = await subjects.act(deputy, "relationships", "agree", made)
    assert (taken["status"], [side["label"] for side in taken["sides"] if not side["left_at"]]) == (
        "active",
        ["人和家园944号4单元301", "万寿山社区第四网格 副网格长"],
    )


async def test_until_the_next_helper_agrees_the_one_before_stays(people_of: Everybody) -> None:
    head, member, deputy = await people_of("grid_head", "member", "deputy")
    made = await subjects.pairing(head, post_id=await subjects.post_of(member))
    await subjects.act(member, "relationships", "agree", made)
    handed = {"post_id": await subjects.post_of(deputy)}
    asked = await subjects.act(member, "relationships", "hand_over", made, **handed)
    again = await subjects.try_to(member, "relationships", "hand_over", asked, **handed)
    assert problem(again, 422)["errors"][0]["pointer"] == "/post_id"
    assert (await one(deputy, made))["actions"] == ["agree", "end", "hand_over", "admit", "assess", "call"]
    assert (await one(member, made))["actions"] == ["end", "hand_over"]
    await subjects.act(deputy, "relationships", "agree", made)
    problem(await member.ask("GET", f"/relationships/{made['id']}"), 404, "not-found")


async def test_a_post_that_ends_leaves_its_households_to_the_head(people_of: Everybody) -> None:
    head, member, community = await people_of("grid_head", "member", "community")
    post_id = await subjects.post_of(member)
    made = await subjects.pairing(head, post_id=post_id)
    await subjects.act(member, "relationships", "agree", made)
    assert await service.vacate() == 0
    answer(await community.ask("DELETE", f"/posts/{post_id}"))
    assert [await service.vacate(), await service.vacate()] == [1, 0]
    timeline = (await head.get(f"/relationships/{made['id']}/events"))["items"]
    assert (timeline[-1]["label"], timeline[-1]["actor"]["label"]) == ("帮扶人离开，待接手", "系统计时")
    assert "结对与协议“人和家园944号4单元301”：帮扶人离开，待接手" in await subjects.notices(head)
    assert (await verify_ledger()).broken is None


async def visit(person: Person, **body: Any) -> dict[str, Any]:
    """Write down a visit of an hour ago to 301."""
    times = {"starts_at": subjects.ahead(hours=-1), "ends_at": subjects.ahead(minutes=-30)}
    told = {"kind": "care", "title": "探访", "room": "301", "done": {"acts": ["talk", "help"]}}
    if "place_id" not in body:
        body["place_id"] = await person.place()
    return await subjects.made(person, "activities", **told | times | body)


async def test_a_visit_of_one_tap_is_written_into_the_pairing(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    made = await subjects.pairing(head, need="high")
    seen = await visit(head)
    assert (seen["acts"], seen["act_names"]) == (["talk", "help"], ["聊", "帮"])
    after = await one(head, made)
    assert moment(after["visited_at"]) == moment(seen["starts_at"])
    assert moment(after["due_at"]) == moment(seen["starts_at"]) + timedelta(days=7)
    assert (await subjects.events(head, "relationships", made))[-1] == "visited"
    await visit(head, starts_at=subjects.ahead(days=-3), ends_at=subjects.ahead(days=-3, hours=1))
    assert (await one(head, made))["due_at"] == after["due_at"], "a visit before the last one changes nothing"
    refused = await subjects.try_to_make(head, "activities", **{**seen_body(seen), "kind": "visit"})
    assert "聊、带、看、帮" in str(problem(refused, 422))
    assert (await resident.get("/relationships"))["items"] == []


def seen_body(seen: dict[str, Any]) -> dict[str, Any]:
    names = ("title", "starts_at", "ends_at")
    return {name: seen[name] for name in names} | {
        "place_id": seen["place"]["id"],
        "done": {"acts": ["talk"]},
    }


async def test_a_helper_of_another_grid_writes_their_visit_down(people_of: Everybody) -> None:
    head, other = await people_of("grid_head", "other_grid_head")
    unit = await head.place()
    made = await subjects.pairing(head, post_id=await subjects.post_of(other))
    body = {"place_id": unit, "kind": "care", "title": "探访", "room": "301", "done": {}}
    times = {"starts_at": subjects.ahead(hours=-1), "ends_at": subjects.ahead(minutes=-30)}
    problem(await subjects.try_to_make(other, "activities", **body, **times), 403, "forbidden")
    await subjects.act(other, "relationships", "agree", made)
    seen = await visit(other, place_id=unit)
    assert moment((await one(other, made))["visited_at"]) == moment(seen["starts_at"])
    problem(
        await subjects.try_to_make(other, "activities", **body | {"room": "302"}, **times), 403, "forbidden"
    )


async def test_twice_the_cadence_without_a_visit_is_told_of_the_household(people_of: Everybody) -> None:
    head, member = await people_of("grid_head", "member")
    made = await subjects.pairing(head, post_id=await subjects.post_of(member), need="high")
    await subjects.act(member, "relationships", "agree", made)
    told = "“人和家园944号4单元301”连着两次到期都没有人走访，请安排人看一看"
    for days, expected in ((8, 0), (7, 1), (1, 1)):
        head = await world.later(head, "grid_head", days=days)
        await service.remind_offices()
        labels = await subjects.notices(head)
        assert sum(label == told for label in labels) == expected, days
        assert not any("网格员" in label for label in labels)
    await visit(head)
    head = await world.later(head, "grid_head", days=15)
    await service.remind_offices()
    assert (await subjects.notices(head)).count(told) == 2


async def test_a_sudden_change_is_due_within_a_day(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    made = await subjects.pairing(head, need="other")
    after = await subjects.act(head, "relationships", "assess", made, need="high", sudden=True)
    ahead = moment(after["due_at"]) - datetime.now(tz=moment(after["due_at"]).tzinfo)
    assert (after["cadence_days"], timedelta(hours=23) < ahead <= timedelta(hours=24)) == (7, True)


async def test_a_member_asks_and_the_group_agrees(people_of: Everybody) -> None:
    resident, neighbour, community, agent = await people_of("resident", "neighbour", "community", "property")
    club = await group(community)
    me = (await agent.get("/me"))["id"]
    await db.fetch("UPDATE post SET organisation_id = $1 WHERE person_id = $2", club, me)
    await db.fetch("UPDATE person SET stamp = stamp + 1 WHERE id = $1", me)
    (agent,) = await people_of("property")
    asked = await subjects.made(resident, "relationships", kind="member", organisation_id=club)
    assert (asked["title"], asked["actions"]) == ("夕阳红合唱队", ["end"])
    problem(await neighbour.ask("GET", f"/relationships/{asked['id']}"), 404, "not-found")
    assert "结对与协议“夕阳红合唱队”：提出" in await subjects.notices(agent)
    assert (await subjects.act(agent, "relationships", "agree", asked))["status"] == "active"
    assert [row["label"] for row in asked["sides"]] == ["944号居民", "夕阳红合唱队"]
    answer(await resident.ask("DELETE", "/me"))
    gone = await one(agent, asked)
    assert (gone["status"], gone["sides"][0]["label"]) == ("ended", "")
    company = await subjects.try_to_make(
        community, "relationships", kind="member", organisation_id=await world.id_of_code("rhwy")
    )
    assert problem(company, 422)["errors"][0]["pointer"] == "/organisation_id"


async def test_an_agreement_past_its_end_reads_as_ended(people_of: Everybody) -> None:
    community, company = await people_of("community", "property")
    made = await subjects.made(
        community,
        "relationships",
        kind="partner",
        organisation_id=await world.id_of_code("rhwy"),
        ends_at=subjects.ahead(days=30),
    )
    assert (await subjects.act(company, "relationships", "agree", made))["status"] == "active"
    community = await world.later(community, "community", days=31)
    after = await one(community, made)
    assert (after["status"], after["actions"]) == ("ended", [])
    assert (await community.get("/relationships", status="active"))["items"] == []
    assert len((await community.get("/relationships", status="ended"))["items"]) == 1
    problem(await subjects.try_to(community, "relationships", "end", after), 409, "wrong-state")


async def test_groups_are_no_organisations_for_tickets(people_of: Everybody) -> None:
    community, head, resident = await people_of("community", "grid_head", "resident")
    club = await group(community)
    ticket = await resident.report()
    await head.act("accept", ticket)
    offered = await head.get("/organisations", place_id=await head.place(), limit=100)
    assert club not in {row["id"] for row in offered["items"]}
    fresh = await head.ticket(ticket["id"])
    problem(await head.try_to("dispatch", fresh, organisation_id=club), 422)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "pairing", "room": "301"}, 422),
        ({"kind": "pairing", "room": "301", "post_id": MADE_UP}, 422),
        ({"kind": "member"}, 422),
        ({"kind": "partner", "organisation_id": MADE_UP, "ends_at": subjects.ahead(days=1)}, 422),
        ({"kind": "volunteer", "room": "301"}, 422),
        ({"kind": "volunteer", "agreed": True}, 422),
        ({"kind": "volunteer", "ends_at": subjects.ahead(days=-1)}, 422),
        ({"kind": "volunteer", "person_id": MADE_UP}, 422),
    ],
)
async def test_what_cannot_be_a_relationship_is_said_and_nothing_written(
    people_of: Everybody, body: dict[str, Any], status: int
) -> None:
    (head,) = await people_of("grid_head")
    body = {"place_id": await head.place()} | body
    problem(await subjects.try_to_make(head, "relationships", **body), status)
    assert await db.fetch("SELECT FROM subject UNION ALL SELECT FROM side") == []


async def test_a_resident_proposes_for_themselves_only(people_of: Everybody) -> None:
    resident, neighbour, member = await people_of("resident", "neighbour", "member")
    other = (await neighbour.get("/me"))["id"]
    sent = await subjects.try_to_make(resident, "relationships", kind="volunteer", person_id=other)
    problem(sent, 403, "forbidden")
    sent = await subjects.try_to_make(
        member,
        "relationships",
        kind="pairing",
        room="301",
        post_id=await subjects.post_of(member),
        agreed=True,
        place_id=await resident.place(),
    )
    assert "要由网格长或社区记下" in str(problem(sent, 403, "forbidden"))
    volunteer = await subjects.made(resident, "relationships", kind="volunteer")
    assert volunteer["status"] == "proposed"


async def test_why_is_deleted_half_a_year_after_the_end(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    made = await subjects.pairing(head)
    await subjects.act(head, "relationships", "end", made, text="搬走了")
    head = await world.later(head, "grid_head", days=179)
    await retention.sweep_retention()
    assert (await one(head, made))["reason"] == "elderly_alone"
    head = await world.later(head, "grid_head", days=2)
    await retention.sweep_retention()
    assert (await one(head, made))["reason"] is None
    assert await db.fetch("SELECT FROM encrypted_text") == []


async def test_an_export_has_what_one_is_in(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    made = await subjects.made(resident, "relationships", kind="volunteer", text="周末有空")
    (side,) = (await resident.get("/me/export"))["sides"]
    assert (side["subject_id"], side["kind"], side["role"]) == (made["id"], "volunteer", "volunteer")
    assert "周末有空" in side["words"][0]["text"]
