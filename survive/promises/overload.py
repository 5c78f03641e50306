"""Far more people at once than can be served: the others are told to come back, those let in wait no longer than two seconds."""

import asyncio
import time
from collections import Counter
from typing import Final

import uvloop

from bench.asking import request
from survive.line import PATIENCE, Line, Lost
from survive.rows import Row
from survive.stand import Stand
from survive.street import Street

CROWD: Final = 1000  # connections, each asking again as soon as it is answered
NORMAL: Final = 0.5  # seconds: a report takes no longer when all is well again
_ALLOWED: Final = frozenset({200, 201, 429, 503})


def measure(stand: Stand) -> list[Row]:
    """Let a crowd ask without mercy; then look how long one more takes."""
    seconds, crowd = stand.some(20, 3), stand.some(CROWD, 300)
    street = Street(stand.serve().port)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        told, lost, improper = runner.run(_crowd(street, crowd, seconds))
        stand.tell(f"{len(told):,} answers to {crowd} who ask at once")
        normal = runner.run(_normal(street))
    counts = Counter(status for status, _ in told)
    accepted = sorted(took for status, took in told if status in {200, 201})
    p50, p99 = (accepted[int(len(accepted) * share)] if accepted else PATIENCE for share in (0.5, 0.99))
    only = set(counts) <= _ALLOWED and not improper and not lost
    said = ", ".join(f"{count:,} × {status}" for status, count in sorted(counts.items()))
    return [
        Row(
            f"overload: {crowd} connections for {seconds} s",
            "2xx, 429, 503 + Retry-After; p99 < 2 s; normal ≤ 10 s after",
            f"p99 {p99:.2f} s, normal after {normal:.1f} s",
            only and p99 < 2 and normal <= 10,
            f"{said}; {lost} lost, {improper} improper; of those let in p50 {p50:.2f} s, "
            f"{len(accepted) / seconds:,.0f} a second",
        )
    ]


async def _crowd(street: Street, crowd: int, seconds: float) -> tuple[list[tuple[int, float]], int, int]:
    """Return every answer's status and seconds, how many were lost and how many refusals were not proper."""
    ends, told, wrong = time.monotonic() + seconds, list[tuple[int, float]](), Counter[str]()
    inbox = request("GET", "/tickets?limit=20", street.tokens["resident"])

    async def ask(number: int) -> None:
        line = Line(street.port)
        asked = inbox if number % 2 else street.report(None)
        while (begun := time.monotonic()) < ends:
            try:
                answer = await line.ask(asked)
            except Lost:
                wrong["lost"] += 1
                continue
            told.append((answer.status, time.monotonic() - begun))
            wrong["improper"] += not answer.proper
        line.close()

    await asyncio.gather(*(ask(number) for number in range(crowd)))
    return told, wrong["lost"], wrong["improper"]


async def _normal(street: Street) -> float:
    """Return the seconds until ten reports in a row are accepted in no time."""
    begun, row, line = time.monotonic(), 0, Line(street.port)
    while row < 10 and time.monotonic() - begun < 30:
        asked = time.monotonic()
        status = (await line.ask(street.report(None))).status
        row = row + 1 if status == 201 and time.monotonic() - asked < NORMAL else 0
    line.close()
    return time.monotonic() - begun
