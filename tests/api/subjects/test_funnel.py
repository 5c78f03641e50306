"""The funnel: the article's numbers, and each number opens exactly the rows it counts."""

from datetime import timedelta
from typing import Any

from app import clock
from app.enums import SHANGHAI
from tests import subjects
from tests.deployed import deployed
from tests.world import API, Everybody, Person, answer, problem

HOUSEHOLDS, PEOPLE, OPINIONS, SOLVED = 1200, 3000, 210, 120
VISITS = 10


async def counted(person: Person, link: str) -> int:
    """Return how many rows the list has that a number opens."""
    found, cursor = 0, ""
    while True:
        sent = await person.http.get(f"{API}{link}&limit=100{cursor}", headers=person.headers)
        page = answer(sent)
        found += len(page["items"])
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


async def funnel(person: Person, **params: Any) -> dict[str, dict[str, Any]]:
    """Return the rows by their keys; the period ends in two days."""
    last = (clock.now().astimezone(SHANGHAI) + timedelta(days=2)).date()
    found = await person.get("/funnel", **{"to": str(last)} | params)
    return {row["key"]: row for row in found["rows"]}


async def visits(head: Person) -> list[dict[str, Any]]:
    """Have ten visits that reach all households and people."""
    made = []
    for number in range(VISITS):
        visit = await subjects.activity(head, kind="visit", title=f"走访{number + 1}")
        for action in ("publish", "start"):
            visit = await subjects.act(head, "activities", action, visit)
        met = {"headcount": PEOPLE // VISITS, "households": HOUSEHOLDS // VISITS}
        made.append(await subjects.act(head, "activities", "close", visit, **met))
    return made


async def test_1200_households_3000_people_210_opinions_120_solved(people_of: Everybody) -> None:
    head, community = await people_of("grid_head", "community")
    with deployed(rate_limits="off"):
        made = await visits(head)
        project = await subjects.project(community)
        for number in range(OPINIONS):
            said = await subjects.opinion(
                community, text=f"第{number + 1}条", activity_id=made[number % VISITS]["id"]
            )
            sent = await subjects.try_to(
                community,
                "opinions",
                "to_project" if number < SOLVED else ("answer", "note", "to_topic")[number % 3],
                said,
                **(
                    {"project_id": project["id"]}
                    if number < SOLVED
                    else subjects.body_of(("answer", "note", "to_topic")[number % 3])
                ),
            )
            answer(sent)
        before = await funnel(community)
        assert (before["solved"]["n"], before["pending"]["n"]) == (0, SOLVED + 30)
        await subjects.act(community, "projects", "finish", project, text="全部做完")
    rows = await funnel(community)
    shown = [rows[key]["n"] for key in ("activities", "households", "people", "opinions", "solved")]
    assert shown == [VISITS, HOUSEHOLDS, PEOPLE, OPINIONS, SOLVED]
    fates = ("open", "answered", "ticket", "topic", "project", "noted", "withdrawn")
    assert [rows[fate]["n"] for fate in fates] == [0, 30, 0, 30, 120, 30, 0]
    for key, row in rows.items():
        if key not in {"households", "people"}:
            assert await counted(community, row["link"]) == row["n"], key


async def test_a_funnel_counts_its_place_and_period_only(people_of: Everybody) -> None:
    head, community, elsewhere, resident = await people_of(
        "grid_head", "community", "other_community", "resident"
    )
    await subjects.opinion(head, place_id=await resident.place())
    assert (await funnel(community))["opinions"]["n"] == 1
    assert (await funnel(head))["opinions"]["n"] == 1
    assert (await funnel(elsewhere))["opinions"]["n"] == 0
    assert (await funnel(community, **{"from": "2020-01-01", "to": "2020-02-01"}))["opinions"]["n"] == 0
    mine = (await community.get("/me"))["posts"][0]["place_id"]
    problem(await elsewhere.ask("GET", f"/funnel?place_id={mine}"), 404, "not-found")
    problem(await resident.ask("GET", "/funnel"), 403, "forbidden")
    problem(await community.ask("GET", "/funnel?from=2026-02-01&to=2026-01-01"), 422, "invalid")
