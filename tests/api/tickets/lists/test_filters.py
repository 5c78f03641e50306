"""A list is narrowed by several values of each filter, and by days; every filter has an index to go by."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import clock, db, ids
from app.enums import SHANGHAI
from app.models.ticket import TicketFilters, TicketQuery
from app.services import setup
from app.services.tickets.lists import filters, inbox
from tests import world
from tests.world import Everybody, Person

TOMORROW = timedelta(days=1)


async def box(person: Person, **params: Any) -> list[str]:
    page = await person.get("/tickets", **{"box": "all", "limit": 100} | params)
    return [ticket["id"] for ticket in page["items"]]


def day(later: timedelta = timedelta()) -> str:
    """Return the day it is in Shanghai."""
    return (clock.now() + later).astimezone(SHANGHAI).date().isoformat()


async def test_a_filter_takes_any_of_its_values(people_of: Everybody) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    new, accepted, dispatched = [
        await world.brought(step, resident, head, company) for step in ("new", "accepted", "dispatched")
    ]
    door = await resident.report(category="access_door", place_id=await resident.place("946号"))
    assert await box(head, status=["new", "accepted"]) == [door["id"], accepted["id"], new["id"]]
    assert await box(head, category=["access_door", "sewage"]) == [door["id"]]
    assert await box(head, status=["accepted", "dispatched"], category="stair_light") == [
        dispatched["id"],
        accepted["id"],
    ]
    both = [await head.place("944号"), await head.place("946号")]
    assert len(await box(head, place_id=both)) == 4
    assert await box(head, place_id=[both[1], str(uuid4())]) == [door["id"]]
    organisation = await head.organisation(new)
    assert await box(head, organisation_id=[organisation, str(uuid4())]) == [dispatched["id"]]


async def test_a_filter_by_who_holds_it_where_it_came_from_and_how_it_ended(people_of: Everybody) -> None:
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    new = await resident.report()
    own = await head.report()
    closed = await world.brought("closed", resident, head, company)
    higher = await resident.report()
    await head.act("escalate", higher, reason="要社区协调")
    grid, office = str(await world.id_of_code("wss-g4")), str(await world.id_of_code("wss"))
    assert await box(community, holder_id=office) == [higher["id"]]
    assert set(await box(community, holder_id=[grid, office])) == {
        each["id"]
        for each in (new, own, higher)  # nobody holds what is closed
    }
    assert await box(community, origin="staff") == [own["id"]]
    assert len(await box(community, origin=["staff", "resident"])) == 4
    assert await box(community, verdict="solved") == await box(community, outcome="fixed") == [closed["id"]]
    assert await box(community, verdict="not_solved") == []


async def test_days_of_creation_and_end_include_both_ends(people_of: Everybody) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    first = await world.brought("closed", resident, head, company)
    then = day()
    clock.travel(TOMORROW)
    resident, head = await people_of("resident", "grid_head")
    second = await resident.report()
    now, later = day(), day(TOMORROW)
    assert await box(head, created_from=then, created_to=then) == [first["id"]]
    assert await box(head, created_from=then, created_to=now) == [second["id"], first["id"]]
    assert await box(head, created_from=now) == [second["id"]]
    assert await box(head, created_from=later) == []
    assert await box(head, ended_from=then, ended_to=then) == await box(head, ended_to=later) == [first["id"]]
    assert await box(head, ended_from=now) == []


async def test_due_today_is_what_is_unresolved_and_ends_today(people_of: Everybody) -> None:
    """The light is to be accepted in half an hour; accepted, it is to be resolved in a day."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    light, accepted = await resident.report(), await resident.report()
    await head.act("accept", accepted)
    await world.brought("resolved", resident, head, company)
    in_half_an_hour, in_a_day = day(timedelta(minutes=30)), day(TOMORROW)
    assert light["id"] in await box(head, due_to=in_half_an_hour)
    assert await box(head, due_from=in_a_day, due_to=in_a_day) == [accepted["id"]]
    assert await box(head, due_from=day(timedelta(days=3))) == []


async def test_a_list_begins_with_a_day_and_goes_on(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    made, days = list[str](), list[str]()
    for _ in range(3):
        days.append(day())
        made.append((await resident.report())["id"])
        clock.travel(TOMORROW)
        (resident,) = await people_of("resident")
    assert await box(resident, day=days[1]) == [made[1], made[0]]
    assert await box(resident, day=days[1], order="old") == [made[1], made[2]]
    assert await box(resident, order="old") == made
    page = await resident.get("/tickets", day=days[1], limit=1)
    assert await box(resident, day=days[1], cursor=page["next"]) == [made[0]]


@pytest.mark.parametrize("name", ["created_from", "created_to", "due_from", "due_to", "ended_from", "day"])
@pytest.mark.parametrize("value", ["0001-01-01", "1969-12-31", "9999-12-31"])
async def test_no_day_is_too_early_or_too_late(people_of: Everybody, name: str, value: str) -> None:
    (head,) = await people_of("grid_head")
    assert await box(head, **{name: value}) == []


def test_a_code_cannot_leave_its_quotes() -> None:
    assert filters._in("category", ["a'b", "a'b"]) == "category IN ('a''b')"  # noqa: SLF001 - the one door to SQL text


# Most of one street, each at another of its places; one in fifty is open.
FILLED = """
INSERT INTO ticket SELECT (jsonb_populate_record(t, jsonb_build_object(
    'id', lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - n * 1000), 12, '0') || right(gen_random_uuid()::text, 23),
    'no', 'x' || n, 'place_id', places[1 + n % 250], 'street_id', places[1 + n % 5 / 4], 'community_id', places[10 + n % 50],
    'grid_id', places[50 + n % 200], 'status', CASE WHEN n % 50 = 0 THEN 'waiting' ELSE 'closed' END,
    'closed_at', CASE WHEN n % 50 <> 0 THEN now() - n * interval '1 minute' END))).*
FROM ticket t, generate_series(1, 1500) n, (
    SELECT array_agg(id) AS places FROM (SELECT id FROM place WHERE level = 'unit' ORDER BY id LIMIT 250) u) p
WHERE t.id = $1
"""
READ_AT_MOST = 150  # of a street's 1,200 tickets
COMMON: list[dict[str, Any]] = [
    {},
    {"status": ["waiting"]},
    {"created_from": "2026-01-01", "created_to": "2026-01-02"},
    {"ended_from": "2026-01-01", "ended_to": "2026-01-02"},
    {"due_to": "2026-01-01"},
    {"organisation_id": [UUID(int=1)]},
]
# Filters that hardly a ticket matches, though many match each of them.
RARE: list[dict[str, Any]] = [
    {"status": ["closed"], "verdict": ["solved"]},
    {"category": ["water"], "outcome": ["fixed"]},
    {"origin": ["partner"], "unit_id": [UUID(int=1)]},
    {"outcome": ["listed"], "ended_from": "2026-01-01"},
]


async def test_a_filter_has_an_index_to_go_by(people_of: Everybody) -> None:
    """Of a street's tickets none of the filters reads them all; which of its indexes it takes is PostgreSQL's affair."""
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    await db.fetch(FILLED, UUID(ticket["id"]))
    await db.fetch("ANALYZE ticket")
    (street,) = await db.fetch("SELECT street_id FROM ticket GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    catalogue = await setup.current_catalogue()
    rows = "SELECT * FROM ticket WHERE street_id = $1 AND id < $2{where}"
    newest, found = f"{rows} ORDER BY id DESC LIMIT $3", f"SELECT * FROM ({rows} OFFSET 0) t LIMIT $3"
    for statement, narrowed in [*((newest, one) for one in COMMON), *((found, one) for one in RARE)]:
        args: list[Any] = [street["street_id"], ids.floor(clock.now() + TOMORROW), 21]
        where = filters.conditions(TicketFilters.model_validate(narrowed), catalogue, args)
        page = statement.format(where=where)
        ((explained,),) = await db.fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) {page}", *args)
        (plan,) = json.loads(explained) if isinstance(explained, str) else explained
        assert _rows_read(plan["Plan"]) <= READ_AT_MOST, (narrowed, plan)


def _rows_read(node: dict[str, Any]) -> float:
    """Return how many tickets a plan read from the table, those it then threw away included."""
    read = 0.0
    if node.get("Relation Name") == "ticket":
        thrown = sum(value for name, value in node.items() if name.startswith("Rows Removed"))
        read = (node["Actual Rows"] + thrown) * node["Actual Loops"]
    return read + sum(_rows_read(child) for child in node.get("Plans", []))


async def test_what_few_tickets_match_is_found_behind_the_first_ones(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list looks among the first tickets of its scope, then in the indexes of its filters: no ticket is lost between."""
    monkeypatch.setattr(inbox, "WALKED", 2)
    resident, head = await people_of("resident", "grid_head")
    made = [await resident.report() for _ in range(7)]
    names = [ticket["id"] for ticket in made]
    for ticket in made[:2]:
        await head.act("accept", ticket)
    accepted = {"box": "all", "status": "accepted"}
    assert await box(head, **accepted) == [names[1], names[0]]
    assert await box(head, order="old", **accepted) == names[:2]
    assert await box(head, status="new", order="old") == names[2:]
    assert await box(head, status="rejected") == []
    page = await head.get("/tickets", limit=1, **accepted)
    assert [item["id"] for item in page["items"]] == [names[1]]
    assert await box(head, cursor=page["next"], **accepted) == [names[0]]


async def test_a_list_of_what_ended_begins_with_what_was_there_by_then(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "WALKED", 1)
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await head.act("accept", ticket)
    await head.resolve(ticket)
    await resident.act("confirm", ticket, verdict="solved", rating=5)
    ended = day()
    clock.travel(TOMORROW)
    resident, head = await people_of("resident", "grid_head")
    await resident.report()
    assert await box(head, ended_to=ended) == [ticket["id"]]
    assert await box(head, ended_from=ended, order="old") == [ticket["id"]]
    assert await box(head, ended_from=day()) == []


def test_a_page_takes_every_filter_of_a_list() -> None:
    assert TicketQuery.model_fields.keys() > TicketFilters.model_fields.keys()
