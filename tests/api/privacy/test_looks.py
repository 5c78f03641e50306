"""Who has seen my data: every look of the office, with time and post, for that person alone and never with a name."""

import json
from typing import Any

import pytest

from app import db
from app.services.posts import invitations
from tests.keys import machine
from tests.newcomers import Newcomer
from tests.world import MADE_UP, Everybody, Person, answer, problem


@pytest.fixture
async def second(newcomer: Newcomer) -> Person:
    """A second person with a street post."""
    person = await newcomer("second")
    invitation = await invitations.invite_by_name("street", "人和街道", None)
    answer(await person.ask("POST", "/me/invitations", json={"code": invitation.code}), 201)
    return person


@pytest.fixture
async def reporter(newcomer: Newcomer) -> Person:
    person = await newcomer("reporter")
    answer(await person.ask("PATCH", "/me", json={"name": "欧阳建国"}))
    answer(await person.ask("POST", "/me/phone", json={"phone": "13812345678"}), 201)
    return person


async def looks(person: Person) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await person.get("/me/looks"))["items"]
    return items


async def look(person: Person, ticket: dict[str, Any]) -> None:
    answer(await person.ask("GET", f"/tickets/{ticket['id']}/phone"))


async def unsealed(ticket: dict[str, Any], requester: Person, second: Person) -> None:
    """Open an anonymous report; both persons look once."""
    reason = {"reason": "报告里说有人要跳楼，须马上联系到报告人"}
    made = answer(await requester.ask("POST", f"/tickets/{ticket['id']}/unseal", json=reason), 201)
    answer(await second.ask("POST", f"/unsealings/{made['id']}/consent"))
    answer(await requester.ask("GET", f"/unsealings/{made['id']}"))


async def test_nobody_has_looked_at_first(reporter: Person) -> None:
    await reporter.report()
    assert await looks(reporter) == []


async def test_each_look_is_shown_with_time_post_and_report_newest_first(
    reporter: Person, second: Person, people_of: Everybody
) -> None:
    head, company, community = await people_of("grid_head", "property", "community")
    ticket = await reporter.report()
    await look(head, ticket)
    await head.dispatch(ticket)
    await look(company, ticket)
    hidden = await reporter.report(anonymous=True)
    await unsealed(hidden, community, second)
    seen = [(each["what"], each["post"], each["no"]) for each in await looks(reporter)]
    assert seen == [
        ("identity", "万寿山社区 社区工作人员", hidden["no"]),
        ("identity", "人和街道 街道工作人员", hidden["no"]),
        ("phone", "人和物业 经办人", ticket["no"]),
        ("phone", "万寿山社区第四网格 网格长", ticket["no"]),
    ]


async def test_a_system_that_looks_is_shown_as_its_organisation(
    reporter: Person, people_of: Everybody
) -> None:
    (head,) = await people_of("grid_head")
    system = await machine(head.http)
    ticket = await reporter.report()
    await head.dispatch(ticket)
    await look(system, ticket)
    assert [each["post"] for each in await looks(reporter)] == ["人和物业 经办人"]


async def test_no_name_and_no_id_of_whoever_looked_is_in_it(reporter: Person, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    await look(head, await reporter.report())
    me = await head.get("/me")
    said = json.dumps([await looks(reporter), (await reporter.get("/me/export"))["looks"]])
    assert [secret for secret in (me["id"], me["name"]) if secret and secret in said] == []


async def test_nobody_else_sees_them(reporter: Person, people_of: Everybody) -> None:
    head, resident = await people_of("grid_head", "resident")
    await look(head, await reporter.report())
    assert (await looks(head), await looks(resident)) == ([], [])


async def test_a_look_at_ones_own_report_is_none(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    ticket = await head.report(contact_phone="13812345678")
    await head.ask("GET", f"/tickets/{ticket['id']}/phone")
    assert await looks(head) == []


async def test_a_look_older_than_this_list_is_shown_with_the_post_held_then(
    reporter: Person, people_of: Everybody
) -> None:
    (head,) = await people_of("grid_head")
    ticket = await reporter.report()
    await db.fetch(
        "INSERT INTO audit (id, at, type, person_id, subject_id) VALUES (gen_random_uuid(), now(), 'phone_seen', $1, $2)",
        (await head.get("/me"))["id"],
        ticket["id"],
    )
    assert [each["post"] for each in await looks(reporter)] == ["万寿山社区第四网格 网格长"]


async def test_pages_lead_to_every_look_once(reporter: Person, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    ticket = await reporter.report()
    for _ in range(5):
        await look(head, ticket)
    found: list[str] = []
    cursor = None
    for _ in range(3):
        query = {"limit": 2, "cursor": cursor} if cursor else {"limit": 2}
        page = answer(await reporter.ask("GET", "/me/looks", params=query))
        found += [each["id"] for each in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert found == [each["id"] for each in await looks(reporter)]
    assert len(set(found)) == 5
    problem(await reporter.ask("GET", "/me/looks", params={"cursor": f"{MADE_UP}x"}), 422)


async def test_the_export_has_every_look_once(reporter: Person, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    await look(head, await reporter.report())
    kept = await reporter.get("/me/export")
    assert kept["looks"] == await looks(reporter)
    assert "phone_seen" not in {entry["type"] for entry in kept["audit"]}


async def test_whoever_comes_again_after_an_erasure_sees_none_of_before(
    reporter: Person, newcomer: Newcomer, people_of: Everybody
) -> None:
    (head,) = await people_of("grid_head")
    await look(head, await reporter.report())
    answer(await reporter.ask("DELETE", "/me"))
    problem(await reporter.ask("GET", "/me/looks"), 401)
    assert await looks(await newcomer("reporter")) == []
