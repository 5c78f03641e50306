"""Opinions of people without the program: written down by staff with a number or a door, and told by staff what became of them."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.services import encryption
from app.services.ledger import verify_ledger
from app.services.privacy import retention
from tests import subjects, world
from tests.world import Everybody, Person, problem

PHONE = "139 0000 0000"
GRANNY: dict[str, Any] = {"on_behalf_of": {"name": "刘奶奶", "phone": PHONE}}


async def speaker(person: Person, opinion: dict[str, Any]) -> Any:
    return (await person.get(f"/opinions/{opinion['id']}"))["speaker"]


async def to_tell(person: Person) -> list[str]:
    return [one["id"] for one in (await person.get("/opinions", to_tell=True))["items"]]


async def test_a_number_is_sealed_and_read_in_full_only_on_record(people_of: Everybody) -> None:
    head, auditor, company = await people_of("grid_head", "auditor", "property")
    said = await subjects.opinion(head, place_id=await head.place(), **GRANNY)
    assert said["speaker"] == {"phone_masked": "139****0000", "told_by": "call", "told_at": None}
    (row,) = await db.fetch("SELECT contact_sealed, text FROM subject")
    assert encryption.decrypt(row["contact_sealed"]) == "+8613900000000"
    stored = await db.fetch(
        "SELECT data::text AS data FROM event UNION SELECT coalesce(data::text, '') FROM audit"
    )
    assert not [one for one in stored if "3900000000" in one["data"] or "139****" in one["data"]]
    full = await head.get(f"/opinions/{said['id']}/phone")
    assert full == {"phone": "+8613900000000", "name": "刘奶奶"}
    (look,) = await db.fetch("SELECT type, data FROM audit WHERE subject_id = $1", said["id"])
    assert look["type"] == "phone_seen"
    assert look["data"]["post"]
    assert (await auditor.get(f"/opinions/{said['id']}"))["speaker"] is None
    assert (await auditor.ask("GET", f"/opinions/{said['id']}/phone")).status_code == 403
    assert (await company.ask("GET", f"/opinions/{said['id']}/phone")).status_code == 404


async def test_whoever_wrote_it_down_is_told_to_call_and_says_when_they_have(people_of: Everybody) -> None:
    member, head = await people_of("member", "grid_head")
    said = await subjects.opinion(member, place_id=await member.place(), **GRANNY)
    assert await to_tell(head) == []
    answered = await subjects.act(head, "opinions", "answer", said, text="下周清理")
    assert (await subjects.notices(member))[0] == "意见“楼道里堆满了杂物”：答复，请您告知说的人"
    assert await to_tell(head) == [said["id"]]
    assert answered["actions"] == ["tell"]
    told = await subjects.act(member, "opinions", "tell", said)
    assert (told["status"], told["actions"], bool(told["speaker"]["told_at"])) == ("answered", [], True)
    assert await to_tell(head) == []
    assert await subjects.events(head, "opinions", said) == ["raised", "answered", "told"]
    await world.run_jobs()
    assert (await verify_ledger()).broken is None


async def test_whoever_has_verified_the_number_is_found_by_it_and_told_by_the_program(
    people_of: Everybody,
) -> None:
    resident, head = await people_of("resident", "grid_head")
    me = (await resident.get("/me"))["id"]
    await db.fetch(
        "UPDATE person SET phone_index = $1, phone_verified = true WHERE id = $2",
        encryption.blind_index("+8613900000000"),
        me,
    )
    said = await subjects.opinion(head, place_id=await head.place(), **GRANNY)
    assert said["speaker"] == {"phone_masked": None, "told_by": "notice", "told_at": None}
    assert (await db.fetch("SELECT contact_sealed, on_behalf_name_sealed FROM subject"))[0] == (None, None)
    await subjects.act(head, "opinions", "answer", said, text="下周清理")
    assert (await subjects.notices(resident))[0] == "您的意见“楼道里堆满了杂物”：答复"
    assert await subjects.notices(head) == []
    refused = await subjects.try_to(head, "opinions", "tell", await head.get(f"/opinions/{said['id']}"))
    assert problem(refused, 409)["detail"] == "说的人会收到通知，不用另外告知"
    exported = (await resident.get("/me/export"))["subjects"]
    assert [one["id"] for one in exported] == [said["id"]]


async def test_a_door_is_a_place_and_whoever_lives_there_reads_nothing(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    await subjects.household(resident, "301")
    said = await subjects.opinion(head, place_id=await head.place(), room="301")
    assert said["place"]["label"].endswith("301")
    assert said["speaker"]["told_by"] == "visit"
    assert (await resident.ask("GET", f"/opinions/{said['id']}")).status_code == 404
    await subjects.act(head, "opinions", "answer", said, text="好")
    assert await to_tell(head) == [said["id"]]
    assert await subjects.notices(resident) == []


async def test_of_an_opinion_nobody_is_known_to_have_said_nobody_is_told(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    said = await subjects.opinion(head, place_id=await head.place())
    answered = await subjects.act(head, "opinions", "answer", said, text="好")
    assert (answered["speaker"]["told_by"], answered["actions"], await to_tell(head)) == (None, [], [])
    assert (
        problem(await head.ask("GET", f"/opinions/{said['id']}/phone"), 404)["detail"] == "说的人没有留电话"
    )
    assert await speaker(head, await subjects.opinion(head, **GRANNY)) is not None


async def test_a_visit_in_one_request_says_who_said_what(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    body = {
        "kind": "visit",
        "title": "入户走访",
        "done": {},
        "starts_at": subjects.ahead(hours=-2),
        "ends_at": subjects.ahead(hours=-1),
        "place_id": await head.place(),
        "opinions": [{"text": "想装晾衣架", **GRANNY}, {"text": "灯暗"}],
    }
    visit = await subjects.made(head, "activities", **body)
    heard = (await head.get("/opinions", source_id=visit["id"]))["items"]
    assert {one["text"]: one["speaker"]["told_by"] for one in heard} == {"想装晾衣架": "call", "灯暗": None}
    wrong = body | {"opinions": [{"text": "好"}, {"text": "灯暗", "on_behalf_of": {"phone": "12"}}]}
    refused = await head.ask("POST", "/activities", json=wrong)
    assert problem(refused, 422)["errors"][0]["pointer"] == "/opinions/1/on_behalf_of/phone"
    assert len((await head.get("/activities"))["items"]) == 1


async def test_the_ticket_of_an_opinion_has_the_number_to_call(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    said = await subjects.opinion(head, place_id=await head.place(), **GRANNY)
    done = await subjects.act(head, "opinions", "to_ticket", said, category="stair_light")
    full = await head.get(f"/tickets/{done['fate']['id']}/phone")
    assert full == {"phone": "+8613900000000", "name": "刘奶奶"}


@pytest.mark.parametrize("body", [GRANNY, {"room": "301"}])
async def test_residents_speak_for_themselves(people_of: Everybody, body: dict[str, Any]) -> None:
    (resident,) = await people_of("resident")
    refused = await subjects.try_to_make(
        resident, "opinions", text="好", place_id=await resident.place(), **body
    )
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"on_behalf_of": {"phone": "12"}}, "/on_behalf_of/phone"),
        ({"on_behalf_of": {"phone": PHONE}, "person_id": world.MADE_UP}, "/"),
        ({"room": "301"}, "/room"),
        ({"room": "三楼"}, "/room"),
    ],
)
async def test_what_cannot_be_is_refused_with_nothing_written(
    people_of: Everybody, body: dict[str, Any], pointer: str
) -> None:
    (head,) = await people_of("grid_head")
    refused = await subjects.try_to_make(head, "opinions", text="好", **body)
    assert problem(refused, 422)["errors"][0]["pointer"] in {pointer, pointer.rstrip("/")}
    assert await db.fetch("SELECT FROM subject") == []


async def test_the_number_is_gone_half_a_year_after_the_fate_and_not_before(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    first, second = [await subjects.opinion(head, place_id=await head.place(), **GRANNY) for _ in range(2)]
    await subjects.act(head, "opinions", "answer", first, text="好")
    await world.run_jobs()
    clock.travel(timedelta(days=179))
    assert await retention.sweep_retention() == 0
    clock.travel(timedelta(days=2))
    assert await retention.sweep_retention() == 1
    rows = await db.fetch("SELECT id, contact_sealed, contact_masked, on_behalf_name_sealed FROM subject")
    kept = {str(row["id"]): tuple(row)[1:] for row in rows}
    assert kept[first["id"]] == (None, None, None)
    assert all(kept[second["id"]])
    assert (await verify_ledger()).broken is None
