"""Points: paid for what the ledger says was confirmed, by the table, once, up to the month's most; for nothing else."""

from typing import Any

import pytest

from app import clock, db, ids
from app.enums import SHANGHAI
from app.rules import points
from app.services.accounts import AWARD_JOB
from tests import accounts, subjects, world
from tests.world import Everybody, Person, answer


async def attended(
    community: Person, *people: Person, kind: str = "service", **confirmed: Any
) -> dict[str, Any]:
    """Return an activity at which people came and were confirmed, after the worker's work."""
    activity = await subjects.activity(community, kind=kind, title="义务理发")
    await subjects.act(community, "activities", "publish", activity)
    for person in people:
        await subjects.act(person, "activities", "sign_up", activity)
    came = [(await person.get("/me"))["id"] for person in people]
    for act in ("start", "check_in", "close"):
        await subjects.act(
            community, "activities", act, activity, **({"people": came} if act == "check_in" else {})
        )
    after = await subjects.act(community, "activities", "confirm", activity, people=came, **confirmed)
    await world.run_jobs()
    return after


async def test_a_confirmed_volunteer_is_paid_and_sees_for_what_and_by_whom(people_of: Everybody) -> None:
    resident, neighbour, community = await people_of("resident", "neighbour", "community")
    activity = await attended(community, resident, hours=2)
    (line,) = (await resident.get(f"/accounts/{await accounts.own(resident)}/transfers"))["items"]
    assert (line["amount"], line["cause"]["rule_name"], line["cause"]["title"]) == (
        10,
        "志愿服务",
        "义务理发",
    )
    assert line["cause"]["subject_id"] == activity["id"]
    assert "万寿山社区" in line["cause"]["confirmed_by"]["label"]
    assert await accounts.balance(neighbour) == 0
    assert await accounts.broken() is None


async def test_an_event_pays_once_however_often_its_job_runs_or_it_is_confirmed(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    activity = await attended(community, resident, hours=2)
    confirmed = await db.fetchrow("SELECT ticket_id, seq FROM event WHERE type = 'activity.confirmed'")
    assert confirmed is not None
    for _ in range(3):
        await db.fetch(
            "INSERT INTO job (id, kind, ticket_id, seq, due_at) VALUES ($1, $2, $3, $4, $5)",
            *(ids.new(), AWARD_JOB, confirmed["ticket_id"], confirmed["seq"], clock.now()),
        )
    person_id = (await resident.get("/me"))["id"]
    await subjects.act(community, "activities", "confirm", activity, people=[person_id], hours=8)
    await world.run_jobs()
    assert await accounts.balance(resident) == 10
    assert not await db.fetch("SELECT FROM job")


@pytest.mark.parametrize(
    ("kind", "hours", "paid"),
    [
        ("service", 2.5, 10),
        ("service", None, 0),
        ("event", None, 2),
        ("event", 3, 15),
        ("course", None, 2),
        ("course", 3, 2),
        ("meeting", 3, 0),
        ("service", 0, 0),
    ],
)
def test_the_table_pays(kind: str, hours: float | None, paid: int) -> None:
    found = points.award_for("activity.confirmed", kind, hours)
    assert (found[1] if found else 0) == paid


async def test_nobody_gets_more_than_the_months_most(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    for _ in range(2):
        await attended(community, resident, hours=12)
    assert await accounts.balance(resident) == points.AWARDS["volunteer"].month


async def test_who_holds_a_post_earns_in_the_circle_of_members(people_of: Everybody) -> None:
    resident, member, community = await people_of("resident", "member", "community")
    home = {"home_id": await resident.place()}
    answer(await member.ask("PATCH", "/me", json=home))
    await attended(community, member, resident, hours=2)
    for person, kind in ((member, "members"), (resident, "residents")):
        (own,) = (await person.get("/accounts", mine=True))["items"]
        assert (own["circle"]["kind"], own["balance"]) == (kind, 10)


async def test_nothing_that_somebody_says_is_paid_for(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    await resident.report()
    await subjects.opinion(resident)
    topic = await subjects.topic(community)
    await subjects.act(resident, "topics", "support", topic)
    await world.run_jobs()
    assert await db.fetch("SELECT FROM account") == []
    assert {"activity.confirmed"} == points.PAYING


def test_a_month_is_one_of_shanghai() -> None:
    at = world.moment("2026-11-30T16:30:00Z")
    first, next_first = points.month_of(at)
    assert first.astimezone(SHANGHAI).isoformat() == "2026-12-01T00:00:00+08:00"
    assert next_first.astimezone(SHANGHAI).isoformat() == "2027-01-01T00:00:00+08:00"
