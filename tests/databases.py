"""Databases for tests: a cluster that is migrated and filled once in a run and then copied, and databases beside it."""

import asyncio
import io
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from unittest import mock

import asyncpg

from app import clock, db
from app.pg import Cluster, location, locks, remove_cluster, server
from app.services import demo, schema
from app.services.people import profile

# For clusters that end with the run: nothing has to survive a power cut.
VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_SEEDING = 120.0  # seconds the other processes of a run wait for the one that makes the seed


@contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """Run the cluster of a data directory without durability; its DSN."""
    cluster = Cluster(data_dir)
    with mock.patch.dict(server.SETTINGS, VOLATILE):  # only this start: tests of app/pg start durable servers
        dsn = cluster.up()
    try:
        yield dsn
    finally:
        cluster.release()


def seed(run: Path) -> Path:
    """Name the data directory that the processes of a run copy."""
    return run / "seed"


async def copy_seed(run: Path, data_dir: Path) -> None:
    """Give a data directory a cluster with a migrated database and the demo street in it.

    initdb, the migrations and the demo street take seconds: the first process of a run that asks makes the seed,
    everybody gets a copy.
    """
    with locks.exclusive(run / "seed.lock", _SEEDING):
        if not (run / "seed.made").exists():
            await _make_seed(seed(run))
            (run / "seed.made").touch()
    copy = await asyncio.create_subprocess_exec("cp", "-a", Cluster(seed(run)).home, Cluster(data_dir).home)
    assert await copy.wait() == 0


def folder(run: Path) -> Path:
    """Make a folder of the run that the server's own user can enter."""
    made = Path(tempfile.mkdtemp(dir=run))
    made.chmod(0o755)
    return made


def remove(data_dir: Path) -> None:
    """Remove a data directory and its cluster, which may lie elsewhere."""
    if data_dir.exists():
        shutil.rmtree(Cluster(data_dir).home, ignore_errors=True)
        shutil.rmtree(data_dir, ignore_errors=True)


def remove_abandoned(run: Path) -> None:
    """Remove the clusters that lie elsewhere and belonged to a data directory of the run, which is gone."""
    for home in location.abandoned_homes():
        if run in Path((home / location.BACK_NOTE_NAME).read_text().strip()).parents:
            remove_cluster(home)


async def _make_seed(data_dir: Path) -> None:
    remove(data_dir)  # what a process that failed here left
    with running(data_dir) as dsn:
        async with connected(dsn):
            await schema.upgrade()
            await schema.make_partitions(clock.now())
            await demo.load_demo(profile.consent().version)


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[None]:
    """Connect the program to another database for the length of a block."""
    before = db._database  # noqa: SLF001 - put back below, with its connections
    db.connect(dsn)
    try:
        yield
    finally:
        await db.disconnect()
        db._database = before  # noqa: SLF001 - as above


class Copy:
    """The rows of a database, kept in this process, to go back to."""

    def __init__(self, rows: dict[str, bytes], watched: list[str]) -> None:
        self._rows = rows
        self._watched = watched
        self._written: list[asyncpg.Record] = []

    @classmethod
    async def taken(cls, emptied: Collection[str]) -> "Copy":
        """Read every table but those that every test empties: they are empty after `restore`, and not watched."""
        rows: dict[str, bytes] = {}
        async with db.snapshot() as connection:
            for table in await _tables():
                out = io.BytesIO()
                if table not in emptied:
                    await connection.copy_from_query(f"SELECT * FROM {table}", output=out, format="binary")
                rows[table] = out.getvalue()
        return cls(rows, [table for table in rows if table not in emptied])

    async def restore(self) -> None:
        """Have these rows in the tables and no others."""
        async with _unguarded() as connection:
            await connection.execute("".join(f"DELETE FROM {table};" for table in self._rows))
            for table, content in self._rows.items():
                if len(content) > _NO_ROW:
                    await connection.copy_to_table(table, source=io.BytesIO(content), format="binary")
        self._written = await _last_written(self._watched)

    async def unchanged(self) -> bool:
        """Tell whether nothing was written since `restore` in the tables that are watched."""
        return self._written == await _last_written(self._watched)


async def _last_written(tables: list[str]) -> list[asyncpg.Record]:
    """How many rows each table has and the newest transaction that wrote one."""
    return await db.fetch(
        " UNION ALL ".join(f"SELECT count(*), max(xmin::text::bigint) FROM {table}" for table in tables)
    )


_NO_ROW = 21  # bytes of a binary copy of an empty table: header and trailer


async def clear() -> None:
    """Delete every row, as the migrations leave it. A few rows are quicker deleted than tables truncated."""
    tables = await _tables()
    async with _unguarded() as connection:
        await connection.execute("".join(f"DELETE FROM {table};" for table in tables))
        await connection.execute("INSERT INTO setup (id) VALUES (1)")


@asynccontextmanager
async def _unguarded() -> AsyncIterator[asyncpg.Connection]:
    """Open a transaction without triggers: the ledger refuses to be emptied; tests may."""
    connection = await db.pool().acquire()
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            yield connection
    finally:
        db.pool().release(connection)


async def _tables() -> list[str]:
    """Name every table that holds rows, partitions by their parents."""
    rows = await db.fetch("""
        SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'alembic_version' ORDER BY 1
    """)
    return [row["name"] for row in rows]


@asynccontextmanager
async def another(database: str) -> AsyncIterator[str]:
    """Make a database without a table and connect the program to it for the length of a block; its DSN."""
    name = f"other_{secrets.token_hex(4)}"
    await db.fetch(f"CREATE DATABASE {name}")
    dsn = database.replace("/loudeng?", f"/{name}?")
    try:
        async with connected(dsn):
            yield dsn
    finally:
        await db.fetch(f"DROP DATABASE {name} WITH (FORCE)")
