"""The start over a database: it waits for one that is away, prepares it in turn, and refuses what only this machine has."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app import db, settings
from app.errors import Misconfigured
from app.serve import processes
from app.serve.prepare import prepare, prepare_to_serve
from app.services import photos, schema
from tests import proxies
from tests.databases import connected
from tests.deployed import deployed
from tests.e2e.program import free_port
from tests.proxies import Proxy, black_hole

BOUND = 20.0  # of a test: red instead of hanging


async def test_the_start_waits_for_a_database_that_is_away(street: None, database: str) -> None:
    with black_hole() as port:
        pass  # nobody listens there now
    async with asyncio.timeout(BOUND), connected(proxies.dsn_of(database, port)):
        starting = asyncio.create_task(prepare_to_serve())
        done, _ = await asyncio.wait({starting}, timeout=0.3)
        assert not done
        host = Proxy(proxies.socket_of(database))
        server = await asyncio.start_server(host.serve, "127.0.0.1", port)
        await starting
        server.close()
        await host.end()


@pytest.mark.parametrize(("password", "name"), [("wrong", None), (None, "nobodys")])
async def test_a_database_that_refuses_the_address_is_one_clear_line(
    password: str | None, name: str | None, database: str
) -> None:
    parts = urlsplit(database)
    netloc = f"{parts.username}:{password or parts.password}@"
    dsn = f"postgresql://{netloc}/{name or parts.path[1:]}?{parts.query}"
    async with asyncio.timeout(BOUND), connected(dsn):
        with pytest.raises(Misconfigured, match=r"^the database refuses LOUDENG_DATABASE_URL: "):
            await prepare_to_serve()


async def test_of_several_that_start_at_once_one_prepares_and_the_others_wait(street: None) -> None:
    async with asyncio.timeout(BOUND):
        async with schema.turn():
            starting = asyncio.create_task(prepare())
            done, _ = await asyncio.wait({starting}, timeout=1)
            assert not done
        await starting


async def test_a_database_on_several_hosts_wants_shared_keys_and_photos(database: str) -> None:
    given = {
        "database_url": "postgresql://u:p@a,b/loudeng",
        "secret": "s3cret-of-all-the-machines-of-this-street",
    }
    with (
        deployed(**given),
        pytest.raises(
            Misconfigured, match="LOUDENG_PII_KEY and LOUDENG_STORAGE_URL would be of this machine"
        ),
    ):
        await prepare()


@pytest.fixture
def machine(street: None, tmp_path: Path) -> Path:
    """Where the data directories of machines are that share the test's database."""
    return tmp_path


async def kept(machine: Path, name: str, **given: str) -> None:
    """Start a machine with a data directory of its own, as far as its photos are concerned."""
    with deployed(database_url="postgresql://one-host/loudeng", data_dir=str(machine / name), **given):
        await photos.require_storage()


async def test_a_second_machine_with_photos_of_its_own_is_refused(machine: Path) -> None:
    await kept(machine, "first")
    await kept(machine, "first")
    with pytest.raises(Misconfigured, match=r"in the directory of another machine, not in .*second"):
        await kept(machine, "second")


async def test_photos_moved_to_a_bucket_are_no_longer_taken_from_a_directory(machine: Path) -> None:
    await kept(machine, "first")
    await kept(machine, "second", storage_url="s3://photos")
    with pytest.raises(Misconfigured, match=r"in a bucket, not in .*first"):
        await kept(machine, "first")
    with deployed(data_dir=str(machine / "first")):
        await photos.accept_storage()
    await kept(machine, "first")


async def test_the_embedded_database_has_its_photos_beside_it(machine: Path) -> None:
    assert settings.get().database_url is None
    await photos.require_storage()
    assert await db.fetch("SELECT FROM setup WHERE storage IS NULL")


def test_each_process_is_watched_at_a_port_of_its_own() -> None:
    port = free_port()
    with deployed(health_port=str(port)):
        sockets = processes.bind_health(2, work=True)
        without = processes.bind_health(1, work=False)
    try:
        assert {number: each.getsockname()[1] - port for number, each in sockets.items()} == {
            0: 0,
            1: 1,
            2: 2,
        }
        assert without.keys() == {1}
    finally:
        for each in (*sockets.values(), *without.values()):
            each.close()


async def test_each_process_opens_as_many_connections_as_it_may(database: str) -> None:
    with deployed(pool="4"):
        async with connected(database):
            mine = asyncio.gather(*(db.fetch("SELECT pg_sleep(0.2)") for _ in range(9)))
            await asyncio.sleep(0.15)
            (row,) = await db.fetch(
                "SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(0.2)%'"
            )
            await mine
    assert row["n"] <= 3  # two of single statements, and the one that counts
