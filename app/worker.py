"""The worker: sweep the timers every second, run what is due, keep house; a fault is logged and tried again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from app import clock, db, log
from app.errors import Unavailable
from app.services import deliveries, erasing, jobs, photos, retention, schema, timers
from app.services.courier import Courier
from app.services.tickets import KEY_LIVES

logger = log.get("worker")

LOOK: Final = 0.5  # seconds between looks when nothing was due
HOUSEKEEPING: Final = 600.0


async def _forget_keys() -> None:
    await db.fetch("DELETE FROM idempotency WHERE created_at < $1", clock.now() - KEY_LIVES)


async def _partitions() -> None:
    await schema.make_partitions(clock.now())


# What runs, and how long to rest after it found nothing to do. Monotonic: a clock that jumps stalls nothing.
_LOOPS: Final[tuple[tuple[Callable[[], Awaitable[Any]], float], ...]] = (
    (timers.sweep, 1.0),
    (jobs.run_due, LOOK),
    (jobs.pull_in, 60.0),
    (erasing.sweep, 5.0),
    (photos.clear, 60.0),
    (deliveries.pull_in, 60.0),
    (deliveries.sweep, HOUSEKEEPING),
    (photos.sweep, HOUSEKEEPING),
    (retention.sweep, 3600.0),
    (_forget_keys, HOUSEKEEPING),
    (_partitions, HOUSEKEEPING),
)


async def run(stop: asyncio.Event) -> None:
    """Work until `stop` is set; what was begun is finished."""
    logger.info("worker_started")
    async with asyncio.TaskGroup() as group:
        for step, rest in _LOOPS:
            group.create_task(_repeat(step, rest, stop))
        group.create_task(Courier().run(stop))
    logger.info("worker_stopped")


async def _repeat(step: Callable[[], Awaitable[Any]], rest: float, stop: asyncio.Event) -> None:
    while not stop.is_set():
        started = time.monotonic()
        try:
            busy = await step()
        except Unavailable:
            busy = None
            logger.warning("database_away", step=step.__name__)
        except Exception:
            busy = None
            logger.exception("step_failed", step=step.__name__)
        wait = 0.0 if busy else rest - (time.monotonic() - started)
        await _rest(stop, max(0.0, wait))


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
