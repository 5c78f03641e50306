"""A refusal says the first thing that is wrong: 401, 404, 403, 422, stale version, wrong state; and writes nothing."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app import db, process_state
from tests import world
from tests.actions import BODIES, UNVERSIONED
from tests.world import API, Everybody, Person, answer, problem

BROKEN = b'{"version": '  # not JSON
FROM_ABOVE = ["accept", "reject", "dispatch"]


async def send(person: Person, ticket_id: str, action: str, content: bytes) -> httpx.Response:
    """Send a body as it is, to the letter."""
    headers = {"content-type": "application/json"}
    return await person.ask("POST", f"/tickets/{ticket_id}/{action}", content=content, headers=headers)


def said(refusal: Mapping[str, Any]) -> dict[str, Any]:
    """Return a problem without what differs between two requests."""
    return {name: value for name, value in refusal.items() if name != "request_id"}


@pytest.mark.parametrize("action", BODIES)
async def test_an_act_without_a_token_is_401_whatever_else_is_wrong(
    action: str, http: httpx.AsyncClient
) -> None:
    for headers in ({}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic eDp5"}):
        refused = await http.post(f"{API}/tickets/{uuid4()}/{action}", content=BROKEN, headers=headers)
        problem(refused, 401, "unauthenticated")
        assert refused.headers["www-authenticate"] == "Bearer"


async def test_reporting_without_a_token_is_401_before_the_body_is_read(http: httpx.AsyncClient) -> None:
    problem(await http.post(f"{API}/tickets", content=BROKEN), 401, "unauthenticated")


@pytest.mark.parametrize("action", ["", "events", "phone"])
async def test_reading_without_a_token_is_401(action: str, http: httpx.AsyncClient) -> None:
    problem(await http.get(f"{API}/tickets/{uuid4()}/{action}".rstrip("/")), 401, "unauthenticated")


STAGE = ("resident", "grid_head", "property", "street")
STRANGERS = (
    "neighbour",
    "other_grid_head",
    "other_community",
    "property",
    "other_property",
    "department",
    "admin",
)


async def test_a_ticket_out_of_scope_is_like_a_made_up_one(people_of: Everybody) -> None:
    """Every act and every reading of it gives the same 404, whether the body is right or no JSON at all."""
    resident, *strangers = await people_of("resident", *STRANGERS)
    ticket = await resident.report()
    before = await world.written()
    for stranger in strangers:
        for action in BODIES:
            there = problem(await send(stranger, ticket["id"], action, BROKEN), 404, "not-found")
            nowhere = problem(await send(stranger, str(uuid4()), action, BROKEN), 404, "not-found")
            assert said(there) == said(nowhere)
        right = await stranger.try_to("accept", ticket)
        problem(right, 404, "not-found")
        for reading in ("", "/events", "/phone"):
            there = problem(await stranger.ask("GET", f"/tickets/{ticket['id']}{reading}"), 404)
            nowhere = problem(await stranger.ask("GET", f"/tickets/{uuid4()}{reading}"), 404)
            assert said(there) == said(nowhere)
    assert await world.written() == before


@pytest.mark.parametrize("name", ["x", "1", "%00", "..%2f", "0" * 32, "未知"])
async def test_what_can_be_no_ticket_is_404(name: str, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    problem(await head.ask("GET", f"/tickets/{name}"), 404, "not-found")
    problem(await send(head, name, "accept", BROKEN), 404, "not-found")


async def test_an_unknown_act_is_404_and_a_get_of_an_act_405(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    problem(await resident.try_to("fly", ticket), 404)
    refused = await resident.ask("GET", f"/tickets/{ticket['id']}/accept")
    problem(refused, 405)
    assert refused.headers["allow"] == "POST"


CALLING = {"call_up", "report", "release"}
# Who sees the ticket, other_department being called to it, but never does these acts, in whatever state.
NOT_THEIRS = {
    "resident": {"accept", "reject", "dispatch", "take", "hand_back", "recall", "resolve", "settle", "escalate"}
    | {"recategorise", "wait", "resume", "ask", "return", "reassign", "not_mine", "extend"}
    | {"merge", "unmerge", "vote", "undo", "split"} | CALLING,
    "grid_head": CALLING | {"edit", "withdraw", "take", "hand_back", "confirm", "settle", "urge", "vote"}
    | {"appeal", "answer", "reassign", "extend"},
    "member": {"edit", "withdraw", "reject", "take", "hand_back", "recall", "confirm", "settle", "reopen"}
    | {"escalate", "urge", "appeal", "answer", "recategorise", "return", "reassign", "not_mine", "extend"}
    | {"merge", "unmerge", "vote", "split"} | CALLING,
    "community": {"report"} | {"edit", "withdraw", "take", "hand_back", "confirm", "urge", "appeal", "answer", "vote"},
    "street": {"report"} | {"edit", "withdraw", "take", "hand_back", "confirm", "urge", "appeal", "answer", "vote"},
    "property": {"edit", "withdraw", "accept", "reject", "dispatch", "recall", "confirm", "settle", "reopen"}
    | {"escalate", "urge", "appeal", "answer", "recategorise", "return", "reassign", "not_mine", "extend"}
    | {"merge", "unmerge", "vote", "undo", "split"} | CALLING,
    "other_department": set(BODIES) - {"take", "report", "comment"},
    "auditor": set(BODIES),
}  # fmt: skip


async def _brought(
    step: str, resident: Person, head: Person, company: Person, street: Person
) -> dict[str, Any]:
    """Return a ticket at a step of world.brought; or `called`: dispatched, and 消防 called to it."""
    ticket = await world.brought("dispatched" if step == "called" else step, resident, head, company)
    if step == "called":
        called = [await street.organisation(ticket, "消防")]
        await street.act("call_up", ticket, organisation_ids=called, text="请到现场一起看看")
    return ticket


async def test_what_is_not_ones_part_is_403_before_the_body_is_read(people_of: Everybody) -> None:
    """Of every part in every act; whoever is not refused so hears of the broken body instead."""
    names = list(NOT_THEIRS)
    everybody = dict(zip(names, await people_of(*names), strict=True))
    ticket = await _brought("called", *(everybody[name] for name in STAGE))
    before = await world.written()
    for name, person in everybody.items():
        for action in BODIES:
            refused = await send(person, ticket["id"], action, BROKEN)
            if action in NOT_THEIRS[name]:
                problem(refused, 403, "forbidden")
            else:
                wrong = problem(refused, 422, "invalid")
                assert wrong["errors"][0]["pointer"] == "", (name, action)  # the body as a whole
    assert await world.written() == before


async def test_every_403_is_audited(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    problem(await resident.try_to("accept", ticket), 403)
    problem(await resident.ask("GET", f"/tickets/{ticket['id']}/phone"), 403)
    assert len(await db.fetch("SELECT FROM audit WHERE type = 'refused'")) == 2


async def test_whoever_has_not_agreed_to_the_privacy_guide_writes_nothing(people_of: Everybody) -> None:
    """403 consent-required after 404, before the body is read; reading goes on."""
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    agreed = await db.fetchrow("SELECT consent_version AS v FROM person WHERE demo = 'resident'")
    assert agreed
    await db.fetch("UPDATE person SET consent_version = 'old', stamp = stamp + 1 WHERE demo = 'resident'")
    before = await world.written()
    try:
        body = {"category": "stair_light", "place_id": ticket["place"]["id"], "description": "又来"}
        problem(await resident.ask("POST", "/tickets", json=body), 403, "consent-required")
        for path in ("/tickets", f"/tickets/{ticket['id']}/edit"):
            refused = await resident.ask("POST", path, content=BROKEN)
            assert problem(refused, 403, "consent-required")["version"] == agreed["v"]
        assert await world.written() == before
        problem(await send(resident, str(uuid4()), "edit", BROKEN), 404)
        assert await resident.ticket(ticket["id"])
        answer(await resident.ask("PUT", "/me/consent", json={"version": agreed["v"]}))
        await resident.act("edit", ticket, description="四楼的灯")
    finally:
        await db.fetch(
            "UPDATE person SET consent_version = $1, stamp = stamp + 1 WHERE demo = 'resident'", agreed["v"]
        )
        process_state.forget_all()


@pytest.mark.parametrize("action", sorted(set(BODIES) - UNVERSIONED))
async def test_a_bad_body_is_422_before_a_stale_version_and_a_wrong_state(
    action: str, people_of: Everybody
) -> None:
    *stage, called = await people_of(*STAGE, "other_department")
    step = {"take": "dispatched", "hand_back": "dispatched", "accept": "dispatched", "report": "called"}.get(
        action, "new"
    )
    ticket = await _brought(step, *stage)
    person = called if action == "report" else _who(action, *stage)
    before = await world.written()
    body = {"version": 99, **BODIES[action], "more": 1}
    wrong = problem(await person.ask("POST", f"/tickets/{ticket['id']}/{action}", json=body), 422, "invalid")
    assert wrong["errors"] == [{"pointer": "/more", "detail": "不认识这一项，请去掉"}]
    assert await world.written() == before


def _who(action: str, resident: Person, head: Person, company: Person, street: Person) -> Person:
    """Return somebody whose part the act is."""
    if action in {"take", "hand_back"}:
        return company
    if action in {"edit", "withdraw", "confirm", "urge", "appeal", "answer"}:
        return resident
    return street if action in {"settle", "reassign", "extend", *CALLING} else head


@pytest.mark.parametrize("action", sorted(set(BODIES) - UNVERSIONED))
async def test_a_stale_version_is_said_before_a_wrong_state(action: str, people_of: Everybody) -> None:
    """With the version there is, and what may be done now."""
    *stage, called = await people_of(*STAGE, "other_department")
    step = {"take": "taken", "hand_back": "dispatched", "accept": "dispatched", "report": "called"}.get(
        action, "new"
    )
    ticket = await _brought(step, *stage)
    person = called if action == "report" else _who(action, *stage)
    mine = await person.ticket(ticket["id"])
    before = await world.written()
    for version in (ticket["version"] + 1, 2**31 - 1):
        refused = await person.try_to(action, {"id": ticket["id"], "version": version}, **BODIES[action])
        stale = problem(refused, 409, "stale-version")
        assert (stale["version"], stale["allowed"]) == (mine["version"], mine["actions"])
    assert await world.written() == before


# What each may do in each state, read from the table of lifecycle.md by hand.
R_OPEN, ANYBODY = ["urge", "comment"], ["comment"]
MOVES_ON, ABOVE_TOO = ["escalate", "not_mine"], ["escalate", "reassign", "not_mine", "extend"]
PAUSES = ["wait", "ask", "resolve"]


def held(*acts: str, calls: Collection[str] = ("call_up",)) -> dict[str, list[str]]:
    """Return the buttons of head and above where both have `acts`."""
    above = [*acts, *ABOVE_TOO, *calls, "comment"]
    return {"grid_head": [*acts, *MOVES_ON, "comment"], "community": above, "street": above}


BUTTONS: dict[str, dict[str, list[str]]] = {
    "new": {
        "resident": ["edit", "withdraw", *R_OPEN],
        "member": ["accept", "dispatch", "comment"],
        **held("accept", "reject", "recategorise", "merge", "split", "dispatch", calls=()),
    },
    "accepted": {
        "resident": R_OPEN,
        "member": ["dispatch", *PAUSES, "comment"],
        **held("recategorise", "merge", "split", "dispatch", *PAUSES),
    },
    "dispatched": {
        "resident": R_OPEN,
        "member": [*PAUSES, "comment"],
        **held("recategorise", "split", "recall", *PAUSES),
        "grid_head": [
            "recategorise",
            "split",
            "recall",
            *PAUSES,
            *MOVES_ON,
            "comment",
            "undo",
        ],  # who has just dispatched it
        "property": ["take", "hand_back", *PAUSES, "comment"],
    },
    "called": {
        "resident": R_OPEN,
        "member": ["wait", "ask", "comment"],
        **held("recategorise", "split", "recall", "wait", "ask", calls=("call_up", "release")),
        "property": ["take", "hand_back", "wait", "ask", "comment"],
        "other_department": ["take", "report", "comment"],
    },
    "taken": {
        "resident": R_OPEN,
        "member": [*PAUSES, "comment"],
        **held("recategorise", "split", "recall", *PAUSES),
        "property": ["hand_back", *PAUSES, "comment"],
    },
    "waiting": {
        "resident": R_OPEN,
        "member": ["resume", "resolve", "comment"],
        **held("recategorise", "split", "resume", "resolve"),
    },
    "asked": {
        "resident": ["answer", *R_OPEN],
        "member": ["resume", "resolve", "comment"],
        **held("recategorise", "split", "resume", "resolve"),
    },
    "resolved": {
        "resident": ["confirm", "reopen", "comment"],
        "member": ANYBODY,
        "grid_head": ["recategorise", "split", "reopen", "comment"],
        "community": ["recategorise", "split", "settle", "reopen", "comment"],
        "street": ["recategorise", "split", "settle", "reopen", "comment"],
        "property": ANYBODY,
    },
    "closed": {
        "resident": ["reopen", "comment"],
        "member": ANYBODY,
        "grid_head": ["reopen", "comment"],
        "community": ["reopen", "comment"],
        "street": ["reopen", "comment"],
        "property": ANYBODY,
    },
    "rejected": {
        "resident": ["appeal", "comment"],
        **dict.fromkeys(("member", "community", "street"), ANYBODY),
        "grid_head": ["comment", "undo"],
    },
    "withdrawn": dict.fromkeys(("resident", "member", "grid_head", "community", "street"), ANYBODY),
}


@pytest.mark.parametrize("step", BUTTONS)
async def test_what_is_no_button_is_refused_and_writes_nothing(step: str, people_of: Everybody) -> None:
    """In every state, for every part and every act: 403 for what is never theirs, else 409 with what is allowed."""
    names = [*NOT_THEIRS]
    everybody = dict(zip(names, await people_of(*names), strict=True))
    ticket = await _brought(step, *(everybody[name] for name in STAGE))
    before = await world.written()
    for name, person in everybody.items():
        buttons = BUTTONS[step].get(name, [])
        shown = await person.ask("GET", f"/tickets/{ticket['id']}")
        if name in {"property", "other_department"} and not buttons:
            problem(shown, 404)
            continue
        assert answer(shown)["actions"] == buttons, name
        for action in sorted(set(BODIES) - set(buttons)):
            refused = await person.try_to(action, ticket, **BODIES[action])
            if action in NOT_THEIRS[name]:
                problem(refused, 403, "forbidden")
            else:
                assert problem(refused, 409, "wrong-state")["allowed"] == buttons, (name, action)
    assert await world.written() == before
