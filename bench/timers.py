"""The sweep over the tickets that stand open: a look when nothing is due, each that is due, and how soon somebody is told."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import uvloop

from app import db
from app.services import timers

T = TypeVar("T")
LOOKS: Final = 100  # a round
DUE: Final = 2000  # tickets of a round that come due at once
PATIENCE: Final = 20.0  # seconds until a notice must be there
OPEN: Final = "SELECT count(*) FROM ticket WHERE timer_at IS NOT NULL"

# Four fifths of the resolve limit of a day have passed: the holder is reminded.
_MAKE_DUE: Final = """
UPDATE ticket SET timer_at = now(), resolve_from = now() - interval '20 hours'
WHERE id IN (SELECT id FROM ticket
             WHERE status = 'accepted' AND resolve_step = 0 AND no LIKE 'bench-%' AND timer_at > now() LIMIT $1)
RETURNING id
"""
_TOLD: Final = "SELECT FROM notice WHERE ticket_id = $1 AND type = 'ticket.reminded'"


def look(dsn: str, rounds: int) -> tuple[float, int]:
    """Return the median over the rounds of a look's median, in ms, and among how many timers it looked."""
    return _run(dsn, lambda: _look(rounds))


def sweep(dsn: str, rounds: int) -> float:
    """Return the median over the rounds of what each due ticket takes, in µs, from start to end."""
    return _run(dsn, lambda: _sweep(rounds))


def telling(dsn: str, rounds: int) -> float:
    """Return the longest time from due to notice, in s, while the server's own worker is at work."""
    return _run(dsn, lambda: _telling(rounds))


def _run(dsn: str, what: Callable[[], Awaitable[T]]) -> T:
    async def connected() -> T:
        db.connect(dsn)
        try:
            return await what()
        finally:
            await db.disconnect()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(connected())


async def _look(rounds: int) -> tuple[float, int]:
    row = await db.fetchrow(OPEN)
    assert row is not None
    await _timed(0)  # the first makes the connection
    medians = [statistics.median([await _timed(0) for _ in range(LOOKS)]) for _ in range(rounds)]
    return statistics.median(medians) * 1000, row["count"]


async def _sweep(rounds: int) -> float:
    took = []
    for _ in range(rounds + 1):  # the first plans the statements
        await db.fetch(_MAKE_DUE, DUE)
        took.append(sum([await _timed(timers.BATCH) for _ in range(DUE // timers.BATCH)]) / DUE)
    return statistics.median(took[1:]) * 1e6


async def _telling(rounds: int) -> float:
    return max([await _told() for _ in range(rounds)])


async def _told() -> float:
    begun = time.perf_counter()
    (ticket,) = await db.fetch(_MAKE_DUE, 1)
    while not await db.fetch(_TOLD, ticket["id"]):
        if time.perf_counter() - begun > PATIENCE:
            raise RuntimeError("a ticket came due and nobody was told")
        await asyncio.sleep(0.01)
    return time.perf_counter() - begun


async def _timed(due: int) -> float:
    begun = time.perf_counter()
    done = await timers.sweep()
    if done != due:
        raise RuntimeError(f"{done} timers were due instead of {due}")
    return time.perf_counter() - begun
