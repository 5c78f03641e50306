"""Undo: whoever rejected, merged or dispatched by mistake takes it back within a minute, as if it had not been done."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.rules.lifecycle import UNDO_PERIOD
from app.services.ledger import verify_ledger
from app.services.tickets.clocks import timers
from tests import world
from tests.deployed import deployed
from tests.world import Cast, Everybody, Person, answer, moment, problem, run_jobs, ticket_row

Ticket = dict[str, Any]
# What an act writes anew whatever it does; that it was undone is what has happened last.
ALWAYS_NEW = {"version", "seq", "head", "changed_tx", "updated_at", "latest"}
# What may be undone, from which steps.
UNDOABLE = [
    ("reject", "new"),
    ("merge", "new"),
    ("merge", "accepted"),
    ("dispatch", "new"),
    ("dispatch", "accepted"),
]


async def done(head: Person, action: str, ticket: Ticket, other: Ticket) -> Ticket:
    """Let the head do what may be undone."""
    if action == "dispatch":
        return await head.dispatch(ticket)
    body = {"merge": {"into": other["id"]}, "reject": {"reason": "not_ours", "text": "不归我们"}}[action]
    return await head.act(action, ticket, **body)


async def labels(person: Person) -> list[str]:
    await run_jobs()
    return [notice["label"] for notice in (await person.get("/notices"))["items"]]


@pytest.mark.parametrize(("action", "step"), UNDOABLE)
async def test_undone_it_is_as_if_it_had_not_happened(
    cast: Cast, people_of: Everybody, action: str, step: str
) -> None:
    """State, holder and clocks, and when somebody first turned to it; the ledger has both acts and verifies."""
    resident, head, company = cast
    (neighbour,) = await people_of("neighbour")
    other = await neighbour.report()
    ticket = await world.brought(step, resident, head, company)
    before, seen, target = await ticket_row(ticket), await head.ticket(ticket["id"]), await ticket_row(other)
    after = await done(head, action, ticket, other)
    assert "undo" in after["actions"]
    assert moment(after["undo_until"]) == moment(after["updated_at"]) + UNDO_PERIOD
    clock.travel(timedelta(seconds=50))
    back = await head.act("undo", ticket)
    restored = await ticket_row(ticket)
    assert {name for name in before if before[name] != restored[name]} - {"undo"} == ALWAYS_NEW
    assert "undo_until" not in back
    assert {name: back[name] for name in seen if name not in ALWAYS_NEW} == {
        name: seen[name] for name in seen if name not in ALWAYS_NEW
    }
    assert (await ticket_row(other))["followers"] == target["followers"]
    assert await db.fetch("SELECT FROM follower") == []
    assert await db.fetch("SELECT FROM pause") == []
    assert (await head.events(ticket))[-1] == "undone"
    await run_jobs()
    assert (await verify_ledger()).broken is None


async def test_a_dispatch_after_a_recall_is_undone_to_what_was_before_it(cast: Cast) -> None:
    _, head, company = cast
    ticket = await world.brought("taken", *cast)
    await head.act("recall", ticket)
    before = await ticket_row(ticket)
    await head.dispatch(ticket)
    await head.act("undo", ticket)
    restored = await ticket_row(ticket)
    assert {name for name in before if before[name] != restored[name]} - {"undo"} == ALWAYS_NEW
    problem(await company.ask("GET", f"/tickets/{ticket['id']}"), 404)


async def test_a_limit_that_passed_in_between_is_missed_at_once(cast: Cast) -> None:
    """The accept clock has run on: due when it was due."""
    resident, head, _ = cast
    ticket = await resident.report()
    clock.travel(moment(ticket["sla"]["accept_due"]) - clock.now() - timedelta(seconds=30))
    head = await world.sign_in(head.http, "grid_head")
    await done(head, "reject", ticket, ticket)
    clock.travel(timedelta(seconds=40))
    back = await head.act("undo", ticket)
    assert (back["sla"]["accept_due"], back["sla"]["overdue"]) == (ticket["sla"]["accept_due"], True)
    while await timers.sweep_timers():
        pass
    assert (await head.events(ticket))[-1] == "overdue"


async def test_who_follows_it_meanwhile_stays(cast: Cast, people_of: Everybody) -> None:
    """Followers come and go without an event: they do not stand against undoing, and are not lost by it."""
    _, head, _ = cast
    (neighbour,) = await people_of("neighbour")
    ticket = await world.brought("dispatched", *cast)
    answer(await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow"))
    assert (await head.act("undo", ticket))["followers"] == 1
    assert (await neighbour.ticket(ticket["id"]))["following"]


async def test_the_timeline_and_the_ticket_say_what_was_undone(cast: Cast) -> None:
    resident, head, _ = cast
    ticket = await world.brought("dispatched", *cast)
    await head.act("undo", ticket)
    event = await world.last_event(resident, ticket)
    assert (event["type"], event["label"]) == ("ticket.undone", "已撤销：已派遣")
    assert event["actor"]["post"] == "head"
    latest = (await resident.ticket(ticket["id"]))["latest"]
    assert (latest["seq"], latest["label"]) == (event["seq"], event["label"])


# Who may, and until when.


async def test_only_the_post_that_did_it_may_undo_it(people_of: Everybody) -> None:
    names = ("resident", "grid_head", "property", "deputy", "community", "member")
    resident, head, company, *others = await people_of(*names)
    ticket = await world.brought("dispatched", resident, head, company)
    before = await world.written()
    for person in others:
        seen = await person.ticket(ticket["id"])
        assert "undo_until" not in seen
        assert "undo" not in seen["actions"]
        refused = problem(await person.try_to("undo", seen), 409, "wrong-state")
        assert refused["detail"] == "只有刚才办这一步的人可以撤销"
    for person in (resident, company):
        problem(await person.try_to("undo", await person.ticket(ticket["id"])), 403, "forbidden")
    assert await world.written() == before


async def test_above_undoes_its_own_act_as_above(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report()
    await done(community, "reject", ticket, ticket)
    assert (await community.act("undo", ticket))["status"] == "new"
    assert (await world.last_event(resident, ticket))["actor"]["post"] == "community"


@pytest.mark.parametrize("scale", ["1", "0.01"])
async def test_after_a_minute_of_the_server_s_clock_it_is_too_late(cast: Cast, scale: str) -> None:
    """Also in a trial that shortens all other times."""
    _, head, _ = cast
    with deployed(sla_scale=scale):
        ticket = await world.brought("dispatched", *cast)
        clock.travel(timedelta(seconds=45))
        fresh = await head.ticket(ticket["id"])
        assert "undo" in fresh["actions"]
        clock.travel(timedelta(seconds=15))
        late = await head.ticket(ticket["id"])
        assert "undo_until" not in late
        refused = problem(await head.try_to("undo", fresh), 409, "wrong-state")
    assert refused["detail"] == "已经过了一分钟，不能再撤销"
    assert refused["allowed"] == late["actions"]


async def test_whatever_happens_after_it_stands_against_undoing(cast: Cast) -> None:
    """Even a word of the reporter: they answer to what was done."""
    resident, head, _ = cast
    ticket = await resident.report()
    await done(head, "reject", ticket, ticket)
    fresh = await head.ticket(ticket["id"])
    await resident.act("comment", ticket, text="这明明是公共楼道的灯")
    refused = problem(await head.try_to("undo", fresh), 409, "wrong-state")
    assert refused["detail"] == "这一步之后工单又有了变化，不能再撤销"
    assert "undo" not in (await head.ticket(ticket["id"]))["actions"]


async def test_an_act_before_the_last_cannot_be_undone(cast: Cast) -> None:
    """Undone is undone: no act but the last, and no undoing of an undoing."""
    _, head, _ = cast
    ticket = await world.brought("dispatched", *cast)
    await head.act("undo", ticket)
    fresh = await head.ticket(ticket["id"])
    assert "undo" not in fresh["actions"]
    problem(await head.try_to("undo", fresh), 409, "wrong-state")


async def test_a_company_that_takes_it_at_the_same_instant_has_it_or_has_it_not(cast: Cast) -> None:
    _, head, company = cast
    for _ in range(10):
        ticket = await world.brought("dispatched", *cast)
        mine, theirs = await head.ticket(ticket["id"]), await company.ticket(ticket["id"])
        undo, take = await asyncio.gather(head.try_to("undo", mine), company.try_to("take", theirs))
        fresh = await head.ticket(ticket["id"])
        if undo.status_code == 200:
            problem(take, take.status_code)
            assert take.status_code in {404, 409}
            assert (fresh["status"], fresh["organisation"]) == ("accepted", None)
        else:
            assert take.status_code == 200
            refused = problem(undo, 409, "stale-version")
            assert refused["detail"] == "这一步之后工单又有了变化，不能再撤销"
            assert fresh["organisation"]["acknowledged_at"]


# Who is told.

WHAT = "“人和家园944号4单元 楼道灯不亮”"


async def test_who_has_read_of_it_is_told_that_it_was_undone(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("dispatched", *cast)
    for person in (resident, company):
        await labels(person)
        await person.ask("POST", "/notices/read", json={"all": True})
    await head.act("undo", ticket)
    assert (await labels(resident))[0] == f"您上报的{WHAT}刚才那一步是误操作，已撤销，按原来的进度继续办理"
    assert (await labels(company))[0] == f"刚才那一步是误操作，已撤销：{WHAT}"


async def test_who_has_not_read_of_it_never_will(cast: Cast) -> None:
    """What nobody has read yet vanishes, and there is nothing to withdraw."""
    resident, head, company = cast
    ticket = await resident.report()
    await head.act("accept", ticket)
    known = await labels(resident), await labels(company)
    await head.dispatch(ticket)
    assert await labels(company) != known[1]
    await head.act("undo", ticket)
    assert (await labels(resident), await labels(company)) == known


async def test_only_who_was_told_of_it_is_told_of_its_undoing(people_of: Everybody) -> None:
    """A rejection is not told to the holder; nor is its undoing."""
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report()
    known = await labels(head)
    await done(community, "reject", ticket, ticket)
    await labels(resident)
    await resident.ask("POST", "/notices/read", json={"all": True})
    await community.act("undo", ticket)
    assert await labels(head) == known
    assert "已撤销" in (await labels(resident))[0]


async def test_the_holder_of_the_other_ticket_hears_of_it_where_they_can_look(people_of: Everybody) -> None:
    resident, neighbour, other, community = await people_of(
        "resident", "neighbour", "other_grid_head", "community"
    )
    elsewhere = await resident.report(place_id=await resident.place("人和家园"))
    second = await neighbour.report()
    await community.act("merge", second, into=elsewhere["id"])
    await labels(other)
    await other.ask("POST", "/notices/read", json={"all": True})
    await community.act("undo", second)
    assert (await labels(other))[0] == f"刚才那一步是误操作，已撤销：{WHAT}"
    assert (await other.get("/notices"))["items"][0]["ticket_id"] == elsewhere["id"]
