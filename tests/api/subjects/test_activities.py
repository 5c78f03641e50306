"""Activities: rooms that nothing else may use, places that are never more than there are, who came, hours confirmed."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app import clock, db
from tests import subjects, world
from tests.newcomers import Newcomer
from tests.world import Everybody, Person, answer, problem


async def meeting(head: Person, **body: object) -> dict[str, object]:
    """Plan a meeting and publish it."""
    return await subjects.act(head, "activities", "publish", await subjects.activity(head, **body))


async def test_residents_see_an_activity_once_it_is_published(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    draft = await subjects.activity(head)
    problem(await resident.ask("GET", f"/activities/{draft['id']}"), 404, "not-found")
    await subjects.act(head, "activities", "publish", draft)
    assert (await resident.get(f"/activities/{draft['id']}"))["actions"] == ["sign_up"]


async def test_a_room_is_used_once_at_a_time_and_by_the_minute(people_of: Everybody) -> None:
    head, community = await people_of("grid_head", "community")
    begin, end = subjects.ahead(days=1), subjects.ahead(days=1, hours=2)
    room = {"venue": "社区议事厅"}
    await subjects.activity(head, starts_at=begin, ends_at=end, **room)
    minute = {
        "starts_at": subjects.ahead(days=1, hours=2, minutes=-1),
        "ends_at": subjects.ahead(days=1, hours=3),
    }
    refused = await subjects.try_to_make(
        community, "activities", kind="meeting", title="另一场", **minute, **room
    )
    assert "社区议事厅这段时间已经安排了“议事会”" in problem(refused, 409, "conflict")["detail"]
    after = await subjects.activity(community, starts_at=end, ends_at=subjects.ahead(days=1, hours=3), **room)
    moved = await subjects.try_to(community, "activities", "reschedule", after, **minute)
    problem(moved, 409, "conflict")
    await subjects.act(
        head, "activities", "cancel", (await head.get("/activities"))["items"][-1], text="停电"
    )
    answer(await subjects.try_to(community, "activities", "reschedule", after, **minute))


async def test_the_twenty_first_of_twenty_waits_and_moves_up(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    activity = await meeting(head, capacity=1)
    first = await subjects.act(resident, "activities", "sign_up", activity)
    second = await subjects.act(neighbour, "activities", "sign_up", activity)
    assert (first["attending"], second["attending"]) == ("signed_up", "waiting")
    assert (second["signed_up"], second["waiting"]) == (1, 1)
    problem(await subjects.try_to(neighbour, "activities", "sign_up", activity), 409, "wrong-state")
    gone = await subjects.act(resident, "activities", "cancel_sign_up", activity)
    assert (gone["attending"], gone["signed_up"], gone["waiting"]) == (None, 1, 0)
    assert (await neighbour.get(f"/activities/{activity['id']}"))["attending"] == "signed_up"
    assert await subjects.notices(neighbour) == ["活动“议事会”：有人取消，候补已递补"]


async def test_fifty_at_once_fill_twenty_places_exactly(people_of: Everybody, newcomer: Newcomer) -> None:
    head, resident = await people_of("grid_head", "resident")
    activity = await meeting(head, capacity=20)
    home = (await resident.get("/me"))["home_id"]
    people = [await newcomer(f"openid-{number}") for number in range(50)]
    await db.fetch("UPDATE person SET home_id = $1 WHERE openid LIKE 'openid-%'", home)
    answers = await asyncio.gather(
        *(subjects.try_to(person, "activities", "sign_up", activity) for person in people)
    )
    got = sorted(str(answer(one)["attending"]) for one in answers)
    assert got == ["signed_up"] * 20 + ["waiting"] * 30
    after = await head.get(f"/activities/{activity['id']}")
    assert (after["signed_up"], after["waiting"]) == (20, 30)


async def test_the_database_itself_refuses_more_than_there_are_places(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    activity = await meeting(head, capacity=20)
    with pytest.raises(asyncpg.CheckViolationError):
        await db.fetch("UPDATE subject SET signed_up = 21 WHERE id = $1", activity["id"])


async def course(head: Person, runs: int, **body: object) -> list[dict[str, Any]]:
    """Plan a course of so many runs, each published."""
    made: list[dict[str, Any]] = []
    for number in range(runs):
        times = {
            "starts_at": subjects.ahead(days=7 * number + 1),
            "ends_at": subjects.ahead(days=7 * number + 1, hours=2),
        }
        series = {"series": made[-1]["id"]} if made else {}
        plan = await subjects.activity(
            head, kind="course", title=f"书法第{number + 1}课", **times, **series, **body
        )
        made.append(await subjects.act(head, "activities", "publish", plan))
    return made


async def test_seven_runs_are_one_course_with_one_sign_up(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    runs = await course(head, 7, capacity=1)
    first = await head.get(f"/activities/{runs[0]['id']}")
    assert (first["series"], first["runs"]) == (first["id"], 7)
    assert {run["series"] for run in (await head.get("/activities", series=first["id"]))["items"]} == {
        first["id"]
    }
    last = await subjects.act(resident, "activities", "sign_up", runs[2], series=True)
    assert (last["attending"], last["title"]) == ("signed_up", "书法第3课")
    await subjects.act(resident, "activities", "cancel_sign_up", runs[0])
    await subjects.act(neighbour, "activities", "sign_up", runs[6], series=True)
    attending = {
        name: [(await person.get(f"/activities/{run['id']}"))["attending"] for run in runs]
        for name, person in (("resident", resident), ("neighbour", neighbour))
    }
    assert attending == {
        "resident": [None] + ["signed_up"] * 6,
        "neighbour": ["signed_up"] + ["waiting"] * 6,
    }
    problem(
        await subjects.try_to(neighbour, "activities", "sign_up", runs[0], series=True), 409, "wrong-state"
    )
    await subjects.act(resident, "activities", "cancel_sign_up", runs[6], series=True)
    assert len((await resident.get("/activities", mine=True))["items"]) == 0
    assert (await neighbour.get(f"/activities/{runs[6]['id']}"))["attending"] == "signed_up"


async def test_a_course_is_counted_once_though_its_first_run_is_cancelled(people_of: Everybody) -> None:
    head, community = await people_of("grid_head", "community")
    runs = await course(head, 3)
    await course(head, 1)
    await subjects.act(head, "activities", "cancel", runs[0], text="下雨")
    days = {"from": str(clock.now().date()), "to": str((clock.now() + timedelta(days=60)).date())}
    rows = {row["key"]: row for row in (await community.get("/funnel", **days))["rows"]}
    assert (rows["courses"]["n"], rows["activities"]["n"]) == (2, 3)
    listed = answer(await community.http.get(f"/api/v1{rows['courses']['link']}", headers=community.headers))
    assert len(listed["items"]) == 2


async def test_a_run_of_another_place_or_kind_is_refused(people_of: Everybody) -> None:
    head, elsewhere = await people_of("grid_head", "other_community")
    (run,) = await course(head, 1)
    times = {"starts_at": subjects.ahead(days=1), "ends_at": subjects.ahead(days=1, hours=2)}
    for person, body in (
        (head, {"kind": "event"}),
        (elsewhere, {"kind": "course", "place_id": await world.id_of_code("bl")}),
    ):
        sent = await subjects.try_to_make(
            person, "activities", title="书法", series=run["id"], **times, **body
        )
        assert problem(sent, 422, "invalid")["errors"][0]["pointer"] == "/series"


async def test_who_signed_up_is_told_of_another_time_and_of_the_end(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    activity = await meeting(head)
    await subjects.act(resident, "activities", "sign_up", activity)
    times = {"starts_at": subjects.ahead(days=2), "ends_at": subjects.ahead(days=2, hours=1)}
    await subjects.act(head, "activities", "reschedule", activity, **times)
    await subjects.act(head, "activities", "cancel", activity, text="下雨")
    assert await subjects.notices(resident) == ["活动“议事会”：取消", "活动“议事会”：改时间"]


async def test_hours_come_from_confirmed_attendance_only(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    activity = await meeting(head)
    await subjects.act(resident, "activities", "sign_up", activity)
    me = (await resident.get("/me"))["id"]
    started = await subjects.act(head, "activities", "start", activity)
    problem(await subjects.try_to(head, "activities", "confirm", started, people=[me]), 409, "wrong-state")
    came = await subjects.act(head, "activities", "check_in", started, people=[me])
    closed = await subjects.act(head, "activities", "close", came, headcount=35, text="一致同意")
    assert (closed["headcount"], closed["result"], closed["status_name"]) == (35, "一致同意", "已结束")
    await subjects.act(head, "activities", "confirm", closed, people=[me], hours=2)
    (line,) = (await head.get(f"/activities/{activity['id']}/attendance"))["items"]
    assert (line["status_name"], line["hours"]) == ("已确认", 2.0)
    problem(await resident.ask("GET", f"/activities/{activity['id']}/attendance"), 403, "forbidden")


async def test_a_list_of_people_with_a_stranger_confirms_nobody(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    activity = await meeting(head)
    await subjects.act(resident, "activities", "sign_up", activity)
    started = await subjects.act(head, "activities", "start", activity)
    people = [(await person.get("/me"))["id"] for person in (resident, neighbour)]
    refused = await subjects.try_to(head, "activities", "check_in", started, people=people)
    assert problem(refused, 422, "invalid")["errors"][0]["pointer"] == "/people"
    (line,) = (await head.get(f"/activities/{activity['id']}/attendance"))["items"]
    assert line["status"] == "signed_up"


async def test_what_was_said_at_an_activity_counts_there(people_of: Everybody) -> None:
    head, resident = await people_of("grid_head", "resident")
    activity = await meeting(head, kind="visit", title="入户走访")
    await subjects.opinion(head, activity_id=activity["id"])
    assert (await head.get(f"/activities/{activity['id']}"))["opinions"] == 1
    assert len((await head.get("/opinions", source_id=activity["id"]))["items"]) == 1
    topic = await subjects.topic(resident)
    refused = await subjects.try_to_make(head, "opinions", text="错的来源", activity_id=topic["id"])
    assert problem(refused, 422, "invalid")["errors"][0]["pointer"] == "/activity_id"


async def test_times_in_the_wrong_order_are_said(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    wrong = {"starts_at": subjects.ahead(days=2), "ends_at": subjects.ahead(days=1)}
    problem(
        await subjects.try_to_make(head, "activities", kind="event", title="反了", **wrong), 422, "invalid"
    )
    past = {"starts_at": subjects.ahead(days=-2), "ends_at": subjects.ahead(days=-1)}
    problem(
        await subjects.try_to_make(head, "activities", kind="event", title="过了", **past), 422, "invalid"
    )


async def test_who_erases_their_account_gives_their_place_to_whoever_waits(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    activity = await meeting(head, capacity=1)
    await subjects.act(resident, "activities", "sign_up", activity)
    await subjects.act(neighbour, "activities", "sign_up", activity)
    answer(await resident.ask("DELETE", "/me"))
    after = await neighbour.get(f"/activities/{activity['id']}")
    assert (after["attending"], after["signed_up"], after["waiting"]) == ("signed_up", 1, 0)
    assert await subjects.notices(neighbour) == ["活动“议事会”：有人取消，候补已递补"]


async def test_the_last_admin_who_may_not_leave_keeps_their_place(people_of: Everybody) -> None:
    admin, head = await people_of("admin", "grid_head")
    answer(await admin.ask("PATCH", "/me", json={"home_id": await head.place()}))
    activity = await meeting(head)
    await subjects.act(admin, "activities", "sign_up", activity)
    problem(await admin.ask("DELETE", "/me"), 409, "conflict")
    assert (await admin.get(f"/activities/{activity['id']}"))["attending"] == "signed_up"


async def test_minutes_written_again_are_a_new_version_and_the_old_ones_stay(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    held = await subjects.act(community, "activities", "publish", await subjects.activity(community))
    held = await subjects.act(community, "activities", "start", held)
    versions = ("先装两台", "先装两台，三个月后再议", "先装三台")
    held = await subjects.act(community, "activities", "close", held, headcount=35, text=versions[0])
    for text in versions[1:]:
        held = await subjects.act(community, "activities", "minutes", held, text=text)
    seen = await resident.get(f"/activities/{held['id']}")
    assert seen["result"] == versions[-1]
    timeline = (await resident.get(f"/activities/{held['id']}/events"))["items"]
    written = [(event["type"], event["text"]) for event in timeline if event["text"] in versions]
    assert written == list(zip(("activity.closed", *["activity.minutes"] * 2), versions, strict=True))
