"""Stored courses: the same figures as a full fold over the ledger, rebuilt month by month, whatever was stored."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, cast
from uuid import UUID

import pytest

from app import clock, db
from app.enums import Level
from app.rules.escalation import Clocks
from app.rules.figures.course import Path, Surroundings, history
from app.rules.figures.registry import FIGURES
from app.rules.figures.table import Names
from app.rules.figures.tally import History, Window, count_courses
from app.services import figures, setup
from app.services.figures import folding
from tests.lively_street import liven_up
from tests.world import Everybody, Person, id_of_code


async def fold_everything(as_of: datetime) -> list[History]:
    """Fold every ticket's events before a moment, with no stored course."""
    rows = await db.fetch("SELECT * FROM event WHERE at < $1 ORDER BY ticket_id, seq", as_of)
    places = await db.fetch("SELECT id, path FROM place")
    levels = {row["id"]: Level(row["level"]) for row in await db.fetch("SELECT id, level FROM place")}
    paths = {row["id"]: {levels[node]: node for node in row["path"]} for row in places}
    catalogue = await setup.current_catalogue()

    def clocks(category: str, path: Path) -> Clocks:
        return catalogue.rules((path.get(Level.STREET), path.get(Level.COMMUNITY))).clocks(category)

    around = Surroundings(paths, clocks, {})
    own = (list(history(events, around)) for _, events in groupby(rows, lambda row: row["ticket_id"]))
    return [versions for versions in own if versions]


async def compare(street: Person, as_of: datetime) -> None:
    """Compare every figure of the street with the full fold."""
    histories = await fold_everything(as_of)
    place = UUID(await id_of_code("rh"))
    histories = [history for history in histories if history[-1][1].street_id == place]
    for name, figure in FIGURES.items():
        shown = await street.get(f"/figures/{name}", as_of=as_of.isoformat())
        day = datetime.fromisoformat(f"{shown['from']}T00:00:00+08:00")
        end = datetime.fromisoformat(f"{shown['to']}T00:00:00+08:00") + timedelta(days=1)
        window = Window(day, end, as_of, "community_id")
        counts = count_courses(figure.tallies, histories, window)
        labels = {row["key"]: row["label"] for row in shown["rows"]}
        parts = [key for key in labels if name == "on_time" and key not in {"total", "none"}]
        rows = figure.rows(counts, window, Names(labels, parts))
        folded = {
            row.key: {key: value for key, value in row.cells.items() if key != "estate"} for row in rows
        }
        stored = {
            row["key"]: {key: value for key, value in row["cells"].items() if key != "estate"}
            for row in shown["rows"]
        }
        assert stored == folded, name
        left_out = {one["reason"]: one["count"] for one in shown["excluded"]}
        assert left_out == {
            reason: counts["excluded", reason] for reason in figure.reasons if counts["excluded", reason]
        }


async def test_every_figure_is_that_of_a_full_fold(people_of: Everybody) -> None:
    before = clock.now() + timedelta(hours=2)
    street = await liven_up(people_of)
    for as_of in (clock.now(), before):
        await compare(street, as_of)


async def add_up_days() -> int:
    """Have the worker add up all days that are over; return how many times it had to."""
    count = 0
    while await figures.add_up():
        count += 1
    return count


async def test_days_added_up_give_the_figures_of_a_full_fold(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    before = clock.now()
    assert await add_up_days()
    assert await db.fetch("SELECT FROM day_count")
    for as_of in (before, before - timedelta(hours=26), before - timedelta(hours=33)):
        await compare(street, as_of)
    for days in (1, 1, 3):  # what is left open is older then, and what falls due has passed
        clock.travel(timedelta(days=days))
        await add_up_days()
        street = await again(street, people_of)
        await compare(street, clock.now())
        await compare(street, before)


async def again(street: Person, people_of: Everybody) -> Person:
    """Return the street's office, signed in anew, after a few more acts."""
    resident, head, office = await people_of("resident", "grid_head", "street")
    for ticket in (await office.get("/tickets", box="all", status="accepted"))["items"][:2]:
        await head.act("comment", ticket, text="还在等")
    await resident.report()
    return office


async def test_a_figure_is_read_from_the_days_and_not_from_their_courses(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    clock.travel(timedelta(days=1))
    await add_up_days()
    (street,) = await people_of("street")
    shown = {name: await street.get(f"/figures/{name}") for name in FIGURES}
    await db.fetch("DELETE FROM course")
    for name, before in shown.items():
        assert await street.get(f"/figures/{name}", as_of=before["as_of"]) == before, name


async def test_what_is_added_up_is_final_whatever_the_setup_says_later(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    clock.travel(timedelta(days=1))
    await add_up_days()
    kept = {row[:2]: row for row in await stored()}
    head, street = await people_of("grid_head", "street")
    await db.fetch("UPDATE category SET clock_resolve = 'working', clock_accept = 'working'")
    await db.fetch("UPDATE setup SET version = version + 1")
    (ticket, *_) = (await head.get("/tickets", box="all", status="accepted"))["items"]
    await head.resolve(ticket)
    as_of = clock.now().isoformat()
    await street.get("/figures/solve_time")
    now = {row[:2]: row for row in await stored()}
    assert {key: row[3:] for key, row in now.items() if key in kept} == {
        key: row[3:] for key, row in kept.items()
    }
    added_up = await street.get("/figures/solve_time", as_of=as_of)
    await db.fetch("DELETE FROM day_fold")
    assert await street.get("/figures/solve_time", as_of=as_of) == added_up


async def test_a_past_that_comes_later_has_its_days_added_up_again(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    clock.travel(timedelta(days=1))
    await add_up_days()
    (lost,) = await db.fetch("SELECT ticket_id FROM course GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    await db.fetch("DELETE FROM course WHERE ticket_id = $1", lost["ticket_id"])
    await db.fetch("DELETE FROM course_fold")  # all are folded again: of this one nothing is known
    (street,) = await people_of("street")
    await compare(street, clock.now())
    (day,) = await db.fetch("SELECT max(counted_until) AS until FROM day_fold")
    assert day["until"] < clock.now().date()
    await add_up_days()
    await compare(street, clock.now())


async def test_a_rebuilt_month_is_added_up_again(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    clock.travel(timedelta(days=1))
    await add_up_days()
    await db.fetch("UPDATE course SET rating = 1, status = 'new'")
    await figures.rebuild(clock.now() - timedelta(days=31), clock.now())
    await add_up_days()
    (street,) = await people_of("street")
    await compare(street, clock.now())


async def stored() -> list[Any]:
    return [tuple(row) for row in await db.fetch("SELECT * FROM course ORDER BY ticket_id, valid_from")]


async def test_what_is_rebuilt_is_what_was_kept_up(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    await street.get("/figures/received")
    kept = await stored()
    await db.fetch("UPDATE course SET rating = 1, status = 'new'")
    assert await stored() != kept
    rebuilt = await figures.rebuild(clock.now() - timedelta(days=31), clock.now())
    assert await stored() == kept
    assert rebuilt == len({row[0] for row in kept})


async def test_without_a_stored_course_all_are_folded_again(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    before = await street.get("/figures/rates")
    await db.fetch("DELETE FROM course")
    await db.fetch("UPDATE course_fold SET feed = feed + 1")  # as after a restore into another cluster
    after = await street.get("/figures/rates", as_of=before["as_of"])
    assert after == before


async def test_batches_fold_what_one_run_would(people_of: Everybody, monkeypatch: pytest.MonkeyPatch) -> None:
    street = await liven_up(people_of)
    await street.get("/figures/received")
    kept = await stored()
    await db.fetch("DELETE FROM course; ")
    await db.fetch("DELETE FROM course_fold")
    monkeypatch.setattr(folding, "BATCH", 7)
    assert await figures.keep_up() is False
    assert await stored() == kept


async def test_too_much_to_fold_at_once_is_left_to_the_worker(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = await liven_up(people_of)
    monkeypatch.setattr(folding, "BATCH", 1)
    monkeypatch.setattr(folding, "MAX_BATCHES", 10)
    response = await street.ask("GET", "/figures/received")
    assert response.status_code == 503
    assert "正在整理" in cast(str, response.json()["detail"])
    while await figures.keep_up():
        pass
    assert (await street.ask("GET", "/figures/received")).status_code == 200


async def test_a_ticket_whose_events_are_damaged_keeps_no_other_from_being_counted(
    people_of: Everybody,
) -> None:
    resident, head = await people_of("resident", "grid_head")
    damaged, sound = await resident.report(), await resident.report()
    await head.act("accept", damaged)
    await db.fetch(
        "DO $$ BEGIN SET LOCAL session_replication_role = replica; "
        f"DELETE FROM event WHERE ticket_id = '{damaged['id']}' AND seq = 1; END $$"
    )
    (total,) = [row for row in (await head.get("/figures/received"))["rows"] if row["key"] == "total"]
    assert total["cells"]["n"] == 1
    listed = await head.http.get(f"http://test{total['link']}", headers=head.headers)
    assert [ticket["id"] for ticket in listed.json()["items"]] == [sound["id"]]
