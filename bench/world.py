"""The world the rounds run in: residents with tokens, a grid head, tickets by the thousand, and ready-made requests."""

import asyncio
import http.client
import itertools
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final, TypeVar
from uuid import UUID

import asyncpg

from bench import statements

T = TypeVar("T")
RESIDENTS: Final = 24
HOME: Final = "wss-944-4"  # where the grid head of the demo street answers
API: Final = "/api/v1"
STANDING: Final = 100_000  # tickets the inbox is picked from
DRAINING: Final = 20.0  # seconds the worker has to follow what a round left

_PEOPLE: Final = """
INSERT INTO person (id, created_at, demo, name, home_id, consent_version, consent_at)
SELECT gen_random_uuid(), now(), 'bench-' || n, '居民' || n, home_id, consent_version, consent_at
FROM person, generate_series(1, $1::int) n WHERE demo = 'resident'
"""
_PLACES: Final = "SELECT id FROM place WHERE level = 'unit' AND code <> $1 ORDER BY md5(code) LIMIT $2"
_WAITING: Final = "SELECT count(*) FROM job WHERE dead_at IS NULL AND due_at < now() + interval '2 minutes'"


class World:
    """A filled street: `answers` are what the real server said to one request of each kind."""

    def __init__(self, port: int, dsn: str) -> None:
        self.port, self.dsn, self.keys = port, dsn, itertools.count()
        self._ask(lambda line: line.execute(_PEOPLE, RESIDENTS))
        self.residents = [self._sign_in(f"bench-{n}") for n in range(1, RESIDENTS + 1)]
        self.head, self.office = self._sign_in("grid_head"), self._sign_in("community")
        rows = self._ask(lambda line: line.fetch(_PLACES, HOME, RESIDENTS - 2))
        home = self._ask(lambda line: line.fetchval("SELECT id FROM place WHERE code = $1", HOME))
        self.places = [home, home, *(row["id"] for row in rows)]
        reports = [self._say(request, 201) for request in itertools.islice(self.submits(), RESIDENTS)]
        self.samples = [UUID(report["id"]) for report in reports[1:]]
        self.answers = {"submit": reports[1]} | self._acted(reports[0])

    def _acted(self, ticket: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Take a ticket through the acts that are measured."""
        query = f"/organisations?place_id={ticket['place']['id']}&category={ticket['category']['code']}"
        self.organisation = self._say(_request("GET", query, self.head))["items"][0]["id"]
        ticket_id = UUID(ticket["id"])
        accepted = self._say(self.accept(ticket_id))
        dispatched = self._say(self.dispatch(ticket_id, accepted["version"]))
        item = self._say(self.inbox(20))["items"][0]
        return {"accept": accepted, "dispatch": dispatched, "item": item}

    def fill(self, count: int) -> int:
        """Have `count` more tickets, a third of them open; return how many there are."""
        self._ask(lambda line: line.execute(statements.BULK, count, self.samples, 90.0, "mixed"))
        self._ask(lambda line: line.execute("VACUUM ANALYZE"))
        return self.tickets()

    def tickets(self) -> int:
        """Count the tickets."""
        return int(self._ask(lambda line: line.fetchval("SELECT count(*) FROM ticket")))

    def ready(self, status: str, count: int) -> list[UUID]:
        """Have `count` tickets in the grid head's hands; return them, shuffled as a day's work is."""
        rows = self._ask(
            lambda line: line.fetch(statements.BULK, count, self.samples[:1], 0.01, status, timeout=60)
        )
        found = [row["id"] for row in rows]
        secrets.SystemRandom().shuffle(found)
        return found

    def drain(self) -> None:
        """Wait until the worker has followed every event."""
        deadline = time.monotonic() + DRAINING
        while self._ask(lambda line: line.fetchval(_WAITING)):
            if time.monotonic() > deadline:
                raise RuntimeError("the worker does not get done with what the round left")
            time.sleep(0.05)

    def drop(self) -> None:
        """Throw away what the bare endpoint left to a worker it does not have."""
        self._ask(lambda line: line.execute("DELETE FROM job"))

    def submits(self) -> Iterator[bytes]:
        """Make reports without end, each by the next resident, under its own key."""
        for number in self.keys:
            form = {
                "category": "stair_light",
                "place_id": str(self.places[number % len(self.places)]),
                "place_note": "3楼",
                "description": "楼道灯不亮,老人上下楼看不见,请尽快来修",
                "photo_ids": [],
            }
            token = self.residents[number % RESIDENTS]
            yield _request("POST", "/tickets", token, form, key=f"bench-{number:012}")

    def accept(self, ticket_id: UUID, version: int = 1) -> bytes:
        """Make an accept by the grid head."""
        return _request("POST", f"/tickets/{ticket_id}/accept", self.head, {"version": version})

    def dispatch(self, ticket_id: UUID, version: int = 1) -> bytes:
        """Make a dispatch by the grid head to the property company."""
        form = {"version": version, "organisation_id": self.organisation, "note": "请先看三楼"}
        return _request("POST", f"/tickets/{ticket_id}/dispatch", self.head, form)

    def inbox(self, limit: int) -> bytes:
        """Make a look into the grid head's inbox."""
        return _request("GET", f"/tickets?box=inbox&limit={limit}", self.head)

    def listen(self, url: str) -> str:
        """Add a webhook of the community, for an event nothing here brings about; return its id."""
        form = {"url": url, "events": ["ticket.unmerged"]}
        return str(self._say(_request("POST", "/webhooks", self.office, form), 201)["id"])

    def unlisten(self, webhook: str) -> None:
        """End a webhook."""
        self._say(_request("DELETE", f"/webhooks/{webhook}", self.office))

    def leave(self, webhook: str, count: int) -> None:
        """Leave so many messages to a webhook, due now."""
        self._ask(lambda line: line.execute(statements.MESSAGES, UUID(webhook), count))

    def delivered(self, webhook: str) -> list[float]:
        """Return how many seconds each message delivered took from being left."""
        rows = self._ask(lambda line: line.fetch(statements.DELIVERED, UUID(webhook)))
        return [row["took"] for row in rows]

    def _sign_in(self, persona: str) -> str:
        return str(self._say(_request("POST", "/auth/demo", "-", {"persona": persona}))["access_token"])

    def _say(self, request: bytes, status: int = 200) -> Any:
        """Send one ready-made request and return its JSON."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.connect()
        line.sock.sendall(request)
        response = http.client.HTTPResponse(line.sock)
        response.begin()
        said = response.read()
        line.close()
        if response.status != status:
            raise RuntimeError(f"{response.status} {said.decode()}")
        return json.loads(said)

    def _ask(self, what: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        async def asked() -> T:
            line = await asyncpg.connect(self.dsn, timeout=10, command_timeout=120)
            try:
                return await what(line)
            finally:
                await line.close()

        return asyncio.run(asked())


def _request(method: str, path: str, token: str, form: Any = None, *, key: str | None = None) -> bytes:
    body = b"" if form is None else json.dumps(form, ensure_ascii=False).encode()
    head = f"{method} {API}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    if form is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    if key:
        head += f"Idempotency-Key: {key}\r\n"
    return head.encode() + b"\r\n" + body
