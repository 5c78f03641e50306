"""Told to stop under load, the program answers what is in flight and is gone in ten seconds."""

import asyncio
import signal
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from survive.line import Line, Lost
from survive.rows import Row
from survive.stand import Stand
from survive.street import Street
from survive.writers import Writers

WRITERS: Final = 16
HALF_SENT: Final = 30  # requests that are in flight for certain: half of each has been sent
REST_AFTER: Final = 0.6  # seconds until the other half


def measure(stand: Stand) -> list[Row]:
    """Send SIGTERM while people write; count what was asked before and never answered."""
    times, took, failed, after, halves = stand.some(6, 1), [0.0], 0, 0, 0
    program = stand.serve()
    for _ in range(times):
        street = Street(program.port)
        with Writers(street, WRITERS) as writers:
            writers.more(stand.some(300, 20))
            seconds, told, unanswered = asyncio.run(_stopped(street, partial(program.end, signal.SIGTERM)))
            took.append(seconds)
            program = stand.again()
            writers.more(1)
        lost = [(asked, came) for asked, came, why in writers.lost if "ConnectionRefused" not in why]
        failed += unanswered + sum(asked < told <= came for asked, came in lost)
        after += sum(told <= asked < told + seconds for asked, _ in lost)
        halves += HALF_SENT
        stand.tell(f"stopped in {seconds:.1f} s, {failed} in flight failed, {after} lost that came later")
    return [
        Row(
            f"graceful stop: {times} SIGTERM under load",
            "≤ 10 s, 0 failed",
            f"{max(took):.1f} s, {failed} failed",
            max(took) <= 10 and failed == after == 0,
            f"{WRITERS} writers and {halves} half-sent reports; of those sent after the signal over an open "
            f"connection {after} lost",
        )
    ]


async def _stopped(street: Street, stop: Callable[[], float]) -> tuple[float, float, int]:
    """Have the program stop with requests half sent; return how long it took, since when, and how many failed."""
    request = street.report(None)
    lines = [Line(street.port) for _ in range(HALF_SENT)]
    await asyncio.gather(*(line.send(request[:-10]) for line in lines))
    await asyncio.sleep(0.3)
    told = time.monotonic()
    stopping = asyncio.create_task(asyncio.to_thread(stop))
    await asyncio.sleep(REST_AFTER)
    failed = sum(await asyncio.gather(*(_failed(line, request[-10:]) for line in lines)))
    return await stopping, told, failed


async def _failed(line: Line, rest: bytes) -> bool:
    try:
        await line.send(rest)
        return (await line.answer()).status != 201
    except (Lost, OSError):
        return True
    finally:
        line.close()
