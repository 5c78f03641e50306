"""Access to the database: single statements over a pool, and the engine for transactions and migrations."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

import asyncpg
import sqlalchemy as sa
from prometheus_client import Counter
from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from app import log, settings
from app.errors import Duplicate, Overdrawn, StorageFull, Unavailable
from app.hosts import Hosts
from app.pool import CLOSE_SECONDS, Pool
from app.sql import Statement

T = TypeVar("T")
logger = log.get("db")
AWAY = Counter("loudeng_database_away", "Statements and waits for which the database could not be used.")

LOG_SECONDS = 5.0  # between two lines that say why the database is away
POOL_TIMEOUT = 5.0  # seconds to wait for a connection
SILENT_SECONDS = (
    1.0  # after so long without an answer, a server is not waited for on other connections either
)

# The server answers, but not to this address: a password that was changed, a database that was renamed.
_REFUSED = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)
# The server cannot do it now, whatever was asked: unreachable, starting, stopping, read-only, too busy, or another
# transaction was in the way. The caller may try again.
_UNAVAILABLE: tuple[type[BaseException], ...] = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server closed the connection while it was idle
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,  # class 40: serialization failure, deadlock
    asyncpg.ReadOnlySQLTransactionError,  # a standby, or a database set to read-only
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TransactionTimeoutError,
    asyncpg.InsufficientResourcesError,  # class 53, where _STORAGE_FULL does not say more
    asyncpg.OperatorInterventionError,  # class 57: cancelled, timed out, shut down
    asyncpg.PostgresSystemError,  # class 58: the server could not read or write a file
    *_REFUSED,
    sa.exc.InterfaceError,
    sa.exc.TimeoutError,
)
# The connection must not be used again; a new one may lead to a server that accepts writes.
_UNUSABLE = (asyncpg.InternalClientError, asyncpg.ReadOnlySQLTransactionError)
_STORAGE_FULL = (asyncpg.DiskFullError, asyncpg.OutOfMemoryError)


@dataclass
class Database:
    """The connections of this process: a pool of single statements and an engine of transactions."""

    hosts: Hosts
    pool: Pool
    engine: AsyncEngine
    idle: set[asyncpg.Connection] = field(default_factory=set)  # of the engine

    def __post_init__(self) -> None:
        sa.event.listen(self.engine.sync_engine, "checkin", self._note_idle)
        sa.event.listen(self.engine.sync_engine, "checkout", self._check_open)

    def _note_idle(self, _: object, record: sa.pool.ConnectionPoolEntry) -> None:
        if record.driver_connection is not None:
            self.idle.add(record.driver_connection)

    def _check_open(self, _: object, record: sa.pool.ConnectionPoolEntry, __: object) -> None:
        connection: Any = record.driver_connection
        self.idle.discard(connection)
        if connection.is_closed():
            raise sa.exc.DisconnectionError  # the engine opens another in its place

    def distrust(self, connection: asyncpg.Connection) -> None:
        """End a connection that must not be used again, and all idle ones, which may lead to the same server."""
        self.hosts.distrust(connection)
        self.pool.end_idle()
        for idle in self.idle:
            idle.terminate()

    def end_after(self, seconds: float, connection: asyncpg.Connection) -> asyncio.TimerHandle:
        """End a connection in some seconds: whoever waits for it then gets an error, and nothing has to be cancelled."""
        end = self.distrust if seconds >= SILENT_SECONDS else asyncpg.Connection.terminate
        return asyncio.get_running_loop().call_later(seconds, end, connection)

    async def close(self) -> None:
        """Close every connection; what does not close in time is ended."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS + 0.5):
                await asyncio.gather(self.pool.close(), self.engine.dispose())
        self.hosts.end_all()


class Budget:
    """Seconds that a request may still wait for the database, over all of its statements."""

    __slots__ = ("left",)

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    def require(self) -> float:
        """Return what is left. Raises TimeoutError when nothing is."""
        if self.left <= 0:
            raise TimeoutError
        return self.left


_database: Database | None = None
_budget: ContextVar[Budget | None] = ContextVar("database_budget", default=None)


def connect(dsn: str, *, statement_seconds: float = 0) -> None:
    """Set up the pools; connections are opened when first needed.

    `statement_seconds` limits how long the server runs any statement; 0: no limit.
    """
    global _database  # noqa: PLW0603 - there is one database
    hosts = Hosts(
        dsn,
        {
            "application_name": "loudeng",
            "statement_timeout": str(int(statement_seconds * 1000)),
            "timezone": "UTC",
            "plan_cache_mode": "force_generic_plan",
        },
    )
    size = settings.get().pool
    pool = Pool(
        lambda seconds: hosts.connect(seconds, _decode_json), size=size - size // 2, timeout=POOL_TIMEOUT
    )
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=hosts.connect,
        pool_size=size // 2,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT,
    )
    _database = Database(hosts, pool, engine)


async def _decode_json(connection: asyncpg.Connection) -> None:
    """Have a connection decode JSON as SQLAlchemy's do, and take it as text."""
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, schema="pg_catalog", encoder=str, decoder=from_json)


async def disconnect() -> None:
    """Close every connection."""
    if _database is not None:
        await _database.close()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let the block wait for the database that long in all, whatever it does; then it is Unavailable.

    The limit is measured here: a server that is silent keeps none.
    """
    token = _budget.set(Budget(seconds))
    try:
        yield
    finally:
        _budget.reset(token)


async def end_silent() -> None:
    """End every connection when the database does not answer at all: waits without a limit would have no end."""
    try:
        await _connected().hosts.probe()
    except Exception as error:
        raise translate_error(error) from error


def _connected() -> Database:
    assert _database is not None, "call db.connect() first"
    return _database


def engine() -> AsyncEngine:
    """Return the engine, for migrations and SQLModel sessions."""
    return _connected().engine


def pool() -> Pool:
    """Return the pool of single statements."""
    return _connected().pool


async def fetch(sql: str, *args: Any) -> list[asyncpg.Record]:
    """Run one statement, committed by itself, and return its rows."""
    return await _run(lambda connection: connection.fetch(sql, *args))


async def fetchrow(sql: str, *args: Any) -> asyncpg.Record | None:
    """Run one statement, committed by itself, and return its first row."""
    return await _run(lambda connection: connection.fetchrow(sql, *args))


async def execute(statement: Statement, **values: Any) -> list[asyncpg.Record]:
    """Run one statement with named parameters, committed by itself, and return its rows."""
    return await fetch(statement.text, *statement.arguments(values))


async def execute_one(statement: Statement, **values: Any) -> asyncpg.Record | None:
    """Run one statement with named parameters, committed by itself, and return its first row."""
    return await fetchrow(statement.text, *statement.arguments(values))


async def _run(query: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    database, budget = _connected(), _budget.get()
    timer: asyncio.TimerHandle | None = None
    began = time.monotonic()
    try:
        connection = await database.pool.acquire(budget.require() if budget else None)
        if budget:
            timer = database.end_after(began + budget.left - time.monotonic(), connection)
        try:
            return await query(connection)
        except _UNUSABLE:
            database.distrust(connection)
            raise
        except asyncio.CancelledError:  # asyncpg would have its next user wait for the statement to end
            connection.terminate()
            raise
        finally:
            if timer:
                timer.cancel()
            database.pool.release(connection)
    except BaseException as error:
        raise translate_error(error) from error
    finally:
        if budget:
            budget.left -= time.monotonic() - began


@asynccontextmanager
async def transaction() -> AsyncIterator[AsyncSession]:
    """Open the transaction of a request or job; leaving the block commits, an exception rolls back."""
    budget, began = _budget.get(), time.monotonic()
    timer: asyncio.TimerHandle | None = None
    try:
        async with AsyncSession(engine(), expire_on_commit=False) as session:
            if budget:
                async with asyncio.timeout(budget.require()):
                    raw = await (await session.connection()).get_raw_connection()
                seconds = began + budget.left - time.monotonic()
                timer = _connected().end_after(seconds, raw.driver_connection)
            yield session
            await session.commit()
    except Exception as error:
        raise translate_error(error) from error
    finally:
        if budget:
            budget.left -= time.monotonic() - began
        if timer:
            timer.cancel()


@asynccontextmanager
async def session() -> AsyncIterator[asyncpg.Connection]:
    """Lend a connection for several statements; end it in the block if they have changed its session."""
    database, budget, began = _connected(), _budget.get(), time.monotonic()
    timer: asyncio.TimerHandle | None = None
    try:
        connection = await database.pool.acquire(budget.require() if budget else None)
        if budget:
            seconds = began + budget.left - time.monotonic()
            timer = database.end_after(seconds, connection)
        try:
            yield connection
        except _UNUSABLE:
            database.distrust(connection)
            raise
        except asyncio.CancelledError:
            connection.terminate()
            raise
        finally:
            if timer:
                timer.cancel()
            database.pool.release(connection)
    except BaseException as error:
        raise translate_error(error) from error
    finally:
        if budget:
            budget.left -= time.monotonic() - began


Fetch = Callable[..., Awaitable[list[Any]]]  # of one transaction


@asynccontextmanager
async def atomic() -> AsyncIterator[Fetch]:
    """Open a transaction of single statements, with a `fetch` of its own; an exception rolls back."""
    async with session() as connection, connection.transaction():
        yield connection.fetch


@asynccontextmanager
async def snapshot() -> AsyncIterator[asyncpg.Connection]:
    """Open a read-only, repeatable-read snapshot of the database, for a backup."""
    async with session() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        yield connection


@asynccontextmanager
async def stream(sql: str, *args: Any) -> AsyncIterator[AsyncIterator[asyncpg.Record]]:
    """Read a result too large for memory, in a repeatable-read snapshot."""
    async with snapshot() as connection:
        yield connection.cursor(sql, *args, prefetch=2000).__aiter__()


def translate_error(error: BaseException) -> BaseException:
    """Return the refusal that a database error means, or the error itself when it is something else."""
    cause = getattr(error, "orig", None)
    cause = getattr(cause, "__cause__", None) or cause or error
    if isinstance(cause, _STORAGE_FULL):
        return StorageFull()
    if isinstance(cause, asyncpg.UniqueViolationError):
        return Duplicate()
    if isinstance(cause, asyncpg.CheckViolationError) and cause.constraint_name == "account_balance":
        return Overdrawn()
    if isinstance(cause, _UNAVAILABLE) or isinstance(error, _UNAVAILABLE):
        AWAY.inc()
        _log_away(cause)
        return Unavailable()
    return error


def is_refusal(error: BaseException | None) -> bool:
    """Tell whether the server refused our address itself: only other settings will help."""
    return isinstance(error, _REFUSED)


def _log_away(cause: BaseException) -> None:
    """Say why the database cannot be used, once in a while: every request would have the same to say."""
    global _logged_at  # noqa: PLW0603 - of this process
    if time.monotonic() - _logged_at >= LOG_SECONDS:
        _logged_at = time.monotonic()
        logger.warning("database_away", reason=log.describe(cause))


_logged_at = -LOG_SECONDS
