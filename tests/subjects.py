"""Subjects of the common life, as tests make and move them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from app import clock, db
from app.enums import SHANGHAI
from tests import world
from tests.world import Person, answer

LODGER = "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2aaa"  # who says that they live in the room of a pairing
UNVERSIONED = {"support", "withdraw_support", "sign_up", "cancel_sign_up"}


def ahead(**time: float) -> str:
    """Return a moment of the future as a body says it."""
    return (clock.now() + timedelta(**time)).isoformat(timespec="seconds")


async def made(person: Person, path: str, **body: Any) -> dict[str, Any]:
    """Create a subject at the community unless `place_id` is given; it must succeed."""
    sent = await try_to_make(person, path, **body)
    subject: dict[str, Any] = answer(sent, 201)
    return subject


async def try_to_make(person: Person, path: str, **body: Any) -> httpx.Response:
    """Try to create a subject at the community."""
    body = {"place_id": await world.id_of_code("wss")} | body
    return await person.ask("POST", f"/{path}", json=body)


async def opinion(person: Person, **body: Any) -> dict[str, Any]:
    """Write down what somebody said."""
    return await made(person, "opinions", **{"text": "楼道里堆满了杂物"} | body)


async def topic(person: Person, **body: Any) -> dict[str, Any]:
    """Raise a topic."""
    return await made(person, "topics", **{"title": "东门装充电桩", "text": "飞线充电很危险"} | body)


async def project(person: Person, **body: Any) -> dict[str, Any]:
    """Plan a project."""
    return await made(person, "projects", **{"title": "装两台充电桩", "due_at": ahead(days=30)} | body)


async def activity(person: Person, **body: Any) -> dict[str, Any]:
    """Plan a meeting from tomorrow on, for two hours."""
    times = {"starts_at": ahead(days=1), "ends_at": ahead(days=1, hours=2)}
    return await made(person, "activities", **{"kind": "meeting", "title": "议事会"} | times | body)


async def survey(person: Person, **body: Any) -> dict[str, Any]:
    """Draft a survey of the community for a week."""
    asked = {"kind": "survey", "title": "物业服务评价", "ends_at": ahead(days=7), "households": 1000}
    questions = [{"text": "停车管理", "kind": "rating"}, {"text": "楼道保洁", "kind": "rating"}]
    return await made(person, "surveys", **asked | {"questions": questions} | body)


async def vote(person: Person, **body: Any) -> dict[str, Any]:
    """Draft a vote of the community under the law's general rule."""
    questions = [{"text": "是否续聘物业公司", "kind": "vote"}]
    rule = {"kind": "vote", "title": "续聘物业公司", "rule": {"code": "general"}, "questions": questions}
    return await survey(person, **rule | body)


async def post_of(person: Person) -> str:
    """Return the id of somebody's first post."""
    post_id: str = (await person.get("/me"))["posts"][0]["id"]
    return post_id


async def pairing(person: Person, **body: Any) -> dict[str, Any]:
    """Pair somebody's own post with a household of 944号4单元, who has said yes to the office unless `agreed` is False."""
    if "post_id" not in body:
        body["post_id"] = await post_of(person)
    if "place_id" not in body:
        body["place_id"] = await person.place()
    asked = {"kind": "pairing", "room": "301", "reason": "elderly_alone", "need": "key", "agreed": True}
    return await made(person, "relationships", **asked | body)


async def studio(community: Person, name: str = "老李调解工作室") -> str:
    """Return the id of the community's mediation studio, which 城管 heads in these tests; made once."""
    rows = await db.fetch("SELECT id::text FROM organisation WHERE name = $1", name)
    if rows:
        return str(rows[0]["id"])
    body = {"name": name, "kind": "studio", "place_ids": [await world.id_of_code("wss")]}
    made_id = answer(await community.ask("POST", "/organisations", json=body), 201)["id"]
    await db.fetch(
        "INSERT INTO post (id, role, organisation_id, person_id, created_at, skills) "
        "SELECT gen_random_uuid(), 'agent', $1::uuid, id, now(), '{}' FROM person WHERE demo = 'department'",
        made_id,
    )
    await db.fetch("UPDATE person SET stamp = stamp + 1 WHERE demo = 'department'")
    await db.fetch("UPDATE setup SET version = version + 1")
    return str(made_id)


async def dispute(person: Person, **body: Any) -> dict[str, Any]:
    """Ask the studio to mediate between a resident and 王某."""
    community = await world.sign_in(person.http, "community")
    asked = {"organisation_id": await studio(community), "text": "楼上漏水不肯赔"}
    resident = await world.sign_in(person.http, "resident")
    return await made(resident, "disputes", **asked | {"parties": [{"name": "王某"}]} | body)


async def household(person: Person, room: str = "301", home: str | None = None) -> None:
    """Say which room somebody lives in; in the home they have, unless another is named."""
    place = {"home_id": await person.place(home)} if home else {}
    answer(await person.ask("PATCH", "/me", json={"room": room, **place}))


async def try_to_respond(
    person: Person, survey: Mapping[str, Any], *choices: int, **headers: str
) -> httpx.Response:
    """Try to answer a survey for one's household: a choice a question, in order."""
    answers = [{"question": number, "choices": [choice]} for number, choice in enumerate(choices)]
    return await person.ask(
        "POST", f"/surveys/{survey['id']}/responses", json={"answers": answers}, headers=headers
    )


async def respond(person: Person, survey: Mapping[str, Any], *choices: int) -> dict[str, Any]:
    """Answer a survey for one's household; it must be counted."""
    after: dict[str, Any] = answer(await try_to_respond(person, survey, *choices), 201)
    return after


async def try_to(
    person: Person, path: str, action: str, subject: Mapping[str, Any], **body: Any
) -> httpx.Response:
    """Try an act on the version of the subject that is given."""
    if action not in UNVERSIONED:
        body = {"version": subject["version"]} | body
    headers = body.pop("headers", {})
    return await person.ask("POST", f"/{path}/{subject['id']}/{action}", json=body, headers=headers)


async def act(
    person: Person, path: str, action: str, subject: Mapping[str, Any], **body: Any
) -> dict[str, Any]:
    """Do an act on the subject as it is now; it must succeed."""
    fresh = await person.get(f"/{path}/{subject['id']}")
    after: dict[str, Any] = answer(await try_to(person, path, action, fresh, **body))
    return after


async def events(person: Person, path: str, subject: Mapping[str, Any]) -> list[str]:
    """Return the types of a subject's timeline, without their kind."""
    page = await person.get(f"/{path}/{subject['id']}/events")
    return [event["type"].partition(".")[2] for event in page["items"]]


async def notices(person: Person) -> list[str]:
    """Return the sentences of somebody's notices, newest first, after the worker's work."""
    await world.run_jobs()
    return [notice["label"] for notice in (await person.get("/notices"))["items"]]


async def offer(person: Person, **body: Any) -> dict[str, Any]:
    """Offer five packets of tissues, for nothing."""
    return await made(person, "offers", **{"kind": "goods", "title": "抽纸", "quantity": 5} | body)


async def loan(person: Person, **body: Any) -> dict[str, Any]:
    """Offer five umbrellas, each for three days."""
    return await offer(person, **{"kind": "loan", "title": "雨伞", "days": 3} | body)


async def try_to_reserve(person: Person, offer: Mapping[str, Any], **body: Any) -> httpx.Response:
    """Try to reserve something that is offered."""
    headers = body.pop("headers", {})
    return await person.ask("POST", "/reservations", json={"offer_id": offer["id"]} | body, headers=headers)


async def reserve(person: Person, offer: Mapping[str, Any], **body: Any) -> dict[str, Any]:
    """Reserve something that is offered; it must succeed."""
    reservation: dict[str, Any] = answer(await try_to_reserve(person, offer, **body), 201)
    return reservation


async def reservation(person: Person, **body: Any) -> dict[str, Any]:
    """Reserve one of what this person offers."""
    return await reserve(person, await offer(person), **body)


# What makes one of each kind, by the first part of its path.
MAKERS = {
    "opinions": opinion,
    "topics": topic,
    "projects": project,
    "activities": activity,
    "surveys": survey,
    "offers": offer,
    "reservations": reservation,
    "relationships": pairing,
    "disputes": dispute,
}
# Which acts lead to the status from which an act is possible.
BEFORE: dict[str, dict[str, tuple[str, ...]]] = {
    "opinions": {"tell": ("answer",)},
    "topics": {
        "withdraw_support": ("support",),
        "discuss": ("set",),
        "decide": ("set",),
        "do": ("set", "decide"),
        "finish": ("set", "decide", "do"),
        "review": ("set", "decide", "finish"),
    },
    "projects": {"review": ("finish",)},
    "activities": {
        "sign_up": ("publish",),
        "cancel_sign_up": ("publish", "sign_up"),
        "start": ("publish",),
        "check_in": ("publish", "sign_up", "start"),
        "close": ("publish", "start"),
        "confirm": ("publish", "sign_up", "start", "check_in", "close"),
        "minutes": ("publish", "start"),
    },
    "disputes": {
        **dict.fromkeys(("recuse", "start"), ("assign", "agree")),
        **dict.fromkeys(("record", "settle", "fail"), ("assign", "agree", "start")),
        **dict.fromkeys(("apply", "perform", "breach", "visit"), ("assign", "agree", "start", "settle")),
        "file": ("assign", "agree", "start", "fail"),
        "agreement": ("assign", "agree", "start", "settle"),
    },
    "relationships": {"agree": ("hand_over",)},
    "surveys": {
        "responses": ("open",),
        "result": ("open",),
        "paper": ("open",),
        "close": ("open",),
        "reply": ("open", "close"),
        "to_topic": ("open", "paper", "close"),
        "repeat": ("open", "close"),
    },
    "offers": {"resume": ("pause",)},
    "reservations": {"give_back": ("hand_out",), "write_off": ("hand_out",)},
}
BY_RESIDENT = UNVERSIONED | {"withdraw"}
FOR_ANOTHER = {"tell", "phone"}  # of opinions that staff wrote down for somebody without the program


async def actor_of(path: str, action: str, resident: Person, community: Person) -> Person:
    """Return who does an act in the walks: the resident what residents do, a new helper agrees, else the community.

    Disputes: the resident is a party, the department heads the studio and mediates.
    """
    if path == "disputes":
        return await world.sign_in(community.http, "resident" if action == "withdraw" else "department")
    if (path, action) == ("relationships", "agree"):
        return await world.sign_in(community.http, "member")
    by_resident = action in BY_RESIDENT or (path, action) == ("reservations", "cancel")
    return resident if by_resident else community


def settlement(**changes: Any) -> dict[str, Any]:
    """Return the body of a settlement of today without its version."""
    today = clock.now().astimezone(SHANGHAI).date()
    agreement = {"parties": "住944号的两户", "facts": "水管破裂，天花板受损", "terms": "赔偿修缮费八百元"}
    days = {"effective_on": str(today), "return_visit_on": str(today + timedelta(days=20))}
    how = {"manner": "当面交付", "period": "一周内"}
    return {"form": "written", **days, "agreement": agreement | how} | changes


def draft(place_id: Any, **changes: Any) -> dict[str, Any]:
    """Return the body of an edit of a survey's draft without its version."""
    asked = {
        "title": "物业服务评价（修改）",
        "place_id": place_id,
        "ends_at": ahead(days=9),
        "households": 400,
    }
    return asked | {"questions": [{"text": "电梯", "kind": "rating"}]} | changes


def papers(unit_id: Any, count: int, *choices: int, first: int = 101) -> list[dict[str, Any]]:
    """Return paper ballots of as many rooms of a unit, which all say the same."""
    answers = [{"question": n, "choices": [choice]} for n, choice in enumerate(choices or (1,))]
    return [{"place_id": unit_id, "room": str(first + n), "answers": answers} for n in range(count)]


def body_of(action: str, **known: Any) -> dict[str, Any]:
    """Return the body of an act without its version. `known`: ids of people and places."""
    said = {"text": "已经商定"}
    bodies: dict[str, dict[str, Any]] = {
        "to_ticket": {"category": "stair_light"},
        "to_topic": {"title": "新议题"},
        "to_project": {"title": "新项目", "due_at": ahead(days=3)},
        "postpone": {"due_at": ahead(days=60)} | said,
        "reschedule": {"starts_at": ahead(days=3), "ends_at": ahead(days=3, hours=1)},
        "check_in": {"people": [known.get("resident_id")]},
        "confirm": {"people": [known.get("resident_id")], "hours": 2},
        "paper": {"ballots": papers(known.get("unit_id"), 10)},
        "add_party": {"name": "赵某"},
        "assign": {"person_id": known.get("head_of_studio_id")},
        "recuse": said,
        "fail": said,
        "breach": said,
        "visit": said,
        "record": said,
        "settle": settlement(),
        "hand_over": {"post_id": known.get("post_id")},
        "admit": {"person_id": LODGER},
        "assess": {"need": "high"},
        "call": {"due_at": ahead(days=3)},
        "end": said,
        "repeat": {"title": "再问一次", "ends_at": ahead(days=30)},
        "edit": draft(known.get("community_id")),
        "stock": {"quantity": 5},
        "hand_out": {"code": known.get("code")},
        "write_off": {"quantity": 1, **said} if known.get("kind") == "offers" else said,
        **dict.fromkeys(
            (
                "answer",
                "note",
                "decline",
                "decide",
                "finish",
                "review",
                "report",
                "cancel",
                "minutes",
                "reply",
                "close",
                "end",
                "refuse",
            ),
            said,
        ),
    }
    if (known.get("kind"), action) == ("reservations", "cancel"):  # needs no reason
        return {}
    return bodies.get(action, {})


async def _reserved(action: str, resident: Person, community: Person) -> dict[str, Any]:
    """Return a new reservation of the resident: of an umbrella, for which somebody has to agree if that is the act."""
    agreed = {"needs_grant": action in {"grant", "refuse"}}
    make = offer if action == "hand_out" else loan  # what is lent is not done with
    return await reserve(resident, await make(community, **agreed))


async def known_of(resident: Person) -> dict[str, Any]:
    """Return what bodies of acts name: the resident, their unit, and the post of member, who may look after somebody."""
    (row,) = await db.fetch(
        "SELECT p.id::text FROM post p JOIN person n ON n.id = p.person_id WHERE n.demo = 'member'"
    )
    (head,) = await db.fetch("SELECT id::text FROM person WHERE demo = 'department'")
    me = (await resident.get("/me"))["id"]
    studios = await db.fetch("SELECT id::text FROM organisation WHERE kind = 'studio'")
    known = {
        "resident_id": me,
        "studio_id": studios[0]["id"] if studios else None,
        "unit_id": await resident.place(),
        "community_id": await world.id_of_code("wss"),
        "post_id": row["id"],
    }
    return known | {"head_of_studio_id": head["id"]}


# Somebody who says that they live in a room.
_LODGER = """
INSERT INTO person (id, created_at, name, household_id) VALUES ($1::uuid, now(), '住这里的人', $2::uuid)
ON CONFLICT (id) DO UPDATE SET household_id = excluded.household_id
"""


async def brought(path: str, action: str, resident: Person, community: Person) -> dict[str, Any]:
    """Return a new subject in a status from which `action` is possible; topics of the resident only for `release`."""
    known = await known_of(resident)
    if path == "reservations":
        subject = await _reserved(action, resident, community)
        known["code"] = subject["code"]
    elif path == "offers" and action == "release":
        subject = await offer(await world.sign_in(resident.http, "property"), place_id=known["unit_id"])
    elif action in FOR_ANOTHER:
        subject = await opinion(community, on_behalf_of={"name": "刘奶奶", "phone": "13900000000"})
    else:
        maker = resident if path == "opinions" or action == "release" else community
        subject = await MAKERS[path](maker)
        if action == "admit":
            await db.fetch(_LODGER, LODGER, subject["place"]["id"])
    for step in BEFORE.get(path, {}).get(action, ()):
        person = await actor_of(path, step, resident, community)
        subject = await act(person, path, step, subject, **body_of(step, kind=path, **known))
    return subject
