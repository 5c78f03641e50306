"""The roster: who is on shift answers first, and two swap a shift with one tap each. Never a record of who was there."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock, db
from app.services.privacy import retention
from tests import subjects
from tests.world import MADE_UP, Arriving, Everybody, Person, answer, id_of_code, problem

NIGHT = ("2026-03-04T18:00:00+08:00", "2026-03-05T08:00:00+08:00")
NEXT_NIGHT = ("2026-03-05T18:00:00+08:00", "2026-03-06T08:00:00+08:00")


async def post_of(somebody: Person) -> str:
    identifier: str = (await somebody.get("/me"))["posts"][0]["id"]
    return identifier


async def try_to_plan(
    planner: Person, somebody: Person, times: tuple[str, str] = NIGHT, **more: Any
) -> httpx.Response:
    body = {"post_id": await post_of(somebody), "starts_at": times[0], "ends_at": times[1]} | more
    return await planner.ask("POST", "/duty/shifts", json=body)


async def planned(planner: Person, somebody: Person, times: tuple[str, str] = NIGHT, **more: Any) -> Any:
    return answer(await try_to_plan(planner, somebody, times, **more), 201)


async def who(somebody: Person, **wanted: Any) -> str:
    said = await somebody.get("/duty", place_id=await id_of_code("wss-944-4"), **wanted)
    role: str = said["answers"]["role"]
    return role


async def ask(somebody: Person, shift: Any, other: Person, for_: Any = None) -> httpx.Response:
    body = {"post_id": await post_of(other)} | ({"for_id": for_["id"]} if for_ else {})
    return await somebody.ask("POST", f"/duty/shifts/{shift['id']}/swap", json=body)


async def accept(somebody: Person, shift: Any) -> httpx.Response:
    return await somebody.ask("POST", f"/duty/shifts/{shift['id']}/swap/accept")


async def told(somebody: Person) -> list[str]:
    return [notice["type"] for notice in (await somebody.get("/notices"))["items"]]


async def test_who_is_on_shift_answers_else_as_before(on: Arriving) -> None:
    resident, head, deputy, member = await on("resident", "grid_head", "deputy", "member")
    await planned(head, member)
    for at, role in (
        ("2026-03-04T17:59:59+08:00", "head"),
        (NIGHT[0], "member"),
        ("2026-03-05T07:59:59+08:00", "member"),
        (NIGHT[1], "head"),
    ):
        assert await who(resident, at=at) == role, at
    assert (await resident.get("/duty", place_id=await id_of_code("wss-944-1"), at=NIGHT[0]))["answers"]
    path = f"/posts/{await post_of(member)}"
    answer(await member.ask("PATCH", path, json={"absent_from": "2026-03-04", "absent_until": "2026-03-04"}))
    assert await who(resident, at="2026-03-04T22:00:00+08:00") == "head"  # away: as without a roster
    assert await who(resident, at="2026-03-05T07:00:00+08:00") == "member"
    await planned(head, deputy, skill="property")
    assert await who(resident, at="2026-03-04T22:00:00+08:00", skill="property") == "deputy"
    assert await who(resident, at="2026-03-04T22:00:00+08:00") == "head"


async def test_at_22_40_a_resident_sees_who_is_on_duty_and_calls(on: Arriving) -> None:
    """The story of mechanism 2 with a roster: the head is away, the night is the member's."""
    resident, head, member, community = await on("resident", "grid_head", "member", "community")
    await planned(community, member)
    card = {"phone": "023-67000001", "hours": "夜间值班"}
    answer(await head.ask("PATCH", f"/posts/{await post_of(head)}", json={"absent_from": "2026-03-04"}))
    answer(await community.ask("PATCH", f"/posts/{await post_of(member)}/card", json=card))
    (resident,) = await on("resident", at="2026-03-04 22:40")
    home = (await resident.get("/me"))["home_id"]
    said = await resident.get("/duty/card", place_id=home)
    assert (said["answers"]["role"], said["answers"]["name"]) == ("member", None)
    assert said["call"]["phone"] == "023-67000001"
    assert "post_id" not in str(said)


async def test_a_shift_is_swapped_by_one_tap_of_each_of_the_two(on: Arriving) -> None:
    resident, head, deputy, member = await on("resident", "grid_head", "deputy", "member")
    shift = await planned(head, member)
    assert await told(member) == ["shift.set"]
    (mine,) = (await member.get("/duty/shifts", mine=True))["items"]
    assert (mine["mine"], mine["actions"], mine["post"]["title"]) == (True, ["ask"], "网格员")
    asked = answer(await ask(member, shift, deputy))
    assert (asked["swap"]["title"], asked["actions"]) == ("副网格长", ["decline"])
    (seen,) = (await deputy.get("/duty/shifts", mine=True))["items"]
    assert seen["actions"] == ["cancel", "accept", "decline"]  # a deputy plans, too
    assert await who(resident, at=NIGHT[0]) == "member"
    done = answer(await accept(deputy, shift))
    assert (done["mine"], done["swap"], done["post"]["title"]) == (True, None, "副网格长")
    assert await who(resident, at=NIGHT[0]) == "deputy"
    assert await told(member) == ["shift.swapped", "shift.set"]
    assert await told(deputy) == ["shift.swapped", "shift.asked"]
    (notice, *_) = (await member.get("/notices"))["items"]
    assert notice["label"] == "万寿山社区第四网格：换班办好了，3-4 18:00到3-5 08:00由副网格长值班"
    rows = await db.fetch("SELECT type FROM audit WHERE type LIKE 'shift%' ORDER BY id")
    assert [row["type"] for row in rows] == ["shift_set", "shift_asked", "shift_swapped"]


async def test_two_shifts_are_exchanged(on: Arriving) -> None:
    resident, head, deputy, member = await on("resident", "grid_head", "deputy", "member")
    first, second = await planned(head, member), await planned(head, deputy, NEXT_NIGHT)
    answer(await ask(member, first, deputy, second))
    refused = problem(await ask(deputy, second, member), 409)
    assert refused["detail"] == "这个班已经在换，请先等对方答复或撤回"
    answer(await accept(deputy, first))
    assert [await who(resident, at=at) for at in (NIGHT[0], NEXT_NIGHT[0])] == ["deputy", "member"]


async def test_a_swap_is_declined_or_taken_back(on: Arriving) -> None:
    head, deputy, member, resident = await on("grid_head", "deputy", "member", "resident")
    shift = await planned(head, member)
    for ends, hears in ((deputy, member), (member, deputy)):
        answer(await ask(member, shift, deputy))
        answer(await ends.ask("DELETE", f"/duty/shifts/{shift['id']}/swap"))
        assert (await told(hears))[0] == "shift.kept"
        problem(await accept(deputy, shift), 403)
    assert await who(resident, at=NIGHT[0]) == "member"


async def test_of_two_swaps_of_one_shift_at_once_one_is_asked_and_one_taken(on: Arriving) -> None:
    head, deputy, member = await on("grid_head", "deputy", "member")
    shift = await planned(head, member)
    both = await asyncio.gather(ask(member, shift, deputy), ask(member, shift, head))
    assert sorted(one.status_code for one in both) == [200, 409]
    taker = deputy if both[0].status_code == 200 else head
    both = await asyncio.gather(accept(taker, shift), accept(taker, shift))
    assert both[0].status_code == 200 or both[1].status_code == 200
    assert {one.status_code for one in both} <= {200, 403, 409}
    assert (await told(member)).count("shift.swapped") == 1


async def test_shifts_of_one_post_do_not_overlap(on: Arriving) -> None:
    head, deputy, member = await on("grid_head", "deputy", "member")
    shift = await planned(head, member)
    overlaps = ("2026-03-05T07:59:59+08:00", "2026-03-05T12:00:00+08:00")
    assert (
        problem(await try_to_plan(head, member, overlaps), 409)["detail"]
        == "这个岗位在这段时间已经有班，请换个时间"
    )
    await planned(head, member, ("2026-03-05T08:00:00+08:00", "2026-03-05T12:00:00+08:00"))
    both = await asyncio.gather(*(try_to_plan(head, member, NEXT_NIGHT) for _ in range(2)))
    assert sorted(one.status_code for one in both) == [201, 409]
    await planned(head, deputy, overlaps)
    answer(await ask(member, shift, deputy))
    problem(await accept(deputy, shift), 409)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "pointer"),
    [
        ("2026-03-03T18:00:00+08:00", "2026-03-04T08:00:00+08:00", "/starts_at"),
        ("2026-03-04T08:00:00+08:00", "2026-03-04T18:00:00+08:00", "/starts_at"),
        ("2026-03-06T08:00:00+08:00", "2026-03-16T08:00:00+08:00", "/ends_at"),
        ("2028-03-06T08:00:00+08:00", "2028-03-06T18:00:00+08:00", "/ends_at"),
        ("2026-03-06T18:00:00+08:00", "2026-03-06T18:00:00+08:00", ""),
    ],
)
async def test_a_shift_that_makes_no_sense_is_refused(
    on: Arriving, starts_at: str, ends_at: str, pointer: str
) -> None:
    head, member = await on("grid_head", "member")
    refused = problem(await try_to_plan(head, member, (starts_at, ends_at)), 422)
    assert pointer == "" or refused["errors"][0]["pointer"] == pointer


async def test_who_has_no_post_there_plans_and_takes_nothing(people_of: Everybody) -> None:
    head, deputy, member, community, other, street, resident, company = await people_of(
        *("grid_head", "deputy", "member", "community", "other_community", "street", "resident", "property")
    )
    times = (subjects.ahead(days=1), subjects.ahead(days=1, hours=8))
    shift = await planned(deputy, member, times)
    problem(await try_to_plan(member, deputy, times), 403)
    problem(await try_to_plan(head, community, times), 422)  # not seen from the grid
    problem(await try_to_plan(other, member, times), 422)
    problem(await try_to_plan(resident, member, times), 403)
    problem(await try_to_plan(street, member, times, post_id=MADE_UP), 422)
    problem(await ask(member, shift, community), 422)
    problem(await ask(member, shift, member), 422)
    problem(await ask(deputy, shift, head), 403)  # it is not theirs
    problem(await accept(head, shift), 403)
    path = f"/duty/shifts/{shift['id']}"
    for person, status in ((resident, 403), (company, 403), (other, 404), (member, 403)):
        problem(await person.ask("DELETE", path), status)
    problem(await other.ask("GET", "/duty/shifts", params={"place_id": await id_of_code("wss-g4")}), 404)
    for person in (member, head, community, street):
        seen = (await person.get("/duty/shifts", place_id=await id_of_code("wss-g4")))["items"]
        assert [one["id"] for one in seen] == [shift["id"]]
    assert (await community.ask("DELETE", path)).status_code == 204
    assert await told(member) == ["shift.cancelled", "shift.set"]
    problem(await community.ask("DELETE", path), 404)


async def test_a_roster_is_read_for_a_period_of_at_most_a_year_from_now(on: Arriving) -> None:
    head, member = await on("grid_head", "member")
    first, second = await planned(head, member), await planned(head, member, NEXT_NIGHT)

    async def listed(**period: str) -> list[str]:
        return [one["id"] for one in (await member.get("/duty/shifts", **period))["items"]]

    assert await listed() == [second["id"], first["id"]]
    assert await listed(until=NEXT_NIGHT[0]) == [first["id"]]
    assert await listed(since=NIGHT[1], until="2026-03-31T00:00:00+08:00") == [second["id"]]
    for period, pointer in (
        ({"since": "2027-03-07T00:00:00+08:00"}, "/since"),
        ({"since": "2025-01-01T00:00:00+08:00"}, "/since"),
        ({"until": "2027-03-07T00:00:00+08:00"}, "/until"),
        ({"since": NIGHT[1], "until": NIGHT[0]}, "/until"),
    ):
        refused = problem(await member.ask("GET", "/duty/shifts", params=period), 422)
        assert refused["errors"][0]["pointer"] == pointer
        assert "值班" in refused["errors"][0]["detail"] or pointer == "/until"


async def test_colleagues_see_whom_a_roster_can_have(people_of: Everybody) -> None:
    member, community, other = await people_of("member", "community", "other_community")
    grid = await id_of_code("wss-g4")
    posts = (await member.get("/duty/posts"))["items"]
    assert [post["title"] for post in posts] == ["网格长", "副网格长", "值班员", "网格员"]
    assert {post["unit"]["id"] for post in posts} == {grid}
    assert [post["mine"] for post in posts] == [False, False, False, True]
    assert not any(post["plans"] for post in posts)
    seen = (await community.get("/duty/posts", place_id=grid))["items"]
    assert [post["post_id"] for post in seen] == [post["post_id"] for post in posts]
    assert all(post["plans"] for post in seen)
    assert len((await community.get("/duty/posts"))["items"]) > len(seen)
    problem(await other.ask("GET", "/duty/posts", params={"place_id": grid}), 404)


async def test_a_shift_that_has_begun_is_not_swapped_and_is_forgotten_later(on: Arriving) -> None:
    head, deputy, member = await on("grid_head", "deputy", "member")
    shift = await planned(head, member)
    later = await planned(head, member, NEXT_NIGHT)
    answer(await ask(member, later, deputy))
    head, deputy, member = await on("grid_head", "deputy", "member", at="2026-03-05 20:00")
    assert "已经开始" in problem(await accept(deputy, later), 409)["detail"]
    answer(await member.ask("DELETE", f"/duty/shifts/{later['id']}/swap"))
    problem(await ask(member, later, deputy), 409)
    problem(await ask(member, shift, deputy), 409)
    clock.travel(timedelta(days=40))
    await retention.sweep_retention()
    assert await db.fetch("SELECT FROM shift") == []
