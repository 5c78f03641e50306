"""A small pool of database connections: opened when first needed, the last used first."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

import asyncpg

from app.limiter import Limiter

CLOSE_SECONDS: Final = 2.0  # for a connection to close in good order


class Pool:
    """At most `size` connections. A caller that waits longer than `timeout` seconds for one gets TimeoutError.

    `connect` opens one within the seconds it is given.
    Connections are not reset between two statements: each statement commits by itself, and none changes the session.
    """

    def __init__(
        self, connect: Callable[[float], Awaitable[asyncpg.Connection]], *, size: int, timeout: float
    ) -> None:
        self._connect, self._limiter, self._timeout = connect, Limiter(size, timeout), timeout
        self._idle: list[asyncpg.Connection] = []

    async def acquire(self, seconds: float | None = None) -> asyncpg.Connection:
        """Return a connection that is open as far as this side knows; `release` gives it back.

        `seconds` instead of `timeout`. Raises TimeoutError.
        """
        seconds = self._timeout if seconds is None else seconds
        deadline = time.monotonic() + seconds
        await self._limiter.acquire(seconds)
        try:
            while self._idle:  # after a restart of the server all idle connections are dead
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
            return await self._connect(deadline - time.monotonic())
        except BaseException:
            self._limiter.release()
            raise

    def release(self, connection: asyncpg.Connection) -> None:
        """Take a connection back; a closed one is dropped."""
        if not connection.is_closed():
            self._idle.append(connection)
        self._limiter.release()

    def end_idle(self) -> None:
        """End every idle connection at once, without a word to the server."""
        while self._idle:
            self._idle.pop().terminate()

    async def close(self) -> None:
        """Close every idle connection; one whose server is silent is ended."""
        idle, self._idle = self._idle, []
        closing = (connection.close(timeout=CLOSE_SECONDS) for connection in idle)
        await asyncio.gather(*closing, return_exceptions=True)
