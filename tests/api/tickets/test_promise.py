"""What a resident is promised: whom they can call, and what is to be offered to them first."""

from datetime import timedelta

from app import clock, db
from app.services import setup
from app.services.tickets.clocks import sweep_timers
from tests import world
from tests.world import Cast, Everybody


async def test_one_can_call_the_unit_that_holds_the_ticket(cast: Cast) -> None:
    resident, head, _ = cast
    ticket = await resident.report()
    assert ticket["hotline"] == {"label": "万寿山社区第四网格", "phone": "023-00000004"}
    moved = await head.act("escalate", ticket, reason="要社区协调")
    assert moved["holder"]["label"] == "万寿山社区"
    assert moved["hotline"] == {"label": "人和街道", "phone": "023-00000000"}, "the community has none"


async def test_of_a_ticket_nobody_holds_one_can_call_the_office(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report(place_id=await world.id_of_code("wss"))
    assert (ticket["holder"], ticket["hotline"]["label"]) == (None, "人和街道")


async def test_without_a_public_number_nobody_is_named(cast: Cast) -> None:
    """Numbers of persons are never shown instead."""
    resident, head, _ = cast
    await head.ask("POST", "/me/phone", json={"phone": "13812345678"})
    await db.fetch("UPDATE place SET phone = NULL")
    await db.fetch(setup.bump_version())
    ticket = await resident.report()
    assert ticket["hotline"] is None
    assert "13812345678" not in str(ticket)
    assert "138****" not in str(ticket)


async def test_to_urge_is_offered_first_only_once_ten_minutes_have_passed(cast: Cast) -> None:
    """It is possible all the time; after urging, and after a reopening, the wait begins anew."""
    ticket = await cast[0].report()
    assert "urge" in ticket["actions"]
    assert ticket["next_action"] is None
    resident = await world.later(cast[0], "resident", minutes=9)
    assert (await resident.ticket(ticket["id"]))["next_action"] is None
    clock.travel(timedelta(minutes=1))
    assert (await resident.ticket(ticket["id"]))["next_action"] == "urge"
    assert (await resident.act("urge", ticket))["next_action"] is None
    resident = await world.later(resident, "resident", minutes=60)
    assert (await resident.ticket(ticket["id"]))["next_action"] == "urge"


async def test_what_waits_for_a_resident_is_offered_first(cast: Cast, people_of: Everybody) -> None:
    (neighbour,) = await people_of("neighbour")
    steps = {"asked": "answer", "resolved": "confirm", "rejected": "appeal", "waiting": None, "closed": None}
    for step, action in steps.items():
        ticket = await world.brought(step, *cast)
        assert ticket["next_action"] == action, step
        assert (await cast[1].ticket(ticket["id"]))["next_action"] is None, "their own work has its own order"
        if step == "closed":
            await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow")


async def test_reopened_it_is_not_urged_at_once(cast: Cast) -> None:
    ticket = await world.brought("resolved", *cast)
    clock.travel(timedelta(minutes=11))
    assert (await cast[0].act("reopen", ticket, text="又灭了"))["next_action"] is None


async def test_a_company_that_refused_is_not_suggested_again(cast: Cast) -> None:
    _, head, company = cast
    ticket = await world.brought("dispatched", *cast)
    asked = {"ticket_id": ticket["id"], "category": "stair_light"}
    assert await suggested(head, **asked) == ["人和物业"]
    await company.act("hand_back", ticket, reason="not_our_trade")
    assert await suggested(head, **asked) == []
    await head.act("comment", ticket, text="再想想")
    assert await suggested(head, **asked) == [], "still, whatever came after"


async def test_the_company_proposed_instead_is_suggested(cast: Cast) -> None:
    _, head, company = cast
    ticket = await world.brought("dispatched", *cast)
    other = await head.organisation(ticket, "城管")
    await company.act("hand_back", ticket, reason="needs_other", proposed_organisation_id=other)
    assert await suggested(head, ticket_id=ticket["id"], category="stair_light") == ["城管"]


async def test_a_company_that_never_took_it_is_not_suggested_again(cast: Cast) -> None:
    ticket = await world.brought("dispatched", *cast)
    head = await world.later(cast[1], "grid_head", hours=8)
    while await sweep_timers():
        pass
    assert (await head.ticket(ticket["id"]))["latest"]["type"] == "ticket.recalled"
    assert await suggested(head, ticket_id=ticket["id"], category="stair_light") == []


async def suggested(person: world.Person, **asked: str) -> list[str]:
    """Return the names of the organisations that the dispatch form chooses by itself."""
    return [
        each["name"] for each in (await person.get("/organisations", **asked))["items"] if each["default"]
    ]
