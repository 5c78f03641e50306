"""Three hundred slow clients delay nobody else, and their connections are closed."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.http_connection import HttpConnection
from survive.results import PromiseResult

SLOW_CLIENTS: Final = 300
OTHER_CLIENTS: Final = 8
OTHER_INTERVAL: Final = 0.2  # seconds between two submits of another client
DRIP_INTERVAL: Final = 2.0  # seconds between two bytes
CLOSE_TIMEOUT: Final = 45.0  # seconds to wait until a slow connection is closed
DRIPS: Final = "drips of both"
KINDS: Final = {"half-sent heads": (300, 0), "half-sent bodies": (0, 300), DRIPS: (150, 150)}


class _Outcome(NamedTuple):
    """Seconds until each slow connection was closed, seconds of each submit by others, and how many failed."""

    closed_after: Sequence[float]
    latencies: Sequence[float]
    errors: int


def measure(environment: Environment) -> list[PromiseResult]:
    """Open slow connections of each kind; submit beside them until all are closed."""
    client = DemoClient(environment.serve().port)
    results = []
    for name in [DRIPS] if environment.quick else KINDS:
        environment.progress.step(f"{SLOW_CLIENTS} {name}")
        results.append(_result(name, asyncio.run(_measure(client, *KINDS[name], drip=name == DRIPS))))
    return results


def _result(name: str, outcome: _Outcome) -> PromiseResult:
    latencies, closed = sorted(outcome.latencies), len(outcome.closed_after)
    p99 = latencies[int(len(latencies) * 0.99)] if latencies else 0.0
    latest = max(outcome.closed_after, default=0.0)
    return PromiseResult(
        f"slow clients: {SLOW_CLIENTS} {name}",
        "others' p99 < 1 s, cut ≤ 30 s",
        f"p99 {p99 * 1000:.0f} ms, the last cut after {latest:.1f} s",
        p99 < 1 and closed == SLOW_CLIENTS and latest <= 30 and outcome.errors == 0,
        f"{len(latencies):,} submits by others, {outcome.errors} of them failed; {closed} of {SLOW_CLIENTS} cut",
    )


async def _measure(client: DemoClient, heads: int, bodies: int, *, drip: bool) -> _Outcome:
    """Open slow connections: `heads` stop within the head of a request, `bodies` within its body."""
    request = client.submit(None)
    part_of_head, part_of_body = request[:60], request[: request.index(b"\r\n\r\n") + 14]
    closed_after, latencies = list[float](), list[float]()
    slow = asyncio.gather(
        *(_send_slowly(client.port, part_of_head, closed_after, drip=drip) for _ in range(heads)),
        *(_send_slowly(client.port, part_of_body, closed_after, drip=drip) for _ in range(bodies)),
    )
    await asyncio.sleep(1)
    others = [asyncio.create_task(_submit(client, latencies, slow)) for _ in range(OTHER_CLIENTS)]
    await slow
    return _Outcome(closed_after, latencies, sum(await asyncio.gather(*others)))


async def _send_slowly(port: int, part: bytes, closed_after: list[float], *, drip: bool) -> None:
    """Send part of a request, then a byte now and then if `drip`; record when the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    start = time.monotonic()
    writer.write(part)
    reading = asyncio.create_task(reader.read())
    while not reading.done() and time.monotonic() - start < CLOSE_TIMEOUT:
        with suppress(OSError):
            if drip:
                writer.write(b"x")
                await writer.drain()
        await asyncio.wait([reading], timeout=DRIP_INTERVAL if drip else CLOSE_TIMEOUT)
    if reading.done():
        reading.exception()
        closed_after.append(time.monotonic() - start)
    reading.cancel()
    writer.close()


async def _submit(client: DemoClient, latencies: list[float], slow: "asyncio.Future[list[None]]") -> int:
    """Submit five times a second until the slow clients are done; return the number of errors."""
    connection, errors = HttpConnection(client.port), 0
    while not slow.done():
        start = time.monotonic()
        response = await connection.request(client.submit(None))
        latencies.append(time.monotonic() - start)
        errors += response.status != 201
        await asyncio.sleep(OTHER_INTERVAL)
    connection.close()
    return errors
