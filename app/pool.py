"""A few connections to one database, made when first needed, the last used first."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import asyncpg

LEAVING: Final = 2.0  # seconds a connection may take to say goodbye


class Pool:
    """At most `size` connections; whoever finds none waits `patience` seconds, then gets TimeoutError.

    Nothing is reset between two statements: each commits by itself, and none changes the session.
    """

    def __init__(
        self, connect: Callable[[], Awaitable[asyncpg.Connection]], *, size: int, patience: float
    ) -> None:
        self._connect, self._patience = connect, patience
        self._idle: list[asyncpg.Connection] = []
        self._room = asyncio.Semaphore(size)

    async def take(self) -> asyncpg.Connection:
        """Return a connection that is open, as far as anybody knows; give it back with `put`."""
        if self._room.locked():
            async with asyncio.timeout(self._patience):
                await self._room.acquire()
        else:
            await self._room.acquire()
        try:
            while self._idle:  # after a restart of the server it is full of dead ones
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
            return await self._connect()
        except BaseException:
            self._room.release()
            raise

    def put(self, connection: asyncpg.Connection) -> None:
        """Take a connection back."""
        if not connection.is_closed():
            self._idle.append(connection)
        self._room.release()

    async def close(self) -> None:
        """Close every connection nobody holds."""
        while self._idle:
            await self._idle.pop().close(timeout=LEAVING)
