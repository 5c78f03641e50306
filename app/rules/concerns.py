"""Whom outside the house an event concerns: the organisations and the offices it is about, at that moment."""

from typing import Any, Final
from uuid import UUID

from app.rules.facts import Facts

_SHOWN: Final = ("status", "version", "level", "category", "place_id", "organisation_id")


def organisations(before: Facts | None, after: Facts) -> set[UUID]:
    """Return the organisations an event concerns: those the ticket is with or waits for, or just was."""
    there = [ticket for ticket in (before, after) if ticket]
    return {one for ticket in there for one in (ticket["organisation_id"], *ticket["awaited_ids"]) if one}


def offices(before: Facts | None, after: Facts) -> set[UUID]:
    """Return the community and the street an event happens in; two of each when it moves the ticket."""
    seen = [ticket[unit] for ticket in (before, after) if ticket for unit in ("community_id", "street_id")]
    return {office for office in seen if office}


def standing(before: Facts | None, after: Facts) -> dict[str, Any]:
    """Return how a ticket stands after an event, and whom that concerns: what the outbox must know of the moment."""
    return {
        **{name: after[name] for name in _SHOWN},
        "concerns": sorted(map(str, organisations(before, after) | offices(before, after))),
    }
