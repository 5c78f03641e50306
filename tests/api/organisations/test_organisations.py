"""Setting up companies and departments: for one's own places, dispatched to at once."""

import asyncio
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from app import db
from tests import world
from tests.keys import machine
from tests.world import MADE_UP, Everybody, Person, answer, id_of_code, problem


async def add(somebody: Person, at: str = "wss", headers: Any = None, **changes: Any) -> httpx.Response:
    body = {"name": "新物业", "kind": "property", "skills": ["property"], "place_ids": [await id_of_code(at)]}
    return await somebody.ask("POST", "/organisations", json=body | changes, headers=headers or {})


async def change(somebody: Person, organisation_id: str, **changes: Any) -> httpx.Response:
    return await somebody.ask("PATCH", f"/organisations/{organisation_id}", json=changes)


async def test_a_new_company_is_dispatched_to_at_once(people_of: Everybody) -> None:
    community, resident, head = await people_of("community", "resident", "grid_head")
    ticket = await resident.report()
    made = answer(await add(community), 201)
    assert (made["name"], made["kind_name"], made["skills"]) == ("新物业", "物业公司", ["property"])
    assert made["place_ids"] == [await id_of_code("wss")]
    assert made["code"]
    await head.act("accept", ticket)
    sent = await head.act("dispatch", ticket, organisation_id=made["id"])
    assert sent["organisation"]["name"] == "新物业"
    (entry,) = await db.fetch("SELECT * FROM audit WHERE type = 'organisation_added'")
    assert str(entry["subject_id"]) == made["id"]


async def test_what_is_given_changes_and_the_rest_stays(people_of: Everybody) -> None:
    community, head = await people_of("community", "grid_head")
    made = answer(await add(community), 201)
    renamed = answer(await change(community, made["id"], name="新安物业"))
    assert renamed == made | {"name": "新安物业"}
    estate = await id_of_code("wss-cwy")
    moved = answer(await change(community, made["id"], place_ids=[estate], skills=[]))
    assert moved == renamed | {"place_ids": [estate], "skills": []}
    listed = (await head.get("/organisations", place_id=await head.place()))["items"]
    assert "新安物业" not in {company["name"] for company in listed}
    assert answer(await change(community, made["id"])) == moved
    rows = await db.fetch("SELECT FROM audit WHERE type = 'organisation_changed'")
    assert len(rows) == 2


@pytest.mark.parametrize("persona", ["admin", "street", "community"])
async def test_all_organisations_of_a_place_are_listed_whether_or_not_anybody_acts_for_them(
    people_of: Everybody, persona: str
) -> None:
    somebody, street = await people_of(persona, "street")
    for name, code in (("大楼物业", "wss-944"), ("街道物业", "rh"), ("柏林物业", "bl")):
        answer(await add(street, code, name=name), 201)
    place = await id_of_code("wss")
    names = [one["name"] for one in (await somebody.get("/organisations", place_id=place))["items"]]
    assert {"大楼物业", "街道物业", "人和物业", "城管"} <= set(names)
    assert "柏林物业" not in names
    assert names.index("街道物业") < names.index("大楼物业")  # a part of the place comes after all of it
    offered = await street.get("/organisations", place_id=place, category="stair_light")
    assert "大楼物业" not in {one["name"] for one in offered["items"]}


@pytest.mark.parametrize(
    ("persona", "code", "status"),
    [
        *(("admin", "wss", 200), ("admin", "wss-944", 200), ("admin", None, 404), ("admin", "", 422)),
        *(("auditor", "wss", 403), ("resident", "wss", 403), ("property", "wss", 403)),
    ],
)
async def test_an_admin_asks_about_their_own_places(
    people_of: Everybody, persona: str, code: str | None, status: int
) -> None:
    (somebody,) = await people_of(persona)
    place = MADE_UP if code is None else await id_of_code(code) if code else "x"
    answer(await somebody.ask("GET", "/organisations", params={"place_id": place}), status)


@pytest.mark.parametrize(
    ("persona", "code", "status"),
    [
        *(("community", "wss", 201), ("community", "wss-944", 201), ("other_community", "bl", 201)),
        *(("street", "rh", 201), ("street", "wss", 201), ("admin", "rh", 201)),
        *(("community", "bl", 404), ("community", "rh", 403)),
        *((persona, "wss", 403) for persona in ("resident", "member", "grid_head", "property", "auditor")),
    ],
)
async def test_one_sets_up_what_serves_ones_own_place(
    people_of: Everybody, persona: str, code: str, status: int
) -> None:
    (somebody,) = await people_of(persona)
    before = await db.fetchrow("SELECT count(*) FROM organisation")
    answer(await add(somebody, code), status)
    if status != 201:
        assert await db.fetchrow("SELECT count(*) FROM organisation") == before


@pytest.mark.parametrize(
    ("persona", "code", "status"),
    [
        *(("community", "rhwy", 200), ("community", "ajwy", 404), ("community", "cg", 403)),
        *(("other_community", "ajwy", 403), ("other_community", "rhwy", 404), ("street", "ajwy", 200)),
        *(("admin", "cg", 200), ("grid_head", "rhwy", 403), ("property", "rhwy", 403)),
    ],
)
async def test_one_changes_what_serves_ones_own_place_only(
    people_of: Everybody, persona: str, code: str, status: int
) -> None:
    (somebody,) = await people_of(persona)
    answer(await change(somebody, await id_of_code(code)), status)


async def test_a_company_is_not_sent_where_one_has_no_say(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    own, theirs = await id_of_code("wss"), await id_of_code("bl")
    told = [
        problem(await add(community, place_ids=[own, place]), 404) | {"request_id": ""}
        for place in (theirs, MADE_UP)
    ]
    assert told[0] == told[1]
    made = answer(await add(community), 201)
    problem(await change(community, made["id"], place_ids=[own, theirs]), 404)
    problem(await change(community, MADE_UP), 404)
    problem(await community.ask("PATCH", "/organisations/x", content=b"{"), 404)


@pytest.mark.parametrize(
    "changes",
    [
        *({"name": ""}, {"name": "新" * 201}, {"kind": "club"}, {"skills": [""]}, {"skills": ["x" * 65]}),
        *({"place_ids": []}, {"place_ids": ["x"]}, {"code": "a b"}, {"id": MADE_UP}),
    ],
)
async def test_a_company_must_make_sense(people_of: Everybody, changes: Any) -> None:
    (community,) = await people_of("community")
    problem(await add(community, **changes), 422)


async def test_a_blank_code_is_as_if_absent(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    assert len(answer(await add(community, code=" "), 201)["code"]) == 12


async def test_grids_and_repeated_places_are_refused(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    said = problem(await add(community, "wss-g4"), 422)
    assert said["errors"][0]["pointer"] == "/place_ids"
    place = await id_of_code("wss")
    problem(await add(community, place_ids=[place, place]), 422)


async def test_a_code_is_given_once(people_of: Everybody) -> None:
    community, street = await people_of("community", "street")
    both = await asyncio.gather(*(add(one, code="xwy") for one in (community, street)))
    assert sorted(one.status_code for one in both) == [201, 409]


async def test_a_repeated_setup_is_the_same_one(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    key = {"Idempotency-Key": "k"}
    twins = await asyncio.gather(*(add(community, headers=key) for _ in range(3)))
    made = [answer(twin, 201) for twin in twins]
    assert made[0] == made[1] == made[2]
    assert sorted("idempotent-replayed" in twin.headers for twin in twins) == [False, True, True]
    problem(await add(community, headers=key, name="新新物业"), 422)


async def test_who_replaces_the_places_sees_those_of_who_was_faster(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    made = answer(await add(community), 201)
    mine, theirs = await id_of_code("wss-cwy"), await id_of_code("wss-fkl")
    async with db.transaction() as session:
        faster = await session.connection()
        await faster.execute(sa.text("UPDATE setup SET version = version + 1"))
        await faster.execute(
            sa.text("INSERT INTO service_area (organisation_id, place_id) VALUES (:organisation, :place)"),
            {"organisation": made["id"], "place": theirs},
        )
        waiting = asyncio.create_task(change(community, made["id"], place_ids=[mine]))
        done, _ = await asyncio.wait({waiting}, timeout=0.3)
        assert not done
    assert answer(await waiting)["place_ids"] == [mine]


async def test_two_changes_at_once_leave_one_of_both(people_of: Everybody) -> None:
    community, street = await people_of("community", "street")
    made = answer(await add(community), 201)
    places = [[await id_of_code("wss-cwy")], [await id_of_code("wss-fkl")]]
    both = await asyncio.gather(
        *(change(one, made["id"], place_ids=p) for one, p in zip((community, street), places, strict=True))
    )
    assert [one.status_code for one in both] == [200, 200]
    rows = await db.fetch("SELECT place_id::text FROM service_area WHERE organisation_id = $1", made["id"])
    assert [row["place_id"] for row in rows] in places


async def test_a_company_reads_whom_it_could_propose_when_it_hands_back(people_of: Everybody) -> None:
    resident, head, company, other, community = await people_of(
        "resident", "grid_head", "property", "other_property", "community"
    )
    ticket = await resident.report()
    problem(await company.ask("GET", f"/organisations?ticket_id={ticket['id']}"), 404)  # not theirs yet
    await head.dispatch(ticket)
    offered = (await company.get("/organisations", ticket_id=ticket["id"]))["items"]
    serving = (await head.get("/organisations", place_id=ticket["place"]["id"], category="stair_light"))[
        "items"
    ]
    assert {each["id"] for each in offered} == {each["id"] for each in serving if each["name"] != "人和物业"}
    assert {(*each, each["default"]) for each in offered} == {
        ("id", "name", "kind", "kind_name", "default", False)
    }
    assert (await head.get("/organisations", ticket_id=ticket["id"], category="stair_light"))[
        "items"
    ] == serving
    problem(await other.ask("GET", f"/organisations?ticket_id={ticket['id']}"), 404)
    problem(await resident.ask("GET", f"/organisations?ticket_id={ticket['id']}"), 403)
    problem(await company.ask("GET", f"/organisations?place_id={ticket['place']['id']}"), 403)
    proposed = next(each for each in offered if each["name"] == "城管")
    await company.act("hand_back", ticket, reason="needs_other", proposed_organisation_id=proposed["id"])
    problem(await company.ask("GET", f"/organisations?ticket_id={ticket['id']}"), 404)
    seen = [
        (await each.get(f"/tickets/{ticket['id']}/events"))["items"][-1] for each in (community, resident)
    ]
    assert [each["label"] for each in seen] == ["已退回，建议派给城管", "已退回"]


@pytest.mark.parametrize("code", ["rhwy", "ajwy"])
async def test_a_company_proposes_neither_itself_nor_who_does_not_serve_the_place(
    people_of: Everybody, code: str
) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await world.brought("dispatched", resident, head, company)
    row = await db.fetchrow("SELECT id::text FROM organisation WHERE code = $1", code)
    assert row
    refused = problem(
        await company.try_to("hand_back", ticket, reason="needs_other", proposed_organisation_id=row["id"]),
        422,
    )
    assert refused["errors"] == [
        {"pointer": "/proposed_organisation_id", "detail": "只能建议另一家服务这个地点的单位"}
    ]


async def test_a_key_reads_whom_it_could_propose_and_a_called_department_does_not(
    people_of: Everybody, http: httpx.AsyncClient
) -> None:
    resident, head, community, department = await people_of(
        "resident", "grid_head", "community", "department"
    )
    ticket = await resident.report()
    await head.dispatch(ticket)
    called = await community.organisation(ticket, "城管")
    await community.act("call_up", ticket, organisation_ids=[called], text="来看看")
    system = await machine(http)
    names = {each["name"] for each in (await system.get("/organisations", ticket_id=ticket["id"]))["items"]}
    assert "城管" in names
    assert "人和物业" not in names
    problem(await department.ask("GET", f"/organisations?ticket_id={ticket['id']}"), 403)
    blind = await machine(http, "webhooks:manage")
    problem(await blind.ask("GET", f"/organisations?ticket_id={ticket['id']}"), 403)


@pytest.mark.parametrize("asked", ["", "place_id={place}&ticket_id={ticket}", "ticket_id=nonsense"])
async def test_one_asks_by_a_place_or_by_a_ticket(people_of: Everybody, asked: str) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    query = asked.format(place=ticket["place"]["id"], ticket=ticket["id"])
    problem(await head.ask("GET", f"/organisations?{query}"), 422)


@pytest.mark.parametrize(
    ("persona", "status", "changeable"),
    [
        ("community", 200, False),
        ("street", 200, True),
        ("admin", 200, True),
        ("grid_head", 403, None),
        ("property", 403, None),
    ],
)
async def test_one_company_is_read_by_who_runs_a_place_it_serves(
    people_of: Everybody, persona: str, status: int, changeable: bool | None
) -> None:
    street, somebody = await people_of("street", persona)
    made = answer(await add(street, place_ids=[await id_of_code("wss"), await id_of_code("bl")]), 201)
    read = answer(await somebody.ask("GET", f"/organisations/{made['id']}"), status)
    if status == 200:
        assert read == made | {"changeable": changeable}
        answer(await change(somebody, made["id"]), 200 if changeable else 403)


async def test_one_that_serves_elsewhere_only_is_not_found(people_of: Everybody) -> None:
    street, other = await people_of("street", "other_community")
    made = answer(await add(street, place_ids=[await id_of_code("wss")]), 201)
    for organisation_id in (made["id"], MADE_UP, "nonsense"):
        problem(await other.ask("GET", f"/organisations/{organisation_id}"), 404)
