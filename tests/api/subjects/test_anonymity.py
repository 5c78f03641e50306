"""Whoever holds the whole database tries to join who has answered with what was answered, and cannot."""

import itertools
from typing import Any

import pytest

from app import db
from tests import subjects, world
from tests.newcomers import Newcomer, everything
from tests.world import Everybody, Person, answer

ANSWERS = ((0, 4), (1, 3), (4, 0))


async def answered(community: Person, people: list[Person], answers: Any) -> str:
    """Open a survey and have people answer it in this order; return its id."""
    draft = await subjects.survey(community)
    survey = await subjects.act(community, "surveys", "open", draft)
    for person, choices in zip(people, answers, strict=True):
        await subjects.respond(person, survey, *choices)
    identifier: str = survey["id"]
    return identifier


@pytest.fixture
async def neighbours(people_of: Everybody, newcomer: Newcomer) -> list[Person]:
    """Three households of a unit."""
    (resident,) = await people_of("resident")
    home, people = await resident.place(), []
    for number in range(3):
        person = await newcomer(f"openid-{number}")
        answer(await person.ask("PATCH", "/me", json={"home_id": home, "room": f"30{number}"}))
        people.append(person)
    return people


async def test_who_answered_and_what_share_no_key_and_no_time(people_of: Everybody) -> None:
    await people_of("resident")
    columns = await db.fetch(
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        "WHERE table_name IN ('turnout', 'ballot_box')"
    )
    of = {
        table: {row["column_name"] for row in columns if row["table_name"] == table}
        for table in ("turnout", "ballot_box")
    }
    assert of["turnout"] & of["ballot_box"] == {"survey_id"}
    assert not [row for row in columns if "time" in row["data_type"]]
    assert [row["column_name"] for row in columns if row["data_type"] == "date"] == ["day"]


async def test_every_join_of_turnout_with_the_box_leads_to_the_same_row(
    people_of: Everybody, neighbours: list[Person]
) -> None:
    """By key, by transaction, by physical place: there is one row of answers for all, so none is of somebody."""
    (community,) = await people_of("community")
    survey_id = await answered(community, neighbours, ANSWERS)
    for join in ("b.survey_id = t.survey_id", "b.survey_id = t.survey_id AND b.ctid IS NOT NULL"):
        joined = await db.fetch(
            f"SELECT t.person_id, b.heads FROM turnout t JOIN ballot_box b ON {join} WHERE t.survey_id = $1",
            survey_id,
        )
        assert len(joined) == len(ANSWERS)
        assert len({tuple(row["heads"]) for row in joined}) == 1
    by_transaction = await db.fetch(
        "SELECT b.heads FROM turnout t JOIN ballot_box b ON b.xmin = t.xmin WHERE t.survey_id = $1", survey_id
    )
    # Only the last is found by its transaction, and what is found are the sums of all.
    assert [sum(row["heads"]) for row in by_transaction] in ([], [4 * len(ANSWERS)])


async def test_the_order_of_answers_leaves_no_trace(people_of: Everybody, neighbours: list[Person]) -> None:
    """Whoever answers what in whatever order: the box is the same to the byte, and no other table knows more."""
    (community,) = await people_of("community")
    ids = [
        await answered(community, neighbours, order)
        for order in itertools.islice(itertools.permutations(ANSWERS), 3)
    ]
    boxes = await db.fetch(
        "SELECT answered, paper, heads, areas FROM ballot_box WHERE survey_id = ANY($1::uuid[])", ids
    )
    assert len(boxes) == 3
    assert len({str(dict(box)) for box in boxes}) == 1


async def test_answering_writes_nothing_else_that_tells_answers_apart(
    people_of: Everybody, neighbours: list[Person]
) -> None:
    """Idempotency keys hold a digest of the request: of few choices it could be guessed, so the choices are no part of it."""
    (community,) = await people_of("community")
    draft = await subjects.survey(community)
    survey = await subjects.act(community, "surveys", "open", draft)
    await world.run_jobs()
    before = await everything()
    for person, choices in zip(neighbours, ANSWERS, strict=True):
        sent = await subjects.try_to_respond(person, survey, *choices, **{"Idempotency-Key": "k"})
        answer(sent, 201)
    digests = await db.fetch("SELECT digest FROM idempotency WHERE key = 'k'")
    assert len(digests) == 3
    assert len({row["digest"] for row in digests}) == 1
    events = await db.fetch("SELECT type FROM event WHERE ticket_id = $1 ORDER BY seq", survey["id"])
    assert [row["type"] for row in events] == ["survey.raised", "survey.opened"]
    (subject,) = await db.fetch("SELECT updated_at, seq FROM subject WHERE id = $1", survey["id"])
    assert subject["updated_at"].isoformat()[:19] == survey["updated_at"][:19]
    assert before != await everything()


async def test_who_leaves_is_forgotten_and_their_household_still_counts_once(
    people_of: Everybody, neighbours: list[Person]
) -> None:
    (community,) = await people_of("community")
    survey_id = await answered(community, neighbours, ANSWERS)
    export = await neighbours[0].get("/me/export")
    assert [one["survey_id"] for one in export["surveys"]] == [survey_id]
    answer(await neighbours[0].ask("DELETE", "/me"))
    rows = await db.fetch("SELECT person_id FROM turnout WHERE survey_id = $1", survey_id)
    assert sorted(row["person_id"] is None for row in rows) == [False, False, True]
    seen = await community.get(f"/surveys/{survey_id}")
    assert seen["answered"] == 3
