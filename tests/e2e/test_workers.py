"""Two workers over one database, under load: they take turns at the seals, nothing piles up, nothing is put off."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests import databases
from tests.e2e.people import sign_in, writers
from tests.e2e.program import ROOT, Serving, surroundings

LOAD_SECONDS = 4.0
WRITERS = 16
PAUSE = (
    0.08  # seconds between two reports of one: all together some 150 a second, whatever the API could take
)
MOST_WAITING = 200


@contextmanager
def second_worker(home: Path) -> Iterator[None]:
    with (home.parent / "worker.log").open("a") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--worker-only"],
            cwd=ROOT,
            env=surroundings(home),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=15)


@pytest.mark.alone
async def test_two_workers_under_load_let_nothing_pile_up_and_put_nothing_off(
    home: Path, serving: Serving
) -> None:
    program = await serving()
    async with httpx.AsyncClient(base_url=program.url) as http:
        person = await sign_in(http)
        body = await person.stair_light()
    waiting, attempts = [0], [0]
    with second_worker(home), databases.running(home) as dsn:
        session = await asyncpg.connect(dsn)
        async with writers(WRITERS, program.url, person.token, body, beginning=1, pause=PAUSE):
            until = time.monotonic() + LOAD_SECONDS
            while time.monotonic() < until:
                row = await session.fetchrow("SELECT count(*) AS waiting, max(attempts) AS attempts FROM job")
                waiting.append(row["waiting"])
                attempts.append(row["attempts"] or 0)
                await asyncio.sleep(0.05)
        async with asyncio.timeout(5):
            while await session.fetchval("SELECT count(*) FROM job"):  # noqa: ASYNC110 - no event to wait for
                await asyncio.sleep(0.05)
        await session.close()
    assert max(waiting) < MOST_WAITING
    assert max(attempts) == 1  # the first is counted when a job is claimed
