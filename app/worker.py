"""The worker: loops that fire timers, run jobs, dispatch webhooks and clean up. An error is logged and retried."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from app import clock, db, log
from app.errors import Unavailable
from app.services import (
    accounts,
    backups,
    content_checks,
    demo,
    figures,
    outbox,
    photos,
    posts,
    privacy,
    robots,
    schema,
    subjects,
    subscriptions,
    webhooks,
    wechat,
    wechat_push,
)
from app.services.idempotency import KEY_LIFETIME
from app.services.privacy import erasing
from app.services.tickets import clocks
from app.services.webhooks import Dispatcher
from app.sql import Statement

logger = log.get("worker")

POLL_SECONDS: Final = 0.5
CLAMP_SECONDS: Final = 60.0
HOUSEKEEPING_SECONDS: Final = 600.0


async def _delete_expired_keys() -> None:
    await db.execute(_DELETE_KEYS, created_before=clock.now() - KEY_LIFETIME)


_DELETE_KEYS: Final = Statement("DELETE FROM idempotency WHERE created_at < :created_before")


async def _make_partitions() -> None:
    await schema.make_partitions(clock.now())


# Each step and its pause in seconds after a run that found nothing to do; after one that did, it runs again at once.
# Pauses are measured by the monotonic clock: a wall clock that jumps stalls nothing.
_LOOPS: Final[tuple[tuple[Callable[[], Awaitable[Any]], float], ...]] = (
    (db.end_silent, 1.0),
    (clocks.sweep_timers, 1.0),
    (outbox.run_due, POLL_SECONDS),
    (outbox.clamp_jobs, CLAMP_SECONDS),
    (posts.tell_stand_ins, 5.0),
    (erasing.sweep_erasures, 5.0),
    (photos.clear_discarded, 60.0),
    (webhooks.clamp_deliveries, CLAMP_SECONDS),
    (webhooks.sweep_deliveries, HOUSEKEEPING_SECONDS),
    (subscriptions.sweep_messages, HOUSEKEEPING_SECONDS),
    (content_checks.check_due, POLL_SECONDS),
    (content_checks.sweep_verdicts, HOUSEKEEPING_SECONDS),
    (wechat_push.sweep_deliveries, HOUSEKEEPING_SECONDS),
    (subjects.remind_offices, 60.0),
    (subjects.remind_attendees, 60.0),
    (subjects.sweep_reservations, 60.0),
    (subjects.remind_borrowers, 60.0),
    (accounts.lapse_points, 3600.0),
    (subjects.vacate, 60.0),
    (subjects.remind_of_disputes, 60.0),
    (figures.keep_up, 5.0),
    (figures.add_up, 60.0),
    (demo.keep_common_life, 3600.0),
    (demo.keep_history, 3600.0),
    (robots.ring_due, POLL_SECONDS),
    (robots.sweep_messages, HOUSEKEEPING_SECONDS),
    (photos.sweep_unattached, HOUSEKEEPING_SECONDS),
    (backups.keep_witness, 60.0),
    (privacy.sweep_retention, 3600.0),
    (_delete_expired_keys, HOUSEKEEPING_SECONDS),
    (_make_partitions, HOUSEKEEPING_SECONDS),
)


async def run(stop: asyncio.Event) -> None:
    """Work until `stop` is set; a step that is running is finished."""
    logger.info("worker_started")
    async with asyncio.TaskGroup() as group:
        for step, pause in (*_LOOPS, (subscriptions.Sender().round, POLL_SECONDS)):
            group.create_task(_repeat(step, pause, stop))
        group.create_task(Dispatcher().run(stop))
    await wechat.close()
    await robots.close()
    logger.info("worker_stopped")


async def _repeat(step: Callable[[], Awaitable[Any]], pause: float, stop: asyncio.Event) -> None:
    while not stop.is_set():
        started = time.monotonic()
        try:
            busy = await step()
        except Unavailable:
            busy = None
            logger.warning("unavailable", step=step.__qualname__)
        except Exception:
            busy = None
            logger.exception("step_failed", step=step.__qualname__)
        wait = 0.0 if busy else pause - (time.monotonic() - started)
        await _sleep(stop, max(0.0, wait))


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
