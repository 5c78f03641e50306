"""Every act: what it changes when it may be done, and what refuses it."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app import clock, db
from app.rules import workdays
from app.rules.lifecycle import MOVES
from app.rules.workdays import Clock
from app.services.setup import catalogue
from tests import world
from tests.actions import BODIES, UNVERSIONED
from tests.texts import BLANKS, CHINESE
from tests.world import Cast, Everybody, Person, answer, last_event, moment, problem

# Before acceptance.


async def test_edit_replaces_words_and_photos_and_leaves_the_version(cast: Cast) -> None:
    resident, *_ = cast
    first, second = await resident.photo(), await resident.photo()
    ticket = await resident.report(photo_ids=[first])
    edited = await resident.act("edit", ticket, description="四楼的灯", photo_ids=[first, second])
    assert (edited["description"], edited["version"]) == ("四楼的灯", ticket["version"])
    assert [photo["id"] for photo in edited["photos"]] == [first, second]
    fewer = await resident.act("edit", ticket, photo_ids=[second])
    assert (fewer["description"], [photo["id"] for photo in fewer["photos"]]) == ("四楼的灯", [second])
    no_words = await resident.act("edit", ticket, description=None)
    assert no_words["description"] is None


async def test_edit_that_leaves_nothing_is_refused(cast: Cast) -> None:
    resident, *_ = cast
    photo = await resident.photo()
    words, both = await resident.report(), await resident.report(photo_ids=[photo])
    before = await world.written()
    for ticket, said in (
        (words, {"description": None}),
        (words, {"description": None, "photo_ids": []}),
        (both, {"description": None, "photo_ids": []}),
        (both, {"description": None, "photo_ids": None}),
    ):
        refused = problem(await resident.try_to("edit", ticket, **said), 422, "invalid")
        assert refused["errors"][0]["pointer"] == "/description"
    assert await world.written() == before


async def test_withdraw_closes_for_good(cast: Cast) -> None:
    """Neither edited, urged nor reopened afterwards, not even by the head; no clock runs on."""
    resident, head, _ = cast
    ticket = await resident.report()
    done = await resident.act("withdraw", ticket)
    assert (done["status"], done["outcome"], done["verdict"]) == ("closed", "withdrawn", None)
    for person in (resident, head):
        refused = problem(await person.try_to("reopen", done, text="还是要修"), 409, "wrong-state")
        assert refused["allowed"] == ["comment"]
        assert "撤回" in refused["detail"]
    clock.travel(timedelta(days=2))
    (fresh,) = [await world.sign_in(resident.http, "resident")]
    assert (await fresh.ticket(ticket["id"]))["sla"]["overdue"] is False
    assert await db.fetch("SELECT FROM ticket WHERE timer_at IS NULL")


async def test_accept_stops_the_accept_clock(cast: Cast) -> None:
    resident, head, _ = cast
    ticket = await resident.report()
    before = clock.now()
    accepted = await head.act("accept", ticket)
    assert (accepted["status"], accepted["version"]) == ("accepted", ticket["version"] + 1)
    assert before <= moment(accepted["sla"]["accepted_at"]) <= clock.now()
    assert accepted["sla"]["resolve_due"] == ticket["sla"]["resolve_due"]
    clock.travel(timedelta(minutes=31))
    (fresh,) = [await world.sign_in(head.http, "grid_head")]
    assert (await fresh.ticket(ticket["id"]))["sla"]["overdue"] is False


@pytest.mark.parametrize("persona", ["member", "grid_head", "deputy", "community", "street"])
async def test_the_holder_and_whoever_is_above_may_accept(persona: str, people_of: Everybody) -> None:
    resident, person = await people_of("resident", persona)
    ticket = await resident.report()
    assert (await person.act("accept", ticket))["status"] == "accepted"
    post = {"grid_head": "head"}.get(persona, persona)
    assert (await last_event(resident, ticket))["actor"]["post"] == post


async def test_twenty_accepts_at_once_have_one_winner(people_of: Everybody) -> None:
    """Head, deputy and member on the same version: one 200, nineteen 409 that show what may be done instead."""
    resident, *staff = await people_of("resident", "grid_head", "deputy", "member")
    for _ in range(3):
        ticket = await resident.report()
        tries = await asyncio.gather(*(staff[n % 3].try_to("accept", ticket) for n in range(20)))
        assert sorted(one.status_code for one in tries) == [200, *[409] * 19]
        for loser in (one for one in tries if one.status_code == 409):
            said = problem(loser, 409, "stale-version")
            assert said["version"] == 2
            assert "dispatch" in said["allowed"]
        assert await resident.events(ticket) == ["submitted", "accepted"]


async def test_twenty_comments_at_once_are_all_said(people_of: Everybody) -> None:
    """They need no version, so none of them conflicts."""
    people = await people_of("resident", "grid_head", "member", "community")
    ticket = await people[0].report()
    tries = await asyncio.gather(*(people[n % 4].try_to("comment", ticket, text=str(n)) for n in range(20)))
    assert {one.status_code for one in tries} == {200}
    page = await people[0].get(f"/tickets/{ticket['id']}/events")
    assert {line["text"] for line in page["items"][1:]} == {str(n) for n in range(20)}
    assert [line["seq"] for line in page["items"]] == list(range(1, 22))


async def test_a_comment_in_between_is_no_conflict(cast: Cast) -> None:
    resident, head, _ = cast
    ticket = await resident.report()
    await resident.act("comment", ticket, text="补充一句")
    assert answer(await head.try_to("accept", ticket))["status"] == "accepted"


@pytest.mark.parametrize(
    "reason", ["not_ours", "private_matter", "duplicate", "no_fault", "unclear", "illegal_request"]
)
async def test_reject_says_why(reason: str, cast: Cast) -> None:
    resident, head, _ = cast
    ticket = await resident.report()
    assert (await head.act("reject", ticket, reason=reason, text="请联系产权单位"))["status"] == "rejected"
    line = await last_event(resident, ticket)
    assert (line["text"], line["data"]) == ("请联系产权单位", {"reason": reason})


# To the organisation and back.


async def test_dispatch_accepts_at_once_and_starts_the_acknowledge_clock(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await resident.report()
    sent = await head.act(
        "dispatch", ticket, organisation_id=await head.organisation(ticket), note="请带梯子"
    )
    assert (sent["status"], sent["organisation"]["name"]) == ("dispatched", "人和物业")
    assert sent["organisation"]["acknowledged_at"] is None
    accepted = moment(sent["sla"]["accepted_at"])
    assert moment(sent["sla"]["acknowledge_due"]) == accepted + timedelta(minutes=120)
    assert sent["sla"]["resolve_due"] == ticket["sla"]["resolve_due"]
    assert (await last_event(company, ticket))["text"] == "请带梯子"


async def test_dispatch_goes_only_to_who_serves_the_place(people_of: Everybody) -> None:
    head, resident, elsewhere = await people_of("grid_head", "resident", "other_community")
    ticket = await resident.report()
    other = await elsewhere.get("/organisations", place_id=await elsewhere.place("柏林社区"))
    theirs = next(company["id"] for company in other["items"] if company["name"] == "安居物业")
    before = await world.written()
    for organisation in (theirs, str(uuid4())):
        refused = await head.try_to("dispatch", ticket, organisation_id=organisation)
        assert problem(refused, 422)["errors"][0]["pointer"] == "/organisation_id"
    assert await world.written() == before


async def test_a_member_dispatches_only_to_the_categorys_default(people_of: Everybody) -> None:
    resident, member, head = await people_of("resident", "member", "grid_head")
    ticket = await resident.report()
    before = await world.written()
    department = await member.organisation(ticket, "城管")
    problem(await member.try_to("dispatch", ticket, organisation_id=department), 403, "forbidden")
    assert await world.written() == before
    assert (await member.dispatch(ticket))["organisation"]["name"] == "人和物业"
    other = await resident.report()
    assert (await head.dispatch(other, "城管"))["organisation"]["name"] == "城管"


async def test_take_stops_the_acknowledge_clock_and_works_once(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("dispatched", resident, head, company)
    taken = await company.act("take", ticket)
    assert (taken["status"], taken["version"]) == ("dispatched", ticket["version"] + 1)
    assert moment(taken["organisation"]["acknowledged_at"]) <= clock.now()
    assert taken["sla"]["acknowledge_due"] is None
    again = problem(await company.try_to("take", taken), 409, "wrong-state")
    assert "take" not in again["allowed"]
    assert again["detail"] == "已经接单了"


async def test_only_the_organisation_it_is_with_may_take(people_of: Everybody) -> None:
    resident, head, company, department = await people_of("resident", "grid_head", "property", "department")
    ticket = await world.brought("dispatched", resident, head, company)
    problem(await department.try_to("take", ticket), 404)
    problem(await head.try_to("take", ticket), 403)


async def test_hand_back_returns_the_ticket_and_the_company_loses_sight(people_of: Everybody) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await world.brought("dispatched", resident, head, company)
    department = await head.organisation(ticket, "城管")
    said = {"reason": "not_our_trade", "proposed_organisation_id": department}
    back = await company.act("hand_back", ticket, **said)
    assert (back["status"], back["organisation"], back["sla"]["acknowledge_due"]) == ("accepted", None, None)
    problem(await company.ask("GET", f"/tickets/{ticket['id']}"), 404)
    line = await last_event(head, ticket)
    assert (line["data"]["reason"], line["data"]["proposed"]) == ("not_our_trade", department)
    assert line["actor"] == {"post": "agent", "label": "人和物业"}
    assert (await head.dispatch(ticket, "城管"))["status"] == "dispatched"


async def test_hand_back_after_taking_needs_words_or_a_photo(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("taken", resident, head, company)
    before = await world.written()
    refused = await company.try_to("hand_back", ticket, reason="no_contract")
    assert problem(refused, 422)["errors"][0]["pointer"] == "/text"
    bad = await company.try_to(
        "hand_back", ticket, reason="no_contract", text="不在合同里", proposed_organisation_id=str(uuid4())
    )
    assert problem(bad, 422)["errors"][0]["pointer"] == "/proposed_organisation_id"
    assert await world.written() == before
    photo = await company.photo()
    answer(await company.try_to("hand_back", ticket, reason="no_contract", photo_ids=[photo]))


async def test_the_second_hand_back_goes_to_the_community_whose_dispatch_stays(people_of: Everybody) -> None:
    resident, head, company, community, department = await people_of(
        "resident", "grid_head", "property", "community", "department"
    )
    ticket = await resident.report()
    await head.dispatch(ticket)
    assert (await company.act("hand_back", ticket, reason="not_our_trade"))["level"] == 1
    await head.dispatch(ticket, "城管")
    await department.act("hand_back", ticket, reason="no_contract")
    after = await resident.ticket(ticket["id"])
    assert (after["level"], after["holder"]["label"], after["status"]) == (2, "万寿山社区", "accepted")
    sent = await community.dispatch(ticket)
    assert "hand_back" not in (await company.ticket(ticket["id"]))["actions"]
    refused = await company.try_to("hand_back", sent, reason="not_our_trade")
    assert "take" in problem(refused, 409, "wrong-state")["allowed"]
    assert (await company.resolve(ticket))["status"] == "resolved"


async def test_recall_takes_the_ticket_back(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("taken", resident, head, company)
    back = await head.act("recall", ticket)
    assert (back["status"], back["organisation"]) == ("accepted", None)
    problem(await company.ask("GET", f"/tickets/{ticket['id']}"), 404)
    again = await head.dispatch(ticket)
    assert again["organisation"]["acknowledged_at"] is None
    assert again["sla"]["acknowledge_due"]


# Resolving and answering.


async def test_resolving_says_what_by_whom_and_when(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("taken", resident, head, company)
    photo = await company.photo()
    await company.resolve(ticket, photo_ids=[photo])
    done = await resident.ticket(ticket["id"])
    assert (done["status"], done["outcome"], done["verdict"]) == ("resolved", "fixed", None)
    assert (done["resolution"]["text"], done["resolution"]["by"]) == ("换了灯泡", "人和物业")
    assert [shown["id"] for shown in done["resolution"]["photos"]] == [photo]
    assert done["resolution"]["at"] == done["sla"]["resolved_at"]


async def test_resolving_by_the_company_implies_taking(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("dispatched", resident, head, company)
    done = await company.resolve(ticket)
    assert done["status"] == "resolved"
    assert done["organisation"]["acknowledged_at"] == done["sla"]["resolved_at"]
    assert done["sla"]["acknowledge_due"] is None


@pytest.mark.parametrize("persona", ["member", "grid_head", "community", "street"])
async def test_the_holder_or_above_resolves_without_any_company(persona: str, people_of: Everybody) -> None:
    resident, person = await people_of("resident", persona)
    ticket = await resident.report()
    await person.act("accept", ticket)
    assert (await person.resolve(ticket))["resolution"]["by"].startswith(("万寿山社区", "人和街道"))


@pytest.mark.parametrize("outcome", ["fixed", "partial"])
async def test_a_stair_light_is_not_done_without_a_photo(outcome: str, cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("accepted", resident, head, company)
    before = await world.written()
    refused = await head.try_to("resolve", ticket, outcome=outcome, text="换了灯泡")
    assert problem(refused, 422)["errors"][0]["pointer"] == "/photo_ids"
    assert await world.written() == before


@pytest.mark.parametrize("outcome", ["explained", "referred", "listed", "no_fault"])
async def test_what_was_not_repaired_needs_no_photo(outcome: str, cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("accepted", resident, head, company)
    assert (await head.act("resolve", ticket, outcome=outcome, text="已说明"))["outcome"] == outcome


async def test_a_category_that_asks_for_none_is_done_without_a_photo(cast: Cast) -> None:
    resident, head, _ = cast
    ticket = await resident.report(category="noise", description="半夜装修")
    await head.act("accept", ticket)
    assert (await head.act("resolve", ticket, outcome="fixed", text="已劝停"))["status"] == "resolved"


@pytest.fixture
async def verified(cast: Cast) -> AsyncIterator[Cast]:
    """A street whose stair lights the head looks at before they count as done."""
    change = "UPDATE category SET verify_claim = $1 WHERE code = 'stair_light'"
    await db.fetch(change, True)
    await db.fetch("UPDATE setup SET version = version + 1")
    yield cast
    await db.fetch(change, False)
    await db.fetch("UPDATE setup SET version = version + 1")


async def test_a_company_only_claims_where_claims_are_verified(verified: Cast) -> None:
    """The clock runs on until the head resolves; or the head recalls, and the claim is gone."""
    resident, head, company = verified
    for step in ("resolve", "recall"):
        ticket = await world.brought("dispatched", resident, head, company)
        claimed = await company.resolve(ticket)
        assert (claimed["status"], claimed["claim"]["outcome"]) == ("dispatched", "fixed")
        assert claimed["claim"]["by"] == "人和物业"
        assert claimed["resolution"] is None
        assert (await last_event(resident, ticket))["type"] == "ticket.claimed"
        assert (await resident.ticket(ticket["id"]))["claim"]["outcome"] == "fixed"
        if step == "resolve":
            assert (await head.resolve(ticket))["status"] == "resolved"
        else:
            assert (await head.act("recall", ticket))["status"] == "accepted"
        assert (await head.ticket(ticket["id"]))["claim"] is None


@pytest.mark.parametrize(("verdict", "rating"), [("solved", 5), ("solved", None), ("partly", 1)])
async def test_confirm_closes_with_a_verdict(verdict: str, rating: int | None, cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("resolved", resident, head, company)
    said = {"verdict": verdict} | ({"rating": rating} if rating else {})
    done = await resident.act("confirm", ticket, **said)
    assert (done["status"], done["verdict"], done["rating"]) == ("closed", verdict, rating)


async def test_not_solved_is_said_by_reopening(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("resolved", resident, head, company)
    refused = problem(await resident.try_to("confirm", ticket, verdict="not_solved"), 422, "invalid")
    assert refused["errors"][0]["pointer"] == "/verdict"
    assert "reopen" in refused["errors"][0]["detail"]


async def test_staff_who_resolved_their_own_report_cannot_confirm_it(people_of: Everybody) -> None:
    """A colleague's work they can."""
    head, member, street = await people_of("grid_head", "member", "street")
    for worker, status in ((head, 409), (member, 200)):
        ticket = await head.report()
        await worker.act("accept", ticket)
        resolved = await worker.resolve(ticket)
        tried = await head.try_to("confirm", resolved, verdict="solved")
        assert tried.status_code == status, tried.text
        assert ("confirm" in (await head.ticket(ticket["id"]))["actions"]) is False
        if status == 409:
            assert problem(tried, 409, "wrong-state")["allowed"] == [
                "recategorise",
                "split",
                "reopen",
                "comment",
            ]
            assert (await street.act("settle", ticket, text="看过"))["verdict"] == "silent"


async def test_settle_after_a_look_closes_as_silence(people_of: Everybody) -> None:
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    ticket = await world.brought("resolved", resident, head, company)
    done = await community.act("settle", ticket, text="现场看过，灯亮着")
    assert (done["status"], done["verdict"], done["rating"]) == ("closed", "silent", None)
    assert (await last_event(resident, ticket))["text"] == "现场看过，灯亮着"


# Again.


@pytest.mark.parametrize("step", ["resolved", "closed"])
async def test_reopening_clears_the_claim_of_success_and_halves_the_limit(step: str, cast: Cast) -> None:
    """A stair light has 1440 minutes round the clock: the second time 720, counted from the reopening."""
    resident, head, company = cast
    ticket = await world.brought(step, resident, head, company)
    before = clock.now()
    again = await resident.act("reopen", ticket, text="晚上又不亮了")
    assert (again["status"], again["outcome"], again["verdict"], again["rating"]) == (
        "accepted",
        None,
        None,
        None,
    )
    assert (again["resolution"], again["organisation"], again["level"]) == (None, None, 1)
    assert again["sla"]["resolved_at"] is None
    half = timedelta(minutes=720)
    assert before + half <= moment(again["sla"]["resolve_due"]) <= clock.now() + half
    problem(await company.ask("GET", f"/tickets/{ticket['id']}"), 404)


async def test_reopening_gives_at_least_a_working_day(cast: Cast) -> None:
    """Rubbish has 240 working minutes: half of them is less than a day of 420."""
    resident, head, _ = cast
    ticket = await resident.report(category="garbage", description="垃圾没清")
    await head.act("accept", ticket)
    await head.resolve(ticket)
    again = await resident.act("reopen", ticket, text="又堆起来了")
    calendar = (await catalogue.cached_catalogue()).calendar
    due = workdays.add(moment(again["updated_at"]), timedelta(minutes=420), Clock.WORKING, calendar)
    assert moment(again["sla"]["resolve_due"]) == due


async def test_the_third_reopening_goes_a_level_up(cast: Cast) -> None:
    resident, head, _ = cast
    ticket = await resident.report()
    await head.act("accept", ticket)
    for times, level in ((1, 1), (2, 1), (3, 2)):
        if times > 1:
            await head.act("comment", ticket, text="再去看看")
        await head.resolve(ticket)
        again = await resident.act("reopen", ticket, text="还是不亮")
        assert (again["level"], again["version"] > ticket["version"]) == (level, True)
        assert (await last_event(resident, ticket))["data"] == {"times": times}
    assert again["holder"]["label"] == "万寿山社区"
    assert (await head.ticket(ticket["id"]))["actions"] == ["comment"]


async def test_fourteen_days_after_closing_the_reporter_reports_anew(cast: Cast) -> None:
    """The head may still reopen."""
    resident, head, company = cast
    ticket = await world.brought("closed", resident, head, company)
    clock.travel(timedelta(days=13, hours=23))
    (resident,) = [await world.sign_in(resident.http, "resident")]
    assert "reopen" in (await resident.ticket(ticket["id"]))["actions"]
    clock.travel(timedelta(hours=2))
    resident, head = [await world.sign_in(resident.http, who) for who in ("resident", "grid_head")]
    before = await world.written()
    refused = problem(await resident.try_to("reopen", ticket, text="又坏了"), 409, "wrong-state")
    assert refused["allowed"] == ["comment"]
    assert await world.written() == before
    assert (await head.act("reopen", ticket, text="住户又打电话来"))["status"] == "accepted"


async def test_a_resolved_ticket_has_no_last_day_for_reopening(cast: Cast) -> None:
    """It is the closing that ends the fourteen days, not the work."""
    resident, head, company = cast
    ticket = await world.brought("resolved", resident, head, company)
    clock.travel(timedelta(days=15))
    (resident,) = [await world.sign_in(resident.http, "resident")]
    assert (await resident.act("reopen", ticket, text="没修好"))["status"] == "accepted"


# Upwards, louder, and by the way.


async def test_escalating_moves_the_holder_and_not_the_clocks(people_of: Everybody) -> None:
    """Grid, community, street, and no further; the former holder reads on and comments inside."""
    resident, head, community, street = await people_of("resident", "grid_head", "community", "street")
    ticket = await resident.report()
    up = await head.act("escalate", ticket, reason="要动用维修基金")
    assert (up["level"], up["holder"]["label"], up["status"]) == (2, "万寿山社区", "new")
    assert up["actions"] == ["comment"]
    assert up["sla"] == ticket["sla"]
    assert (await last_event(resident, ticket))["text"] == "要动用维修基金"
    problem(await head.try_to("accept", up), 403)
    assert await head.act("comment", ticket, text="以前修过两次", internal=True)
    top = await community.act("escalate", ticket, reason="要街道协调")
    assert (top["level"], top["holder"]["label"]) == (3, "人和街道")
    assert "escalate" not in (await street.ticket(ticket["id"]))["actions"]
    refused = problem(await street.try_to("escalate", top, reason="再往上"), 409, "wrong-state")
    assert {"accept", "return", "extend"} <= set(refused["allowed"])


async def test_the_street_may_escalate_what_the_grid_holds_one_level_only(people_of: Everybody) -> None:
    resident, street = await people_of("resident", "street")
    ticket = await resident.report()
    assert (await street.act("escalate", ticket, reason="社区来牵头"))["level"] == 2


async def test_urging_counts_and_is_heard_once_an_hour(cast: Cast) -> None:
    """429 says when to come back; the version stays."""
    resident, head, _ = cast
    ticket = await resident.report()
    urged = await resident.act("urge", ticket)
    assert (urged["sla"]["urged"], urged["version"]) == (1, ticket["version"])
    before = await world.written()
    refused = await resident.try_to("urge", ticket)
    problem(refused, 429, "too-many")
    assert 3590 < int(refused.headers["retry-after"]) <= 3600
    assert await world.written() == before
    clock.travel(timedelta(minutes=60))
    resident, head = [await world.sign_in(resident.http, who) for who in ("resident", "grid_head")]
    assert (await resident.act("urge", ticket))["sla"]["urged"] == 2
    assert (await head.ticket(ticket["id"]))["sla"]["urged"] == 2


async def test_twenty_urgings_at_once_are_one(cast: Cast) -> None:
    resident, *_ = cast
    ticket = await resident.report()
    tries = await asyncio.gather(*(resident.try_to("urge", ticket) for _ in range(20)))
    assert sorted(one.status_code for one in tries) == [200, *[429] * 19]


@pytest.mark.parametrize(
    "step", ["new", "accepted", "dispatched", "resolved", "closed", "rejected", "withdrawn"]
)
async def test_everybody_who_sees_it_may_comment_at_any_time(step: str, people_of: Everybody) -> None:
    names = ("resident", "grid_head", "property", "member", "community", "street")
    resident, head, company, *others = await people_of(*names)
    ticket = await world.brought(step, resident, head, company)
    for person in (resident, head, *others):
        after = await person.act("comment", ticket, text="知道了")
        assert (after["version"], after["status"]) == (ticket["version"], ticket["status"])


async def test_the_reporter_has_no_internal_words(people_of: Everybody) -> None:
    """Staff who reported do, where they also handle it."""
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    before = await world.written()
    problem(await resident.try_to("comment", ticket, text="悄悄话", internal=True), 403, "forbidden")
    assert await world.written() == before
    own = await head.report()
    assert await head.act("comment", own, text="内部", internal=True)


# What no act takes.

CAN: dict[str, tuple[str, str]] = {
    "edit": ("new", "resident"),
    "withdraw": ("new", "resident"),
    "accept": ("new", "grid_head"),
    "reject": ("new", "grid_head"),
    "dispatch": ("accepted", "grid_head"),
    "take": ("dispatched", "property"),
    "hand_back": ("dispatched", "property"),
    "recall": ("dispatched", "grid_head"),
    "undo": ("dispatched", "grid_head"),
    "resolve": ("accepted", "grid_head"),
    "confirm": ("resolved", "resident"),
    "settle": ("resolved", "community"),
    "reopen": ("resolved", "resident"),
    "escalate": ("new", "grid_head"),
    "wait": ("accepted", "grid_head"),
    "resume": ("waiting", "grid_head"),
    "ask": ("accepted", "grid_head"),
    "answer": ("asked", "resident"),
    "appeal": ("rejected", "resident"),
    "recategorise": ("new", "grid_head"),
    "return": ("escalated", "community"),
    "reassign": ("new", "community"),
    "not_mine": ("new", "grid_head"),
    "extend": ("accepted", "community"),
    "call_up": ("accepted", "community"),
    "report": ("accepted", "other_department"),
    "release": ("accepted", "community"),
    "urge": ("new", "resident"),
    "comment": ("new", "resident"),
}
ELSEWHERE = {"merge", "unmerge", "vote", "split"}  # in test_merging.py, test_splitting.py
TEXTS = {"edit": "description", "reject": "text", "dispatch": "note", "hand_back": "text", "resolve": "text",
         "confirm": "text", "settle": "text", "reopen": "text", "escalate": "reason", "comment": "text",
         "ask": "text", "answer": "text", "appeal": "text", "recategorise": "reason", "return": "reason",
         "not_mine": "reason", "extend": "reason", "call_up": "text", "report": "text",
         "release": "reason"}  # fmt: skip
BAD_TEXTS: tuple[Any, ...] = (5, ["x"], {}, True, "灯\x00", "灯\x1b", "灯\ud83d", "灯" * 2001)
OPTIONAL_TEXTS = {"edit", "dispatch", "hand_back", "confirm"}  # blank is as if absent
NO_MOMENTS: tuple[Any, ...] = (
    *(
        "",
        "明天",
        1,
        4e9,
        None,
        True,
        [],
        "2026-03-04",
        "17:30",
        "2126-03-04T17:30:00",
    ),  # the last: in which zone?
    *(
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+12:00",
        "2020-01-01T00:00:00Z",
        "2126-01-01T00:00:00Z",
    ),
)
CODES = {
    ("wait", "reason"): ("", "other", 1, None, "not_ours"),
    ("wait", "until"): NO_MOMENTS,
    ("ask", "until"): NO_MOMENTS,
    ("recategorise", "category"): ("", "灯", "stairs", 5, None, "stair_light"),
    ("reassign", "place_id"): ("944号", 5, None, "", str(uuid4())),
    ("extend", "minutes"): (0, -1, True, "60", 1.5, None, 1441, 2**31, 10**30),
    ("reject", "reason"): ("", "other", 1, None, "fixed", ["not_ours"]),
    ("hand_back", "reason"): ("", "not_ours", 1, None),
    ("dispatch", "organisation_id"): ("人和物业", 5, None, "", str(uuid4())),
    ("call_up", "organisation_ids"): ("消防", 5, None, {}, [], [str(uuid4())] * 21),
    ("report", "photo_ids"): ("x", 5, None, {}, [str(uuid4())], [str(uuid4())] * 10),
    ("release", "organisation_id"): ("消防", 5, None, "", str(uuid4())),
    ("hand_back", "proposed_organisation_id"): ("人和物业", 5, str(uuid4())),
    ("resolve", "outcome"): ("withdrawn", "done", "", 1, None),
    ("confirm", "verdict"): ("silent", "not_solved", "good", "", None, True),
    ("confirm", "rating"): (0, 6, -1, True, "5", 4.5, 10**30, [5]),
    ("comment", "internal"): ("yes", 1, None),
}
SERVER_OWNED = (
    "status",
    "level",
    "holder_id",
    "reporter_id",
    "accepted_at",
    "id",
    "seq",
    "points",
    "actions",
)


def bad_bodies(action: str) -> list[tuple[dict[str, Any], str]]:
    """Return bodies the act must refuse, each with where it is wrong."""
    bad: list[tuple[dict[str, Any], str]] = [({name: "x"}, f"/{name}") for name in (*SERVER_OWNED, "more")]
    if action in UNVERSIONED:
        bad.append(({"version": 1}, "/version"))
    else:
        bad += [
            ({"version": v}, "/version") for v in (..., None, "1", "x", 0, -1, 1.5, True, 2**31, 10**30, [1])
        ]
    if action in TEXTS:
        texts = BAD_TEXTS if action in OPTIONAL_TEXTS else (*BAD_TEXTS, *BLANKS)
        bad += [({TEXTS[action]: text}, f"/{TEXTS[action]}") for text in texts]
    for (act, name), values in CODES.items():
        if act == action:
            bad += [({name: value}, f"/{name}") for value in values]
    required = set(BODIES[action]) - ({"description"} if action == "edit" else set())
    return bad + [({name: ...}, f"/{name}") for name in required]


async def about_to(action: str, people_of: Everybody) -> tuple[Person, dict[str, Any], dict[str, Any]]:
    """Return who is about to do an act, the ticket where it can be done, and a body that would do."""
    resident, head, company, community, fire = await people_of(
        "resident", "grid_head", "property", "community", "other_department"
    )
    step, who = CAN[action]
    ticket = await world.brought(step, resident, head, company)
    right = ({} if action in UNVERSIONED else {"version": ticket["version"]}) | BODIES[action]
    if action in {"call_up", "report", "release"}:
        called = await community.organisation(ticket, "消防")
        if action != "call_up":
            await community.act("call_up", ticket, organisation_ids=[called], text="来")
        named: dict[str, dict[str, Any]] = {
            "call_up": {"organisation_ids": [called]},
            "release": {"organisation_id": called},
        }
        right |= named.get(action, {})
    if action == "dispatch":
        right["organisation_id"] = await head.organisation(ticket)
    if action == "reassign":
        right["place_id"] = await community.place("人和家园")
    cast = {"resident": resident, "grid_head": head, "property": company, "community": community}
    return (cast | {"other_department": fire})[who], ticket, right


def test_every_action_is_tried() -> None:
    assert CAN.keys() | ELSEWHERE == MOVES.keys()


@pytest.mark.parametrize(
    "action", sorted(CAN.keys() - {"comment", "edit"})
)  # words only: each is as good as the other
async def test_of_six_who_do_the_same_at_once_one_does_it(action: str, people_of: Everybody) -> None:
    person, ticket, right = await about_to(action, people_of)
    seq = await db.fetchrow("SELECT seq FROM ticket WHERE id = $1", ticket["id"])
    path = f"/tickets/{ticket['id']}/{action}"
    tries = await asyncio.gather(*(person.ask("POST", path, json=right) for _ in range(6)))
    statuses = sorted(one.status_code for one in tries)
    assert statuses[0] == 200
    assert not {200, *range(500, 600)} & set(statuses[1:]), statuses
    after = await db.fetchrow("SELECT seq FROM ticket WHERE id = $1", ticket["id"])
    assert seq
    assert after
    assert after["seq"] == seq["seq"] + 1


@pytest.mark.parametrize("action", CAN)
async def test_a_bad_body_is_refused_at_its_place_in_chinese_and_writes_nothing(
    action: str, people_of: Everybody
) -> None:
    person, ticket, right = await about_to(action, people_of)
    before = await world.written()
    path, headers = f"/tickets/{ticket['id']}/{action}", {"content-type": "application/json"}
    for changes, pointer in bad_bodies(action):
        body = {name: value for name, value in (right | changes).items() if value is not ...}
        refused = await person.ask("POST", path, content=json.dumps(body), headers=headers)
        assert refused.status_code == 422, (str(changes)[:80], refused.text)
        said = problem(refused, 422, "invalid")["errors"]
        assert pointer in [error["pointer"] for error in said], str(changes)[:80]
        assert all(CHINESE.search(error["detail"]) for error in said), said
    for broken in (b"", b"null", b"[]", b"{", b"\xff", b"[" * 50_000):
        refused = await person.ask("POST", path, content=broken, headers=headers)
        problem(refused, refused.status_code)
        assert refused.status_code in {400, 422}, broken[:9]
    assert await world.written() == before
    answer(await person.ask("POST", path, json=right))
