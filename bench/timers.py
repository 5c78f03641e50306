"""The timer sweep over open tickets: with nothing due, for each due ticket, and the delay until a notice."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import uvloop

from app import db
from app.services.tickets.clocks import timers

T = TypeVar("T")
IDLE_SWEEPS: Final = 100  # in a round
DUE_TICKETS: Final = 2000  # in a round, all due at once
NOTICE_TIMEOUT: Final = 20.0  # seconds
COUNT_TIMERS: Final = "SELECT count(*) FROM ticket WHERE timer_at IS NOT NULL"

# 20 of the 24 hours to resolve have passed, more than four fifths: the holder is reminded.
_MAKE_DUE: Final = """
UPDATE ticket SET timer_at = now(), resolve_from = now() - interval '20 hours'
WHERE id IN (SELECT id FROM ticket
             WHERE status = 'accepted' AND resolve_step = 0 AND no LIKE 'bench-%' AND timer_at > now() LIMIT $1)
RETURNING id
"""
_FIND_REMINDER: Final = "SELECT FROM notice WHERE ticket_id = $1 AND type = 'ticket.reminded'"


def idle_sweep_ms(dsn: str, rounds: int) -> tuple[float, int]:
    """Return how long a sweep takes when no timer is due, in ms, and the number of timers.

    The time is the median over the rounds of each round's median.
    """
    return _run(dsn, lambda: _idle_sweep_ms(rounds))


def due_ticket_us(dsn: str, rounds: int) -> float:
    """Return how long a sweep takes for each due ticket, in µs: the median over the rounds."""
    return _run(dsn, lambda: _due_ticket_us(rounds))


def notice_delay_s(dsn: str, rounds: int) -> float:
    """Return the longest delay from a due time to its notice, in s, with the server's worker running."""
    return _run(dsn, lambda: _notice_delay_s(rounds))


def _run(dsn: str, measure: Callable[[], Awaitable[T]]) -> T:
    """Run a measurement with the program's own database pool, in this process."""

    async def run() -> T:
        db.connect(dsn)
        try:
            return await measure()
        finally:
            await db.disconnect()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())


async def _idle_sweep_ms(rounds: int) -> tuple[float, int]:
    row = await db.fetchrow(COUNT_TIMERS)
    assert row is not None
    await _sweep_seconds(0)  # opens the connection
    medians = [
        statistics.median([await _sweep_seconds(0) for _ in range(IDLE_SWEEPS)]) for _ in range(rounds)
    ]
    return statistics.median(medians) * 1000, row["count"]


async def _due_ticket_us(rounds: int) -> float:
    seconds = []
    for _ in range(rounds + 1):  # the first prepares the statements
        await db.fetch(_MAKE_DUE, DUE_TICKETS)
        batches = [await _sweep_seconds(timers.BATCH) for _ in range(DUE_TICKETS // timers.BATCH)]
        seconds.append(sum(batches) / DUE_TICKETS)
    return statistics.median(seconds[1:]) * 1e6


async def _notice_delay_s(rounds: int) -> float:
    return max([await _one_notice_delay_s() for _ in range(rounds)])


async def _one_notice_delay_s() -> float:
    start = time.perf_counter()
    (ticket,) = await db.fetch(_MAKE_DUE, 1)
    while not await db.fetch(_FIND_REMINDER, ticket["id"]):
        if time.perf_counter() - start > NOTICE_TIMEOUT:
            raise RuntimeError(f"no notice {NOTICE_TIMEOUT:.0f} s after a ticket became due")
        await asyncio.sleep(0.01)
    return time.perf_counter() - start


async def _sweep_seconds(expected: int) -> float:
    """Sweep once and return how long it took. Raises RuntimeError unless `expected` timers were due."""
    start = time.perf_counter()
    count = await timers.sweep_timers()
    if count != expected:
        raise RuntimeError(f"{count} timers were due, expected {expected}")
    return time.perf_counter() - start
