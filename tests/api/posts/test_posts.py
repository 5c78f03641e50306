"""Who holds which post where: never above one's own level, absent by dates, ended with the next request."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock, db
from app.services.posts import invitations
from app.services.setup.catalogue import today
from tests.world import API, MADE_UP, Everybody, Person, answer, id_of_code, problem


async def invite(somebody: Person, role: str, code: str, **headers: str) -> httpx.Response:
    at = "organisation_id" if role == "agent" else "place_id"
    return await somebody.ask(
        "POST", "/posts", json={"role": role, at: await id_of_code(code)}, headers=headers
    )


async def redeem(somebody: Person, code: str) -> None:
    answer(await somebody.ask("POST", "/me/invitations", json={"code": code}), 201)


async def post_of(somebody: Person) -> str:
    (post,) = (await somebody.get("/me"))["posts"]
    identifier: str = post["id"]
    return identifier


async def listed(somebody: Person, limit: int = 100) -> list[Any]:
    """Return every page of the list."""
    page = await somebody.get("/posts", limit=limit)
    found: list[Any] = page["items"]
    while page["next"]:
        page = await somebody.get("/posts", limit=limit, cursor=page["next"])
        found += page["items"]
    return found


async def labels(somebody: Person) -> set[str]:
    return {post["label"] for post in await listed(somebody)}


async def audited(type_: str) -> list[Any]:
    return await db.fetch("SELECT * FROM audit WHERE type = $1", type_)


# Reading


async def test_each_sees_the_posts_of_their_own_place(people_of: Everybody) -> None:
    community, other, street, admin = await people_of("community", "other_community", "street", "admin")
    seen = await labels(community)
    assert {"万寿山社区 社区工作人员", "万寿山社区第四网格 网格长", "人和物业 经办人"} <= seen
    assert not {label for label in seen if "街道" in label or "柏林" in label or "安居" in label}
    assert "安居物业 经办人" in await labels(other)
    whole = await labels(street)
    assert seen | await labels(other) < whole
    assert whole == await labels(admin)


async def test_a_post_tells_who_holds_it(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    head = next(p for p in (await community.get("/posts", limit=100))["items"] if p["role"] == "head")
    assert head["role_name"] == "网格长"
    assert set(head["person"]) == {"id", "name"}
    assert (head["absent_from"], head["absent_until"], head["invitation_until"]) == (None, None, None)


async def test_pages_join_without_a_gap(people_of: Everybody) -> None:
    (street,) = await people_of("street")
    whole = await listed(street)
    assert [post["id"] for post in whole] == sorted((post["id"] for post in whole), reverse=True)
    assert await listed(street, limit=7) == whole
    problem(await street.ask("GET", "/posts", params={"cursor": "x"}), 422)


@pytest.mark.parametrize("persona", ["resident", "member", "grid_head", "property", "auditor"])
async def test_who_runs_nothing_has_no_list_and_invites_nobody(people_of: Everybody, persona: str) -> None:
    (somebody,) = await people_of(persona)
    problem(await somebody.ask("GET", "/posts"), 403)
    problem(await somebody.ask("POST", "/posts", content=b"{"), 403)
    problem(await invite(somebody, "member", "wss-g4"), 403)


async def test_nobody_is_asked_to_sign_in_first(http: httpx.AsyncClient) -> None:
    for method, path in (("GET", ""), ("POST", ""), ("PATCH", f"/{MADE_UP}"), ("DELETE", f"/{MADE_UP}")):
        problem(await http.request(method, f"{API}/posts{path}"), 401)


async def narrowed(somebody: Person, **wanted: Any) -> set[str]:
    return {post["label"] for post in (await somebody.get("/posts", limit=100, **wanted))["items"]}


async def test_the_list_is_narrowed_to_a_place_a_role_and_what_is_vacant(people_of: Everybody) -> None:
    community, street = await people_of("community", "street")
    fourth = await id_of_code("wss-g4")
    assert await narrowed(community, place_id=fourth) == {
        f"万寿山社区第四网格 {role}" for role in ("网格长", "副网格长", "值班员", "网格员")
    }
    assert await narrowed(community, place_id=fourth, role="deputy") == {"万寿山社区第四网格 副网格长"}
    assert await narrowed(community, vacant=True) == set()
    made = answer(await invite(community, "duty", "wss-g3"), 201)
    for wanted in (
        {"vacant": True},
        {"vacant": True, "place_id": await id_of_code("wss")},
        {"role": "duty", "vacant": True},
    ):
        items = (await community.get("/posts", **wanted))["items"]
        assert [post["id"] for post in items] == [made["id"]]
    assert made["id"] not in {post["id"] for post in await listed(community) if post["person"]}
    assert "万寿山社区第三网格 值班员" not in await narrowed(community, vacant=False)
    assert "万寿山社区第四网格 网格长" not in await narrowed(street, place_id=await id_of_code("bl"))


async def test_by_place_the_list_runs_from_the_street_down_to_the_companies(people_of: Everybody) -> None:
    street, community = await people_of("street", "community")
    answer(await invite(community, "deputy", "wss-g1"), 201)
    found: list[str] = []
    page = await street.get("/posts", order="place", limit=7)
    while True:
        found += [post["label"] for post in page["items"]]
        if page["next"] is None:
            break
        page = await street.get("/posts", order="place", limit=7, cursor=page["next"])
    assert sorted(found) == sorted(post["label"] for post in await listed(street))
    assert found[:4] == [
        *("人和街道 街道工作人员", "人和街道 管理员", "人和街道 监督员"),
        "万寿山社区 社区工作人员",
    ]
    grids = [label for label in found if label.startswith("万寿山社区第")]
    assert grids[:3] == [
        "万寿山社区第一网格 网格长",
        "万寿山社区第一网格 副网格长",
        "万寿山社区第二网格 网格长",
    ]
    assert found.index("柏林社区 社区工作人员") > found.index(grids[-1])
    assert all(label.endswith("经办人") for label in found[-4:])
    problem(await street.ask("GET", "/posts", params={"order": "name"}), 422)


async def test_a_company_is_found_by_the_places_it_serves(people_of: Everybody) -> None:
    community, street = await people_of("community", "street")
    estate, building = await id_of_code("wss-rhjy"), await id_of_code("wss-944")
    assert await narrowed(community, place_id=estate, role="agent") == {"人和物业 经办人"}
    assert (
        await narrowed(community, place_id=building, role="agent") == set()
    )  # it serves the estate, not below 944号
    assert await narrowed(street, place_id=await id_of_code("bl"), role="agent") == {"安居物业 经办人"}


async def test_what_lies_outside_ones_own_place_is_not_found_by_asking(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    for place in (await id_of_code("bl"), await id_of_code("bl-g1"), MADE_UP):
        assert await narrowed(community, place_id=place) == set()
    assert await narrowed(community, place_id=await id_of_code("rh")) == await labels(community)
    for wrong in ({"role": "mayor"}, {"place_id": "x"}, {"vacant": "maybe"}):
        problem(await community.ask("GET", "/posts", params=wrong), 422)


# Inviting


async def test_an_invited_deputy_deputises_with_the_next_request(people_of: Everybody) -> None:
    community, neighbour, resident = await people_of("community", "neighbour", "resident")
    made = answer(await invite(community, "deputy", "wss-g4"), 201)
    assert (made["label"], made["person"]) == ("万寿山社区第四网格 副网格长", None)
    ticket = await resident.report()
    problem(await neighbour.ask("GET", f"/tickets/{ticket['id']}"), 404)
    await redeem(neighbour, made["invitation_code"])
    await neighbour.act("accept", ticket)
    shown = next(post for post in await listed(community) if post["id"] == made["id"])
    assert shown["person"]["id"] == (await neighbour.get("/me"))["id"]
    assert "invitation_code" not in shown
    (entry,) = await audited("invited")
    assert str(entry["subject_id"]) == made["id"]
    assert entry["address"] == "127.0.0.1"


GIVEN = [
    *(("community", role, "wss-g4", 201) for role in ("head", "deputy", "duty", "member")),
    ("community", "agent", "rhwy", 201),
    ("community", "community", "wss", 403),  # colleagues are the admin's to give
    ("community", "street", "rh", 403),
    ("community", "auditor", "wss", 403),
    ("community", "admin", "wss", 403),
    ("community", "head", "bl-g1", 404),
    ("community", "community", "bl", 404),
    ("community", "agent", "ajwy", 404),  # serves other communities only
    ("community", "agent", "cg", 403),  # the street's department
    ("other_community", "agent", "ajwy", 403),  # serves others too
    ("street", "community", "bl", 201),
    ("street", "auditor", "bl", 201),
    ("street", "head", "bl-g1", 201),
    ("street", "agent", "cg", 201),
    ("street", "street", "rh", 403),
    ("street", "auditor", "rh", 403),
    ("street", "admin", "bl", 403),
    *(("admin", role, "rh", 201) for role in ("street", "auditor", "admin")),
    ("admin", "community", "wss", 201),
    ("admin", "agent", "ajwy", 201),
]


@pytest.mark.parametrize(("persona", "role", "code", "status"), GIVEN)
async def test_nobody_gives_a_post_above_their_own_level(
    people_of: Everybody, persona: str, role: str, code: str, status: int
) -> None:
    (somebody,) = await people_of(persona)
    before = await db.fetchrow("SELECT count(*) FROM post")
    answer(await invite(somebody, role, code), status)
    if status != 201:
        assert await db.fetchrow("SELECT count(*) FROM post") == before


async def test_a_place_outside_looks_like_one_that_is_not_there(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    for field, role, code in (("place_id", "head", "bl-g1"), ("organisation_id", "agent", "ajwy")):
        told = []
        for identifier in (await id_of_code(code), MADE_UP):
            refused = await community.ask("POST", "/posts", json={"role": role, field: identifier})
            told.append(problem(refused, 404) | {"request_id": ""})
        assert told[0] == told[1]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"role": "head"},
        {"role": "mayor", "place_id": MADE_UP},
        {"role": "agent", "place_id": MADE_UP},
        {"role": "head", "organisation_id": MADE_UP},
        {"role": "head", "place_id": MADE_UP, "organisation_id": MADE_UP},
        {"role": "head", "place_id": "x"},
        {"role": "head", "place_id": MADE_UP, "person_id": MADE_UP},
    ],
)
async def test_an_invitation_must_make_sense(people_of: Everybody, body: Any) -> None:
    (admin,) = await people_of("admin")
    problem(await admin.ask("POST", "/posts", json=body), 422)


async def test_a_role_is_held_where_it_belongs(people_of: Everybody) -> None:
    (admin,) = await people_of("admin")
    for role, code in (("head", "wss"), ("community", "wss-g4"), ("street", "bl"), ("head", "wss-944")):
        said = problem(await invite(admin, role, code), 422)
        assert said["errors"][0]["pointer"] == "/place_id"


async def test_a_repeated_invitation_is_the_same_one(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    twins = await asyncio.gather(
        *(invite(community, "duty", "wss-g4", **{"Idempotency-Key": "k"}) for _ in range(3))
    )
    made = [answer(twin, 201) for twin in twins]
    assert made[0] == made[1] == made[2]
    assert sorted("idempotent-replayed" in twin.headers for twin in twins) == [False, True, True]
    assert len(await audited("invited")) == 1
    problem(await invite(community, "member", "wss-g4", **{"Idempotency-Key": "k"}), 422)


async def test_codes_cannot_be_worked_out_from_what_is_listed(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    made = [answer(await invite(community, "member", "wss-g4"), 201)["invitation_code"] for _ in range(20)]
    assert len(set(made)) == 20
    assert all(len(code) == invitations.CODE_LENGTH for code in made)
    rows = await db.fetch("SELECT post::text AS row FROM post UNION ALL SELECT audit::text FROM audit")
    assert not [row for row in rows if any(code in row["row"] for code in made)]


# Being away


async def absent(somebody: Person, post_id: str, start: Any, end: Any = None) -> httpx.Response:
    body = {"absent_from": start, "absent_until": end}
    return await somebody.ask("PATCH", f"/posts/{post_id}", json=body)


async def held_by(resident: Person) -> Any:
    return (await resident.report())["holder"]["post"]


async def test_while_the_head_is_away_the_deputy_answers_at_once(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    assert await held_by(resident) == "head"
    day, post = today(), await post_of(head)
    marked = answer(await absent(head, post, str(day), str(day)))
    assert (marked["absent_from"], marked["absent_until"]) == (str(day), str(day))
    assert await held_by(resident) == "deputy"
    answer(await absent(head, post, str(day + timedelta(days=1))))
    assert await held_by(resident) == "head"
    answer(await absent(head, post, str(day - timedelta(days=3))))
    assert await held_by(resident) == "deputy"
    answer(await absent(head, post, None))
    assert await held_by(resident) == "head"
    types = [
        row["type"] for row in await db.fetch("SELECT type FROM audit WHERE type LIKE 'absence%' ORDER BY id")
    ]
    assert types == ["absence_set", "absence_set", "absence_set", "absence_ended"]


async def test_the_community_marks_its_head_absent_and_nobody_else_does(people_of: Everybody) -> None:
    head, community, deputy, other, neighbour = await people_of(
        "grid_head", "community", "deputy", "other_community", "neighbour"
    )
    post = await post_of(head)
    answer(await absent(community, post, "2030-01-01"))
    for somebody in (deputy, other, neighbour):
        told = [
            problem(await absent(somebody, p, "2030-01-02"), 404) | {"request_id": ""}
            for p in (post, MADE_UP)
        ]
        assert told[0] == told[1]
    assert answer(await absent(head, post, "2030-01-03"))["absent_from"] == "2030-01-03"


async def test_a_community_marks_no_colleague(people_of: Everybody) -> None:
    community, admin, neighbour = await people_of("community", "admin", "neighbour")
    made = answer(await invite(admin, "community", "wss"), 201)
    await redeem(neighbour, made["invitation_code"])
    problem(await absent(community, made["id"], "2030-01-01"), 403)
    problem(await community.ask("DELETE", f"/posts/{made['id']}"), 403)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"absent_until": "2026-12-01"},
        {"absent_from": None, "absent_until": "2026-12-01"},
        {"absent_from": "2026-12-02", "absent_until": "2026-12-01"},
        {"absent_from": "2026-13-01"},
        {"absent_from": "2026-12-01T10:00:00Z"},
        {"absent_from": 0},
        {"absent_from": True},
        {"absent_from": "2026-12-01", "role": "street"},
        {"absent_from": "2026-12-01", "person_id": MADE_UP},
    ],
)
async def test_an_absence_is_dates_in_order(people_of: Everybody, body: Any) -> None:
    (head,) = await people_of("grid_head")
    problem(await head.ask("PATCH", f"/posts/{await post_of(head)}", json=body), 422)
    assert not await audited("absence_set")


async def test_scope_is_asked_before_the_body_is_read(people_of: Everybody) -> None:
    head, neighbour = await people_of("grid_head", "neighbour")
    for post in (await post_of(head), MADE_UP, "x"):
        problem(await neighbour.ask("PATCH", f"/posts/{post}", content=b"{"), 404)


# Ending


async def test_an_ended_post_is_worth_nothing_with_the_next_request(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report()
    assert "accept" in (await head.ticket(ticket["id"]))["actions"]
    post = await post_of(head)
    ended = answer(await community.ask("DELETE", f"/posts/{post}"))
    assert ended["id"] == post
    problem(await head.try_to("accept", ticket), 404)
    assert (await head.get("/me"))["posts"] == []
    assert await held_by(resident) == "deputy"
    (entry,) = await audited("post_ended")
    assert (str(entry["subject_id"]), entry["data"]["role"]) == (post, "head")
    problem(await community.ask("DELETE", f"/posts/{post}"), 404)
    problem(await absent(community, post, "2030-01-01"), 404)


async def test_an_invitation_can_be_taken_back(people_of: Everybody) -> None:
    community, neighbour = await people_of("community", "neighbour")
    made = answer(await invite(community, "member", "wss-g4"), 201)
    answer(await community.ask("DELETE", f"/posts/{made['id']}"))
    given = await neighbour.ask("POST", "/me/invitations", json={"code": made["invitation_code"]})
    problem(given, 404)


async def test_nobody_ends_what_is_not_theirs_to_end(people_of: Everybody) -> None:
    head, community, other, street, admin = await people_of(
        "grid_head", "community", "other_community", "street", "admin"
    )
    problem(await head.ask("DELETE", f"/posts/{await post_of(head)}"), 403)
    problem(await community.ask("DELETE", f"/posts/{await post_of(community)}"), 403)
    problem(await other.ask("DELETE", f"/posts/{await post_of(head)}"), 404)
    problem(await community.ask("DELETE", f"/posts/{await post_of(street)}"), 404)
    problem(await street.ask("DELETE", f"/posts/{await post_of(admin)}"), 403)
    assert not await audited("post_ended")


async def test_the_last_admin_stays(people_of: Everybody) -> None:
    admin, neighbour = await people_of("admin", "neighbour")
    own = await post_of(admin)
    problem(await admin.ask("DELETE", f"/posts/{own}"), 409)
    made = answer(await invite(admin, "admin", "rh"), 201)
    problem(await admin.ask("DELETE", f"/posts/{own}"), 409)  # an invitation is nobody yet
    await redeem(neighbour, made["invitation_code"])
    answer(await admin.ask("DELETE", f"/posts/{own}"))
    problem(await admin.ask("GET", "/posts"), 403)
    problem(await neighbour.ask("DELETE", f"/posts/{made['id']}"), 409)


async def test_of_two_admins_who_end_each_other_one_stays(people_of: Everybody) -> None:
    for _ in range(5):
        await db.fetch("UPDATE post SET ended_at = NULL WHERE role = 'admin' AND person_id IS NOT NULL")
        admin, neighbour = await people_of("admin", "neighbour")
        if not (await neighbour.get("/me"))["posts"]:
            await redeem(neighbour, answer(await invite(admin, "admin", "rh"), 201)["invitation_code"])
        posts = [await post_of(neighbour), await post_of(admin)]
        both = await asyncio.gather(
            *(one.ask("DELETE", f"/posts/{p}") for one, p in zip((admin, neighbour), posts, strict=True))
        )
        assert sorted(one.status_code for one in both) in ([200, 403], [200, 404], [200, 409])
        rows = await db.fetch(
            "SELECT FROM post WHERE role = 'admin' AND person_id IS NOT NULL AND ended_at IS NULL"
        )
        assert len(rows) == 1


async def test_ended_twice_at_once_it_is_ended_once(people_of: Everybody) -> None:
    head, community, street = await people_of("grid_head", "community", "street")
    post = await post_of(head)
    both = await asyncio.gather(*(one.ask("DELETE", f"/posts/{post}") for one in (community, street)))
    assert sorted(one.status_code for one in both) == [200, 404]
    assert len(await audited("post_ended")) == 1


async def test_a_code_is_good_for_a_week(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    made = answer(await invite(community, "member", "wss-g4"), 201)
    clock.travel(timedelta(days=7, seconds=1))
    (neighbour,) = await people_of("neighbour")
    problem(await neighbour.ask("POST", "/me/invitations", json={"code": made["invitation_code"]}), 404)
