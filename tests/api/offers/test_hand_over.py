"""Handing over to somebody without a phone: found by name, and said to be by name; and how long the queue is."""

from typing import Any

from tests import keys, subjects
from tests.subjects import act, loan, offer, reserve, try_to
from tests.world import Everybody, Person, problem


async def found(person: Person, q: str) -> list[str]:
    return [row["id"] for row in (await person.get("/reservations", q=q, status="granted"))["items"]]


async def test_staff_find_it_by_name_and_hand_it_out_and_its_owner_is_told(people_of: Everybody) -> None:
    resident, neighbour, head, auditor, community = await people_of(
        *("resident", "neighbour", "grid_head", "auditor", "community")
    )
    taken = await reserve(resident, await offer(community))
    assert [await found(person, "944号居") for person in (head, community, neighbour, auditor)] == [
        [taken["id"]],
        [taken["id"]],
        [],
        [],
    ]
    done = await act(head, "reservations", "hand_out", taken)
    assert (done["status"], await found(head, "944号居")) == ("done", [])
    timeline = (await resident.get(f"/reservations/{taken['id']}/events"))["items"]
    assert (timeline[-1]["label"], timeline[-1]["actor"]["post"]) == ("凭姓名交付，没有出示领取码", "head")
    assert "您的预约“抽纸”：凭姓名交付，没有出示领取码" in await subjects.notices(resident)
    assert (await head.get("/reservations", q="944号居"))["items"] == [], (
        "what has ended is found by its title"
    )


async def test_a_company_hands_out_by_the_code_only(http: Any, people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    system = await keys.machine(http, "offers:manage")
    chairs = await offer(system, place_id=await resident.place(), title="会议椅")
    await act(community, "offers", "release", chairs)
    await reserve(resident, chairs)
    (listed,) = (await system.get("/reservations"))["items"]
    refused = problem(await try_to(system, "reservations", "hand_out", listed), 422)
    assert (refused["errors"][0]["pointer"], "请填写领取码" in str(refused)) == ("/code", True)
    assert (await system.get("/reservations", q="944号居"))["items"] == []


async def test_who_waits_knows_their_turn(people_of: Everybody) -> None:
    resident, neighbour, head, community = await people_of("resident", "neighbour", "grid_head", "community")
    last = await loan(community, quantity=1)
    first, *others = [await reserve(person, last) for person in (resident, neighbour, head)]
    assert [one["turn"] for one in (first, *others)] == [None, 1, 2]
    await act(resident, "reservations", "cancel", first)
    assert (await head.get(f"/reservations/{others[1]['id']}"))["turn"] == 1
