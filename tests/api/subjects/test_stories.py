"""The articles' stories, told over HTTP with their numbers: every opinion has a fate, and the fates sum."""

from collections import Counter
from datetime import timedelta
from typing import Any

from app import clock
from tests import subjects, world
from tests.deployed import deployed
from tests.world import Everybody, Person, problem

VISITS, FORUMS, OPINIONS, PROJECTS = 10, 8, 47, 32
VENUES, MEETINGS = 6, 60
# What becomes of the opinions that are no project.
OTHERWISE = ("answer", "note", "to_ticket", "to_topic", "answer")


async def everything(person: Person, path: str, **wanted: Any) -> list[dict[str, Any]]:
    """Return a whole list."""
    items, cursor = [], None
    while True:
        page = await person.get(f"/{path}", limit=100, **wanted, **({"cursor": cursor} if cursor else {}))
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


async def test_ten_visits_and_eight_forums_become_32_projects_and_everybody_is_told(
    people_of: Everybody,
) -> None:
    resident, community = await people_of("resident", "community")
    me = (await resident.get("/me"))["id"]
    with deployed(rate_limits="off"):
        activities = [
            await subjects.activity(community, kind=kind, title=f"{name}{number + 1}")
            for kind, name, count in (("visit", "走访", VISITS), ("meeting", "座谈", FORUMS))
            for number in range(count)
        ]
        opinions = [
            await subjects.opinion(
                community,
                text=f"第{number + 1}条需求",
                kind="need",
                person_id=me,
                activity_id=activities[number % len(activities)]["id"],
            )
            for number in range(OPINIONS)
        ]
        for number, opinion in enumerate(opinions):
            action = "to_project" if number < PROJECTS else OTHERWISE[number % len(OTHERWISE)]
            body = subjects.body_of(action)
            await subjects.act(community, "opinions", action, opinion, **body)
    fates = Counter(one["fate"]["kind"] for one in await everything(community, "opinions"))
    assert (sum(fates.values()), fates["project"]) == (OPINIONS, PROJECTS)
    assert fates == Counter(answered=6, noted=3, ticket=3, topic=3, project=PROJECTS)
    said = [one["opinions"] for one in await everything(community, "activities")]
    assert (len(said), sum(said)) == (VISITS + FORUMS, OPINIONS)
    assert len(await everything(community, "projects")) == PROJECTS
    await world.run_jobs()
    told = [notice["label"] for notice in await everything(resident, "notices")]
    assert sum("转为项目" in label for label in told) == PROJECTS


async def test_sixty_meetings_in_six_rooms_and_a_double_booking_refused(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    begin = clock.now() + timedelta(days=1)
    for number in range(MEETINGS):
        starts = begin + timedelta(hours=2 * (number // VENUES))
        times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=2)).isoformat()}
        await subjects.activity(
            community, venue=f"议事点{number % VENUES + 1}", title=f"第{number + 1}场", **times
        )
    starts = begin + timedelta(hours=1)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(minutes=5)).isoformat()}
    refused = await subjects.try_to_make(
        community, "activities", kind="meeting", title="再来一场", venue="议事点3", **times
    )
    assert "第3场" in problem(refused, 409, "conflict")["detail"]
    assert len(await everything(community, "activities")) == MEETINGS
