"""The article's story of pairing: 30 + 18 + 85 = 133 households; one act before the festival makes all of them due."""

from collections import Counter
from datetime import timedelta
from typing import Any

from app import db
from app.services.ledger import verify_ledger
from tests import subjects, world
from tests.deployed import deployed
from tests.world import Everybody, Person, answer, moment, problem

BY_HELPER = {"community": 30, "deputy": 18, "member": 85}
DUE, OPEN = 133, 9


async def doors(head: Person, **query: Any) -> list[dict[str, Any]]:
    """Return the doors of the grid that somebody looks after."""
    grid_id = (await head.get("/me"))["posts"][0]["place_id"]
    found, cursor = list[dict[str, Any]](), dict[str, str]()
    while True:
        page = await head.get(
            "/activities/due", place_id=grid_id, kind="care", paired=True, limit=100, **query, **cursor
        )
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


async def paired(head: Person, helpers: dict[str, Person]) -> list[tuple[str, str]]:
    """Pair every household with its helper, who agrees; return each room with who looks after it."""
    unit, rooms = await head.place(), list[tuple[str, str]]()
    for name, count in BY_HELPER.items():
        post_id = await subjects.post_of(helpers[name])
        for _ in range(count):
            room = str(101 + len(rooms))
            made = await subjects.pairing(head, place_id=unit, room=room, post_id=post_id, need="other")
            sent = await subjects.try_to(helpers[name], "relationships", "agree", made)
            assert answer(sent)["status"] == "active"
            rooms.append((room, name))
    return rooms


async def test_one_act_makes_133_due_and_on_the_eve_nine_are_open(people_of: Everybody) -> None:
    head, *others = await people_of("grid_head", *BY_HELPER)
    with deployed(rate_limits="off"):
        rooms = await paired(head, dict(zip(BY_HELPER, others, strict=True)))
        assert Counter(name for _, name in rooms) == BY_HELPER
        unit = await head.place()
        eve = subjects.ahead(days=9)
        assert await doors(head, until=eve) == []
        grid_id = (await head.get("/me"))["posts"][0]["place_id"]
        called = {"place_id": grid_id, "due_at": eve}
        assert answer(await head.ask("POST", "/relationships/calls", json=called))["due"] == DUE
        assert len(await doors(head, until=eve)) == DUE
        _, *others = await people_of("grid_head", *BY_HELPER)
        helpers = dict(zip(BY_HELPER, others, strict=True))
        times = {"starts_at": subjects.ahead(seconds=1), "ends_at": subjects.ahead(minutes=9)}
        for room, name in rooms[:-OPEN]:
            body = {"kind": "care", "title": "节前探访", "done": {"acts": ["talk"]}, **times}
            await subjects.made(helpers[name], "activities", place_id=unit, room=room, **body)
    left = await doors(head, until=eve)
    assert sorted(door["label"] for door in left) == sorted(
        f"人和家园944号4单元{room}" for room, _ in rooms[-OPEN:]
    )
    assert {moment(door["due_at"]) for door in left} == {moment(eve)}
    visited = next(door for door in await doors(head) if door["last_at"])
    assert moment(visited["due_at"]) - moment(visited["last_at"]) == timedelta(days=90)
    await world.run_jobs()
    assert (await verify_ledger()).broken is None


async def test_only_the_head_and_above_call_and_see_which_doors(people_of: Everybody) -> None:
    head, member, other, resident, community = await people_of(
        "grid_head", "member", "other_grid_head", "resident", "community"
    )
    await subjects.pairing(head)
    grid_id = (await head.get("/me"))["posts"][0]["place_id"]
    query = {"place_id": grid_id, "kind": "care", "paired": True}
    problem(await member.ask("GET", "/activities/due", params=query), 403, "forbidden")
    problem(await other.ask("GET", "/activities/due", params=query), 404, "not-found")
    called = {"place_id": grid_id, "due_at": subjects.ahead(days=9)}
    for person, status in ((member, 403), (other, 404), (resident, 403)):
        problem(await person.ask("POST", "/relationships/calls", json=called), status)
    of_community = called | {"place_id": await world.id_of_code("wss")}
    problem(await head.ask("POST", "/relationships/calls", json=of_community), 404, "not-found")
    assert answer(await community.ask("POST", "/relationships/calls", json=of_community)) == {"due": 1}
    past = called | {"due_at": subjects.ahead(days=-1)}
    assert (
        problem(await head.ask("POST", "/relationships/calls", json=past), 422)["errors"][0]["pointer"]
        == "/due_at"
    )


async def test_a_visit_before_the_call_does_not_answer_it(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    made = await subjects.pairing(head, need="other")
    called = await subjects.act(head, "relationships", "call", made, due_at=subjects.ahead(days=9))
    times = {"starts_at": subjects.ahead(days=-1), "ends_at": subjects.ahead(days=-1, hours=1)}
    body = {"kind": "care", "title": "探访", "room": "301", "done": {}, **times}
    await subjects.made(head, "activities", place_id=await head.place(), **body)
    after = await head.get(f"/relationships/{made['id']}")
    assert (after["due_at"], after["visited_at"] is not None) == (called["due_at"], True)
    rows = await db.fetch("SELECT type FROM event WHERE subject = 'relationship' ORDER BY seq")
    assert [row["type"] for row in rows] == [
        "relationship.raised",
        "relationship.called",
        "relationship.visited",
    ]
