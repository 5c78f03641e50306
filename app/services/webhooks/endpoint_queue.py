"""The queue of one endpoint: its claimed deliveries and its connections, so that a slow receiver delays no other."""

import asyncio
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

from app.models.webhook import ClaimedDelivery
from app.services.webhooks import safe_http, sender
from app.services.webhooks.results import AttemptResult, not_sent

MAX_CONCURRENT: Final = 16  # requests to one endpoint
MAX_QUEUED: Final = 256  # deliveries claimed ahead for an endpoint that answers
MAX_WHEN_FAILING: Final = 2  # both, for an endpoint whose last attempt failed


class EndpointQueue:
    """The deliveries of one webhook that this worker has claimed. `on_result` receives the result of each."""

    def __init__(
        self,
        webhook_id: UUID,
        url: str,
        on_result: Callable[[AttemptResult], None],
        *,
        failing: bool = False,
    ) -> None:
        self.webhook_id, self.url, self.failing = webhook_id, url, failing
        self.on_result = on_result
        self.connections = safe_http.Connections(url)
        self.tasks: dict[UUID, asyncio.Task[None]] = {}
        self.semaphore = asyncio.Semaphore(MAX_CONCURRENT)
        self.sending = 0
        self.more_due = False  # the last claim filled the queue
        self.last_used = time.monotonic()

    @property
    def limit(self) -> int:
        """How many deliveries the queue may hold."""
        return MAX_WHEN_FAILING if self.failing else MAX_QUEUED

    @property
    def capacity(self) -> int:
        """How many more deliveries may be claimed."""
        return max(0, self.limit - len(self.tasks))

    @property
    def wants_more(self) -> bool:
        """Whether to claim again without waiting: more are due, and half the queue is free."""
        return self.more_due and self.capacity * 2 >= self.limit

    @property
    def idle_seconds(self) -> float:
        """For how many seconds the queue has been empty."""
        return 0.0 if self.tasks else time.monotonic() - self.last_used

    def add(self, delivery: ClaimedDelivery, deadline: float) -> None:
        """Send a delivery before `deadline` (monotonic seconds), unless it is in the queue already."""
        if delivery["id"] not in self.tasks:
            self.tasks[delivery["id"]] = asyncio.create_task(self._process(delivery, deadline))

    def note_claim(self, count: int) -> None:
        """Note how many deliveries the last claim brought."""
        self.more_due = count > 0 and self.capacity == 0

    async def _process(self, delivery: ClaimedDelivery, deadline: float) -> None:
        result = not_sent(delivery)
        try:
            async with self.semaphore:
                if time.monotonic() < deadline and not (self.failing and self.sending >= MAX_WHEN_FAILING):
                    result = await self._send(delivery)
        finally:
            del self.tasks[delivery["id"]]
            self.last_used = time.monotonic()
            self.on_result(result)

    async def _send(self, delivery: ClaimedDelivery) -> AttemptResult:
        self.sending += 1
        try:
            result = await sender.attempt(self.connections, delivery)
        finally:
            self.sending -= 1
        self.failing = result.failed
        return result

    def cancel(self) -> None:
        """Stop sending. The deliveries are due again at once, and the attempts do not count."""
        for task in list(self.tasks.values()):
            task.cancel()

    async def close(self) -> None:
        """Close the connections."""
        await self.connections.close()
