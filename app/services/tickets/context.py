"""The context from which actions are decided, and changes that several actions share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.enums import Status
from app.rules import escalation, lifecycle
from app.rules.access import Actor, Part, Parts, Seat
from app.rules.facts import Facts, with_changes
from app.services.ledger import ActionResult as ActionResult  # noqa: PLC0414 - what every action returns
from app.services.setup import Catalogue, PlaceRef, path_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionContext:
    """What an action is decided from: the ticket, who acts in which part, the time, what the office has set up."""

    ticket: Facts
    parts: Parts
    part: Part
    seat: Seat | None
    actor: Actor | None  # None: the timer
    now: datetime
    catalogue: Catalogue
    place_path: Sequence[UUID]
    new_place: PlaceRef | None = None  # of a reassignment
    merge_target: Facts | None = None  # the ticket to merge into
    last_vote: bool | None = None  # of the actor, since the ticket was closed

    @property
    def clocks(self) -> escalation.Clocks:
        return self.catalogue.clocks(self.ticket)

    @property
    def label(self) -> str:
        """Return the display name of the acting post or organisation."""
        seat, catalogue = self.seat, self.catalogue
        if seat and seat.organisation_id:
            return catalogue.organisations[seat.organisation_id].name
        unit = catalogue.units.get(seat.unit_id) if seat and seat.unit_id else None
        if seat is None or unit is None:
            return ""
        return f"{unit.label} {catalogue.unit_role_name(seat.role, unit.id, catalogue.title_of_seat(seat))}"


def timer_context(
    ticket: Facts, place: PlaceRef | None, catalogue: Catalogue, now: datetime
) -> ActionContext:
    """Return the context of an action performed by the system."""
    return ActionContext(
        ticket=ticket,
        parts={Part.TIMER: None},
        part=Part.TIMER,
        seat=None,
        actor=None,
        now=now,
        catalogue=catalogue,
        place_path=path_of(ticket, place),
    )


def one_level_up(context: ActionContext) -> dict[str, Any]:
    """Return the changes that move the holder one level up: grid → community (if there is one) → street."""
    ticket = context.ticket
    if ticket["level"] == 1 and ticket["community_id"]:
        return {"level": 2, "holder_id": ticket["community_id"]}
    return {"level": lifecycle.TOP_LEVEL, "holder_id": ticket["street_id"]}


def acknowledgement(context: ActionContext) -> dict[str, Any]:
    """Return the changes by which a partner acknowledges the ticket; none if somebody else acts."""
    if context.part is not Part.PARTNER:
        return {}
    return {"acknowledged_at": context.ticket["acknowledged_at"] or context.now, "acknowledge_due": None}


def with_accept_limit(context: ActionContext, changes: dict[str, Any]) -> dict[str, Any]:
    """Return `changes` with the whole accept limit again, if they leave the ticket new."""
    if with_changes(context.ticket, changes)["status"] != Status.NEW:
        return changes
    changes = changes | {"accept_from": context.now, "accept_step": 0}
    after = with_changes(context.ticket, changes)
    due = escalation.due_at(after, "accept", 100, context.catalogue.clocks(after))
    return changes | {"accept_due": due}


def with_resolve_due(context: ActionContext, changes: dict[str, Any]) -> dict[str, Any]:
    """Return `changes` with the resolve due time that follows from their pauses, limit or start."""
    due = escalation.due_at(with_changes(context.ticket, changes), "resolve", 100, context.clocks)
    return changes | {"resolve_due": due}
