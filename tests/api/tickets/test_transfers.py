"""Who holds a ticket next: returned, reassigned, not mine; and limits that are set anew: extended, another category."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app import clock, db
from app.rules import workdays
from app.rules.workdays import Clock
from app.services.setup import catalogue
from app.services.tickets.clocks import rerouting
from tests import world
from tests.world import (
    Cast,
    Everybody,
    Person,
    id_of_code,
    last_event,
    later,
    moment,
    problem,
    run_jobs,
    ticket_row,
)

NEIGHBOURS = "人和家园"  # an estate of the third grid, in the same community
ELSEWHERE = "柏林社区"


# Down again.


async def test_what_came_up_may_be_returned_and_no_clock_changes(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report()
    up = await head.act("escalate", ticket, reason="要社区协调")
    down = await community.act("return", ticket, reason="网格可以办")
    assert (down["level"], down["holder"]["label"], down["status"]) == (1, "万寿山社区第四网格", "new")
    assert down["sla"] == up["sla"]
    assert (await last_event(resident, ticket))["text"] == "网格可以办"
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
    before = await ticket_row(ticket)
    place = await community.place(NEIGHBOURS)
    moved = await community.act("reassign", ticket, place_id=place)
    assert (moved["place"]["id"], moved["holder"]["label"]) == (place, "万寿山社区第三网格")
    assert "accept" in (await other.ticket(ticket["id"]))["actions"]
    problem(await head.ask("GET", f"/tickets/{ticket['id']}"), 404)
    after = await ticket_row(ticket)
    assert (after["first_unit_id"], after["resolve_due"]) == (before["first_unit_id"], before["resolve_due"])


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        *(("944号4单元", "944号4单元", "3楼"), ("944号", "944号4单元", "3楼")),
        *(("944号4单元", "944号", None), ("944号4单元", "944号2单元", None), ("944号4单元", "946号", None)),
        ("944号4单元", NEIGHBOURS, None),
    ],
)
async def test_a_reassigned_ticket_keeps_its_note_within_its_place_only(
    people_of: Everybody, before: str, after: str, note: str | None
) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report(place_id=await resident.place(before), place_note="3楼")
    moved = await community.act("reassign", ticket, place_id=await community.place(after))
    assert (moved["place_note"], (await resident.ticket(ticket["id"]))["place_note"]) == (note, note)


async def test_reassigning_starts_the_accept_clock_anew(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report()
    community = await later(community, "community", minutes=28)
    before = clock.now()
    moved = await community.act("reassign", ticket, place_id=await community.place(NEIGHBOURS))
    due = moment(moved["sla"]["accept_due"])
    assert before + timedelta(minutes=30) <= due <= clock.now() + timedelta(minutes=30)
    assert moved["sla"]["resolve_due"] == ticket["sla"]["resolve_due"]
    assert (await ticket_row(ticket))["accept_step"] == 0


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
    assert (await last_event(community, ticket))["text"] == "这栋楼归第三网格"
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
    line = await last_event(resident, ticket)
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
    calendar = (await catalogue.cached_catalogue()).calendar
    start = moment(ticket["created_at"])
    for name, minutes in (("accept_due", 120), ("resolve_due", 240)):
        due = workdays.add(start, timedelta(minutes=minutes), Clock.WORKING, calendar)
        assert moment(changed["sla"][name]) == due
    assert (changed["category"]["code"], changed["version"]) == ("garbage", ticket["version"] + 1)
    line = await last_event(resident, ticket)
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
    after = await ticket_row(ticket)
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
    after = await ticket_row(ticket)
    assert after["acknowledge_due"] == after["dispatched_at"] + timedelta(minutes=30)


async def test_the_alarm_follows_the_other_category(cast: Cast) -> None:
    """Counted on its clock: 80 % of 120 office minutes instead of 80 % of half an hour, day or night."""
    resident, head, _ = cast
    ticket = await resident.report()
    await head.act("recategorise", ticket, category="garbage", reason="是垃圾挡住了灯")
    after, calendar = await ticket_row(ticket), (await catalogue.cached_catalogue()).calendar
    assert after["timer_at"] == workdays.add(
        after["created_at"], timedelta(minutes=96), Clock.WORKING, calendar
    )


# To a grid, by hand.


async def test_a_grid_gets_a_ticket_by_hand_and_the_place_stays(people_of: Everybody) -> None:
    resident, head, other, community = await people_of(
        "resident", "grid_head", "other_grid_head", "community"
    )
    ticket = await resident.report()
    before = await ticket_row(ticket)
    await head.act("not_mine", ticket, reason="归第三网格管")
    community = await later(community, "community", minutes=3)
    moved = await community.act("reassign", ticket, grid_id=await id_of_code("wss-g3"))
    assert (moved["holder"]["label"], moved["level"]) == ("万寿山社区第三网格", 1)
    assert moved["place"] == ticket["place"]
    assert moved["sla"]["resolve_due"] == ticket["sla"]["resolve_due"]
    assert moment(moved["sla"]["accept_due"]) > moment(ticket["sla"]["accept_due"])
    other = await later(other, "other_grid_head")
    assert "accept" in (await other.ticket(ticket["id"]))["actions"]
    assert (await ticket_row(ticket))["first_unit_id"] == before["first_unit_id"]


async def test_a_position_without_an_address_gets_a_grid_by_hand(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report(place_id=None, position={"lat": 29.7, "lng": 106.6})
    row = await ticket_row(ticket)
    community_of = "community" if str(row["community_id"]) == await id_of_code("wss") else None
    (street,) = await people_of("street")
    moved = await (community if community_of else street).act(
        "reassign", ticket, grid_id=await id_of_code("wss-g4")
    )
    assert (moved["holder"]["label"], moved["place"]) == ("万寿山社区第四网格", None)


@pytest.mark.parametrize(
    ("persona", "grid", "sentence"),
    [
        ("community", "bl-g1", "只能改派给您管辖范围内的网格"),
        ("community", "wss", "没有这个网格，请重新选择"),
        ("street", "wss-944", "没有这个网格，请重新选择"),
        ("community", None, "没有这个网格，请重新选择"),
        ("community", "wss-g4", "已经由万寿山社区第四网格办理"),
    ],
)
async def test_only_a_grid_of_ones_own_that_does_not_have_it_yet_is_given_a_ticket(
    people_of: Everybody, persona: str, grid: str | None, sentence: str
) -> None:
    resident, office = await people_of("resident", persona)
    ticket = await resident.report()
    before = await world.written()
    grid_id = await id_of_code(grid) if grid else world.MADE_UP
    refused = problem(await office.try_to("reassign", ticket, grid_id=grid_id), 422, "invalid")
    assert refused["errors"] == [{"pointer": "/grid_id", "detail": sentence}]
    assert await world.written() == before


@pytest.mark.parametrize(
    "body", [{}, {"grid_id": None}, {"grid_id": world.MADE_UP, "place_id": world.MADE_UP}]
)
async def test_a_ticket_is_reassigned_to_a_place_or_a_grid(
    people_of: Everybody, body: dict[str, Any]
) -> None:
    resident, community = await people_of("resident", "community")
    refused = problem(await community.try_to("reassign", await resident.report(), **body), 422)
    assert "网格 grid_id" in str(refused["errors"])


async def leave_unstaffed(code: str) -> None:
    """Have everybody in a grid away."""
    await db.fetch(
        "UPDATE post SET absent_from = '2000-01-01' WHERE place_id = (SELECT id FROM place WHERE code = $1)",
        code,
    )
    await db.fetch("UPDATE setup SET version = version + 1")


async def test_a_grid_where_nobody_is_available_leaves_it_to_its_community(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report()
    await leave_unstaffed("wss-g5")
    moved = await community.act("reassign", ticket, grid_id=await id_of_code("wss-g5"))
    assert (moved["level"], moved["holder"]["label"]) == (2, "万寿山社区")
    assert str((await ticket_row(ticket))["grid_id"]) == await id_of_code("wss-g5")


async def test_what_a_street_gives_to_another_community_is_that_communitys(people_of: Everybody) -> None:
    resident, community, other, street = await people_of("resident", "community", "other_community", "street")
    ticket = await resident.report()
    moved = await street.act("reassign", ticket, grid_id=await id_of_code("bl-g1"))
    assert moved["place"] == ticket["place"]
    problem(await community.ask("GET", f"/tickets/{ticket['id']}"), 404)
    assert (await other.ticket(ticket["id"]))["place"] == ticket["place"]


async def test_a_reroute_does_not_undo_what_was_given_by_hand(people_of: Everybody) -> None:
    """The grid moves to another community: what its covers brought goes by the covers, what a person gave stays."""
    resident, community = await people_of("resident", "community")
    given = await resident.report()  # at 944号, which is covered by another grid
    await community.act("reassign", given, grid_id=await id_of_code("wss-g3"))
    covered = await resident.report(place_id=await community.place(NEIGHBOURS))
    third, there = await id_of_code("wss-g3"), await id_of_code("bl")
    await db.fetch("DELETE FROM grid_cover WHERE grid_id = $1", third)
    await db.fetch(
        "UPDATE place g SET parent_id = c.id, path = c.path || g.id FROM place c WHERE g.id = $1 AND c.id = $2",
        *(third, there),
    )
    await db.fetch("UPDATE setup SET version = version + 1")
    assert await rerouting.reroute([UUID(third)]) == 2
    kept, gone = await ticket_row(given), await ticket_row(covered)
    assert (str(kept["holder_id"]), str(kept["community_id"])) == (third, there)
    assert str(gone["holder_id"]) != third
    assert await rerouting.reroute([UUID(third)]) == 0


# What the reporter and the office are told meanwhile.


async def labels(somebody: Person) -> list[str]:
    await run_jobs()
    return [notice["label"] for notice in (await somebody.get("/notices"))["items"]]


async def test_the_reporter_is_told_of_another_grid_once_and_when_it_has_it(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report()
    await head.act("not_mine", ticket, reason="归第三网格管")
    assert await labels(resident) == []
    assert (await labels(community))[0] == "等您分派：“人和家园944号4单元 楼道灯不亮”"
    assert (await last_event(resident, ticket))["label"] == "待重新分派"
    await community.act("reassign", ticket, grid_id=await id_of_code("wss-g3"))
    assert await labels(resident) == ["您上报的“人和家园944号4单元 楼道灯不亮”已改由其他网格办理"]
    assert (await last_event(resident, ticket))["label"] == "已改派"


async def test_a_ticket_that_comes_back_to_its_grid_is_no_news_for_the_reporter(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report()
    await head.act("not_mine", ticket, reason="归第三网格管")
    await community.act("reassign", ticket, grid_id=await id_of_code("wss-g4"))
    await community.act("reassign", ticket, place_id=await community.place("944号5单元"))
    assert await labels(resident) == []
    assert (await labels(head))[0].startswith("改派办理")


async def test_a_place_without_a_grid_is_no_other_grid(people_of: Everybody) -> None:
    resident, street = await people_of("resident", "street")
    await street.act("reassign", await resident.report(), place_id=await street.place(ELSEWHERE))
    assert await labels(resident) == []


async def test_what_the_community_gets_for_want_of_a_grid_is_said_so(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report()
    await leave_unstaffed("wss-g5")
    await community.act("reassign", ticket, grid_id=await id_of_code("wss-g5"))
    assert await labels(resident) == ["您上报的“人和家园944号4单元 楼道灯不亮”已转上一级办理"]


async def test_the_card_says_who_sent_it_back_and_why(people_of: Everybody) -> None:
    resident, head, community, street = await people_of("resident", "grid_head", "community", "street")
    ticket = await resident.report()
    gone = await head.act("not_mine", ticket, reason="这栋楼归第三网格，电话 13812345678")
    assert "sent_back" not in gone
    said = {"by": "万寿山社区第四网格", "reason": "这栋楼归第三网格，电话 13812345678"}
    for office in (community, street):
        (card,) = (await office.get("/tickets", box="unassigned"))["items"]
        assert card["sent_back"] == said
        assert (await office.ticket(ticket["id"]))["sent_back"] == said
    assert "sent_back" not in await resident.ticket(ticket["id"])
    again = await community.act("reassign", ticket, grid_id=await id_of_code("wss-g3"))
    assert "sent_back" not in again
    queued = await community.act("not_mine", ticket, reason="还要再看")  # the answer to the act itself
    assert queued["sent_back"] == {"by": "万寿山社区第三网格", "reason": "还要再看"}


async def test_a_ticket_no_grid_has_had_was_sent_back_by_nobody(people_of: Everybody) -> None:
    resident, other = await people_of("resident", "other_community")
    ticket = await resident.report(place_id=await other.place(ELSEWHERE))
    assert (await other.ticket(ticket["id"]))["sent_back"] is None
