"""Disputes: only who is in one sees it; mediation from being asked for to being filed, with the law's days."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.routing import APIRoute
from structlog.testing import capture_logs

from app import clock, db
from app.main import create_app
from app.services import subjects as service
from app.services.ledger import verify_ledger
from app.services.privacy import retention
from tests import subjects, world
from tests.deployed import deployed
from tests.keys import machine
from tests.newcomers import everything
from tests.world import MADE_UP, Arriving, Everybody, Person, answer, problem

SECRETS = ("楼上漏水不肯赔", "王某某", "修缮费八百", "当面吵过三次", "亲戚关系")


async def walked(person: Person, *actions: str, **bodies: Any) -> dict[str, Any]:
    """Return a dispute after these acts of the studio's head, who mediates, and of the resident."""
    made = await subjects.dispute(person, parties=[{"name": "王某某"}])
    return await walk(person, made, *actions, **bodies)


async def walk(person: Person, made: dict[str, Any], *actions: str, **bodies: Any) -> dict[str, Any]:
    resident = await world.sign_in(person.http, "resident")
    known = await subjects.known_of(resident)
    for action in actions:
        actor = await subjects.actor_of("disputes", action, resident, person)
        body = subjects.body_of(action, **known) | bodies.get(action, {})
        made = await subjects.act(actor, "disputes", action, made, **body)
    return made


async def test_a_dispute_goes_from_being_asked_for_to_being_filed(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    made = await subjects.dispute(resident, parties=[{"name": "王某某"}])
    assert (made["status_name"], made["text"], made["title"]) == ("待各方同意", "楼上漏水不肯赔", None)
    assert [(side["role_name"], side["label"]) for side in made["sides"]] == [
        ("调解工作室", "老李调解工作室"),
        ("当事人", "944号居民"),
        ("当事人", "王某某"),
    ]
    settled = await walk(resident, made, "assign", "agree", "start", "record", "settle")
    assert settled["agreement"]["terms"] == "赔偿修缮费八百元"
    filed = await walk(resident, settled, "apply", "visit", "perform", "file")
    assert (filed["status_name"], filed["actions"], filed["due_at"]) == ("已归档", [], None)
    (head,) = await people_of("department")
    assert await subjects.events(head, "disputes", made) == [
        *(
            "raised",
            "assigned",
            "agreed",
            "started",
            "recorded",
            "settled",
            "applied",
            "visited",
            "performed",
        ),
        "closed",
    ]
    assert "调解事项：达成协议" in await subjects.notices(resident)
    assert (await verify_ledger()).broken is None


OUTSIDE = (
    *("neighbour", "member", "grid_head", "deputy", "other_grid_head", "community", "other_community"),
    *("street", "property", "other_property", "other_department", "auditor", "admin"),
)


async def test_an_outsider_gets_of_it_what_a_made_up_one_gives(people_of: Everybody) -> None:
    resident, *outsiders = await people_of("resident", *OUTSIDE)
    made = await walked(resident, "assign", "agree", "start", "settle")
    for persona, outsider in zip(OUTSIDE, outsiders, strict=True):
        assert (await outsider.get("/disputes"))["items"] == [], persona
        for method, path in (
            ("GET", "/disputes/{}"),
            ("GET", "/disputes/{}/events"),
            ("GET", "/disputes/{}/agreement"),
            ("POST", "/disputes/{}/agree"),
            ("POST", "/disputes/{}/record"),
        ):
            body = {"json": {"version": made["version"], "text": "看看"}} if method == "POST" else {}
            answers = [
                problem(await outsider.ask(method, path.format(one), **body), 404) | {"request_id": ""}
                for one in (made["id"], MADE_UP)
            ]
            assert answers[0] == answers[1], (persona, path)


def addresses(dispute_id: str) -> list[str]:
    """Return every address that can be read, with the dispute's id wherever one names something."""
    routes = [
        one for one in create_app().routes if isinstance(one, APIRoute) and "GET" in (one.methods or ())
    ]
    found = []
    for route in routes:
        path = re.sub(r"\{\w+\}", dispute_id, route.path)
        names = {field.alias for field in route.dependant.query_params} | {"q"}
        words = {"q": SECRETS[0], "place_id": "", "category": "stair_light"}
        found.append(
            f"{path}?{urlencode({name: words[name] for name in names & words.keys() if words[name]})}"
        )
    return found


async def test_its_words_are_in_no_other_answer_row_message_or_log(people_of: Everybody) -> None:
    """Every route that can be read, as everybody; every row of every table; every line that is logged."""
    resident, head, community, street, auditor, admin, neighbour, grid_head = await people_of(
        "resident", "department", "community", "street", "auditor", "admin", "neighbour", "grid_head"
    )
    system = await machine(resident.http)
    hook = {"url": "https://8.8.8.8/", "events": ["ticket.*"]}
    answer(await system.ask("POST", "/webhooks", json=hook), 201)
    with capture_logs() as logs, deployed(rate_limits="off"):
        said = {"record": {"text": SECRETS[3]}, "recuse": {"text": SECRETS[4]}}
        made = await walked(resident, "assign", "agree", "start", "record", "settle", **said)
        other = await walked(resident, "assign", "recuse", **said)
        await world.run_jobs()
        for path in addresses(made["id"]):
            for person in (community, street, auditor, admin, neighbour, grid_head, system, None):
                headers = person.headers if person else {}
                sent = await resident.http.get(path, headers=headers)
                assert not any(secret in sent.text for secret in SECRETS), path
                assert sent.status_code < 500, path
    everywhere = await everything()
    assert not any(secret in everywhere for secret in SECRETS)
    assert not any(secret in str(logs) for secret in SECRETS)
    assert made["id"] in everywhere
    assert await db.fetch("SELECT FROM delivery WHERE type LIKE 'dispute.%'") == []
    # What the others are not told is there for those who are in it: the test looks in the right places.
    export = str(await resident.get("/me/export"))
    assert SECRETS[0] in export
    seen = [
        str(await head.get(f"/disputes/{one['id']}{rest}"))
        for one in (made, other)
        for rest in ("", "/events")
    ]
    assert all(any(secret in text for text in seen) for secret in SECRETS)


async def test_staff_and_auditor_learn_numbers_only(people_of: Everybody) -> None:
    """The article's 30 disputes, 60 services and 60 hardships, of which 80 are settled or filed."""
    resident, community, street, auditor, grid_head, elsewhere = await people_of(
        "resident", "community", "street", "auditor", "grid_head", "other_community"
    )
    studio = await subjects.studio(community)
    (head,) = await people_of("department")
    with deployed(rate_limits="off"):
        for kind, count in (("dispute", 30), ("service", 60), ("hardship", 60)):
            for number in range(count):
                body = {"organisation_id": studio, "text": f"第{number}件", "parties": [{"name": "赵某"}]}
                await subjects.made(head, "disputes", kind=kind, **body)
    for person in (community, street, auditor):
        found = await person.get("/disputes/counts", place_id=await world.id_of_code("wss"))
        assert (found["total"], Counter({row["kind"]: row["n"] for row in found["rows"]})) == (
            150,
            {"dispute": 30, "service": 60, "hardship": 60},
        )
        assert (await person.get("/disputes"))["items"] == []
    assert (await elsewhere.get("/disputes/counts"))["total"] == 0
    unit = await resident.place()
    problem(await community.ask("GET", f"/disputes/counts?place_id={unit}"), 403, "forbidden")
    problem(await resident.ask("GET", "/disputes/counts"), 403, "forbidden")
    problem(await grid_head.ask("GET", "/disputes/counts"), 403, "forbidden")


async def test_both_are_reminded_on_25_march_that_2_april_is_the_last_day(on: Arriving) -> None:
    (resident,) = await on("resident", at="2027-03-03 10:00")
    made = await walked(resident, "assign")
    (neighbour,) = await on("neighbour", at="2027-03-03 10:05")
    await db.fetch(
        "UPDATE side SET person_id = (SELECT id FROM person WHERE demo = 'neighbour') WHERE role = 'party' AND person_id IS NULL"
    )
    await subjects.act(neighbour, "disputes", "agree", made)
    settled = await walk(resident, made, "start", "settle")
    assert settled["agreement"]["court_until"] == "2027-04-02"
    told = "调解协议可以由双方共同申请司法确认，4月2日是最后一天"
    for at, expected in (("2027-03-24 23:59", 0), ("2027-03-25 08:00", 1), ("2027-03-26 08:00", 1)):
        both = await on("resident", "neighbour", at=at)
        await service.remind_of_disputes()
        assert [(await subjects.notices(one)).count(told) for one in both] == [expected, expected], at
    (mediator,) = await on("department", at="2027-03-26 08:10")
    assert told not in await subjects.notices(mediator)


async def test_who_has_been_to_the_court_is_not_reminded(on: Arriving) -> None:
    (resident,) = await on("resident", at="2027-03-03 10:00")
    await walked(resident, "assign", "agree", "start", "settle", "apply")
    await on("resident", at="2027-03-25 08:00")
    await service.remind_of_disputes()
    assert await db.fetch("SELECT FROM notice WHERE type = 'dispute.court_soon'") == []


async def test_the_return_visit_is_a_task_of_the_mediator_and_of_no_office(on: Arriving) -> None:
    (resident,) = await on("resident", at="2027-03-03 10:00")
    await walked(resident, "assign", "agree", "start", "settle")
    for at in ("2027-03-22 12:00", "2027-03-23 08:00", "2027-03-24 08:00"):
        resident, head, grid_head, community = await on(
            "resident", "department", "grid_head", "community", at=at
        )
        await service.remind_of_disputes()
        await service.remind_offices()
    assert (await subjects.notices(head)).count("3月23日要回访一件调解事项，看看协议有没有履行") == 1
    assert [one["id"] for one in (await head.get("/disputes", overdue=True))["items"]]
    for other in (grid_head, community):
        assert not any("调解" in label for label in await subjects.notices(other))


async def test_an_agreement_prints_with_the_fields_of_the_law(people_of: Everybody) -> None:
    resident, _ = await people_of("resident", "department")
    made = await walked(resident, "assign", "agree", "start")
    problem(await resident.ask("GET", f"/disputes/{made['id']}/agreement"), 409, "conflict")
    await walk(resident, made, "settle")
    page = await resident.ask("GET", f"/disputes/{made['id']}/agreement")
    assert page.status_code == 200
    for words in ("人民调解协议书", "住944号的两户", "水管破裂", "赔偿修缮费八百元", "当面交付", "一周内"):
        assert words in page.text
    assert page.text.count("按指印") == 2
    assert "盖章" in page.text


async def test_a_party_mediates_nothing_and_a_mediator_is_of_the_studio(people_of: Everybody) -> None:
    resident, community, neighbour = await people_of("resident", "community", "neighbour")
    made = await walked(resident)
    (head,) = await people_of("department")
    me, other = [(await one.get("/me"))["id"] for one in (resident, neighbour)]
    refused = await subjects.try_to(head, "disputes", "assign", made, person_id=me)
    assert "当事人不能做" in problem(refused, 409)["detail"]
    refused = await subjects.try_to(head, "disputes", "assign", made, person_id=other)
    assert problem(refused, 422)["errors"][0]["pointer"] == "/person_id"
    member = {"kind": "member", "organisation_id": await subjects.studio(community)}
    joined = await subjects.made(neighbour, "relationships", **member)
    await subjects.act(head, "relationships", "agree", joined)
    await subjects.act(head, "disputes", "assign", made, person_id=other)
    seen = await neighbour.get(f"/disputes/{made['id']}")
    assert (seen["text"], seen["actions"]) == ("楼上漏水不肯赔", ["agree", "add_party", "recuse"])
    gone = await subjects.act(neighbour, "disputes", "recuse", made, text="亲戚关系")
    assert (gone["text"], gone["actions"]) == (None, [])
    problem(await neighbour.ask("GET", f"/disputes/{made['id']}"), 404, "not-found")


async def test_who_heads_the_studio_sees_whom_to_name_and_no_party_is_among_them(
    people_of: Everybody,
) -> None:
    resident, neighbour, head, community = await people_of("resident", "neighbour", "department", "community")
    studio_id = await subjects.studio(community)
    for person in (resident, neighbour):
        joined = await subjects.made(person, "relationships", kind="member", organisation_id=studio_id)
        await subjects.act(head, "relationships", "agree", joined)
    made = await walked(resident, "assign")
    found = (await head.get(f"/disputes/{made['id']}/mediators"))["items"]
    started = (await walk(resident, made, "agree", "start"))["id"]
    timeline = (await resident.get(f"/disputes/{started}/events"))["items"]
    assert [one["actor"]["label"] for one in timeline] == ["居民", "经办人", "经办人", "调解员"]
    told = {one["name"]: (one["is_head"], one["mediates"]) for one in found}
    assert told == {"许队长": (True, True), "944号邻居": (False, False)}
    refused = problem(await resident.ask("GET", f"/disputes/{made['id']}/mediators"), 403)
    assert refused["detail"] == "只有调解工作室负责人可以指定调解员"


async def test_who_heads_the_studio_and_is_a_party_leaves_it_to_others(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    made = await walked(resident)
    (head,) = await people_of("department")
    me = (await head.get("/me"))["id"]
    added = await subjects.act(head, "disputes", "add_party", made, person_id=me, name="许某")
    refused = await subjects.try_to(head, "disputes", "assign", added, person_id=me)
    assert "您是当事人" in problem(refused, 409)["detail"]
    assert "assign" not in added["actions"]


async def test_nothing_is_mediated_before_all_have_agreed_and_either_ends_it(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    made = await walked(resident, "assign")
    (head,) = await people_of("department")
    problem(await subjects.try_to(head, "disputes", "start", made), 409, "wrong-state")
    agreed = await walk(resident, made, "agree")
    assert agreed["status"] == "agreed_to"
    more = await walk(resident, agreed, "add_party")
    assert more["status"] == "asked", "the new party has not agreed"
    ended = await walk(resident, await walk(resident, more, "agree", "start"), "withdraw")
    assert (ended["status_name"], ended["actions"]) == ("已终止调解", [])


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"effective_on": "2099-01-01"}, "/effective_on"),
        ({"effective_on": "2020-01-01"}, "/effective_on"),
        ({"return_visit_on": "2020-01-01"}, "/return_visit_on"),
        ({"agreement": {}}, "/agreement/parties"),
    ],
)
async def test_an_agreement_with_days_that_cannot_be_is_refused(
    people_of: Everybody, changes: dict[str, Any], pointer: str
) -> None:
    (resident,) = await people_of("resident")
    made = await walked(resident, "assign", "agree", "start")
    (head,) = await people_of("department")
    refused = await subjects.try_to(head, "disputes", "settle", made, **subjects.settlement(**changes))
    assert problem(refused, 422)["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"organisation_id": MADE_UP}, 422),
        ({"parties": [{}]}, 422),
        ({"parties": [{"person_id": MADE_UP}]}, 403),
        ({"text": " "}, 422),
    ],
)
async def test_what_cannot_be_asked_for_is_said(
    people_of: Everybody, body: dict[str, Any], status: int
) -> None:
    resident, community = await people_of("resident", "community")
    asked = {
        "organisation_id": await subjects.studio(community),
        "text": "漏水",
        "parties": [{"name": "王某"}],
    }
    problem(await subjects.try_to_make(resident, "disputes", **asked | body), status)
    assert await db.fetch("SELECT FROM subject UNION ALL SELECT FROM side") == []


async def test_who_asks_need_not_know_the_studio_and_its_head_sees_whom_to_name(people_of: Everybody) -> None:
    resident, neighbour, community = await people_of("resident", "neighbour", "community")
    asked = {"text": "漏水", "parties": [{"name": "王某"}], "place_id": await resident.place()}
    refused = problem(await subjects.try_to_make(resident, "disputes", **asked), 422)
    assert (refused["errors"][0]["pointer"], "还没有调解工作室" in refused["detail"]) == ("/place_id", True)
    studio = await subjects.studio(community)
    made = await subjects.made(resident, "disputes", **asked)
    assert made["sides"][0]["label"] == "老李调解工作室"
    (head,) = await people_of("department")
    member = {"kind": "member", "organisation_id": studio}
    joined = await subjects.made(neighbour, "relationships", **member)
    await subjects.act(head, "relationships", "agree", joined)
    offered = (await head.get(f"/disputes/{made['id']}/mediators"))["items"]
    assert {(one["name"], one["is_head"], one["mediates"]) for one in offered} >= {
        ("944号邻居", False, False)
    }
    problem(await resident.ask("GET", f"/disputes/{made['id']}/mediators"), 403)
    problem(await community.ask("GET", f"/disputes/{made['id']}/mediators"), 404)


async def test_an_office_writes_no_dispute_it_could_not_read(people_of: Everybody) -> None:
    """Staff who ask do so as a party, for themselves."""
    (community,) = await people_of("community")
    asked = {
        "organisation_id": await subjects.studio(community),
        "text": "漏水",
        "parties": [{"name": "王某"}],
    }
    made = await subjects.made(community, "disputes", **asked)
    assert [side["label"] for side in made["sides"] if side["mine"]] == ["李社工"]


async def test_what_a_party_wrote_goes_with_them_and_the_dispute_is_ended(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "department")
    made = await walked(resident, "assign")
    answer(await resident.ask("DELETE", "/me"))
    (head,) = await people_of("department")
    seen = await head.get(f"/disputes/{made['id']}")
    assert (seen["status"], seen["text"], [side["label"] for side in seen["sides"]]) == (
        "withdrawn",
        None,
        ["老李调解工作室", "", "王某某", "许队长"],
    )
    assert (await verify_ledger()).broken is None


async def test_its_words_are_deleted_three_years_after_it_was_filed(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    made = await walked(resident, "assign", "agree", "start", "fail", "file")
    clock.travel(timedelta(days=3 * 365 - 1))
    await retention.sweep_retention()
    assert len(await db.fetch("SELECT FROM encrypted_text WHERE subject_id = $1", made["id"])) == 2
    clock.travel(timedelta(days=2))
    await retention.sweep_retention()
    assert (
        await db.fetch("SELECT FROM encrypted_text UNION ALL SELECT FROM side WHERE sealed IS NOT NULL") == []
    )
