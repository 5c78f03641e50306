"""Rotating the keys under a running server: killed in the middle it goes on, and nobody who asks meanwhile notices."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests import databases
from tests.e2e.people import Person, sign_in
from tests.e2e.program import ROOT, Serving, command, surroundings

PHONE = "13812345678"


@asynccontextmanager
async def asking(head: Person, resident: Person, ticket: str) -> AsyncIterator[list[str]]:
    """Have somebody look a number up and somebody else give theirs, over and over during a block; yield what went wrong."""
    wrong: list[str] = []
    stop = asyncio.Event()
    asked = 0

    async def ask() -> None:
        nonlocal asked
        while not stop.is_set():
            answer = await head.http.get(f"/api/v1/tickets/{ticket}/phone", headers=head.token)
            if answer.status_code != 200 or answer.json()["phone"] != f"+86{PHONE}":
                wrong.append(answer.text)
            given = await resident.post("/me/phone", {"phone": f"139{asked:08}"})
            if given.status_code != 201:
                wrong.append(given.text)
            asked += 1

    task = asyncio.create_task(ask())
    try:
        yield wrong
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)
    assert asked > 1


async def killed_once_switched(home: Path) -> None:
    """Begin a rotation and kill it as soon as the new key is in use, before anything is encrypted again."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "rotate-pii-key"),
        cwd=ROOT,
        env=surroundings(home),
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    async with asyncio.timeout(60):
        line = (await process.stdout.readline()).decode()
        process.kill()
        await process.wait()
    assert "新密钥已启用" in line


async def done(home: Path, *words: str) -> str:
    result = await asyncio.to_thread(command, home, *words)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    return result.stdout


async def test_numbers_get_a_new_key_while_they_are_used(home: Path, serving: Serving) -> None:
    program = await serving(workers=2)
    file = home.parent / "before-rotation.tar"
    async with httpx.AsyncClient(base_url=program.url, timeout=20) as http:
        resident, head = await sign_in(http), await sign_in(http, "grid_head")
        report = await resident.stair_light(contact_phone=PHONE)
        ticket: dict[str, Any] = (await resident.post("/tickets", report)).json()
        await done(home, "backup", str(file))
        before = (home / "pii_key.key").read_text()
        async with asking(head, resident, ticket["id"]) as wrong:
            await killed_once_switched(home)
            said = await done(home, "rotate-pii-key")
        assert wrong == []
        assert "继续上次的轮换" in said
        assert "轮换完成" in said
        assert (home / "pii_key.previous.key").read_text() == before != (home / "pii_key.key").read_text()
        assert "warnings" not in (await http.get("/ready")).json()

    fresh = home.parent / "with-the-old-key"
    fresh.mkdir()
    shutil.copy(home / "pii_key.previous.key", fresh / "pii_key.key")
    assert "pii_key 与备份时的不同" not in await done(fresh, "restore", str(file))
    databases.remove(fresh)


async def test_a_sign_in_outlives_the_rotation_of_the_secret_until_its_end(
    home: Path, serving: Serving
) -> None:
    program = await serving(workers=2)
    async with httpx.AsyncClient(base_url=program.url, timeout=20) as http:
        resident = await sign_in(http)
        assert "没有人需要重新登录" in await done(home, "rotate-secret")
        fresh = await sign_in(http)
        for _ in range(10):  # of both processes
            await resident.get("/me")
            await fresh.get("/me")
        await done(home, "rotate-secret", "--end")
        for _ in range(10):
            refused = await http.get("/api/v1/me", headers=resident.token)
            assert refused.status_code == 401
            await fresh.get("/me")
