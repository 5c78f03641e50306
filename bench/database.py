"""One query over its own database connection, for code without an event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import asyncpg

T = TypeVar("T")
Query = Callable[[asyncpg.Connection], Awaitable[T]]
CONNECT_TIMEOUT: Final = 10.0  # seconds


def run_query(dsn: str, query: Query[T], timeout: float) -> T:
    """Connect, await `query(connection)` and return its result. `timeout`: seconds for each statement."""

    async def run() -> T:
        connection = await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT, command_timeout=timeout)
        try:
            return await query(connection)
        finally:
            await connection.close()

    return asyncio.run(run())
