"""Votes: a rule with two weights, paper and phones in one tally, shown after the end only."""

from typing import Any

import pytest

from app import db
from tests import subjects
from tests.world import Everybody, Person, answer, problem

AGREE, AGAINST = 0, 1


async def measured(unit_id: str, **areas: float) -> None:
    """Make rooms of a unit with their areas, as an office imports them."""
    for room, area in areas.items():
        await db.fetch(
            "INSERT INTO place (id, code, parent_id, level, name, number, label, path, scene, area) "
            "SELECT gen_random_uuid(), code || '-' || $2, id, 'room', $2, $2, label || $2, path || id, "
            "md5(random()::text), $3 FROM place WHERE id = $1",
            unit_id,
            room.removeprefix("r"),
            area,
        )
    await db.fetch("UPDATE place SET path = path[1:cardinality(path) - 1] || id WHERE level = 'room'")


async def opened(community: Person, **body: Any) -> dict[str, Any]:
    """Draft a vote and open it."""
    return await subjects.act(community, "surveys", "open", await subjects.vote(community, **body))


async def closed_result(community: Person, vote: dict[str, Any]) -> Any:
    """End a vote and return its result."""
    await subjects.act(community, "surveys", "close", vote, text="截止")
    return await community.get(f"/surveys/{vote['id']}/result")


async def test_phones_and_paper_count_in_one_tally_by_heads_and_by_area(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    unit = await resident.place()
    rooms = {f"r{101 + n}": 50.5 for n in range(11)} | {"r201": 300.0}
    await measured(unit, **rooms)
    vote = await opened(community, households=None)
    assert (vote["asked"], vote["area"]) == (12, 855.5)
    assert vote["rule"]["basis"] == "《民法典》第二百七十八条第二款"
    await subjects.household(resident, "201")
    await subjects.respond(resident, vote, AGAINST)
    ballots = subjects.papers(unit, 10, AGREE)
    paper = await subjects.act(community, "surveys", "paper", vote, ballots=ballots)
    assert (paper["answered"], paper["paper"]) == (11, 10)
    problem(await subjects.try_to(community, "surveys", "reply", paper, text="急"), 409, "wrong-state")
    result = await closed_result(community, vote)
    (question,) = result["questions"]
    assert [choice["heads"] for choice in question["results"]] == [10, 1, 0]
    verdict = question["verdict"]
    # Eleven of twelve by heads, 805 of 855.5 by area; ten of eleven heads agree, 505 of 805 square metres.
    assert (verdict["turnout_heads"], verdict["turnout_area"]) == (91.7, 94.1)
    assert (verdict["agree_heads"], verdict["agree_area"]) == (90.9, 62.7)
    assert (verdict["valid"], verdict["passed"]) == (True, True)


async def test_a_majority_of_heads_alone_is_none(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    unit = await resident.place()
    await measured(unit, **{f"r{101 + n}": 50.0 for n in range(10)}, r201=5000.0)
    vote = await opened(community, households=None)
    await subjects.household(resident, "201")
    await subjects.respond(resident, vote, AGAINST)
    ballots = subjects.papers(unit, 10, AGREE)
    await subjects.act(community, "surveys", "paper", vote, ballots=ballots)
    (question,) = (await closed_result(community, vote))["questions"]
    assert (question["verdict"]["valid"], question["verdict"]["passed"]) == (True, False)


async def test_paper_of_a_household_that_has_voted_is_refused_by_name_and_nothing_counted(
    people_of: Everybody,
) -> None:
    resident, community = await people_of("resident", "community")
    unit = await resident.place()
    await measured(unit, r101=50.0, r102=60.0)
    vote = await opened(community, households=None)
    await subjects.household(resident, "102")
    await subjects.respond(resident, vote, AGREE)
    ballots = subjects.papers(unit, 2, AGREE)
    refused = await subjects.try_to(community, "surveys", "paper", vote, ballots=ballots)
    assert problem(refused, 409, "conflict")["detail"].endswith("4单元102已经交过一份，请拿掉后再录")
    assert (await community.get(f"/surveys/{vote['id']}"))["answered"] == 1
    once = await subjects.act(community, "surveys", "paper", vote, ballots=ballots[:1])
    assert (once["answered"], once["paper"]) == (2, 1)
    twice = await subjects.try_to(community, "surveys", "paper", once, ballots=ballots[:1])
    problem(twice, 409, "conflict")


@pytest.mark.parametrize(
    ("room", "place", "said"),
    [("101", "unit", "写了两次"), ("999", "unit", "建筑面积还没有登记"), ("101", "bl", "不在征询的范围内")],
)
async def test_paper_that_cannot_be_counted_is_said(
    people_of: Everybody, room: str, place: str, said: str
) -> None:
    resident, community = await people_of("resident", "community")
    unit = await resident.place()
    await measured(unit, r101=50.0)
    vote = await opened(community, households=None)
    ballots = subjects.papers(unit, 1, AGREE) + subjects.papers(
        unit if place == "unit" else vote["id"], 1, AGREE, first=int(room)
    )
    refused = await subjects.try_to(community, "surveys", "paper", vote, ballots=ballots)
    assert said in problem(refused, 422, "invalid")["errors"][0]["detail"]
    assert (await community.get(f"/surveys/{vote['id']}"))["answered"] == 0


async def test_a_household_without_an_area_is_told_whom_to_ask(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    vote = await opened(community, area=1000.0)
    await subjects.household(resident, "999")
    refused = problem(await subjects.try_to_respond(resident, vote, AGREE), 409, "conflict")
    assert "请联系社区登记" in refused["detail"]


async def test_a_rule_of_the_office_says_its_ground(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    rule = {"code": "own", "majority_heads": ">1/2", "basis": "社区居民公约第八条"}
    vote = await opened(community, rule=rule, households=20)
    ballots = subjects.papers(await resident.place(), 10, AGREE)
    await subjects.act(community, "surveys", "paper", vote, ballots=ballots)
    result = await closed_result(community, vote)
    assert (result["rule"]["basis"], result["questions"][0]["verdict"]["passed"]) == (
        "社区居民公约第八条",
        True,
    )
    assert result["questions"][0]["verdict"]["agree_area"] is None


async def test_shapes_of_votes_that_mean_nothing_are_refused(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    base = {"kind": "vote", "title": "续聘", "ends_at": subjects.ahead(days=3)}
    question = [{"text": "续聘", "kind": "vote"}]
    for body in (
        {"questions": question},
        {"questions": [{"text": "停车", "kind": "rating"}], "rule": {"code": "general"}},
        {"questions": question, "rule": {"code": "general", "majority_heads": ">1/2"}},
        {"questions": question, "rule": {"code": "own", "majority_heads": ">1/2"}},
        {"questions": question, "rule": {"code": "own", "majority_heads": "2/3", "basis": "公约"}},
    ):
        problem(await subjects.try_to_make(community, "surveys", **base | body), 422, "invalid")
    none = await subjects.vote(community, households=None)
    refused = await subjects.try_to(community, "surveys", "open", none)
    assert problem(refused, 422, "invalid")["errors"][0]["pointer"] == "/households"
    unmeasured = await subjects.try_to(community, "surveys", "open", none, households=10)
    assert problem(unmeasured, 422, "invalid")["errors"][0]["pointer"] == "/area"
    answer(await subjects.try_to(community, "surveys", "open", none, households=10, area=900.5))
