"""Pauses: who may stop the resolve clock, how long, how it goes on, and that the limit gets the time back to the second."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.enums import SHANGHAI
from app.rules import workdays
from app.rules.workdays import Clock
from app.services import ledger
from app.services.setup import catalogue
from tests import world
from tests.world import Cast, Everybody, answer, last_event, later, moment, problem


async def pauses(ticket: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the pauses of a ticket in order, once the ticket's own intervals are seen to be the same."""
    rows = [
        dict(row)
        for row in await db.fetch("SELECT * FROM pause WHERE ticket_id = $1 ORDER BY seq", ticket["id"])
    ]
    own = await db.fetchrow("SELECT pauses FROM ticket WHERE id = $1", ticket["id"])
    assert own
    assert own["pauses"] == [
        edge for row in rows for edge in (row["began_at"], row["ended_at"] or row["until"])
    ]
    return rows


# Waiting and going on.


async def test_waiting_shows_the_limit_as_if_it_ended_when_it_is_meant_to(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("accepted", resident, head, company)
    until = clock.now() + timedelta(hours=30)
    waits = await head.act("wait", ticket, reason="parts", until=until.isoformat())
    (pause,) = await pauses(ticket)
    assert (waits["status"], waits["version"]) == ("waiting", ticket["version"] + 1)
    assert moment(waits["sla"]["paused_until"]) == until
    assert moment(waits["sla"]["resolve_due"]) == moment(ticket["sla"]["resolve_due"]) + (
        until - pause["began_at"]
    )
    assert (pause["kind"], pause["reason"], pause["until"], pause["ended_at"]) == (
        "wait",
        "parts",
        until,
        None,
    )
    line = await last_event(resident, ticket)
    assert (line["type"], line["data"]) == ("ticket.waiting", {"reason": "parts", "until": until.isoformat()})


async def test_going_on_early_takes_back_what_was_not_paused(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("accepted", resident, head, company)
    await head.act("wait", ticket, reason="access", until=world.soon(hours=30))
    head = await later(head, "grid_head", minutes=90)
    on = await head.act("resume", ticket)
    (pause,) = await pauses(ticket)
    paused = pause["ended_at"] - pause["began_at"]
    assert timedelta(minutes=90) <= paused < timedelta(minutes=91)
    assert (on["status"], on["sla"]["paused_until"]) == ("accepted", None)
    assert moment(on["sla"]["resolve_due"]) == moment(ticket["sla"]["resolve_due"]) + paused


async def test_going_on_late_gives_no_more_than_was_promised(cast: Cast) -> None:
    """The timer was down; somebody resumes two hours after the date."""
    resident, head, company = cast
    ticket = await world.brought("accepted", resident, head, company)
    waits = await head.act("wait", ticket, reason="weather", until=world.soon(hours=1))
    head = await later(head, "grid_head", hours=3)
    on = await head.act("resume", ticket)
    assert on["sla"]["resolve_due"] == waits["sla"]["resolve_due"]
    (pause,) = await pauses(ticket)
    assert pause["ended_at"] == pause["until"]


@pytest.mark.parametrize("step", ["accepted", "taken"])
async def test_a_ticket_goes_on_where_it_was(step: str, cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought(step, resident, head, company)
    await head.act("wait", ticket, reason="fund", until=world.soon())
    on = await head.act("resume", ticket)
    assert (on["status"], on["organisation"]) == (ticket["status"], ticket["organisation"])


async def test_only_office_hours_of_a_pause_are_given_back_on_a_working_clock(cast: Cast) -> None:
    resident, head, _ = cast
    ticket = await resident.report(category="garbage", description="垃圾没清")
    await head.act("accept", ticket)
    until = clock.now() + timedelta(days=2)
    waits = await head.act("wait", ticket, reason="third_party", until=until.isoformat())
    (pause,) = await pauses(ticket)
    calendar = (await catalogue.cached_catalogue()).calendar
    due = workdays.add(
        moment(ticket["created_at"]),
        timedelta(minutes=240),
        Clock.WORKING,
        calendar,
        [(pause["began_at"], until)],
    )
    assert moment(waits["sla"]["resolve_due"]) == due


async def test_the_companys_pause_counts_as_taking(cast: Cast) -> None:
    resident, head, company = cast
    for action, said in (("wait", {"reason": "parts"}), ("ask", {"text": "几楼？"})):
        ticket = await world.brought("dispatched", resident, head, company)
        waits = await company.act(action, ticket, until=world.soon(), **said)
        assert (waits["status"], waits["sla"]["acknowledge_due"]) == ("waiting", None)
        assert waits["organisation"]["acknowledged_at"] == waits["updated_at"]
        assert (await pauses(ticket))[0]["organisation_id"]


async def test_the_head_pausing_takes_nothing_for_the_company(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("dispatched", resident, head, company)
    waits = await head.act("wait", ticket, reason="parts", until=world.soon())
    assert waits["organisation"]["acknowledged_at"] is None


async def test_resolving_ends_the_pause(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("waiting", resident, head, company)
    head = await later(head, "grid_head", minutes=20)
    done = await head.resolve(ticket)
    (pause,) = await pauses(ticket)
    assert moment(done["sla"]["resolved_at"]) == pause["ended_at"]
    assert (done["status"], done["sla"]["paused_until"]) == ("resolved", None)
    paused = pause["ended_at"] - pause["began_at"]
    start = await db.fetchrow("SELECT resolve_from AS at FROM ticket WHERE id = $1", ticket["id"])
    assert start
    assert moment(done["sla"]["resolve_due"]) == start["at"] + timedelta(minutes=1440) + paused


async def test_nothing_is_overdue_while_it_waits(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("accepted", resident, head, company)
    await head.act("wait", ticket, reason="parts", until=world.soon(days=3))
    head = await later(head, "grid_head", days=2)
    assert (await head.ticket(ticket["id"]))["sla"]["overdue"] is False


# How long and how often.


async def test_the_holder_pauses_to_the_end_of_the_fifth_working_day_and_no_longer(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("accepted", resident, head, company)
    calendar = (await catalogue.cached_catalogue()).calendar
    latest = workdays.end_of_workdays(clock.now(), 5, calendar)
    before = await world.written()
    late = latest + timedelta(microseconds=1)
    refused = problem(await head.try_to("wait", ticket, reason="parts", until=late.isoformat()), 422)
    assert refused["errors"][0]["pointer"] == "/until"
    assert "上级" in refused["errors"][0]["detail"]
    assert await world.written() == before
    waits = await head.act("wait", ticket, reason="parts", until=latest.astimezone(SHANGHAI).isoformat())
    assert moment(waits["sla"]["paused_until"]) == latest


@pytest.mark.parametrize("persona", ["community", "street"])
async def test_those_above_pause_for_longer_and_are_recorded_as_above(
    persona: str, people_of: Everybody
) -> None:
    resident, above = await people_of("resident", persona)
    ticket = await resident.report()
    await above.act("accept", ticket)
    assert (await above.act("wait", ticket, reason="fund", until=world.soon(days=60)))["status"] == "waiting"
    event = await db.fetchrow("SELECT part FROM event WHERE type = 'ticket.waiting'")
    assert event
    assert event["part"] == "above"


async def test_a_second_pause_is_for_those_above(people_of: Everybody) -> None:
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    ticket = await world.brought("taken", resident, head, company)
    await head.act("wait", ticket, reason="parts", until=world.soon())
    await head.act("resume", ticket)
    before = await world.written()
    for person in (head, company):
        fresh = await person.ticket(ticket["id"])
        assert not {"wait", "ask"} & set(fresh["actions"])
        for action, said in (("wait", {"reason": "parts"}), ("ask", {"text": "几楼？"})):
            refused = await person.try_to(action, fresh, until=world.soon(), **said)
            assert "上级" in problem(refused, 409, "wrong-state")["detail"]
    assert await world.written() == before
    await community.act("wait", ticket, reason="parts", until=world.soon())
    await head.act("resume", ticket)
    assert [pause["ended_at"] is None for pause in await pauses(ticket)] == [False, False]


async def test_who_has_two_posts_pauses_a_second_time_from_the_one_above(people_of: Everybody) -> None:
    """A community's officer who is also a member of the grid: the narrowest post that may is the one recorded."""
    resident, community = await people_of("resident", "community")
    await db.fetch(
        "INSERT INTO post (id, role, place_id, person_id, created_at) SELECT gen_random_uuid(), 'member', g.id, p.id, $1 "
        "FROM place g, person p WHERE g.code = 'wss-g4' AND p.demo = 'community'",
        clock.now(),
    )
    try:
        await db.fetch("UPDATE person SET stamp = stamp + 1 WHERE demo = 'community'")
        ticket = await resident.report()
        await community.act("accept", ticket)
        for _ in range(2):
            await community.act("wait", ticket, reason="parts", until=world.soon())
            await community.act("resume", ticket)
        events = await db.fetch("SELECT part FROM event WHERE type = 'ticket.waiting' ORDER BY seq")
        assert [event["part"] for event in events] == ["member", "above"]
    finally:
        await db.fetch(
            "DELETE FROM post USING person p WHERE post.role = 'member' AND post.person_id = p.id AND p.demo = 'community'"
        )
        await db.fetch("UPDATE person SET stamp = stamp + 1 WHERE demo = 'community'")


async def test_every_pause_moves_the_limit_by_itself(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report()
    await community.act("accept", ticket)
    for _ in range(3):
        await community.act("wait", ticket, reason="weather", until=world.soon(hours=5))
        community = await later(community, "community", hours=2)
        on = await community.act("resume", ticket)
        community = await later(community, "community", hours=1)
    spent = sum((p["ended_at"] - p["began_at"] for p in await pauses(ticket)), timedelta())
    assert timedelta(hours=6) <= spent < timedelta(hours=6, minutes=1)
    assert moment(on["sla"]["resolve_due"]) == moment(ticket["sla"]["resolve_due"]) + spent


async def test_the_street_that_holds_a_ticket_decides_on_its_own_pauses(people_of: Everybody) -> None:
    resident, head, community, street = await people_of("resident", "grid_head", "community", "street")
    ticket = await resident.report()
    await head.act("escalate", ticket, reason="要维修基金")
    await community.act("escalate", ticket, reason="要街道出面")
    await street.act("accept", ticket)
    assert (await street.act("wait", ticket, reason="fund", until=world.soon(days=90)))["status"] == "waiting"


# Asking and answering.


@pytest.mark.parametrize("way", ["answer", "comment"])
async def test_the_reporters_words_are_the_answer(way: str, cast: Cast) -> None:
    """With words and photos, whether they press 答复 or write a comment; the work goes on."""
    resident, head, company = cast
    ticket = await world.brought("asked", resident, head, company)
    assert (await last_event(resident, ticket))["text"] == "三楼还是四楼？"
    photo = await resident.photo()
    after = await resident.act(way, ticket, text="三楼", photo_ids=[photo])
    line = await last_event(head, ticket)
    assert (line["type"], line["text"], line["photos"][0]["id"]) == ("ticket.answered", "三楼", photo)
    assert (after["status"], after["version"]) == ("accepted", ticket["version"] + 1)
    (pause,) = await pauses(ticket)
    assert (pause["kind"], pause["reason"], pause["ended_at"]) == (
        "ask",
        "question",
        moment(after["updated_at"]),
    )


async def test_a_comment_that_answers_wakes_the_timer(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("asked", resident, head, company)
    await resident.act("comment", ticket, text="三楼")
    row = await db.fetchrow("SELECT timer_at, resolve_from FROM ticket WHERE id = $1", ticket["id"])
    assert row
    (pause,) = await pauses(ticket)
    paused = pause["ended_at"] - pause["began_at"]
    assert row["timer_at"] == row["resolve_from"] + timedelta(minutes=0.8 * 1440) + paused


async def test_others_comments_and_comments_on_other_pauses_leave_it_waiting(cast: Cast) -> None:
    resident, head, company = cast
    asked = await world.brought("asked", resident, head, company)
    assert (await head.act("comment", asked, text="等他答复"))["status"] == "waiting"
    waits = await world.brought("waiting", resident, head, company)
    assert (await resident.act("comment", waits, text="知道了"))["status"] == "waiting"


async def test_waiting_for_the_reporter_is_answered_too(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("accepted", resident, head, company)
    await head.act("wait", ticket, reason="question", until=world.soon())
    assert (await resident.act("answer", ticket, text="三楼"))["status"] == "accepted"


async def test_there_is_nothing_to_answer_where_nobody_asked(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("waiting", resident, head, company)
    refused = problem(await resident.try_to("answer", ticket, text="三楼"), 409, "wrong-state")
    assert refused["allowed"] == ["urge", "comment"]


async def test_an_anonymous_reporter_answers_without_a_name(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report(anonymous=True)
    await head.act("accept", ticket)
    await head.act("ask", ticket, text="几楼？", until=world.soon())
    await resident.act("answer", ticket, text="三楼")
    assert (await last_event(head, ticket))["actor"] == {"post": "reporter", "label": "匿名报告人"}


# Appeal.


async def test_an_appeal_goes_a_level_up_with_the_rejected_time_given_back(people_of: Everybody) -> None:
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    ticket = await world.brought("rejected", resident, head, company)
    resident = await later(resident, "resident", hours=30)
    before = clock.now()
    again = await resident.act("appeal", ticket, text="这是公共楼道的灯")
    assert (again["status"], again["level"], again["holder"]["label"]) == ("new", 2, "万寿山社区")
    assert (
        before + timedelta(minutes=30)
        <= moment(again["sla"]["accept_due"])
        <= clock.now() + timedelta(minutes=30)
    )
    (pause,) = await pauses(ticket)
    rejected = pause["ended_at"] - pause["began_at"]
    assert timedelta(hours=30) <= rejected < timedelta(hours=30, minutes=1)
    assert moment(again["sla"]["resolve_due"]) == moment(ticket["sla"]["resolve_due"]) + rejected
    assert (pause["kind"], pause["until"], again["sla"]["overdue"]) == ("appeal", pause["ended_at"], False)
    (community,) = [await world.sign_in(community.http, "community")]
    assert "accept" in (await community.ticket(ticket["id"]))["actions"]


async def test_one_appeals_once(people_of: Everybody) -> None:
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    ticket = await world.brought("rejected", resident, head, company)
    await resident.act("appeal", ticket, text="请再看看")
    again = await community.act("reject", ticket, reason="private_matter", text="是自家门口的灯")
    refused = problem(await resident.try_to("appeal", again, text="不服"), 409, "wrong-state")
    assert refused["allowed"] == ["comment"]


async def test_one_appeals_until_midnight_after_the_fifth_working_day(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("rejected", resident, head, company)
    deadline = workdays.end_of_workdays(clock.now(), 5, (await catalogue.cached_catalogue()).calendar)
    clock.travel(deadline - clock.now() - timedelta(seconds=20))
    resident = await world.sign_in(resident.http, "resident")
    assert "appeal" in (await resident.ticket(ticket["id"]))["actions"]
    resident = await later(resident, "resident", seconds=30)
    refused = problem(await resident.try_to("appeal", ticket, text="请再看看"), 409, "wrong-state")
    assert "申诉期" in refused["detail"]


async def test_an_appeal_is_not_one_of_the_holders_pauses(people_of: Everybody) -> None:
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    ticket = await world.brought("rejected", resident, head, company)
    await resident.act("appeal", ticket, text="请再看看")
    await community.act("accept", ticket)
    assert "wait" in (await community.ticket(ticket["id"]))["actions"]
    waits = await community.act("wait", ticket, reason="parts", until=world.soon())
    assert [pause["kind"] for pause in await pauses(ticket)] == ["appeal", "wait"]
    assert waits["status"] == "waiting"


# A claim that the head has to look at.


@pytest.mark.parametrize("ended_by", ["resolve", "recall"])
async def test_a_claim_made_while_waiting_ends_the_pause(ended_by: str, cast: Cast) -> None:
    """The ticket is dispatched again, claimed; the head's word ends it one way or the other."""
    resident, head, company = cast
    await _verify_stair_lights(True)
    try:
        ticket = await world.brought("taken", resident, head, company)
        await company.act("wait", ticket, reason="parts", until=world.soon())
        claimed = await company.resolve(ticket)
        assert (claimed["status"], claimed["claim"]["by"]) == ("dispatched", "人和物业")
        assert claimed["sla"]["paused_until"] is None
        assert (await pauses(ticket))[0]["ended_at"] == moment(claimed["updated_at"])
        done = await (head.resolve(ticket) if ended_by == "resolve" else head.act(ended_by, ticket))
        assert done["status"] == {"resolve": "resolved", "recall": "accepted"}[ended_by]
        assert done["claim"] is None
    finally:
        await _verify_stair_lights(False)


async def _verify_stair_lights(wanted: bool) -> None:
    await db.fetch("UPDATE category SET verify_claim = $1 WHERE code = 'stair_light'", wanted)
    await db.fetch("UPDATE setup SET version = version + 1")


async def test_a_claim_does_not_stop_the_resolve_clock(cast: Cast) -> None:
    resident, head, company = cast
    await _verify_stair_lights(True)
    try:
        ticket = await world.brought("dispatched", resident, head, company)
        claimed = await company.resolve(ticket)
        assert claimed["sla"]["resolve_due"] == ticket["sla"]["resolve_due"]
        assert claimed["sla"]["resolved_at"] is None
        head = await later(head, "grid_head", hours=25)
        assert (await head.ticket(ticket["id"]))["sla"]["overdue"] is True
    finally:
        await _verify_stair_lights(False)


# One statement.


async def test_a_pause_that_comes_too_late_is_not_written(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ticket was resolved between the look and the act: no pause is left behind."""
    resident, head, company = cast
    ticket = await world.brought("accepted", resident, head, company)
    record = ledger.record

    async def resolved_first(acts: Any) -> Any:
        monkeypatch.setattr(ledger, "record", record)
        await head.resolve(ticket)
        return await record(acts)

    monkeypatch.setattr(ledger, "record", resolved_first)
    problem(await head.try_to("wait", ticket, reason="parts", until=world.soon()), 409, "stale-version")
    assert await pauses(ticket) == []


async def test_a_pause_repeated_under_its_key_is_one_pause(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("accepted", resident, head, company)
    said = {"reason": "parts", "until": world.soon(), "headers": {"Idempotency-Key": "wait-1"}}
    first = await head.try_to("wait", ticket, **said)
    again = await head.try_to("wait", ticket, **said)
    assert answer(again)["version"] == answer(first)["version"]
    assert again.headers["idempotent-replayed"] == "true"
    assert len(await pauses(ticket)) == 1
