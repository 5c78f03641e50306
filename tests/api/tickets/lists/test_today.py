"""Today's picture of a community and a street: each number is that of the list it opens."""

from typing import Any, Final

import httpx
import pytest

from tests.keys import machine
from tests.world import API, Everybody, Person, id_of_code, later, problem

LISTS: Final[dict[str, dict[str, Any]]] = {
    "open": {"box": "area"},
    "unassigned": {"box": "unassigned"},
    "danger": {"box": "area", "danger": True},
    "overdue": {"box": "area", "overdue": True},
}


async def areas(somebody: Person) -> list[Any]:
    found: list[Any] = (await somebody.get("/tickets/today"))["areas"]
    return found


def numbers(unit: Any) -> dict[str, int]:
    return {name: unit[name] for name in LISTS}


async def listed(somebody: Person, unit: Any) -> dict[str, int]:
    """Return how long the list is that each number of a unit opens."""
    return {
        name: len((await somebody.get("/tickets", unit_id=unit["id"], limit=100, **query))["items"])
        for name, query in LISTS.items()
    }


async def a_busy_day(people_of: Everybody) -> Person:
    """Fill the street with tickets in every state, late and not, assigned and not; return its community."""
    resident, head, community, other = await people_of(
        "resident", "grid_head", "community", "other_community"
    )
    await resident.report()
    for category in ("lift_trapped", "gas_leak"):
        await resident.report(category=category)
    await head.act("not_mine", await resident.report(), reason="不是我们的楼")
    await head.act("escalate", await resident.report(), reason="要社区协调")
    resolved = await resident.report()
    await head.act("accept", resolved)
    await head.resolve(resolved)
    await resident.report(place_id=await other.place("柏林社区"))
    return await later(community, "community", minutes=45)


async def test_each_number_counts_the_list_it_opens(people_of: Everybody) -> None:
    community = await a_busy_day(people_of)
    (street,) = await people_of("street")
    for somebody in (community, street):
        (area,) = await areas(somebody)
        assert all(area[name] > 0 for name in LISTS)
        for unit in (area, *area["parts"]):
            if any(numbers(unit).values()) or unit is area["parts"][0]:
                assert numbers(unit) == await listed(somebody, unit)


async def test_a_community_sees_its_grids_and_who_is_responsible(people_of: Everybody) -> None:
    community = await a_busy_day(people_of)
    (area,) = await areas(community)
    assert (area["label"], area["level"]) == ("万寿山社区", "community")
    assert {part["label"] for part in area["parts"]} == {f"万寿山社区第{n}网格" for n in "一二三四五六"}
    fourth = next(part for part in area["parts"] if part["label"] == "万寿山社区第四网格")
    assert numbers(fourth) == {"open": 4, "unassigned": 0, "danger": 2, "overdue": 4}
    assert fourth["staffed"] is True
    assert numbers(area) == {"open": 5, "unassigned": 1, "danger": 2, "overdue": 5}


async def test_a_street_sees_its_communities(people_of: Everybody) -> None:
    await a_busy_day(people_of)
    (street,) = await people_of("street")
    (area,) = await areas(street)
    assert area["label"] == "人和街道"
    found = {part["label"]: part for part in area["parts"]}
    assert {part["level"] for part in area["parts"]} == {"community"}
    assert numbers(found["柏林社区"])["unassigned"] == 1
    assert area["open"] == sum(part["open"] for part in area["parts"])


async def test_what_is_elsewhere_or_over_is_not_counted(people_of: Everybody) -> None:
    await a_busy_day(people_of)
    (other,) = await people_of("other_community")
    (area,) = await areas(other)
    assert numbers(area) == {"open": 1, "unassigned": 1, "danger": 0, "overdue": 1}
    wss = await id_of_code("wss")
    for query in LISTS.values():
        assert (await other.get("/tickets", unit_id=wss, **query))["items"] == []


@pytest.mark.parametrize("persona", ["resident", "grid_head", "member", "property", "auditor", "admin"])
async def test_who_runs_no_office_has_no_picture(people_of: Everybody, persona: str) -> None:
    resident, somebody = await people_of("resident", persona)
    await resident.report()
    assert await areas(somebody) == []
    assert (await somebody.get("/tickets", box="area"))["items"] == []


async def test_a_key_sees_no_office(http: httpx.AsyncClient) -> None:
    assert await areas(await machine(http)) == []


async def test_nobody_sees_it_unasked(http: httpx.AsyncClient) -> None:
    problem(await http.get(f"{API}/tickets/today"), 401)


async def test_a_ticket_that_is_resolved_needs_no_grid_any_more(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report()
    await head.act("not_mine", ticket, reason="不是我们的楼")
    await community.act("accept", ticket)
    await community.resolve(ticket)
    assert (await community.get("/tickets", box="unassigned"))["items"] == []
