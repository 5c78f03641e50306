"""On SIGTERM under load the program answers the requests in flight and ends within ten seconds."""

import asyncio
import signal
import time
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.http_connection import ConnectionLost, HttpConnection
from survive.program import Program
from survive.results import PromiseResult
from survive.writers import Writers

WRITERS: Final = 16
HALF_SENT: Final = 30  # requests that are certainly in flight: the first part of each has been sent
LAST_PART: Final = 10  # bytes
REST_DELAY: Final = 0.6  # seconds from the signal to the last part


class _Stop(NamedTuple):
    """One stop: seconds it took, failed requests that were in flight, and lost ones that were sent later."""

    seconds: float
    failed: int
    lost_later: int


def measure(environment: Environment) -> list[PromiseResult]:
    """Send SIGTERM under load several times."""
    times, stops = environment.size(6, 1), []
    for number in range(1, times + 1):
        environment.progress.step(f"stop {number} of {times}")
        stops.append(_stop_under_load(environment, environment.serve()))
    seconds = max(stop.seconds for stop in stops)
    failed, lost_later = sum(stop.failed for stop in stops), sum(stop.lost_later for stop in stops)
    return [
        PromiseResult(
            f"graceful stop: {times} SIGTERM under load",
            "≤ 10 s, 0 failed",
            f"{seconds:.1f} s, {failed} failed",
            seconds <= 10 and failed == lost_later == 0,
            f"{WRITERS} writers and {times * HALF_SENT} half-sent requests; of those sent after the signal over an open "
            f"connection {lost_later} lost",
        )
    ]


def _stop_under_load(environment: Environment, program: Program) -> _Stop:
    """Stop the program under load and restart it."""
    client = DemoClient(program.port)
    with Writers(client, WRITERS) as writers:
        writers.wait_for_more(environment.size(300, 20))
        stop = partial(program.end, signal.SIGTERM)
        seconds, signalled_at, failed = asyncio.run(_stop_with_half_sent(client, stop))
        environment.restart()
        writers.wait_for_more(1)
    lost = [request for request in writers.lost_requests if "ConnectionRefused" not in request.reason]
    failed += sum(request.sent_at < signalled_at <= request.lost_at for request in lost)
    ended_at = signalled_at + seconds
    return _Stop(seconds, failed, sum(signalled_at <= request.sent_at < ended_at for request in lost))


async def _stop_with_half_sent(client: DemoClient, stop: Callable[[], float]) -> tuple[float, float, int]:
    """Stop the program with requests half sent.

    Return the seconds it took, when the signal was sent (monotonic clock) and how many of the requests failed.
    """
    request = client.submit(None)
    connections = [HttpConnection(client.port) for _ in range(HALF_SENT)]
    await asyncio.gather(*(connection.send(request[:-LAST_PART]) for connection in connections))
    await asyncio.sleep(0.3)
    signalled_at = time.monotonic()
    stopping = asyncio.create_task(asyncio.to_thread(stop))
    await asyncio.sleep(REST_DELAY)
    failed = await asyncio.gather(*(_fails(one, request[-LAST_PART:]) for one in connections))
    return await stopping, signalled_at, sum(failed)


async def _fails(connection: HttpConnection, rest: bytes) -> bool:
    """Send the rest of a request; tell whether it is not answered with 201."""
    try:
        await connection.send(rest)
        return (await connection.receive()).status != 201
    except (ConnectionLost, OSError):
        return True
    finally:
        connection.close()
