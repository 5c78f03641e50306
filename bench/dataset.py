"""The data the benchmark runs over: residents and staff with tokens, places, and tickets."""

import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from bench import acts, fill_statements, timers
from bench.database import Query, run_query
from bench.http_client import fetch_json, sign_in
from bench.requests import RequestFactory

T = TypeVar("T")
RESIDENTS: Final = 24
HOME: Final = "wss-944-4"  # a unit in the grid of the demo street's grid head
STAFF: Final = ("grid_head", "property", "community", "department")
DEFAULT_TICKETS: Final = 100_000
RARE_WORD_INTERVAL: Final = 4000  # one ticket in so many has the rare word
FILL_DAYS: Final = 90.0  # the creation of filled tickets is spread over
DRAIN_TIMEOUT: Final = 20.0  # seconds for the worker to process what a round left
STATEMENT_TIMEOUT: Final = 600.0

_INSERT_RESIDENTS: Final = """
INSERT INTO person (id, created_at, demo, name, home_id, consent_version, consent_at)
SELECT gen_random_uuid(), now(), 'bench-' || n, '居民' || n, home_id, consent_version, consent_at
FROM person, generate_series(1, $1::int) n WHERE demo = 'resident'
"""
_HOME_ID: Final = "SELECT id FROM place WHERE code = $1"
_OTHER_PLACES: Final = "SELECT id FROM place WHERE level = 'unit' AND code <> $1 ORDER BY md5(code) LIMIT $2"
_OTHER_UNIT: Final = "SELECT id FROM place WHERE code = 'wss-932-1'"  # in the grid next to HOME's
_COUNT_JOBS: Final = (
    "SELECT count(*) FROM job WHERE dead_at IS NULL AND due_at < now() + interval '2 minutes'"
)


class Dataset:
    """A demo street with residents and tickets.

    `answers`: the server's response to a submit ("submit") and one item of an inbox ("item").
    """

    def __init__(self, port: int, dsn: str) -> None:
        self.port, self.dsn = port, dsn
        self.answers: dict[str, dict[str, Any]] = {}
        self.requests = self._request_factory()
        self.home_id = self.requests.places[0]
        self._submit_samples()
        self._read_placeholders()

    def _request_factory(self) -> RequestFactory:
        """Create the residents, sign everybody in and choose a place for each resident; the first two live in HOME."""
        self.query(lambda connection: connection.execute(_INSERT_RESIDENTS, RESIDENTS))
        residents = [sign_in(self.port, f"bench-{n}") for n in range(1, RESIDENTS + 1)]
        tokens = {persona: sign_in(self.port, persona) for persona in STAFF}
        tokens |= {"resident": residents[0], "neighbour": residents[1]}
        rows = self.query(lambda connection: connection.fetch(_OTHER_PLACES, HOME, RESIDENTS - 2))
        home_id = self.query(lambda connection: connection.fetchval(_HOME_ID, HOME))
        return RequestFactory(tokens, residents, [home_id, home_id, *(row["id"] for row in rows)])

    def _submit_samples(self) -> None:
        """Submit one ticket a resident. All but the first are the samples that filling copies."""
        submits = itertools.islice(self.requests.submits(), RESIDENTS)
        tickets = [fetch_json(self.port, request, 201) for request in submits]
        self.first_id, *self.sample_ids = [UUID(ticket["id"]) for ticket in tickets]
        inbox = fetch_json(self.port, self.requests.inbox(20))
        self.answers |= {"submit": tickets[1], "item": inbox["items"][0]}

    def _read_placeholders(self) -> None:
        """Find the values of the placeholders in the acts' bodies."""
        category = self.answers["item"]["category"]["code"]
        request = self.requests.organisations(self.home_id, category)
        organisations = fetch_json(self.port, request)["items"]
        other_unit_id = self.query(lambda connection: connection.fetchval(_OTHER_UNIT))
        self.requests.placeholders = {
            acts.COMPANY: organisations[0]["id"],
            acts.DEPARTMENT: next(one["id"] for one in organisations if one["name"] == "城管"),
            acts.TOMORROW: (datetime.now(UTC) + timedelta(hours=8)).isoformat(),
            acts.OTHER_UNIT: str(other_unit_id),
        }

    def submit(self, persona: str) -> dict[str, Any]:
        """Submit a ticket from HOME and return it."""
        submits = self.requests.submits([self.home_id], [self.requests.tokens[persona]])
        ticket: dict[str, Any] = fetch_json(self.port, next(submits), 201)
        return ticket

    def fill(self, count: int, status: str = "mixed") -> None:
        """Add `count` tickets with a status; of 'mixed' ones a third is open."""
        sql, samples = fill_statements.FILL_TICKETS, self.sample_ids
        self.query(lambda connection: connection.execute(sql, count, samples, FILL_DAYS, status))
        self.query(lambda connection: connection.execute("VACUUM ANALYZE"))

    def fill_search_words(self) -> None:
        """Make the tickets added so far searchable, including those that acts were performed on."""
        sql, samples = fill_statements.FILL_SEARCH_WORDS, [self.first_id, *self.sample_ids]
        self.query(lambda connection: connection.execute(sql, samples, RARE_WORD_INTERVAL))
        self.query(lambda connection: connection.execute("VACUUM ANALYZE ticket_words"))

    def count_tickets(self) -> int:
        """Count all tickets."""
        return int(self.query(lambda connection: connection.fetchval("SELECT count(*) FROM ticket")))

    def count_timers(self) -> int:
        """Count the tickets that have a timer."""
        return int(self.query(lambda connection: connection.fetchval(timers.COUNT_TIMERS)))

    def wait_for_worker(self) -> None:
        """Wait until the worker has processed every job. Raises RuntimeError after DRAIN_TIMEOUT."""
        deadline = time.monotonic() + DRAIN_TIMEOUT
        while self.query(lambda connection: connection.fetchval(_COUNT_JOBS)):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the worker still has jobs after {DRAIN_TIMEOUT:.0f} s")
            time.sleep(0.05)

    def delete_jobs(self) -> None:
        """Delete the jobs of the bare endpoint, which has no worker."""
        self.query(lambda connection: connection.execute("DELETE FROM job"))

    def query(self, query: Query[T]) -> T:
        """Run a query over a connection of its own."""
        return run_query(self.dsn, query, STATEMENT_TIMEOUT)
