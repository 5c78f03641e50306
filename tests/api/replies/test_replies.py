"""Canned replies: an office's own and what comes with the program, found by words and pinyin, filled in for a ticket."""

from typing import Any

import pytest

from app.services.replies import search
from tests import world
from tests.world import MADE_UP, Everybody, Person, answer, problem

KEY = {"idempotency-key": "reply-1"}


async def write(person: Person, **changes: Any) -> Any:
    body = {"action": "comment", "text": "{place}的灯已派人去修，{due}前办完"} | changes
    return answer(await person.ask("POST", "/replies", json=body), 201)


async def texts(person: Person, **query: Any) -> list[str]:
    return [reply["text"] for reply in (await person.get("/replies", limit=100, **query))["items"]]


async def test_a_reply_is_filled_in_and_sent_by_nobody(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    made = await write(head)
    assert (made["filled"], made["office"], made["mine"]) == (None, "万寿山社区第四网格", True)
    (found,) = (await head.get("/replies", action="comment", ticket_id=ticket["id"]))["items"]
    assert found["text"] == made["text"]
    assert found["filled"].startswith(f"{ticket['place']['label']}的灯已派人去修，")
    assert "{" not in found["filled"]
    assert await resident.events(ticket) == ["submitted"]


async def test_a_reply_runs_nothing_and_keeps_what_it_does_not_know(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await write(head, text="{place.__class__} {0} {x} {{place}}")
    (found,) = (await head.get("/replies", action="comment", ticket_id=ticket["id"]))["items"]
    assert found["filled"] == f"{{place.__class__}} {{0}} {{x}} {{{ticket['place']['label']}}}"


async def test_replies_are_found_by_words_and_by_the_initials_of_their_pinyin(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    await write(head, text="灯泡已换")
    await write(head, text="物业今天来看")
    assert await texts(head, action="comment", q="dpyh") == ["灯泡已换"]
    assert await texts(head, action="comment", q="JT") == ["物业今天来看"]
    assert await texts(head, action="comment", q="灯泡") == ["灯泡已换"]
    assert await texts(head, action="comment", q="没有的字") == []
    assert await texts(head, action="resolve", q="yclh") == ["已处理好，请放心使用"]
    assert await texts(head, action="comment", q=" ") == ["物业今天来看", "灯泡已换"]


@pytest.mark.parametrize(
    ("text", "initials"),
    [("已换灯泡", "yhdp"), ("{place}已换 LED 灯3个", "yhledd3g"), ("𠮷，。", ""), ("ٴبولۋ", "")],
)
def test_initials(text: str, initials: str) -> None:
    assert search.initials(text) == initials


async def test_the_category_comes_first_and_what_the_program_has_last(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await write(head, action="resolve", text="都好了", category=None)
    await write(head, action="resolve", text="灯换了", category="stair_light")
    await write(head, action="resolve", text="门禁换了", category="access_door")
    found = (await head.get("/replies", action="resolve", ticket_id=ticket["id"], limit=100))["items"]
    assert [reply["text"] for reply in found[:2]] == ["灯换了", "都好了"]
    assert {reply["office"] for reply in found[2:]} == {None}
    assert {reply["category"] for reply in found} == {None, "stair_light"}
    shipped = next(reply for reply in found if reply["office"] is None)
    for method, body in (("GET", None), ("PATCH", {"version": 1}), ("DELETE", None)):
        problem(await head.ask(method, f"/replies/{shipped['id']}", json=body), 404)


async def test_a_grid_reads_its_community_s_replies_and_changes_its_own(people_of: Everybody) -> None:
    community, head, stranger, other = await people_of(
        "community", "grid_head", "other_grid_head", "other_community"
    )
    above, own = await write(community, text="社区的"), await write(head, text="网格的")
    assert await texts(head, action="comment") == ["网格的", "社区的"]
    assert await texts(stranger, action="comment") == ["社区的"]
    assert await texts(community, action="comment") == ["社区的"]
    assert await texts(other, action="comment") == []
    problem(await head.ask("PATCH", f"/replies/{above['id']}", json={"version": 1, "text": "改"}), 404)
    problem(await stranger.ask("DELETE", f"/replies/{own['id']}"), 404)
    body = {"version": 1, "text": "换了新灯", "category": "stair_light"}
    changed = answer(await head.ask("PATCH", f"/replies/{own['id']}", json=body))
    assert (changed["text"], changed["category"], changed["version"]) == ("换了新灯", "stair_light", 2)
    assert await texts(head, action="comment", q="hlxd") == ["换了新灯"]
    assert problem(await head.ask("PATCH", f"/replies/{own['id']}", json=body), 409)["version"] == 2
    every = answer(await head.ask("PATCH", f"/replies/{own['id']}", json={"version": 2, "category": None}))
    assert (every["category"], every["text"]) == (None, "换了新灯")
    answer(await head.ask("DELETE", f"/replies/{own['id']}"))
    problem(await head.ask("GET", f"/replies/{own['id']}"), 404)


async def test_a_ticket_out_of_scope_is_404(people_of: Everybody) -> None:
    resident, stranger = await people_of("resident", "other_grid_head")
    ticket = await resident.report()
    for ticket_id in (ticket["id"], MADE_UP):
        problem(await stranger.ask("GET", f"/replies?ticket_id={ticket_id}"), 404)


async def test_a_repeat_writes_once(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    body = {"action": "comment", "text": "好的"}
    first = await head.ask("POST", "/replies", json=body, headers=KEY)
    again = await head.ask("POST", "/replies", json=body, headers=KEY)
    assert answer(first, 201) == answer(again, 201)
    assert await texts(head, action="comment") == ["好的"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"action": "accept"}, "/action"),
        ({"text": " "}, "/text"),
        ({"text": "长" * 2001}, "/text"),
        ({"category": "no_such"}, "/category"),
        ({"unit_id": MADE_UP}, "/unit_id"),
    ],
)
async def test_a_bad_reply_is_422(people_of: Everybody, changes: dict[str, Any], pointer: str) -> None:
    (head,) = await people_of("grid_head")
    before = await world.written()
    body = {"action": "comment", "text": "好的"} | changes
    refused = problem(await head.ask("POST", "/replies", json=body), 422, "invalid")
    assert [error["pointer"] for error in refused["errors"]] == [pointer]
    assert await world.written() == before


@pytest.mark.parametrize("persona", ["resident", "property", "auditor", "admin"])
async def test_replies_are_the_staff_s(people_of: Everybody, persona: str) -> None:
    (person,) = await people_of(persona)
    problem(await person.ask("GET", "/replies"), 403)
    problem(await person.ask("POST", "/replies", json={}), 403)
