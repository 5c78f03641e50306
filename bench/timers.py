"""Looking for due timers when nothing is due: the sweep itself, over the tickets that stand open."""

import asyncio
import statistics
import time
from typing import Final

import uvloop

from app import db
from app.services import timers

LOOKS: Final = 100  # a round
OPEN: Final = "SELECT count(*) FROM ticket WHERE timer_at IS NOT NULL"


def look(dsn: str, rounds: int) -> tuple[float, int]:
    """Return the median over the rounds of a look's median, in ms, and among how many timers it looked."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_look(dsn, rounds))


async def _look(dsn: str, rounds: int) -> tuple[float, int]:
    db.connect(dsn)
    try:
        row = await db.fetchrow(OPEN)
        assert row is not None
        await _timed()  # the first makes the connection
        medians = [statistics.median([await _timed() for _ in range(LOOKS)]) for _ in range(rounds)]
        return statistics.median(medians) * 1000, row["count"]
    finally:
        await db.disconnect()


async def _timed() -> float:
    begun = time.perf_counter()
    if await timers.sweep():
        raise RuntimeError("a timer was due; the tickets of the benchmark have theirs tomorrow")
    return time.perf_counter() - begun
