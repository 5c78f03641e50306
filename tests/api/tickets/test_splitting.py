"""A part of a ticket becomes one of its own: same reporter, same holder, clocks of its own, both written or neither."""

import asyncio
from typing import Any

import pytest

from app import db
from app.services import ledger
from tests import world
from tests.world import Everybody, Person, answer, moment, problem

KEY = {"idempotency-key": "split-1"}


async def split(person: Person, ticket: dict[str, Any], **body: Any) -> dict[str, Any]:
    """Split a ticket as it is now and return the new one."""
    fresh = await person.ticket(ticket["id"])
    made = await person.try_to("split", fresh, **{"description": "门禁也坏了"} | body)
    new: dict[str, Any] = answer(made, 201)
    return new


async def test_the_new_ticket_is_the_reporter_s_and_linked_to_the_old(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    old = await resident.report(contact_phone="13812345678", place_note="3楼")
    await head.act("accept", old)
    photo = await head.photo()
    new = await split(head, old, category="access_door", photo_ids=[photo])
    assert (new["status"], new["origin"], new["category"]["code"]) == ("new", "resident", "access_door")
    assert new["split_from"] == {"id": old["id"], "no": old["no"]}
    assert (new["place"], new["place_note"], new["description"]) == (old["place"], "3楼", "门禁也坏了")
    assert [one["id"] for one in new["photos"]] == [photo]
    assert new["reporter"]["phone_masked"] == "138****5678"
    assert moment(new["created_at"]) > moment(old["created_at"])
    assert await resident.events(old) == ["submitted", "accepted", "split"]
    assert await resident.events(new) == ["submitted"]
    (first,) = (await resident.get(f"/tickets/{new['id']}/events"))["items"]
    assert (first["label"], first["actor"]["post"], first["text"]) == (
        "由另一张工单拆出",
        "head",
        "门禁也坏了",
    )
    assert first["data"]["split_from"] == old["id"]
    assert (await world.last_event(resident, old))["data"] == {"into": new["id"]}
    mine = (await resident.get("/tickets", box="mine"))["items"]
    assert [ticket["id"] for ticket in mine] == [new["id"], old["id"]]
    assert (await head.ticket(old["id"]))["version"] == 2
    assert (await ledger.verify_ledger()).broken is None


async def test_the_reporter_is_told_and_decides_about_the_new_one(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    old = await resident.report()
    new = await split(head, old)
    await world.run_jobs()
    told = [notice for notice in (await resident.get("/notices"))["items"] if "拆成了两张" in str(notice)]
    assert [notice["ticket_id"] for notice in told] == [old["id"]]
    await head.act("accept", new)
    await head.resolve(new)
    assert (await resident.act("confirm", new, verdict="solved"))["status"] == "closed"
    assert (await resident.ticket(old["id"]))["status"] == "new"


@pytest.mark.parametrize(("category", "followed"), [(None, True), ("dispute", False)])
async def test_followers_follow_the_new_one_where_neighbours_may_see_it(
    people_of: Everybody, category: str | None, followed: bool
) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    old = await resident.report()
    answer(await neighbour.ask("POST", f"/tickets/{old['id']}/follow"))
    new = await split(head, old, **({"category": category} if category else {}))
    assert new["followers"] == int(followed)
    if not followed:
        problem(await neighbour.ask("GET", f"/tickets/{new['id']}"), 404)
        return
    await world.run_jobs()
    seen = await neighbour.ticket(new["id"])
    assert (seen["description"], seen["following"]) == ("门禁也坏了", True)
    assert "reporter" not in seen


async def test_an_anonymous_report_stays_one(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    old = await resident.report(anonymous=True, contact_phone="13812345678")
    new = await split(head, old)
    for person in (head, community):
        seen = await person.ticket(new["id"])
        assert seen["anonymous"] is True
        assert "reporter" not in seen
        problem(await person.ask("GET", f"/tickets/{new['id']}/phone"), 404)
    assert (await resident.ticket(new["id"]))["reporter"]["phone_masked"] == "138****5678"


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("resident", 403),
        ("member", 403),
        ("property", 403),
        ("auditor", 403),
        ("other_grid_head", 404),
        ("deputy", 201),
        ("community", 201),
        ("street", 201),
    ],
)
async def test_the_head_of_the_holder_and_whoever_is_above_may_split(
    persona: str, status: int, people_of: Everybody
) -> None:
    resident, head, person = await people_of("resident", "grid_head", persona)
    old = await resident.report()
    old = await head.dispatch(old)
    made = await person.try_to("split", old, description="门禁也坏了")
    assert made.status_code == status
    assert await world.count_tickets() == 1 + (status == 201)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"description": None}, "/description"),
        ({"description": " "}, "/description"),
        ({"category": "no_such"}, "/category"),
        ({"place_id": world.MADE_UP}, "/place_id"),
        ({"photo_ids": [world.MADE_UP]}, "/photo_ids"),
        ({"reporter_id": world.MADE_UP}, "/reporter_id"),
    ],
)
async def test_a_bad_body_writes_nothing(people_of: Everybody, body: dict[str, Any], pointer: str) -> None:
    resident, head = await people_of("resident", "grid_head")
    old = await resident.report()
    before = await world.written()
    refused = await head.try_to("split", old, **{"description": "门禁也坏了"} | body)
    assert [error["pointer"] for error in problem(refused, 422)["errors"]] == [pointer]
    assert await world.written() == before


async def test_a_stale_version_and_an_ended_ticket_are_409(people_of: Everybody) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    old = await resident.report()
    await head.act("accept", old)
    problem(await head.try_to("split", old, description="门禁"), 409, "stale-version")
    closed = await world.brought("closed", resident, head, company)
    problem(await head.try_to("split", closed, description="门禁"), 409, "wrong-state")
    assert await world.count_tickets() == 2


async def test_a_repeat_makes_one_ticket(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    old = await resident.report()
    twins = await asyncio.gather(
        *(head.try_to("split", old, description="门禁", headers=KEY) for _ in range(6))
    )
    assert len({answer(twin, 201)["id"] for twin in twins}) == 1
    assert sum("idempotent-replayed" in twin.headers for twin in twins) == 5
    assert await resident.events(old) == ["submitted", "split"]
    assert await world.count_tickets() == 2
    row = await db.fetchrow("SELECT count(*) AS words FROM ticket_words")
    assert row
    assert row["words"] == 2
