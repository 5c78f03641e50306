"""Who holds a ticket next: returned, reassigned, not mine; and limits that are set anew: extended, another category."""

from datetime import timedelta
from typing import Any

from app import clock, db
from app.rules import workdays
from app.rules.workdays import Clock
from app.services import catalogue
from tests import world
from tests.world import Cast, Everybody, Person, moment, problem

NEIGHBOURS = "人和家园"  # an estate of the third grid, in the same community
ELSEWHERE = "柏林社区"


async def row(ticket: dict[str, Any]) -> dict[str, Any]:
    found = await db.fetchrow("SELECT * FROM ticket WHERE id = $1", ticket["id"])
    assert found
    return dict(found)


async def last(person: Person, ticket: dict[str, Any]) -> dict[str, Any]:
    """Return the newest line of the timeline."""
    line: dict[str, Any] = (await person.get(f"/tickets/{ticket['id']}/events"))["items"][-1]
    return line


async def later(person: Person, persona: str, **ahead: float) -> Person:
    """Move the clock and sign in anew: tokens do not outlive a journey."""
    clock.travel(timedelta(**ahead))
    return await world.sign_in(person.http, persona)


# Down again.


async def test_what_came_up_may_be_returned_and_no_clock_changes(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report()
    up = await head.act("escalate", ticket, reason="要社区协调")
    down = await community.act("return", ticket, reason="网格可以办")
    assert (down["level"], down["holder"]["label"], down["status"]) == (1, "万寿山社区第四网格", "new")
    assert down["sla"] == up["sla"]
    assert (await last(resident, ticket))["text"] == "网格可以办"
    assert "accept" in (await head.ticket(ticket["id"]))["actions"]


async def test_a_ticket_is_returned_once(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report()
    await head.act("escalate", ticket, reason="要社区协调")
    await community.act("return", ticket, reason="网格可以办")
    up = await head.act("escalate", ticket, reason="网格办不了")
    refused = problem(await community.try_to("return", up, reason="还是网格办"), 409, "wrong-state")
    assert "return" not in refused["allowed"]


async def test_what_the_grid_holds_goes_no_further_down(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report()
    refused = problem(await community.try_to("return", ticket, reason="往下"), 409, "wrong-state")
    assert "网格一级" in refused["detail"]


async def test_the_street_returns_to_the_community(people_of: Everybody) -> None:
    resident, head, community, street = await people_of("resident", "grid_head", "community", "street")
    ticket = await resident.report()
    await head.act("escalate", ticket, reason="要社区协调")
    await community.act("escalate", ticket, reason="要街道协调")
    down = await street.act("return", ticket, reason="社区可以办")
    assert (down["level"], down["holder"]["label"]) == (2, "万寿山社区")


# To another place.


async def test_reassigning_corrects_the_place_and_routes_anew(people_of: Everybody) -> None:
    resident, head, other, community = await people_of(
        "resident", "grid_head", "other_grid_head", "community"
    )
    ticket = await resident.report()
    before = await row(ticket)
    place = await community.place(NEIGHBOURS)
    moved = await community.act("reassign", ticket, place_id=place)
    assert (moved["place"]["id"], moved["holder"]["label"]) == (place, "万寿山社区第三网格")
    assert "accept" in (await other.ticket(ticket["id"]))["actions"]
    problem(await head.ask("GET", f"/tickets/{ticket['id']}"), 404)
    after = await row(ticket)
    assert (after["first_unit_id"], after["resolve_due"]) == (before["first_unit_id"], before["resolve_due"])


async def test_reassigning_starts_the_accept_clock_anew(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report()
    community = await later(community, "community", minutes=28)
    before = clock.now()
    moved = await community.act("reassign", ticket, place_id=await community.place(NEIGHBOURS))
    due = moment(moved["sla"]["accept_due"])
    assert before + timedelta(minutes=30) <= due <= clock.now() + timedelta(minutes=30)
    assert moved["sla"]["resolve_due"] == ticket["sla"]["resolve_due"]
    assert (await row(ticket))["accept_step"] == 0


async def test_what_was_accepted_stays_accepted_when_reassigned(people_of: Everybody) -> None:
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    ticket = await world.brought("accepted", resident, head, company)
    moved = await community.act("reassign", ticket, place_id=await community.place(NEIGHBOURS))
    assert (moved["status"], moved["sla"]["accept_due"]) == ("accepted", ticket["sla"]["accept_due"])


async def test_a_community_reassigns_within_itself_and_the_street_further(people_of: Everybody) -> None:
    resident, community, street = await people_of("resident", "community", "street")
    ticket = await resident.report()
    there = await street.place(ELSEWHERE)
    before = await world.written()
    refused = problem(await community.try_to("reassign", ticket, place_id=there), 422, "invalid")
    assert refused["errors"][0]["pointer"] == "/place_id"
    assert await world.written() == before
    moved = await street.act("reassign", ticket, place_id=there)
    assert (moved["holder"], moved["place"]["label"]) == (None, "柏林社区")  # which grid is for them to say
    problem(await community.ask("GET", f"/tickets/{ticket['id']}"), 404)


async def test_not_mine_puts_a_ticket_to_the_communitys_unassigned(people_of: Everybody) -> None:
    resident, head, other, community = await people_of(
        "resident", "grid_head", "other_grid_head", "community"
    )
    ticket = await resident.report()
    gone = await head.act("not_mine", ticket, reason="这栋楼归第三网格")
    assert (gone["holder"], gone["actions"]) == (None, [])
    problem(await head.ask("GET", f"/tickets/{ticket['id']}"), 404)
    (queued,) = (await community.get("/tickets", box="unassigned"))["items"]
    assert queued["id"] == ticket["id"]
    assert (await last(community, ticket))["text"] == "这栋楼归第三网格"
    assert "not_mine" not in queued["actions"]
    await community.act("reassign", ticket, place_id=await community.place(NEIGHBOURS))
    assert "accept" in (await other.ticket(ticket["id"]))["actions"]
    assert await resident.events(ticket) == ["submitted", "reassigned", "reassigned"]


# More time.


async def test_an_extension_lengthens_the_resolve_limit(people_of: Everybody) -> None:
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    ticket = await world.brought("accepted", resident, head, company)
    longer = await community.act("extend", ticket, minutes=1440, reason="配件要从外地调来")
    assert moment(longer["sla"]["resolve_due"]) == moment(ticket["sla"]["resolve_due"]) + timedelta(
        minutes=1440
    )
    assert longer["version"] == ticket["version"] + 1
    line = await last(resident, ticket)
    assert (line["type"], line["text"], line["data"]["minutes"]) == (
        "ticket.extended",
        "配件要从外地调来",
        1440,
    )


async def test_an_extension_is_at_most_the_limit_itself_and_once(people_of: Everybody) -> None:
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    ticket = await world.brought("accepted", resident, head, company)
    before = await world.written()
    refused = await community.try_to("extend", ticket, minutes=1441, reason="等配件")
    assert problem(refused, 422)["errors"][0]["pointer"] == "/minutes"
    assert await world.written() == before
    longer = await community.act("extend", ticket, minutes=1, reason="等配件")
    refused = await community.try_to("extend", longer, minutes=1, reason="再等")
    assert "extend" not in problem(refused, 409, "wrong-state")["allowed"]


async def test_the_head_never_extends_their_own_limit_but_the_street_does(people_of: Everybody) -> None:
    resident, head, community, street = await people_of("resident", "grid_head", "community", "street")
    ticket = await resident.report()
    problem(await head.try_to("extend", ticket, minutes=60, reason="等配件"), 403, "forbidden")
    up = await head.act("escalate", ticket, reason="要社区协调")
    problem(await head.try_to("extend", up, minutes=60, reason="等配件"), 403, "forbidden")
    top = await community.act("escalate", ticket, reason="要街道协调")
    problem(await community.try_to("extend", top, minutes=60, reason="等配件"), 403, "forbidden")
    assert (await street.act("extend", ticket, minutes=60, reason="等资金"))["level"] == 3


async def test_the_community_does_not_extend_what_it_holds(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    up = await head.act("escalate", await resident.report(), reason="要社区协调")
    problem(await community.try_to("extend", up, minutes=60, reason="等配件"), 403, "forbidden")


# Another category.


async def test_another_category_counts_from_submission(cast: Cast) -> None:
    """Rubbish: 120 and 240 office minutes."""
    resident, head, _ = cast
    ticket = await resident.report()
    head = await later(head, "grid_head", minutes=20)
    changed = await head.act("recategorise", ticket, category="garbage", reason="是垃圾挡住了灯")
    calendar = (await catalogue.current()).calendar
    start = moment(ticket["created_at"])
    for name, minutes in (("accept_due", 120), ("resolve_due", 240)):
        due = workdays.add(start, timedelta(minutes=minutes), Clock.WORKING, calendar)
        assert moment(changed["sla"][name]) == due
    assert (changed["category"]["code"], changed["version"]) == ("garbage", ticket["version"] + 1)
    line = await last(resident, ticket)
    assert (line["text"], line["data"]) == ("是垃圾挡住了灯", {"from": "stair_light", "to": "garbage"})


async def test_the_accept_limit_of_what_was_accepted_stays(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("accepted", resident, head, company)
    changed = await head.act("recategorise", ticket, category="manhole", reason="是井盖")
    assert changed["sla"]["accept_due"] == ticket["sla"]["accept_due"]
    assert moment(changed["sla"]["resolve_due"]) == moment(ticket["created_at"]) + timedelta(minutes=360)


async def test_another_category_keeps_pauses_and_extension(people_of: Everybody) -> None:
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    ticket = await world.brought("waiting", resident, head, company)
    await community.act("extend", ticket, minutes=100, reason="等配件")
    await head.act("recategorise", ticket, category="manhole", reason="是井盖")
    after = await row(ticket)
    began, until = after["pauses"]
    assert after["resolve_due"] == after["created_at"] + timedelta(minutes=460) + (until - began)


async def test_a_reopened_ticket_gets_half_of_the_other_limit(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("resolved", resident, head, company)
    again = await resident.act("reopen", ticket, text="又不亮了")
    changed = await head.act("recategorise", ticket, category="manhole", reason="是井盖")
    assert moment(changed["sla"]["resolve_due"]) == moment(again["updated_at"]) + timedelta(minutes=180)


async def test_the_running_acknowledge_clock_becomes_that_of_the_other_category(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("dispatched", resident, head, company)
    await head.act("recategorise", ticket, category="manhole", reason="是井盖")
    after = await row(ticket)
    assert after["acknowledge_due"] == after["dispatched_at"] + timedelta(minutes=30)


async def test_the_alarm_follows_the_other_category(cast: Cast) -> None:
    """Counted on its clock: 80 % of 120 office minutes instead of 80 % of half an hour, day or night."""
    resident, head, _ = cast
    ticket = await resident.report()
    await head.act("recategorise", ticket, category="garbage", reason="是垃圾挡住了灯")
    after, calendar = await row(ticket), (await catalogue.current()).calendar
    assert after["timer_at"] == workdays.add(
        after["created_at"], timedelta(minutes=96), Clock.WORKING, calendar
    )
