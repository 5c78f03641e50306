"""An office that begins with its own spreadsheets: its server, its people who come by WeChat, its street."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import httpx
import openpyxl

from tests import databases
from tests.e2e.program import Program, command
from tests.newcomers import Newcomer, arriving
from tests.wechat_standin import Wechat
from tests.world import Person, answer

STREET: Final = {
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
PATIENCE: Final = 10.0  # seconds until a notice must be there


P = TypeVar("P", bound=Program)


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


class Office(Generic[P]):
    """The program for a street of its own, and the people who come to it."""

    def __init__(self, program: P, come: Newcomer, settings: Mapping[str, object]) -> None:
        self.program, self.come, self.settings = program, come, settings

    async def run(self, *words: str) -> str:
        """Run a command beside the running server; it must succeed."""
        done = await asyncio.to_thread(command, self.program.home, *words, **self.settings)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    async def joins(self, who: str, code: str) -> Person:
        """Have somebody come and redeem an invitation."""
        person = await self.come(who)
        answer(await person.ask("POST", "/me/invitations", json={"code": code}), 201)
        return person


@asynccontextmanager
async def open_office(
    run_folder: Path, wechat: Wechat, kind: type[P], **more: object
) -> AsyncIterator[Office[P]]:
    """Run the program for an office without a street yet, for the length of a block."""
    home = databases.folder(run_folder) / "data"
    settings: dict[str, object] = {
        "demo": 0,
        "wechat_api_base": wechat.base,
        "wechat_appid": os.environ["LOUDENG_WECHAT_APPID"],
        "wechat_secret": os.environ["LOUDENG_WECHAT_SECRET"],
    } | more
    program = kind(home, **settings)
    try:
        await program.ready()
        async with httpx.AsyncClient(base_url=program.url, timeout=20) as http:
            yield Office(program, arriving(http, wechat), settings)
    finally:
        await program.end()
        databases.remove(home)


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


@dataclass
class Street:
    """The street once it stands: who is there, and where."""

    admin: Person
    community: Person
    head: Person
    deputy: Person
    neighbours: list[Person]
    place: str  # of the community
    grid: str
    unit: str


async def opened(office: Office[Any], tmp_path: Path) -> Street:
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
    return Street(admin, community, head, deputy, neighbours, place, first, unit)
