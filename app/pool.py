"""A few connections to one database, made when first needed, the last used first."""

from collections.abc import Awaitable, Callable
from typing import Final

import asyncpg

from app.room import Room

LEAVING: Final = 2.0  # seconds a connection may take to say goodbye


class Pool:
    """At most `size` connections; whoever finds none waits in turn, and gets TimeoutError after `patience` seconds.

    Nothing is reset between two statements: each commits by itself, and none changes the session.
    """

    def __init__(
        self, connect: Callable[[], Awaitable[asyncpg.Connection]], *, size: int, patience: float
    ) -> None:
        self._connect, self._room = connect, Room(size, patience)
        self._idle: list[asyncpg.Connection] = []

    async def take(self) -> asyncpg.Connection:
        """Return a connection that is open, as far as anybody knows; give it back with `put`."""
        await self._room.enter()
        try:
            while self._idle:  # after a restart of the server it is full of dead ones
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
            return await self._connect()
        except BaseException:
            self._room.leave()
            raise

    def put(self, connection: asyncpg.Connection) -> None:
        """Take a connection back."""
        if not connection.is_closed():
            self._idle.append(connection)
        self._room.leave()

    async def close(self) -> None:
        """Close every connection nobody holds."""
        while self._idle:
            await self._idle.pop().close(timeout=LEAVING)
