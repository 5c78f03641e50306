"""Which organisations and offices an event concerns, and what webhooks may tell them of the ticket."""

from typing import Any, Final
from uuid import UUID

from app.rules.facts import Facts

_FIELDS: Final = ("status", "version", "level", "category", "place_id", "organisation_id")


def concerned_organisations(before: Facts | None, after: Facts) -> set[UUID]:
    """Return the organisations that have the ticket, or are awaited on it, before or after the event.

    `before` is None for a new ticket.
    """
    tickets = [ticket for ticket in (before, after) if ticket]
    return {
        organisation_id
        for ticket in tickets
        for organisation_id in (ticket["organisation_id"], *ticket["awaited_ids"])
        if organisation_id
    }


def concerned_offices(before: Facts | None, after: Facts) -> set[UUID]:
    """Return the community and the street of the ticket; two of each when the event moves it to another."""
    tickets = [ticket for ticket in (before, after) if ticket]
    unit_ids = [ticket[unit] for ticket in tickets for unit in ("community_id", "street_id")]
    return {unit_id for unit_id in unit_ids if unit_id}


def ticket_state(before: Facts | None, after: Facts) -> dict[str, Any]:
    """Return the ticket's fields after an event, and in `concerns` the ids of everybody the event concerns.

    It is stored as the payload of the event's job: when the job runs, the ticket may have changed again.
    """
    concerned = concerned_organisations(before, after) | concerned_offices(before, after)
    return {**{name: after[name] for name in _FIELDS}, "concerns": sorted(map(str, concerned))}
