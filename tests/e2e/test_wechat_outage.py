"""WeChat is away for an hour, in every way it can be: nothing waits for it, and afterwards each message comes, once."""

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from app import clock
from tests import databases
from tests.e2e import remains
from tests.e2e.people import API, Person, sign_in
from tests.e2e.program import ShiftedProgram
from tests.sinks import LOOPBACK, Sink, sink
from tests.wechat_standin import Wechat
from tests.wecom_standin import Wecom

PROMPT: Final = 3.0  # seconds for anything meanwhile; a call to WeChat that hangs takes five
AFTERWARDS: Final = timedelta(minutes=5)  # in which all messages come
STEP: Final = timedelta(minutes=12)
TEMPLATE_ID: Final = "T-accepted"
TEMPLATE: Final = {"id": TEMPLATE_ID, "fields": {"thing1": "{place}", "phrase2": "{status}"}}
# How WeChat is away, in turn: for an hour.
WAYS: Final[tuple[Callable[[Wechat], None], ...]] = (
    lambda wechat: wechat.says(b"<html>", "502 Bad Gateway", tokens=True),
    lambda wechat: wechat.hangs(30),
    lambda wechat: wechat.says(b"<html>busy</html>", tokens=True),
    lambda wechat: wechat.says(b'\xff\x00{"errcode":', tokens=True),
    lambda wechat: wechat.close(),
)
# What the timer does meanwhile to a ticket that nobody accepts within its half hour, after how many steps.
TIMERS: Final = {2: "reminded", 3: "overdue", 5: "escalated"}


@dataclass
class Resident:
    """Somebody who has let the program send them one message."""

    http: httpx.AsyncClient
    openid: str
    refresh_token: str

    async def now(self) -> Person:
        """Return them signed in, as the program keeps them: WeChat is not asked."""
        made = await self.http.post(f"{API}/auth/refresh", json={"refresh_token": self.refresh_token})
        assert made.status_code == 200, made.text
        self.refresh_token = made.json()["refresh_token"]
        return Person(self.http, made.json()["access_token"])


@pytest.fixture
async def program(run_folder: Path, wechat: Wechat, wecom: Wecom) -> AsyncIterator[ShiftedProgram]:
    home = databases.folder(run_folder) / "data"
    await databases.copy_seed(run_folder, home)
    program = ShiftedProgram(
        home,
        wechat_api_base=wechat.base,
        wechat_appid=os.environ["LOUDENG_WECHAT_APPID"],
        wechat_secret=os.environ["LOUDENG_WECHAT_SECRET"],
        wechat_templates=json.dumps({"ticket.accepted": TEMPLATE}),
        wecom_api_base=wecom.base,
        webhook_allow_networks=LOOPBACK,
    )
    try:
        await program.ready()
        yield program
    finally:
        await program.end()
        databases.remove(home)
        clock.reset()


@pytest.fixture
async def http(program: ShiftedProgram) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=program.url, timeout=10) as http:
        yield http


async def arrives(http: httpx.AsyncClient, wechat: Wechat, openid: str) -> Resident:
    """Sign in by WeChat, agree to the guide, and allow one message."""
    made = (await http.post(f"{API}/auth/wechat", json={"code": wechat.code_for(openid)})).json()
    person = Person(http, made["access_token"])
    guide = await person.get("/consent")
    await http.put(f"{API}/me/consent", json={"version": guide["version"]}, headers=person.token)
    wechat.allow(openid, TEMPLATE_ID)
    said = {"templates": [{"event": "ticket.accepted", "accepted": True}]}
    assert (await person.post("/me/subscriptions", said)).status_code == 200
    return Resident(http, openid, made["refresh_token"])


async def soon(what: Callable[[], Awaitable[bool]]) -> None:
    """See that something is so within PROMPT."""
    began = time.monotonic()
    while not await what():
        assert time.monotonic() - began < PROMPT
        await asyncio.sleep(0.02)


class Street:
    """The demo street while WeChat is away: what is done there, and by when each must be heard of it."""

    def __init__(self, http: httpx.AsyncClient, receiver: Sink, wecom: Wecom) -> None:
        self.http, self.receiver, self.wecom = http, receiver, wecom

    async def listen(self) -> None:
        """Set up the office's webhook and the grid's robot."""
        community, head = await sign_in(self.http, "community"), await sign_in(self.http, "grid_head")
        hook = {"url": self.receiver.url, "events": ["ticket.accepted"]}
        assert (await community.post("/webhooks", hook)).status_code == 201
        grid = (await head.get("/me"))["posts"][0]["place_id"]
        robot = {"url": self.wecom.url("1")}
        params = {"place_id": grid}
        put = await self.http.put(f"{API}/settings/robots", json=robot, params=params, headers=head.token)
        assert put.status_code == 200, put.text

    async def report(self, resident: Resident, **changes: Any) -> Any:
        """Have somebody report."""
        person = await resident.now()
        made = await person.post("/tickets", await person.stair_light(**changes))
        assert made.status_code == 201, made.text
        return made.json()

    async def report_is_accepted(self, resident: Resident) -> None:
        """Report and accept; whoever is to hear of it in the program or by a webhook does, soon."""
        began = time.monotonic()
        ticket, head = await self.report(resident), await sign_in(self.http, "grid_head")
        done = await head.post(f"/tickets/{ticket['id']}/accept", {"version": ticket["version"]})
        assert done.status_code == 200, done.text
        assert time.monotonic() - began < PROMPT
        person = await resident.now()

        async def heard() -> bool:
            told = {one["ticket_id"] for one in (await person.get("/notices"))["items"]}
            sent = {request.said["data"]["id"] for request in self.receiver.got}
            return ticket["id"] in told & sent

        await soon(heard)

    async def danger_rings(self, resident: Resident) -> None:
        """Report a danger; the robot says so in the group, soon."""
        before = len(self.wecom.texts("1"))
        await self.report(resident, category="lift_trapped")

        async def rung() -> bool:
            return any(text.startswith("【紧急】") for text in self.wecom.texts("1")[before:])

        await soon(rung)

    async def timer_has_done(self, ticket: Any, events: set[str]) -> None:
        """See that the timer has done these to a ticket, or does, soon."""
        community = await sign_in(self.http, "community")

        async def done() -> bool:
            page = await community.get(f"/tickets/{ticket['id']}/events")
            there = {one["type"] for one in page["items"]}
            return {f"ticket.{event}" for event in events} <= there

        await soon(done)


async def an_hour_passes(
    program: ShiftedProgram, street: Street, wechat: Wechat, residents: list[Resident]
) -> None:
    """Let WeChat be away, in each way for twelve minutes; two residents come meanwhile, one report is left alone."""
    left = await street.report(residents[0])
    for n, begin in enumerate(WAYS, 1):
        wechat.hangs(0)
        begin(wechat)
        for resident in residents[2 * n - 2 : 2 * n]:
            await street.report_is_accepted(resident)
        await street.danger_rings(residents[0])
        program.travel(STEP)
        await street.timer_has_done(left, {event for step, event in TIMERS.items() if step <= n})


async def wechat_is_back(program: ShiftedProgram, wechat: Wechat, messages: int) -> None:
    """Wait until all messages have come, in five minutes; then a while longer, for one that comes twice."""
    began = clock.now()
    wechat.well()
    await wechat.open()
    while len(wechat.sent) < messages:
        program.travel(timedelta(seconds=2))
        await asyncio.sleep(0.2)
        assert clock.now() - began < AFTERWARDS
    program.travel(AFTERWARDS)
    await asyncio.sleep(1)


async def test_an_hour_without_wechat_delays_nothing_and_loses_no_message(
    program: ShiftedProgram, http: httpx.AsyncClient, wechat: Wechat, wecom: Wecom
) -> None:
    async with sink() as receiver:
        street = Street(http, receiver, wecom)
        await street.listen()
        residents = [await arrives(http, wechat, f"o{n}") for n in range(2 * len(WAYS))]
        await an_hour_passes(program, street, wechat, residents)
        assert wechat.sent == []
        await wechat_is_back(program, wechat, len(residents))
    assert Counter(one["touser"] for one in wechat.sent) == Counter(one.openid for one in residents)
    assert await remains.count(program.home, "wechat_message WHERE outcome IS DISTINCT FROM 'sent'") == 0
