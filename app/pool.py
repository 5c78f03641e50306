"""Connections in turn: one that is given back goes to whoever has waited longest, never to who has just come.

SQLAlchemy's own queue lets newcomers take what a waiter was woken for, and sends that one to the end of the line: with many more
requests than connections some wait for seconds while most do not wait at all.
"""

import asyncio
from collections import deque
from typing import Any

from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only
from sqlalchemy.util.queue import AsyncAdaptedQueue, Empty


class _Line(AsyncAdaptedQueue[Any]):
    """Holds a connection only while nobody waits for one."""

    def __init__(self, maxsize: int = 0, use_lifo: bool = False) -> None:
        super().__init__(maxsize, use_lifo)
        self._waiting: deque[asyncio.Future[Any]] = deque()

    def put_nowait(self, item: Any) -> None:
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():  # done is who has given up
                first.set_result(item)
                return
        super().put_nowait(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        if not block or not self.empty():
            return self.get_nowait()
        return await_only(self._turn(timeout))

    async def _turn(self, seconds: float | None) -> Any:
        mine: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        try:
            async with asyncio.timeout(seconds):
                return await mine
        except BaseException as error:
            if mine.done() and not mine.cancelled():  # it came at the very moment of giving up
                self.put_nowait(mine.result())
            if isinstance(error, TimeoutError):
                raise Empty from None
            raise


class InTurn(AsyncAdaptedQueuePool):
    """The pool whose waiters are served in the order they came in."""

    _queue_class = _Line
