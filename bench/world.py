"""The world the rounds run in: residents with tokens, a grid head, tickets by the thousand, and ready-made requests."""

import asyncio
import itertools
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import quote
from uuid import UUID

import asyncpg

from app.rules import lifecycle
from bench import acts, statements, timers
from bench.asking import request, said

T = TypeVar("T")
RESIDENTS: Final = 24
HOME: Final = "wss-944-4"  # where the grid head of the demo street answers
STAFF: Final = ("grid_head", "property", "community", "department")
STANDING: Final = 100_000  # tickets the inbox is picked from
RARELY: Final = 4000  # one ticket in so many has the rare word
DRAINING: Final = 20.0  # seconds the worker has to follow what a round left

_PEOPLE: Final = """
INSERT INTO person (id, created_at, demo, name, home_id, consent_version, consent_at)
SELECT gen_random_uuid(), now(), 'bench-' || n, '居民' || n, home_id, consent_version, consent_at
FROM person, generate_series(1, $1::int) n WHERE demo = 'resident'
"""
_PLACES: Final = "SELECT id FROM place WHERE level = 'unit' AND code <> $1 ORDER BY md5(code) LIMIT $2"
_LAST: Final = """
SELECT e.type, r.text FROM event e LEFT JOIN remark r USING (ticket_id, seq)
WHERE e.ticket_id = $1 ORDER BY e.seq DESC LIMIT 1
"""
_NEIGHBOUR: Final = "SELECT id FROM person WHERE demo = 'bench-2'"
_ELSEWHERE: Final = "SELECT id FROM place WHERE code = 'wss-932-1'"  # of the grid beside
_WAITING: Final = "SELECT count(*) FROM job WHERE dead_at IS NULL AND due_at < now() + interval '2 minutes'"


class World:
    """A filled street: `answers` are what the real server said to one request of each kind."""

    def __init__(self, port: int, dsn: str) -> None:
        self.port, self.dsn, self.keys = port, dsn, itertools.count()
        self._ask(lambda line: line.execute(_PEOPLE, RESIDENTS))
        self.residents = [self._sign_in(f"bench-{n}") for n in range(1, RESIDENTS + 1)]
        self.tokens = {persona: self._sign_in(persona) for persona in STAFF}
        self.tokens |= {"resident": self.residents[0], "neighbour": self.residents[1]}
        rows = self._ask(lambda line: line.fetch(_PLACES, HOME, RESIDENTS - 2))
        home = self._ask(lambda line: line.fetchval("SELECT id FROM place WHERE code = $1", HOME))
        self.places = [home, home, *(row["id"] for row in rows)]
        reports = [self._say(report, 201) for report in itertools.islice(self.submits(), RESIDENTS)]
        self.first, *self.samples = [UUID(report["id"]) for report in reports]
        item = self._say(self.inbox(20))["items"][0]
        self.answers = {"submit": reports[1], "item": item}
        query = f"/organisations?place_id={home}&category={item['category']['code']}"
        serving = self._say(request("GET", query, self.tokens["grid_head"]))["items"]
        company, department = serving[0]["id"], next(one["id"] for one in serving if one["name"] == "城管")
        elsewhere = self._ask(lambda line: line.fetchval(_ELSEWHERE))
        tomorrow = (datetime.now(UTC) + timedelta(hours=8)).isoformat()
        self.meant = {
            acts.DEPARTMENT: department,
            acts.COMPANY: company,
            acts.TOMORROW: tomorrow,
            acts.ELSEWHERE: str(elsewhere),
        }
        beside = self._say(next(self.submits(self.places[:1], self.residents[1:2])), 201)
        self.beside = UUID(beside["id"])
        self.neighbour = self._ask(lambda line: line.fetchval(_NEIGHBOUR))
        self.others: dict[str, str] = {}  # the neighbour's ticket beside a ticket
        self.begins = {name: self._brought(measured.before) for name, measured in acts.ACTS.items()}
        self.bare = {name: self._twin_of(name) for name in acts.ACTS}

    def _brought(self, steps: Sequence[acts.Step]) -> dict[str, Any]:
        """Report something and take it through some steps; return the ticket."""
        ticket: dict[str, Any] = self._say(next(self.submits(self.places[:1], self.residents[:1])), 201)
        for step in steps:
            ticket = self._say(self.acting(step, ticket["id"], ticket["version"]))
        return ticket

    def _twin_of(self, name: str) -> statements.BareAct:
        """Do an act once for real and return what it came to, for the bare endpoint."""
        (ticket_id,) = self.ready(name, 1)
        before = self._row(ticket_id)
        self.answers[name] = self._say(self.act(name, ticket_id))
        event = self._ask(lambda line: line.fetchrow(_LAST, ticket_id))
        return statements.act(event["type"], before, self._row(ticket_id), event["text"])

    def _row(self, ticket_id: UUID) -> asyncpg.Record:
        return self._ask(lambda line: line.fetchrow(statements.SAMPLE, ticket_id))

    def fill(self, count: int, status: str = "mixed") -> None:
        """Have `count` more tickets, of 'mixed' ones a third open."""
        self._ask(lambda line: line.execute(statements.BULK, count, self.samples, 90.0, status))
        self._ask(lambda line: line.execute("VACUUM ANALYZE"))

    def word(self) -> None:
        """Let the tickets that were filled in be found by their words, those acts were done to as well."""
        self._ask(lambda line: line.execute(statements.WORDS, [self.first, *self.samples], RARELY))
        self._ask(lambda line: line.execute("VACUUM ANALYZE ticket_words"))

    def standing(self) -> int:
        """Count the tickets whose timers stand."""
        return int(self._ask(lambda line: line.fetchval(timers.OPEN)))

    def tickets(self) -> int:
        """Count the tickets."""
        return int(self._ask(lambda line: line.fetchval("SELECT count(*) FROM ticket")))

    def ready(self, name: str, count: int) -> list[UUID]:
        """Have `count` tickets where an act begins; return them, shuffled as a day's work is."""
        begins = UUID(self.begins[name]["id"])
        found = self._twins(begins, count)
        if name in acts.PAIRED:
            others = self._twins(self.beside, count)
            self.others = dict(zip(map(str, found), map(str, others), strict=True))
            if more := statements.BESIDE.get(name):
                self._ask(lambda line: line.execute(more, found, others, self.neighbour))
                self._ask(
                    lambda line: line.execute("ANALYZE follower")
                )  # as the database does within a minute
        secrets.SystemRandom().shuffle(found)
        return found

    def _twins(self, ticket_id: UUID, count: int) -> list[UUID]:
        rows = self._ask(lambda line: line.fetch(statements.TWINS, count, ticket_id, timeout=60))
        return [row["id"] for row in rows]

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

    def submits(
        self, places: Sequence[UUID] | None = None, residents: Sequence[str] | None = None
    ) -> Iterator[bytes]:
        """Make reports without end, each by the next resident, under its own key."""
        places, residents = places or self.places, residents or self.residents
        for number in self.keys:
            form = {
                "category": "stair_light",
                "place_id": str(places[number % len(places)]),
                "place_note": "3楼",
                "description": "楼道灯不亮,老人上下楼看不见,请尽快来修",
                "photo_ids": [],
            }
            token = residents[number % len(residents)]
            yield request("POST", "/tickets", token, form, key=f"bench-{number:012}")

    def act(self, name: str, ticket_id: UUID) -> bytes:
        """Make the request of an act on a ticket that stands where it begins."""
        return self.acting(acts.ACTS[name].step, str(ticket_id), self.begins[name]["version"])

    def acting(self, step: acts.Step, ticket_id: str, version: int) -> bytes:
        """Make the request of a step."""
        who, action, said = step
        self.meant[acts.OTHER] = self.others.get(ticket_id, str(self.beside))
        form = {name: self._meant(value) for name, value in said.items()}
        if lifecycle.MOVES[action].versioned:
            form["version"] = version
        return request("POST", f"/tickets/{ticket_id}/{action}", self.tokens[who], form)

    def _meant(self, said: Any) -> Any:
        """Put what a word of an act stands for in its place."""
        return [self._meant(one) for one in said] if isinstance(said, list) else self.meant.get(said, said)

    def inbox(self, limit: int) -> bytes:
        """Make a look into the grid head's inbox."""
        return request("GET", f"/tickets?box=inbox&limit={limit}", self.tokens["grid_head"])

    def search(self, said: str) -> bytes:
        """Make a community's search through all its tickets."""
        return request("GET", f"/tickets?box=all&limit=20&q={quote(said)}", self.tokens["community"])

    def listen(self, url: str) -> str:
        """Add a webhook of the community, for an event nothing here brings about; return its id."""
        form = {"url": url, "events": ["ticket.unmerged"]}
        return str(self._say(request("POST", "/webhooks", self.tokens["community"], form), 201)["id"])

    def unlisten(self, webhook: str) -> None:
        """End a webhook."""
        self._say(request("DELETE", f"/webhooks/{webhook}", self.tokens["community"]))

    def leave(self, webhook: str, count: int) -> None:
        """Leave so many messages to a webhook, due now."""
        self._ask(lambda line: line.execute(statements.MESSAGES, UUID(webhook), count))

    def delivered(self, webhook: str) -> list[float]:
        """Return how many seconds each message delivered took from being left."""
        rows = self._ask(lambda line: line.fetch(statements.DELIVERED, UUID(webhook)))
        return [row["took"] for row in rows]

    def _sign_in(self, persona: str) -> str:
        return str(self._say(request("POST", "/auth/demo", "-", {"persona": persona}))["access_token"])

    def _say(self, asked: bytes, status: int = 200) -> Any:
        """Send one ready-made request and return its JSON."""
        return said(self.port, asked, status)

    def _ask(self, what: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        async def asked() -> T:
            line = await asyncpg.connect(self.dsn, timeout=10, command_timeout=600)
            try:
                return await what(line)
            finally:
                await line.close()

        return asyncio.run(asked())
