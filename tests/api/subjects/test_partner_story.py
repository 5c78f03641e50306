"""The article's story of the partner union: 3 units become 8, a need meets an offer, a room is booked twelve times."""

from collections.abc import Sequence
from datetime import timedelta

from app import clock, db
from tests import subjects, world
from tests.subjects import act, ahead, try_to_make
from tests.world import Everybody, Person, answer, problem

AT_FIRST, IN_THE_END, BOOKINGS = 3, 8, 12
GARDENS, NOTARY = "园林所", "公证处会议室"


async def units(community: Person, agent: Person, names: Sequence[str]) -> list[str]:
    """Add partners for which somebody speaks; return their ids."""
    person_id = (await agent.get("/me"))["id"]
    made = []
    for name in names:
        body = {"name": name, "kind": "partner", "place_ids": [await world.id_of_code("wss")]}
        made.append(answer(await community.ask("POST", "/organisations", json=body), 201)["id"])
        await db.fetch(
            "INSERT INTO post (id, role, organisation_id, person_id, created_at, skills) "
            "VALUES (gen_random_uuid(), 'agent', $1::uuid, $2::uuid, now(), '{}')",
            made[-1],
            person_id,
        )
    await db.fetch("UPDATE person SET stamp = stamp + 1 WHERE id = $1::uuid", person_id)
    await db.fetch("UPDATE setup SET version = version + 1")
    return made


async def in_force(community: Person) -> int:
    """Return how many agreements there are."""
    found = await community.get("/relationships", kind="partner", status="active", limit=100)
    return len(found["items"])


async def agreed(community: Person, agent: Person, organisations: Sequence[str]) -> None:
    """Have both sides agree on a year."""
    for organisation_id in organisations:
        body = {"kind": "partner", "organisation_id": organisation_id, "ends_at": ahead(days=365)}
        agreement = await subjects.made(community, "relationships", **body)
        assert (await act(agent, "relationships", "agree", agreement))["status"] == "active"


async def test_three_units_become_eight(people_of: Everybody) -> None:
    community, agent = await people_of("community", "department")
    found = await units(community, agent, [f"共建单位{n + 1}" for n in range(IN_THE_END)])
    await agreed(community, agent, found[:AT_FIRST])
    assert await in_force(community) == AT_FIRST
    await agreed(community, agent, found[AT_FIRST:])
    assert await in_force(community) == IN_THE_END
    clock.travel(timedelta(days=366))  # nobody has to end what has an end
    (community,) = await people_of("community")
    assert await in_force(community) == 0


async def test_the_pruning_need_meets_the_offer_of_the_gardens_office_and_is_done(
    people_of: Everybody,
) -> None:
    resident, community, gardens, other = await people_of(
        "resident", "community", "department", "other_community"
    )
    await units(community, gardens, [GARDENS])
    offered = await subjects.offer(
        gardens,
        kind="service",
        title="修剪树枝",
        quantity=0,
        needs_grant=True,
        place_id=await community.place(),
    )
    offered = await act(community, "offers", "release", offered)
    need = await subjects.opinion(resident, kind="need", text="东门的树枝挡了路灯")
    became = await act(community, "opinions", "to_project", need, title="修剪东门树枝", due_at=ahead(days=14))
    project = await community.get(f"/projects/{became['fate']['id']}")
    asked = await subjects.reserve(community, offered, project_id=project["id"])
    assert (asked["status"], asked["outcome"]["title"]) == ("asked", "修剪东门树枝")
    refused = await subjects.try_to_reserve(resident, offered, project_id=project["id"])
    assert problem(refused, 403)["detail"] == "只有本辖区工作人员可以为项目预约"
    granted = await act(gardens, "reservations", "grant", asked)
    await act(gardens, "reservations", "hand_out", granted)
    photo = await community.photo()
    done = await act(community, "projects", "finish", project, text="剪了三棵", photo_ids=[photo])
    assert done["status"] == "done"
    led_here = {(one["kind"], one["status"]) for one in done["related"]}
    assert led_here == {("opinion", "project"), ("reservation", "done")}
    assert any("修剪东门树枝" in label for label in await subjects.notices(resident))
    gone = await subjects.try_to_reserve(community, offered, project_id=project["id"])
    assert problem(gone, 422)["errors"][0]["pointer"] == "/project_id"
    problem(await other.ask("GET", f"/reservations/{asked['id']}"), 404)


async def test_the_notarys_room_is_booked_twelve_times_and_never_twice_at_once(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    begin = clock.now() + timedelta(days=1)
    for week in range(BOOKINGS):
        starts = begin + timedelta(days=7 * week)
        times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=2)).isoformat()}
        await subjects.activity(
            community, kind="service", title=f"第{week + 1}次公证咨询", venue=NOTARY, **times
        )
    starts = begin + timedelta(days=7, hours=1)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    refused = await try_to_make(
        community, "activities", kind="meeting", title="党员会", venue=NOTARY, **times
    )
    assert "第2次公证咨询" in problem(refused, 409, "conflict")["detail"]
    booked = (await community.get("/activities", venue=NOTARY, limit=100))["items"]
    assert len(booked) == BOOKINGS
