"""The audit trail: inside one's own place, newest first, narrowed by type, person and time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock, db
from app.services.trail import LABEL
from tests.world import API, Everybody, Person, answer, problem


@pytest.fixture
async def reloaded(street: None) -> AsyncIterator[None]:
    """The demo street is loaded anew afterwards: its posts change here."""
    yield
    await db.fetch("UPDATE setup SET demo_loaded = false")


async def entries(somebody: Person, **params: Any) -> list[Any]:
    found: list[Any] = (await somebody.get("/audit", limit=100, **params))["items"]
    return found


async def who(somebody: Person, **params: Any) -> set[str]:
    """Return the personas whose entries somebody sees."""
    rows = await db.fetch("SELECT id::text, demo FROM person")
    names = {row["id"]: row["demo"] for row in rows}
    return {names[entry["person"]["id"]] for entry in await entries(somebody, **params) if entry["person"]}


EVERYBODY = (
    *("resident", "grid_head", "other_grid_head", "community", "other_community", "street", "property"),
    *("other_property", "department", "auditor", "admin"),
)


async def test_each_sees_the_people_of_their_own_place(people_of: Everybody) -> None:
    signed_in = dict(zip(EVERYBODY, await people_of(*EVERYBODY), strict=True))
    assert await who(signed_in["community"]) == {"grid_head", "other_grid_head", "community", "property"}
    assert await who(signed_in["other_community"]) == {"other_community", "other_property"}
    whole = set(EVERYBODY) - {"resident"}  # what residents do at home is nobody's business
    for persona in ("street", "auditor", "admin"):
        assert await who(signed_in[persona]) == whole


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
    assert (entry["address"], entry["data"]) == ("127.0.0.1", {})
    assert entry["at"].endswith("Z")


async def test_refusals_are_seen_with_the_route_alone(people_of: Everybody) -> None:
    head, community = await people_of("grid_head", "community")
    problem(await head.ask("GET", "/posts"), 403)
    (entry,) = await entries(community, type="refused")
    assert entry["label"] == "越权操作被拒绝"
    assert entry["data"] == {"path": "/api/v1/posts"}


async def test_what_is_done_to_a_post_is_seen_from_below_and_above(
    people_of: Everybody, reloaded: None
) -> None:
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
    resident = await db.fetchrow("SELECT id FROM person WHERE demo = 'resident'")
    assert resident is not None
    assert await entries(street, person_id=str(resident["id"])) == []


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
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in label) for label in LABEL.values())
