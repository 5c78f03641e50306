"""Neighbours with the same trouble: what they see of an open ticket before and after they follow it, and their votes."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app import clock, db, ids
from app.rules.access import Actor
from app.services.outbox import jobs
from app.services.tickets import following
from tests import world
from tests.world import MADE_UP, Cast, Everybody, Person, answer, problem, run_jobs

PRIVATE = ("dispute", "care", "noise", "property_complaint")


async def similar(person: Person, category: str = "stair_light", **more: Any) -> list[dict[str, Any]]:
    """Return what somebody is shown at 944号4单元."""
    asked = {"place_id": await person.place(), "category": category} | more
    items: list[dict[str, Any]] = (await person.get("/tickets/similar", **asked))["items"]
    return items


async def follow(person: Person, ticket: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = answer(await person.ask("POST", f"/tickets/{ticket['id']}/follow"))
    return said


async def unfollow(person: Person, ticket: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = answer(await person.ask("DELETE", f"/tickets/{ticket['id']}/follow"))
    return said


async def counted(ticket: dict[str, Any]) -> int:
    """Return a ticket's count, which must be that of the persons in the table."""
    row = await db.fetchrow(
        "SELECT followers, (SELECT count(DISTINCT person_id) FROM follower WHERE ticket_id = $1) AS persons "
        "FROM ticket WHERE id = $1",
        ticket["id"],
    )
    assert row is not None
    assert row["followers"] == row["persons"]
    count: int = row["followers"]
    return count


# What `similar` shows.


async def test_a_neighbour_sees_of_a_similar_ticket_what_is_written_and_no_more(people_of: Everybody) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    ticket = await resident.report(description="三楼的灯，电话13812345678", contact_phone="13812345678")
    (shown,) = await similar(neighbour)
    assert shown == {
        "id": ticket["id"],
        "category": ticket["category"],
        "place": ticket["place"],
        "created_at": ticket["created_at"],
        "status": "new",
        "status_name": "待受理",
        "followers": 0,
        "following": False,
        "mine": False,
    }
    assert (await similar(resident))[0]["mine"]


async def test_similar_is_the_same_place_and_category_and_open(cast: Cast, people_of: Everybody) -> None:
    resident = cast[0]
    (neighbour,) = await people_of("neighbour")
    await resident.report(category="access_door")
    await resident.report(place_id=await resident.place("944号3单元"))
    await resident.report(place_id=await resident.place("944号"))
    over = [await world.brought(step, *cast) for step in ("closed", "rejected", "withdrawn")]
    still = [
        await world.brought(step, *cast) for step in ("new", "accepted", "waiting", "dispatched", "resolved")
    ]
    assert len(over) == 3
    assert [one["id"] for one in await similar(neighbour)] == [one["id"] for one in reversed(still)]


async def test_pages_of_similar_skip_nothing(people_of: Everybody) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    made = [(await resident.report())["id"] for _ in range(3)]
    asked = {"place_id": await neighbour.place(), "category": "stair_light", "limit": 2}
    first = await neighbour.get("/tickets/similar", **asked)
    second = await neighbour.get("/tickets/similar", **asked, cursor=first["next"])
    assert [one["id"] for one in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None


@pytest.mark.parametrize("category", PRIVATE)
async def test_private_matters_are_never_shown_nor_followed(people_of: Everybody, category: str) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    ticket = await resident.report(category=category)
    # Whatever an office calls public.
    await db.fetch("UPDATE category SET public = true WHERE code = $1", category)
    await db.fetch("UPDATE setup SET version = version + 1")
    for person in (neighbour, resident, head):
        assert await similar(person, category) == []
    problem(await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow"), 404)
    await db.fetch("UPDATE category SET public = false WHERE code = $1", category)


async def test_anonymous_reports_are_never_shown_nor_followed(people_of: Everybody) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    ticket = await resident.report(anonymous=True)
    assert await similar(neighbour) == []
    problem(await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow"), 404)
    problem(await neighbour.ask("DELETE", f"/tickets/{ticket['id']}/follow"), 404)
    assert await counted(ticket) == 0


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"category": "no_such"}, "/category"),
        ({"place_id": MADE_UP}, "/place_id"),
        ({"place_id": "944"}, "/place_id"),
        ({"cursor": "x"}, "/cursor"),
        ({"limit": 0}, "/limit"),
    ],
)
async def test_a_question_that_makes_no_sense_is_422(
    people_of: Everybody, asked: dict[str, Any], pointer: str
) -> None:
    (neighbour,) = await people_of("neighbour")
    params = {"place_id": await neighbour.place(), "category": "stair_light"} | asked
    said = problem(await neighbour.ask("GET", "/tickets/similar", params=params), 422)
    assert [error["pointer"] for error in said["errors"]] == [pointer]


async def test_similar_walks_its_index(people_of: Everybody) -> None:
    (neighbour,) = await people_of("neighbour")
    async with db.transaction() as session:
        connection = await (await session.connection()).get_raw_connection()
        driver: Any = connection.driver_connection
        values = {
            "place_id": UUID(await neighbour.place()),
            "category": "stair_light",
            "person_id": ids.new(),
            "before": ids.new(),
            "limit": 21,
        }
        statement = following.SIMILAR
        async with driver.transaction():
            await driver.execute("SET LOCAL enable_seqscan = off")
            # As if there were millions of tickets, whatever earlier tests left: for a handful any index will do.
            await driver.execute("UPDATE pg_class SET reltuples = 1e6, relpages = 1 WHERE relname = 'ticket'")
            await driver.execute("DELETE FROM pg_statistic WHERE starelid = 'ticket'::regclass")
            plan = await driver.fetch(f"EXPLAIN {statement.text}", *statement.arguments(values))
    said = "\n".join(row[0] for row in plan)
    assert "Index Scan Backward using ticket_similar" in said, said
    assert "Sort" not in said, said


# Following.


async def test_who_follows_reads_it_masked_and_may_urge_and_comment(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    said = "电话13812345678，车牌渝A12345"
    ticket = await resident.report(description=said, place_note="找13812345678", contact_phone="13812345678")
    await head.act("comment", ticket, text="内部的话", internal=True)
    await head.act("comment", ticket, text="打13812345678问过了")
    problem(await neighbour.ask("GET", f"/tickets/{ticket['id']}"), 404)
    assert await follow(neighbour, ticket) == {"id": ticket["id"], "following": True, "followers": 1}
    await run_jobs()  # what residents write is checked first: see tests/worker/content_checks
    seen = await neighbour.ticket(ticket["id"])
    assert seen["following"] is True
    assert seen["actions"] == ["urge", "comment"]
    assert "138****5678" in seen["description"]
    assert {"reporter", "position", "claim", "dissent"}.isdisjoint(seen)
    events = await neighbour.get(f"/tickets/{ticket['id']}/events")
    everything = str(seen) + str(events)
    assert [
        secret for secret in ("13812345678", "渝A12345", "内部的话", "居民") if secret in everything
    ] == []
    assert (await neighbour.act("urge", ticket))["sla"]["urged"] == 1
    await neighbour.act("comment", ticket, text="我家门口也不亮")
    line = (await head.get(f"/tickets/{ticket['id']}/events"))["items"][-1]
    assert line["actor"] == {"post": "follower", "label": "关注人"}
    assert (await head.ticket(ticket["id"]))["followers"] == 1
    assert "following" not in await head.ticket(ticket["id"])
    assert (await similar(neighbour))[0]["following"]


async def test_following_changes_neither_version_nor_ledger_and_repeats_harmlessly(
    people_of: Everybody,
) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    ticket = await resident.report()
    events = (await world.written())["event"]
    for _ in range(2):
        assert (await follow(neighbour, ticket))["followers"] == 1
    assert (await resident.ticket(ticket["id"]))["version"] == ticket["version"]
    for _ in range(2):
        assert (await unfollow(neighbour, ticket))["followers"] == 0
    assert (await world.written())["event"] == events
    assert await counted(ticket) == 0
    problem(await neighbour.ask("GET", f"/tickets/{ticket['id']}"), 404)


async def test_ones_own_report_and_what_is_over_are_not_to_be_followed(
    cast: Cast, people_of: Everybody
) -> None:
    (neighbour,) = await people_of("neighbour")
    ticket = await world.brought("closed", *cast)
    for ticket_id in (ticket["id"], MADE_UP):
        problem(await neighbour.ask("POST", f"/tickets/{ticket_id}/follow"), 404)
        problem(await neighbour.ask("DELETE", f"/tickets/{ticket_id}/follow"), 404)
    own = await cast[0].report()
    problem(await cast[0].ask("POST", f"/tickets/{own['id']}/follow"), 409, "conflict")


async def test_a_head_who_follows_still_acts_from_the_post(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report(contact_phone="13812345678")
    await follow(head, ticket)
    await head.act("comment", ticket, text="今晚来修")
    line = (await head.get(f"/tickets/{ticket['id']}/events"))["items"][-1]
    assert line["actor"]["post"] == "head"
    seen = await head.ticket(ticket["id"])
    assert seen["reporter"]["phone_masked"] == "138****5678"
    assert "urge" in seen["actions"]
    (listed,) = (await head.get("/tickets"))["items"]
    assert listed == seen


@pytest.fixture
async def strangers(street: None) -> list[Actor]:
    """Fifty people without a post."""
    actors = [Actor(ids.new(), ids.new(), 0, ()) for _ in range(50)]
    people = [actor.person_id for actor in actors]
    await db.fetch("INSERT INTO person (id, created_at) SELECT unnest($1::uuid[]), $2", people, clock.now())
    return actors


async def test_fifty_who_follow_at_once_are_fifty(strangers: list[Actor], people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    here = UUID(ticket["id"])
    await asyncio.gather(*(following.follow(actor, here) for actor in strangers for _ in range(2)))
    assert await counted(ticket) == 50
    leaving = [following.unfollow(actor, here) for actor in strangers[:20] for _ in range(2)]
    await asyncio.gather(*leaving, *(following.follow(actor, here) for actor in strangers[20:]))
    assert await counted(ticket) == 30


async def test_hundreds_are_told_in_one_batch(strangers: list[Actor], people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    made = [await resident.report() for _ in range(6)]
    for ticket in made:
        await asyncio.gather(*(following.follow(actor, UUID(ticket["id"])) for actor in strangers))
        await head.act("accept", ticket)
        await head.act("comment", ticket, text="今晚来")
    assert await jobs.run_due() == 18  # one batch
    rows = await db.fetch(
        "SELECT type, count(*) FROM notice WHERE person_id = ANY($1::uuid[]) GROUP BY 1 ORDER BY 1",
        [actor.person_id for actor in strangers],
    )
    assert [tuple(row) for row in rows] == [("ticket.accepted", 300), ("ticket.commented", 300)]


# Lists.


async def test_the_box_following_holds_what_one_follows_newest_first(
    cast: Cast, people_of: Everybody
) -> None:
    resident, head, _ = cast
    (neighbour,) = await people_of("neighbour")
    made = [await resident.report() for _ in range(3)]
    own = await neighbour.report()
    for ticket in made:
        await follow(neighbour, ticket)
    await head.act("accept", made[1])

    async def box(**params: Any) -> list[str]:
        return [one["id"] for one in (await neighbour.get("/tickets", **params))["items"]]

    expected = [ticket["id"] for ticket in reversed(made)]
    assert await box(box="following") == expected
    assert await box(box="mine") == [own["id"]]
    assert await box(box="all") == [own["id"], *expected]
    assert await box(box="following", status="accepted") == [made[1]["id"]]
    page = await neighbour.get("/tickets", box="following", limit=2)
    assert await box(box="following", cursor=page["next"]) == expected[2:]
    assert page["items"][0] == await neighbour.ticket(made[2]["id"])
    await unfollow(neighbour, made[0])
    assert await box(box="following") == expected[:2]


async def test_who_keeps_a_copy_meets_what_they_come_to_follow(people_of: Everybody) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    ticket = await resident.report()
    page = await neighbour.get("/tickets", box="following", updated_cursor="")
    assert page["items"] == []
    await follow(neighbour, ticket)
    page = await neighbour.get("/tickets", box="following", updated_cursor=page["updated_cursor"])
    assert [one["id"] for one in page["items"]] == [ticket["id"]]
    assert page["items"][0] == await neighbour.ticket(ticket["id"])
    after = await resident.get("/tickets", box="mine", updated_cursor=page["updated_cursor"])
    assert after["items"] == []


# Notices.


async def labels(person: Person) -> list[str]:
    while await jobs.run_due():
        pass
    return [notice["label"] for notice in reversed((await person.get("/notices"))["items"])]


async def test_a_neighbour_hears_what_becomes_of_it_and_not_how_it_is_passed_on(
    cast: Cast, people_of: Everybody
) -> None:
    resident, head, company = cast
    (neighbour,) = await people_of("neighbour")
    ticket = await resident.report()
    await follow(neighbour, ticket)
    await head.act("accept", ticket)
    await head.dispatch(ticket)
    await company.act("take", ticket)
    await resident.act("comment", ticket, text="快一点")
    await neighbour.act("comment", ticket, text="就是")
    await company.act("comment", ticket, text="明天来")
    await head.act("comment", ticket, text="盯着物业", internal=True)
    await neighbour.act("urge", ticket)
    await company.resolve(ticket)
    await resident.act("confirm", ticket, verdict="solved")
    what = "您关注的“人和家园944号4单元 楼道灯不亮”"
    assert sorted(await labels(neighbour)) == sorted(
        what + end
        for end in (
            *("已受理，正在处置", "已派给承办单位", "有新留言", "已办结"),
            "已由报告人确认结案，还没好请告诉我们",
        )
    )


# Votes.


async def closed(cast: Cast, *followers: Person) -> dict[str, Any]:
    """Return a closed ticket with followers."""
    ticket = await cast[0].report()
    for person in followers:
        await follow(person, ticket)
    await cast[1].act("accept", ticket)
    await cast[1].resolve(ticket)
    await cast[0].act("confirm", ticket, verdict="solved")
    return ticket


async def test_a_vote_opens_nothing_and_only_holder_and_above_see_it(
    cast: Cast, people_of: Everybody
) -> None:
    resident, head, _ = cast
    neighbour, community, auditor = await people_of("neighbour", "community", "auditor")
    ticket = await closed(cast, neighbour)
    assert (await neighbour.ticket(ticket["id"]))["actions"] == ["comment", "vote"]
    voted = await neighbour.act("vote", ticket, still_there=True)
    assert (voted["status"], voted["version"]) == ("closed", (await head.ticket(ticket["id"]))["version"])
    for person, sees in (
        (head, True),
        (community, True),
        (auditor, True),
        (resident, False),
        (neighbour, False),
    ):
        shown = await person.ticket(ticket["id"])
        assert shown.get("dissent") == (1 if sees else None)
        lines = (await person.get(f"/tickets/{ticket['id']}/events"))["items"]
        assert any("still_there" in line["data"] for line in lines) is sees
    assert [label for label in await labels(head) if "留言" in label] == []


async def test_one_vote_a_person_which_they_may_change(cast: Cast, people_of: Everybody) -> None:
    head = cast[1]
    (neighbour,) = await people_of("neighbour")
    ticket = await closed(cast, neighbour)
    for still_there, dissent in ((True, 1), (False, 0), (True, 1)):
        await neighbour.act("vote", ticket, still_there=still_there)
        assert (await head.ticket(ticket["id"]))["dissent"] == dissent
    problem(await neighbour.try_to("vote", ticket, still_there=True), 409, "conflict")
    assert (await head.ticket(ticket["id"]))["dissent"] == 1
    rows = await db.fetch("SELECT still_there FROM vote")
    assert [row["still_there"] for row in rows] == [True]


async def test_the_same_tap_many_times_at_once_is_one_vote(cast: Cast, people_of: Everybody) -> None:
    (neighbour,) = await people_of("neighbour")
    ticket = await closed(cast, neighbour)
    answers = await asyncio.gather(*(neighbour.try_to("vote", ticket, still_there=True) for _ in range(6)))
    assert sorted(answered.status_code for answered in answers) == [200] + [409] * 5
    assert (await cast[1].ticket(ticket["id"]))["dissent"] == 1


async def test_three_who_dissent_are_told_to_who_is_above_once(cast: Cast, people_of: Everybody) -> None:
    names = ("neighbour", "department", "other_property", "other_department")
    followers, (community,) = await people_of(*names), await people_of("community")
    ticket = await closed(cast, *followers)
    said = "多位居民反映结案后问题还在，请核实：“人和家园944号4单元 楼道灯不亮”"
    for person in followers[:2]:
        await person.act("vote", ticket, still_there=True)
    assert said not in await labels(community)
    await followers[2].act("vote", ticket, still_there=True)
    assert (await labels(community)).count(said) == (await labels(cast[1])).count(said) == 1
    await followers[2].act("vote", ticket, still_there=False)
    for person in followers[2:]:
        await person.act("vote", ticket, still_there=True)
    assert (await labels(community)).count(said) == 1


async def test_reopened_and_closed_again_it_is_asked_anew(cast: Cast, people_of: Everybody) -> None:
    resident, head, _ = cast
    (neighbour,) = await people_of("neighbour")
    ticket = await closed(cast, neighbour)
    await neighbour.act("vote", ticket, still_there=True)
    await head.act("reopen", ticket, text="去看了，确实还没亮")
    assert (await head.ticket(ticket["id"]))["dissent"] == 0
    await head.resolve(ticket)
    await resident.act("confirm", ticket, verdict="solved")
    await neighbour.act("vote", ticket, still_there=True)
    assert (await head.ticket(ticket["id"]))["dissent"] == 1


async def test_only_followers_vote_within_fourteen_days(cast: Cast, people_of: Everybody) -> None:
    resident, head, _ = cast
    (neighbour,) = await people_of("neighbour")
    ticket = await closed(cast, neighbour)
    for person in (resident, head):
        problem(await person.try_to("vote", ticket, still_there=True), 403)
    problem(await neighbour.try_to("vote", ticket, still_there="yes"), 422)
    clock.travel(timedelta(days=14, minutes=1))
    neighbour = await world.sign_in(neighbour.http, "neighbour")
    late = problem(await neighbour.try_to("vote", ticket, still_there=True), 409, "wrong-state")
    assert "14天" in late["detail"]
    assert late["allowed"] == ["comment"]


# What is kept about oneself.


async def test_the_export_says_what_one_follows_and_said_there(cast: Cast, people_of: Everybody) -> None:
    (neighbour,) = await people_of("neighbour")
    ticket = await closed(cast, neighbour)
    await neighbour.act("comment", ticket, text="还是不亮")
    await neighbour.act("vote", ticket, still_there=True)
    kept = await neighbour.get("/me/export")
    (followed,) = kept["following"]
    assert (followed["id"], followed["no"], followed["origin_id"]) == (
        ticket["id"],
        ticket["no"],
        ticket["id"],
    )
    assert [words["text"] for words in followed["words"]] == ["还是不亮"]
    assert [(vote["ticket_id"], vote["still_there"]) for vote in kept["votes"]] == [(ticket["id"], True)]
