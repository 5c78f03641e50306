"""The courier: claims messages that are due, a few of each webhook at a time, sends them, writes down what became of them."""

import asyncio
import time
from collections import Counter
from typing import Any, Final
from uuid import UUID

from app import clock, db, log, settings
from app.errors import Unavailable
from app.services import outcomes
from app.services.lines import CAREFUL, PREFETCH, Line
from app.services.outcomes import Outcome

logger = log.get("courier")

LOOK: Final = 0.25  # seconds between looks for what is due
GATHER: Final = 0.01  # seconds in which answers that come together are written together
IDLE: Final = 60.0  # seconds until a webhook's connections are given up
LEAVING: Final = 3.0  # seconds under way messages have when the worker stops


def lease() -> float:
    """Return for how many seconds a claim holds; killed in between, another worker sends the message then."""
    return settings.get().webhook_timeout_seconds + 10


class Courier:
    """One worker's messages under way. However many workers there are, each message is with one of them."""

    def __init__(self) -> None:
        self.lines: dict[UUID, Line] = {}
        self.outcomes: list[Outcome] = []
        self.stirred = asyncio.Event()
        self.looked = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until told to stop; what is then under way is given a moment, the rest put back."""
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self.stirred.set())
        try:
            while not stop.is_set():
                await self._guarded()
                await self._rest()
        finally:
            stopping.cancel()
            await self._leave()

    async def _guarded(self) -> None:
        try:
            await self.round()
        except Unavailable:
            logger.warning("database_away", step="courier")
            await asyncio.sleep(LOOK)
        except Exception:
            logger.exception("step_failed", step="courier")
            await asyncio.sleep(LOOK)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(LOOK):
                await self.stirred.wait()
            await asyncio.sleep(GATHER)
        except TimeoutError:
            pass
        self.stirred.clear()

    async def round(self) -> int:
        """Write down what has been answered, then claim what is due; return how many were claimed."""
        await self._write()
        hungry = any(line.hungry for line in self.lines.values())
        if not hungry and time.monotonic() - self.looked < LOOK:
            return 0
        self.looked = time.monotonic()
        await self._give_up_idle()
        return await self._claim()

    async def _write(self) -> None:
        if came := self.outcomes:
            self.outcomes = []
            try:
                await outcomes.write(came)
            except BaseException:
                self.outcomes = came + self.outcomes  # a lease is long enough to try again
                raise

    async def _claim(self) -> int:
        busy = [(line.webhook_id, line.free) for line in self.lines.values()]
        ids, free = [one[0] for one in busy], [one[1] for one in busy]
        began = time.monotonic()
        rows = await db.fetch(_CLAIM, clock.now(), lease(), ids, free, PREFETCH, CAREFUL)
        deadline = began + lease() - settings.get().webhook_timeout_seconds - 1
        for row in rows:
            (await self._line(row)).take(row, deadline)
        counts = Counter(row["webhook_id"] for row in rows)
        for line in self.lines.values():
            line.looked(counts[line.webhook_id])
        return len(rows)

    async def _line(self, row: Any) -> Line:
        line = self.lines.get(row["webhook_id"])
        if line is None or line.url != row["url"]:
            if line:
                await line.close()
            line = Line(row["webhook_id"], row["url"], self._done, failing=row["failing_since"] is not None)
            self.lines[line.webhook_id] = line
        return line

    def _done(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.stirred.set()

    async def _give_up_idle(self) -> None:
        for line in [line for line in self.lines.values() if line.idle > IDLE]:
            await line.close()
            del self.lines[line.webhook_id]

    async def _leave(self) -> None:
        under_way = [task for line in self.lines.values() for task in line.tasks.values()]
        if under_way:
            await asyncio.wait(under_way, timeout=LEAVING)
        for line in self.lines.values():
            line.put_back()
        await asyncio.gather(*under_way, return_exceptions=True)
        for line in self.lines.values():
            await line.close()
        try:
            await self._write()
        except Unavailable:
            pass  # the leases end by themselves


# Of every webhook that is on, its oldest messages that are due, as many as there is room for: one index look each.
_CLAIM: Final = """
WITH picked AS MATERIALIZED (
    SELECT d.id FROM webhook w LEFT JOIN unnest($3::uuid[], $4::int[]) b(id, free) ON b.id = w.id
    CROSS JOIN LATERAL (
        SELECT id FROM delivery WHERE webhook_id = w.id AND settled_at IS NULL AND due_at <= $1 ORDER BY due_at
        LIMIT coalesce(b.free, CASE WHEN w.failing_since IS NULL THEN $5::int ELSE $6::int END) FOR UPDATE SKIP LOCKED
    ) d
    WHERE w.disabled_at IS NULL AND w.ended_at IS NULL
), claimed AS (
    UPDATE delivery d SET due_at = $1::timestamptz + $2::float8 * interval '1 second', gap = $2, attempts = attempts + 1
    FROM picked WHERE d.id = picked.id RETURNING d.id, d.webhook_id, d.body, d.attempts
)
SELECT c.*, w.url, w.failing_since,
       ARRAY(SELECT sealed FROM webhook_secret s WHERE s.webhook_id = w.id AND (s.ends_at IS NULL OR s.ends_at > $1)
             ORDER BY s.id DESC) AS secrets
FROM claimed c JOIN webhook w ON w.id = c.webhook_id
"""
