"""Saved views: one's own or of one's office; what was saved and is no more is dropped and said."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.enums import SHANGHAI
from tests import world
from tests.world import MADE_UP, Everybody, Person, answer, problem

KEY = {"idempotency-key": "view-1"}


async def save(person: Person, **changes: Any) -> Any:
    body = {"name": "今天到期", "query": "box=all&status=new&status=accepted", "columns": ["no", "place"]}
    return answer(await person.ask("POST", "/views", json=body | changes), 201)


async def names(person: Person) -> list[str]:
    return [view["name"] for view in (await person.get("/views"))["items"]]


async def test_a_view_opens_the_list_it_was_saved_from(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    view = await save(head)
    assert (view["mine"], view["shared"], view["office"], view["dropped"]) == (True, False, None, [])
    assert (view["columns"], view["version"]) == (["no", "place"], 1)
    page = answer(await head.ask("GET", f"/tickets?{view['query']}"))
    assert [one["id"] for one in page["items"]] == [ticket["id"]]


async def test_ones_own_is_ones_own_and_the_office_s_is_its_staff_s(people_of: Everybody) -> None:
    head, deputy, stranger, community = await people_of("grid_head", "deputy", "other_grid_head", "community")
    own = await save(head, name="我的")
    shared = await save(head, name="网格的", shared=True)
    assert shared["office"] == "万寿山社区第四网格"
    assert await names(head) == ["网格的", "我的"]
    assert await names(deputy) == ["网格的"]
    assert await names(stranger) == await names(community) == []
    for view in (own, shared):
        for method, body in (("GET", None), ("PATCH", {"version": 1}), ("DELETE", None)):
            problem(await stranger.ask(method, f"/views/{view['id']}", json=body), 404)
    problem(await deputy.ask("GET", f"/views/{own['id']}"), 404)
    changed = await deputy.ask("PATCH", f"/views/{shared['id']}", json={"version": 1, "name": "大家的"})
    assert answer(changed)["name"] == "大家的"
    stale = problem(await head.ask("PATCH", f"/views/{shared['id']}", json={"version": 1, "name": "x"}), 409)
    assert stale["version"] == 2
    alone = {"version": 2, "shared": False}
    assert answer(await head.ask("PATCH", f"/views/{shared['id']}", json=alone))["shared"] is False
    assert await names(deputy) == []
    answer(await head.ask("DELETE", f"/views/{own['id']}"))
    problem(await head.ask("DELETE", f"/views/{own['id']}"), 404)


async def test_what_is_no_more_is_dropped_and_said(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    view = await save(head, query="category=stair_light&status=new")
    await db.fetch(
        "UPDATE saved_view SET query = $1, columns = $2",
        f"category=stair_light&category=gone&status=lost&colour=red&place_id={MADE_UP}&holder_id=x&due_to=today",
        ["no", "mood"],
    )
    opened = await head.get(f"/views/{view['id']}")
    assert opened["query"] == "category=stair_light&due_to=today"
    assert opened["columns"] == ["no"]
    assert [sentence.partition("”")[0] for sentence in opened["dropped"]] == [
        "条件“category=gone",
        "条件“status=lost",
        "条件“colour=red",
        f"条件“place_id={MADE_UP}",
        "条件“holder_id=x",
        "没有“mood",
    ]
    answer(await head.ask("GET", f"/tickets?{opened['query']}"))


async def test_today_is_the_day_on_which_a_view_is_opened(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    first = await resident.report()
    query = (await save(head, query="box=all&created_from=today"))["query"]

    async def opened(person: Person) -> list[str]:
        return [one["id"] for one in answer(await person.ask("GET", f"/tickets?{query}"))["items"]]

    assert await opened(head) == [first["id"]]
    clock.travel(timedelta(days=1))
    (head,) = await people_of("grid_head")
    assert await opened(head) == []
    for day in ("today-1", "today-999", clock.now().astimezone(SHANGHAI).date() - timedelta(days=1)):
        page = await head.get("/tickets", box="all", created_from=str(day))
        assert [one["id"] for one in page["items"]] == [first["id"]]
    problem(await head.ask("GET", "/tickets?created_from=tomorrow"), 422)
    monday = clock.now().astimezone(SHANGHAI).date()
    monday -= timedelta(days=monday.weekday())
    for week, on in (("week", monday), ("week-7", monday - timedelta(days=7))):
        page = await head.get("/tickets", box="all", created_from=week)
        assert page["items"] == (await head.get("/tickets", box="all", created_from=str(on)))["items"]
    answer(await head.ask("GET", "/tickets?box=all&created_from=today+1"))


async def test_a_view_keeps_the_columns_that_only_a_list_has(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    columns = ["category", "turn", "due", "marks", "updated"]
    view = await save(head, columns=columns)
    assert (view["columns"], view["dropped"]) == (columns, [])


async def test_a_repeat_saves_once(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    body = {"name": "今天", "query": "due_to=today"}
    first = await head.ask("POST", "/views", json=body, headers=KEY)
    again = await head.ask("POST", "/views", json=body, headers=KEY)
    assert answer(first, 201) == answer(again, 201)
    assert again.headers["idempotent-replayed"] == "true"
    answer(await head.ask("DELETE", f"/views/{first.json()['id']}"))
    problem(await head.ask("POST", "/views", json=body, headers=KEY), 410)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"name": "长" * 41}, "/name"),
        ({"query": "colour=red"}, "/query"),
        ({"query": "status=lost"}, "/query"),
        ({"query": "cursor=x"}, "/query"),
        ({"query": "category=no_such"}, "/query"),
        ({"query": "status=%ff%00"}, "/query"),
        ({"query": "x" * 2001}, "/query"),
        ({"columns": ["mood"]}, "/columns"),
        ({"shared": "yes"}, "/shared"),
        ({"person_id": MADE_UP}, "/person_id"),
    ],
)
async def test_a_view_that_would_not_open_is_422(
    people_of: Everybody, changes: dict[str, Any], pointer: str
) -> None:
    (head,) = await people_of("grid_head")
    before = await world.written()
    body = {"name": "今天", "query": ""} | changes
    refused = problem(await head.ask("POST", "/views", json=body), 422, "invalid")
    assert [error["pointer"] for error in refused["errors"]] == [pointer]
    assert await world.written() == before


async def test_nobody_saves_without_end(people_of: Everybody, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.views.views.MAX_VIEWS", 2)
    (head,) = await people_of("grid_head")
    for _ in range(2):
        await save(head)
    problem(await head.ask("POST", "/views", json={"name": "三", "query": ""}), 409)


@pytest.mark.parametrize("persona", ["resident", "property", "auditor", "admin"])
async def test_views_are_the_staff_s(people_of: Everybody, persona: str) -> None:
    (person,) = await people_of(persona)
    problem(await person.ask("GET", "/views"), 403)
    problem(await person.ask("POST", "/views", json={}), 403)
