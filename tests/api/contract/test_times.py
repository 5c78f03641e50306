"""One way to write a moment (RFC 3339) and one to write a day, wherever the API takes one."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock
from tests import world
from tests.world import Everybody, problem

# What comes instead of 2026-12-06T17:30:00+08:00, and whether it is RFC 3339.
MOMENTS: list[tuple[Any, bool]] = [
    ("{day}T17:30:00+08:00", True),
    ("{day}T17:30:00Z", True),
    ("{day}t17:30:00z", True),
    ("{day}T17:30:00.5Z", True),
    ("{day}T17:30:00.123456789-00:00", True),
    ("{seconds}", False),  # seconds since 1970
    ("{seconds}000", False),  # milliseconds
    ("{day}T17:30+08:00", False),
    ("{day}T17:30:00+0800", False),
    ("{day}T17:30:00+08", False),
    ("{day}T17:30:00", False),
    ("{day}T17:30:00,5Z", False),
    ("{day}_17:30:00Z", False),
    ("{day}T25:00:00Z", False),
    ("{day}", False),
    ("0000-01-01T00:00:00Z", False),
    ("", False),
    (1796062248, False),
    (1796062248.5, False),
    (True, False),
    ([], False),
]
# Only in a body: in a query a space is a plus sign that was not escaped, and the end of time is a limit like others.
IN_BODIES = [
    ("{day} 17:30:00Z", False),
    (" {day}T17:30:00Z", False),
    ("{day}T17:30:00Z\n", False),
    ("9999-12-31T23:59:59-08:00", False),
]
DAYS: list[tuple[Any, bool]] = [
    ("{day}", True),
    ("{seconds}", False),
    ("{day}T00:00:00", False),
    ("{day}T00:00:00Z", False),
    ("{compact}", False),
    (1796062248, False),
    (True, False),
]


def written(pattern: Any, ahead: timedelta) -> Any:
    """Return a value of the tables for the day that lies `ahead` of now."""
    if not isinstance(pattern, str):
        return pattern
    at = clock.now() + ahead
    return pattern.format(day=f"{at:%Y-%m-%d}", compact=f"{at:%Y%m%d}", seconds=int(at.timestamp()))


def judged(response: httpx.Response, pointer: str, right: bool) -> None:
    if right:
        assert response.status_code in {200, 201}, response.text
    else:
        assert [error["pointer"] for error in problem(response, 422)["errors"]] == [pointer]


@pytest.mark.parametrize(("pattern", "right"), MOMENTS + IN_BODIES)
async def test_a_moment_in_a_body_is_rfc_3339(pattern: Any, right: bool, people_of: Everybody) -> None:
    """Of a pause, a question, a key and what happened when."""
    resident, head, community = await people_of("resident", "grid_head", "community")
    ahead, ago = written(pattern, timedelta(days=2)), written(pattern, timedelta(days=-2))
    ticket = await resident.report()
    ticket = await head.act("accept", ticket)
    judged(await head.try_to("wait", ticket, reason="parts", until=ahead), "/until", right)
    ticket = await head.act("accept", await resident.report())
    judged(await head.try_to("ask", ticket, text="几楼？", until=ahead), "/until", right)
    key = {"name": "k", "scopes": ["tickets:read"], "expires_at": ahead}
    organisation = await head.organisation(ticket)
    judged(await community.ask("POST", f"/organisations/{organisation}/keys", json=key), "/expires_at", right)
    report = {"category": "stair_light", "place_id": await resident.place(), "description": "灯不亮"}
    judged(await resident.ask("POST", "/tickets", json=report | {"occurred_at": ago}), "/occurred_at", right)


@pytest.mark.parametrize(("pattern", "right"), [case for case in MOMENTS if isinstance(case[0], str)])
async def test_a_moment_in_a_query_is_rfc_3339(
    pattern: str, right: bool, http: httpx.AsyncClient, people_of: Everybody
) -> None:
    """Of the audit trail and of Open311; a plus sign may arrive as a space."""
    (community,) = await people_of("community")
    moment = written(pattern, timedelta(days=-2))
    for sent in {moment, moment.replace("+", " ")}:
        for name in ("from", "to"):
            judged(await community.ask("GET", "/audit", params={name: sent}), f"/{name}", right)
        listed = await http.get("/open311/v2/requests.json", params={"start_date": sent})
        assert listed.status_code == (200 if right or not moment else 400), listed.text


@pytest.mark.parametrize(("pattern", "right"), DAYS)
async def test_a_day_is_a_full_date(pattern: Any, right: bool, people_of: Everybody) -> None:
    head, community = await people_of("grid_head", "community")
    day = written(pattern, timedelta(days=2))
    post = (await head.get("/me"))["posts"][0]["id"]
    for body in ({"absent_from": day}, {"absent_from": f"{clock.now():%Y-%m-%d}", "absent_until": day}):
        judged(await head.ask("PATCH", f"/posts/{post}", json=body), f"/{list(body)[-1]}", right)
    await head.ask("PATCH", f"/posts/{post}", json={"absent_from": None})
    office = {"place_id": await world.id_of_code("wss"), "preview": "true"}
    for name in ("first", "last"):
        days = {"first": f"{clock.now():%Y-%m-%d}", "kind": "holiday", "name": "搬迁"} | {name: day}
        body = {"version": 0, "days": [days]}
        answered = await community.ask("PUT", "/settings/calendar", params=office, json=body)
        judged(answered, f"/days/0/{name}", right)
