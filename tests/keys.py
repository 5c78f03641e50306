"""API keys as tests hold them: given by the community, used like any person's token."""

from typing import Any

import httpx

from app import db
from tests.world import Person, answer, sign_in

EVERYTHING = ("tickets:read", "tickets:write", "webhooks:manage", "offers:manage")


async def company(name: str = "人和物业") -> str:
    """Return the id of an organisation of the demo street."""
    (row,) = await db.fetch("SELECT id FROM organisation WHERE name = $1", name)
    return str(row["id"])


async def give(
    community: Person, name: str = "人和物业", *scopes: str, headers: Any = None, **more: Any
) -> httpx.Response:
    """Ask for a key of an organisation."""
    body = {"name": "报修系统", "scopes": list(scopes or EVERYTHING)} | more
    path = f"/organisations/{await company(name)}/keys"
    return await community.ask("POST", path, json=body, headers=headers or {})


class Machine(Person):
    """An organisation's own system."""

    def __init__(self, http: httpx.AsyncClient, made: dict[str, Any]) -> None:
        super().__init__(http, made["key"])
        self.id, self.key = made["id"], made["key"]


async def machine(
    http: httpx.AsyncClient, *scopes: str, name: str = "人和物业", by: str = "community"
) -> Machine:
    """Return a system of an organisation with a new key."""
    return Machine(http, answer(await give(await sign_in(http, by), name, *scopes), 201))
