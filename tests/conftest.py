"""The world tests stand in: one embedded database for the run, migrated for real; each test begins with it empty."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
import structlog

# Before anything of the program is imported: what the machine sets must not leak in.
for name in [name for name in os.environ if name.startswith("LOUDENG_")]:
    del os.environ[name]
_FOLDER = Path(tempfile.mkdtemp(prefix="loudeng-tests-"))
_FOLDER.chmod(0o755)  # as root the database runs as somebody else
os.environ |= {
    "LOUDENG_DATA_DIR": str(_FOLDER / "data"),
    "LOUDENG_DEMO": "1",
    "LOUDENG_LOG_LEVEL": "ERROR",
    "LOUDENG_WECHAT_APPID": "wx-test",
    "LOUDENG_WECHAT_SECRET": "wx-test-secret",
}

from app import clock, db, log, settings
from app.pg import Cluster
from app.services import auth, catalogue, demo, people, schema, visits
from app.words import SHANGHAI
from tests import world

log.configure("INFO")
structlog.configure(cache_logger_on_first_use=False)  # so that what is logged can be captured


@pytest.fixture(scope="session")
def dsn() -> Iterator[str]:
    cluster = Cluster(settings.get().data_dir)
    try:
        yield cluster.up()
    finally:
        cluster.release()
        shutil.rmtree(cluster.home, ignore_errors=True)
        shutil.rmtree(_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
async def database(dsn: str) -> AsyncIterator[str]:
    """The database, migrated and connected; its DSN."""
    db.connect(dsn)
    await schema.upgrade()
    await schema.make_partitions(clock.now())
    yield dsn
    await db.disconnect()


_EMPTY = """
DO $$ BEGIN
    SET LOCAL session_replication_role = replica;  -- the ledger refuses to be emptied; tests may
    EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('%I', tablename), ', ') FROM pg_tables
             WHERE schemaname = 'public' AND tablename <> 'alembic_version');
    INSERT INTO setup (id) VALUES (1);
END $$
"""


_standing: list[bool] = []  # whether the demo street is as `street` loaded it


@pytest.fixture
async def empty(database: str) -> str:
    """The database without a row."""
    await db.fetch(_EMPTY)
    _standing.clear()
    _forget()
    return database


_LIVED = (
    "unsealing",
    "erasure",
    "discard",
    "ticket",
    "ticket_words",
    "event",
    "remark",
    "pause",
    "follower",
    "vote",
    "photo",
    "job",
    "notice",
    "idempotency",
    "seal",
    "sealed_head",
    "audit",
    "delivery",
    "webhook_secret",
    "webhook",
    "api_key",
    "key_use",
    "login",
    "scan",
    "setting",
)
_DELETE = " ".join(f"DELETE FROM {table};" for table in _LIVED)  # a few rows: quicker than truncating files


@pytest.fixture
async def street(database: str) -> AsyncIterator[None]:
    """The demo street, without a ticket; nobody is signed in."""
    row = await db.fetchrow("SELECT demo_loaded FROM setup")
    if not (_standing and row and row["demo_loaded"]):  # a test that changes its people asks for it anew
        await db.fetch(_EMPTY)
        await demo.load(people.consent().version)
        _standing.append(True)
    await db.fetch(f"DO $$ BEGIN SET LOCAL session_replication_role = replica; {_DELETE} END $$")
    _forget()
    yield
    clock.reset()


def _forget() -> None:
    catalogue.forget()
    auth.forget()
    visits.forget()
    clock.reset()


@pytest.fixture
async def http(street: None) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the application, over the demo street."""
    async with world.client() as client:
        yield client


@pytest.fixture
async def people_of(http: httpx.AsyncClient) -> world.Everybody:
    """Sign in several personas at once."""

    async def sign_in(*personas: str) -> list[world.Person]:
        return [await world.sign_in(http, persona) for persona in personas]

    return sign_in


@pytest.fixture
def on(http: httpx.AsyncClient) -> world.Arriving:
    """Sign in several personas at a moment of Shanghai: Wednesday, 4 March 2026, ten to ten, unless said."""

    async def arrive(*personas: str, at: str = "2026-03-04 09:50") -> list[world.Person]:
        clock.travel(datetime.fromisoformat(at).replace(tzinfo=SHANGHAI) - clock.now())
        return [await world.sign_in(http, persona) for persona in personas]

    return arrive


@pytest.fixture
async def cast(people_of: world.Everybody) -> world.Cast:
    """The resident, the grid head and the property company."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    return resident, head, company
