"""Clients that submit tickets without a pause, each repeated until acknowledged, in a thread beside the test."""

import asyncio
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Collection
from typing import Final, NamedTuple, Self
from uuid import uuid4

import uvloop

from survive.demo_client import DemoClient
from survive.http_connection import ConnectionLost, HttpConnection, Response
from survive.program import wait_until
from survive.results import describe_statuses

RETRY_DELAY: Final = 0.05  # seconds before the same request is sent again
PROGRESS_TIMEOUT: Final = 90.0  # seconds within which the awaited number must be acknowledged
RETRY_LATER: Final = frozenset({429, 503, 507})


class TimedResponse(NamedTuple):
    """A response's status, and when the request was sent and the response received (monotonic clock)."""

    sent_at: float
    received_at: float
    status: int


class LostRequest(NamedTuple):
    """A request without a response: when it was sent and when the connection was lost (monotonic clock)."""

    sent_at: float
    lost_at: float
    reason: str


class Writers:
    """`count` writers. `expected`: statuses that are no error, besides 201 and RETRY_LATER.

    `pause`: seconds between two tickets of a writer. `acknowledged`: for each writer the tickets by idempotency key, in order. `unexpected`: all other responses.
    """

    def __init__(
        self, client: DemoClient, count: int, expected: Collection[int] = (), *, pause: float = 0.0
    ) -> None:
        self.client, self._run_id, self._expected = client, uuid4().hex[:8], {201, *RETRY_LATER, *expected}
        self.acknowledged: list[dict[str, str]] = [{} for _ in range(count)]
        self.responses: list[TimedResponse] = []
        self.lost_requests: list[LostRequest] = []
        self.unexpected: Counter[str] = Counter()
        self._pause = pause
        self._stopping = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        self._thread.join(30)

    @property
    def ticket_ids(self) -> set[str]:
        """The tickets acknowledged so far."""
        return {ticket for tickets in self.acknowledged for ticket in list(tickets.values())}

    @property
    def count(self) -> int:
        """The number of acknowledgements. It exceeds that of `ticket_ids` when two keys were given one ticket."""
        return sum(map(len, self.acknowledged))

    def wait_for_more(self, count: int) -> None:
        """Wait until `count` more tickets are acknowledged. Raises RuntimeError after PROGRESS_TIMEOUT."""
        enough = self.count + count
        wait_until(lambda: self.count >= enough, PROGRESS_TIMEOUT, f"{count} more acknowledged tickets")

    def describe(self) -> str:
        """Format the counts of statuses and of lost connections."""
        statuses = describe_statuses(Counter(response.status for response in list(self.responses)))
        lost = f"{len(self.lost_requests):,} connections refused or cut" if self.lost_requests else ""
        return ", ".join(filter(None, (statuses, lost)))

    def responses_since(self, when: float) -> list[TimedResponse]:
        """Return the responses to requests sent since a moment (monotonic clock)."""
        return [response for response in list(self.responses) if response.sent_at >= when]

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._write_all())

    async def _write_all(self) -> None:
        await asyncio.gather(*(self._write(number) for number in range(len(self.acknowledged))))

    async def _write(self, number: int) -> None:
        connection = HttpConnection(self.client.port)
        for count in itertools.count():
            key = f"survive-{self._run_id}-{number}-{count}"
            while not self._stopping:
                response = await self._send(connection, self.client.submit(key))
                if response and response.status == 201:
                    self.acknowledged[number][key] = json.loads(response.body)["id"]
                    await asyncio.sleep(self._pause)
                    break
                await asyncio.sleep(RETRY_DELAY)
            if self._stopping:
                connection.close()
                return

    async def _send(self, connection: HttpConnection, request: bytes) -> Response | None:
        """Send a request and record what came of it."""
        sent_at = time.monotonic()
        try:
            response = await connection.request(request)
        except ConnectionLost as error:
            self.lost_requests.append(LostRequest(sent_at, time.monotonic(), str(error)))
            return None
        self.responses.append(TimedResponse(sent_at, time.monotonic(), response.status))
        if response.status not in self._expected or not response.is_well_formed:
            self.unexpected[f"{response.status} {response.headers} {response.body[:200]!r}"] += 1
        return response
