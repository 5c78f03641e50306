"""Which doors are to be visited next: those of one's own grid, the one unvisited for longest first."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import subjects
from tests.world import Everybody, Person, problem


async def visited(head: Person, days_ago: int, **body: Any) -> dict[str, Any]:
    """Record a visit of some days ago."""
    times = {
        "starts_at": subjects.ahead(days=-days_ago),
        "ends_at": subjects.ahead(days=-days_ago, minutes=10),
    }
    return await subjects.made(
        head, "activities", **{"kind": "visit", "title": "走访", "done": {}} | times | body
    )


async def doors(head: Person, **query: Any) -> list[dict[str, Any]]:
    """Return all doors of somebody's grid, page by page."""
    grid_id = (await head.get("/me"))["posts"][0]["place_id"]
    found, cursor = list[dict[str, Any]](), None
    while cursor or not found:
        more: dict[str, Any] = {"cursor": cursor} if cursor else {}
        page = await head.get("/activities/due", place_id=grid_id, limit=7, **query, **more)
        found, cursor = found + page["items"], page["next"]
        if not page["items"]:
            break
    return found


async def test_the_door_unvisited_for_longest_is_first(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    before = await doors(head)
    assert len(before) > 2
    assert {(one["last_at"], one["overdue"]) for one in before} == {(None, True)}
    old, new = before[0]["id"], before[1]["id"]
    await visited(head, 89, place_id=old)
    await visited(head, 1, place_id=new, room="301")
    after = await doors(head)
    assert len(after) == len({one["id"] for one in after}) == len(before)
    assert [one["id"] for one in after[-2:]] == [old, new]
    last, due = (datetime.fromisoformat(after[-2][name]) for name in ("last_at", "due_at"))
    assert due - last == timedelta(days=90)
    assert [one["overdue"] for one in after[-2:]] == [False, False]


async def test_rooms_that_are_known_and_care_have_their_own_days(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    unit = await head.place()
    await visited(head, 8, place_id=unit, room="301", kind="care")
    (room,) = await doors(head, level="room", kind="care", need="high")
    assert (room["level"], room["overdue"]) == ("room", True)
    (room,) = await doors(head, level="room", kind="care", need="key")
    assert room["overdue"] is False
    (room,) = await doors(head, level="room")
    assert room["last_at"] is None


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "2026-01-01_x",
        "2026-01-01T00:00:00_00000000-0000-0000-0000-000000000000",
        "9999-12-31T23:59:59-23:59_00000000-0000-0000-0000-000000000000",
    ],
)
async def test_doors_of_others_and_a_bad_cursor_are_refused(people_of: Everybody, cursor: str) -> None:
    head, other, resident = await people_of("grid_head", "other_grid_head", "resident")
    grid_id = (await head.get("/me"))["posts"][0]["place_id"]
    problem(await other.ask("GET", f"/activities/due?place_id={grid_id}"), 404, "not-found")
    problem(await resident.ask("GET", f"/activities/due?place_id={grid_id}"), 403, "forbidden")
    query = {"place_id": grid_id, "cursor": cursor}
    problem(await head.ask("GET", "/activities/due", params=query), 422, "invalid")
