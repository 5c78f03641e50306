"""What each part sees of a ticket: fields one may not see are absent; numbers are masked for those who see masked."""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import clock, db
from tests import world
from tests.world import Everybody, Person, answer, problem

TOLD = {
    "description": "灯不亮，打 13812345678",
    "place_note": "3楼 13812345678",
    "contact_phone": "138 1234 5678",
}
CLEAR, MASKED = "灯不亮，打 13812345678", "灯不亮，打 138****5678"
HANDLERS = ("member", "grid_head", "deputy", "community", "street")


async def phone(person: Person, ticket: dict[str, Any]) -> Any:
    """Ask for the full number."""
    return await person.ask("GET", f"/tickets/{ticket['id']}/phone")


@pytest.mark.parametrize("persona", ["resident", *HANDLERS, "property"])
async def test_who_works_on_it_sees_the_words_and_the_masked_reporter(
    persona: str, people_of: Everybody
) -> None:
    resident, head, person = await people_of("resident", "grid_head", persona)
    ticket = await resident.report(**TOLD)
    await head.dispatch(ticket)
    shown = await person.ticket(ticket["id"])
    assert (shown["description"], shown["place_note"]) == (CLEAR, "3楼 13812345678")
    assert shown["reporter"] == {
        "id": (await resident.get("/me"))["id"], "name": "944号居民", "phone_masked": "138****5678"
    }  # fmt: skip


async def test_the_auditor_sees_masked_words_and_no_reporter(people_of: Everybody) -> None:
    """The handlers' words included; nothing to press."""
    resident, head, company, auditor = await people_of("resident", "grid_head", "property", "auditor")
    ticket = await resident.report(**TOLD, position={"lat": 29.59962, "lng": 106.529})
    await head.dispatch(ticket)
    await company.resolve(ticket, text="已打 13812345678 告知")
    shown = await auditor.ticket(ticket["id"])
    assert (shown["description"], shown["place_note"]) == (MASKED, "3楼 138****5678")
    assert shown["resolution"]["text"] == "已打 138****5678 告知"
    assert not {"reporter", "position", "claim"} & set(shown)
    assert shown["actions"] == []
    assert "13812345678" not in str(shown)
    assert (await head.ticket(ticket["id"]))["resolution"]["text"] == "已打 13812345678 告知"


async def test_the_former_holder_still_sees_the_reporter_but_not_the_number(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report(**TOLD)
    await head.act("escalate", ticket, reason="需要社区协调")
    shown = await head.ticket(ticket["id"])
    assert shown["reporter"]["phone_masked"] == "138****5678"
    problem(await phone(head, ticket), 403, "forbidden")


async def test_nobody_learns_who_reported_anonymously(people_of: Everybody) -> None:
    """Neither handlers nor those above, in no list and no timeline; the reporter still answers, confirms, rates, reopens."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await resident.report(**TOLD, anonymous=True)
    me = await resident.get("/me")
    await head.dispatch(ticket)
    for person in await people_of(*HANDLERS, "property", "auditor"):
        shown = await person.ticket(ticket["id"])
        assert shown["anonymous"] is True
        assert "reporter" not in shown
        everything = str(
            [
                shown,
                await person.get(f"/tickets/{ticket['id']}/events"),
                await person.get("/tickets", box="all"),
            ]
        )
        assert me["id"] not in everything
        assert me["name"] not in everything
        refused = await phone(person, ticket)
        assert refused.status_code in {403, 404}
    mine = await resident.ticket(ticket["id"])
    assert mine["reporter"]["id"] == me["id"]
    await company.resolve(ticket)
    await resident.act("reopen", ticket, text="没修好")
    await head.resolve(ticket)
    assert (await resident.act("confirm", ticket, verdict="solved", rating=4))["rating"] == 4  # fmt: skip


async def test_a_company_sees_name_and_phone_until_seven_days_after_closing(people_of: Everybody) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await resident.report(**TOLD)
    await head.dispatch(ticket)
    await company.resolve(ticket)
    await resident.act("confirm", ticket, verdict="solved")
    clock.travel(timedelta(days=6, hours=23))
    (company,) = await people_of("property")
    assert (await company.ticket(ticket["id"]))["reporter"]["name"] == "944号居民"
    assert answer(await phone(company, ticket))["phone"] == "+8613812345678"
    clock.travel(timedelta(hours=2))
    company, head, street = await people_of("property", "grid_head", "street")
    shown = await company.ticket(ticket["id"])
    assert "reporter" not in shown
    assert (shown["description"], shown["place_note"]) == (MASKED, "3楼 138****5678")
    assert "13812345678" not in str(await company.get(f"/tickets/{ticket['id']}/events"))
    problem(await phone(company, ticket), 404)
    for person in (head, street):
        assert (await person.ticket(ticket["id"]))["reporter"]["name"] == "944号居民"


async def test_a_company_sees_nothing_before_and_after_it_is_theirs(people_of: Everybody) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await resident.report(**TOLD)
    problem(await company.ask("GET", f"/tickets/{ticket['id']}"), 404)
    await head.dispatch(ticket)
    assert await company.ticket(ticket["id"])
    await head.act("recall", ticket)
    problem(await company.ask("GET", f"/tickets/{ticket['id']}"), 404)
    problem(await phone(company, ticket), 404)


# The full number.


@pytest.mark.parametrize("persona", [*HANDLERS, "property"])
async def test_who_handles_it_may_look_at_the_number_and_every_look_is_audited(
    persona: str, people_of: Everybody
) -> None:
    resident, head, person = await people_of("resident", "grid_head", persona)
    ticket = await resident.report(**TOLD)
    await head.dispatch(ticket)
    for looks in (1, 2):
        seen = answer(await phone(person, ticket))
        assert seen == {"phone": "+8613812345678", "name": "944号居民"}
        rows = await db.fetch("SELECT person_id, subject_id, data FROM audit WHERE type = 'phone_seen'")
        assert len(rows) == looks
        assert str(rows[0]["person_id"]) == (await person.get("/me"))["id"]
        assert str(rows[0]["subject_id"]) == ticket["id"]
        held = {post["id"] for post in (await person.get("/me"))["posts"]}
        assert rows[0]["data"].keys() == {"post"}
        assert rows[0]["data"]["post"] in held


@pytest.mark.parametrize(("persona", "status"), [("resident", 403), ("auditor", 403), ("neighbour", 404), ("admin", 404),
                                                 ("other_grid_head", 404), ("other_property", 404)])  # fmt: skip
async def test_who_does_not_handle_it_may_not_look(persona: str, status: int, people_of: Everybody) -> None:
    """403 for who sees the ticket, 404 for who does not; no look is recorded."""
    resident, person = await people_of("resident", persona)
    ticket = await resident.report(**TOLD)
    problem(await phone(person, ticket), status)
    assert not await db.fetch("SELECT FROM audit WHERE type = 'phone_seen'")


async def test_where_no_number_was_left_there_is_none(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    said = problem(await phone(head, ticket), 404, "not-found")
    assert said["detail"] == "报告人没有留电话"
    assert (await head.ticket(ticket["id"]))["reporter"]["phone_masked"] is None


async def test_the_number_of_the_report_comes_before_the_one_of_the_profile(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    try:
        answer(await resident.ask("POST", "/me/phone", json={"phone": "139 0000 1111"}), 201)
        plain = await resident.report()
        given = await resident.report(contact_phone="023-6765 4321")
        assert (await head.ticket(plain["id"]))["reporter"]["phone_masked"] == "139****1111"
        assert answer(await phone(head, plain))["phone"] == "+8613900001111"
        assert (await head.ticket(given["id"]))["reporter"]["phone_masked"] == "023-******21"
        assert answer(await phone(head, given))["phone"] == "023-67654321"
    finally:
        await db.fetch("UPDATE person SET phone_sealed = NULL, phone_index = NULL, phone_masked = NULL")


async def test_a_number_goes_with_the_name_it_was_left_with(people_of: Everybody) -> None:
    """Told by word of mouth without a number: there is only the staff's own, under their own name."""
    head, street = await people_of("grid_head", "street")
    try:
        answer(await head.ask("POST", "/me/phone", json={"phone": "13900002222"}), 201)
        ticket = await head.report(on_behalf_of={"name": "王大妈"})
        assert answer(await phone(street, ticket)) == {"phone": "+8613900002222", "name": "陈网格长"}
        ticket = await head.report(on_behalf_of={"name": "王大妈", "phone": "13812345678"})
        assert answer(await phone(street, ticket)) == {"phone": "+8613812345678", "name": "王大妈"}
    finally:
        await db.fetch("UPDATE person SET phone_sealed = NULL, phone_index = NULL, phone_masked = NULL")


async def test_numbers_are_not_kept_in_the_clear(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    await resident.report(contact_phone="13812345678")
    (row,) = await db.fetch("SELECT t::text AS everything FROM ticket t")
    assert "13812345678" not in row["everything"]
    assert b"13812345678".hex() not in row["everything"]


async def test_losing_a_post_acts_on_the_next_request(people_of: Everybody) -> None:
    """The one who is no longer member of the grid sees nothing of it, in the list neither."""
    resident, member = await people_of("resident", "member")
    ticket = await resident.report()
    assert (await member.ticket(ticket["id"]))["actions"]
    whose = "person_id = (SELECT id FROM person WHERE demo = 'member')"
    stamp = "UPDATE person SET stamp = stamp + 1 WHERE demo = 'member'"
    await db.fetch(f"UPDATE post SET ended_at = now() WHERE {whose}")
    await db.fetch(stamp)
    try:
        problem(await member.ask("GET", f"/tickets/{ticket['id']}"), 404)
        problem(await member.try_to("accept", ticket), 404)
        assert (await member.get("/tickets", box="all"))["items"] == []
    finally:
        await db.fetch(f"UPDATE post SET ended_at = NULL WHERE {whose}")
        await db.fetch(stamp)
    assert (await world.sign_in(member.http, "member")).headers
    assert (await member.ticket(ticket["id"]))["actions"]


# What a ticket says to whom: a field is there, null or not, for those who may see it, and absent for others.

FIELDS = list(csv.DictReader((Path(__file__).parent / "fields.csv").read_text("utf-8").splitlines()))
# By which persona each part is played, of a ticket dispatched to the company, held by the grid (g) or the community (c).
PLAYED = {
    "reporter": ("resident", "g"),
    "follower": ("neighbour", "g"),
    "partner": ("property", "g"),
    "called": ("department", "g"),
    "member": ("member", "g"),
    "head": ("grid_head", "g"),
    "above": ("street", "g"),
    "helper": ("grid_head", "c"),
    "auditor": ("auditor", "g"),
}


@pytest.mark.parametrize("part", PLAYED)
async def test_a_field_is_there_exactly_for_those_who_may_see_it(people_of: Everybody, part: str) -> None:
    persona, held = PLAYED[part]
    resident, neighbour, head, community, somebody = await people_of(
        "resident", "neighbour", "grid_head", "community", persona
    )
    ticket = await resident.report()
    answer(await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow"))
    await head.dispatch(ticket)
    department = await community.organisation(ticket, "城管")
    await community.act("call_up", ticket, organisation_ids=[department], text="请来看看")
    if held == "c":
        await head.act("escalate", ticket, reason="要协调")
    shown = await somebody.ticket(ticket["id"])
    present = {row["field"]: "yes" if _has(shown, row["field"]) else "no" for row in FIELDS}
    assert present == {row["field"]: row[part] for row in FIELDS}


def _has(shown: dict[str, Any], field: str) -> bool:
    *outer, last = field.split(".")
    for name in outer:
        shown = shown[name]
    return last in shown
