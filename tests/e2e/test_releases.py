"""A database that an earlier release has written is served: its backup is restored, upgraded, read and written.

The backups are of the demo street and hold throw-away keys. One is added with each release that users may have.
"""

import asyncio
import gzip
import shutil
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests import databases
from tests.e2e.people import sign_in
from tests.e2e.program import Program, command

RELEASES: Final = sorted((Path(__file__).parent / "releases").glob("*.tar.gz"))
# The life of the ticket that was confirmed, as the timeline tells it whatever the present is.
CONFIRMED: Final = ["submitted", "accepted", "dispatched", "taken", "resolved", "confirmed"]


@pytest.mark.parametrize("backup", RELEASES, ids=[file.name for file in RELEASES])
async def test_a_backup_of_an_earlier_release_is_served(backup: Path, run_folder: Path) -> None:
    folder = databases.folder(run_folder)
    file, data_dir = folder / "backup.tar", folder / "data"
    with gzip.open(backup) as packed, file.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
    restored = await asyncio.to_thread(command, data_dir, "restore", str(file))
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "账本完好：12 张工单，33 条记录" in restored.stdout
    program = Program(data_dir)
    try:
        await program.ready()
        async with httpx.AsyncClient(base_url=program.url) as http:
            neighbour, head = await sign_in(http, "neighbour"), await sign_in(http, "grid_head")
            mine = (await neighbour.get("/tickets", box="mine"))["items"]
            assert len(mine) == 6
            (confirmed,) = [ticket for ticket in mine if ticket["rating"] == 5]
            events = (await head.get(f"/tickets/{confirmed['id']}/events"))["items"]
            assert [event["type"].removeprefix("ticket.") for event in events] == CONFIRMED
            assert {"merged"} <= {ticket["status"] for ticket in mine}
            reported = await neighbour.post("/tickets", await neighbour.stair_light())
            assert reported.status_code == 201
            assert reported.json()["no"] not in {ticket["no"] for ticket in mine}
            accepted = await head.post(f"/tickets/{reported.json()['id']}/accept", {"version": 1})
            assert accepted.json()["status"] == "accepted"
        checked = await asyncio.to_thread(command, data_dir, "verify-ledger")
        assert "账本完好：13 张工单" in checked.stdout
    finally:
        await program.end()
        databases.remove(data_dir)
