"""The engine, single statements over its pool, and the one place that commits."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn
from sqlmodel.ext.asyncio.session import AsyncSession

from app.errors import Duplicate, StorageFull, Unavailable
from app.pool import InTurn

T = TypeVar("T")
POOL = 10

# The server is away, starting, stopping or too busy: the caller may try again.
AWAY: tuple[type[BaseException], ...] = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server said goodbye while nobody was listening
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,  # the bound on every statement's time
    asyncpg.DeadlockDetectedError,
    sa.exc.InterfaceError,
    sa.exc.TimeoutError,
)
_FULL = (asyncpg.DiskFullError, asyncpg.OutOfMemoryError)

_engine: AsyncEngine | None = None


def connect(dsn: str, *, statement_seconds: float = 0) -> None:
    """Set up the pool; connections are made when first needed. `statement_seconds` bounds every statement."""
    global _engine  # noqa: PLW0603 - there is one database

    async def fresh() -> asyncpg.Connection:
        return await asyncpg.connect(
            dsn,
            timeout=5,
            server_settings={
                "application_name": "loudeng",
                "statement_timeout": str(int(statement_seconds * 1000)),
                "timezone": "UTC",
                "plan_cache_mode": "force_generic_plan",
            },
        )

    _engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=fresh,
        poolclass=InTurn,
        pool_size=POOL,
        max_overflow=0,
        pool_timeout=5,
    )


async def disconnect() -> None:
    """Close every connection."""
    if _engine is not None:
        await _engine.dispose()


def engine() -> AsyncEngine:
    """Return the engine; for migrations and SQLModel sessions."""
    assert _engine is not None, "db.connect() comes first"
    return _engine


async def fetch(sql: str, *args: Any) -> list[asyncpg.Record]:
    """Run one statement, committed by itself, and return its rows."""
    return await _run(lambda connection: connection.fetch(sql, *args))


async def fetchrow(sql: str, *args: Any) -> asyncpg.Record | None:
    """Run one statement, committed by itself, and return its first row."""
    return await _run(lambda connection: connection.fetchrow(sql, *args))


async def _run(statement: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    with_pool = await _checkout()
    try:
        return await statement(with_pool.driver_connection)
    except BaseException as error:
        if with_pool.driver_connection.is_closed() or isinstance(error, asyncpg.InternalClientError):
            with_pool.invalidate()
        raise translated(error) from error
    finally:
        await greenlet_spawn(with_pool.close)


async def _checkout() -> Any:
    """Take a connection that is still open: after a restart of the server the pool is full of dead ones."""
    for _ in range(POOL + 1):
        try:
            connection = await greenlet_spawn(engine().sync_engine.raw_connection)
        except Exception as error:
            raise translated(error) from error
        driver: Any = connection.driver_connection
        if not driver.is_closed():
            return connection
        connection.invalidate()
        await greenlet_spawn(connection.close)
    raise Unavailable


@asynccontextmanager
async def transaction() -> AsyncIterator[AsyncSession]:
    """Open the one transaction of a request or job; leaving the block commits, an exception rolls back."""
    try:
        async with AsyncSession(engine(), expire_on_commit=False) as session, session.begin():
            yield session
    except Exception as error:
        raise translated(error) from error


@asynccontextmanager
async def snapshot() -> AsyncIterator[asyncpg.Connection]:
    """Hold one repeatable-read view of everything, for a backup."""
    with_pool = await _checkout()
    try:
        async with with_pool.driver_connection.transaction(isolation="repeatable_read", readonly=True):
            yield with_pool.driver_connection
    finally:
        await greenlet_spawn(with_pool.close)


@asynccontextmanager
async def stream(sql: str, *args: Any) -> AsyncIterator[AsyncIterator[asyncpg.Record]]:
    """Read a result too large for memory, in a repeatable-read snapshot."""
    async with snapshot() as connection:
        yield connection.cursor(sql, *args, prefetch=2000).__aiter__()


def translated(error: BaseException) -> BaseException:
    """Return the refusal a database error amounts to, or the error itself when it is ours."""
    cause = getattr(error, "orig", None)
    cause = getattr(cause, "__cause__", None) or cause or error
    if isinstance(cause, _FULL):
        return StorageFull()
    if isinstance(cause, asyncpg.UniqueViolationError):
        return Duplicate()
    if isinstance(cause, AWAY) or isinstance(error, AWAY):
        return Unavailable()
    return error
