"""Photos of subjects: attached by what staff write, seen by whoever reads that, gone in time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app import clock, db
from app.enums import SubjectKind
from app.rules.lives import LIVES
from app.rules.subjects import STAFF
from app.services import photos
from app.services.ledger import verify_ledger
from app.services.privacy import erasing, retention
from app.services.subjects import SHAPES
from tests import subjects, world
from tests.world import Everybody, Person, answer, problem


async def shown(person: Person, path: str, subject: dict[str, Any]) -> list[str]:
    """Return the photos of a subject's timeline."""
    page = await person.get(f"/{path}/{subject['id']}/events")
    return [photo["id"] for event in page["items"] for photo in event["photos"]]


async def fetched(person: Person, photo_id: str) -> int:
    return (await person.ask("GET", f"/photos/{photo_id}")).status_code


async def meeting(head: Person, **body: Any) -> dict[str, Any]:
    """Return a meeting that is over, with minutes."""
    made = await subjects.activity(head, **body)
    for action in ("publish", "start", "close"):
        made = await subjects.act(head, "activities", action, made)
    return made


async def test_minutes_have_photos_for_whoever_reads_them(people_of: Everybody) -> None:
    head, resident, elsewhere = await people_of("grid_head", "resident", "other_community")
    photo = await head.photo()
    assert await fetched(resident, photo) == 404
    made = await meeting(head, place_id=await resident.place())
    await subjects.act(head, "activities", "minutes", made, text="先装两台", photo_ids=[photo])
    for reader in (head, resident):
        assert await shown(reader, "activities", made) == [photo]
        assert await fetched(reader, photo) == 200
    assert await fetched(elsewhere, photo) == 404
    await db.fetch("UPDATE subject SET released = false")
    assert await fetched(resident, photo) == 404
    await world.run_jobs()
    assert (await verify_ledger()).broken is None


async def test_a_project_and_a_patrol_have_photos(people_of: Everybody) -> None:
    head, community = await people_of("grid_head", "community")
    first, second, third = [await person.photo() for person in (head, head, community)]
    project = await subjects.project(community)
    await subjects.act(head, "projects", "report", project, text="已开工", photo_ids=[first, second])
    await subjects.act(community, "projects", "finish", project, text="已装好", photo_ids=[third])
    assert await shown(head, "projects", project) == [first, second, third]
    photo = await head.photo()
    over = {"starts_at": subjects.ahead(hours=-2), "ends_at": subjects.ahead(hours=-1)}
    patrol = {
        "kind": "patrol",
        "title": "巡查",
        "place_id": await head.place(),
        "done": {"photo_ids": [photo]},
    }
    done = await subjects.made(head, "activities", **patrol, **over)
    assert await shown(head, "activities", done) == [photo]


async def test_whoever_names_a_room_sees_that_it_was_visited_and_no_photo(people_of: Everybody) -> None:
    head, resident = await people_of("grid_head", "resident")
    await subjects.household(resident, "301")
    photo = await head.photo()
    over = {"starts_at": subjects.ahead(hours=-2), "ends_at": subjects.ahead(hours=-1)}
    visit = {"kind": "visit", "title": "走访", "place_id": await head.place(), "room": "301"}
    done = await subjects.made(head, "activities", **visit, **over, done={"photo_ids": [photo]})
    assert await shown(resident, "activities", done) == []
    assert await fetched(resident, photo) == 404


async def test_a_photo_is_ones_own_and_of_one_thing(people_of: Everybody) -> None:
    head, member, resident = await people_of("grid_head", "member", "resident")
    made = await meeting(head, place_id=await head.place())
    used, anothers = await head.photo(), await member.photo()
    await subjects.act(head, "activities", "minutes", made, text="纪要", photo_ids=[used])
    for photo in (used, anothers, world.MADE_UP):
        fresh = await head.get(f"/activities/{made['id']}")
        refused = await subjects.try_to(head, "activities", "minutes", fresh, text="再写", photo_ids=[photo])
        assert problem(refused, 422)["errors"][0]["pointer"] == "/photo_ids"
    assert await shown(head, "activities", made) == [used]
    ticket = await resident.report()
    refused = await head.ask(
        "POST", f"/tickets/{ticket['id']}/comment", json={"text": "看", "photo_ids": [used]}
    )
    assert problem(refused, 422)["errors"][0]["pointer"] == "/photo_ids"
    report = {"category": "stair_light", "place_id": await head.place(), "photo_ids": [used]}
    assert (
        problem(await head.ask("POST", "/tickets", json=report), 422)["errors"][0]["pointer"] == "/photo_ids"
    )


async def test_photos_stay_with_the_office_and_end_a_year_after_it(people_of: Everybody) -> None:
    head, community = await people_of("grid_head", "community")
    photo = await head.photo()
    made = await meeting(head, place_id=await head.place())
    await subjects.act(head, "activities", "minutes", made, text="纪要", photo_ids=[photo])
    clock.travel(timedelta(days=2))
    assert await photos.sweep_unattached() == 0
    (head_id,) = await db.fetch("SELECT id FROM person WHERE demo = 'grid_head'")
    await erasing.erase_person(head_id["id"], keep_open_tickets=False)
    assert len(await db.fetch("SELECT FROM photo WHERE id = $1", UUID(photo))) == 1
    clock.travel(timedelta(days=362))
    assert await retention.sweep_retention() == 0
    clock.travel(timedelta(days=2))
    assert await retention.sweep_retention() == 1
    assert await db.fetch("SELECT FROM photo") == []
    community = await world.sign_in(community.http, "community")
    assert await shown(community, "activities", made) == []
    assert (await verify_ledger()).broken is None


@pytest.mark.parametrize("kind", list(SubjectKind))
def test_only_staff_add_photos_which_therefore_need_no_check(kind: SubjectKind) -> None:
    for action, body in SHAPES[kind].bodies.items():
        if "photo_ids" in body.model_fields:
            assert LIVES[kind].moves[action].parts <= STAFF, action
    assert "photo_ids" not in SHAPES[kind].new.model_fields


async def test_an_act_without_photos_says_nothing_of_them(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    made = await meeting(head, place_id=await head.place())
    body = {"version": made["version"], "text": "纪要", "photo_ids": []}
    answer(await head.ask("POST", f"/activities/{made['id']}/minutes", json=body))
    (row,) = await db.fetch("SELECT data FROM event WHERE type = 'activity.minutes'")
    assert "photos" not in row["data"]
