"""Visits that are over: written down in one request, once, with their true time, and read by whom they concern."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from app import db
from app.services.ledger import verify_ledger
from tests import subjects, world
from tests.world import Everybody, Person, answer, problem


def over(**body: Any) -> dict[str, Any]:
    """Return the body of a visit of three hours ago."""
    times = {"starts_at": subjects.ahead(hours=-3), "ends_at": subjects.ahead(hours=-2)}
    return {"kind": "visit", "title": "入户走访", "done": {}} | times | body


async def test_a_visit_with_nothing_is_one_request_with_its_true_time(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    body = over(place_id=await head.place(), done={"headcount": 3, "households": 1, "text": "无异常"})
    visit = await subjects.made(head, "activities", **body)
    assert (visit["status"], visit["headcount"], visit["households"]) == ("closed", 3, 1)
    assert (visit["result"], visit["opinions"], visit["actions"]) == (
        "无异常",
        0,
        ["check_in", "confirm", "minutes"],
    )
    assert datetime.fromisoformat(visit["starts_at"]) == datetime.fromisoformat(body["starts_at"]).astimezone(
        UTC
    )
    assert await subjects.events(head, "activities", visit) == ["raised", "closed"]
    await world.run_jobs()
    assert (await verify_ledger()).broken is None


async def test_what_was_said_there_comes_in_the_same_request_once(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    said = [{"kind": "need", "text": "想装晾衣架"}, {"text": "楼道灯暗"}]
    body = over(place_id=await head.place(), opinions=said)
    key = {"Idempotency-Key": "visit-1"}
    first, second = await asyncio.gather(
        *(head.ask("POST", "/activities", json=body, headers=key) for _ in range(2))
    )
    visit = answer(first, 201)
    assert answer(second, 201)["id"] == visit["id"]
    assert {one.headers.get("Idempotent-Replayed") for one in (first, second)} == {None, "true"}
    assert visit["opinions"] == 2
    heard = (await head.get("/opinions", source_id=visit["id"]))["items"]
    assert {(one["kind"], one["text"]) for one in heard} == {("need", "想装晾衣架"), ("opinion", "楼道灯暗")}
    assert all(one["due_at"] for one in heard)
    assert len((await head.get("/activities"))["items"]) == 1
    assert (await subjects.notices(head)) == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "meeting"}, ""),
        ({"done": None, "opinions": [{"text": "楼道灯暗"}]}, ""),
        ({"ends_at": subjects.ahead(hours=5)}, "/ends_at"),
        ({"room": "301"}, "/room"),
        ({"starts_at": subjects.ahead(days=-91)}, "/starts_at"),
        ({"opinions": [{"text": " "}]}, "/opinions/0/text"),
    ],
)
async def test_what_cannot_be_recorded_is_said_and_nothing_written(
    people_of: Everybody, body: dict[str, Any], pointer: str
) -> None:
    (head,) = await people_of("grid_head")
    refused = problem(await subjects.try_to_make(head, "activities", **over() | body), 422, "invalid")
    assert refused["errors"][0]["pointer"] == pointer
    assert await db.fetch("SELECT FROM subject") == []


async def read(person: Person, visit: dict[str, Any]) -> tuple[int, bool]:
    """Return how somebody's request for a visit is answered, and whether their list has it."""
    listed = (await person.get("/activities"))["items"]
    sent = await person.ask("GET", f"/activities/{visit['id']}")
    timeline = await person.ask("GET", f"/activities/{visit['id']}/events")
    assert sent.status_code == timeline.status_code
    return sent.status_code, visit["id"] in [one["id"] for one in listed]


async def test_a_visit_is_read_by_staff_and_that_household_only(people_of: Everybody) -> None:
    resident, neighbour, head, member = await people_of("resident", "neighbour", "grid_head", "member")
    unit = await resident.place()
    answer(await neighbour.ask("PATCH", "/me", json={"home_id": unit, "room": "302"}))
    await subjects.household(resident, "301")
    of_unit = await subjects.made(head, "activities", **over(place_id=unit))
    of_room = await subjects.made(head, "activities", **over(place_id=unit, room="301"))
    assert [await read(one, of_unit) for one in (member, resident, neighbour)] == [
        (200, True),
        (404, False),
        (404, False),
    ]
    assert [await read(one, of_room) for one in (member, resident, neighbour)] == [
        (200, True),
        (200, True),
        (404, False),
    ]


async def test_who_names_a_room_learns_that_it_was_visited_but_not_what_was_noted(
    people_of: Everybody,
) -> None:
    resident, head = await people_of("resident", "grid_head")
    await subjects.household(resident, "301")
    visit = await subjects.made(
        head, "activities", **over(place_id=await resident.place(), room="301", done={"text": "老人独居"})
    )
    seen = await resident.get(f"/activities/{visit['id']}")
    assert (seen["status"], seen["starts_at"]) == ("closed", visit["starts_at"])
    assert "老人独居" in str(await head.get(f"/activities/{visit['id']}/events"))
    timeline = await resident.get(f"/activities/{visit['id']}/events")
    assert "老人独居" not in f"{seen} {timeline}"
    assert (await resident.get("/activities", q="老人"))["items"] == []
    assert [one["id"] for one in (await head.get("/activities", q="老人"))["items"]] == [visit["id"]]


async def test_a_visit_that_is_published_stays_with_staff(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    planned = await subjects.activity(head, kind="visit", title="入户走访", place_id=await resident.place())
    await subjects.act(head, "activities", "publish", planned)
    assert await read(resident, planned) == (404, False)
    assert await read(head, planned) == (200, True)
