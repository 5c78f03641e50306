"""Lists: always inside one's scope, newest first, page by page without gap or repeat."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import clock
from tests import world
from tests.world import Everybody, Person, problem


async def box(person: Person, **params: Any) -> list[str]:
    """Return the ids of one page."""
    return [ticket["id"] for ticket in (await person.get("/tickets", **params))["items"]]


def ids(tickets: Iterable[dict[str, Any]]) -> list[str]:
    """Return the ids of tickets."""
    return [ticket["id"] for ticket in tickets]


async def through(person: Person, **params: Any) -> list[list[str]]:
    """Return every page of a list."""
    pages: list[list[str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await person.get("/tickets", **params, **cursor)
        pages.append(ids(page["items"]))
        if page["next"] is None:
            return pages
        cursor = {"cursor": page["next"]}


async def test_residents_see_their_own_and_others_their_inbox(people_of: Everybody) -> None:
    """Without `box`: `mine` for who holds no post, `inbox` for whoever does."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await resident.report()
    own = await head.report(
        place_id=await head.place("936号")
    )  # the third grid's, though the head reported it
    assert await box(resident) == await box(resident, box="mine") == [ticket["id"]]
    assert await box(head) == await box(head, box="inbox") == [ticket["id"]]
    assert await box(head, box="mine") == [own["id"]]
    assert await box(company) == []
    await head.dispatch(ticket)
    assert await box(company) == await box(company, box="inbox") == [ticket["id"]]
    assert await box(company, box="mine") == []


async def test_the_inbox_is_what_is_open_and_ones_own_units_to_answer_for(people_of: Everybody) -> None:
    resident, member, head, community, street, auditor, admin = await people_of(
        "resident", "member", "grid_head", "community", "street", "auditor", "admin"
    )
    ticket = await resident.report()

    async def inboxes() -> list[bool]:
        return [
            await box(person, box="inbox") == [ticket["id"]] for person in (member, head, community, street)
        ]

    assert await inboxes() == [True, True, False, False]
    await head.act("escalate", ticket, reason="需要社区协调")
    assert await inboxes() == [False, False, True, False]
    await community.act("escalate", ticket, reason="需要街道协调")
    assert await inboxes() == [False, False, False, True]
    await street.act("reject", ticket, reason="not_ours", text="不归本街道")
    assert await inboxes() == [False, False, False, False]
    for nobody in (resident, auditor, admin):
        assert await box(nobody, box="inbox") == []


async def test_a_resolved_ticket_waits_in_the_inbox_until_it_is_closed(people_of: Everybody) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await world.brought("resolved", resident, head, company)
    assert await box(head) == await box(company) == [ticket["id"]]
    await resident.act("confirm", ticket, verdict="solved")
    assert await box(head) == await box(company) == []
    assert await box(head, box="all") == await box(company, box="all") == [ticket["id"]]


async def test_all_is_ones_scope_and_no_more(people_of: Everybody) -> None:
    names = ("member", "grid_head", "community", "street", "auditor")
    resident, *sees = await people_of("resident", *names)
    ticket = await resident.report()
    for person in sees:
        assert await box(person, box="all") == [ticket["id"]]
    strangers = ("neighbour", "other_grid_head", "other_community", "property", "department", "admin")
    for stranger in await people_of(*strangers):
        for kind in ("mine", "inbox", "unassigned", "all"):
            assert await box(stranger, box=kind, status="new", category="stair_light") == [], kind


async def test_who_reported_and_holds_it_sees_it_once(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    ticket = await head.report()
    assert await box(head, box="all") == [ticket["id"]]


async def test_a_grid_still_sees_what_moved_up(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await head.act("escalate", ticket, reason="需要社区协调")
    assert await box(head) == []
    assert await box(head, box="all") == [ticket["id"]]


async def test_the_unassigned_are_for_community_and_street(people_of: Everybody) -> None:
    """Others find an empty box; what is assigned or over is not in it."""
    resident, community, street = await people_of("resident", "community", "street")
    await resident.report()
    ticket = await resident.report(place_id=await resident.place("万寿山社区"))
    assert await box(community, box="unassigned") == await box(street, box="unassigned") == [ticket["id"]]
    assert await box(community, box="inbox") == []
    for person in await people_of("resident", "member", "grid_head", "property", "auditor", "admin"):
        assert await box(person, box="unassigned") == []
    await community.act("reject", ticket, reason="unclear", text="说不清是哪里")
    assert await box(community, box="unassigned") == []


async def test_pages_follow_without_gap_or_repeat(people_of: Everybody) -> None:
    """Twenty-seven tickets, newest first, though new ones arrive between the pages."""
    people = resident, neighbour = await people_of("resident", "neighbour")
    head, street = await people_of("grid_head", "street")
    made = [(await people[n % 2].report())["id"] for n in range(27)]
    newest_first = sorted(made, reverse=True)
    for person, kind in ((head, "inbox"), (head, "all"), (street, "all")):
        for limit in (1, 9, 10, 26, 27, 28, 100):
            pages = await through(person, box=kind, limit=limit)
            assert [one for page in pages for one in page] == newest_first
            assert {len(page) for page in pages[:-1]} <= {limit}
            assert pages[-1]
    assert [len(page) for page in await through(head)] == [20, 7]
    assert await box(resident) == newest_first[::2]
    page = await head.get("/tickets", limit=10)
    await neighbour.report()
    assert await box(head, limit=100, cursor=page["next"]) == newest_first[10:]


async def test_lists_are_narrowed_by_status_category_place_and_being_overdue(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    light = await resident.report()
    door = await resident.report(category="access_door", description="门禁坏了")
    elsewhere = await resident.report(place_id=await resident.place("946号"))
    await head.act("accept", elsewhere)
    both = [elsewhere["id"], light["id"]]
    assert await box(head, status="new") == [door["id"], light["id"]]
    assert await box(head, status="accepted") == [elsewhere["id"]]
    assert await box(head, category="access_door") == [door["id"]]
    assert await box(head, category="stair_light", status="new") == [light["id"]]
    assert await box(head, place_id=light["place"]["id"]) == [door["id"], light["id"]]
    assert await box(head, place_id=await head.place("944号")) == [door["id"], light["id"]]
    assert await box(head, place_id=await head.place("人和街道"), category="stair_light") == both
    assert await box(head, place_id=str(uuid4())) == []
    assert await box(head, overdue=True) == []
    assert len(await box(head, overdue=False)) == 3
    clock.travel(timedelta(minutes=31))
    (head,) = await people_of("grid_head")
    assert await box(head, overdue=True) == [light["id"]]  # 946号 was accepted, the door has working hours
    assert await box(head, overdue=False) == [elsewhere["id"], door["id"]]
    clock.travel(timedelta(hours=24))
    (head,) = await people_of("grid_head")
    assert set(both) <= set(await box(head, overdue=True))


async def test_overdue_in_the_list_is_overdue_in_the_ticket(people_of: Everybody) -> None:
    """New, accepted, resolved too late, closed too late, withdrawn: both say the same."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    made = [await world.brought(step, resident, head, company) for step in ("new", "accepted", "dispatched")]
    withdrawn = await world.brought("withdrawn", resident, head, company)
    clock.travel(timedelta(hours=25))
    resident, company, street = await people_of("resident", "property", "street")
    await company.resolve(made[2])
    for overdue, expected in ((True, made), (False, [withdrawn])):
        page = await street.get("/tickets", box="all", overdue=overdue)
        assert sorted(ids(page["items"])) == sorted(ids(expected))
        assert {ticket["sla"]["overdue"] for ticket in page["items"]} == {overdue}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("cursor=x", "/cursor"),
        ("cursor=%00", "/cursor"),
        *(  # numbers of a page by limits that int() reads, and no page gave
            (f"box=inbox&order=due&cursor={start}_01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11", "/cursor")
            for start in ("0_%2B5", "0_1_0", "1_ 5", "7_5", "0_5.0", "0_５")
        ),
        ("cursor=" + "9" * 201, "/cursor"),
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=-1", "/limit"),
        ("limit=ten", "/limit"),
        ("limit=", "/limit"),
        ("status=gone", "/status"),
        ("status=%00", "/status"),
        ("box=everything", "/box"),
        ("category=no_such", "/category"),
        ("category=%00", "/category"),
        ("category=%ff", "/category"),
        ("place_id=944", "/place_id"),
        ("overdue=maybe", "/overdue"),
        ("status=new&status=gone", "/status"),
        ("category=stair_light&category=no_such", "/category"),
        ("origin=moon", "/origin"),
        ("verdict=%27%20OR%201=1", "/verdict"),
        ("&".join(f"place_id={UUID(int=n)}" for n in range(51)), "/place_id"),
        ("created_from=2026-13-01", "/created_from"),
        ("created_from=2026-12-02&created_to=2026-12-01", "/created_to"),
        ("due_from=2026-12-02&due_to=2026-12-01", "/due_to"),
        ("ended_from=2026-12-02&ended_to=2026-12-01", "/ended_to"),
        ("day=yesterday", "/day"),
        ("day=2026-12-01&order=due", "/day"),
    ],
)
async def test_a_question_that_makes_no_sense_is_422(query: str, pointer: str, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    said = problem(await head.ask("GET", f"/tickets?{query}"), 422, "invalid")
    assert [error["pointer"] for error in said["errors"]] == [pointer]


async def test_a_made_up_cursor_only_says_where_to_go_on(people_of: Everybody) -> None:
    """Somebody else's id as a cursor shows nothing of theirs."""
    resident, neighbour = await people_of("resident", "neighbour")
    ticket = await resident.report()
    assert await box(neighbour, cursor=ticket["id"]) == []
    assert await box(resident, cursor=str(UUID(int=0))) == []
    assert await box(resident, cursor=str(UUID(int=2**128 - 1))) == [ticket["id"]]


async def test_a_ticket_in_a_list_is_the_ticket_itself(people_of: Everybody) -> None:
    names = ("resident", "member", "grid_head", "community", "street", "property", "auditor")
    resident, member, head, *others = await people_of(*names)
    ticket = await resident.report(description="电话 13812345678", contact_phone="13812345678")
    await head.dispatch(ticket)
    for person in (resident, member, head, *others):
        (shown,) = (await person.get("/tickets", box="all"))["items"]
        assert shown == await person.ticket(ticket["id"])


# What ends next comes first.


async def by_due(person: Person, **params: Any) -> list[str]:
    """Return the ids of an inbox by the limit that ends next, page by page of two."""
    found, cursor = list[str](), dict[str, str]()
    while True:
        page = await person.get("/tickets", order="due", limit=2, **cursor, **params)
        found += [ticket["id"] for ticket in page["items"]]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


async def test_an_inbox_is_sorted_by_the_limit_that_ends_next(people_of: Everybody) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    light = await resident.report()  # to accept in 30 minutes
    trapped = await resident.report(category="lift_trapped")  # in 5
    accepted = await resident.report()  # to resolve in a day
    await head.act("accept", accepted)
    passed_on = await resident.report(
        category="pipe_burst"
    )  # to be taken in 30 minutes, later than the light
    await head.dispatch(passed_on)
    done = await resident.report(category="power_out")
    await head.act("accept", done)
    await head.resolve(done)
    wanted = [ticket["id"] for ticket in (trapped, light, passed_on, accepted, done)]
    assert await by_due(head) == wanted
    await company.act("take", passed_on)  # now it has its day, from before the other's
    assert await by_due(head) == [trapped["id"], light["id"], accepted["id"], passed_on["id"], done["id"]]
    assert await by_due(head, status="new") == [trapped["id"], light["id"]]


async def test_a_danger_comes_first_until_it_is_resolved_page_by_page(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    lights = [await resident.report() for _ in range(3)]  # to accept in 30 minutes
    dangers = [await resident.report(category="fire_passage") for _ in range(3)]  # in 10
    for danger in dangers:
        await head.act("accept", danger)  # to resolve in two hours: later than the lights
    wanted = [ticket["id"] for ticket in (*dangers, *lights)]
    assert await by_due(head) == wanted
    await head.resolve(dangers[0])
    assert await by_due(head) == [*wanted[1:], wanted[0]]


@pytest.mark.parametrize(
    "params",
    [
        {"box": "all"},
        {"box": "mine"},
        {"cursor": "x"},
        {"cursor": "1_2"},
        {"cursor": f"1_{UUID(int=1)}"},
        {"cursor": f"0_{10**30}_{UUID(int=1)}"},
        {"cursor": f"x_1_{UUID(int=1)}"},
    ],
)
async def test_only_open_boxes_are_sorted_so_and_only_from_where_a_page_ended(
    people_of: Everybody, params: dict[str, str]
) -> None:
    (head,) = await people_of("grid_head")
    problem(await head.ask("GET", "/tickets", params={"order": "due"} | params), 422)
