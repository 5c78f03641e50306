"""Far more requests than can be served: the surplus is told to come back, accepted ones wait at most two seconds."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import uvloop

from bench.http_client import build_request
from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.http_connection import RESPONSE_TIMEOUT, ConnectionLost, HttpConnection
from survive.results import PromiseResult, describe_statuses

CONNECTIONS: Final = 1000  # each sends its next request as soon as it has a response
NORMAL_SECONDS: Final = 0.5  # a submit takes no longer once the load is over
NORMAL_SUBMITS: Final = 10  # in a row
_ALLOWED: Final = frozenset({200, 201, 429, 503})
_ACCEPTED: Final = frozenset({200, 201})


@dataclass(slots=True)
class _Load:
    """The responses under load: status and seconds of each; requests lost; refusals without Retry-After."""

    responses: list[tuple[int, float]] = field(default_factory=list)
    lost: int = 0
    malformed: int = 0

    def percentile(self, share: float) -> float:
        """Return a percentile of the accepted requests' seconds; RESPONSE_TIMEOUT when none was accepted."""
        seconds = sorted(seconds for status, seconds in self.responses if status in _ACCEPTED)
        return seconds[int(len(seconds) * share)] if seconds else RESPONSE_TIMEOUT


def measure(environment: Environment) -> list[PromiseResult]:
    """Overload the program; then measure how soon submits are fast again."""
    seconds, connections = environment.size(20, 3), environment.size(CONNECTIONS, 300)
    client = DemoClient(environment.serve().port)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        environment.progress.step(f"{connections} connections for {seconds} s")
        load = runner.run(_overload(client, connections, seconds))
        environment.progress.step("wait until submits are fast again")
        recovery = runner.run(_recover(client))
    counts, p99 = Counter(status for status, _ in load.responses), load.percentile(0.99)
    correct = set(counts) <= _ALLOWED and not load.malformed and not load.lost
    return [
        PromiseResult(
            f"overload: {connections} connections for {seconds} s",
            "2xx, 429, 503 + Retry-After; p99 < 2 s; normal ≤ 10 s after",
            f"p99 {p99:.2f} s, normal after {recovery:.1f} s",
            correct and p99 < 2 and recovery <= 10,
            f"{describe_statuses(counts)}; {load.lost} lost, {load.malformed} malformed; "
            f"accepted: p50 {load.percentile(0.5):.2f} s, "
            f"{sum(counts[status] for status in _ACCEPTED) / seconds:,.0f} a second",
        )
    ]


async def _overload(client: DemoClient, connections: int, seconds: float) -> _Load:
    """Send requests over all connections for so many seconds, half of them submits, half of them lists."""
    deadline, load = time.monotonic() + seconds, _Load()
    inbox = build_request("GET", "/tickets?limit=20", client.tokens["resident"])

    async def send(number: int) -> None:
        connection = HttpConnection(client.port)
        request = inbox if number % 2 else client.submit(None)
        while (start := time.monotonic()) < deadline:
            try:
                response = await connection.request(request)
            except ConnectionLost:
                load.lost += 1
                continue
            load.responses.append((response.status, time.monotonic() - start))
            load.malformed += not response.is_well_formed
        connection.close()

    await asyncio.gather(*(send(number) for number in range(connections)))
    return load


async def _recover(client: DemoClient) -> float:
    """Return the seconds until NORMAL_SUBMITS submits in a row are accepted fast; at most about 30."""
    begin, in_a_row, connection = time.monotonic(), 0, HttpConnection(client.port)
    while in_a_row < NORMAL_SUBMITS and time.monotonic() - begin < 30:
        start = time.monotonic()
        status = (await connection.request(client.submit(None))).status
        fast = status == 201 and time.monotonic() - start < NORMAL_SECONDS
        in_a_row = in_a_row + 1 if fast else 0
    connection.close()
    return time.monotonic() - begin
