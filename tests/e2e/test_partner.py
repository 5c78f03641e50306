"""A company's engineer follows the guide: every command and program of it, against the running program."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from standardwebhooks import Webhook

from app import clock
from app.services.auth import api_keys
from tests import guide, world
from tests.e2e.people import Person, sign_in
from tests.e2e.program import Program, Serving, free_port
from tests.patience import HANGING
from tests.sinks import LOOPBACK

WITHIN = 20.0  # seconds: the work of a message, tried again every second
SETTINGS: dict[str, object] = {
    "webhook_allow_networks": LOOPBACK,
    "webhook_timeout_seconds": 2,
    "webhook_retry_seconds": "0" + ",1" * 60,
}


class Engineer:
    """Somebody with the guide, a shell and a folder."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.port = folder, url, free_port()
        guide.unpack(folder)
        (folder / "photo.jpg").write_bytes(world.jpeg(800, 600))
        self.said: dict[str, str] = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOST": url,
            "API": f"{url}/api/v1",
            "KEY": api_keys.DEMO_KEY,
            "RECEIVER": f"http://127.0.0.1:{self.port}/",
            "PORT": str(self.port),
            "PHOTO": str(folder / "photo.jpg"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    async def run(self, *commands: str, **more: str) -> str:
        """Run commands to their end and return what they print."""
        return await self.start(["bash", "-euo", "pipefail", "-c", "\n".join(commands)], **more)

    async def start(self, words: list[str], given: str = "", **more: str) -> str:
        told = await asyncio.to_thread(
            subprocess.run,
            words,
            cwd=self.folder,
            env=self.said | more,
            input=given.encode(),
            capture_output=True,
            timeout=HANGING,
            check=False,
        )
        assert told.returncode == 0, (told.stdout + told.stderr).decode()
        return told.stdout.decode()

    async def follow(self, *having: str, **more: str) -> str:
        """Follow blocks of the guide, the first among them, in one shell; return what is printed after that one."""
        told = await self.run(
            guide.commands(having="ask()"),
            "echo ---",
            *(guide.commands(having=words) for words in having),
            **more,
        )
        return told.partition("---\n")[2]

    async def dispatched(self) -> str:
        """Have a stair light reported and dispatched to the company; return the ticket."""
        told = await self.run(
            guide.commands(having="ask()"), guide.commands(having="token()"), 'echo "ticket $TICKET"'
        )
        return told.rpartition("ticket ")[2].strip()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Have receiver.py | work.py run for the length of a block; they are killed, not asked."""
        with (self.folder / "work.log").open("a") as log:
            pipe = subprocess.Popen(
                ["bash", "-c", "python receiver.py | python work.py"],
                cwd=self.folder,
                env=self.said,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield
        finally:
            os.killpg(pipe.pid, signal.SIGKILL)
            pipe.wait()


@pytest.fixture
async def engineer(serving: Serving, tmp_path: Path) -> AsyncIterator[Engineer]:
    program: Program = await serving(**SETTINGS)
    yield Engineer(tmp_path, program.url)
    key = {"Authorization": f"Bearer {api_keys.DEMO_KEY}"}
    async with httpx.AsyncClient(base_url=f"{program.url}/api/v1", headers=key) as http:
        for hook in (await http.get("/webhooks")).json()["items"]:  # the next test has a street without
            assert (await http.delete(f"/webhooks/{hook['id']}")).status_code == 200


@pytest.fixture
async def resident(engineer: Engineer) -> AsyncIterator[Person]:
    async with httpx.AsyncClient(base_url=engineer.url) as http:
        yield await sign_in(http)


async def until(resident: Person, ticket_id: str, status: str) -> dict[str, Any]:
    """Wait until the reporter sees a ticket in this state."""
    async with asyncio.timeout(WITHIN):
        while True:
            ticket: dict[str, Any] = await resident.get(f"/tickets/{ticket_id}")
            if ticket["status"] == status:
                return ticket
            await asyncio.sleep(0.1)


async def test_from_the_key_to_the_ticket_in_open311_by_the_guide_alone(
    engineer: Engineer, resident: Person
) -> None:
    await engineer.follow("> webhook.json")
    hook = json.loads((engineer.folder / "webhook.json").read_text())
    engineer.said["WEBHOOK_SECRET"] = hook["secret"]
    with engineer.listening():
        first = await engineer.dispatched()
        ticket = await until(resident, first, "resolved")
        assert (ticket["outcome"], len(ticket["resolution"]["photos"])) == ("fixed", 1)
        assert ticket["resolution"]["by"] == "人和物业"
    second = await engineer.dispatched()  # the receiver is down
    await tried_in_vain(engineer, hook["id"])
    assert (await resident.get(f"/tickets/{second}"))["status"] == "dispatched"
    with engineer.listening():
        await until(resident, second, "resolved")
    events = [event["type"] for event in (await resident.get(f"/tickets/{second}/events"))["items"]]
    assert [events.count(f"ticket.{act}") for act in ("taken", "resolved")] == [1, 1]
    found = await engineer.follow("/open311/", TICKET=second)
    read, _, made = found.rpartition("<?xml")
    (request,) = ET.fromstring(read.encode())
    assert request.findtext("service_request_id") == second
    assert request.findtext("status_notes") == "已办结（待评价）：已修好"
    (request,) = ET.fromstring(f"<?xml{made}".encode())
    identifier = request.findtext("service_request_id")
    async with httpx.AsyncClient(base_url=engineer.url) as http:
        head = await sign_in(http, "grid_head")
        asked = await head.get(f"/tickets/{identifier}")
        assert (asked["origin"], asked["place"]["path"][-1]) == ("open311", "944号")
        assert await head.get(f"/tickets/{identifier}/phone") == {"phone": "+8613812345678", "name": "王"}
    assert await engineer.follow("/rotate") == "waiting\n"


async def tried_in_vain(engineer: Engineer, hook: str) -> None:
    """Wait until a message has failed twice."""
    key = {"Authorization": f"Bearer {engineer.said['KEY']}"}
    async with asyncio.timeout(WITHIN), httpx.AsyncClient(base_url=engineer.url, headers=key) as http:
        while True:
            sent = (await http.get(f"/api/v1/webhooks/{hook}/deliveries")).json()["items"]
            if any(one["attempts"] >= 2 and one["state"] == "waiting" for one in sent):
                return
            await asyncio.sleep(0.1)


async def test_by_hand_the_same(engineer: Engineer, resident: Person) -> None:
    ticket = await engineer.dispatched()
    assert await engineer.follow("/resolve", TICKET=ticket) == "resolved\n"
    await until(resident, ticket, "resolved")


async def test_who_asks_instead_misses_nothing_and_hears_it_once(engineer: Engineer) -> None:
    ticket = await engineer.dispatched()
    while "dispatched" not in (told := await pulled(engineer, ticket)):
        assert told == ""
    assert await pulled(engineer, ticket) == ""
    await engineer.follow("/resolve", TICKET=ticket)
    assert "resolved" in await pulled(engineer, ticket)


async def pulled(engineer: Engineer, ticket: str) -> str:
    """Return what pull.py says of a ticket; it may be a moment before a change is there."""
    await asyncio.sleep(0.2)
    told = await engineer.start(["python", "pull.py"])
    return "\n".join(line for line in told.splitlines() if ticket in line)


async def test_java_takes_a_ticket_and_tells_a_signature_from_a_forgery(
    engineer: Engineer, resident: Person
) -> None:
    ticket = await engineer.dispatched()
    assert '"status":"dispatched"' in await engineer.start(["java", "Company.java", "take", ticket])
    assert (await resident.get(f"/tickets/{ticket}"))["sla"]["accepted_at"]
    secret, body = "whsec_" + "QUJD" * 8, '{"type":"ticket.dispatched","data":{"no":"1"}}'
    other = Webhook("whsec_" + "QUJE" * 8)
    now = clock.now()
    stamp = str(int(now.timestamp()))
    ours = Webhook(secret).sign("msg_1", now, body)

    async def judged(signatures: str, said: str = body, at: str = stamp) -> str:
        words = ["java", "Company.java", "verify", "msg_1", at, signatures]
        return (await engineer.start(words, said, WEBHOOK_SECRET=secret)).strip()

    assert await judged(ours) == "genuine"
    assert await judged(f"{other.sign('msg_1', now, body)} {ours}") == "genuine"
    assert await judged(other.sign("msg_1", now, body)) == "forged"
    assert await judged(ours, body.replace("1", "2")) == "forged"
    old = now - timedelta(minutes=6)
    assert await judged(Webhook(secret).sign("msg_1", old, body), at=str(int(old.timestamp()))) == "forged"
