"""The pool of single statements: who gets a connection, who waits, and what is never given out."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.pool import Pool


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[Pool]:
    made: list[asyncpg.Connection] = []

    async def connect() -> asyncpg.Connection:
        made.append(await asyncpg.connect(dsn))
        return made[-1]

    yield Pool(connect, size=2, patience=0.2)
    for connection in made:
        connection.terminate()


async def test_the_last_used_is_used_first(pool: Pool) -> None:
    first, second = await pool.take(), await pool.take()
    pool.put(first)
    pool.put(second)
    again = await pool.take()
    assert again is second
    pool.put(again)


async def test_who_finds_none_waits_for_the_next_that_comes_back(pool: Pool) -> None:
    first, second = await pool.take(), await pool.take()
    waiting = asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    assert not waiting.done()
    pool.put(first)
    assert await waiting is first
    pool.put(first)
    pool.put(second)


async def test_who_comes_first_is_served_first(pool: Pool) -> None:
    served: list[int] = []

    async def ask(number: int) -> None:
        for _ in range(2):  # the second time it is a newcomer again, while others still wait for their first
            connection = await pool.take()
            await connection.fetch("SELECT pg_sleep(0.005)")
            served.append(number)
            pool.put(connection)

    await asyncio.gather(*(ask(number) for number in range(6)))
    assert sorted(served[:6]) == sorted(served[6:]) == [*range(6)]


async def test_who_gives_up_waiting_takes_no_connection_along(pool: Pool) -> None:
    for after in (0.0, 0.01, 0.02, 0.021, 0.022):  # while waiting, and at about the moment one is given back
        slow = [await pool.take(), await pool.take()]
        waiting = [asyncio.create_task(pool.take()) for _ in range(3)]
        for one in slow:
            asyncio.get_running_loop().call_later(0.02, pool.put, one)
        await asyncio.sleep(after)
        for task in waiting:
            task.cancel()
        for got in await asyncio.gather(*waiting, return_exceptions=True):
            if isinstance(got, asyncpg.Connection):
                pool.put(got)
        await asyncio.sleep(0.03)
        both = [await pool.take(), await pool.take()]
        for one in both:
            pool.put(one)


async def test_nobody_waits_for_ever(pool: Pool) -> None:
    taken = [await pool.take(), await pool.take()]
    with pytest.raises(TimeoutError):
        await pool.take()
    for connection in taken:
        pool.put(connection)
    assert await pool.take() in taken


async def test_a_dead_connection_is_never_given_out(pool: Pool) -> None:
    alive, dead = await pool.take(), await pool.take()
    pool.put(alive)
    pool.put(dead)
    dead.terminate()  # as by a restart of the server
    assert await pool.take() is alive
    fresh = await pool.take()
    assert await fresh.fetchval("SELECT 1") == 1
    fresh.terminate()
    pool.put(fresh)
    assert await (await pool.take()).fetchval("SELECT 2") == 2


async def test_a_statement_given_up_leaves_its_connection_usable(pool: Pool) -> None:
    connection = await pool.take()
    asked = asyncio.create_task(connection.fetch("SELECT pg_sleep(30)"))
    await asyncio.sleep(0.1)
    asked.cancel()
    await asyncio.wait({asked})
    pool.put(connection)
    again = await pool.take()
    assert again is connection
    async with asyncio.timeout(5):
        assert await again.fetchval("SELECT 3") == 3
    pool.put(again)


async def test_who_could_not_connect_takes_no_place_from_others(dsn: str) -> None:
    refused = True

    async def connect() -> asyncpg.Connection:
        if refused:
            raise OSError("away")
        return await asyncpg.connect(dsn)

    pool = Pool(connect, size=1, patience=0.2)
    for _ in range(3):
        with pytest.raises(OSError, match="away"):
            await pool.take()
    refused = False
    pool.put(await pool.take())
    await pool.close()
