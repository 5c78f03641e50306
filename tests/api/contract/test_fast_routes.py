"""Fast routes take the paths the router would give them, and answer as it does."""

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, cast
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import BaseRoute, Match

from app.deps import CachedAuthRoute, CurrentActor, IdempotencyKey
from app.fast_routes import binding
from app.fast_routes.matching import FastRouteTable
from app.fast_routes.middleware import FastRouteMiddleware
from app.main import create_app
from app.services.tickets import ACTIONS
from tests.world import API, Everybody

TICKETS = f"{API}/tickets"
ONE = f"{TICKETS}/{{ticket_id}}"
FAST = {
    ("POST", TICKETS),
    ("GET", TICKETS),
    ("GET", ONE),
    ("GET", f"{ONE}/phone"),
    ("POST", f"{ONE}/unseal"),
} | {("POST", f"{ONE}/{action}") for action in ACTIONS}
APP = create_app()
ROUTES = APP.router.routes
TABLE = FastRouteTable([r for r in ROUTES if isinstance(r, CachedAuthRoute) and r.fast_handler], ROUTES)
NO_FAST = create_app()
NO_FAST.user_middleware = [
    one for one in NO_FAST.user_middleware if cast("Any", one.cls) is not FastRouteMiddleware
]
SOME_ID = str(uuid4())
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "get", "ODD")


def odd(path: str) -> Iterator[str]:
    """Yield a template with ids that are no UUIDs or odd ones, and with odd ends."""
    ids = [
        SOME_ID,
        SOME_ID.upper(),
        SOME_ID.replace("-", ""),
        f"{{{SOME_ID}}}",
        f"urn:uuid:{SOME_ID}",
        "similar",
    ]
    ids += [
        "",
        ".",
        "x" * 36,
        f"{SOME_ID}x",
        f" {SOME_ID}",
        SOME_ID[:-1],
        SOME_ID[:-1] + "１",
        f"{SOME_ID}\n",
    ]
    for one in (path.format(ticket_id=ticket_id) for ticket_id in ids) if "{" in path else (path,):
        yield from (
            one,
            f"{one}/",
            f"{one}//",
            f"{one}\n",
            f"{one}/more",
            f"/{one}",
            one.upper(),
            f"{one}{{}}",
        )
        yield one.replace("/tickets", "//tickets")
        yield f"/prefix{one}"


def by_router(method: str, path: str) -> tuple[BaseRoute | None, dict[str, Any]]:
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    for route in ROUTES:
        match, child = route.matches(scope)
        if match is Match.FULL:
            return route, child.get("path_params", {})
    return None, {}


@pytest.mark.parametrize(("method", "path"), sorted(FAST))
def test_a_fast_route_is_taken(method: str, path: str) -> None:
    for ticket_id in (SOME_ID, SOME_ID.upper()):
        found = TABLE.find(method, path.format(ticket_id=ticket_id))
        assert found
        assert found[0].path == path
        assert found[1] == ({"ticket_id": ticket_id} if "{" in path else {})


def test_every_other_route_is_left_to_the_router() -> None:
    routes = [(method, r) for r in ROUTES if isinstance(r, APIRoute) for method in r.methods or ()]
    left = [(method, r) for method, r in routes if (method, r.path) not in FAST]
    assert len(left) > 70
    for method, route in left:
        path = route.path_format.format(**dict.fromkeys(route.param_convertors, SOME_ID))
        assert TABLE.find(method, path) is None, (method, path)


@pytest.mark.parametrize("template", sorted({path for _, path in FAST}))
def test_what_is_taken_is_what_the_router_would_choose(template: str) -> None:
    for path in odd(template):
        for method in METHODS:
            if found := TABLE.find(method, path):
                assert found == by_router(method, path), (method, path)


def test_a_route_that_another_hides_is_left_to_the_router() -> None:
    router = APIRouter()

    @router.get("/things/{name}")
    async def hiding(name: str) -> None: ...

    @router.get("/things/{thing_id}")
    async def hidden(thing_id: UUID) -> None: ...

    _, fast = routes = [route for route in router.routes if isinstance(route, APIRoute)]
    assert FastRouteTable([fast], routes).find("GET", f"/things/{SOME_ID}") is None
    assert FastRouteTable([fast], [fast]).find("GET", f"/things/{SOME_ID}") == (fast, {"thing_id": SOME_ID})


class Form(BaseModel):
    text: str


class Narrowed(BaseModel):
    limit: int = 3


def test_parameters_are_bound_by_annotation() -> None:
    async def endpoint(
        actor: Form,
        key: Annotated[Narrowed, Query()],
        response: CurrentActor,
        form: IdempotencyKey,
        seen: Response,
    ) -> None: ...

    readers: binding.Readers = {CurrentActor: lambda _: "actor", IdempotencyKey: lambda _: "key"}
    bound = binding.bind(APIRoute("/things", endpoint), readers)
    assert bound
    request = Request({"type": "http", "query_string": b"limit=4", "headers": []})
    assert {name: read(request) for name, read in bound.readers.items()} == {
        "key": Narrowed(limit=4), "response": "actor", "form": "key"
    }  # fmt: skip
    assert bound.body
    assert bound.body[0] == "actor"
    assert bound.response == "seen"


@asynccontextmanager
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        yield http


def comparable(response: httpx.Response) -> tuple[int, dict[str, str], Any]:
    headers = {name: value for name, value in response.headers.items() if name != "x-request-id"}
    body = response.json() if "json" in response.headers.get("content-type", "") else response.text
    return response.status_code, headers, body | {"request_id": ""} if isinstance(body, dict) else body


async def test_answers_are_those_of_the_router(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket_id = (await resident.report())["id"]
    paths = {path.format(ticket_id=ticket_id) for _, path in FAST}
    some = {TICKETS, f"{TICKETS}/{ticket_id}", f"{TICKETS}/{ticket_id}/accept"}
    paths |= {f"{path}{end}" for path in some for end in ("/", "//", "/more", "%0A")}
    paths |= {
        path.replace(ticket_id, odd)
        for path in some
        for odd in (ticket_id.upper(), ticket_id.replace("-", ""))
    }
    paths |= {path.replace(ticket_id, odd) for path in some for odd in (SOME_ID, "x" * 36, "similar", "%20")}
    paths |= {path.replace("-", "%2D") for path in some} | {
        path.replace(ticket_id, f"{ticket_id}%2F") for path in some
    }
    bodies: tuple[Any, ...] = ({"odd": 1}, {"version": 99}, [], None)  # none of them is accepted by an action
    requests: list[tuple[str, dict[str, Any]]] = [
        ("GET", {}),
        ("PUT", {"json": {}}),
        ("POST", {"content": b"{"}),
    ]
    requests += [("POST", {"json": body}) for body in bodies]
    async with client(APP) as fast, client(NO_FAST) as slow:
        for path, (method, options) in itertools.product(sorted(paths), requests):
            headers = {} if options.get("json") == [] else head.headers
            both = [await one.request(method, path, **options, headers=headers) for one in (fast, slow)]
            assert comparable(both[0]) == comparable(both[1]), (method, path, options)


async def test_a_report_is_answered_as_by_the_router(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    body = {"category": "stair_light", "description": "楼道灯不亮", "place_id": await resident.place()}
    headers = resident.headers | {"Idempotency-Key": "once"}
    async with client(APP) as fast, client(NO_FAST) as slow:
        answers = [await one.post(TICKETS, json=body, headers=headers) for one in (slow, fast, slow)]
    assert [one.status_code for one in answers] == [201, 201, 201]
    assert comparable(answers[1]) == comparable(answers[2])
    assert answers[1].headers["idempotent-replayed"] == "true"
