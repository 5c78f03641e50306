"""Webhooks hear of public events of the common life: by codes and ids, of one's own community, nothing that was said."""

import json
from typing import Any

from app import db
from app.enums import PUBLIC_EVENTS, SubjectKind
from app.rules.lives import LIVES
from app.services.ledger import verify_ledger
from tests import subjects, world
from tests.world import Everybody, Person, answer, problem


async def listening(person: Person, *events: str) -> str:
    """Add a webhook of somebody's office or company; return its id."""
    body = {"url": "https://hooks.example.com/in", "events": list(events)}
    made: str = answer(await person.ask("POST", "/webhooks", json=body), 201)["id"]
    return made


async def sent(webhook_id: str) -> list[dict[str, Any]]:
    """Return the messages to a webhook, oldest first, after the worker's work."""
    await world.run_jobs()
    rows = await db.fetch("SELECT body FROM delivery WHERE webhook_id = $1 ORDER BY id", webhook_id)
    return [json.loads(row["body"]) for row in rows]


def test_every_public_event_is_one_of_the_tables() -> None:
    events = {f"{kind}.{name}" for kind in SubjectKind for name in LIVES[kind].events}
    assert events >= PUBLIC_EVENTS
    assert not {event for event in PUBLIC_EVENTS if event.startswith("opinion.")}


async def test_an_office_hears_what_was_decided_and_not_in_which_words(people_of: Everybody) -> None:
    resident, community, elsewhere = await people_of("resident", "community", "other_community")
    ours, theirs = await listening(community, "topic.*"), await listening(elsewhere, "topic.*")
    topic = await subjects.act(community, "topics", "release", await subjects.topic(resident))
    await subjects.act(resident, "topics", "support", topic)
    await subjects.act(community, "topics", "set", topic)
    await subjects.act(community, "topics", "decide", topic, text="先装两台试用")
    messages = await sent(ours)
    assert [message["type"] for message in messages] == ["topic.set", "topic.decided"]
    assert [message["data"]["status"] for message in messages] == ["set", "decided"]
    assert set(messages[1]["data"]) == {"id", "seq", "status", "community_id", "place_id"}
    assert "试用" not in json.dumps(messages, ensure_ascii=False)
    assert await sent(theirs) == []
    assert (await verify_ledger()).broken is None


async def test_the_company_hears_of_the_survey_that_rates_it(people_of: Everybody) -> None:
    company, community, resident = await people_of("property", "community", "resident")
    hook = await listening(company, "survey.opened", "survey.closed")
    mine = (await company.get("/me"))["organisation"]["id"]
    survey = await subjects.survey(community, organisation_id=mine)
    await subjects.act(community, "surveys", "open", survey)
    await subjects.household(resident)
    await subjects.respond(resident, survey, 1, 1)
    await subjects.act(community, "surveys", "close", survey, text="收齐了")
    messages = await sent(hook)
    assert [message["type"] for message in messages] == ["survey.opened", "survey.closed"]
    assert messages[0]["data"]["detail"]["households"] == 1000


async def test_events_that_concern_one_resident_cannot_be_listened_to(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    for event in ("opinion.raised", "activity.moved_up", "topic.supported"):
        body = {"url": "https://hooks.example.com/in", "events": [event]}
        problem(await community.ask("POST", "/webhooks", json=body), 422, "invalid")
