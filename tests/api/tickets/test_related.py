"""Beside a ticket: others of its place, its reporter, its kind, and what was split from it; never more than one's scope."""

from typing import Any

import pytest

from tests import world
from tests.world import Everybody, Person, answer, problem


async def related(person: Person, ticket: dict[str, Any], kind: str) -> list[str]:
    page = await person.get(f"/tickets/{ticket['id']}/related", kind=kind)
    return [one["id"] for one in page["items"]]


async def test_other_tickets_of_the_place_and_of_the_estate(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report()
    same = await resident.report(category="access_door", description="门禁坏了")
    near = await resident.report(place_id=await resident.place("944号1单元"))
    far = await resident.report(place_id=await resident.place("936号1单元"))
    assert await related(head, ticket, "place") == [same["id"]]
    assert await related(head, ticket, "similar") == [near["id"]]
    assert set(await related(community, ticket, "similar")) >= {near["id"]}
    assert far["id"] not in await related(head, ticket, "similar")
    assert same["id"] not in await related(community, ticket, "similar")


async def test_what_was_split_from_it(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    new = answer(await head.try_to("split", ticket, description="门禁也坏了"), 201)
    assert await related(head, ticket, "split") == await related(resident, ticket, "split") == [new["id"]]
    assert await related(head, new, "split") == []


async def test_the_same_person_only_for_who_may_know_them(people_of: Everybody) -> None:
    resident, neighbour, head, auditor, community = await people_of(
        "resident", "neighbour", "grid_head", "auditor", "community"
    )
    ticket, other = await resident.report(), await resident.report(category="access_door")
    elsewhere = await resident.report(place_id=await resident.place("936号"))
    await resident.report(anonymous=True)
    await neighbour.report()
    assert await related(head, ticket, "person") == [other["id"]]
    assert await related(community, ticket, "person") == [elsewhere["id"], other["id"]]
    assert await related(auditor, ticket, "person") == []
    answer(await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow"))
    assert await related(neighbour, ticket, "person") == []


async def test_an_anonymous_report_has_no_person(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    await resident.report()
    sealed = await resident.report(anonymous=True)
    for person in (head, community):
        assert await related(person, sealed, "person") == []


async def test_what_staff_report_is_nobody_s(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    first, _ = await head.report(), await head.report()
    assert await related(head, first, "person") == []


async def test_a_ticket_without_a_place_has_none_beside_it(people_of: Everybody) -> None:
    resident, street = await people_of("resident", "street")
    placeless = await resident.report(place_id=None, position={"lat": 29.62, "lng": 106.5})
    if placeless["place"] is None:
        for kind in ("place", "similar"):
            assert await related(street, placeless, kind) == []


@pytest.mark.parametrize("kind", ["", "everything", None])
async def test_a_kind_that_is_none_is_422(people_of: Everybody, kind: str | None) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    params = {} if kind is None else {"kind": kind}
    problem(await resident.ask("GET", f"/tickets/{ticket['id']}/related", params=params), 422)


async def test_out_of_scope_is_404(people_of: Everybody) -> None:
    resident, stranger = await people_of("resident", "other_grid_head")
    ticket = await resident.report()
    problem(await stranger.ask("GET", f"/tickets/{ticket['id']}/related?kind=place"), 404)
    problem(await stranger.ask("GET", f"/tickets/{world.MADE_UP}/related?kind=place"), 404)
