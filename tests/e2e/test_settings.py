"""A change of settings in one process counts in the other from its next request."""

import asyncio
from datetime import datetime
from typing import Any

import httpx

from tests.e2e.people import API, Person, sign_in
from tests.e2e.program import Serving

MANY = 16  # enough for either process to have its share


async def reported(url: str, token: dict[str, str], body: dict[str, Any]) -> float:
    """Report over a connection of its own; return the minutes there are to accept it."""
    async with httpx.AsyncClient(base_url=url) as http:
        made = await http.post(f"{API}/tickets", json=body, headers=token)
        assert made.status_code == 201, made.text
        ticket = made.json()
    due, start = (
        datetime.fromisoformat(said) for said in (ticket["sla"]["accept_due"], ticket["created_at"])
    )
    return (due - start).total_seconds() / 60


async def put(person: Person, place_id: str, own: list[dict[str, Any]]) -> None:
    path, params = f"{API}/settings/categories", {"place_id": place_id}
    seen = await person.get("/settings/categories", **params)
    body = {"version": seen["version"], "categories": own}
    done = await person.http.put(path, params=params | {"confirm": True}, json=body, headers=person.token)
    assert done.status_code == 200, done.text


async def test_both_processes_count_by_the_new_limits_at_once(serving: Serving) -> None:
    program = await serving(workers=2)
    async with httpx.AsyncClient(base_url=program.url) as http:
        resident, community = await sign_in(http), await sign_in(http, "community")
        body = await resident.stair_light()
        place_id = (await community.get("/places/search", q="万寿山社区"))["items"][0]["id"]
        try:
            for minutes in (30, 45, 20):
                if minutes != 30:
                    await put(community, place_id, [{"code": "stair_light", "accept_minutes": minutes}])
                given = [reported(program.url, resident.token, body) for _ in range(MANY)]
                assert set(await asyncio.gather(*given)) == {minutes}
        finally:
            await put(community, place_id, [])
