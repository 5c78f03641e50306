"""Opening an anonymous report: two persons, a reason, a day; nobody else learns who reported, and the reporter is told."""

import asyncio
import json
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from app import db
from app.rules import retention
from app.services.posts import invitations
from tests.newcomers import Newcomer, id_of
from tests.world import Everybody, Person, answer, problem

REASON: Final = "报告里说有人要跳楼，须马上联系到报告人"
NAME, PHONE = "欧阳建国", "13812345678"


@pytest.fixture
async def second(newcomer: Newcomer) -> Person:
    """A second person with a street post."""
    return await appointed(newcomer, "second", "street", "人和街道")


async def appointed(newcomer: Newcomer, openid: str, role: str, place: str) -> Person:
    person = await newcomer(openid)
    invitation = await invitations.invite_by_name(role, place, None)
    answer(await person.ask("POST", "/me/invitations", json={"code": invitation.code}), 201)
    return person


@pytest.fixture
async def reporter(newcomer: Newcomer) -> Person:
    person = await newcomer("anonymous")
    answer(await person.ask("PATCH", "/me", json={"name": NAME}))
    answer(await person.ask("POST", "/me/phone", json={"phone": PHONE}), 201)
    return person


async def ask(person: Person, ticket: dict[str, Any], **kwargs: Any) -> httpx.Response:
    return await person.ask("POST", f"/tickets/{ticket['id']}/unseal", json={"reason": REASON}, **kwargs)


async def requested(person: Person, ticket: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = answer(await ask(person, ticket), 201)
    return made


async def decide(person: Person, made: dict[str, Any], how: str = "consent") -> httpx.Response:
    return await person.ask("POST", f"/unsealings/{made['id']}/{how}")


async def look(person: Person, made: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = await person.get(f"/unsealings/{made['id']}")
    return seen


async def passes(by: timedelta) -> None:
    """Let time pass for requests; everybody stays signed in."""
    columns = ("requested_at", "expires_at", "decided_at", "open_until")
    moved = ", ".join(f"{column} = {column} - $1::interval" for column in columns)
    await db.fetch(f"UPDATE unsealing SET {moved}", by)


async def noted(type_: str) -> list[Any]:
    return await db.fetch("SELECT * FROM audit WHERE type = $1 ORDER BY at", type_)


async def test_two_persons_open_a_report_for_a_day(
    reporter: Person, second: Person, people_of: Everybody
) -> None:
    (community,) = await people_of("community")
    ticket = await reporter.report(anonymous=True)
    made = await requested(community, ticket)
    assert (made["status"], made["reason"], made["requested_by"]) == (
        "pending",
        REASON,
        "万寿山社区 社区工作人员",
    )
    assert "reporter" not in made
    assert "reporter" not in await look(community, made)
    opened = answer(await decide(second, made))
    who = {"name": NAME, "phone": f"+86{PHONE}"}
    assert (opened["status"], opened["reporter"]) == ("consented", who)
    assert opened["decided_by"] == "人和街道 街道工作人员"
    assert (await look(community, made))["reporter"] == who
    await passes(retention.UNSEALING_ACCESS - timedelta(minutes=1))
    assert (await look(second, made))["reporter"] == who
    await passes(timedelta(minutes=2))
    for one in (community, second):
        assert "reporter" not in await look(one, made)


async def test_nobody_but_the_two_ever_learns_who(
    reporter: Person, second: Person, people_of: Everybody
) -> None:
    everybody = await people_of("community", "street", "grid_head", "auditor", "admin")
    community, street, *others = everybody
    ticket = await reporter.report(anonymous=True)
    made = await requested(community, ticket)
    answer(await decide(second, made))
    secrets = (NAME, PHONE, "138****5678", await id_of(reporter))
    paths = (f"/tickets/{ticket['id']}", f"/tickets/{ticket['id']}/events", "/unsealings", "/audit")
    for one in (*everybody, second):
        for path in paths:
            said = json.dumps((await one.ask("GET", path)).json(), ensure_ascii=False)
            assert [secret for secret in secrets if secret in said] == [], path
    assert "reporter" not in await look(street, made)
    for one in others:
        problem(await one.ask("GET", f"/unsealings/{made['id']}"), 404)


async def test_every_step_and_every_look_is_recorded(
    reporter: Person, second: Person, people_of: Everybody
) -> None:
    community, auditor = await people_of("community", "auditor")
    ticket = await reporter.report(anonymous=True)
    made = await requested(community, ticket)
    answer(await decide(second, made))
    await look(community, made)
    await look(community, made)
    one, two = await id_of(community), await id_of(second)
    for type_, who in {
        "unseal_requested": [one],
        "unseal_consented": [two],
        "unsealed_seen": [two, one, one],
    }.items():
        assert [str(row["person_id"]) for row in await noted(type_)] == who
        shown = (await auditor.get("/audit", type=type_))["items"]
        assert {entry["subject_id"] for entry in shown} == {ticket["id"]}
        assert [entry["label"] for entry in shown if entry["label"] == type_] == []


async def test_one_s_own_request_one_does_not_consent_to(
    reporter: Person, second: Person, people_of: Everybody
) -> None:
    (street,) = await people_of("street")
    made = await requested(street, await reporter.report(anonymous=True))
    problem(await decide(street, made), 403)
    answer(await decide(second, made))


async def test_a_community_post_does_not_consent(
    reporter: Person, people_of: Everybody, newcomer: Newcomer, second: Person
) -> None:
    street, community = await people_of("street", "community")
    made = await requested(street, await reporter.report(anonymous=True))
    for how in ("consent", "decline"):
        problem(await decide(community, made, how), 403)
    assert (await look(street, made))["status"] == "pending"


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        *(("grid_head", 403), ("member", 403), ("auditor", 403), ("property", 404), ("other_community", 404)),
        *(("neighbour", 404), ("admin", 404), ("department", 404)),
    ],
)
async def test_others_do_not_ask(reporter: Person, people_of: Everybody, persona: str, status: int) -> None:
    (somebody,) = await people_of(persona)
    problem(await ask(somebody, await reporter.report(anonymous=True)), status)
    assert await db.fetch("SELECT FROM unsealing") == []


async def test_the_company_it_is_dispatched_to_does_not_ask(reporter: Person, people_of: Everybody) -> None:
    head, company = await people_of("grid_head", "property")
    ticket = await reporter.report(anonymous=True)
    await head.act("accept", ticket)
    await head.dispatch(ticket)
    problem(await ask(company, ticket), 403)


async def test_whoever_reported_does_not_ask_about_themselves(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    problem(await ask(community, await community.report(anonymous=True)), 409)


async def test_a_report_with_a_name_needs_no_opening(reporter: Person, people_of: Everybody) -> None:
    (community,) = await people_of("community")
    problem(await ask(community, await reporter.report()), 409)


async def test_there_is_one_request_at_a_time(reporter: Person, second: Person, people_of: Everybody) -> None:
    community, street = await people_of("community", "street")
    ticket = await reporter.report(anonymous=True)
    answers = await asyncio.gather(*(ask(one, ticket) for one in (community, street, community, street)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    made = next(one.json() for one in answers if one.status_code == 201)
    results = await asyncio.gather(*(decide(second, made) for _ in range(4)))
    assert sorted(one.status_code for one in results) == [200, 409, 409, 409]
    problem(await ask(community, ticket), 409)
    await passes(retention.UNSEALING_ACCESS)
    await requested(community, ticket)


async def test_a_retried_request_is_one(reporter: Person, people_of: Everybody) -> None:
    (community,) = await people_of("community")
    ticket = await reporter.report(anonymous=True)
    first = answer(await ask(community, ticket, headers={"Idempotency-Key": "k"}), 201)
    again = await ask(community, ticket, headers={"Idempotency-Key": "k"})
    assert again.headers["idempotent-replayed"] == "true"
    assert answer(again, 201)["id"] == first["id"]
    other = await reporter.report(anonymous=True)
    problem(await ask(community, other, headers={"Idempotency-Key": "k"}), 422)


async def test_without_a_second_person_it_lapses_in_seven_days(
    reporter: Person, second: Person, people_of: Everybody
) -> None:
    (community,) = await people_of("community")
    ticket = await reporter.report(anonymous=True)
    made = await requested(community, ticket)
    await passes(retention.UNSEALING_REQUEST_LIFETIME)
    assert (await look(community, made))["status"] == "expired"
    assert [one["id"] for one in (await community.get("/unsealings", status="expired"))["items"]] == [
        made["id"]
    ]
    assert (await community.get("/unsealings", status="pending"))["items"] == []
    problem(await decide(second, made), 409)
    await requested(community, ticket)


async def test_a_declined_request_opens_nothing(
    reporter: Person, second: Person, people_of: Everybody
) -> None:
    (community,) = await people_of("community")
    ticket = await reporter.report(anonymous=True)
    made = await requested(community, ticket)
    assert answer(await decide(second, made, "decline"))["status"] == "declined"
    problem(await decide(second, made), 409)
    assert "reporter" not in await look(community, made)
    assert len(await noted("unseal_declined")) == 1
    await reporter.get("/unsealings")
    assert (await reporter.get("/notices"))["items"] == []


async def test_the_reporter_is_told_and_reads_why(
    reporter: Person, second: Person, people_of: Everybody
) -> None:
    (community,) = await people_of("community")
    ticket = await reporter.report(anonymous=True)
    for n in (1, 2):
        answer(await decide(second, await requested(community, ticket)))
        told = [one for one in (await reporter.get("/notices"))["items"] if one["type"] == "ticket.unsealed"]
        assert len(told) == n
        assert "公开您的姓名和电话" in told[0]["label"]
        await passes(retention.UNSEALING_ACCESS)
    shown = (await reporter.get("/unsealings"))["items"]
    assert {one["reason"] for one in shown} == {REASON}
    assert {one["requested_by"] for one in shown} == {"万寿山社区 社区工作人员"}


async def test_the_list_holds_what_lies_in_one_s_own_place(reporter: Person, people_of: Everybody) -> None:
    community, other, street, neighbour = await people_of(
        "community", "other_community", "street", "neighbour"
    )
    made = [await requested(community, await reporter.report(anonymous=True)) for _ in range(3)]
    for one, count in ((community, 3), (street, 3), (other, 0), (neighbour, 0), (reporter, 0)):
        assert len((await one.get("/unsealings"))["items"]) == count
    first = await street.get("/unsealings", limit=2)
    rest = await street.get("/unsealings", limit=2, cursor=first["next"])
    assert [one["id"] for one in first["items"] + rest["items"]] == [one["id"] for one in reversed(made)]
    problem(await other.ask("GET", f"/unsealings/{made[0]['id']}"), 404)
    problem(await other.ask("POST", f"/unsealings/{made[0]['id']}/consent"), 404)


async def test_who_lost_the_post_looks_no_more(
    reporter: Person, second: Person, people_of: Everybody
) -> None:
    (community,) = await people_of("community")
    made = await requested(community, await reporter.report(anonymous=True))
    answer(await decide(second, made))
    await db.fetch("UPDATE post SET ended_at = now() WHERE person_id = $1", await id_of(second))
    problem(await second.ask("GET", f"/unsealings/{made['id']}"), 404)


async def test_of_who_has_left_there_is_nothing_to_see(
    reporter: Person, second: Person, people_of: Everybody
) -> None:
    (community,) = await people_of("community")
    opened, waiting = [await requested(community, await reporter.report(anonymous=True)) for _ in range(2)]
    answer(await decide(second, opened))
    answer(await reporter.ask("DELETE", "/me"))
    problem(await decide(second, waiting), 409)
    assert "reporter" not in await look(community, opened)


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " \u200b"}, {"reason": "急", "who": 1}])
async def test_a_reason_is_asked_for(reporter: Person, people_of: Everybody, body: dict[str, Any]) -> None:
    (community,) = await people_of("community")
    ticket = await reporter.report(anonymous=True)
    problem(await community.ask("POST", f"/tickets/{ticket['id']}/unseal", json=body), 422)


async def test_consent_says_nothing_else(reporter: Person, second: Person, people_of: Everybody) -> None:
    (community,) = await people_of("community")
    made = await requested(community, await reporter.report(anonymous=True))
    problem(await second.ask("POST", f"/unsealings/{made['id']}/consent", json={"hours": 99}), 422)
    answer(await second.ask("POST", f"/unsealings/{made['id']}/consent", json={}))
