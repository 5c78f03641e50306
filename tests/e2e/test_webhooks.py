"""Webhooks over real processes: every acknowledged act reaches a healthy receiver, whoever is killed."""

import asyncio
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from standardwebhooks import Webhook

from tests.e2e.people import Person, sign_in
from tests.e2e.program import Serving
from tests.sinks import LOOPBACK, Request, silence, sink, status

WRITING = 2.0  # seconds
LEASES = 90.0  # seconds: the dead worker's claims come back, of events after a minute, of messages after eleven seconds


@pytest.mark.parametrize("victim", ["worker", "supervisor"])
async def test_every_acknowledged_act_arrives_though_the_worker_dies_before_the_answer(
    victim: str, home: Path, serving: Serving
) -> None:
    settings = {"webhook_allow_networks": LOOPBACK, "webhook_timeout_seconds": 1}
    program = await serving(**settings)
    async with sink() as receiver, httpx.AsyncClient(base_url=program.url, timeout=5) as http:
        made = await _listening(await sign_in(http, "community"), receiver.url)
        receiver.answer = silence  # claimed and sent, never answered
        person = await sign_in(http)
        body = await person.stair_light()
        acknowledged: list[str] = []
        until = time.monotonic() + WRITING
        killed = False
        while time.monotonic() < until:
            acknowledged.append(await _report(person, body))
            if not killed and receiver.got:
                processes = program.all()
                program.child(victim).kill()
                killed = True
                if victim == "supervisor":
                    await program.gone(processes)
                    break
        assert killed
        before = {request.said["data"]["id"]: request.id for request in receiver.got}
        receiver.answer = status(200)
        if victim == "supervisor":
            program = await serving(**settings)
        await program.ready()
        await _arrived(receiver.got, set(acknowledged), set(before))
        for request in receiver.got:
            said = Webhook(made["secret"]).verify(request.body, request.headers)
            ticket = said["data"]["id"]
            assert (said["type"], said["data"]["seq"]) == ("ticket.submitted", 1)
            assert before.get(ticket, request.id) == request.id  # the same message, whoever sends it
        ids = {request.said["data"]["id"]: request.id for request in receiver.got}
        assert len(set(ids.values())) == len(ids)


async def _listening(community: Person, url: str) -> dict[str, Any]:
    answer = await community.post("/webhooks", {"url": url, "events": ["ticket.submitted"]})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def _report(person: Person, body: dict[str, Any]) -> str:
    """Report until it is acknowledged and return the ticket."""
    key = str(uuid4())
    while True:
        try:
            answer = await person.post("/tickets", body, key)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code == 201:
            ticket: str = answer.json()["id"]
            return ticket
        await asyncio.sleep(0.05)


async def _arrived(got: list[Request], acknowledged: set[str], before: set[str]) -> None:
    """Wait until everything acknowledged has arrived, what was not answered once more."""
    until = time.monotonic() + LEASES
    while True:
        there = [request.said["data"]["id"] for request in got]
        once_only = {ticket for ticket in before if there.count(ticket) < 2}
        missing = acknowledged - set(there)
        if not missing and not once_only:
            return
        assert time.monotonic() < until, (
            f"{len(missing)} never came, {len(once_only)} of {len(before)} no second time"
        )
        await asyncio.sleep(0.1)
