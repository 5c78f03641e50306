"""People who come by WeChat and have agreed to the privacy guide; the personas stay as they are."""

from collections.abc import Callable, Coroutine
from typing import Any

import httpx

from app import db
from app.services.people import profile
from tests.wechat_standin import Wechat
from tests.world import API, Person, answer

Newcomer = Callable[[str], Coroutine[Any, Any, Person]]


def arriving(http: httpx.AsyncClient, wechat: Wechat) -> Newcomer:
    """Return what signs in somebody by their openid, anew or again, and has them agree."""

    async def come(openid: str) -> Person:
        made = answer(await http.post(f"{API}/auth/wechat", json={"code": wechat.code_for(openid)}))
        person = Person(http, made["access_token"])
        answer(await person.ask("PUT", "/me/consent", json={"version": profile.consent().version}))
        return person

    return come


async def id_of(person: Person) -> Any:
    """Return somebody's id."""
    return (await person.get("/me"))["id"]


async def everything() -> str:
    """Return every row of every table as text, bytes as hex."""
    tables = await db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    rows = [
        row["said"]
        for table in tables
        for row in await db.fetch(f'SELECT x::text AS said FROM "{table["tablename"]}" x')
    ]
    return "\n".join(rows)
