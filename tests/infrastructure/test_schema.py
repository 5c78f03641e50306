"""The schema: migrated from nothing, the same as the tables in the code, month by month a partition ahead."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

import app.models  # noqa: F401 - fills the metadata
from app import clock, db, ids
from app.errors import Misconfigured
from app.services import schema
from tests import world
from tests.databases import another
from tests.deployed import deployed


@pytest.fixture
async def fresh(database: str) -> AsyncIterator[AsyncEngine]:
    """A database of its own, without a table; the program is connected to it."""
    async with another(database):
        yield db.engine()


async def tables() -> set[str]:
    rows = await db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {row["tablename"] for row in rows}


async def insert_event(at: datetime) -> str:
    """Write an event and return the partition it landed in."""
    row = await db.fetchrow(
        "INSERT INTO event (ticket_id, seq, at, type, part, data, hash) "
        "VALUES ($1, 1, $2, 'ticket.submitted', 'reporter', '{}', '') RETURNING tableoid::regclass::text AS lies",
        *(ids.new(), at),
    )
    assert row
    lies: str = row["lies"]
    return lies


def months(start: datetime, count: int) -> list[str]:
    return [
        f"{start.year + (start.month - 1 + n) // 12}_{(start.month - 1 + n) % 12 + 1:02}"
        for n in range(count)
    ]


async def test_an_empty_database_becomes_the_newest(fresh: AsyncEngine) -> None:
    assert not await schema.is_current()
    await schema.upgrade()
    assert await schema.is_current()
    assert set(SQLModel.metadata.tables) <= await tables()
    (row,) = await db.fetch("SELECT * FROM setup")
    assert (row["id"], row["version"], row["demo_loaded"]) == (1, 1, False)
    assert row["feed"] > 0


async def test_upgrading_again_changes_nothing(fresh: AsyncEngine) -> None:
    await schema.upgrade()
    before = await tables()
    await schema.upgrade()
    assert await tables() == before
    assert len(await db.fetch("SELECT FROM setup")) == 1


async def test_a_database_of_a_newer_version_is_one_clear_line(fresh: AsyncEngine) -> None:
    await schema.upgrade()
    await db.fetch("UPDATE alembic_version SET version_num = '9999'")
    await db.fetch("UPDATE setup SET schema_floor = '9998'")
    with pytest.raises(Misconfigured, match=r"^the database is of a newer version \(9999\)"):
        await schema.upgrade()


# The floor of a database that a newer program has migrated, and whether this one may go on serving it.
FLOORS = [(schema.head(), True), ("0001", True), ("9999", False)]


@pytest.mark.parametrize(("floor", "usable"), FLOORS)
async def test_a_newer_schema_is_served_as_far_as_it_allows(
    floor: str, usable: bool, fresh: AsyncEngine
) -> None:
    await schema.upgrade()
    await db.fetch("UPDATE alembic_version SET version_num = '9999'")
    await db.fetch("UPDATE setup SET schema_floor = $1", floor)
    assert await schema.is_usable() == usable
    with deployed(demo=None):
        async with world.client() as http:
            assert (await http.get("/ready")).status_code == (200 if usable else 503)


# What an older program may still use, or would not fill in: a migration that does it says which programs are too old.
_TAKES_AWAY = re.compile(
    r"drop_column|drop_table|rename_table|new_column_name|DROP COLUMN|DROP TABLE|RENAME|nullable=False(?![^\n]*server_default)"
)


def test_a_migration_that_takes_something_away_says_which_programs_are_too_old() -> None:
    """From 0033 on: new columns have a default, and what is no longer used goes a release later."""
    for path in sorted((schema.MIGRATIONS / "versions").glob("[0-9]*.py")):
        text = path.read_text("utf-8")
        upgrade = text.partition("def upgrade")[2].partition("def downgrade")[0]
        of_new_tables = re.sub(r"op\.create_table\(.*?\n    \)\n", "", upgrade, flags=re.DOTALL)
        if path.name[:4] > "0033" and _TAKES_AWAY.search(of_new_tables):
            assert "schema_floor" in text, path.name


async def test_the_migrations_make_what_the_code_describes(fresh: AsyncEngine) -> None:
    await schema.upgrade()
    await schema.make_partitions(clock.now())

    def differences(connection: Connection) -> list[object]:
        ours = {"include_name": lambda name, kind, _: kind != "table" or name in SQLModel.metadata.tables}
        return list(compare_metadata(MigrationContext.configure(connection, opts=ours), SQLModel.metadata))

    async with fresh.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_the_program_asks_alembic_for_no_new_migration(fresh: AsyncEngine) -> None:
    await schema.upgrade()
    await schema.make_partitions(clock.now())

    def check(connection: Connection) -> None:
        settings = schema.config()
        settings.attributes["connection"] = connection
        command.check(settings)

    async with fresh.connect() as connection:
        await connection.run_sync(check)


async def test_down_to_nothing_and_up_again(fresh: AsyncEngine) -> None:
    await schema.upgrade()
    await schema.make_partitions(clock.now())
    await insert_event(clock.now())
    before = await tables()

    def down(connection: Connection) -> None:
        settings = schema.config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")

    async with fresh.begin() as connection:
        await connection.run_sync(down)
    assert await tables() == {"alembic_version"}
    left = await db.fetch(
        "SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
        "UNION SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
    )
    assert left == []
    await schema.upgrade()
    await schema.make_partitions(clock.now())
    assert await tables() == before


async def test_a_second_upgrade_at_the_same_time_waits_and_finds_it_done(fresh: AsyncEngine) -> None:
    await asyncio.gather(*(schema.upgrade() for _ in range(4)))
    assert await schema.is_current()
    assert len(await db.fetch("SELECT FROM setup")) == 1


async def test_an_upgrade_waits_for_the_one_under_way(fresh: AsyncEngine) -> None:
    async with fresh.begin() as under_way:
        await under_way.exec_driver_sql(f"SELECT pg_advisory_xact_lock({schema._LOCK_KEY})")  # noqa: SLF001 - its lock
        waiting = asyncio.create_task(schema.upgrade())
        done, _ = await asyncio.wait({waiting}, timeout=0.3)
        assert not done
        assert not await schema.is_current()
    await waiting
    assert await schema.is_current()


@pytest.mark.parametrize(
    "now", [datetime(2026, 3, 31, 23, 59, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)]
)
async def test_this_month_and_the_next_have_their_partitions(now: datetime, fresh: AsyncEngine) -> None:
    await schema.upgrade()
    await schema.make_partitions(now)
    expected = {
        f"{table}_{month}" for table in ("event", "audit") for month in months(now, schema.MONTHS_AHEAD + 1)
    }
    made = {name for name in await tables() if name.startswith(("event_", "audit_"))}
    assert made == expected | {"event_default", "audit_default"}


async def test_an_event_lies_in_its_month(fresh: AsyncEngine) -> None:
    await schema.upgrade()
    await schema.make_partitions(datetime(2026, 11, 15, tzinfo=UTC))
    last = datetime(2026, 11, 30, 23, 59, 59, 999999, tzinfo=UTC)
    assert await insert_event(datetime(2026, 11, 1, tzinfo=UTC)) == "event_2026_11"
    assert await insert_event(last) == "event_2026_11"
    assert await insert_event(last + timedelta(microseconds=1)) == "event_2026_12"
    assert await insert_event(datetime(2027, 1, 1, tzinfo=UTC)) == "event_2027_01"


async def test_what_no_month_takes_is_not_lost(fresh: AsyncEngine) -> None:
    await schema.upgrade()
    assert await insert_event(datetime(2026, 3, 4, tzinfo=UTC)) == "event_default"


async def test_a_month_that_began_without_its_partition_stops_nothing(fresh: AsyncEngine) -> None:
    """After months without housekeeping, or a clock that was set, the program starts all the same."""
    await schema.upgrade()
    late = datetime(2026, 11, 15, tzinfo=UTC)
    assert await insert_event(late) == "event_default"
    await schema.make_partitions(late)
    assert await insert_event(late) == "event_default"
    assert await insert_event(datetime(2026, 12, 1, tzinfo=UTC)) == "event_2026_12"
    assert len(await db.fetch("SELECT FROM event")) == 3


async def test_several_starters_make_the_same_partitions_once(fresh: AsyncEngine) -> None:
    await schema.upgrade()
    now = datetime(2026, 11, 15, tzinfo=UTC)
    await asyncio.gather(*(schema.make_partitions(now) for _ in range(5)))
    assert {f"event_{month}" for month in months(now, schema.MONTHS_AHEAD + 1)} <= await tables()


async def test_partitions_made_ahead_refuse_to_be_emptied(fresh: AsyncEngine) -> None:
    await schema.upgrade()
    await schema.make_partitions(datetime(2026, 11, 15, tzinfo=UTC))
    for partition in sorted(name for name in await tables() if name.startswith(("event_", "audit_"))):
        with pytest.raises(asyncpg.RestrictViolationError):
            await db.fetch(f"TRUNCATE {partition}")


async def test_an_old_month_can_be_dropped(fresh: AsyncEngine) -> None:
    await schema.upgrade()
    await schema.make_partitions(datetime(2026, 11, 15, tzinfo=UTC))
    await insert_event(datetime(2026, 11, 15, tzinfo=UTC))
    await db.fetch("DROP TABLE event_2026_11")
    assert await db.fetch("SELECT FROM event") == []
