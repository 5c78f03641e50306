"""People of the demo street, as tests drive them: over HTTP, in this process."""

import io
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from PIL import Image
from pydantic import TypeAdapter

from app import clock, db, openapi
from app.main import create_app
from app.services.outbox import jobs

API = "/api/v1"
STAIR = "944号4单元"
MADE_UP = "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"  # an id of nothing


@cache
def _app() -> FastAPI:
    return create_app()


def client() -> httpx.AsyncClient:
    """Return an HTTP client of the application itself; no socket is opened."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(_app()),
        base_url="http://test",
        event_hooks={"response": [_as_promised]},
    )


_UNFORESEEN = 500  # no route documents it


async def _as_promised(response: httpx.Response) -> None:
    """See that an answer is what its route's response model says, and a status one that the document has."""
    method, path, status = response.request.method, response.request.url.path, response.status_code
    for route, shape in _promises()[method, path.count("/")]:
        if route.path_regex.match(path):
            if status == (route.status_code or 200):
                if shape:  # hot routes do not look themselves
                    shape.validate_json(await response.aread(), extra="forbid")
            elif status != _UNFORESEEN and route.include_in_schema:
                documented = openapi.documented_refusals(route)
                assert status in documented, f"{method} {route.path} lacks `responses=refuses({status})`"
            return


@cache
def _promises() -> dict[tuple[str, int], list[tuple[APIRoute, TypeAdapter[Any] | None]]]:
    """Return the routes of each method and number of slashes, with the shape their response models give an answer."""
    promises = defaultdict(list)
    for route in _app().routes:
        if isinstance(route, APIRoute):
            shape = TypeAdapter(route.response_model) if route.response_model else None
            for method in route.methods or ():
                promises[method, route.path.count("/")].append((route, shape))
    return promises


class Person:
    """A signed-in persona."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self.http = http
        self.headers = {"Authorization": f"Bearer {token}"}

    async def ask(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """Send a request as this person; `path` is below /api/v1."""
        headers = self.headers | dict(kwargs.pop("headers", {}))
        return await self.http.request(method, API + path, headers=headers, **kwargs)

    async def get(self, path: str, **params: Any) -> Any:
        """Return the answer to a GET that must succeed."""
        return answer(await self.ask("GET", path, params=params))

    async def report(self, **changes: Any) -> dict[str, Any]:
        """Report the stair light of 944号4单元, or what `changes` say."""
        body = {"category": "stair_light", "description": "楼道灯不亮"} | changes
        if "place_id" not in changes:
            body["place_id"] = await self.place()
        made = await self.ask("POST", "/tickets", json={k: v for k, v in body.items() if v is not None})
        ticket: dict[str, Any] = answer(made, 201)
        return ticket

    async def place(self, said: str = STAIR) -> str:
        """Return the id of the first place an address finds."""
        found = await self.get("/places/search", q=said)
        identifier: str = found["items"][0]["id"]
        return identifier

    async def ticket(self, ticket_id: str) -> dict[str, Any]:
        """Return a ticket as this person sees it."""
        ticket: dict[str, Any] = await self.get(f"/tickets/{ticket_id}")
        return ticket

    async def try_to(self, action: str, ticket: Mapping[str, Any], **body: Any) -> httpx.Response:
        """Try an act on the version of the ticket that is given."""
        if action not in {"comment", "urge", "vote"}:
            body = {"version": ticket["version"]} | body
        headers = body.pop("headers", {})
        return await self.ask("POST", f"/tickets/{ticket['id']}/{action}", json=body, headers=headers)

    async def act(self, action: str, ticket: Mapping[str, Any], **body: Any) -> dict[str, Any]:
        """Do an act on the ticket as it is now; it must succeed."""
        fresh = await self.ticket(ticket["id"])
        after: dict[str, Any] = answer(await self.try_to(action, fresh, **body))
        return after

    async def photo(self, content: bytes | None = None) -> str:
        """Upload a photo and return its id."""
        files = {"file": ("photo.jpg", content or jpeg())}
        made: dict[str, str] = answer(await self.ask("POST", "/photos", files=files), 201)
        return made["id"]

    async def organisation(self, ticket: Mapping[str, Any], name: str = "人和物业") -> str:
        """Return the id of an organisation that serves the ticket's place."""
        found = await self.get(
            "/organisations", place_id=ticket["place"]["id"], category=ticket["category"]["code"]
        )
        identifier: str = next(company["id"] for company in found["items"] if company["name"] == name)
        return identifier

    async def dispatch(self, ticket: Mapping[str, Any], name: str = "人和物业") -> dict[str, Any]:
        """Dispatch a ticket to an organisation by its name."""
        return await self.act("dispatch", ticket, organisation_id=await self.organisation(ticket, name))

    async def dispatch_to_anybody(self, ticket: Mapping[str, Any]) -> dict[str, Any]:
        """Dispatch a ticket that has no place to the first organisation of its community."""
        place_id = await self.place("万寿山社区")
        found = await self.get("/organisations", place_id=place_id)
        return await self.act("dispatch", ticket, organisation_id=found["items"][0]["id"])

    async def resolve(self, ticket: Mapping[str, Any], **body: Any) -> dict[str, Any]:
        """Resolve a ticket as fixed, with a photo."""
        said = {"outcome": "fixed", "text": "换了灯泡", "photo_ids": [await self.photo()]} | body
        return await self.act("resolve", ticket, **said)

    async def events(self, ticket: Mapping[str, Any]) -> list[str]:
        """Return the types of the ticket's timeline, without their prefix."""
        page = await self.get(f"/tickets/{ticket['id']}/events")
        return [event["type"].removeprefix("ticket.") for event in page["items"]]


Everybody = Callable[..., Awaitable[list[Person]]]  # what the fixture `people_of` gives
Arriving = Callable[..., Awaitable[list[Person]]]  # what the fixture `on` gives


# How far a ticket can be driven; each step needs the one before it.
STEPS = ("new", "accepted", "dispatched", "taken", "resolved", "closed")
# Beside that way: where the head takes a ticket from an earlier step, by which act.
ASIDE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "rejected": ("new", "reject", {"reason": "not_ours", "text": "请联系产权单位"}),
    "escalated": ("new", "escalate", {"reason": "需要社区协调"}),
    "waiting": ("accepted", "wait", {"reason": "parts"}),
    "asked": ("accepted", "ask", {"text": "三楼还是四楼？"}),
}


async def brought(step: str, resident: Person, head: Person, company: Person) -> dict[str, Any]:
    """Return the stair light's ticket at a step of its life, or aside or withdrawn, as its reporter sees it."""
    ticket = await resident.report() if step not in ASIDE else {}
    if step in ASIDE:
        before, action, said = ASIDE[step]
        ticket = await brought(before, resident, head, company)
        await head.act(action, ticket, **said, **({"until": soon()} if before == "accepted" else {}))
    elif step == "withdrawn":
        await resident.act("withdraw", ticket)
    else:
        for done in STEPS[1 : STEPS.index(step) + 1]:
            await _advance(done, ticket, resident, head, company)
    return await resident.ticket(ticket["id"])


async def _advance(
    step: str, ticket: Mapping[str, Any], resident: Person, head: Person, company: Person
) -> None:
    if step == "accepted":
        await head.act("accept", ticket)
    elif step == "dispatched":
        await head.dispatch(ticket)
    elif step == "taken":
        await company.act("take", ticket)
    elif step == "resolved":
        await company.resolve(ticket)
    else:
        await resident.act("confirm", ticket, verdict="solved", rating=5)


def soon(**ahead: float) -> str:
    """Return a moment of the future as a body says it, an hour ahead or as far as `ahead` says."""
    return (clock.now() + timedelta(**(ahead or {"hours": 1}))).isoformat()


_WRITTEN = ("ticket", "event", "remark", "job", "notice", "idempotency", "photo", "pause", "follower", "vote")


async def written() -> dict[str, str]:
    """Return a digest of each table an act writes to: what a refusal must leave as it was."""
    each = (
        f"SELECT '{table}' AS name, md5(coalesce(string_agg(x::text, '|' ORDER BY x::text), '')) AS digest FROM {table} x"
        for table in _WRITTEN
    )
    return {row["name"]: row["digest"] for row in await db.fetch(" UNION ALL ".join(each))}


async def sign_in(http: httpx.AsyncClient, persona: str) -> Person:
    """Sign in as a persona of the demo street."""
    signed_in = answer(await http.post(f"{API}/auth/demo", json={"persona": persona}))
    return Person(http, signed_in["access_token"])


async def later(person: Person, persona: str, **ahead: float) -> Person:
    """Move the clock and sign in anew: tokens do not outlive a journey."""
    clock.travel(timedelta(**ahead))
    return await sign_in(person.http, persona)


async def run_jobs() -> None:
    """Do what the worker does after requests, until nothing is due."""
    while await jobs.run_due():
        pass


async def last_event(person: Person, ticket: Mapping[str, Any]) -> dict[str, Any]:
    """Return the newest event of a ticket's timeline."""
    event: dict[str, Any] = (await person.get(f"/tickets/{ticket['id']}/events"))["items"][-1]
    return event


async def ticket_row(ticket: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a ticket."""
    row = await db.fetchrow("SELECT * FROM ticket WHERE id = $1", ticket["id"])
    assert row
    return dict(row)


async def count_tickets() -> int:
    """Return how many tickets there are."""
    return len(await db.fetch("SELECT FROM ticket"))


async def id_of_code(code: str) -> str:
    """Return the id of a place or organisation by its code in the demo street."""
    row = await db.fetchrow(
        "SELECT id::text FROM place WHERE code = $1 UNION ALL SELECT id::text FROM organisation WHERE code = $1",
        code,
    )
    assert row is not None
    identifier: str = row["id"]
    return identifier


Cast = tuple[Person, Person, Person]  # what the fixture `cast` gives


def moment(said: str | None) -> datetime:
    """Return a moment of the API."""
    assert said
    return datetime.fromisoformat(said)


def answer(response: httpx.Response, status: int = 200) -> Any:
    """Return a response's JSON; its status must be as expected."""
    assert response.status_code == status, f"{response.status_code} {response.text}"
    return response.json()


def problem(response: httpx.Response, status: int, slug: str | None = None) -> dict[str, Any]:
    """Return a refusal; it must be a problem as RFC 9457 has it, fit to show."""
    said: dict[str, Any] = answer(response, status)
    assert response.headers["content-type"] == "application/problem+json"
    assert said["status"] == status
    assert said["title"]
    assert said["request_id"] == response.headers["x-request-id"]
    if slug is not None:
        assert said["type"].endswith(f"/{slug}"), said
    return said


def jpeg(width: int = 64, height: int = 48) -> bytes:
    """Return a small photo."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 160, 40)).save(out, "JPEG")
    return out.getvalue()
