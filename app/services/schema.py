"""The schema: migrated up to date at start, its monthly partitions made ahead of time."""

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app import db

MIGRATIONS = Path(__file__).parents[2] / "migrations"
PARTITIONED = ("event", "audit")
AHEAD = 3  # months
_ALONE = 7_205_759  # advisory lock: one at a time migrates or makes a partition


def config() -> Config:
    """Return Alembic's configuration; there is no alembic.ini."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return settings


async def upgrade() -> None:
    """Bring the database to the newest revision; several starters do it once."""
    async with db.engine().begin() as connection:
        await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ALONE})
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


async def is_current() -> bool:
    """Tell whether the database is at the newest revision."""
    rows = await db.fetch("SELECT to_regclass('alembic_version') IS NOT NULL AS there")
    if not rows[0]["there"]:
        return False
    row = await db.fetchrow("SELECT version_num FROM alembic_version")
    return row is not None and row["version_num"] == ScriptDirectory.from_config(config()).get_current_head()


async def make_partitions(now: datetime) -> None:
    """Make the partitions of this month and the next ones; harmless when they are there."""
    year, month = now.year, now.month
    for _ in range(AHEAD + 1):
        following = (year + month // 12, month % 12 + 1)
        for table in PARTITIONED:
            await _make_partition(table, (year, month), following)
        year, month = following


async def _make_partition(table: str, start: tuple[int, int], end: tuple[int, int]) -> None:
    name = f"{table}_{start[0]}_{start[1]:02}"
    first, after = (f"{year}-{month:02}-01Z" for year, month in (start, end))
    await db.fetch(_MAKE.format(alone=_ALONE, table=table, name=name, first=first, after=after))


# What fell into the default partition, because its month had none in time, stays there with the rest of its month.
# Row triggers come with a partition, statement triggers do not.
_MAKE = """
DO $$ BEGIN
    PERFORM pg_advisory_xact_lock({alone});
    IF to_regclass('{name}') IS NULL
       AND NOT EXISTS (SELECT FROM {table}_default WHERE at >= '{first}' AND at < '{after}') THEN
        CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{first}') TO ('{after}');
        CREATE TRIGGER {name}_kept BEFORE TRUNCATE ON {name}
            FOR EACH STATEMENT EXECUTE FUNCTION append_only();
    END IF;
END $$
"""


async def drop_months(table: str, first: tuple[int, int]) -> int:
    """Drop a table's months before `first`; what lies there without a month of its own is removed. Return how many."""
    rows = await db.fetch(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1",
        table,
    )
    dropped = 0
    for name in (row["name"] for row in rows):
        year, _, month = name.removeprefix(f"{table}_").partition("_")
        if year.isdigit() and (int(year), int(month)) < first:
            await db.fetch(_DROP.format(alone=_ALONE, name=name))
            dropped += 1
    before = f"{first[0]}-{first[1]:02}-01Z"
    if await db.fetch(f"SELECT FROM {table}_default WHERE at < '{before}' LIMIT 1"):
        await db.fetch(_REMOVE.format(alone=_ALONE, table=table, before=before))
        dropped += 1
    return dropped


# Whoever reads the table holds it up for a moment only; the next look tries again.
_DROP = """
DO $$ BEGIN
    PERFORM pg_advisory_xact_lock({alone});
    SET LOCAL lock_timeout = '2s';
    DROP TABLE IF EXISTS {name};
END $$
"""
_REMOVE = """
DO $$ BEGIN
    PERFORM pg_advisory_xact_lock({alone});
    SET LOCAL lock_timeout = '2s';
    ALTER TABLE {table}_default DISABLE TRIGGER {table}_kept;
    DELETE FROM {table}_default WHERE at < '{before}';
    ALTER TABLE {table}_default ENABLE TRIGGER {table}_kept;
END $$
"""
