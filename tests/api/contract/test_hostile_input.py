"""Hostile input to every operation: never a 5xx, always a problem, nothing half-written."""

import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, product
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4
from xml.etree import ElementTree as ET

import httpx
import pytest

from app import db
from app.enums import Role
from app.main import create_app
from app.models.open311 import RequestIn
from app.services.posts import invitations
from tests import accounts, world
from tests.deployed import deployed
from tests.keys import machine
from tests.subjects import (
    activity,
    ahead,
    dispute,
    offer,
    opinion,
    pairing,
    project,
    reservation,
    survey,
    topic,
)
from tests.wechat_standin import wechat_server
from tests.world import API, Everybody, Person, id_of_code, problem

pytestmark = pytest.mark.timeout(900)  # some hundred values for every parameter; machines are shared
CALLERS: Final = ("resident", "grid_head", "property", "admin", "key")
JSON: Final = {"Content-Type": "application/json"}
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
DEEP: Final = 20_000

# Bodies that are wrong as a whole.
BODIES: Final[list[tuple[dict[str, str], bytes]]] = [
    (JSON, b""),
    (JSON, b"{}"),
    (JSON, b"null"),
    (JSON, b"[]"),
    (JSON, b'"text"'),
    (JSON, b"1" * 5000),
    (JSON, b"NaN"),
    (JSON, b"{"),
    (JSON, b"\xff\xfe\x00"),
    (JSON, b"\xef\xbb\xbf{}"),
    (JSON, b"[" * DEEP),
    (JSON, b'{"version":' * DEEP),
    (JSON, b'{"version": ' + b"[" * DEEP + b"]" * DEEP + b"}"),
    (JSON, rb'{"\ud800": 1, "\u0000": 2, "__proto__": {}, "version": 1}'),
    (JSON, json.dumps({f"f{n}": n for n in range(500)}).encode()),
    (JSON, b'{"version": 1, "version": "x"}'),
    ({"Content-Type": "application/json; charset=utf-16"}, '{"version": 1}'.encode("utf-16")),
    ({"Content-Type": "text/plain"}, b'{"version": 1}'),
    ({"Content-Type": "application/x-www-form-urlencoded"}, b"version=1&text=%00"),
    ({"Content-Type": "multipart/form-data"}, b"--x"),
    ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x\r\nnothing"),
    (
        {"Content-Type": "multipart/form-data; boundary=x"},
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="\x00"\r\n\r\nGIF89a\r\n--x--\r\n',
    ),
    (
        {"Content-Type": "multipart/form-data; boundary=x"},
        b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--x--',
    ),
    ({"Content-Type": "\xff/\xff; ="}, b"x"),
    ({"Content-Encoding": "gzip", **JSON}, b"{}"),
]

# Values no field should choke on.
VALUES: Final[list[Any]] = [
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**400,
    1e308,
    float("nan"),
    float("-inf"),
    "",
    " \u3000\u200b",
    "\x00",
    "a\x00b",
    "\ud800",
    "１２３",
    "٣",
    "\u202e\u2066",
    "e" + "\u0301" * 10_000,
    "楼" * 30_000,
    "'; DROP TABLE ticket; --",
    "9999-99-99T99:99:99Z",
    "0001-01-01T00:00:00+23:59",
    [],
    [[]],
    ["x"] * 1000,
    ["01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"] * 9,
    {},
    {"lat": "NaN", "lng": 1e999},
    {"$gt": ""},
]

PIECES: Final = (
    *(
        "0",
        "-1",
        "１２３",
        "%00",
        "%ff",
        "%ed%a0%80",
        "%2e%2e",
        "%2e%2e%2fme",
        "a" * 5000,
        "' OR 1=1",
        "%0d%0aX: y",
    ),
    *("01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11", "{01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11}", "１" * 32, "null"),
)
QUERIES: Final = (
    *("", "0", "-1", "1e9", "１２", "9" * 400, "%00", "%ff%fe", "%ed%a0%80", "a" * 3000, "NaN", "null", "[]"),
    *("01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11", "' OR 1=1", "%25_%5C", "2026-13-45", "9223372036854775808.0"),
)


@dataclass(frozen=True)
class Operation:
    """One operation of the OpenAPI document, and where its input goes."""

    method: str
    path: str
    query: tuple[str, ...]
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@cache
def operations() -> list[Operation]:
    """Return every operation; those by which a caller leaves come last."""
    return sorted(_operations(), key=lambda one: one.method == "DELETE" and one.path.startswith(f"{API}/me"))


def _operations() -> Iterator[Operation]:
    document = create_app().openapi()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            query = tuple(one["name"] for one in operation.get("parameters", []) if one["in"] == "query")
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            shape = document["components"]["schemas"].get(
                str(body.get("schema", {}).get("$ref")).split("/")[-1]
            )
            yield Operation(method.upper(), path, query, tuple((shape or {}).get("properties", {})))


_COUNTS = """
SELECT (SELECT count(*) FROM event WHERE subject = 'ticket')::int, (SELECT sum(seq) FROM ticket)::int
UNION ALL SELECT (SELECT count(*) FROM event WHERE subject <> 'ticket')::int, ((SELECT sum(seq) FROM subject) + (SELECT count(*) FROM transfer))::int
"""


@dataclass
class Siege:
    """Who sends, what they may fill in, and every answer that should not have been."""

    http: httpx.AsyncClient
    callers: dict[str, Person]
    known: dict[str, str]
    wrong: list[str] = field(default_factory=list)
    written: int = 0
    sent: int = 0

    async def send(self, caller: str | None, method: str, path: str, note: object, **kwargs: Any) -> int:
        """Send one request and judge its answer; return the status."""
        headers = dict(kwargs.pop("headers", {})) | (self.callers[caller].headers if caller else {})
        raw = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        started = time.process_time()  # not of a clock: the machine may be busy with others
        answered = await self.http.request(method, path, headers=raw, **kwargs)
        took = time.process_time() - started
        self.sent += 1
        fault = (_errors if path.startswith("/open311/") else _fault)(answered) or (
            "slow" if took > 5 else None
        )
        if fault:
            self.wrong.append(f"{fault}: {method} {path[:120]} as {caller} with {note!r:.120}")
        writes = path.startswith((f"{API}/tickets", "/open311/")) or path.endswith("/to_ticket")
        if answered.is_success and method == "POST" and writes:
            self.written += _events(path, answered)
        if answered.is_success and (method, path) == ("DELETE", f"{API}/me"):
            self.written += answered.json()["withdrawn"]
        return answered.status_code

    async def heard(self, method: str, path: str) -> list[str]:
        """Return those who are not refused whatever they say; `cycle` lets them speak in turn, as all are read alike."""
        return [
            caller
            for caller in CALLERS
            if await self.send(caller, method, path, "{}", content=b"{}", headers=JSON) not in {401, 403, 404}
        ]

    def fill(self, path: str) -> str:
        return path.format_map(self.known)

    def at(self, path: str) -> str:
        """Return a filled address, with the office where it is about one's settings."""
        office = f"?place_id={self.known['office_id']}" if path.startswith(f"{API}/settings/") else ""
        return self.fill(path) + office

    async def over(self) -> None:
        """Everything was refused properly, and the ledger holds what was granted and nothing else."""
        assert not self.wrong, f"{len(self.wrong)} of {self.sent}:\n" + "\n".join(self.wrong[:40])
        rows = await db.fetch(_COUNTS)
        assert tuple(rows[0]) == (self.written, self.written)
        assert rows[1][0] == rows[1][1] > 0  # of the common life


def _events(path: str, answered: httpx.Response) -> int:
    """Return how many events a write of tickets has made."""
    if path.endswith("/acts"):
        return sum("ticket" in item for item in answered.json()["items"])
    several = {"/follow": 0, "/selections": 0, "/split": 2}
    return next((events for end, events in several.items() if path.endswith(end)), 1)


def _fault(answered: httpx.Response) -> str | None:
    if answered.is_success:
        return None
    if answered.status_code >= 500:
        return f"{answered.status_code}"
    if answered.headers.get("content-type") != "application/problem+json":
        return "no problem"
    said = answered.json()
    plain = said["status"] == answered.status_code and said["request_id"]
    return None if plain and re.search("[\u4e00-\u9fff]", said["title"]) else f"poor {said}"


def _errors(answered: httpx.Response) -> str | None:
    """Judge an answer of Open311: well-formed in its format, a refusal being a list of errors in Chinese."""
    kind = answered.headers.get("content-type", "").partition(";")[0]
    if answered.status_code >= 500 or kind not in {"text/xml", "application/json"}:
        return f"{answered.status_code} {kind}"
    if kind == "application/json":
        said = answered.json()
    else:
        said = [{part.tag: part.text for part in one} for one in ET.fromstring(answered.content)]
    if answered.is_success:
        return None
    plain = said and all(str(one["code"]) == str(answered.status_code) for one in said)
    return None if plain and re.search("[\u4e00-\u9fff]", said[0]["description"]) else f"poor {said}"


@pytest.fixture
async def siege(street: None) -> AsyncIterator[Siege]:
    """The demo street with a ticket dispatched to the property company."""
    with deployed(rate_limits="off"):
        async with wechat_server(), world.client() as http:
            callers: dict[str, Person] = {name: await world.sign_in(http, name) for name in CALLERS[:-1]}
            callers["key"] = system = await machine(http)
            resident, head = callers["resident"], callers["grid_head"]
            ticket = await resident.report()
            await head.act("accept", ticket)
            await head.dispatch(ticket)
            known = {
                "ticket_id": ticket["id"],
                "place_id": ticket["place"]["id"],
                "photo_id": await resident.photo(),
                "scene": "none",
                "scan_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
                "organisation_id": (await head.ticket(ticket["id"]))["organisation"]["id"],
                "post_id": await _vacant(),
                "office_id": await id_of_code("wss"),
                "unsealing_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
                "review_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
                "view_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
                "reply_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
                "certificate_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
                "shift_id": await _shift(head),
                "bulletin_id": await _draft(await world.sign_in(http, "community")),
                **await _subjects(await world.sign_in(http, "community")),
                "account_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
                "transfer_id": await accounts.pay(resident, 5),
                "key_id": system.id,
                **await _webhook(system),
                "extension": "xml",
                "service_code": "stair_light",
                "figure_name": "received",
                "service_request_id": ticket["id"],
                "token": ticket["id"],
            }
            yield Siege(http, callers, known, written=3)


async def _webhook(system: Person) -> dict[str, str]:
    body = {"url": "https://8.8.8.8/", "events": ["ticket.*"]}
    made = world.answer(await system.ask("POST", "/webhooks", json=body), 201)
    sent = world.answer(await system.ask("POST", f"/webhooks/{made['id']}/test"), 201)
    return {"webhook_id": made["id"], "delivery_id": sent["id"]}


async def _subjects(community: Person) -> dict[str, str]:
    """Return the id of a subject of each kind."""
    makers = {
        "opinion": opinion,
        "topic": topic,
        "project": project,
        "activity": activity,
        "survey": survey,
        "offer": offer,
        "reservation": reservation,
        "relationship": pairing,
        "dispute": dispute,
    }
    return {f"{kind}_id": (await make(community))["id"] for kind, make in makers.items()}


async def _shift(head: Person) -> str:
    post_id = (await head.get("/me"))["posts"][0]["id"]
    body = {"post_id": post_id, "starts_at": ahead(days=1), "ends_at": ahead(days=1, hours=1)}
    return str(world.answer(await head.ask("POST", "/duty/shifts", json=body), 201)["id"])


async def _draft(community: Person) -> str:
    body = {"place_id": await id_of_code("wss"), "quarter": "2025Q1"}
    return str(world.answer(await community.ask("POST", "/bulletins", json=body), 201)["id"])


async def _vacant() -> str:
    row = await db.fetchrow("SELECT id FROM place WHERE code = 'wss-g4'")
    assert row is not None
    return str(await invitations.create_vacant_post(Role.MEMBER, place_id=row["id"]))


async def test_no_body_is_too_strange(siege: Siege) -> None:
    for operation in operations():
        path = siege.at(operation.path)
        await siege.send(None, operation.method, path, "{}", content=b"{}", headers=JSON)
        heard = await siege.heard(operation.method, path)
        bodies = BODIES if heard and operation.method != "GET" else ()
        for caller, (headers, body) in zip(cycle(heard), bodies, strict=False):
            await siege.send(caller, operation.method, path, body, content=body, headers=headers)
    await siege.over()


async def test_no_field_is_too_strange(siege: Siege) -> None:
    for operation in operations():
        path = siege.at(operation.path)
        heard = await siege.heard(operation.method, path) if operation.fields else []
        for caller, (name, value) in zip(cycle(heard), product(operation.fields, VALUES), strict=False):
            body = json.dumps({**_others(operation, name), name: value}).encode()
            await siege.send(caller, operation.method, path, (name, value), content=body, headers=JSON)
    await siege.over()


async def test_no_field_of_a_form_is_too_strange(siege: Siege) -> None:
    good = {"service_code": "stair_light", "lat": "29.6025", "long": "106.5253", "description": "灯"}
    for name in RequestIn.model_fields:
        for value in VALUES:
            said = value if isinstance(value, str) else json.dumps(value)
            form = urlencode({**good, name: said}, errors="surrogatepass")
            for extension in ("xml", "json"):
                path = f"/open311/v2/requests.{extension}"
                await siege.send("key", "POST", path, (name, value), content=form, headers=FORM)
    for body in (
        b"",
        b"&&=&%",
        b"%00=%00",
        b"lat=%ff",
        b"\xff\xfe",
        b"a=1&" * 5000,
        b"description=" + b"%E7" * 20_000,
    ):
        await siege.send("key", "POST", "/open311/v2/requests.xml", body, content=body, headers=FORM)
    await siege.over()


_GOOD: Final[dict[str, Any]] = {
    "version": 3,
    "category": "stair_light",
    "description": "灯",
    "text": "说明",
    "position": {"lat": 29.5, "lng": 106.5},
    "outcome": "fixed",
    "verdict": "solved",
    "reason": "要协调",
    "organisation_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
    "into": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
}


def _others(operation: Operation, but: str) -> dict[str, Any]:
    """Return the other fields as they should be, so that the one in question is what is judged."""
    return {name: _GOOD[name] for name in operation.fields if name in _GOOD and name != but}


async def test_no_address_is_too_strange(siege: Siege) -> None:
    for operation in operations():
        if "{" not in operation.path:
            continue
        for caller in ("grid_head", None):
            for piece in PIECES:
                path = re.sub(r"\{\w+\}", piece, operation.path)
                status = await siege.send(
                    caller, operation.method, path, piece, content=b'{"version": 1}', headers=JSON
                )
                assert operation.method == "GET" or status >= 400
    await siege.over()


async def test_no_question_is_too_strange(siege: Siege) -> None:
    for operation in operations():
        path = siege.fill(operation.path)
        if operation.method != "GET" or not operation.query:
            continue
        asking = cycle(await siege.heard("GET", path) or CALLERS)
        for name, value in product(operation.query, QUERIES):
            question = f"{path}{'&' if '?' in path else '?'}{name}={value}"
            await siege.send(next(asking), "GET", question, value)
        for rest in ("x=" + "y" * 60_000, "&" * 2000, "=&=&%", "limit=1&limit=2", "box=all&" * 500):
            await siege.send("grid_head", "GET", f"{path}?{rest}", rest[:20])
    await siege.over()


async def test_no_header_is_too_strange(siege: Siege) -> None:
    body = {"category": "stair_light", "place_id": siege.known["place_id"], "description": "灯"}
    for value in (
        "\xff\xfe",
        "%00",
        "'; --",
        "令牌".encode().decode("latin-1"),
        "k" * 256,
        " ",
        "{}",
        "k" * 255,
    ):
        headers = {"Idempotency-Key": value, "Accept": value, "Accept-Language": value, "X-Request-Id": value}
        await siege.send("resident", "POST", f"{API}/tickets", value, json=body, headers=headers)
        await siege.send("resident", "GET", f"{API}/tickets", value, headers=headers)
    await siege.over()


async def test_nobody_learns_which_tickets_exist(siege: Siege) -> None:
    for operation in operations():
        if "{ticket_id}" in operation.path:
            for ticket_id in (siege.known["ticket_id"], str(uuid4()), "x"):
                path = operation.path.format(ticket_id=ticket_id)
                assert await siege.send(None, operation.method, path, "") == 401


@pytest.mark.parametrize(
    "field", ["status", "version", "holder", "level", "created_at", "no", "points", "id", "reporter_id"]
)
async def test_what_the_server_owns_is_not_to_be_said(people_of: Everybody, field: str) -> None:
    (resident,) = await people_of("resident")
    body = {"category": "stair_light", "place_id": await resident.place(), "description": "灯", field: 1}
    said = problem(await resident.ask("POST", "/tickets", json=body), 422)
    assert said["errors"][0]["pointer"] == f"/{field}"
    assert (await db.fetch("SELECT count(*) FROM ticket"))[0][0] == 0
