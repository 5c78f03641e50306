"""The world tests stand in: a database for each process of the run, migrated for real; each test begins with it empty.

A run is one pytest process, or several workers of pytest-xdist. What they share lies in one folder of the run; each
has its own data directory and PostgreSQL cluster there. A cluster, not a database in a shared one: transaction
numbers, which the changes feed reads, are the cluster's.
"""

import asyncio
import gc
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Generator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import httpx
import psutil
import pytest
import structlog
import uvloop

# Before anything of the program is imported: what the machine sets must not leak in.
for name in [name for name in os.environ if name.startswith("LOUDENG_")]:
    del os.environ[name]
_BEGAN_THE_RUN = "TESTS_RUN" not in os.environ  # xdist's workers inherit the variable
if _BEGAN_THE_RUN:
    os.environ["TESTS_RUN"] = tempfile.mkdtemp(prefix="loudeng-tests-")
_RUN = Path(os.environ["TESTS_RUN"])
_RUN.chmod(0o755)  # as root the database runs as somebody else
os.environ |= {
    "LOUDENG_DATA_DIR": str(_RUN / os.environ.get("PYTEST_XDIST_WORKER", "main")),
    "LOUDENG_DEMO": "1",
    "LOUDENG_LOG_LEVEL": "ERROR",
    "LOUDENG_WECHAT_APPID": "wx-test",
    "LOUDENG_WECHAT_SECRET": "wx-test-secret",
    "LOUDENG_WECHAT_API_BASE": "http://127.0.0.1:1",  # nobody there: a test that wants WeChat brings its stand-in
    "LOUDENG_WECOM_API_BASE": "http://127.0.0.1:1",  # the same
}

from app import clock, db, log, process_state, settings
from app.enums import SHANGHAI
from app.pg import processes
from tests import databases, served_street, turns, world
from tests.newcomers import Newcomer, arriving
from tests.wechat_standin import Wechat, wechat_server
from tests.wecom_standin import Wecom, wecom_server

# What is imported by now is no garbage, and tests make little: looking for it less often is a tenth of their time.
gc.freeze()
gc.set_threshold(50_000, 50, 50)

# The event loop that serves, a fifth quicker: as the policy, for a session's fixtures have one loop whoever asks for them.
if sys.version_info < (3, 14):  # which has policies no longer
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())


@pytest.fixture(autouse=True)
def logging() -> None:
    """Every test begins with the same logging, whatever the one before has set."""
    log.configure("INFO")
    structlog.configure(cache_logger_on_first_use=False)  # so that what is logged can be captured


# Files that take longest, to begin with: whoever comes to one last keeps everybody waiting.
_FIRST = (
    "console/",
    "web/",
    "e2e/",
    "test_hostile_input",
    "test_generated_requests",
    "test_access_matrix",
    "test_random_walk",
    "test_pg",
    "test_silent_database",
    "test_decoder",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort files: the long ones, then those with most tests; within a file nothing changes.

    Files with tests that run alone come last: such a test waits for those under way, and beside a long one all would wait.
    """
    tests = Counter(item.path for item in items)
    with_alone = {item.path for item in items if item.get_closest_marker("alone")}

    def rank(item: pytest.Item) -> tuple[bool, int, int]:
        path = str(item.path.relative_to(Path(__file__).parent))
        first = next((n for n, part in enumerate(_FIRST) if part in path), len(_FIRST))
        return item.path in with_alone, first, -tests[item.path]

    items.sort(key=rank)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test marked `alone` run while no other does. The time it waits is not the test's."""
    with turns.turn(_RUN, alone=item.get_closest_marker("alone") is not None):
        return (yield)


def _end_programs() -> None:
    """End what workers that were killed, or interrupted by Ctrl-C, have left running."""
    left = [process for process in psutil.process_iter() if _is_of_this_run(process)]
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    for process in psutil.wait_procs(left, timeout=5)[1]:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _is_of_this_run(process: psutil.Process) -> bool:
    try:
        return process.pid != os.getpid() and process.environ().get("TESTS_RUN") == str(_RUN)
    except psutil.Error:  # gone meanwhile, or somebody else's
        return False


def pytest_unconfigure() -> None:
    """Leave nothing of the run behind: this process outlives the workers."""
    if _BEGAN_THE_RUN:
        _end_programs()
        processes.end_orphans(_RUN)  # their servers, and those of workers
        databases.remove(databases.seed(_RUN))
        shutil.rmtree(_RUN, ignore_errors=True)
        databases.remove_abandoned(_RUN)


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """What all processes of the run share."""
    return _RUN


@pytest.fixture(scope="session")
async def dsn(run_folder: Path) -> AsyncIterator[str]:
    data_dir = settings.get().data_dir
    await databases.copy_seed(run_folder, data_dir)
    with databases.running(data_dir) as dsn:
        yield dsn
    databases.remove(data_dir)


@pytest.fixture(scope="session")
async def database(dsn: str) -> AsyncIterator[str]:
    """The database, migrated and connected, the demo street in it; its DSN."""
    db.connect(dsn)
    yield dsn
    await db.disconnect()


@pytest.fixture(scope="session")
async def loaded_street(database: str) -> databases.Copy:
    """The demo street as it was loaded."""
    return await databases.Copy.taken(_LIVED)


@pytest.fixture(scope="session")
async def served(run_folder: Path) -> AsyncIterator[served_street.ServedStreet]:
    """The demo street as one program serves it to all files that ask: each renews it first."""
    async with served_street.serving(run_folder) as street:
        yield street


@pytest.fixture
async def empty(database: str, loaded_street: databases.Copy) -> str:
    """The database without a row."""
    await databases.clear()
    _forget()
    return database


_LIVED = (
    "unsealing",
    "erasure",
    "discard",
    "content_check",
    "content_verdict",
    "wechat_push",
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
    "stand_in",
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
    "wechat_token",
    "subscription",
    "wechat_message",
    "wechat_code",
    "former_scene",
    "robot_message",
    "robot",
    "bulletin",
    "course",
    "course_fold",
    "day_count",
    "day_fold",
    "key_check",
    "subject",
    "supporter",
    "attendance",
    "survey",
    "turnout",
    "ballot_box",
    "shift",
    "transfer",
    "account",
    "circle",
    "offer",
    "reservation",
    "certificate",
    "side",
    "encrypted_text",
)
_DELETE = " ".join(f"DELETE FROM {table};" for table in _LIVED)  # a few rows: quicker than truncating files
# Who has come is gone, unless a post was given: then the street has changed.
_LEAVE = """
    DELETE FROM person WHERE demo IS NULL AND organisation_id IS NULL
    AND NOT EXISTS (SELECT FROM post WHERE post.person_id = person.id);
"""


@pytest.fixture
async def street(database: str, loaded_street: databases.Copy) -> AsyncIterator[None]:
    """The demo street as it was loaded, without a ticket, whatever a test before has changed; nobody is signed in."""
    await db.fetch(f"DO $$ BEGIN SET LOCAL session_replication_role = replica; {_DELETE} {_LEAVE} END $$")
    if not await loaded_street.unchanged():
        await loaded_street.restore()
    _forget()
    yield
    clock.reset()


def _forget() -> None:
    process_state.forget_all()
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
async def wechat() -> AsyncIterator[Wechat]:
    """A server in WeChat's place."""
    async with wechat_server() as running:
        yield running


@pytest.fixture
async def wecom() -> AsyncIterator[Wecom]:
    """A server in WeCom's place, with three group robots."""
    async with wecom_server() as running:
        yield running


@pytest.fixture
async def newcomer(http: httpx.AsyncClient, wechat: Wechat) -> Newcomer:
    """Sign in people of no persona by WeChat, who have agreed to the privacy guide."""
    return arriving(http, wechat)


@pytest.fixture
async def cast(people_of: world.Everybody) -> world.Cast:
    """The resident, the grid head and the property company."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    return resident, head, company
