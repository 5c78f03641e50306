"""A line to one webhook: its connections, its messages under way; a slow or dead receiver fills its own line and no other."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from app.services import outgoing, sending
from app.services.outcomes import Outcome, returned

AT_ONCE: Final = 16  # requests to one receiver
PREFETCH: Final = 256  # messages claimed ahead for one that answers
CAREFUL: Final = 2  # requests to one that failed last; nothing ahead


class Line:
    """Messages to one webhook."""

    def __init__(
        self, webhook_id: UUID, url: str, done: Callable[[Outcome], None], *, failing: bool = False
    ) -> None:
        self.webhook_id, self.url, self.failing = webhook_id, url, failing
        self.done = done
        self.connections = outgoing.Connections(url)
        self.tasks: dict[UUID, asyncio.Task[None]] = {}
        self.gate = asyncio.Semaphore(AT_ONCE)
        self.sending = 0
        self.more = False  # more may be due than there was room for
        self.used = time.monotonic()

    @property
    def free(self) -> int:
        """How many messages there is room for."""
        return max(0, (CAREFUL if self.failing else PREFETCH) - len(self.tasks))

    @property
    def hungry(self) -> bool:
        """Whether to look at once for more."""
        return self.more and self.free * 2 >= (CAREFUL if self.failing else PREFETCH)

    @property
    def idle(self) -> float:
        """For how many seconds there was nothing under way."""
        return 0.0 if self.tasks else time.monotonic() - self.used

    def take(self, message: Any, deadline: float) -> None:
        """Send a message claimed until `deadline` (monotonic); one that is under way already is not sent twice."""
        if message["id"] not in self.tasks:
            self.tasks[message["id"]] = asyncio.create_task(self._carry(message, deadline))

    def looked(self, claimed: int) -> None:
        """Note how many were claimed in the last look."""
        self.more = claimed > 0 and self.free == 0

    async def _carry(self, message: Any, deadline: float) -> None:
        outcome = returned(message)
        try:
            async with self.gate:
                if time.monotonic() < deadline and not (self.failing and self.sending >= CAREFUL):
                    outcome = await self._send(message)
        finally:
            del self.tasks[message["id"]]
            self.used = time.monotonic()
            self.done(outcome)

    async def _send(self, message: Any) -> Outcome:
        self.sending += 1
        try:
            outcome = await sending.attempt(self.connections, message)
        finally:
            self.sending -= 1
        self.failing = outcome.failed
        return outcome

    def put_back(self) -> None:
        """Give up what is under way: it is due again at once, and was no attempt."""
        for task in list(self.tasks.values()):
            task.cancel()

    async def close(self) -> None:
        """Let the connections go."""
        await self.connections.close()
