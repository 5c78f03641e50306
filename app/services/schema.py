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
