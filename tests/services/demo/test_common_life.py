"""The demo street's common life: something on every screen, made by the acts of those who live and work there."""

import time
from collections import Counter
from datetime import timedelta

import pytest

from app import clock, db
from app.services import demo, ledger
from tests.world import Everybody, Person


@pytest.fixture
async def told(street: None) -> int:
    return await demo.load_common_life()


async def statuses(person: Person, path: str, **query: str) -> Counter[str]:
    page = await person.get(f"/{path}", limit=100, **query)
    return Counter(item["status"] for item in page["items"])


@pytest.mark.usefixtures("told")
async def test_every_screen_of_the_office_has_something(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    assert set(await statuses(community, "opinions")) == {
        "open",
        "answered",
        "ticket",
        "topic",
        "project",
        "noted",
    }
    assert {"raised", "doing", "declined"} <= set(await statuses(community, "topics"))
    assert set(await statuses(community, "projects")) == {"planned", "doing", "done"}
    assert set(await statuses(community, "activities")) == {"published", "closed"}
    assert set(await statuses(community, "surveys")) == {"open", "replied"}
    assert set(await statuses(community, "projects", overdue="true")) == {"doing"}
    counted = {row["key"]: row["n"] for row in (await community.get("/funnel"))["rows"]}
    assert all(counted[key] for key in ("activities", "households", "people"))
    assert (await community.get("/duty/shifts"))["items"]
    assert await statuses(community, "offers") == {"open": 1}
    assert await statuses(community, "reservations") == {"back": 2, "out": 2}
    assert await statuses(community, "reservations", overdue="true") == {"out": 1}
    assert await statuses(community, "relationships") == {"active": 2}
    assert await statuses(community, "relationships", overdue="true") == {"active": 1}


@pytest.mark.usefixtures("told")
async def test_a_company_has_a_result_and_a_topic_of_what_was_worst(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    (survey,) = (await community.get("/surveys", status="replied"))["items"]
    assert survey["outcome"]["title"] == "人和家园停车怎么管"
    result = await community.get(f"/surveys/{survey['id']}/result")
    assert result["answered"] >= 10
    assert result["questions"]


@pytest.mark.usefixtures("told")
async def test_residents_and_heads_have_something_to_do(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    (topic,) = [one for one in (await resident.get("/topics"))["items"] if "充电桩" in one["title"]]
    assert "support" in topic["actions"]
    assert await statuses(resident, "opinions", mine="true") == {"open": 1, "answered": 1, "ticket": 1}
    (asked,) = [shift for shift in (await head.get("/duty/shifts", mine="true"))["items"] if shift["swap"]]
    assert "accept" in asked["actions"]


@pytest.mark.usefixtures("told")
async def test_it_is_all_in_the_ledger_at_the_moments_it_happened() -> None:
    assert (await ledger.verify_ledger()).broken is None
    rows = await db.fetch("SELECT at, subject FROM event ORDER BY at")
    now = clock.now()
    assert rows[0]["at"] < now - timedelta(days=100)
    assert rows[-1]["at"] <= now
    ticket_days = {row["at"].date() for row in rows if row["subject"] == "ticket"}
    assert ticket_days <= {now.date(), (now - timedelta(minutes=5)).date()}


async def test_it_is_told_once(told: int) -> None:
    assert told
    count = "SELECT count(*)::int AS n FROM event UNION ALL SELECT count(*)::int FROM shift"
    before = await db.fetch(count)
    assert await demo.load_common_life() == 0
    assert await db.fetch(count) == before


async def test_the_next_month_has_its_own_meeting(told: int) -> None:
    clock.travel(timedelta(days=31))
    assert 1 <= await demo.load_common_life() < told


@pytest.mark.alone
async def test_it_is_there_at_once(street: None) -> None:
    began = time.perf_counter()
    assert await demo.load_common_life()
    assert time.perf_counter() - began < 2
