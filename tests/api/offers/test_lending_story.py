"""The article's story of lending: 3 + 1 stations, 40 umbrellas out, the 41st shown the nearest, 3 written off, and all sums."""

from collections import Counter
from typing import Any

from app.services import subjects as service
from tests import accounts, world
from tests.subjects import act, loan, reserve, try_to_reserve
from tests.world import Arriving, Person, problem

STATIONS = {"wss-902": 20, "wss-904": 18, "wss-908": 2, "wss-916": 7}  # three, and one far away
EMPTIED, NEAREST = "wss-902", "wss-908"
OUT, LOST = 40, 3


async def books(community: Person, umbrellas: Any) -> Counter[str]:
    """Return how many things there are of each sort of account; what was bought is below zero."""
    found = Counter[str]()
    for account in (await community.get("/accounts", offer_id=umbrellas["id"]))["items"]:
        found[account["sort"]] += account["balance"]
    return found


async def lent(head: Person, umbrellas: Any, stations: list[str]) -> list[dict[str, Any]]:
    """Lend an umbrella at each of the stations, to somebody without a phone."""
    taken = []
    for number, station in enumerate(stations, 1):
        named = {"name": f"第{number}位"}
        one = await reserve(head, umbrellas, place_id=station, on_behalf_of=named)
        taken.append(await act(head, "reservations", "hand_out", one))
    return taken


async def test_forty_are_out_the_41st_is_shown_the_nearest_three_are_lost_and_nobody_owes(
    on: Arriving,
) -> None:
    head, resident, community = await on("grid_head", "resident", "community")
    places = {code: str(await world.id_of_code(code)) for code in STATIONS}
    umbrellas = await loan(community, quantity=0)
    for code, quantity in STATIONS.items():
        await act(community, "offers", "stock", umbrellas, place_id=places[code], quantity=quantity)
    bought = sum(STATIONS.values())
    # 40 are out: nothing is left at two stations, and more at the far one than at the near one.
    near = ["wss-902"] * 20 + ["wss-904"] * 18
    taken = await lent(head, umbrellas, [places[code] for code in [*near, "wss-916", "wss-916"]])
    assert Counter(one["status"] for one in taken) == {"out": OUT}
    refused = problem(await try_to_reserve(resident, umbrellas, place_id=places[EMPTIED]), 409)
    assert refused["detail"] == "这里没有了，万寿花园908号还有2件"
    there = await reserve(resident, umbrellas, place_id=places[NEAREST])
    assert there["station"]["id"] == places[NEAREST]
    await act(resident, "reservations", "cancel", there)
    # All but three come back, at whichever station.
    for number, one in enumerate(taken[LOST:]):
        await act(head, "reservations", "give_back", one, place_id=places[list(STATIONS)[number % 4]])
    await on("resident", at="2026-04-06 23:59")
    assert await service.sweep_reservations() == 0
    resident, community = await on("resident", "community", at="2026-04-07 00:01")
    assert await service.sweep_reservations() == LOST
    assert await books(community, umbrellas) == {
        "issue": -bought,
        "stock": bought - LOST,
        "lost": LOST,
        "out": 0,
        "held": 0,
    }
    assert (await reserve(resident, umbrellas))["status"] == "granted"
    await world.run_jobs()
    assert await accounts.broken() is None
