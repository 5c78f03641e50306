"""A database that falls silent: every answer within five seconds, and served again as soon as a host serves."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
import httpx
import psutil
import pytest

from app import db, settings, worker
from app.errors import Unavailable
from app.hosts import Hosts, addresses
from app.pg import Cluster, processes
from tests import proxies, world
from tests.databases import connected
from tests.proxies import Proxy
from tests.world import API, Person, answer

LONGEST = 5.0  # seconds until an answer, whatever the database does
PROMPT = 1.0  # seconds that an answer which waits for nothing takes more than this machine usually needs
BOUND = 20.0  # of a test: red instead of hanging

WRITE_ONLY = {"target_session_attrs": "read-write"}
# DSN, and what is passed to asyncpg for each of its hosts.
ADDRESSES = [
    ("postgresql://u:p@db/loudeng", [{}]),
    ("postgresql://u:p@/loudeng?host=/run/pg&port=5432", [{}]),
    (
        "postgresql://u:p@a,b:6000/d",
        [{"host": "a", "port": 5432} | WRITE_ONLY, {"host": "b", "port": 6000} | WRITE_ONLY],
    ),
    (
        "postgresql://u:p@[::1]:6000,[fe80::2]/d?target_session_attrs=any",
        [{"host": "::1", "port": 6000}, {"host": "fe80::2", "port": 5432}],
    ),
    (
        "postgresql://u:p@/d?host=a,/run/pg&port=6000,6001",
        [{"host": "a", "port": 6000} | WRITE_ONLY, {"host": "/run/pg", "port": 6001} | WRITE_ONLY],
    ),
    (
        "postgresql://u:p@/d?host=a,b&port=6000",
        [{"host": "a", "port": 6000} | WRITE_ONLY, {"host": "b", "port": 6000} | WRITE_ONLY],
    ),
]


@pytest.mark.parametrize(("dsn", "hosts"), ADDRESSES)
def test_the_hosts_of_a_dsn(dsn: str, hosts: list[dict[str, object]]) -> None:
    assert addresses(dsn) == hosts


@pytest.fixture
async def resident(http: httpx.AsyncClient) -> Person:
    return await world.sign_in(http, "resident")


@asynccontextmanager
async def behind(dsn: str, *ports: int) -> AsyncIterator[None]:
    """Have the program connected to the database behind these ports, in this order."""
    async with asyncio.timeout(BOUND), connected(proxies.dsn_of(dsn, *ports)):
        yield


@asynccontextmanager
async def two_hosts(dsn: str) -> AsyncIterator[Proxy]:
    """Have the program connected to the database behind two hosts; the one that is tried first."""
    async with (
        proxies.proxy(dsn) as first,
        proxies.proxy(dsn) as second,
        behind(dsn, first.port, second.port),
    ):
        yield first


async def timed(response: Awaitable[httpx.Response]) -> tuple[float, httpx.Response]:
    began = time.monotonic()
    received = await response
    return time.monotonic() - began, received


async def ask_everything(http: httpx.AsyncClient, resident: Person, ticket_id: str) -> list[httpx.Response]:
    """Ask for what reads, writes, opens a transaction and watches, more often than there are connections."""
    requests: list[Callable[[], Awaitable[httpx.Response]]] = [
        lambda: http.get("/ready"),
        lambda: http.get(f"{API}/tickets?box=mine", headers=resident.headers),
        lambda: http.get(f"{API}/places/search?q=944号", headers=resident.headers),
        lambda: http.post(
            f"{API}/tickets/{ticket_id}/comment", headers=resident.headers, json={"text": "还没有亮"}
        ),
        lambda: http.post(f"{API}/tickets/{ticket_id}/follow", headers=resident.headers),
        lambda: http.post(f"{API}/auth/demo", json={"persona": "resident"}),
    ]
    answers = await asyncio.gather(*(timed(ask()) for ask in requests * 3))
    assert max(seconds for seconds, _ in answers) < LONGEST
    return [received for _, received in answers]


def all_refused(answers: list[httpx.Response]) -> None:
    assert {received.status_code for received in answers} == {503}
    assert all(int(received.headers["retry-after"]) > 0 for received in answers)


async def longest(http: httpx.AsyncClient, resident: Person) -> float:
    """Ask for more at once than there are connections; return the seconds until the last is served."""
    requests = (timed(http.get(f"{API}/tickets?box=mine", headers=resident.headers)) for _ in range(12))
    answers = await asyncio.gather(*requests)
    for _, received in answers:
        answer(received)
    return max(seconds for seconds, _ in answers)


@pytest.fixture
async def usual(http: httpx.AsyncClient, resident: Person) -> float:
    """What `longest` is on this machine now, while nothing is silent."""
    return await longest(http, resident)


async def served_promptly(http: httpx.AsyncClient, resident: Person, usual: float) -> None:
    for _ in range(3):
        assert await longest(http, resident) < PROMPT + usual


@pytest.mark.alone
async def test_a_silent_host_is_503_in_time_and_served_again_when_it_speaks(
    http: httpx.AsyncClient, resident: Person, database: str, usual: float
) -> None:
    ticket = await resident.report()
    async with proxies.proxy(database) as host, behind(database, host.port):
        await served_promptly(http, resident, usual)
        host.silence()
        all_refused(await ask_everything(http, resident, ticket["id"]))
        host.speak()
        await served_promptly(http, resident, usual)


@pytest.mark.alone
async def test_a_stopped_server_is_503_in_time_and_served_again_when_it_goes_on(
    http: httpx.AsyncClient, resident: Person, database: str, usual: float
) -> None:
    ticket = await resident.report()
    postmaster = processes.postmaster(Cluster(settings.get().data_dir).home / "data")
    assert postmaster
    stopped: list[psutil.Process] = [postmaster, *postmaster.children()]
    async with asyncio.timeout(BOUND):
        for process in stopped:
            process.send_signal(signal.SIGSTOP)
        try:
            all_refused(await ask_everything(http, resident, ticket["id"]))
        finally:
            for process in stopped:
                process.send_signal(signal.SIGCONT)
        await served_promptly(http, resident, usual)


@pytest.mark.alone
async def test_a_silent_first_host_costs_nobody_anything_once_another_answered(
    http: httpx.AsyncClient, resident: Person, database: str, usual: float
) -> None:
    with proxies.black_hole() as unplugged:
        async with proxies.proxy(database) as host, behind(database, unplugged, host.port):
            seconds, received = await timed(http.get("/ready"))
            answer(received)
            assert seconds < LONGEST
            await served_promptly(http, resident, usual)


@pytest.mark.alone
async def test_when_the_host_in_use_falls_silent_the_other_one_serves(
    http: httpx.AsyncClient, resident: Person, database: str, usual: float
) -> None:
    ticket = await resident.report()
    async with two_hosts(database) as first:
        await served_promptly(http, resident, usual)
        first.silence()
        await ask_everything(http, resident, ticket["id"])
        await served_promptly(http, resident, usual)


@pytest.mark.alone
async def test_the_worker_goes_on_with_the_other_host(
    http: httpx.AsyncClient, resident: Person, database: str
) -> None:
    async with two_hosts(database) as first, working():
        await done(resident)
        first.silence()
        await until_served(http)
        began = time.monotonic()
        await done(resident)
        assert time.monotonic() - began < LONGEST


@asynccontextmanager
async def working() -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def done(resident: Person) -> None:
    """Report, and wait until the worker has done what follows."""
    await resident.report()
    while await db.fetch("SELECT FROM job"):  # noqa: ASYNC110 - the database has no event to wait for
        await asyncio.sleep(0.05)


async def until_served(http: httpx.AsyncClient) -> None:
    while (await http.get("/ready")).status_code != 200:
        pass


@asynccontextmanager
async def hosts_of(dsn: str) -> AsyncIterator[Hosts]:
    """Have two hosts that are the same server."""
    async with asyncio.timeout(BOUND), proxies.proxy(dsn) as first, proxies.proxy(dsn) as second:
        hosts = Hosts(proxies.dsn_of(dsn, first.port, second.port), {})
        yield hosts
        hosts.end_all()


async def test_a_former_primary_that_goes_on_is_refused(database: str) -> None:
    async with hosts_of(database) as hosts:
        hosts._timeline = "7FFFFFFF"  # noqa: SLF001 - as if another server had been promoted
        with pytest.raises(asyncpg.TargetServerAttributeNotMatched, match="promoted"):
            await hosts.connect()


@pytest.mark.parametrize("learn", [Hosts.connect, Hosts.probe])
async def test_whoever_learns_of_a_promotion_ends_what_waits_for_the_former_primary(
    learn: Callable[[Hosts], Awaitable[object]], database: str
) -> None:
    async with hosts_of(database) as hosts:
        waiting = await hosts.connect()
        await hosts.probe()
        hosts._timeline, hosts._looked_at = "00000000", 0.0  # noqa: SLF001 - it is of the timeline before
        kept = [await learn(hosts)]  # a connection, or nothing
        assert waiting.is_closed()
        kept.append(await hosts.connect())
        hosts.end_all()


@pytest.mark.alone
async def test_connections_to_a_silent_host_are_closed_in_time(
    http: httpx.AsyncClient, resident: Person, database: str, usual: float
) -> None:
    async with proxies.proxy(database) as host, behind(database, host.port):
        ticket = await resident.report()
        neighbour = await world.sign_in(http, "neighbour")
        answer(await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow"))
        await served_promptly(http, resident, usual)
        host.silence()
        began = time.monotonic()
        await db.disconnect()
        assert time.monotonic() - began < LONGEST


@pytest.mark.alone
async def test_a_request_waits_for_the_database_so_long_in_all(database: str) -> None:
    began = time.monotonic()
    with db.within(0.3):
        await db.fetch("SELECT pg_sleep(0.2)")
        with pytest.raises(Unavailable):
            await db.fetch("SELECT pg_sleep(0.2)")
    assert 0.25 < time.monotonic() - began < PROMPT


@pytest.mark.alone
@pytest.mark.parametrize("opened", [db.atomic, db.snapshot])
async def test_a_transaction_of_several_statements_is_within_it(
    opened: Callable[[], AbstractAsyncContextManager[Any]], database: str
) -> None:
    began = time.monotonic()
    with db.within(0.3), pytest.raises(Unavailable):
        async with opened() as lent:
            await getattr(lent, "fetch", lent)("SELECT pg_sleep(1)")
    assert time.monotonic() - began < PROMPT
    assert await db.fetch("SELECT 1")


async def test_waiting_for_anything_else_takes_nothing_off(database: str) -> None:
    with db.within(0.3):
        await asyncio.sleep(0.5)
        assert await db.fetch("SELECT 1")
