"""Whoever stands in for a head is told at once, and their tickets say why they have them."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.services import posts
from app.services.setup.catalogue import today
from tests.world import Everybody, Person, answer, id_of_code, later, run_jobs

DAY = timedelta(days=1)
GRID = "万寿山社区第四网格"


async def post_id(role: str, code: str = "wss-g4") -> str:
    row = await db.fetchrow(
        "SELECT p.id::text FROM post p JOIN place u ON u.id = p.place_id "
        "WHERE p.role = $1 AND u.code = $2 AND p.ended_at IS NULL",
        *(role, code),
    )
    assert row
    identifier: str = row["id"]
    return identifier


async def away(by: Person, role: str, first: int | None, last: int | None = None) -> None:
    """Set the days somebody of the fourth grid is away, counted from today; None: they are back."""
    days = [None if day is None else str(today() + day * DAY) for day in (first, last)]
    body = dict(zip(("absent_from", "absent_until"), days, strict=True))
    answer(await by.ask("PATCH", f"/posts/{await post_id(role)}", json=body))


def day(ahead: int) -> str:
    on = today() + ahead * DAY
    return f"{on.month}月{on.day}日"


async def told(somebody: Person) -> list[str]:
    """Return the notices about standing in, oldest first."""
    items: list[Any] = (await somebody.get("/notices", limit=100))["items"]
    return [notice["label"] for notice in reversed(items) if notice["type"].startswith("unit.")]


async def test_the_deputy_is_told_at_once_until_when_and_how_much(people_of: Everybody) -> None:
    resident, head, deputy, other = await people_of("resident", "grid_head", "deputy", "other_grid_head")
    for _ in range(3):
        await resident.report()
    await head.resolve(await head.act("accept", await resident.report()))
    await away(head, "head", 0, 4)
    assert await told(deputy) == [f"{GRID}网格长请假到{day(4)}，3件由您代办"]
    assert await told(head) == await told(other) == await told(resident) == []
    (notice,) = (await deputy.get("/notices", unread=True))["items"]
    assert (notice["ticket_id"], notice["webhook_id"], notice["type"]) == (None, None, "unit.standing_in")


async def test_telling_again_says_nothing_new(people_of: Everybody) -> None:
    head, deputy = await people_of("grid_head", "deputy")
    await away(head, "head", 0, 4)
    await away(head, "head", 0, 4)
    for _ in range(3):
        await posts.tell_stand_ins()
    assert await told(deputy) == [f"{GRID}网格长请假到{day(4)}，由您代办"]
    await away(head, "head", 0, 6)
    assert (await told(deputy))[1:] == [f"{GRID}网格长请假到{day(6)}，由您代办"]
    await away(head, "head", 0)
    assert (await told(deputy))[2:] == [f"{GRID}网格长请假，由您代办"]


async def test_an_absence_set_ahead_is_told_when_it_begins(people_of: Everybody) -> None:
    head, deputy = await people_of("grid_head", "deputy")
    await away(head, "head", 2, 4)
    assert await told(deputy) == []
    last = day(4)
    clock.travel(2 * DAY)
    await posts.tell_stand_ins()
    deputy = await later(deputy, "deputy")
    assert await told(deputy) == [f"{GRID}网格长请假到{last}，由您代办"]


@pytest.mark.parametrize("early", [True, False])
async def test_who_stood_in_is_told_when_the_head_is_back(people_of: Everybody, early: bool) -> None:
    head, deputy = await people_of("grid_head", "deputy")
    await away(head, "head", 0, 1)
    if early:
        await away(head, "head", None)
    else:
        clock.travel(2 * DAY)
        await posts.tell_stand_ins()
        deputy = await later(deputy, "deputy")
    assert (await told(deputy))[1:] == [f"{GRID}网格长已到岗，不再由您代办"]


async def test_without_a_deputy_the_duty_person_is_told_and_without_both_the_community(
    people_of: Everybody,
) -> None:
    resident, head, deputy, community = await people_of("resident", "grid_head", "deputy", "community")
    await resident.report()
    await away(head, "head", 0, 1)
    await away(deputy, "deputy", 0)
    duty = await db.fetch(
        "SELECT n.data FROM notice n JOIN post p ON p.person_id = n.person_id WHERE p.id::text = $1",
        await post_id("duty"),
    )
    assert [row["data"]["tickets"] for row in duty] == [1]
    assert len(await told(deputy)) == 1  # who goes away themselves need not be told
    await away(community, "duty", 0)
    assert await told(community) == [f"{GRID}网格长请假到{day(1)}，没有人代办，1件请您安排"]
    await away(deputy, "deputy", None)
    assert len(await told(deputy)) == 2


async def test_a_grid_with_nothing_to_do_troubles_no_community(people_of: Everybody) -> None:
    head, deputy, community = await people_of("grid_head", "deputy", "community")
    await away(head, "head", 0, 1)
    await away(deputy, "deputy", 0, 1)
    await away(community, "duty", 0, 1)
    assert await told(community) == []


async def test_who_stands_in_for_a_head_who_left_is_told(people_of: Everybody) -> None:
    resident, deputy, community = await people_of("resident", "deputy", "community")
    await resident.report()
    answer(await community.ask("DELETE", f"/posts/{await post_id('head')}"))
    assert await told(deputy) == [f"{GRID}网格长空缺，1件由您代办"]


async def test_a_new_head_relieves_the_deputy(people_of: Everybody) -> None:
    neighbour, deputy, community = await people_of("neighbour", "deputy", "community")
    answer(await community.ask("DELETE", f"/posts/{await post_id('head')}"))
    form = {"role": "head", "place_id": await id_of_code("wss-g4")}
    invited = answer(await community.ask("POST", "/posts", json=form), 201)
    answer(await neighbour.ask("POST", "/me/invitations", json={"code": invited["invitation_code"]}), 201)
    assert (await told(deputy))[1:] == [f"{GRID}网格长已到岗，不再由您代办"]


async def test_each_ticket_says_for_whom_it_is_done(people_of: Everybody) -> None:
    resident, head, deputy, auditor = await people_of("resident", "grid_head", "deputy", "auditor")
    ticket = await resident.report()
    assert (await deputy.ticket(ticket["id"]))["holder"]["acting_for"] is None
    await away(head, "head", 0, 4)
    said = {
        "role": "head",
        "role_name": "网格长",
        "unit": GRID,
        "away": True,
        "until": str(today() + 4 * DAY),
    }
    for somebody in (deputy, head, auditor):
        assert (await somebody.ticket(ticket["id"]))["holder"]["acting_for"] == said
    assert "acting_for" not in (await resident.ticket(ticket["id"]))["holder"]
    await away(head, "head", None)
    assert (await deputy.ticket(ticket["id"]))["holder"]["acting_for"] is None


async def test_what_comes_to_the_community_for_want_of_a_grid_says_so(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    moved_up = await resident.report()
    await head.act("escalate", moved_up, reason="要社区协调")
    for role in ("head", "deputy", "duty"):
        await away(community, role, 0, 4)
    ticket = await resident.report()
    holder = (await community.ticket(ticket["id"]))["holder"]
    assert (holder["label"], holder["acting_for"]["unit"]) == ("万寿山社区", GRID)
    assert (await community.ticket(moved_up["id"]))["holder"]["acting_for"] is None


async def test_many_workers_tell_once(people_of: Everybody) -> None:
    (deputy,) = await people_of("deputy")
    await db.fetch("UPDATE post SET absent_from = $1 WHERE id::text = $2", today(), await post_id("head"))
    await db.fetch("UPDATE setup SET version = version + 1")
    for _ in range(3):
        posts.stand_ins._forget()  # noqa: SLF001 - as in another process
        await posts.tell_stand_ins()
    await run_jobs()
    assert await told(deputy) == [f"{GRID}网格长请假，由您代办"]


async def test_the_list_of_absences_says_who_answers(people_of: Everybody) -> None:
    head, deputy, community = await people_of("grid_head", "deputy", "community")

    async def absences(**filters: Any) -> list[tuple[str, Any]]:
        found = (await community.get("/posts", limit=100, **filters))["items"]
        return [(post["id"], post["stand_in"]) for post in found]

    of_head, of_deputy = await post_id("head"), await post_id("deputy")
    assert await absences(absent="true") == []
    everybody = dict(await absences(absent="false"))
    assert everybody[of_head]["role"] == "deputy"
    assert everybody[of_deputy] is None
    await away(head, "head", 2, 4)
    ((away_one, stand_in),) = await absences(absent="true")
    assert (away_one, stand_in["role_name"]) == (of_head, "副网格长")
    await away(deputy, "deputy", 3)  # back to work on the first day of the head's absence
    assert dict(await absences(absent="true"))[of_head]["role"] == "deputy"
    await away(deputy, "deputy", 2)
    assert dict(await absences(absent="true"))[of_head]["role"] == "duty"
    clock.travel(5 * DAY)
    (community,) = await people_of("community")
    assert [one for one, _ in await absences(absent="true")] == [of_deputy]
