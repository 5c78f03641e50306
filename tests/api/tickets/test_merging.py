"""Merging: whoever reported or followed goes along to the other ticket and comes back exactly as they came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app import clock, db
from app.rules.access import Part
from app.services import ledger
from app.services.ledger.verify import verify_ledger
from app.services.outbox import jobs
from app.services.tickets.clocks import timers
from tests import world
from tests.deployed import deployed
from tests.world import MADE_UP, Cast, Everybody, Person, answer, problem, ticket_row

Ticket = dict[str, Any]


async def follow(person: Person, ticket: Ticket) -> None:
    answer(await person.ask("POST", f"/tickets/{ticket['id']}/follow"))


async def followers(ticket: Ticket) -> set[str]:
    """Return the personas who follow a ticket; its count must be theirs."""
    rows = await db.fetch(
        "SELECT DISTINCT p.demo FROM follower f JOIN person p ON p.id = f.person_id WHERE f.ticket_id = $1",
        ticket["id"],
    )
    assert (await ticket_row(ticket))["followers"] == len(rows)
    return {found["demo"] for found in rows}


async def labels(person: Person) -> set[str]:
    while await jobs.run_due():
        pass
    return {notice["label"] for notice in (await person.get("/notices"))["items"]}


# One into another.


async def test_the_reporter_of_a_merged_ticket_follows_the_other(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    first = await resident.report(contact_phone="13812345678")
    second = await neighbour.report(description="灯坏了")
    merged = await head.act("merge", second, into=first["id"])
    assert (merged["status"], merged["merged_into"]) == ("merged", {"id": first["id"], "no": first["no"]})
    assert merged["actions"] == ["unmerge", "comment", "undo"]
    seen = await neighbour.ticket(first["id"])
    assert (seen["following"], seen["followers"], "reporter" in seen) == (True, 1, False)
    assert seen["version"] == first["version"]
    own = await neighbour.ticket(second["id"])
    assert (own["merged_into"], own["actions"]) == ({"id": first["id"], "no": first["no"]}, ["comment"])
    (listed,) = (await neighbour.get("/tickets", box="mine"))["items"]
    assert listed == own
    assert [one["id"] for one in (await neighbour.get("/tickets", box="following"))["items"]] == [first["id"]]
    problem(await resident.ask("GET", f"/tickets/{second['id']}"), 404)
    assert await neighbour.events(second) == ["submitted", "merged"]
    assert await head.events(first) == ["submitted"]


async def test_the_clocks_of_a_merged_ticket_stop(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    first, second = await resident.report(), await neighbour.report()
    await head.act("accept", first)
    await head.act("merge", second, into=first["id"])
    assert (await ticket_row(second))["timer_at"] is None
    clock.travel(timedelta(days=3))
    while await timers.sweep_timers():
        pass
    events = await db.fetch("SELECT type FROM event WHERE ticket_id = $1 ORDER BY seq", second["id"])
    assert [event["type"] for event in events] == ["ticket.submitted", "ticket.merged"]
    head = await world.sign_in(head.http, "grid_head")
    assert not (await head.ticket(second["id"]))["sla"]["overdue"]


@pytest.mark.parametrize("step", ["new", "accepted"])
async def test_unmerging_gives_back_the_state_and_the_time(
    cast: Cast, people_of: Everybody, step: str
) -> None:
    head = cast[1]
    (neighbour,) = await people_of("neighbour")
    first = await neighbour.report()
    second = await world.brought(step, *cast)
    before = await ticket_row(second)
    await head.act("merge", second, into=first["id"])
    began = (await ticket_row(second))["merged_at"]
    clock.travel(timedelta(days=2))
    head = await world.sign_in(head.http, "grid_head")
    back = await head.act("unmerge", second)
    after = await ticket_row(second)
    assert (back["status"], "merged_into" in back) == (step, False)
    away = after["pauses"][1] - began
    assert after["pauses"][0] == began
    assert away >= timedelta(days=2)
    assert after["resolve_due"] == before["resolve_due"] + away  # its clock runs day and night
    if step == "new":  # whoever holds it has the whole accept limit again
        assert after["accept_due"] == after["pauses"][1] + timedelta(minutes=30)
    else:
        assert after["accept_due"] == before["accept_due"]
    assert after["timer_at"] > after["pauses"][1]
    (pause,) = await db.fetch("SELECT kind, began_at, ended_at FROM pause WHERE ticket_id = $1", second["id"])
    assert tuple(pause) == ("merge", *after["pauses"])
    assert {name for name, value in after.items() if value != before[name]} <= {
        *("version", "seq", "head", "changed_tx", "updated_at", "latest", "latest_text_seq"),
        *("pauses", "resolve_due", "timer_at"),
        *("accept_from", "accept_due", "accept_step", "contacted_at"),
    }


async def test_what_was_merged_is_told_to_those_concerned(people_of: Everybody) -> None:
    resident, neighbour, third, head, other, community = await people_of(
        "resident", "neighbour", "department", "grid_head", "other_grid_head", "community"
    )
    place = await resident.place("人和家园")  # the third grid's, in the same community
    elsewhere = await resident.report(place_id=place)
    second = await neighbour.report()
    await follow(third, second)
    await community.act("merge", second, into=elsewhere["id"])
    what = "“人和家园944号4单元 楼道灯不亮”"
    assert f"您上报的{what}已与相同的问题合并办理" in await labels(neighbour)
    assert f"您关注的{what}已与相同的问题合并办理" in await labels(third)
    for holder, leads_to in ((head, second), (other, elsewhere)):
        assert f"已并案：{what}" in await labels(holder)
        (notice,) = [one for one in (await holder.get("/notices"))["items"] if one["type"] == "ticket.merged"]
        assert (notice["ticket_id"], notice["no"]) == (leads_to["id"], leads_to["no"])
        await holder.ticket(notice["ticket_id"])
    assert not [label for label in await labels(resident) if "并" in label]
    await community.act("unmerge", second)
    assert f"您上报的{what}已恢复单独办理" in await labels(neighbour)
    assert f"您关注的{what}已恢复单独办理" in await labels(third)
    assert f"已取消并案：{what}" in await labels(head)


OUTCOMES = {
    "resolved": "已办结",
    "closed": "已由报告人确认结案，还没好请告诉我们",
}


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_the_merged_reporter_hears_and_sees_how_it_ends(
    cast: Cast, people_of: Everybody, outcome: str
) -> None:
    resident, head, company = cast
    (neighbour,) = await people_of("neighbour")
    first, second = await resident.report(), await neighbour.report()
    await head.act("merge", second, into=first["id"])
    await head.dispatch(first)
    await company.resolve(first)
    if outcome == "closed":
        await resident.act("confirm", first, verdict="solved")
    assert f"您关注的“人和家园944号4单元 楼道灯不亮”{OUTCOMES[outcome]}" in await labels(neighbour)
    assert (await neighbour.ticket(first["id"]))["status"] == outcome
    assert (await head.act("unmerge", second))["status"] == "new"  # whatever became of the other
    problem(await neighbour.ask("GET", f"/tickets/{first['id']}"), 404)


async def test_an_anonymous_reporter_goes_along_unseen(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    first = await resident.report()
    second = await neighbour.report(anonymous=True)
    await head.act("merge", second, into=first["id"])
    await neighbour.act("comment", first, text="我家也是")
    await neighbour.act("comment", second, text="什么时候修")
    for person in (resident, head):
        shown = str([await person.ticket(first["id"]), await person.get(f"/tickets/{first['id']}/events")])
        assert "邻居" not in shown
        assert (await db.fetch("SELECT id FROM person WHERE demo = 'neighbour'"))[0][
            "id"
        ].hex not in shown.replace("-", "")
    lines = (await head.get(f"/tickets/{first['id']}/events"))["items"]
    assert lines[-1]["actor"] == {"post": "follower", "label": "关注人"}
    assert (await head.get(f"/tickets/{second['id']}/events"))["items"][-1]["actor"]["label"] == "匿名报告人"


# What cannot be merged.


async def test_into_what_a_ticket_cannot_be_merged(cast: Cast, people_of: Everybody) -> None:
    resident, head, _ = cast
    neighbour, street = await people_of("neighbour", "street")
    second = await neighbour.report()
    elsewhere = await resident.report(place_id=await resident.place("柏林社区"))
    before = await world.written()
    for into in (second["id"], MADE_UP, elsewhere["id"]):
        said = problem(await street.try_to("merge", second, into=into), 422, "invalid")
        assert said["errors"][0]["pointer"] == "/into"
    said = problem(await head.try_to("merge", second, into="x"), 422)
    assert said["errors"][0]["pointer"] == "/into"
    assert await world.written() == before
    for step in ("closed", "rejected", "withdrawn"):
        over = await world.brought(step, *cast)
        problem(await head.try_to("merge", second, into=over["id"]), 409, "conflict")


async def test_what_was_merged_names_where_to_merge_instead(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    first, second, third = await resident.report(), await neighbour.report(), await neighbour.report()
    await head.act("merge", second, into=first["id"])
    said = problem(await head.try_to("merge", third, into=second["id"]), 409, "conflict")
    assert first["no"] in said["detail"]


@pytest.mark.parametrize("private", [{"anonymous": True}, {"category": "noise"}, {"category": "dispute"}])
async def test_nobody_is_brought_to_see_what_is_private(people_of: Everybody, private: Any) -> None:
    resident, neighbour, third, head = await people_of("resident", "neighbour", "department", "grid_head")
    kept = await resident.report(**private)
    others = await neighbour.report()
    said = problem(await head.try_to("merge", others, into=kept["id"]), 422, "invalid")
    assert said["errors"][0]["pointer"] == "/into"
    own = await resident.report()
    await follow(third, own)
    problem(await head.try_to("merge", own, into=kept["id"]), 422, "invalid")
    answer(await third.ask("DELETE", f"/tickets/{own['id']}/follow"))
    merged = await head.act("merge", own, into=kept["id"])  # their own, followed by nobody
    assert merged["status"] == "merged"
    assert await followers(kept) == set()
    assert (await head.act("unmerge", own))["status"] == "new"
    await head.act("merge", kept, into=others["id"])  # the other way round shows nobody anything
    assert await followers(others) == {"resident"}


async def test_only_heads_and_those_above_merge(cast: Cast, people_of: Everybody) -> None:
    resident, head, _ = cast
    neighbour, member, deputy, community = await people_of("neighbour", "member", "deputy", "community")
    first, second = await resident.report(), await neighbour.report()
    for person in (neighbour, member):
        problem(await person.try_to("merge", second, into=first["id"]), 403)
    for person in (head, deputy, community):
        await person.act("merge", second, into=first["id"])
        await person.act("unmerge", second)
    problem(await head.try_to("merge", second, into=first["id"]), 409, "stale-version")
    dispatched = await world.brought("dispatched", *cast)
    problem(await head.try_to("merge", dispatched, into=first["id"]), 409, "wrong-state")


# Who came how.


async def test_followers_of_both_go_along_a_chain_and_come_back_as_they_came(people_of: Everybody) -> None:
    names = ("resident", "neighbour", "department", "other_property", "grid_head")
    resident, neighbour, third, fourth, head = await people_of(*names)
    a, b, c = await resident.report(), await neighbour.report(), await fourth.report()
    await follow(third, a)
    await follow(third, b)  # by own wish on both
    await follow(neighbour, a)
    await head.act("merge", a, into=b["id"])
    assert await followers(b) == {"resident", "department"}  # b is the neighbour's own
    await head.act("merge", b, into=c["id"])
    assert await followers(c) == {"resident", "department", "neighbour"}
    await head.act("unmerge", a)
    assert await followers(a) == {"department", "neighbour"}
    assert await followers(b) == {"department"}
    assert await followers(c) == {"department", "neighbour"}
    await head.act("unmerge", b)
    assert (await followers(b), await followers(c)) == ({"department"}, set())
    problem(await resident.ask("GET", f"/tickets/{c['id']}"), 404)


async def test_who_wished_to_stay_stays_and_who_left_is_left_in_peace(people_of: Everybody) -> None:
    resident, neighbour, third, head = await people_of("resident", "neighbour", "department", "grid_head")
    first, second = await resident.report(), await neighbour.report()
    await follow(third, second)
    await head.act("merge", second, into=first["id"])
    await follow(neighbour, first)
    assert await followers(first) == {"neighbour", "department"}
    answer(await third.ask("DELETE", f"/tickets/{first['id']}/follow"))
    await head.act("unmerge", second)
    assert (await followers(first), await followers(second)) == ({"neighbour"}, {"department"})


async def test_the_merged_reporter_votes_when_it_is_closed(cast: Cast, people_of: Everybody) -> None:
    resident, head, _ = cast
    (neighbour,) = await people_of("neighbour")
    first, second = await resident.report(), await neighbour.report()
    await head.act("merge", second, into=first["id"])
    await head.act("accept", first)
    await head.resolve(first)
    await resident.act("confirm", first, verdict="solved")
    await neighbour.act("vote", first, still_there=True)
    assert (await head.ticket(first["id"]))["dissent"] == 1


# A walk: whatever is merged and unmerged in whatever order, everybody is where their own report or wish leads.
REPORTERS = ("resident", "neighbour", "resident", "department")
WISHERS = ("neighbour", "other_property", "other_department")
ACTIONS = ("merge", "merge", "unmerge", "follow", "leave")
steps = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 11)), min_size=6, max_size=16)


class Model:
    """Who should follow what, worked out anew each time from who reported, who wished, and what lies in what."""

    def __init__(self) -> None:
        self.wished: list[set[str]] = [set() for _ in REPORTERS]
        self.into: dict[int, int] = {}

    def followers(self, n: int) -> set[str]:
        inside = [m for m, into in self.into.items() if into == n]
        brought = set().union(*(self.followers(m) | {REPORTERS[m]} for m in inside))
        return (self.wished[n] | brought) - {REPORTERS[n]}

    def possible(self, action: str) -> list[tuple[int, Any]]:
        """Return what an action may be done to."""
        whole = [n for n in range(len(REPORTERS)) if n not in self.into]
        if action == "merge":
            return [(n, m) for n in whole for m in whole if n != m]
        if action == "unmerge":
            return list(self.into.items())
        wishers = [(n, who) for n in whole for who in WISHERS if who != REPORTERS[n]]
        return wishers if action == "follow" else [(n, who) for n, who in wishers if who in self.wished[n]]


async def step(
    action: str, n: int, other: Any, tickets: list[Ticket], everybody: dict[str, Person], model: Model
) -> None:
    if action == "merge":
        await everybody["grid_head"].act("merge", tickets[n], into=tickets[other]["id"])
        model.into[n] = other
    elif action == "unmerge":
        await everybody["grid_head"].act("unmerge", tickets[n])
        del model.into[n]
    elif action == "follow":
        await follow(everybody[other], tickets[n])
        model.wished[n].add(other)
    elif (
        n not in model.into.values()
    ):  # who leaves where others were merged leaves those too: no wish of this walk
        answer(await everybody[other].ask("DELETE", f"/tickets/{tickets[n]['id']}/follow"))
        model.wished[n].discard(other)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
@example([("merge", 0), ("merge", 0), ("unmerge", 1), ("unmerge", 0)])
async def test_merges_and_unmerges_keep_every_follower(
    people_of: Everybody, chosen: list[tuple[str, int]]
) -> None:
    names = sorted({*REPORTERS, *WISHERS, "grid_head"})
    everybody = dict(zip(names, await people_of(*names), strict=True))
    model = Model()
    with deployed(rate_limits="off"):
        tickets = [await everybody[name].report() for name in REPORTERS]
        for action, number in chosen:
            if possible := model.possible(action):
                n, other = possible[number % len(possible)]
                await step(action, n, other, tickets, everybody, model)
                for k, ticket in enumerate(tickets):
                    assert await followers(ticket) == model.followers(k), (action, n, other, k)


# At the same moment.


async def test_of_two_crossing_merges_exactly_one_wins(people_of: Everybody) -> None:
    resident, neighbour, head, deputy = await people_of("resident", "neighbour", "grid_head", "deputy")
    with deployed(rate_limits="off"):
        for _ in range(20):
            a, b = await resident.report(), await neighbour.report()
            answers = await asyncio.gather(
                head.try_to("merge", a, into=b["id"]), deputy.try_to("merge", b, into=a["id"])
            )
            assert sorted(one.status_code for one in answers) == [200, 409]
            won, lost = (a, b) if answers[0].is_success else (b, a)
            assert ((await ticket_row(won))["status"], (await ticket_row(lost))["status"]) == (
                "merged",
                "new",
            )
            assert (await ticket_row(won))["merged_into_id"] == UUID(lost["id"])
            assert len(await followers(lost)) == 1
            assert await followers(won) == set()


@pytest.mark.parametrize("seen", [(0, 2), (1, 1)])
async def test_a_merge_decided_from_what_is_no_longer_so_is_not_written(
    people_of: Everybody, seen: tuple[int, int]
) -> None:
    """The other ticket has changed its version, or somebody has come to follow this one."""
    resident, neighbour = await people_of("resident", "neighbour")
    first, second = await resident.report(), await neighbour.report()
    changes = {"status": "merged", "merged_into_id": UUID(first["id"])}

    def act(seen: tuple[int, int]) -> ledger.Act:
        entry = ledger.Entry(
            ticket_id=UUID(second["id"]), seq=2, at=clock.now(), type="ticket.merged", part=Part.HEAD
        )
        guard = ledger.MergeGuard(*seen)
        result = ledger.ActionResult(changes, follower_change=ledger.FollowerChange.JOIN, merge_guard=guard)
        return ledger.Act(entry=entry, result=result, seen_version=second["version"])

    before = await world.written()
    assert await ledger.record([act(seen)]) == set()
    assert await world.written() == before
    assert await ledger.record([act((0, first["version"]))]) == {UUID(second["id"])}


@asynccontextmanager
async def holding(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of its own in a transaction, committed at the end."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            yield connection
    finally:
        await connection.close()


async def waiting(many: int = 1) -> None:
    """Wait until so many wait for a lock."""
    for _ in range(500):
        if len(await db.fetch("SELECT FROM pg_locks WHERE NOT granted")) >= many:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


async def test_crossing_merges_never_wait_for_each_other(people_of: Everybody, database: str) -> None:
    """Each is let go on first where the other would stand in its way, did they not begin with the same ticket."""
    resident, neighbour, head, deputy = await people_of("resident", "neighbour", "grid_head", "deputy")
    a, b = await resident.report(), await neighbour.report()
    lock = "SELECT FROM ticket WHERE id = $1 FOR NO KEY UPDATE"
    async with holding(database) as holds_a:
        await holds_a.execute(lock, a["id"])
        async with holding(database) as holds_b:
            await holds_b.execute(lock, b["id"])
            one = asyncio.create_task(head.try_to("merge", a, into=b["id"]))
            other = asyncio.create_task(deputy.try_to("merge", b, into=a["id"]))
            await waiting(2)
        await asyncio.sleep(0.1)  # whoever waits for the second takes it, and goes on to the first
    assert sorted([(await one).status_code, (await other).status_code]) == [200, 409]


async def test_a_merge_that_waited_for_the_closing_is_refused(people_of: Everybody, database: str) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    first, second = await resident.report(), await neighbour.report()
    async with holding(database) as closing:
        await closing.execute(
            "UPDATE ticket SET status = 'closed', version = version + 1, closed_at = now() WHERE id = $1",
            first["id"],
        )
        merging = asyncio.create_task(head.try_to("merge", second, into=first["id"]))
        await waiting()
    problem(await merging, 409, "conflict")
    assert (await ticket_row(second))["status"] == "new"
    assert await followers(first) == set()


async def test_a_merge_beside_a_closing_leaves_no_half(cast: Cast, people_of: Everybody) -> None:
    resident, head, _ = cast
    (neighbour,) = await people_of("neighbour")
    with deployed(rate_limits="off"):
        for _ in range(10):
            first, second = await resident.report(), await neighbour.report()
            merging, withdrawing = await asyncio.gather(
                head.try_to("merge", second, into=first["id"]), resident.try_to("withdraw", first)
            )
            assert withdrawing.status_code == 200
            came_back = "unmerged" in await head.events(second)
            assert merging.status_code == (200 if came_back else 409)
            assert (await ticket_row(second))["status"] == "new"
            assert await followers(first) == set()


async def test_who_follows_while_a_merge_waits_is_counted_once(people_of: Everybody, database: str) -> None:
    """The neighbour follows the first just while their own report is being merged into it."""
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    first, second = await resident.report(), await neighbour.report()
    async with holding(database) as following:
        await following.execute(
            "INSERT INTO follower (ticket_id, person_id, origin_id, since) "
            "SELECT $1, id, $1, now() FROM person WHERE demo = 'neighbour'",
            first["id"],
        )
        await following.execute("UPDATE ticket SET followers = followers + 1 WHERE id = $1", first["id"])
        merging = asyncio.create_task(head.try_to("merge", second, into=first["id"]))
        await waiting()
    answer(await merging)
    assert await followers(first) == {"neighbour"}
    await head.act("unmerge", second)
    assert await followers(first) == {"neighbour"}


async def test_following_beside_merging_and_unmerging_counts_right(people_of: Everybody) -> None:
    names = ("department", "other_property", "other_department", "other_community", "property")
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    crowd = await people_of(*names)
    first, second = await resident.report(), await neighbour.report()
    for _ in range(6):
        calls = [person.ask("POST", f"/tickets/{first['id']}/follow") for person in (neighbour, *crowd)]
        fresh = await head.ticket(second["id"])
        merged, *answers = await asyncio.gather(head.try_to("merge", fresh, into=first["id"]), *calls)
        assert {one.status_code for one in (merged, *answers)} == {200}
        assert await followers(first) == {"neighbour", *names}
        calls = [person.ask("DELETE", f"/tickets/{first['id']}/follow") for person in (neighbour, *crowd)]
        back, *answers = await asyncio.gather(head.try_to("unmerge", answer(merged)), *calls)
        assert {one.status_code for one in (back, *answers)} == {200}
        assert await followers(first) == set()


async def test_the_ledger_is_whole_after_merging(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    first, second = await resident.report(), await neighbour.report()
    await head.act("merge", second, into=first["id"])
    await head.act("unmerge", second)
    await labels(head)
    rows = await db.fetch("SELECT type, data FROM event WHERE ticket_id = $1 ORDER BY seq", second["id"])
    assert [(row["type"], {**row["data"], "due": None}) for row in rows[1:]] == [
        ("ticket.merged", {"into": first["id"], "due": None}),
        ("ticket.unmerged", {"from": first["id"], "due": None}),
    ]
    assert (await ticket_row(first))["seq"] == 1
    assert (await verify_ledger()).broken is None


async def test_a_repeated_merge_under_its_key_sees_its_own_result(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    first, second = await resident.report(), await neighbour.report()
    said = {"into": first["id"], "headers": {"Idempotency-Key": "once"}}
    one = await head.try_to("merge", second, **said)
    again = await head.try_to("merge", second, **said)
    assert answer(again) == answer(one)
    assert again.headers["idempotent-replayed"] == "true"
    assert await followers(first) == {"neighbour"}
