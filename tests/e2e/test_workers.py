"""Two workers over one database, under load: they take turns at the seals, nothing piles up, nothing is put off."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests import databases
from tests.e2e.people import sign_in, writers
from tests.e2e.program import LOST, ROOT, Serving, free_port, surroundings

LOAD_SECONDS = 4.0
WRITERS = 16
STEADY = 0.08  # seconds between two reports of one writer: some 150 a second of all
MOST_WAITING = 200
TOKEN = "t" * 32


@contextmanager
def second_worker(home: Path) -> Iterator[str]:
    """Have another worker; the address at which it can be watched."""
    port = free_port()
    with (home.parent / "worker.log").open("a") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--worker-only"],
            cwd=ROOT,
            env=surroundings(home, health_port=port, metrics_token=TOKEN),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=15)


async def is_watched(url: str) -> None:
    """A worker says that it is alive and ready, shows its metrics to who may see them, and has nothing else."""
    async with asyncio.timeout(30), httpx.AsyncClient(base_url=url) as http:
        while True:
            with suppress(*LOST):
                if (await http.get("/ready")).status_code == 200:
                    break
            await asyncio.sleep(0.1)
        assert (await http.get("/health")).json() == {"status": "ok"}
        metrics = await http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert "loudeng_ledger_rolled_back" in metrics.text
        assert (await http.get("/metrics")).status_code == 401
        assert (await http.get("/api/v1/categories")).status_code == 404


async def watched(session: asyncpg.Connection) -> list[asyncpg.Record]:
    """Return, several times during LOAD_SECONDS, how many jobs wait and how often one was tried."""
    rows: list[asyncpg.Record] = []
    until = time.monotonic() + LOAD_SECONDS
    while time.monotonic() < until:
        row = await session.fetchrow(
            "SELECT count(*) AS waiting, coalesce(max(attempts), 0) AS attempts FROM job"
        )
        assert row is not None
        rows.append(row)
        await asyncio.sleep(0.05)
    return rows


@pytest.mark.alone
async def test_two_workers_under_load_let_nothing_pile_up_and_put_nothing_off(
    home: Path, serving: Serving
) -> None:
    """As fast as the API takes reports, the workers race for the seal; that nothing piles up is said of STEADY reports."""
    program = await serving()
    async with httpx.AsyncClient(base_url=program.url) as http:
        person = await sign_in(http)
        body = await person.stair_light()
    seen: dict[float, list[asyncpg.Record]] = {}
    with second_worker(home) as url, databases.running(home) as dsn:
        await is_watched(url)
        session = await asyncpg.connect(dsn)
        for pause in (0, STEADY):
            async with writers(WRITERS, program.url, person.token, body, beginning=1, pause=pause):
                seen[pause] = await watched(session)
            async with asyncio.timeout(5):
                while await session.fetchval("SELECT count(*) FROM job"):  # noqa: ASYNC110 - no event to wait for
                    await asyncio.sleep(0.05)
        await session.close()
    assert (
        max(row["attempts"] for rows in seen.values() for row in rows) == 1
    )  # the first is counted when it is claimed
    assert max(row["waiting"] for row in seen[STEADY]) < MOST_WAITING
