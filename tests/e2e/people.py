"""People who use the running program over real connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx

from tests.e2e.program import LOST

API = "/api/v1"


class Person:
    """Somebody signed in over a real connection."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self.http, self.token = http, {"Authorization": f"Bearer {token}"}

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.http.get(API + path, params=params, headers=self.token)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: dict[str, Any], key: str | None = None) -> httpx.Response:
        keyed = {"Idempotency-Key": key} if key else {}
        return await self.http.post(API + path, json=body, headers=self.token | keyed)

    async def stair_light(self, **changes: Any) -> dict[str, Any]:
        """Return a report to send."""
        found = await self.get("/places/search", q="944号4单元")
        said = {"category": "stair_light", "place_id": found["items"][0]["id"], "description": "灯不亮"}
        return said | changes


async def sign_in(http: httpx.AsyncClient, persona: str = "resident") -> Person:
    answer = await http.post(f"{API}/auth/demo", json={"persona": persona})
    assert answer.status_code == 200, answer.text
    return Person(http, answer.json()["access_token"])


Acknowledged = dict[str, str]  # key → ticket, in order
MOST = 200


async def write(
    url: str,
    token: dict[str, str],
    body: dict[str, Any],
    stop: asyncio.Event,
    acknowledged: Acknowledged,
    pause: float,
) -> None:
    """Report until told to stop, at most MOST times, each report until it is acknowledged; it is noted then.

    `pause`: seconds between two reports.
    """
    async with httpx.AsyncClient(base_url=url, timeout=5) as http:
        person = Person(http, "")
        person.token = token
        while not stop.is_set() and len(acknowledged) < MOST:
            key = str(uuid4())
            while not stop.is_set():
                try:
                    answer = await person.post("/tickets", body, key)
                except LOST:
                    await asyncio.sleep(0.05)
                    continue
                assert answer.status_code in {201, 503}, answer.text
                if answer.status_code == 201:
                    acknowledged[key] = answer.json()["id"]
                    await asyncio.sleep(pause)
                    break
                await asyncio.sleep(0.05)


@asynccontextmanager
async def writers(
    count: int, url: str, token: dict[str, str], body: dict[str, Any], *, beginning: int, pause: float = 0
) -> AsyncIterator[list[Acknowledged]]:
    """Have so many report at once during a block, which begins once each has `beginning` reports acknowledged."""
    stop, acknowledged = asyncio.Event(), [Acknowledged() for _ in range(count)]
    writing = [asyncio.create_task(write(url, token, body, stop, one, pause)) for one in acknowledged]
    try:
        async with asyncio.timeout(30):
            while any(len(one) < beginning for one in acknowledged):  # noqa: ASYNC110 - their tasks only write
                await asyncio.sleep(0.02)
        yield acknowledged
    finally:
        stop.set()
        await asyncio.gather(*writing)
