"""The demo street's past: believable, chained and sealed, the same whenever it is made."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from app import clock, db
from app.services import demo, ledger
from app.services.demo import history
from tests.deployed import deployed
from tests.world import Everybody

DAYS = 4


@pytest.fixture
async def past(street: None, monkeypatch: pytest.MonkeyPatch) -> int:
    """A past of four days that ended three weeks ago; how many tickets it has."""
    first = clock.now().date() - timedelta(days=25)
    monkeypatch.setattr(history, "quarter_before", lambda _: first)
    clock.travel(timedelta(days=DAYS - 25))
    made = await demo.load_history()
    clock.reset()
    return made


async def tickets() -> list[Any]:
    rows = await db.fetch(
        "SELECT id, category, place_id, status, verdict, rating, seq, created_at FROM ticket ORDER BY id"
    )
    return [tuple(row) for row in rows]


async def test_it_has_some_thirty_tickets_a_day_and_the_ledger_holds(past: int) -> None:
    assert 15 * DAYS < past < 40 * DAYS
    verdict = await ledger.verify_ledger()
    assert (verdict.broken, verdict.tickets) == (None, past)
    assert await db.fetch("SELECT FROM job") == []
    assert await db.fetch("SELECT FROM notice") == []


async def test_a_second_run_adds_nothing(past: int) -> None:
    before = await tickets()
    clock.travel(timedelta(days=DAYS - 25))
    assert await demo.load_history() == 0
    assert await tickets() == before


async def test_made_again_it_is_the_same(past: int) -> None:
    before = await tickets()
    await db.fetch(
        "DO $$ BEGIN SET LOCAL session_replication_role = replica; DELETE FROM ticket; DELETE FROM event; "
        "DELETE FROM remark; DELETE FROM ticket_words; DELETE FROM sealed_head; DELETE FROM seal; END $$"
    )
    clock.travel(timedelta(days=DAYS - 25))
    assert await demo.load_history() == past
    assert await tickets() == before


async def test_people_do_what_people_do(past: int) -> None:
    rows = await db.fetch("SELECT type, count(*)::int AS n FROM event GROUP BY 1")
    counts = Counter({row["type"].removeprefix("ticket."): row["n"] for row in rows})
    assert counts["submitted"] == past
    assert counts["resolved"] > past / 3
    assert {"accepted", "dispatched", "taken", "confirmed"} <= counts.keys()


async def test_a_ticket_of_the_past_reads_as_one_of_today(past: int, people_of: Everybody) -> None:
    (street,) = await people_of("street")
    listed = (await street.get("/tickets", box="all", limit=100, status="closed"))["items"]
    assert listed
    for ticket in listed[:20]:
        events = await street.events(ticket)
        assert events[0] == "submitted"
        assert (await street.ticket(ticket["id"]))["status"] == "closed"
    assert (await street.get("/figures/rates", **{"from": f"{clock.now().date() - timedelta(days=26)}"}))[
        "rows"
    ][0]["cells"]["of"] > 0


async def test_work_goes_on_where_the_past_ends(past: int, people_of: Everybody) -> None:
    (street,) = await people_of("street")
    (ticket, *_) = (await street.get("/tickets", box="all", status="resolved"))["items"]
    assert (await street.act("settle", ticket, text="到现场看过"))["status"] == "closed"
    assert (await ledger.verify_ledger()).broken is None


async def test_the_worker_makes_it_where_the_settings_ask_for_it(
    street: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "quarter_before", lambda today: today - timedelta(days=1))
    assert not await demo.keep_history()
    with deployed(demo_history="1"):
        assert await demo.keep_history()
        assert not await demo.keep_history()
    assert await tickets()


@pytest.mark.parametrize(
    ("day", "first"),
    [("2026-11-30", "2026-07-01"), ("2026-01-01", "2025-10-01"), ("2026-04-01", "2026-01-01")],
)
def test_the_past_begins_with_the_last_quarter(day: str, first: str) -> None:
    assert history.quarter_before(date.fromisoformat(day)) == date.fromisoformat(first)
