"""How many tickets wait: the badges say what the lists show, without fetching them."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock, db
from app.services.tickets.clocks import timers
from tests.keys import machine
from tests.world import Everybody, Person, brought, problem

NOTHING = dict.fromkeys(
    (
        *("open", "due_soon", "overdue", "new", "accepted", "dispatched", "claimed", "waiting", "resolved"),
        *("to_take", "to_do"),
    ),
    0,
)


async def counts(somebody: Person) -> Any:
    return await somebody.get("/tickets/counts")


async def checked(wanted: bool) -> None:
    """Have what companies claim of stair lights verified, or not."""
    await db.fetch("UPDATE category SET verify_claim = $1 WHERE code = 'stair_light'", wanted)
    await db.fetch("UPDATE setup SET version = version + 1")


async def test_every_state_is_counted_once_in_the_inbox_that_shows_it(people_of: Everybody) -> None:
    resident, head, company, member = await people_of("resident", "grid_head", "property", "member")
    for step in ("new", "accepted", "dispatched", "taken", "resolved", "waiting", "closed"):
        await brought(step, resident, head, company)
    expected = NOTHING | {"open": 6, "new": 1, "accepted": 1, "dispatched": 2, "waiting": 1, "resolved": 1}
    assert (await counts(head))["inbox"] == expected
    assert (await counts(member))["inbox"] == expected
    theirs = NOTHING | {"open": 3, "dispatched": 2, "resolved": 1, "to_take": 1, "to_do": 1}
    assert (await counts(company))["inbox"] == theirs
    assert await counts(resident) == {"inbox": NOTHING, "unassigned": NOTHING}
    for somebody in (head, company):
        page = await somebody.get("/tickets", box="inbox", limit=100)
        assert len(page["items"]) == (await counts(somebody))["inbox"]["open"]


async def test_a_claim_waits_to_be_verified_and_is_no_longer_with_the_company(people_of: Everybody) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    await checked(True)
    try:
        ticket = await brought("taken", resident, head, company)
        assert (await company.resolve(ticket))["status"] == "dispatched"
        assert (await counts(head))["inbox"] == NOTHING | {"open": 1, "claimed": 1}
    finally:
        await checked(False)


async def test_what_is_called_up_is_to_take_and_then_to_do(people_of: Everybody) -> None:
    resident, head, community, department = await people_of(
        "resident", "grid_head", "community", "department"
    )
    ticket = await resident.report(category="stair_clutter")
    await head.act("accept", ticket)
    called = await community.organisation(ticket, "城管")
    await community.act("call_up", ticket, organisation_ids=[called], text="来看看")
    assert (await counts(department))["inbox"] == NOTHING | {"open": 1, "accepted": 1, "to_take": 1}
    await department.act("take", ticket)
    assert (await counts(department))["inbox"] == NOTHING | {"open": 1, "accepted": 1, "to_do": 1}
    await department.act("report", ticket, text="清走了")
    assert (await counts(department))["inbox"] == NOTHING


async def test_due_soon_begins_with_the_reminder_and_ends_when_it_is_over(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    assert (await counts(head))["inbox"] == NOTHING | {"open": 1, "new": 1}
    clock.travel(timedelta(minutes=25))  # of thirty to accept
    assert await timers.sweep_timers() == 1
    (head,) = await people_of("grid_head")  # the token is over as well
    assert (await counts(head))["inbox"] == NOTHING | {"open": 1, "new": 1, "due_soon": 1}
    clock.travel(timedelta(minutes=6))
    assert (await counts(head))["inbox"] == NOTHING | {"open": 1, "new": 1, "overdue": 1}
    overdue = await head.get("/tickets", box="inbox", overdue=True)
    assert [each["id"] for each in overdue["items"]] == [ticket["id"]]


async def test_the_unassigned_are_the_community_s(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report()
    await head.act("not_mine", ticket, reason="不是我们网格的楼")
    assert (await counts(community))["unassigned"] == NOTHING | {"open": 1, "new": 1}
    assert (await counts(head))["unassigned"] == NOTHING


async def test_a_key_counts_its_organisation_s(people_of: Everybody, http: httpx.AsyncClient) -> None:
    resident, head = await people_of("resident", "grid_head")
    await head.dispatch(await resident.report())
    assert (await counts(await machine(http)))["inbox"]["to_take"] == 1
    problem(await (await machine(http, "webhooks:manage")).ask("GET", "/tickets/counts"), 403)


@pytest.mark.parametrize("boxed", ["inbox", "unassigned"])
async def test_a_badge_ends_at_999(people_of: Everybody, boxed: str) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report()
    holder = "community_id" if boxed == "inbox" else "NULL::uuid"
    await db.fetch(
        f"""INSERT INTO ticket SELECT (jsonb_populate_record(t, jsonb_build_object(
                'id', gen_random_uuid(), 'no', 'x' || n, 'level', 2, 'holder_id', {holder}))).*
            FROM ticket t, generate_series(1, 1100) n WHERE t.id = $1""",
        ticket["id"],
    )
    found = (await counts(community))[boxed]
    assert (found["open"], found["new"]) == (999, 999)
