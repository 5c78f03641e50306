"""The database schema: migrations, and the monthly partitions of events and audit entries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app import db
from app.errors import Misconfigured

MIGRATIONS = Path(__file__).parents[2] / "migrations"
PARTITIONED = ("event", "audit")
MONTHS_AHEAD = 3
_LOCK_KEY = 7_205_759  # advisory lock: one process at a time migrates or makes partitions
_TURN_KEY = 7_205_761  # advisory lock: one process at a time prepares the database before it serves


def config() -> Config:
    """Return Alembic's configuration; there is no alembic.ini."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return settings


async def upgrade() -> None:
    """Migrate the database to the newest revision; of several processes at once, one does it.

    Raises Misconfigured for a database that a newer version has written.
    """
    async with db.engine().begin() as connection:
        await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    settings = config()
    settings.attributes["connection"] = connection
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in _known():
        raise Misconfigured(_NEWER.format(current))
    command.upgrade(settings, "head")


_NEWER = (
    "the database is of a newer version ({}): start that one, or restore the backup made before the upgrade "
    "(docs/operations.md)"
)


@asynccontextmanager
async def turn() -> AsyncIterator[None]:
    """Wait until no other process prepares the database; a process that dies gives up its turn."""
    async with db.session() as connection:
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", _TURN_KEY)
            yield
        finally:
            connection.terminate()  # ends the session, and the lock with it


async def is_current() -> bool:
    """Tell whether the database is at the newest revision."""
    return await _revision() == head()


async def is_usable() -> bool:
    """Tell whether this program may serve the database: at its own revision, or at a newer one that allows it.

    During an upgrade processes of the previous release serve beside the new ones, on the new schema.
    """
    revision = await _revision()
    if revision is None or revision == head() or revision in _known():
        return revision == head()
    row = await db.fetchrow("SELECT schema_floor FROM setup")
    return row is not None and row["schema_floor"] <= head()


@cache
def head() -> str:
    """Return the newest revision of this program, as it was when the process first asked."""
    revision = ScriptDirectory.from_config(config()).get_current_head()
    assert revision is not None
    return revision


@cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory.from_config(config()).walk_revisions())


async def _revision() -> str | None:
    rows = await db.fetch("SELECT to_regclass('alembic_version') IS NOT NULL AS table_exists")
    if not rows[0]["table_exists"]:
        return None
    row = await db.fetchrow("SELECT version_num FROM alembic_version")
    return row and row["version_num"]


async def make_partitions(now: datetime) -> None:
    """Create the partitions of this month and the next ones, where they do not exist."""
    year, month = now.year, now.month
    for _ in range(MONTHS_AHEAD + 1):
        next_month = (year + month // 12, month % 12 + 1)
        for table in PARTITIONED:
            await _make_partition(table, (year, month), next_month)
        year, month = next_month


async def _make_partition(table: str, start: tuple[int, int], end: tuple[int, int]) -> None:
    name = f"{table}_{start[0]}_{start[1]:02}"
    first, after = (f"{year}-{month:02}-01Z" for year, month in (start, end))
    await db.fetch(
        _CREATE_PARTITION.format(lock_key=_LOCK_KEY, table=table, name=name, first=first, after=after)
    )


# Rows that are in the default partition, because their month had no partition in time, stay there with the rest of
# their month. Partitions inherit row triggers but not statement triggers.
_CREATE_PARTITION = """
DO $$ BEGIN
    PERFORM pg_advisory_xact_lock({lock_key});
    IF to_regclass('{name}') IS NULL
       AND NOT EXISTS (SELECT FROM {table}_default WHERE at >= '{first}' AND at < '{after}') THEN
        CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{first}') TO ('{after}');
        CREATE TRIGGER {name}_kept BEFORE TRUNCATE ON {name}
            FOR EACH STATEMENT EXECUTE FUNCTION append_only();
    END IF;
END $$
"""


async def drop_months(table: str, first: tuple[int, int]) -> int:
    """Drop the partitions of the months before `first`, and delete such rows from the default partition.

    Return how many partitions were dropped; rows of the default partition count as one.
    """
    rows = await db.fetch(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1",
        table,
    )
    dropped = 0
    for name in (row["name"] for row in rows):
        year, _, month = name.removeprefix(f"{table}_").partition("_")
        if year.isdigit() and (int(year), int(month)) < first:
            await db.fetch(_DROP_PARTITION.format(lock_key=_LOCK_KEY, name=name))
            dropped += 1
    before = f"{first[0]}-{first[1]:02}-01Z"
    if await db.fetch(f"SELECT FROM {table}_default WHERE at < '{before}' LIMIT 1"):
        await db.fetch(_DELETE_FROM_DEFAULT.format(lock_key=_LOCK_KEY, table=table, before=before))
        dropped += 1
    return dropped


# A reader of the table blocks this for two seconds at most; the next run tries again.
_DROP_PARTITION = """
DO $$ BEGIN
    PERFORM pg_advisory_xact_lock({lock_key});
    SET LOCAL lock_timeout = '2s';
    DROP TABLE IF EXISTS {name};
END $$
"""
_DELETE_FROM_DEFAULT = """
DO $$ BEGIN
    PERFORM pg_advisory_xact_lock({lock_key});
    SET LOCAL lock_timeout = '2s';
    ALTER TABLE {table}_default DISABLE TRIGGER {table}_kept;
    DELETE FROM {table}_default WHERE at < '{before}';
    ALTER TABLE {table}_default ENABLE TRIGGER {table}_kept;
END $$
"""
