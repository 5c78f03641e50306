"""The demo street begins with a ticket in every state, made by the acts that bring tickets there."""

import time
from collections import Counter

import pytest

from app import db
from app.enums import Status
from app.services import demo, ledger
from app.services.people import profile
from tests.deployed import deployed

pytestmark = pytest.mark.usefixtures("empty")


@pytest.fixture
async def told(empty: None) -> None:
    assert await demo.load_demo(profile.consent().version)
    await demo.load_tickets()


@pytest.mark.usefixtures("told")
async def test_there_is_a_ticket_in_every_state() -> None:
    rows = await db.fetch(
        "SELECT status, level, holder_id, hand_backs, acknowledged_at, organisation_id FROM ticket"
    )
    assert {row["status"] for row in rows} == set(Status)
    assert max(row["level"] for row in rows) == 2  # escalated
    assert any(row["hand_backs"] for row in rows)
    assert any(row["holder_id"] is None for row in rows)  # unassigned
    dispatched = [row for row in rows if row["status"] == "dispatched"]
    assert {row["acknowledged_at"] is None for row in dispatched} == {True, False}
    assert {row["kind"] for row in await db.fetch("SELECT kind FROM pause WHERE ended_at IS NULL")} == {
        "wait",
        "ask",
    }


@pytest.mark.usefixtures("told")
async def test_the_ledger_holds_every_act() -> None:
    verdict = await ledger.verify_ledger()
    assert verdict.broken is None
    events = Counter(row["type"] for row in await db.fetch("SELECT type FROM event"))
    assert events["ticket.submitted"] == verdict.tickets == len(demo.STORIES)
    assert verdict.events == sum(1 + len(story.steps) for story in demo.STORIES)


@pytest.mark.usefixtures("told")
async def test_the_personas_are_signed_out_again() -> None:
    assert await db.fetch("SELECT FROM login WHERE revoked_at IS NULL AND kind <> 'key'") == []


@pytest.mark.usefixtures("told")
async def test_they_are_made_by_the_process_that_loads_the_street() -> None:
    assert not await demo.load_demo(profile.consent().version)


@pytest.mark.alone
async def test_street_and_tickets_are_there_at_once() -> None:
    began = time.perf_counter()
    await demo.load_demo(profile.consent().version)
    await demo.load_tickets()
    assert time.perf_counter() - began < 10  # 0.6 s on an idle machine


async def test_everybody_in_a_post_has_a_name() -> None:
    await demo.load_demo("1")
    names = [
        row["name"] for row in await db.fetch("SELECT n.name FROM post p JOIN person n ON n.id = p.person_id")
    ]
    assert all(names)
    heads = [name for name in names if name.endswith("网格长")]
    assert len(heads) == 91  # 90 heads and a deputy


async def test_limits_may_be_seconds(empty: None) -> None:
    with deployed(sla_scale="0.002"):
        assert await demo.load_demo(profile.consent().version)
        await demo.load_tickets()
    assert len(await db.fetch("SELECT FROM pause")) > 1
