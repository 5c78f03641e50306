"""The grids of a community: read as they stand, cut anew whole, and nothing lost of what a vanished grid held."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app import clock, db
from app.enums import Role
from app.errors import NotFound
from app.services import ledger
from app.services.ledger import verify
from app.services.outbox import jobs
from app.services.posts import invitations
from app.services.tickets.clocks import rerouting
from tests import world
from tests.world import API, MADE_UP, Everybody, Person, answer, id_of_code, problem, run_jobs, ticket_row

FOURTH = "第四网格"


async def read(somebody: Person, code: str = "wss") -> Any:
    return await somebody.get("/settings/grids", place_id=await id_of_code(code))


async def put(somebody: Person, body: Any, code: str = "wss", **query: Any) -> httpx.Response:
    params = {"place_id": await id_of_code(code), **query}
    return await somebody.ask("PUT", "/settings/grids", params=params, json=body)


def said(grids: Any) -> dict[str, Any]:
    """Return what was read as it is sent back."""
    kept = [
        {"id": grid["id"], "name": grid["name"], "covers": [cover["id"] for cover in grid["covers"]]}
        for grid in grids["grids"]
    ]
    return {"version": grids["version"], "grids": kept}


def named(grids: Any, name: str) -> Any:
    return next(grid for grid in grids["grids"] if grid["name"] == name)


def left_out(grids: Any, *names: str) -> dict[str, Any]:
    body = said(grids)
    body["grids"] = [grid for grid in body["grids"] if grid["name"] not in names]
    return body


def handed_over(grids: Any) -> dict[str, Any]:
    """Leave the fourth grid out; the third takes 944号, where the fourth's other buildings fall to it by their estate."""
    return left_out(grids, FOURTH)


# Reading


async def test_a_community_reads_its_grids_with_covers_posts_and_tickets(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    await resident.report()
    grids = await read(community)
    assert [grid["name"] for grid in grids["grids"]] == [
        "第一网格",
        "第二网格",
        "第三网格",
        FOURTH,
        "第五网格",
        "第六网格",
    ]
    fourth = named(grids, FOURTH)
    assert {cover["label"] for cover in fourth["covers"]} == {
        f"人和家园{n}号" for n in (944, 946, 948, 950, 952)
    }
    assert (fourth["code"], fourth["label"], fourth["open_tickets"]) == ("wss-g4", "万寿山社区第四网格", 1)
    assert {post["role"]: bool(post["person"]) for post in fourth["posts"]} == {
        "head": True, "deputy": True, "duty": True, "member": True
    }  # fmt: skip
    vacant = {post["role"]: post["id"] for post in named(grids, "第一网格")["posts"] if not post["person"]}
    assert vacant == {"deputy": None, "duty": None}
    assert grids["without_grid"] == []


async def test_an_invitation_not_yet_redeemed_is_a_vacant_post(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    grid = named(await read(community), "第一网格")
    made = answer(await community.ask("POST", "/posts", json={"role": "duty", "place_id": grid["id"]}), 201)
    posts = named(await read(community), "第一网格")["posts"]
    assert [(p["id"], p["person"]) for p in posts if p["role"] == "duty"] == [(made["id"], None)]


async def test_who_runs_the_place_reads_and_others_do_not(people_of: Everybody) -> None:
    community, street, admin, other, head, auditor, resident = await people_of(
        "community", "street", "admin", "other_community", "grid_head", "auditor", "resident"
    )
    for somebody in (community, street, admin):
        assert (await read(somebody))["label"] == "万寿山社区"
    for nobody in (head, auditor, resident):
        params = {"place_id": await id_of_code("wss")}
        problem(await nobody.ask("GET", "/settings/grids", params=params), 403)
    told = [
        problem(await other.ask("GET", "/settings/grids", params={"place_id": place}), 404)
        | {"request_id": ""}
        for place in (await id_of_code("wss"), MADE_UP)
    ]
    assert told[0] == told[1]


async def test_grids_are_a_communitys(people_of: Everybody) -> None:
    community, street = await people_of("community", "street")
    for somebody, code, status in ((street, "rh", 422), (community, "rh", 403), (community, "wss-944", 422)):
        refused = await somebody.ask("GET", "/settings/grids", params={"place_id": await id_of_code(code)})
        problem(refused, status)
    for params in ({}, {"place_id": "x"}):
        assert problem(await street.ask("GET", "/settings/grids", params=params), 422)["errors"]


async def test_scope_is_asked_before_the_body_is_read(people_of: Everybody) -> None:
    other, head = await people_of("other_community", "grid_head")
    for somebody, status in ((other, 404), (head, 403)):
        params = {"place_id": await id_of_code("wss")}
        problem(await somebody.ask("PUT", "/settings/grids", params=params, content=b"{"), status)


# Cutting anew


async def test_what_was_read_can_be_written_back_and_changes_nothing_but_the_version(
    people_of: Everybody,
) -> None:
    (community,) = await people_of("community")
    before = await read(community)
    after = answer(await put(community, said(before)))
    assert (after.pop("preview"), after.pop("ended")) == (False, [])
    assert after == before | {"version": before["version"] + 1}
    assert after == await read(community)


async def test_a_grid_is_added_renamed_and_given_another_building(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    body = said(await read(community))
    building = await id_of_code("wss-944")
    body["grids"][3]["covers"].remove(building)
    body["grids"][3]["name"] = "和美网格"
    body["grids"].append({"name": "第七网格", "code": "wss-g7", "covers": [building]})
    after = answer(await put(community, body))
    assert [grid["name"] for grid in after["grids"]][3:] == ["和美网格", "第五网格", "第六网格", "第七网格"]
    assert named(after, "第七网格")["label"] == "万寿山社区第七网格"
    assert [cover["label"] for cover in named(after, "第七网格")["covers"]] == ["人和家园944号"]
    assert (await resident.get(f"/places/{building}"))["grid"] == "万寿山社区第七网格"
    ticket = await resident.report()
    assert ticket["holder"]["label"] == "万寿山社区"  # nobody answers in the new grid yet
    assert (await ticket_row(ticket))["grid_id"] == UUID(named(after, "第七网格")["id"])
    made = await community.ask(
        "POST", "/posts", json={"role": "head", "place_id": named(after, "第七网格")["id"]}
    )
    answer(made, 201)
    entries = await db.fetch("SELECT * FROM audit WHERE type = 'grids_cut'")
    assert [entry["subject_id"] for entry in entries] == [UUID(after["place_id"])]
    assert (len(entries[0]["data"]["added"]), entries[0]["data"]["covers"]) == (1, 1)
    assert "调整网格" in [entry["label"] for entry in (await community.get("/audit"))["items"]]


async def test_a_unit_and_its_building_may_lie_in_different_grids(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    body = said(await read(community))
    body["grids"][2]["covers"].append(await id_of_code("wss-944-4"))
    answer(await put(community, body))
    assert (await resident.report())["holder"]["label"] == "万寿山社区第三网格"
    assert (await resident.report(place_id=await resident.place("944号")))["holder"]["label"].endswith(FOURTH)


async def test_tickets_of_a_grid_that_stays_keep_holder_and_grid_though_the_building_moves(
    people_of: Everybody,
) -> None:
    community, resident, head = await people_of("community", "resident", "grid_head")
    ticket = await resident.report()
    body = said(await read(community))
    body["grids"][3]["covers"].remove(await id_of_code("wss-944"))
    before = await ticket_row(ticket)
    answer(await put(community, body))
    await run_jobs()
    assert await ticket_row(ticket) == before
    assert (await head.act("accept", ticket))["status"] == "accepted"
    assert (await resident.report())["holder"]["label"] == "万寿山社区第三网格"


FAULTS: list[tuple[str, Any, str]] = [
    ("/grids/0/covers/0", {"covers": ["bl-1"]}, "柏林社区"),
    ("/grids/0/covers/0", {"covers": ["rh"]}, "街道"),
    ("/grids/0/covers/0", {"covers": ["wss-g2"]}, "是网格"),
    ("/grids/0/covers/0", {"covers": [MADE_UP]}, "没有这个地点"),
    ("/grids/0/covers/1", {"covers": ["wss-wshy", "wss-wshy"]}, "两次"),
    ("/grids/1/covers/0", {"covers": ["wss-ssy"]}, "两次"),
    ("/grids/1/name", {"name": "第二网格"}, "都叫"),
    ("/grids/0/name", {"name": ""}, ""),
    ("/grids/0/name", {"name": "\u3000\u200b"}, ""),
    ("/grids/0/name", {"name": "网" * 61}, ""),
    ("/grids/0/code", {"code": "other"}, "不能改"),
    ("/grids/0/code", {"id": None, "code": "wss-g4"}, "用过"),
    ("/grids/0/code", {"id": None, "code": "wss-944"}, "用过"),
    ("/grids/0/code", {"code": "a b"}, ""),
    ("/grids/0/id", {"id": MADE_UP}, "没有编号"),
    ("/grids/1/id", {"id": "wss-g2"}, "同一个"),
    ("/grids/0/id", {"id": "bl-g1"}, "没有编号"),
    ("/grids/0/head", {"head": "x"}, ""),
]


@pytest.mark.parametrize(("pointer", "change", "word"), FAULTS)
async def test_a_fault_is_named_where_it_is_and_nothing_is_written(
    people_of: Everybody, pointer: str, change: Any, word: str
) -> None:
    (community,) = await people_of("community")
    before = await read(community)
    if any(code == "bl-1" for code in change.get("covers", ())):
        building = await db.fetchrow(
            "SELECT code FROM place WHERE level = 'building' AND path @> ARRAY[(SELECT id FROM place WHERE code = 'bl')] LIMIT 1"
        )
        assert building
        change = {"covers": [building["code"]]}
    body = said(before)
    found: dict[str, Any] = {
        name: [await _id(one) for one in value]
        if name == "covers"
        else await _id(value)
        if name == "id" and value
        else value
        for name, value in change.items()
    }
    body["grids"][0] |= found
    refused = problem(await put(community, body, confirm=True), 422)
    errors = {error["pointer"]: error["detail"] for error in refused["errors"]}
    assert word in errors[pointer]
    assert await read(community) == before
    assert not await db.fetch("SELECT FROM job")


async def _id(code: str) -> str:
    return code if code == MADE_UP else await id_of_code(code)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"version": 1},
        {"grids": []},
        {"version": "1", "grids": []},
        {"version": 1, "grids": [{}]},
        {"version": 1, "grids": [{"name": "甲"}]},
        {"version": 1, "grids": [None]},
        {"version": 1, "grids": [{"name": "甲", "covers": [1]}]},
        {"version": 1, "grids": [], "confirm": True},
    ],
)
async def test_a_list_must_make_sense(people_of: Everybody, body: Any) -> None:
    (community,) = await people_of("community")
    problem(await put(community, body), 422)


STRANGE: list[Any] = [
    *(
        None,
        True,
        0,
        -1,
        2**63,
        1e308,
        "",
        " \u3000",
        "\x00",
        "a\x00b",
        "\u202e\u2066",
        "楼" * 30_000,
        [],
        {},
        [[]],
    ),
    *(["x"], [None], [MADE_UP] * 2001, {"$gt": ""}, "'; DROP TABLE place; --", "１２３"),
]


@pytest.mark.parametrize("field", ["id", "code", "name", "covers"])
async def test_nothing_in_a_grid_is_too_strange(people_of: Everybody, field: str) -> None:
    (community,) = await people_of("community")
    before = await read(community)
    for value in STRANGE:
        body = said(before)
        body["grids"][0][field] = value
        answered = await put(community, body, preview=True)
        assert answered.status_code in {200, 413, 422}, (field, value, answered.text)
        if answered.status_code != 200:
            problem(answered, answered.status_code)
    assert await read(community) == before


async def test_two_places_of_a_grid_may_be_left_out_and_are_named(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    body = said(await read(community))
    body["grids"][2]["covers"] = []
    body["grids"][3]["covers"] = [await id_of_code("wss-944")]
    shown = answer(await put(community, body, preview=True))
    labels = {place["label"] for place in shown["without_grid"]}
    assert {"人和家园946号", "人和家园936号"} <= labels
    assert "人和家园944号" not in labels


async def test_a_building_all_of_whose_units_are_covered_is_not_left_out(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    body = said(await read(community))
    units = await db.fetch(
        "SELECT id::text FROM place WHERE parent_id = (SELECT id FROM place WHERE code = 'wss-944')"
    )
    body["grids"][2]["covers"] = []
    for covers, bare in (([unit["id"] for unit in units], False), ([unit["id"] for unit in units[1:]], True)):
        body["grids"][3]["covers"] = covers
        shown = answer(await put(community, body, preview=True))
        assert ("人和家园944号" in {place["label"] for place in shown["without_grid"]}) is bare


# A grid that goes


async def test_what_would_happen_is_said_first_and_nothing_happens(people_of: Everybody) -> None:
    community, resident, head = await people_of("community", "resident", "grid_head")
    for _ in range(2):
        await resident.report()
    before = await read(community)
    shown = answer(await put(community, handed_over(before), preview=True))
    (ended,) = shown["ended"]
    assert shown["preview"] is True
    assert ended["label"] == "万寿山社区第四网格"
    third = named(before, "第三网格")
    assert ended["rerouted"] == [{"to": third["id"], "label": "万寿山社区第三网格", "tickets": 2}]
    assert {post["role"] for post in ended["posts"]} == {"head", "deputy", "duty", "member"}
    assert await read(community) == before
    assert len((await head.get("/me"))["posts"]) == 1


async def test_a_preview_names_the_queue_and_a_grid_nobody_answers_in(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    await resident.report()
    body = left_out(await read(community), FOURTH, "第三网格")
    (fourth,) = [one for one in answer(await put(community, body, preview=True))["ended"] if one["rerouted"]]
    assert fourth["rerouted"] == [{"to": None, "label": "社区待分派", "tickets": 1}]
    body["grids"].append({"name": "新网格", "covers": [await id_of_code("wss-944")]})
    shown = answer(await put(community, body, preview=True))
    (fourth,) = [one for one in shown["ended"] if one["rerouted"]]
    assert [(to["label"], to["tickets"]) for to in fourth["rerouted"]] == [("万寿山社区", 1)]


async def test_a_grid_with_tickets_or_posts_goes_only_when_that_is_confirmed(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    await resident.report()
    before = await read(community)
    refused = problem(await put(community, handed_over(before)), 409, "unconfirmed")
    assert "撤销万寿山社区第四网格：1张未办结的工单转给万寿山社区第三网格，4个岗位终止" in refused["detail"]
    assert refused["version"] == before["version"]
    assert await read(community) == before
    assert [
        one["label"] for one in answer(await put(community, handed_over(before), confirm=True))["ended"]
    ] == ["万寿山社区第四网格"]


async def test_what_a_cut_does_is_told_in_the_language_of_the_reader(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    await resident.report()
    answer(await community.ask("PATCH", "/me", json={"language": "en"}))
    refused = problem(await put(community, handed_over(await read(community))), 409, "unconfirmed")
    assert refused["detail"] == (
        "万寿山社区第四网格 is dissolved: 1 open tickets go to 万寿山社区第三网格, 4 posts end. "
        "To go on, send it again and confirm"
    )


async def test_a_grid_with_neither_goes_unasked(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    body = said(await read(community))
    body["grids"].append({"name": "第七网格", "covers": []})
    after = answer(await put(community, body))
    assert named(after, "第七网格")
    assert len(answer(await put(community, left_out(after, "第七网格")))["grids"]) == 6


async def test_open_tickets_of_a_vanished_grid_go_by_todays_cover_and_its_posts_end(
    people_of: Everybody,
) -> None:
    community, resident, head = await people_of("community", "resident", "grid_head")
    ticket = await resident.report()
    assert "accept" in (await head.ticket(ticket["id"]))["actions"]
    clock.travel(timedelta(minutes=10))
    before = await ticket_row(ticket)
    answer(await put(community, handed_over(await read(community)), confirm=True))
    problem(await head.ask("GET", f"/tickets/{ticket['id']}"), 404)  # with the next request
    assert (await head.get("/me"))["posts"] == []
    await run_jobs()
    after = await ticket_row(ticket)
    assert (await resident.ticket(ticket["id"]))["holder"]["label"] == "万寿山社区第三网格"
    assert (after["level"], after["first_unit_id"]) == (1, before["first_unit_id"])
    assert after["accept_from"] > before["accept_from"] + timedelta(minutes=9)
    assert after["accept_due"] - after["accept_from"] == before["accept_due"] - before["accept_from"]
    assert after["resolve_due"] == before["resolve_due"]
    assert after["version"] == before["version"] + 1
    lines = (await community.get(f"/tickets/{ticket['id']}/events"))["items"]
    assert [line["type"] for line in lines] == ["ticket.submitted", "ticket.reassigned"]
    assert (lines[1]["actor"], lines[1]["data"]["cause"]) == (None, "grids")
    assert (await third_of_wss()) in {notice["person_id"] for notice in await told("ticket.reassigned")}
    assert not (await verify.verify_ledger()).broken
    audited = await db.fetch("SELECT data FROM audit WHERE type = 'post_ended'")
    assert {entry["data"]["role"] for entry in audited} == {"head", "deputy", "duty", "member"}


async def third_of_wss() -> Any:
    found = await db.fetchrow(
        "SELECT person_id FROM post WHERE role = 'head' AND place_id = (SELECT id FROM place WHERE code = 'wss-g3')"
    )
    assert found
    return found["person_id"]


async def told(type_: str) -> list[Any]:
    return await db.fetch("SELECT * FROM notice WHERE type = $1", type_)


@pytest.mark.parametrize("step", ["accepted", "dispatched", "taken"])
async def test_work_under_way_goes_on_in_the_new_hands(people_of: Everybody, step: str) -> None:
    community, resident, head, company = await people_of("community", "resident", "grid_head", "property")
    ticket = await world.brought(step, resident, head, company)
    before = await ticket_row(ticket)
    answer(await put(community, handed_over(await read(community)), confirm=True))
    await run_jobs()
    after = await ticket_row(ticket)
    assert after["holder_id"] == UUID(await id_of_code("wss-g3"))
    kept = ("status", "accepted_at", "organisation_id", "acknowledge_due", "resolve_due", "accept_due")
    assert [after[name] for name in kept] == [before[name] for name in kept]
    if step == "taken":
        assert (await company.resolve(ticket))["status"] == "resolved"


async def test_where_no_grid_is_left_the_communitys_queue_has_them(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    ticket = await resident.report()
    body = left_out(await read(community), FOURTH, "第三网格")
    answer(await put(community, body, confirm=True))
    await run_jobs()
    assert (await resident.ticket(ticket["id"]))["holder"] is None
    queue = (await community.get("/tickets", box="unassigned"))["items"]
    assert [shown["id"] for shown in queue] == [ticket["id"]]
    assert (await ticket_row(ticket))["grid_id"] is None


async def test_what_is_over_and_what_the_community_holds_stays(people_of: Everybody) -> None:
    community, resident, head, company = await people_of("community", "resident", "grid_head", "property")
    kept = [
        await world.brought(step, resident, head, company)
        for step in ("resolved", "closed", "rejected", "withdrawn", "escalated")
    ]
    before = [await ticket_row(ticket) for ticket in kept]
    answer(await put(community, handed_over(await read(community)), confirm=True))
    await run_jobs()
    assert [await ticket_row(ticket) for ticket in kept] == before
    shown = await resident.ticket(kept[1]["id"])
    gone = {"post": None, "role_name": None, "label": "万寿山社区第四网格", "name": None}
    assert shown["holder"] == gone  # readable for good


async def test_a_ticket_reopened_after_its_grid_went_finds_the_new_one(people_of: Everybody) -> None:
    community, resident, head, company = await people_of("community", "resident", "grid_head", "property")
    closed = await world.brought("closed", resident, head, company)
    answer(await put(community, handed_over(await read(community)), confirm=True))
    await run_jobs()
    again = await resident.act("reopen", closed, text="又不亮了")
    assert (again["status"], again["holder"]["label"]) == ("accepted", "万寿山社区第三网格")
    last = (await community.get(f"/tickets/{closed['id']}/events"))["items"][-1]
    assert last["data"]["unit"] == await id_of_code("wss-g3")


async def test_a_ticket_returned_to_a_vanished_grid_goes_to_the_one_there_is(people_of: Everybody) -> None:
    community, resident, head = await people_of("community", "resident", "grid_head")
    ticket = await resident.report()
    await head.act("escalate", ticket, reason="要社区协调")
    answer(await put(community, handed_over(await read(community)), confirm=True))
    down = await community.act("return", ticket, reason="网格可以办")
    assert (down["level"], down["holder"]["label"]) == (1, "万寿山社区第三网格")


async def test_a_vanished_grid_is_offered_nowhere(people_of: Everybody) -> None:
    community, resident, street = await people_of("community", "resident", "street")
    gone = await id_of_code("wss-g4")
    answer(await put(community, handed_over(await read(community)), confirm=True))
    children = await resident.get("/places", parent=await id_of_code("wss"), level="grid", limit=100)
    assert gone not in {place["id"] for place in children["items"]}
    assert (await resident.get(f"/places/{await id_of_code('wss-944')}"))["grid"] == "万寿山社区第三网格"
    for role in ("head", "member"):
        problem(await street.ask("POST", "/posts", json={"role": role, "place_id": gone}), 404)
    with pytest.raises(NotFound):
        await invitations.invite_by_name("head", "万寿山社区第四网格", None)
    body = said(await read(community))
    body["grids"].append({"name": FOURTH, "code": "wss-g4", "covers": []})
    problem(await put(community, body), 422)
    body["grids"][-1] = {"name": FOURTH, "covers": [await id_of_code("wss-944")]}
    answer(await put(community, body))  # by another code the name may come again
    assert (await invitations.invite_by_name("head", "万寿山社区第四网格", None)).code


# At the same time


async def test_who_was_slower_is_told_to_look_again(people_of: Everybody) -> None:
    community, street = await people_of("community", "street")
    grids = await read(community)
    bodies = [said(grids), said(grids)]
    bodies[0]["grids"][0]["name"], bodies[1]["grids"][0]["name"] = "甲网格", "乙网格"
    both = await asyncio.gather(put(community, bodies[0]), put(street, bodies[1]))
    assert sorted(one.status_code for one in both) == [200, 409]
    refused = next(one for one in both if one.status_code == 409)
    assert problem(refused, 409, "stale-version")["version"] == grids["version"] + 1
    assert (await read(community))["grids"][0]["name"] in {"甲网格", "乙网格"}
    assert len(await db.fetch("SELECT FROM audit WHERE type = 'grids_cut'")) == 1


async def test_another_change_of_the_setup_is_no_conflict(people_of: Everybody) -> None:
    community, street = await people_of("community", "street")
    body, first = said(await read(community)), {"role": Role.MEMBER, "place_id": await id_of_code("wss-g1")}
    await db.fetch("UPDATE setup SET version = version + 1")
    invited = [street.ask("POST", "/posts", json=first) for _ in range(5)]
    answers = await asyncio.gather(put(community, body), *invited)
    assert [one.status_code for one in answers] == [200, *[201] * 5]


async def test_accepting_beside_a_cut_loses_nothing(people_of: Everybody) -> None:
    """Whoever was first: the ticket is accepted or not, and in living hands in any case."""
    community, resident, head = await people_of("community", "resident", "grid_head")
    mine = [await resident.report() for _ in range(12)]
    body = handed_over(await read(community))

    async def accepted(ticket: Any) -> int:
        return (await head.try_to("accept", ticket)).status_code

    async def cut() -> int:
        status = (await put(community, body, confirm=True)).status_code
        await run_jobs()
        return status

    statuses = await asyncio.gather(*map(accepted, mine[:6]), cut(), *map(accepted, mine[6:]))
    assert statuses[6] == 200
    assert set(statuses) <= {200, 404, 409}
    await run_jobs()
    rows = [await ticket_row(ticket) for ticket in mine]
    assert {one["holder_id"] for one in rows} == {UUID(await id_of_code("wss-g3"))}
    done = [status == 200 for status in (*statuses[:6], *statuses[7:])]
    assert [one["status"] == "accepted" for one in rows] == done
    events = await db.fetch(
        "SELECT count(*) AS n FROM event WHERE type = 'ticket.reassigned' GROUP BY ticket_id"
    )
    assert [event["n"] for event in events] == [1] * 12
    assert not (await verify.verify_ledger()).broken


async def test_two_workers_reroute_each_ticket_once(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    for _ in range(15):
        await resident.report()
    gone = UUID(await id_of_code("wss-g4"))
    answer(await put(community, handed_over(await read(community)), confirm=True))
    assert sum(await asyncio.gather(*(rerouting.reroute([gone]) for _ in range(3)))) == 15
    assert await rerouting.reroute([gone]) == 0
    assert len(await db.fetch("SELECT FROM event WHERE type = 'ticket.reassigned'")) == 15


async def test_a_report_that_was_under_way_when_its_grid_went_is_found_later(people_of: Everybody) -> None:
    """The job comes again half a minute later, and is not pulled in before."""
    community, resident = await people_of("community", "resident")
    gone = UUID(await id_of_code("wss-g4"))
    answer(await put(community, handed_over(await read(community)), confirm=True))
    await run_jobs()
    ticket = await resident.report()
    await db.fetch("UPDATE ticket SET holder_id = $2, grid_id = $2 WHERE id = $1", ticket["id"], gone)
    await jobs.clamp_jobs()
    await run_jobs()
    assert (await ticket_row(ticket))["holder_id"] == gone
    clock.travel(rerouting.SECOND_RUN + timedelta(seconds=1))
    await run_jobs()
    assert (await ticket_row(ticket))["holder_id"] == UUID(await id_of_code("wss-g3"))
    assert not await db.fetch("SELECT FROM job WHERE kind = 'reroute'")


async def test_a_worker_killed_half_way_leaves_the_rest_to_the_next(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    community, resident = await people_of("community", "resident")
    for _ in range(5):
        await resident.report()
    answer(await put(community, handed_over(await read(community)), confirm=True))
    record = ledger.record

    async def two_then_killed(acts: Any) -> Any:
        await record(acts[:2])
        raise ConnectionResetError

    monkeypatch.setattr(ledger, "record", two_then_killed)
    await jobs.run_due()
    monkeypatch.setattr(ledger, "record", record)
    clock.travel(timedelta(minutes=2))
    await run_jobs()
    assert len(await db.fetch("SELECT FROM event WHERE type = 'ticket.reassigned'")) == 5
    held = await db.fetch("SELECT FROM ticket WHERE holder_id = $1", UUID(await id_of_code("wss-g4")))
    assert held == []


async def test_a_ticket_that_cannot_be_rerouted_holds_up_no_other(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    community, resident = await people_of("community", "resident")
    sick, healthy = await resident.report(), await resident.report()
    await db.fetch("UPDATE ticket SET extra_minutes = -9000 WHERE id = $1", sick["id"])
    answer(await put(community, handed_over(await read(community)), confirm=True))
    await run_jobs()
    assert (await ticket_row(healthy))["holder_id"] == UUID(await id_of_code("wss-g3"))
    assert (await ticket_row(sick))["holder_id"] == UUID(await id_of_code("wss-g4"))
    assert await db.fetch(
        "SELECT FROM job WHERE kind = 'reroute' AND due_at > $1", clock.now()
    )  # tried again


async def test_an_invitation_beside_a_cut_ends_with_the_grid_or_is_never_made(people_of: Everybody) -> None:
    community, street = await people_of("community", "street")
    gone = await id_of_code("wss-g4")
    body = handed_over(await read(community))
    said_by_street = {"role": Role.MEMBER, "place_id": gone}
    answers = await asyncio.gather(
        *(street.ask("POST", "/posts", json=said_by_street) for _ in range(4)),
        put(community, body, confirm=True),
    )
    assert {one.status_code for one in answers} <= {200, 201, 404}
    open_posts = await db.fetch("SELECT FROM post WHERE place_id = $1 AND ended_at IS NULL", UUID(gone))
    assert open_posts == []


async def test_nobody_is_asked_to_sign_in_first(http: httpx.AsyncClient) -> None:
    for method in ("GET", "PUT"):
        problem(await http.request(method, f"{API}/settings/grids"), 401)


@pytest.mark.alone
async def test_a_thousand_tickets_move_in_seconds(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    ticket = await resident.report()
    columns = [c for c in ledger.COLUMNS if c not in {"id", "no", "head"}]
    await db.fetch(
        f"INSERT INTO ticket (id, no, head, {', '.join(columns)}) SELECT gen_random_uuid(), 'm' || n, head, "
        f"{', '.join(columns)} FROM ticket, generate_series(1, 999) n WHERE id = $1",
        UUID(ticket["id"]),
    )
    answer(await put(community, handed_over(await read(community)), confirm=True))
    began = clock.now()
    assert await rerouting.reroute([UUID(await id_of_code("wss-g4"))]) == 1000
    assert clock.now() - began < timedelta(seconds=5)
