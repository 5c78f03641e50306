"""Connections are given in turn, and none is lost to somebody who has given up."""

import asyncio
from typing import Final

import pytest

from app import db
from app.errors import Unavailable

SLOW: Final = "SELECT pg_sleep(0.05)"


@pytest.fixture(autouse=True)
def one_connection(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a pool of one, for the length of a test; the tests' own comes back."""
    monkeypatch.setattr(db, "_engine", None)
    monkeypatch.setattr(db, "POOL", 1)
    db.connect(database)


async def test_who_comes_first_is_served_first() -> None:
    served: list[int] = []

    async def ask(number: int) -> None:
        for _ in range(2):  # the second time it is a newcomer again, while others still wait for their first
            await db.fetch("SELECT 1")
            served.append(number)

    await asyncio.gather(*(ask(number) for number in range(6)))
    await db.disconnect()
    assert served == [*range(6), *range(6)]


async def test_who_gives_up_takes_no_connection_along() -> None:
    await db.fetch("SELECT 1")
    for after in (0.0, 0.01, 0.05, 0.052, 0.055):  # while waiting, and at about the moment one is given back
        slow = asyncio.create_task(db.fetch(SLOW))
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(db.fetch("SELECT 1")) for _ in range(3)]
        await asyncio.sleep(after)
        for one in waiting:
            one.cancel()
        await asyncio.gather(slow, *waiting, return_exceptions=True)
        assert await db.fetch("SELECT 1")
    await db.disconnect()


async def test_who_waits_too_long_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.engine().sync_engine.pool, "_timeout", 0.01)
    slow = asyncio.create_task(db.fetch(SLOW))
    await asyncio.sleep(0.01)
    with pytest.raises(Unavailable):
        await db.fetch("SELECT 1")
    await slow
    assert await db.fetch("SELECT 1")
    await db.disconnect()
