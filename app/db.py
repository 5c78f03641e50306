"""The engine, single statements over its pool, and the one place that commits."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
import sqlalchemy as sa
from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from app.errors import Duplicate, StorageFull, Unavailable
from app.pool import Pool

T = TypeVar("T")
POOL = 10
PATIENCE = 5.0  # seconds one waits for a connection

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
_pool: Pool | None = None


def connect(dsn: str, *, statement_seconds: float = 0) -> None:
    """Set up the pools; connections are made when first needed. `statement_seconds` bounds every statement."""
    global _engine, _pool  # noqa: PLW0603 - there is one database

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

    async def plain() -> asyncpg.Connection:
        """JSON is read as SQLAlchemy's connections read it, and written as text."""
        connection = await fresh()
        for kind in ("json", "jsonb"):
            await connection.set_type_codec(kind, schema="pg_catalog", encoder=str, decoder=from_json)
        return connection

    _pool = Pool(plain, size=POOL, patience=PATIENCE)
    _engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=fresh, pool_size=POOL, max_overflow=0, pool_timeout=PATIENCE
    )


async def disconnect() -> None:
    """Close every connection."""
    if _pool is not None:
        await _pool.close()
    if _engine is not None:
        await _engine.dispose()


def engine() -> AsyncEngine:
    """Return the engine; for migrations and SQLModel sessions."""
    assert _engine is not None, "db.connect() comes first"
    return _engine


def pool() -> Pool:
    """Return the connections of single statements."""
    assert _pool is not None, "db.connect() comes first"
    return _pool


async def fetch(sql: str, *args: Any) -> list[asyncpg.Record]:
    """Run one statement, committed by itself, and return its rows."""
    return await _run(lambda connection: connection.fetch(sql, *args))


async def fetchrow(sql: str, *args: Any) -> asyncpg.Record | None:
    """Run one statement, committed by itself, and return its first row."""
    return await _run(lambda connection: connection.fetchrow(sql, *args))


async def _run(statement: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    lines = pool()
    try:
        connection = await lines.take()
        try:
            return await statement(connection)
        except asyncpg.InternalClientError:
            connection.terminate()
            raise
        finally:
            lines.put(connection)
    except BaseException as error:
        raise translated(error) from error


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
    lines = pool()
    try:
        connection = await lines.take()
    except Exception as error:
        raise translated(error) from error
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield connection
    finally:
        lines.put(connection)


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
