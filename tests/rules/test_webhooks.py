"""Whom an event concerns: who has the ticket, who just lost it, and the offices it happens in."""

from typing import Any, cast
from uuid import UUID, uuid4

from app.rules import webhooks
from app.rules.facts import Facts

A, B = uuid4(), uuid4()
HERE, THERE, STREET = uuid4(), uuid4(), uuid4()


def ticket(organisation: UUID | None = None, community: UUID | None = HERE, **more: Any) -> Facts:
    facts: dict[str, Any] = {
        "organisation_id": organisation,
        "community_id": community,
        "street_id": STREET,
        "awaited_ids": [],
    }
    shown = {"status": "accepted", "version": 3, "level": 1, "category": "stair_light", "place_id": None}
    return cast(Facts, {**shown, **facts, **more})


def test_who_has_it_and_who_just_lost_it() -> None:
    assert webhooks.concerned_organisations(None, ticket()) == set()
    assert webhooks.concerned_organisations(ticket(), ticket(A)) == {A}
    assert webhooks.concerned_organisations(ticket(A), ticket(A)) == {A}
    assert webhooks.concerned_organisations(ticket(A), ticket()) == {A}
    assert webhooks.concerned_organisations(ticket(A), ticket(B)) == {A, B}


def test_whoever_is_called_until_the_event_that_ends_it() -> None:
    assert webhooks.concerned_organisations(ticket(A, awaited_ids=[B]), ticket(A, awaited_ids=[B])) == {A, B}
    assert webhooks.concerned_organisations(ticket(A), ticket(A, awaited_ids=[B])) == {A, B}
    assert webhooks.concerned_organisations(ticket(A, awaited_ids=[B]), ticket(A)) == {A, B}


def test_both_offices_hear_of_a_move() -> None:
    assert webhooks.concerned_offices(ticket(), ticket(None, THERE)) == {HERE, THERE, STREET}
    assert webhooks.concerned_offices(None, ticket(None, None)) == {STREET}


def test_the_moment_is_kept_with_whom_it_concerns() -> None:
    standing = webhooks.ticket_state(ticket(A), ticket(status="waiting"))
    assert standing["status"] == "waiting"
    assert standing["organisation_id"] is None
    assert standing["concerns"] == sorted(map(str, (A, HERE, STREET)))
