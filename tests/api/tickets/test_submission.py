"""A report: what it must and may not say, where it goes, by when, and how many one may make."""

import json
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from app import clock, db
from app.enums import SHANGHAI
from tests import world
from tests.texts import BLANKS, CHINESE
from tests.world import Everybody, Person, answer, problem

FOURTH = {"post": "head", "role_name": "网格长", "label": "万寿山社区第四网格", "name": "陈网格长"}


async def tried(person: Person, **changes: Any) -> Any:
    """Try to report the stair light with `changes`; `...` leaves a field out."""
    body = {"category": "stair_light", "place_id": await person.place(), "description": "灯不亮"} | changes
    body = {name: value for name, value in body.items() if value is not ...}
    headers = {"content-type": "application/json"}
    return await person.ask("POST", "/tickets", content=json.dumps(body), headers=headers)


def at(refusal: Any) -> list[str]:
    """Return where the refusal points; every sentence is Chinese and what was typed is not repeated."""
    said = problem(refusal, 422, "invalid")
    assert said["errors"]
    assert all(CHINESE.search(error["detail"]) for error in said["errors"]), said
    assert CHINESE.search(said["title"])
    return [error["pointer"] for error in said["errors"]]


@pytest.fixture
async def away(http: object) -> AsyncIterator[Any]:
    """Send posts of the fourth grid away today, as `away("head", "deputy")`."""

    async def send(*roles: str, first: int = 0, last: int | None = 0) -> None:
        today = clock.now().astimezone(SHANGHAI).date()
        end = None if last is None else today + timedelta(days=last)
        await db.fetch(
            f"UPDATE post SET absent_from = $2, absent_until = $3 WHERE role = ANY($1::text[]) AND {_HERE}",
            list(roles),
            today + timedelta(days=first),
            end,
        )
        await db.fetch("UPDATE setup SET version = version + 1")

    yield send
    await db.fetch(f"UPDATE post SET absent_from = NULL, absent_until = NULL WHERE {_HERE}")
    await db.fetch("UPDATE setup SET version = version + 1")


_HERE = "place_id IN (SELECT id FROM place WHERE code IN ('wss-g4', 'wss'))"


# What a report says.


async def test_a_report_says_what_it_was_told_and_where_it_went(people_of: Everybody) -> None:
    """Readable number of the day, holder, clocks of its category running from now."""
    (resident,) = await people_of("resident")
    before = clock.now()
    ticket = await resident.report(place_note="3楼", occurred_at=(before - timedelta(hours=1)).isoformat())
    created = datetime.fromisoformat(ticket["created_at"])
    assert before <= created <= clock.now()
    assert re.fullmatch(f"{created.astimezone(SHANGHAI):%y%m%d}-\\d+", ticket["no"])
    assert (ticket["status"], ticket["status_name"], ticket["origin"]) == ("new", "待受理", "resident")
    assert ticket["category"] == {
        "code": "stair_light", "zh": "楼道灯不亮", "en": "Stair light out", "name": "楼道灯不亮", "level": "E2"
    }  # fmt: skip
    assert ticket["place"]["path"] == ["人和街道", "万寿山社区", "人和家园", "944号", "4单元"]
    assert (ticket["place_note"], ticket["description"]) == ("3楼", "楼道灯不亮")
    assert (ticket["level"], ticket["holder"], ticket["version"]) == (1, FOURTH, 1)
    assert datetime.fromisoformat(ticket["sla"]["accept_due"]) == created + timedelta(minutes=30)
    assert datetime.fromisoformat(ticket["sla"]["resolve_due"]) == created + timedelta(minutes=1440)
    assert ticket["sla"]["overdue"] is False
    assert ticket["created_at"].endswith("Z")
    assert await resident.ticket(ticket["id"]) == ticket


async def test_a_photo_alone_is_a_report(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    photo = await resident.photo()
    ticket = await resident.report(description=None, photo_ids=[photo])
    assert ticket["description"] is None
    assert [shown["id"] for shown in ticket["photos"]] == [photo]


async def test_nine_photos_are_a_report(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    photos = [await resident.photo() for _ in range(9)]
    ticket = await resident.report(photo_ids=photos)
    assert [shown["id"] for shown in ticket["photos"]] == photos


async def test_text_is_kept_clean(people_of: Everybody) -> None:
    """Zero-width and bidi controls go, scripts and emoji stay, the two-thousandth character included."""
    (resident,) = await people_of("resident")
    ticket = await resident.report(description="  灯\u200b不\u202e亮 👨‍👩‍👧 托胡达汗·布皮\n𠮷  ")
    assert ticket["description"] == "灯不亮 👨‍👩‍👧 托胡达汗·布皮\n𠮷"
    assert len((await resident.report(description="𠮷" * 2000))["description"]) == 2000


async def test_an_emergency_is_taken_like_any_other(people_of: Everybody) -> None:
    """The number to call is the catalogue's to show; the report comes in with its five minutes."""
    (resident,) = await people_of("resident")
    kinds = {kind["code"]: kind for kind in (await resident.get("/categories"))["items"]}
    assert kinds["lift_trapped"]["emergency_phone"] == "96333"
    ticket = await resident.report(category="lift_trapped", description="有人困在电梯里")
    assert (ticket["category"]["level"], ticket["holder"]) == ("E0", FOURTH)
    created = datetime.fromisoformat(ticket["created_at"])
    assert datetime.fromisoformat(ticket["sla"]["accept_due"]) == created + timedelta(minutes=5)


async def test_every_category_can_be_reported(people_of: Everybody) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    kinds = [kind["code"] for kind in (await resident.get("/categories"))["items"]]
    for n, kind in enumerate(kinds):
        made = await (resident, neighbour)[n % 2].report(category=kind)
        assert made["category"]["code"] == kind


@pytest.mark.parametrize("blank", BLANKS)
async def test_an_optional_text_left_blank_is_as_if_absent(people_of: Everybody, blank: str) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report(place_note=blank, contact_phone=blank)
    assert (ticket["place_note"], ticket["reporter"]["phone_masked"]) == (None, None)
    told = await head.report(on_behalf_of={"name": "王大妈", "phone": blank})
    assert told["reporter"]["phone_masked"] is None
    photo = await resident.photo()
    assert (await resident.report(description=blank, photo_ids=[photo]))["description"] is None


async def test_a_little_ahead_of_our_clock_is_still_now(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    assert await resident.report(occurred_at=(clock.now() + timedelta(minutes=4)).isoformat())
    assert await resident.report(occurred_at="2020-02-29T23:59:59+08:00")


# What is refused.

BAD: list[tuple[dict[str, Any], str]] = [
    ({"category": ...}, "/category"),
    ({"category": None}, "/category"),
    ({"category": 5}, "/category"),
    ({"category": "no_such"}, "/category"),
    ({"category": "stair_light\x00"}, "/category"),
    ({"category": "x" * 65}, "/category"),
    ({"place_id": ...}, ""),
    ({"place_id": "944号"}, "/place_id"),
    ({"place_id": 944}, "/place_id"),
    ({"place_id": ["x"]}, "/place_id"),
    ({"place_id": str(uuid4())}, "/place_id"),
    ({"description": ...}, ""),
    ({"description": None}, ""),
    ({"description": 5}, "/description"),
    ({"description": ["灯"]}, "/description"),
    ({"description": "灯\x00不亮"}, "/description"),
    ({"description": "灯\x1b[31m"}, "/description"),
    ({"description": "灯\ud83d"}, "/description"),
    ({"description": "灯" * 2001}, "/description"),
    ({"description": "灯" * 30_000}, "/description"),
    *(({"description": blank}, "") for blank in BLANKS),
    ({"place_note": "楼" * 201}, "/place_note"),
    ({"photo_ids": "x"}, "/photo_ids"),
    ({"photo_ids": ["x"]}, "/photo_ids/0"),
    ({"photo_ids": [None]}, "/photo_ids/0"),
    ({"photo_ids": [str(uuid4())]}, "/photo_ids"),
    ({"photo_ids": [str(uuid4()) for _ in range(10)]}, "/photo_ids"),
    ({"anonymous": "maybe"}, "/anonymous"),
    ({"anonymous": 1}, "/anonymous"),
    ({"anonymous": None}, "/anonymous"),
    ({"contact_phone": "1381234"}, "/contact_phone"),
    ({"contact_phone": "1" * 41}, "/contact_phone"),
    ({"contact_phone": "138\x0012345678"}, "/contact_phone"),
    ({"on_behalf_of": {"name": "王大妈"}}, "/on_behalf_of"),  # a resident speaks for themselves
    ({"on_behalf_of": "王大妈"}, "/on_behalf_of"),
    ({"channel": "call"}, "/channel"),  # a resident's report came by itself
    ({"channel": "pigeon"}, "/channel"),
    ({"on_behalf_of": {"name": "<b>"}}, "/on_behalf_of/name"),
    ({"on_behalf_of": {"openid": "x"}}, "/on_behalf_of/openid"),
    ({"occurred_at": "昨天"}, "/occurred_at"),
    ({"occurred_at": "2026-01-01T08:00:00"}, "/occurred_at"),
    ({"occurred_at": "9999-12-31T23:59:59-14:00"}, "/occurred_at"),
    ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "/occurred_at"),
    ({"occurred_at": 1e300}, "/occurred_at"),
    ({"position": {"lat": 91, "lng": 106}}, "/position/lat"),
    ({"position": {"lat": -90.01, "lng": 106}}, "/position/lat"),
    ({"position": {"lat": 29, "lng": 180.5}}, "/position/lng"),
    ({"position": {"lat": float("nan"), "lng": 106}}, "/position/lat"),
    ({"position": {"lat": 29, "lng": float("inf")}}, "/position/lng"),
    ({"position": {"lat": 10**400, "lng": 106}}, "/position/lat"),
    ({"position": {"lat": "29", "lng": 106}}, "/position/lat"),
    ({"position": {"lat": True, "lng": 106}}, "/position/lat"),
    ({"position": {"lat": 29}}, "/position/lng"),
    ({"position": [29, 106]}, "/position"),
    ({"more": 1}, "/more"),
    ({"a/b~c": 1}, "/a~1b~0c"),
    ({"\ud800": 1}, ""),
    *(
        ({name: value}, f"/{name}")
        for name, value in {
            "id": str(uuid4()), "no": "1", "status": "closed", "level": 3, "version": 7, "origin": "staff",
            "holder_id": str(uuid4()), "reporter_id": str(uuid4()), "created_at": "2026-01-01T00:00:00Z",
            "rating": 5, "verdict": "solved", "points": 100, "followers": 9, "sla": {},
        }.items()
    ),
]  # fmt: skip


async def test_what_cannot_be_a_report_is_refused_at_its_place_in_chinese(people_of: Everybody) -> None:
    """422 with a JSON pointer, for each of a long list; nothing is written."""
    (resident,) = await people_of("resident")
    before = await world.written()
    for changes, pointer in BAD:
        refused = await tried(resident, **changes)
        assert refused.status_code == 422, (str(changes)[:80], refused.text)
        assert pointer in at(refused), str(changes)[:80]
    assert await world.written() == before


async def test_a_body_that_is_no_object_is_refused(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    before = await world.written()
    headers = {"content-type": "application/json"}
    for body in (
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b"{}{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' + b"1" * 5000 + b"}",
    ):
        refused = await resident.ask("POST", "/tickets", content=body, headers=headers)
        assert refused.status_code in {400, 422}, (body[:20], refused.text)
        problem(refused, refused.status_code)
    form = await resident.ask("POST", "/tickets", data={"category": "stair_light"})
    problem(form, 415, "unsupported-media-type")
    big = await resident.ask(
        "POST", "/tickets", content=b'{"description": "' + b"x" * 300_000, headers=headers
    )
    problem(big, 413, "too-large")
    assert await world.written() == before  # fmt: skip


async def test_somebody_elses_photo_is_refused(people_of: Everybody) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    assert at(await tried(resident, photo_ids=[await neighbour.photo()])) == ["/photo_ids"]


async def test_a_photo_that_was_used_or_comes_twice_is_refused(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    used, fresh = await resident.photo(), await resident.photo()
    await resident.report(photo_ids=[used])
    before = await world.written()
    assert at(await tried(resident, photo_ids=[fresh, used])) == ["/photo_ids"]
    assert at(await tried(resident, photo_ids=[fresh, fresh])) == ["/photo_ids"]
    assert await world.written() == before
    assert await resident.report(photo_ids=[fresh])


async def test_the_twenty_first_report_in_an_hour_is_429(people_of: Everybody) -> None:
    """For one resident only; staff are not counted, and an hour later it goes on."""
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    for _ in range(20):
        await resident.report()
        await head.report()
    refused = await tried(resident)
    problem(refused, 429, "too-many")
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert await neighbour.report()
    assert await head.report()
    clock.travel(timedelta(minutes=61))
    (resident,) = await people_of("resident")  # half an hour is all an access token lives
    assert await resident.report()


# Who speaks, and for whom.


async def test_staff_report_what_they_saw_and_what_they_were_told(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    assert (await head.report())["origin"] == "staff"
    told = await head.report(on_behalf_of={"name": "王大妈", "phone": "138 1234 5678"})
    assert told["reporter"]["phone_masked"] == "138****5678"
    assert await head.get(f"/tickets/{told['id']}/phone") == {"phone": "+8613812345678", "name": "王大妈"}
    pointers = at(await tried(head, on_behalf_of={"name": "王大妈", "phone": "1234567890123"}))
    assert pointers == ["/on_behalf_of/phone"]


@pytest.mark.parametrize(
    ("persona", "origin"),
    [
        *((role, "staff") for role in ("member", "grid_head", "deputy", "community", "street")),
        *((role, "partner") for role in ("property", "department")),
        *((role, "resident") for role in ("neighbour", "other_grid_head", "auditor", "admin")),
    ],
)
async def test_a_report_says_in_which_capacity_it_was_made(
    people_of: Everybody, persona: str, origin: str
) -> None:
    """Patrol and visit: whoever works here reports as staff; whoever merely oversees or works elsewhere, as a resident."""
    (somebody,) = await people_of(persona)
    assert (await somebody.report())["origin"] == origin


async def test_on_patrol_a_position_is_enough_also_for_somebody_else(people_of: Everybody) -> None:
    member, resident = await people_of("member", "resident")
    here = {"lat": 29.59963, "lng": 106.52901}
    told = await member.report(place_id=None, position=here, on_behalf_of={"phone": "13812345678"})
    assert (told["origin"], told["holder"]["label"]) == ("staff", FOURTH["label"])
    assert told["reporter"]["phone_masked"] == "138****5678"
    far = {"lat": 29.5934, "lng": 106.5287}  # of the community, of no building
    told = await member.report(place_id=None, position=far, on_behalf_of={"name": "王大妈"})
    assert (told["origin"], told["holder"]) == ("staff", None)  # in the community's unassigned queue
    problem(await resident.ask("GET", f"/tickets/{told['id']}"), 404)


async def test_a_number_is_never_dropped_in_silence(people_of: Everybody) -> None:
    (member,) = await people_of("member")
    both = await tried(member, on_behalf_of={"phone": "13812345678"}, contact_phone="13900000000")
    assert at(both) == ["/contact_phone"]


async def test_staff_who_reported_and_resolved_cannot_confirm_it_themselves(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    ticket = await head.report()
    await head.act("accept", ticket)
    done = await head.resolve(ticket)
    assert "confirm" not in done["actions"]
    problem(await head.try_to("confirm", done, verdict="solved", rating=5), 409, "wrong-state")


async def test_staff_of_elsewhere_are_residents_here(people_of: Everybody) -> None:
    (elsewhere,) = await people_of("other_community")
    assert (await elsewhere.report())["origin"] == "resident"


# Who reports for somebody in 944号, where none but the first works, and whether they may.
ON_BEHALF = [
    *(("grid_head", True), ("other_grid_head", True), ("other_community", True)),
    *(
        ("resident", False),
        ("property", False),
        ("other_property", False),
        ("auditor", False),
        ("admin", False),
    ),
]


@pytest.mark.parametrize(("persona", "may"), ON_BEHALF)
async def test_whoever_takes_a_call_files_it_wherever_it_is(
    persona: str, may: bool, people_of: Everybody
) -> None:
    """By staff, routed as every report; the caller's number is for whoever handles it."""
    taker, head = await people_of(persona, "grid_head")
    caller = {"name": "王大妈", "phone": "13812345678"}
    if not may:
        assert at(await tried(taker, on_behalf_of=caller)) == ["/on_behalf_of"]
        return
    told = await taker.report(on_behalf_of=caller, channel="call")
    assert (told["origin"], told["holder"]["label"]) == ("staff", FOURTH["label"])
    assert (await head.ticket(told["id"]))["reporter"]["phone_masked"] == "138****5678"
    assert (await head.get(f"/tickets/{told['id']}/phone"))["phone"] == "+8613812345678"


async def test_a_company_reports_for_its_own_places(people_of: Everybody) -> None:
    company, elsewhere = await people_of("property", "other_property")
    assert (await company.report())["origin"] == "partner"
    assert (await elsewhere.report())["origin"] == "resident"


# Where it goes.


async def test_the_nearest_cover_decides_the_grid(people_of: Everybody) -> None:
    """944号 is the fourth grid's though its estate is the third's."""
    (resident,) = await people_of("resident")
    for said, label in (("944号", "第四网格"), ("人和家园936号", "第三网格"), ("人和家园", "第三网格")):
        ticket = await resident.report(place_id=await resident.place(said))
        assert ticket["holder"]["label"] == f"万寿山社区{label}", said


async def test_an_absent_head_is_answered_for_by_the_deputy_then_duty_then_the_community(
    people_of: Everybody, away: Any
) -> None:
    (resident,) = await people_of("resident")
    for absent, holder, level in (
        ((), FOURTH, 1),
        (("head",), FOURTH | {"post": "deputy", "role_name": "副网格长", "name": "赵副网格长"}, 1),
        (("head", "deputy"), FOURTH | {"post": "duty", "role_name": "值班员", "name": "钱值班员"}, 1),
        (
            ("head", "deputy", "duty"),
            {"post": "community", "role_name": "社区工作人员", "label": "万寿山社区", "name": "李社工"},
            2,
        ),
    ):
        await away(*absent)
        ticket = await resident.report()
        assert (ticket["holder"], ticket["level"]) == (holder, level), absent


async def test_with_nobody_left_the_ticket_still_has_a_holder(people_of: Everybody, away: Any) -> None:
    """The community holds it though nobody answers there today; the street above may act."""
    resident, street = await people_of("resident", "street")
    await away("head", "deputy", "duty", "community")
    ticket = await resident.report()
    nobody = {"post": None, "role_name": None, "label": "万寿山社区", "name": None}
    assert ticket["holder"] == nobody
    assert (await street.act("accept", ticket))["status"] == "accepted"


async def test_absence_has_a_first_and_a_last_day(people_of: Everybody, away: Any) -> None:
    """Both days are away; without a last day it has no end."""
    (resident,) = await people_of("resident")
    for first, last, post in (
        (0, 0, "deputy"),
        (-3, 0, "deputy"),
        (1, 2, "head"),
        (-3, -1, "head"),
        (-9, None, "deputy"),
    ):
        await away("head", first=first, last=last)
        assert (await resident.report())["holder"]["post"] == post, (first, last)  # fmt: skip


async def test_a_place_without_a_grid_waits_in_its_communitys_unassigned_box(people_of: Everybody) -> None:
    """The community itself has no grid: nobody holds the ticket, the community and street see it, others do not."""
    resident, community, street, elsewhere, head = await people_of(
        "resident", "community", "street", "other_community", "grid_head"
    )
    ticket = await resident.report(place_id=await resident.place("万寿山社区"))
    assert ticket["holder"] is None
    for person, sees in ((community, True), (street, True), (elsewhere, False), (head, False)):
        found = (await person.get("/tickets", box="unassigned"))["items"]
        assert [shown["id"] for shown in found] == [ticket["id"]] * sees
    assert (await community.act("accept", ticket))["status"] == "accepted"


async def test_the_whole_street_as_a_place_is_the_streets_to_assign(people_of: Everybody) -> None:
    resident, street, community = await people_of("resident", "street", "community")
    ticket = await resident.report(place_id=await resident.place("人和街道"))
    assert ticket["holder"] is None
    assert [t["id"] for t in (await street.get("/tickets", box="unassigned"))["items"]] == [ticket["id"]]
    assert (await community.get("/tickets", box="unassigned"))["items"] == []
    assert (await street.act("accept", ticket))["status"] == "accepted"


async def test_a_position_within_300_metres_is_the_nearest_building(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report(place_id=None, position={"lat": 29.59963, "lng": 106.52901})
    assert ticket["place"]["path"][-1] == "944号"
    assert ticket["holder"] == FOURTH
    assert ticket["position"] == {"lat": 29.59963, "lng": 106.52901}


async def test_a_position_farther_off_waits_in_the_nearest_communitys_unassigned_box(
    people_of: Everybody,
) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report(place_id=None, position={"lat": 29.5934, "lng": 106.5287})  # 350 m south
    assert (ticket["place"], ticket["holder"]) == (None, None)
    assert [t["id"] for t in (await community.get("/tickets", box="unassigned"))["items"]] == [ticket["id"]]
    assert (await community.act("accept", ticket))["status"] == "accepted"
    assert (await community.dispatch_to_anybody(ticket))["status"] == "dispatched"


@pytest.mark.parametrize(("lat", "lng"), [(0, 0), (90, 180), (-90, -180), (39.9, 116.4)])
async def test_a_position_far_from_every_place_is_refused_unless_a_place_is_given(
    lat: float, lng: float, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    position = {"lat": lat, "lng": lng}
    assert at(await tried(resident, place_id=..., position=position)) == ["/position"]
    assert (await resident.report(position=position))["holder"] == FOURTH


async def test_a_place_counts_more_than_a_position(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report(position={"lat": 29.605749, "lng": 106.542768})
    assert ticket["holder"] == FOURTH


async def test_a_report_tells_its_holder_at_once(people_of: Everybody) -> None:
    """The event and the job that tells of it are written with the ticket."""
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    jobs = await db.fetch("SELECT kind, seq FROM job WHERE ticket_id = $1", ticket["id"])
    assert [tuple(job.values()) for job in jobs] == [("event", 1)]
    assert (
        answer(await resident.ask("GET", f"/tickets/{ticket['id']}/events"))["items"][0]["text"]
        == "楼道灯不亮"
    )


async def test_how_it_came_to_staff_stands_in_the_first_event(people_of: Everybody) -> None:
    head, other, company = await people_of("grid_head", "other_grid_head", "property")
    place = await head.place()
    for channel in ("patrol", "visit", "call", "walk_in", None):
        told = await head.report(channel=channel, on_behalf_of={"name": "王大妈"})
        first = (await head.get(f"/tickets/{told['id']}/events"))["items"][0]
        assert first["data"].get("channel") == channel
    for outside in (other, company):
        assert at(await tried(outside, place_id=place, channel="call")) == ["/channel"]


async def test_what_staff_report_for_nobody_else_they_saw_on_patrol(people_of: Everybody) -> None:
    head, resident = await people_of("grid_head", "resident")
    for reporter, channel in ((head, "patrol"), (resident, None)):
        seen = await reporter.report()
        (first,) = (await reporter.get(f"/tickets/{seen['id']}/events"))["items"]
        assert first["data"].get("channel") == channel
