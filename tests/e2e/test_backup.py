"""A backup taken while people write holds everything acknowledged before it began, and comes back whole."""

import asyncio
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.pg import Cluster
from tests import databases, world
from tests.e2e.people import API, sign_in, writers
from tests.e2e.people import Person as Resident
from tests.e2e.program import Program, Serving, command

WRITERS = 4


@pytest.fixture
def elsewhere(run_folder: Path) -> Iterator[Path]:
    """A second machine's folder."""
    folder = databases.folder(run_folder)
    yield folder
    for data_dir in (path for path in folder.iterdir() if path.is_dir()):
        databases.remove(data_dir)
    shutil.rmtree(folder, ignore_errors=True)


async def test_what_was_acknowledged_before_the_backup_is_there_after_restoring(
    home: Path, serving: Serving, elsewhere: Path
) -> None:
    program = await serving()
    file, empty = elsewhere / "backup.tar", elsewhere / "data"
    async with httpx.AsyncClient(base_url=program.url) as http:
        person = await sign_in(http)
        uploaded = await http.post(
            f"{API}/photos", files={"file": ("light.jpg", world.jpeg())}, headers=person.token
        )
        photo = uploaded.json()["id"]
        body = await person.stair_light()
        made = await person.post("/tickets", body | {"photo_ids": [photo], "contact_phone": "13800138000"})
        async with writers(WRITERS, program.url, person.token, body, beginning=1) as acknowledged:
            before = [
                made.json()["id"],
                *[(await person.post("/tickets", body)).json()["id"] for _ in range(5)],
            ]
            taken = await asyncio.to_thread(command, home, "backup", str(file), "--with-keys")
        during = [ticket for one in acknowledged for ticket in one.values()]
        assert (taken.returncode, taken.stderr) == (0, "")
        picture = (await http.get(f"{API}/photos/{photo}", headers=person.token)).content
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(elsewhere) == ["backup.tar"]  # noqa: PTH208 - names are enough
    restored = await asyncio.to_thread(command, empty, "restore", str(file))
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "账本完好" in restored.stdout
    second = Program(empty, rate_limits="off")
    try:
        await second.ready()
        async with httpx.AsyncClient(base_url=second.url) as http:
            person = await sign_in(http)
            found = [await http.get(f"{API}/tickets/{one}", headers=person.token) for one in before]
            assert [answer.status_code for answer in found] == [200] * len(before)
            shown = await http.get(f"{API}/photos/{photo}", headers=person.token)
            assert (shown.status_code, shown.content) == (200, picture)
            head = await sign_in(http, "grid_head")
            phone = await head.get(f"/tickets/{before[0]}/phone")
            assert phone["phone"].endswith("13800138000")
            numbers = {answer.json()["no"] for answer in found}
            fresh = await person.post("/tickets", body)
            assert fresh.status_code == 201
            assert fresh.json()["no"] not in numbers
        again = await asyncio.to_thread(command, empty, "restore", str(file))
        assert (again.returncode, again.stderr.count("\n")) == (2, 1)
        assert "not empty" in again.stderr
        await the_ledger_only_grows(empty)
    finally:
        await second.end()
    assert during  # people wrote all the while


async def backed_up_and_erased(program: Program, file: Path) -> tuple[Resident, str]:
    """Have somebody report and leave after a backup was taken; return who they were, and their ticket."""
    async with httpx.AsyncClient(base_url=program.url) as http:
        person = await sign_in(http)
        body = await person.stair_light() | {
            "description": "灯坏在王婆婆门口",
            "contact_phone": "13800138000",
        }
        ticket = (await person.post("/tickets", body)).json()["id"]
        taken = await asyncio.to_thread(command, program.home, "backup", str(file), "--with-keys")
        assert taken.returncode == 0
        gone = await http.delete(f"{API}/me", headers=person.token)
        assert gone.json()["withdrawn"] == 2  # and one that the demo street begins with
    return person, ticket


async def test_who_was_erased_after_the_backup_is_gone_after_restoring_it(elsewhere: Path) -> None:
    file, home, empty = elsewhere / "backup.tar", elsewhere / "first", elsewhere / "second"
    first = Program(home, rate_limits="off")
    try:
        await first.ready()
        person, ticket = await backed_up_and_erased(first, file)
        printed = await asyncio.to_thread(command, home, "erasures")
    finally:
        await first.end()
    (elsewhere / "erasures.txt").write_text(printed.stdout, "utf-8")
    assert printed.stdout.count("\n") == 1
    restored = await asyncio.to_thread(
        command, empty, "restore", str(file), "--erasures", str(home / "storage" / "erasures")
    )
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "已重新注销 1 人" in restored.stdout
    assert "账本完好" in restored.stdout
    again = await asyncio.to_thread(command, empty, "replay-erasures", str(elsewhere / "erasures.txt"))
    assert (again.returncode, "已重新注销 0 人" in again.stdout) == (0, True)
    second = Program(empty, rate_limits="off")
    try:
        await second.ready()
        async with httpx.AsyncClient(base_url=second.url) as http:
            assert (await http.get(f"{API}/me", headers=person.token)).status_code == 401
            head = await sign_in(http, "grid_head")
            shown = await head.get(f"/tickets/{ticket}")
            assert (shown["description"], shown["reporter"]["name"]) == ("内容已删除", "已注销用户")
    finally:
        await second.end()


async def the_ledger_only_grows(home: Path) -> None:
    cluster = Cluster(home)
    connection = await asyncpg.connect(cluster.up())
    try:
        for statement in ("UPDATE event SET type = ''", "DELETE FROM seal", "TRUNCATE event_default"):
            with pytest.raises(asyncpg.RestrictViolationError):
                await connection.execute(statement)
    finally:
        await connection.close()
        cluster.release()
