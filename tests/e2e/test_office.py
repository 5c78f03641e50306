"""A community office's first weeks, told from its own spreadsheet to neighbours who hear that their trouble is over."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from app.words import SHANGHAI
from tests.e2e.program import Program, command
from tests.newcomers import Newcomer, arriving
from tests.wechat_standin import wechat_server
from tests.world import Person, answer

STREET = {
    "places": (
        ("code", "parent", "level", "name", "lat", "lng", "sort"),
        ("xf", "", "street", "幸福街道", "", "", 1),
        ("yg", "xf", "community", "阳光社区", "", "", 1),
        ("jy", "yg", "estate", "锦园", "", "", 1),
        ("jy-1", "jy", "building", "1号", 29.6, 106.53, 1),
        ("jy-1-1", "jy-1", "unit", "1单元", "", "", 1),
        ("jy-2", "jy", "building", "2号", 29.601, 106.531, 2),
    ),
    "grids": (
        ("code", "community", "name", "covers"),
        ("yg-g1", "yg", "第一网格", "jy-1"),
        ("yg-g2", "yg", "第二网格", "jy-2"),
    ),
    "organisations": (
        ("code", "name", "kind", "skills", "places"),
        ("jywy", "锦园物业", "property", "property", "jy"),
        ("ps", "排水所", "department", "", "xf"),
        ("cg", "城管中队", "department", "", "xf"),
    ),
}
PATIENCE = 10.0  # seconds until a notice must be there


def spreadsheet(folder: Path, kind: str) -> str:
    """Write one of the office's own sheets as Excel does."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in STREET[kind]:
        sheet.append(list(row))
    path = folder / f"{kind}.xlsx"
    book.save(path)
    return str(path)


class Office:
    """The program for a street of its own, and the people who come to it."""

    def __init__(self, program: Program, home: Path, come: Newcomer, settings: Mapping[str, object]) -> None:
        self.program, self.home, self.come, self.settings = program, home, come, settings

    async def run(self, *words: str) -> str:
        """Run a command beside the running server; it must succeed."""
        done = await asyncio.to_thread(command, self.home, *words, **self.settings)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    async def joins(self, who: str, code: str) -> Person:
        """Have somebody come and redeem an invitation."""
        person = await self.come(who)
        answer(await person.ask("POST", "/me/invitations", json={"code": code}), 201)
        return person


@pytest.fixture
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    home = tmp_path_factory.mktemp("office")
    for folder in (home, home.parent):
        folder.chmod(0o755)  # as root the database runs as somebody else
    async with wechat_server() as wechat:
        settings: dict[str, object] = {
            "demo": 0,
            "wechat_api_base": wechat.base,
            "wechat_appid": os.environ["LOUDENG_WECHAT_APPID"],
            "wechat_secret": os.environ["LOUDENG_WECHAT_SECRET"],
        }
        program = Program(home / "data", **settings)
        try:
            await program.ready()
            async with httpx.AsyncClient(base_url=program.url) as http:
                yield Office(program, home / "data", arriving(http, wechat), settings)
        finally:
            await program.end()


async def invited(by: Person, role: str, **where: str) -> str:
    """Give a post; return the code of its invitation."""
    made = answer(await by.ask("POST", "/posts", json={"role": role} | where), 201)
    return str(made["invitation_code"])


async def heard(person: Person, type_: str, ticket: Mapping[str, Any]) -> str:
    """Return what somebody is told of an event, once they are."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for notice in (await person.get("/notices"))["items"]:
                if (notice["type"], notice["ticket_id"]) == (f"ticket.{type_}", ticket["id"]):
                    return str(notice["label"])
            await asyncio.sleep(0.05)


async def found(person: Person, said: str) -> str:
    return str((await person.get("/places/search", q=said))["items"][0]["id"])


def due(ticket: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(ticket["sla"]["resolve_due"])


def saturdays(after: datetime) -> Iterator[str]:
    """Yield the Saturdays after a moment, as the calendar names days."""
    day = after.astimezone(SHANGHAI).date()
    for n in range(1, 15):
        if (day + timedelta(days=n)).weekday() == 5:
            yield (day + timedelta(days=n)).isoformat()


Ticket = dict[str, Any]


@dataclass
class Street:
    """The street once it stands: who is there, and where."""

    admin: Person
    community: Person
    head: Person
    deputy: Person
    neighbours: list[Person]
    place: str
    unit: str


async def opened(office: Office, tmp_path: Path) -> Street:
    """Import the street's own sheets and bring its people in, each by a code that is good once."""
    files = [spreadsheet(tmp_path, kind) for kind in STREET]
    assert "什么都没有导入" not in await office.run("import", "--dry-run", *files)
    assert (await office.run("import", *files)).startswith("已导入")
    said = await office.run("invite", "--role", "admin", "--place", "幸福街道")
    admin = await office.joins("admin", said.rpartition("：")[2].strip())
    place = await found(admin, "阳光社区")
    community = await office.joins("community", await invited(admin, "community", place_id=place))
    grids = (await community.get("/settings/grids", place_id=place))["grids"]
    first = next(one["id"] for one in grids if one["name"] == "第一网格")
    head = await office.joins("head", await invited(community, "head", place_id=first))
    deputy = await office.joins("deputy", await invited(community, "deputy", place_id=first))
    neighbours = [await office.come(f"neighbour-{n}") for n in range(3)]
    unit = await found(neighbours[0], "锦园1号1单元")
    return Street(admin, community, head, deputy, neighbours, place, unit)


async def who_is_away_is_stood_in_for(street: Street) -> list[Ticket]:
    """Mark the head absent; the three neighbours' reports go to the deputy."""
    (post,) = (await street.community.get("/posts", role="head"))["items"]
    away = {"absent_from": datetime.now(SHANGHAI).date().isoformat(), "absent_until": "2099-01-01"}
    answer(await street.community.ask("PATCH", f"/posts/{post['id']}", json=away))
    drains = [
        await one.report(category="sewage", place_id=street.unit, description="下水堵了，污水冒到门口")
        for one in street.neighbours
    ]
    assert "待受理" in await heard(street.deputy, "submitted", drains[0])
    assert (await street.head.get("/notices"))["items"] == []
    return drains


async def departments_come_when_called(office: Office, street: Street, drain: Ticket) -> None:
    """Call two departments; the ticket is not resolved before one has reported and the other is let go."""
    community, deputy = street.community, street.deputy
    serving = (await community.get("/organisations", place_id=street.unit))["items"]
    called = [one["id"] for one in serving if one["kind"] == "department"]
    agent = await office.joins("drains", await invited(street.admin, "agent", organisation_id=called[0]))
    drain = await community.act("call_up", drain, organisation_ids=called, text="请到现场一起看")
    assert [one["late"] for one in drain["called"]] == [False, False]
    assert "吹哨" in await heard(agent, "called_up", drain)
    refused = await deputy.try_to("resolve", drain, outcome="explained", text="通了")
    assert refused.status_code == 409, refused.text
    await agent.act("report", drain, text="主管道已疏通")
    await community.act("release", drain, organisation_id=called[1], reason="不需要了")


async def waiting_for_parts_moves_the_limit(street: Street, drain: Ticket) -> None:
    """Wait for parts: the limit moves by as long as is waited, and back when it goes on at once."""
    before = due(await street.deputy.ticket(drain["id"]))
    ends = datetime.now(SHANGHAI) + timedelta(hours=5)
    waiting = await street.deputy.act("wait", drain, reason="parts", until=ends.isoformat())
    assert due(waiting) - before == pytest.approx(timedelta(hours=5), abs=timedelta(seconds=10))
    going_on = await street.deputy.act("resume", drain)
    assert due(going_on) - before < timedelta(seconds=10)


async def everybody_who_reported_it_is_told(street: Street, drains: list[Ticket]) -> None:
    """Merge two of the reports into the first; each of the three hears that it is done."""
    for one, ticket in zip(street.neighbours[1:], drains[1:], strict=True):
        await street.deputy.act("merge", ticket, into=drains[0]["id"])
        assert "合并" in await heard(one, "merged", ticket)
    await street.deputy.resolve(drains[0])
    for one in street.neighbours:
        assert "已办结" in await heard(one, "resolved", drains[0])


async def a_make_up_workday_brings_the_limit_nearer(street: Street) -> None:
    """Add the Saturdays before a limit in office hours as workdays: it moves as was foreseen, and not before."""
    neighbour, path = street.neighbours[0], f"/settings/calendar?place_id={street.place}"
    shed = await neighbour.report(
        category="illegal_build", place_id=street.unit, description="绿地里搭了棚子"
    )
    last = due(shed).astimezone(SHANGHAI).date().isoformat()
    seen = await street.community.get("/settings/calendar", place_id=street.place)
    days = [
        {"first": day, "last": day, "kind": "workday", "name": "调休上班", "source": "社区通知"}
        for day in saturdays(datetime.now(SHANGHAI))
        if day < last
    ]
    body = {"version": seen["version"], "days": days}
    foreseen = answer(await street.community.ask("PUT", f"{path}&preview=true", json=body))
    assert due(await neighbour.ticket(shed["id"])) == due(shed)
    answer(await street.community.ask("PUT", path, json=body))
    (shift,) = [one for one in foreseen["tickets"] if one["id"] == shed["id"]]
    after = due(await neighbour.ticket(shed["id"]))
    assert after == datetime.fromisoformat(shift["after"]["resolve_due"]) < due(shed)


async def test_an_office_begins_with_a_spreadsheet_and_works(office: Office, tmp_path: Path) -> None:
    street = await opened(office, tmp_path)
    drains = await who_is_away_is_stood_in_for(street)
    await street.deputy.act("accept", drains[0])
    await waiting_for_parts_moves_the_limit(street, drains[0])
    await departments_come_when_called(office, street, drains[0])
    await everybody_who_reported_it_is_told(street, drains)
    await a_make_up_workday_brings_the_limit_nearer(street)
    await office.run("verify-ledger")
