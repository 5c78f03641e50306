"""Tickets in the state where each act begins, the requests of the acts, and each act's bare version."""

import secrets
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg

from bench import acts, bare_statements, fill_statements
from bench.dataset import Dataset
from bench.http_client import fetch_json

_NEIGHBOUR: Final = "SELECT id FROM person WHERE demo = 'bench-2'"
_LAST_EVENT: Final = """
SELECT e.type, r.text FROM event e LEFT JOIN remark r USING (ticket_id, seq)
WHERE e.ticket_id = $1 ORDER BY e.seq DESC LIMIT 1
"""


class ActTickets:
    """Performs each act once on the real server, and makes any number of tickets ready for it.

    By name of the act: `answers` are the server's responses, `bare_acts` what the bare endpoint does.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.neighbour_tickets: dict[str, str] = {}  # by the resident's ticket
        self.answers: dict[str, dict[str, Any]] = {}
        self.neighbour_ticket_id = UUID(dataset.submit("neighbour")["id"])
        self.neighbour_id = dataset.query(lambda c: c.fetchval(_NEIGHBOUR))
        self.start_tickets = {name: self._start_ticket(case.setup) for name, case in acts.ACTS.items()}
        self.bare_acts = {name: self._perform(name) for name in acts.ACTS}

    def _start_ticket(self, setup: Sequence[acts.Step]) -> dict[str, Any]:
        """Submit a ticket, perform some steps on it and return it."""
        ticket = self.dataset.submit("resident")
        for step in setup:
            ticket = fetch_json(self.dataset.port, self._step_request(step, ticket["id"], ticket["version"]))
        return ticket

    def _perform(self, name: str) -> bare_statements.BareAct:
        """Perform an act once on the real server, keep its response and return the bare version of the act."""
        (ticket_id,) = self.prepare(name, 1)
        before = self._ticket_row(ticket_id)
        self.answers[name] = fetch_json(self.dataset.port, self.request(name, ticket_id))
        event = self.dataset.query(lambda c: c.fetchrow(_LAST_EVENT, ticket_id))
        return bare_statements.bare_act(event["type"], before, self._ticket_row(ticket_id), event["text"])

    def _ticket_row(self, ticket_id: UUID) -> asyncpg.Record:
        return self.dataset.query(lambda c: c.fetchrow(bare_statements.SELECT_TICKET, ticket_id))

    def request(self, name: str, ticket_id: UUID) -> bytes:
        """Build the request of an act for a ticket from `prepare`."""
        return self._step_request(acts.ACTS[name].step, str(ticket_id), self.start_tickets[name]["version"])

    def _step_request(self, step: acts.Step, ticket_id: str, version: int) -> bytes:
        neighbour_ticket = self.neighbour_tickets.get(ticket_id, str(self.neighbour_ticket_id))
        return self.dataset.requests.act(step, ticket_id, version, {acts.NEIGHBOUR_TICKET: neighbour_ticket})

    def prepare(self, name: str, count: int) -> list[UUID]:
        """Create `count` tickets in the state where an act begins; return their ids in random order."""
        ticket_ids = self._copy_ticket(UUID(self.start_tickets[name]["id"]), count)
        if name in acts.NEIGHBOUR_ACTS:
            neighbours = self._copy_ticket(self.neighbour_ticket_id, count)
            self.neighbour_tickets = dict(zip(map(str, ticket_ids), map(str, neighbours), strict=True))
            if sql := fill_statements.ACT_PREPARATION.get(name):
                self.dataset.query(lambda c: c.execute(sql, ticket_ids, neighbours, self.neighbour_id))
                self.dataset.query(
                    lambda c: c.execute("ANALYZE follower")
                )  # autovacuum would within a minute
        secrets.SystemRandom().shuffle(ticket_ids)
        return ticket_ids

    def _copy_ticket(self, ticket_id: UUID, count: int) -> list[UUID]:
        sql = fill_statements.COPY_TICKET
        rows = self.dataset.query(lambda c: c.fetch(sql, count, ticket_id, timeout=60))
        return [row["id"] for row in rows]
