"""The dispatcher: claims due deliveries, a few per webhook, queues them for sending and writes the results."""

import asyncio
import time
from collections import Counter
from typing import Final
from uuid import UUID

from app import clock, db, log, settings
from app.errors import Unavailable
from app.models.webhook import ClaimedDelivery
from app.services.webhooks import results
from app.services.webhooks.endpoint_queue import MAX_QUEUED, MAX_WHEN_FAILING, EndpointQueue
from app.services.webhooks.results import AttemptResult
from app.sql import Statement

logger = log.get("dispatcher")

POLL_SECONDS: Final = 0.25  # between looks for due deliveries
BATCH_SECONDS: Final = 0.01  # results that arrive within it are written together
IDLE_SECONDS: Final = 60.0  # until the connections of an idle endpoint are closed
SHUTDOWN_SECONDS: Final = 3.0  # for requests in progress when the worker stops


def lease_seconds() -> float:
    """Return how long a claim holds. When the worker dies, another sends the message after that."""
    return settings.get().webhook_timeout_seconds + 10


class Dispatcher:
    """The deliveries of one worker. With several workers, each delivery is claimed by one of them."""

    def __init__(self) -> None:
        self.queues: dict[UUID, EndpointQueue] = {}
        self.results: list[AttemptResult] = []
        self.wake = asyncio.Event()  # there are results to write
        self.polled_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set. Requests in progress then get a moment to finish; the rest is put back."""
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self.wake.set())
        try:
            while not stop.is_set():
                await self._guarded_round()
                await self._wait()
        finally:
            stopping.cancel()
            await self._shut_down()

    async def _guarded_round(self) -> None:
        try:
            await self.round()
        except Unavailable:
            logger.warning("unavailable", step="dispatcher")
            await asyncio.sleep(POLL_SECONDS)
        except Exception:
            logger.exception("step_failed", step="dispatcher")
            await asyncio.sleep(POLL_SECONDS)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self.wake.wait()
            await asyncio.sleep(BATCH_SECONDS)
        except TimeoutError:
            pass
        self.wake.clear()

    async def round(self) -> int:
        """Write the results that have arrived, then claim what is due; return how many deliveries were claimed."""
        await self._write_results()
        wants_more = any(queue.wants_more for queue in self.queues.values())
        if not wants_more and time.monotonic() - self.polled_at < POLL_SECONDS:
            return 0
        self.polled_at = time.monotonic()
        await self._close_idle()
        return await self._claim()

    async def _write_results(self) -> None:
        if batch := self.results:
            self.results = []
            try:
                await results.write_results(batch)
            except BaseException:
                self.results = batch + self.results  # the lease leaves time to try again
                raise

    async def _claim(self) -> int:
        began = time.monotonic()
        rows: list[ClaimedDelivery] = await db.execute(
            _CLAIM,
            now=clock.now(),
            lease_seconds=lease_seconds(),
            webhook_ids=[queue.webhook_id for queue in self.queues.values()],
            capacities=[queue.capacity for queue in self.queues.values()],
            max_queued=MAX_QUEUED,
            max_when_failing=MAX_WHEN_FAILING,
        )
        deadline = began + lease_seconds() - settings.get().webhook_timeout_seconds - 1
        for row in rows:
            (await self._queue_for(row)).add(row, deadline)
        counts = Counter(row["webhook_id"] for row in rows)
        for queue in self.queues.values():
            queue.note_claim(counts[queue.webhook_id])
        return len(rows)

    async def _queue_for(self, delivery: ClaimedDelivery) -> EndpointQueue:
        """Return the queue of a delivery's webhook, a new one where its URL has changed."""
        queue = self.queues.get(delivery["webhook_id"])
        if queue is None or queue.url != delivery["url"]:
            if queue:
                await queue.close()
            failing = delivery["failing_since"] is not None
            queue = EndpointQueue(delivery["webhook_id"], delivery["url"], self._add_result, failing=failing)
            self.queues[queue.webhook_id] = queue
        return queue

    def _add_result(self, result: AttemptResult) -> None:
        self.results.append(result)
        self.wake.set()

    async def _close_idle(self) -> None:
        for queue in [queue for queue in self.queues.values() if queue.idle_seconds > IDLE_SECONDS]:
            await queue.close()
            del self.queues[queue.webhook_id]

    async def _shut_down(self) -> None:
        tasks = [task for queue in self.queues.values() for task in queue.tasks.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=SHUTDOWN_SECONDS)
        for queue in self.queues.values():
            queue.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for queue in self.queues.values():
            await queue.close()
        try:
            await self._write_results()
        except Unavailable:
            pass  # the leases expire


# For each active webhook, its oldest due deliveries, as many as its queue has room for: one index lookup each. They are
# sent in the order in which they were written.
_CLAIM: Final = Statement("""
WITH select_due AS MATERIALIZED (
    SELECT d.id FROM webhook w LEFT JOIN unnest(:webhook_ids::uuid[], :capacities::int[]) q(id, capacity) ON q.id = w.id
    CROSS JOIN LATERAL (
        SELECT id FROM delivery WHERE webhook_id = w.id AND settled_at IS NULL AND due_at <= :now ORDER BY due_at
        LIMIT coalesce(q.capacity, CASE WHEN w.failing_since IS NULL THEN :max_queued::int ELSE :max_when_failing::int END)
        FOR UPDATE SKIP LOCKED
    ) d
    WHERE w.disabled_at IS NULL AND w.ended_at IS NULL
), claim_delivery AS (
    UPDATE delivery d
    SET due_at = :now::timestamptz + :lease_seconds::float8 * interval '1 second', gap = :lease_seconds,
        attempts = attempts + 1
    FROM select_due WHERE d.id = select_due.id RETURNING d.id, d.webhook_id, d.body, d.attempts
)
SELECT c.*, w.url, w.failing_since,
       ARRAY(SELECT sealed FROM webhook_secret s WHERE s.webhook_id = w.id AND (s.ends_at IS NULL OR s.ends_at > :now)
             ORDER BY s.id DESC) AS secrets
FROM claim_delivery c JOIN webhook w ON w.id = c.webhook_id ORDER BY c.id
""")
