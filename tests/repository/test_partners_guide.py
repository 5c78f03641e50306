"""The partners' guide says the same in both languages and leaves no error out; the receiver it offers does what it says."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from app import clock, errors, problems
from app.services.auth import api_keys
from app.services.webhooks import messages, signing_secrets
from tests import guide
from tests.e2e.program import free_port

SECRET = signing_secrets.generate_secret()
BODY = messages.message_body("ticket.dispatched", clock.now(), {"id": "1", "seq": 3, "no": "260304-1001"})


def test_both_languages_run_the_same() -> None:
    english, chinese = (guide.blocks(path) for path in guide.GUIDES)
    assert english == chinese
    assert {kind for kind, _ in english} == {"sh", "console", "python", "java", "json"}
    assert api_keys.DEMO_KEY in english[1][1]


@pytest.mark.parametrize("path", guide.GUIDES, ids=lambda path: path.name)
def test_every_refusal_is_explained(path: Path) -> None:
    text = path.read_text("utf-8")
    slugs = {slug for slug, _ in problems.TITLES.values()} | {kind.slug for kind in _kinds(errors.Refusal)}
    assert {slug for slug in slugs if f"`{slug}`" not in text} == set()


def _kinds(kind: type[errors.Refusal]) -> Iterator[type[errors.Refusal]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)


@pytest.mark.parametrize("path", guide.GUIDES, ids=lambda path: path.name)
def test_every_link_of_the_guide_leads_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (path.parent / target).exists(), target
    headings = {
        "#" + title.lower().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\((#[^)]+)\)", text)) <= headings


class Receiver:
    """docs/examples/receiver.py as a process."""

    def __init__(self, folder: Path) -> None:
        self.port, self.file = free_port(), folder / "messages.jsonl"
        plain = {"PATH": os.environ["PATH"], "WEBHOOK_SECRET": SECRET, "PORT": str(self.port)}
        with self.file.open("w") as out, (folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, guide.RECEIVER], env=plain, stdout=out, stderr=log
            )
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}")

    @property
    def kept(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read_text().splitlines()]

    async def send(
        self, message: str = "msg_1", body: str = BODY, *, secret: str = SECRET, at: datetime | None = None
    ) -> int:
        at = at or clock.now()
        headers = {
            "webhook-id": message,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(message, at, BODY),
        }
        return (await self.http.post("/", content=body, headers=headers)).status_code


@pytest.fixture
async def receiver(tmp_path: Path) -> AsyncIterator[Receiver]:
    made = Receiver(tmp_path)
    async with asyncio.timeout(10):
        while True:
            try:
                await made.http.get("/")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    yield made
    await made.http.aclose()
    made.process.kill()
    made.process.wait()


async def test_a_message_is_kept_once_whole_and_with_its_id(receiver: Receiver) -> None:
    assert [await receiver.send() for _ in range(3)] == [204] * 3
    assert await receiver.send("msg_2") == 204
    assert receiver.kept == [{"message": f"msg_{n}", **json.loads(BODY)} for n in (1, 2)]


async def test_what_is_not_ours_is_refused(receiver: Receiver) -> None:
    assert await receiver.send(secret=signing_secrets.generate_secret()) == 401
    assert await receiver.send(body=BODY.replace("1001", "1002")) == 401
    assert await receiver.send(at=clock.now() - timedelta(minutes=6)) == 401
    assert (await receiver.http.post("/", content=BODY)).status_code == 401
    assert receiver.kept == []
    assert await receiver.send() == 204


async def test_what_is_too_large_is_not_even_read(receiver: Receiver) -> None:
    for length in (b"20481", b"-1", b"x", b""):
        reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + b"\r\n\r\n")
        assert b" 413 " in (await reader.read()).splitlines()[0]
        writer.close()
        await writer.wait_closed()


async def test_of_many_repeats_at_once_one_is_kept(receiver: Receiver) -> None:
    assert set(await asyncio.gather(*(receiver.send() for _ in range(40)))) == {204}
    assert len(receiver.kept) == 1


def test_its_limit_is_that_of_the_messages() -> None:
    assert "LARGEST = 20 * 1024" in guide.RECEIVER.read_text()
    assert len(guide.RECEIVER.read_text().splitlines()) < 80
