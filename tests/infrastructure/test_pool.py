"""The pool of single statements: who gets a connection, who waits, and what is never given out."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.pool import Pool


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[Pool]:
    made: list[asyncpg.Connection] = []

    async def connect(_: float) -> asyncpg.Connection:
        made.append(await asyncpg.connect(dsn))
        return made[-1]

    yield Pool(connect, size=2, timeout=0.2)
    for connection in made:
        connection.terminate()


async def test_the_last_used_is_used_first(pool: Pool) -> None:
    first, second = await pool.acquire(), await pool.acquire()
    pool.release(first)
    pool.release(second)
    again = await pool.acquire()
    assert again is second
    pool.release(again)


async def test_who_finds_none_waits_for_the_next_that_comes_back(pool: Pool) -> None:
    first, second = await pool.acquire(), await pool.acquire()
    waiting = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)
    assert not waiting.done()
    pool.release(first)
    assert await waiting is first
    pool.release(first)
    pool.release(second)


async def test_who_comes_first_is_served_first(pool: Pool) -> None:
    served: list[int] = []

    async def ask(number: int) -> None:
        for _ in range(2):  # the second time it is a newcomer again, while others still wait for their first
            connection = await pool.acquire()
            await connection.fetch("SELECT pg_sleep(0.005)")
            served.append(number)
            pool.release(connection)

    for connection in [
        await pool.acquire(),
        await pool.acquire(),
    ]:  # made beforehand: on a busy machine that takes a while
        pool.release(connection)
    await asyncio.gather(*(ask(number) for number in range(6)))
    assert sorted(served[:6]) == sorted(served[6:]) == [*range(6)]


async def test_who_gives_up_waiting_takes_no_connection_along(pool: Pool) -> None:
    for after in (0.0, 0.01, 0.02, 0.021, 0.022):  # while waiting, and at about the moment one is given back
        slow = [await pool.acquire(), await pool.acquire()]
        waiting = [asyncio.create_task(pool.acquire()) for _ in range(3)]
        for one in slow:
            asyncio.get_running_loop().call_later(0.02, pool.release, one)
        await asyncio.sleep(after)
        for task in waiting:
            task.cancel()
        for got in await asyncio.gather(*waiting, return_exceptions=True):
            if isinstance(got, asyncpg.Connection):
                pool.release(got)
        await asyncio.sleep(0.03)
        both = [await pool.acquire(), await pool.acquire()]
        for one in both:
            pool.release(one)


async def test_nobody_waits_for_ever(pool: Pool) -> None:
    taken = [await pool.acquire(), await pool.acquire()]
    with pytest.raises(TimeoutError):
        await pool.acquire()
    for connection in taken:
        pool.release(connection)
    assert await pool.acquire() in taken


async def test_a_dead_connection_is_never_given_out(pool: Pool) -> None:
    alive, dead = await pool.acquire(), await pool.acquire()
    pool.release(alive)
    pool.release(dead)
    dead.terminate()  # as by a restart of the server
    assert await pool.acquire() is alive
    fresh = await pool.acquire()
    assert await fresh.fetchval("SELECT 1") == 1
    fresh.terminate()
    pool.release(fresh)
    assert await (await pool.acquire()).fetchval("SELECT 2") == 2


async def test_a_statement_given_up_leaves_its_connection_usable(pool: Pool) -> None:
    connection = await pool.acquire()
    asked = asyncio.create_task(connection.fetch("SELECT pg_sleep(30)"))
    await asyncio.sleep(0.1)
    asked.cancel()
    await asyncio.wait({asked})
    pool.release(connection)
    again = await pool.acquire()
    assert again is connection
    async with asyncio.timeout(5):
        assert await again.fetchval("SELECT 3") == 3
    pool.release(again)


async def test_who_could_not_connect_takes_no_place_from_others(dsn: str) -> None:
    refused = True

    async def connect(_: float) -> asyncpg.Connection:
        if refused:
            raise OSError("away")
        return await asyncpg.connect(dsn)

    pool = Pool(connect, size=1, timeout=0.2)
    for _ in range(3):
        with pytest.raises(OSError, match="away"):
            await pool.acquire()
    refused = False
    pool.release(await pool.acquire())
    await pool.close()
