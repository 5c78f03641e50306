"""The audit trail: inside one's own place, newest first, narrowed by type, person and time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app import clock, db, words
from app.services import audit
from app.services.audit.reading import LABELS
from tests import world
from tests.keys import machine
from tests.newcomers import Newcomer, id_of
from tests.world import API, Everybody, Person, answer, problem


async def entries(somebody: Person, **params: Any) -> list[Any]:
    found: list[Any] = (await somebody.get("/audit", limit=100, **params))["items"]
    return found


async def who(somebody: Person, **params: Any) -> set[str]:
    """Return the personas whose entries somebody sees."""
    rows = await db.fetch("SELECT id::text, demo FROM person")
    names = {row["id"]: row["demo"] for row in rows}
    return {names[entry["person"]["id"]] for entry in await entries(somebody, **params) if entry["person"]}


async def another_street() -> str:
    """Make a street beside the demo's and return its id."""
    street = world.MADE_UP
    await db.fetch(
        "INSERT INTO place (id, code, level, name, label, path, sort, version, scene) "
        "SELECT $1::uuid, 'cy', 'street', '翠云街道', '翠云街道', ARRAY[$1::uuid], 2, 0, 'cy'",
        street,
    )
    return street


EVERYBODY = (
    *("resident", "grid_head", "other_grid_head", "community", "other_community", "street", "property"),
    *("other_property", "department", "auditor", "admin"),
)


async def test_each_sees_the_people_of_their_own_place(people_of: Everybody) -> None:
    signed_in = dict(zip(EVERYBODY, await people_of(*EVERYBODY), strict=True))
    assert await who(signed_in["community"]) == {"grid_head", "other_grid_head", "community", "property"}
    assert await who(signed_in["other_community"]) == {"other_community", "other_property"}
    for persona in ("street", "auditor", "admin"):
        assert await who(signed_in[persona]) == set(EVERYBODY)


async def test_residents_are_in_the_scope_of_the_street_of_their_home(people_of: Everybody) -> None:
    *_, community, street, admin = await people_of("resident", "community", "street", "admin")
    assert "resident" not in await who(community)
    assert "resident" in await who(street) & await who(admin)
    await db.fetch("UPDATE person SET home_id = $1 WHERE demo = 'resident'", await another_street())
    assert "resident" not in await who(street) | await who(admin)


async def test_an_admin_of_a_community_sees_the_residents_of_that_community(people_of: Everybody) -> None:
    await db.fetch("UPDATE post SET place_id = $1 WHERE role = 'admin'", await world.id_of_code("wss"))
    await db.fetch("UPDATE setup SET version = version + 1")
    _, admin = await people_of("resident", "admin")
    assert "resident" in await who(admin)
    await db.fetch("UPDATE person SET home_id = $1 WHERE demo = 'resident'", await world.id_of_code("bl-110"))
    assert "resident" not in await who(admin)


async def test_who_has_no_home_yet_is_the_streets_admins_to_see(
    people_of: Everybody, newcomer: Newcomer
) -> None:
    person_id = await id_of(await newcomer("no-home"))
    street, admin = await people_of("street", "admin")
    assert {entry["type"] for entry in await entries(admin, person_id=person_id)} == {
        "signed_in",
        "consented",
    }
    assert await entries(street, person_id=person_id) == []


async def test_an_erasure_stays_with_the_street_of_the_home_that_is_gone(people_of: Everybody) -> None:
    resident, community, street, admin = await people_of("resident", "community", "street", "admin")
    person_id = await id_of(resident)
    answer(await resident.ask("DELETE", "/me"))
    for somebody in (street, admin):
        types = {entry["type"] for entry in await entries(somebody, person_id=person_id)}
        assert types == {"signed_in", "erased"}
        (entry,) = await entries(somebody, type="erased")
        assert entry["data"] == {"open_tickets": "withdraw", "street": await world.id_of_code("rh")}
        assert entry["person"] == {"id": person_id, "name": None, "post": "居民"}
    assert await entries(community, type="erased") == []
    await db.fetch("UPDATE post SET place_id = $1 WHERE role = 'admin'", await another_street())
    await db.fetch("UPDATE setup SET version = version + 1")
    assert await entries(await world.sign_in(admin.http, "admin"), type="erased") == []


async def test_an_erasure_from_before_streets_were_noted_is_the_streets_admins_to_see(
    people_of: Everybody,
) -> None:
    resident, street, admin = await people_of("resident", "street", "admin")
    await db.fetch("UPDATE person SET home_id = NULL WHERE demo = 'resident'")
    answer(await resident.ask("DELETE", "/me"))
    (entry,) = await entries(admin, type="erased")
    assert entry["data"] == {"open_tickets": "withdraw"}
    assert await entries(street, type="erased") == []


async def test_who_reports_anonymously_is_not_found_by_when_they_signed_in(people_of: Everybody) -> None:
    resident, _, street, admin = await people_of("resident", "neighbour", "street", "admin")
    await resident.report(anonymous=True)
    for somebody in (street, admin):
        assert await who(somebody) & {"resident", "neighbour"} == {"neighbour"}
    clock.travel(timedelta(days=1, minutes=1))
    resident, admin = await people_of("resident", "admin")
    found = await entries(admin, person_id=await id_of(resident), type="signed_in")
    assert len(found) == 1  # today's


async def test_what_the_program_does_about_a_place_is_seen_there(people_of: Everybody) -> None:
    community, other = await people_of("community", "other_community")
    await audit.record("webhook_disabled", subject_id=UUID(await world.id_of_code("wss")), why="410")
    (entry,) = await entries(community, type="webhook_disabled")
    assert (entry["person"], entry["subject"]) == (None, "万寿山社区")
    assert await entries(other, type="webhook_disabled") == []


async def test_entries_name_people_by_name_and_post_and_residents_not_at_all(people_of: Everybody) -> None:
    resident, head, company, street = await people_of("resident", "grid_head", "property", "street")
    named = {}
    for person in (resident, head, company):
        (entry,) = await entries(street, person_id=await id_of(person))
        named[entry["person"]["name"]] = entry["person"]["post"]
    assert named == {None: "居民", "陈网格长": "万寿山社区第四网格 网格长", "冯经理": "人和物业 经办人"}


async def test_an_entry_names_the_post_that_was_held_then(people_of: Everybody) -> None:
    head, admin = await people_of("grid_head", "admin")
    (post,) = (await head.get("/me"))["posts"]
    answer(await admin.ask("DELETE", f"/posts/{post['id']}"))
    (entry,) = await entries(admin, type="post_ended")
    assert (entry["subject"], entry["person"]["post"]) == ("万寿山社区第四网格 网格长", "人和街道 管理员")
    (signed_in,) = await entries(admin, person_id=await id_of(head))
    assert signed_in["person"]["post"] == "万寿山社区第四网格 网格长"


async def test_a_key_of_a_company_is_named_by_it(people_of: Everybody) -> None:
    (admin,) = await people_of("admin")
    system = await machine(admin.http)
    problem(await system.ask("GET", "/posts"), 403)
    (entry,) = await entries(admin, type="refused")
    assert (entry["person"]["name"], entry["person"]["post"]) == ("人和物业", "人和物业")


async def test_it_is_narrowed_to_a_ticket_by_id_or_number(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket, other = [await resident.report(contact_phone="13812345678") for _ in range(2)]
    for seen in (ticket, other):
        await head.get(f"/tickets/{seen['id']}/phone")
    problem(await head.try_to("reassign", ticket, place_id=ticket["place"]["id"]), 403)
    for word in (ticket["id"], ticket["no"], f"工单{ticket['no']}"):
        found = await entries(community, ticket=word)
        assert [(entry["type"], entry["subject"]) for entry in found] == [
            ("refused", ticket["no"]),
            ("phone_seen", ticket["no"]),
        ]
    assert await entries(community, ticket="260101-9999") == []


async def test_sign_ins_can_be_left_out(people_of: Everybody) -> None:
    head, street = await people_of("grid_head", "street")
    problem(await head.ask("GET", "/posts"), 403)
    assert {entry["type"] for entry in await entries(street)} == {"signed_in", "refused"}
    assert {entry["type"] for entry in await entries(street, sign_ins="false")} == {"refused"}


@pytest.mark.parametrize("persona", ["resident", "member", "grid_head", "property", "department"])
async def test_who_oversees_nothing_sees_nothing(people_of: Everybody, persona: str) -> None:
    (somebody,) = await people_of(persona)
    problem(await somebody.ask("GET", "/audit", params={"limit": "x"}), 403)


async def test_nobody_is_asked_to_sign_in(http: httpx.AsyncClient) -> None:
    problem(await http.get(f"{API}/audit"), 401)


async def test_an_entry_says_who_what_when_and_from_where(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report(contact_phone="13812345678")
    await head.get(f"/tickets/{ticket['id']}/phone")
    (entry,) = await entries(community, type="phone_seen")
    assert entry["person"]["id"] == (await head.get("/me"))["id"]
    assert (entry["label"], entry["subject_id"]) == ("查看报告人电话", ticket["id"])
    (post,) = (await head.get("/me"))["posts"]
    assert (entry["address"], entry["data"]) == ("127.0.0.1", {"post": post["id"]})
    assert entry["at"].endswith("Z")


async def test_refusals_are_seen_with_the_route_alone(people_of: Everybody) -> None:
    head, community = await people_of("grid_head", "community")
    problem(await head.ask("GET", "/posts"), 403)
    (entry,) = await entries(community, type="refused")
    assert entry["label"] == "越权操作被拒绝"
    assert entry["data"] == {"path": "/api/v1/posts"}


async def test_what_is_done_to_a_post_is_seen_from_below_and_above(people_of: Everybody) -> None:
    community, other, admin, head = await people_of("community", "other_community", "admin", "grid_head")
    (post,) = (await head.get("/me"))["posts"]
    answer(await admin.ask("DELETE", f"/posts/{post['id']}"))
    for somebody in (community, admin):
        (entry,) = await entries(somebody, type="post_ended")
        assert entry["subject_id"] == post["id"]
    assert await entries(other, type="post_ended") == []


async def test_failed_sign_ins_are_the_streets_admins_to_see(
    http: httpx.AsyncClient, people_of: Everybody
) -> None:
    community, street, admin = await people_of("community", "street", "admin")
    scan = answer(await http.post(f"{API}/auth/scan"), 201)
    problem(await http.get(f"{API}/auth/scan/{scan['scan_id']}", params={"secret": "x"}), 404)
    (entry,) = await entries(admin, type="sign_in_failed")
    assert entry["person"] is None
    for somebody in (community, street):
        assert await entries(somebody, type="sign_in_failed") == []


async def test_pages_are_newest_first_and_skip_nothing(people_of: Everybody) -> None:
    street, head, _ = await people_of("street", "grid_head", "community")
    for _ in range(6):
        problem(await head.ask("GET", "/posts"), 403)
    whole = await entries(street)
    assert [one["id"] for one in whole] == sorted((one["id"] for one in whole), reverse=True)
    found, page = [], await street.get("/audit", limit=2)
    while True:
        found += page["items"]
        if page["next"] is None:
            break
        page = await street.get("/audit", limit=2, cursor=page["next"])
    assert found == whole
    assert len(whole) == 9


async def test_it_is_narrowed_by_person_and_time(people_of: Everybody) -> None:
    street, head = await people_of("street", "grid_head")
    began = clock.now()
    clock.travel(timedelta(minutes=1))
    problem(await head.ask("GET", "/posts"), 403)
    own = (await head.get("/me"))["id"]
    assert {entry["type"] for entry in await entries(street, person_id=own)} == {"signed_in", "refused"}
    middle = (began + timedelta(seconds=30)).isoformat()
    assert [entry["type"] for entry in await entries(street, **{"from": middle})] == ["refused"]
    assert {entry["type"] for entry in await entries(street, to=middle)} == {"signed_in"}
    assert await entries(street, **{"from": middle, "to": middle}) == []
    assert await entries(street, person_id=world.MADE_UP) == []


@pytest.mark.parametrize(
    "params",
    [
        *({"from": "2026-12-01T00:00:00"}, {"to": "soon"}, {"person_id": "x"}, {"cursor": "x"}),
        *({"limit": 0}, {"type": "x" * 65}, {"type": "\x00"}),
    ],
)
async def test_a_bad_question_is_said_so(people_of: Everybody, params: Any) -> None:
    (street,) = await people_of("street")
    problem(await street.ask("GET", "/audit", params=params), 422)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
async def test_the_ends_of_time_are_no_error(people_of: Everybody, moment: str) -> None:
    (street,) = await people_of("street")
    for name in ("from", "to"):
        await entries(street, **{name: moment})


def test_every_label_is_chinese() -> None:
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in label) for label in LABELS.values())


async def test_an_english_reader_reads_no_chinese_label(people_of: Everybody) -> None:
    """The names of places and people are as they are."""
    assert [label for label in LABELS.values() if words.load()["en"].translate(label) == label] == []
    (street,) = await people_of("street")
    page = answer(await street.ask("GET", "/audit", headers={"Accept-Language": "en"}))
    signed_in = next(entry for entry in page["items"] if entry["type"] == "signed_in")
    assert signed_in["label"] == "Signed in"
    assert signed_in["person"]["post"] == "人和街道 street worker"
