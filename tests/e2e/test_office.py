"""A community office's first weeks, told from its own spreadsheet to neighbours who hear that their trouble is over."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.enums import SHANGHAI
from tests.e2e.offices import Office, Street, heard, invited, open_office, opened
from tests.e2e.program import Program
from tests.wechat_standin import Wechat
from tests.world import answer


@pytest.fixture
async def office(run_folder: Path, wechat: Wechat) -> AsyncIterator[Office[Program]]:
    async with open_office(run_folder, wechat, Program) as made:
        yield made


def due(ticket: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(ticket["sla"]["resolve_due"])


def saturdays(after: datetime) -> Iterator[str]:
    """Yield the Saturdays after a moment, as the calendar names days."""
    day = after.astimezone(SHANGHAI).date()
    for n in range(1, 15):
        if (day + timedelta(days=n)).weekday() == 5:
            yield (day + timedelta(days=n)).isoformat()


Ticket = dict[str, Any]


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


async def departments_come_when_called(office: Office[Program], street: Street, drain: Ticket) -> None:
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


async def test_an_office_begins_with_a_spreadsheet_and_works(office: Office[Program], tmp_path: Path) -> None:
    street = await opened(office, tmp_path)
    drains = await who_is_away_is_stood_in_for(street)
    await street.deputy.act("accept", drains[0])
    await waiting_for_parts_moves_the_limit(street, drains[0])
    await departments_come_when_called(office, street, drains[0])
    await everybody_who_reported_it_is_told(street, drains)
    await a_make_up_workday_brings_the_limit_nearer(street)
    await office.run("verify-ledger")
