"""When somebody is told, and what they have chosen not to hear of."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from app import clock, db
from app.enums import SHANGHAI
from app.services.setup import catalogue
from tests import world
from tests.world import Everybody, Person, answer, problem, run_jobs

ALL = {"mine": True, "work": True, "reminders": True, "comments": True, "quiet_nights": False}


@pytest.fixture(autouse=True)
async def unchosen(street: None) -> AsyncIterator[None]:
    """Nobody has chosen anything, before and after."""
    yield
    await db.fetch("UPDATE person SET muted = '{}', quiet_nights = false")


async def inbox(somebody: Person) -> list[str]:
    """Return the events one is told of, newest first; the badge counts the same."""
    page = await somebody.get("/notices", limit=100)
    types = [notice["type"].removeprefix("ticket.") for notice in page["items"]]
    assert page["unread"] == len([notice for notice in page["items"] if not notice["read"]])
    return types


async def choose(somebody: Person, **changes: bool) -> Any:
    return answer(await somebody.ask("PUT", "/me/notice-settings", json=ALL | changes))


def travel_to(hour: int, *, workday: bool) -> None:
    """Go on to the next such hour in Shanghai, of a working day or of one of rest."""
    day = catalogue.today() + timedelta(days=1)
    calendar = catalogue._current.calendar if catalogue._current else None  # noqa: SLF001 - what the test's world has
    assert calendar
    while calendar.is_workday(day) is not workday:
        day += timedelta(days=1)
    to = datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)
    clock.travel(to - clock.now())


async def at(hour: int, people_of: Everybody, *personas: str, workday: bool = True) -> list[Person]:
    """Bring these people to an hour; tokens do not outlive the journey."""
    await catalogue.current_catalogue()
    travel_to(hour, workday=workday)
    return await people_of(*personas)


# Office hours


async def test_work_on_a_working_clock_is_told_when_the_office_opens(people_of: Everybody) -> None:
    resident, head = await at(3, people_of, "resident", "grid_head")
    garbage = await resident.report(category="garbage", description="垃圾没清")
    await run_jobs()
    assert await inbox(head) == []
    answer(await head.ask("POST", "/notices/read", json={"all": True}))  # what is not there is not read
    (notice,) = await db.fetch("SELECT * FROM notice WHERE ticket_id = $1", garbage["id"])
    assert notice["visible_at"].astimezone(SHANGHAI).strftime("%H:%M") == "08:30"
    assert notice["read_at"] is None
    clock.travel(notice["visible_at"] - clock.now())
    (head,) = await people_of("grid_head")
    assert await inbox(head) == ["submitted"]


async def test_what_runs_day_and_night_is_told_at_any_hour(people_of: Everybody) -> None:
    resident, head = await at(3, people_of, "resident", "grid_head", workday=False)
    await resident.report()
    await run_jobs()
    assert await inbox(head) == ["submitted"]


async def test_the_reporter_is_told_at_once(people_of: Everybody) -> None:
    resident, head = await at(3, people_of, "resident", "grid_head")
    ticket = await resident.report(category="garbage", description="垃圾没清")
    await head.act("accept", ticket)
    await run_jobs()
    assert await inbox(resident) == ["accepted"]


# Choosing


async def test_everything_is_told_until_somebody_chooses(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    settings = await resident.get("/me/notice-settings")
    assert {name: settings[name] for name in ALL} == ALL
    assert [shown["group"] for shown in settings["groups"]] == ["mine", "work", "reminders", "comments"]
    assert settings["night"] == {"begins": "22:00", "ends": "07:00"}
    assert "不能关闭" in settings["kept"]


async def test_what_is_switched_off_is_not_told_and_can_be_switched_on_again(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    assert (await choose(resident, mine=False))["mine"] is False
    assert (await resident.get("/me/notice-settings"))["mine"] is False
    ticket = await resident.report()
    await head.act("accept", ticket)
    await head.act("comment", ticket, text="今晚来修")
    await run_jobs()
    assert await inbox(resident) == ["commented"]
    await choose(resident, comments=False)
    await head.dispatch(ticket)
    await head.act("comment", ticket, text="已派单")
    await run_jobs()
    assert await inbox(resident) == ["dispatched", "commented"]


async def test_new_work_reaches_whoever_has_switched_off_everything(people_of: Everybody) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    for somebody in (head, company):
        await choose(somebody, mine=False, work=False, reminders=False, comments=False)
    ticket = await resident.report()
    await resident.act("urge", ticket)
    await resident.act("comment", ticket, text="好黑")
    await head.dispatch(ticket)
    await company.act("take", ticket)
    await run_jobs()
    assert await inbox(head) == ["submitted"]
    assert await inbox(company) == ["dispatched"]


async def test_a_question_reaches_the_reporter_in_any_case(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    await choose(resident, mine=False, comments=False)
    ticket = await resident.report()
    await head.act("accept", ticket)
    await head.act("ask", ticket, text="三楼还是四楼？", until=world.soon())
    await run_jobs()
    assert await inbox(resident) == ["asked"]


async def test_who_reports_and_holds_hears_by_either_part(people_of: Everybody) -> None:
    """A comment to the reporter and the holder, who are one: one notice."""
    head, community = await people_of("grid_head", "community")
    ticket = await head.report()
    await choose(head, mine=False)
    await community.act("comment", ticket, text="收到")
    await run_jobs()
    assert await inbox(head) == ["commented"]


async def test_a_quiet_night_keeps_what_can_wait_until_morning(people_of: Everybody) -> None:
    resident, head = await at(23, people_of, "resident", "grid_head")
    await choose(resident, quiet_nights=True)
    await choose(head, quiet_nights=True)
    ticket = await resident.report()
    await head.act("accept", ticket)
    await run_jobs()
    assert await inbox(head) == ["submitted"]  # new work, by day and night
    assert await inbox(resident) == []
    clock.travel(timedelta(hours=8))
    (resident,) = await people_of("resident")
    assert await inbox(resident) == ["accepted"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"mine": True},
        ALL | {"always": False},
        ALL | {"overdue": False},
        ALL | {"mine": 1},
        ALL | {"mine": "yes"},
        ALL | {"mine": None},
        ALL | {"person_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"},
    ],
)
async def test_choices_are_said_whole_and_nothing_else(people_of: Everybody, body: Any) -> None:
    (resident,) = await people_of("resident")
    problem(await resident.ask("PUT", "/me/notice-settings", json=body), 422)
    assert (await resident.get("/me/notice-settings"))["mine"] is True


async def test_choices_are_part_of_what_is_taken_away(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    await choose(resident, comments=False, quiet_nights=True)
    kept = await resident.get("/me/export")
    assert (kept["muted"], kept["quiet_nights"]) == (["comments"], True)


# Nobody there


DAY = timedelta(days=1)


async def away(somebody: Person, post_id: str, first: int | None, last: int | None) -> None:
    today = catalogue.today()
    days = [None if day is None else str(today + day * DAY) for day in (first, last)]
    body = dict(zip(("absent_from", "absent_until"), days, strict=True))
    answer(await somebody.ask("PATCH", f"/posts/{post_id}", json=body))


@pytest.mark.parametrize(
    ("head", "deputy", "duty", "hears"),
    [
        (None, None, None, "grid_head"),
        ((1, 2), None, None, "grid_head"),  # from tomorrow
        ((-3, -1), None, None, "grid_head"),  # until yesterday
        ((0, 0), None, None, "deputy"),
        ((-9, None), None, None, "deputy"),
        ((0, 1), (0, 0), None, "duty"),
        ((0, 1), (1, 1), None, "deputy"),
        ((0, 1), (0, 1), (0, 1), "community"),
    ],
)
async def test_who_answers_today_hears_of_a_new_report(
    people_of: Everybody, head: Any, deputy: Any, duty: Any, hears: str
) -> None:
    """Also of one that came before they were away: somebody is always told."""
    community, resident = await people_of("community", "resident")
    posts = {post["role"]: post["id"] for post in await _posts(community)}
    before = await resident.report(description="先报的")
    await run_jobs()
    await db.fetch("DELETE FROM notice")
    for role, days in (("head", head), ("deputy", deputy), ("duty", duty)):
        if days:
            await away(community, posts[role], *days)
    await resident.report()
    await resident.act("urge", before)
    await run_jobs()
    rows = await db.fetch(
        "SELECT DISTINCT coalesce(n.demo, p.role) AS who, t.type FROM notice t JOIN person n ON n.id = t.person_id "
        "LEFT JOIN post p ON p.person_id = n.id AND p.ended_at IS NULL WHERE t.ticket_id IS NOT NULL ORDER BY 2"
    )
    assert [(row["who"], row["type"]) for row in rows] == [
        (hears, "ticket.submitted"), (hears, "ticket.urged")
    ]  # fmt: skip
    for role in ("head", "deputy", "duty"):
        await away(community, posts[role], None, None)


async def _posts(community: Person) -> list[Any]:
    grid = await db.fetchrow("SELECT id::text FROM place WHERE code = 'wss-g4'")
    assert grid
    found: list[Any] = (await community.get("/posts", place_id=grid["id"], limit=100))["items"]
    return found


async def test_where_nobody_answers_at_all_the_street_is_told(people_of: Everybody) -> None:
    resident, street = await people_of("resident", "street")
    here = "place_id IN (SELECT id FROM place WHERE code IN ('wss', 'wss-g4'))"
    await db.fetch(f"UPDATE post SET absent_from = '2000-01-01' WHERE {here}")
    await db.fetch("UPDATE setup SET version = version + 1")
    await resident.report()
    await run_jobs()
    assert await inbox(street) == ["submitted"]
    await db.fetch(f"UPDATE post SET absent_from = NULL WHERE {here}")
    await db.fetch("UPDATE setup SET version = version + 1")
