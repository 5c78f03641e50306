"""Reading and changing the settings of an office over HTTP, and reports whose due times they move."""

from datetime import timedelta
from typing import Any

import httpx

from app.enums import SHANGHAI
from tests.world import Person, answer, id_of_code, moment

SHORT = [{"start": "14:00", "end": "16:00"}]
LONG = [{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "18:00"}]
KEYS = {
    "categories": "categories",
    "calendar": "days",
    "frames": "frames",
    "titles": "titles",
    "weights": "weights",
    "opinions": "days",
    "points": "lapse",
}
LISTS = {noun: key for noun, key in KEYS.items() if noun not in {"opinions", "points"}}
NOTHING: dict[str, Any] = {noun: [] for noun in LISTS} | {
    "opinions": None,
    "points": None,
}  # no entry of one's own


async def current(somebody: Person, noun: str, code: str = "wss") -> Any:
    """Return the settings of a community as its office reads them."""
    return await somebody.get(f"/settings/{noun}", place_id=await id_of_code(code))


async def try_to_put(
    somebody: Person, noun: str, own: Any, code: str = "wss", *, version: Any = None, **query: Any
) -> httpx.Response:
    """Send an office's own entries, seen as they are now unless a version is given."""
    if version is None:
        version = (await current(somebody, noun, code))["version"]
    params = {"place_id": await id_of_code(code)} | query
    body = {"version": version, KEYS[noun]: own}
    return await somebody.ask("PUT", f"/settings/{noun}", params=params, json=body)


async def put(somebody: Person, noun: str, own: Any, code: str = "wss", **query: Any) -> Any:
    return answer(await try_to_put(somebody, noun, own, code, **query))


async def rubbish(resident: Person, code: str = "wss-944-4") -> dict[str, Any]:
    return await resident.report(category="garbage", description="垃圾没清", place_id=await id_of_code(code))


async def dues(somebody: Person, ticket: Any, *names: str) -> list[str]:
    """Return by when a ticket is due now, to the nearest minute of a clock in Shanghai."""
    sla = (await somebody.ticket(ticket["id"]))["sla"]
    shown = [moment(sla[f"{name}_due"]).astimezone(SHANGHAI) + timedelta(seconds=30) for name in names]
    return [f"{due:%m-%d %H:%M}" for due in shown]
