"""An act about to happen and what it does: what every act's function takes and returns, and what several share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.rules import escalation, lifecycle
from app.rules.access import Actor, Part, Parts, Seat
from app.rules.facts import Facts, changed
from app.services import ledger
from app.services.catalogue import Catalogue, post_label
from app.words import Status


@dataclass(frozen=True, slots=True)
class Scene:
    """An act about to happen: the ticket as it is, who acts in which part, when, and what the office has set up."""

    ticket: Facts
    parts: Parts
    part: Part
    seat: Seat | None
    actor: Actor | None  # None: the timer
    now: datetime
    catalogue: Catalogue
    place_path: Sequence[UUID] = ()
    into: Facts | None = None  # the ticket it is to be merged into
    voted: bool | None = None  # what the actor last said since it was closed

    @property
    def clocks(self) -> escalation.Clocks:
        return self.catalogue.clocks(self.ticket)

    @property
    def label(self) -> str:
        """How the acting post or organisation is called."""
        seat, catalogue = self.seat, self.catalogue
        if seat and seat.organisation_id:
            return catalogue.organisations[seat.organisation_id].name
        unit = catalogue.units.get(seat.unit_id) if seat and seat.unit_id else None
        return post_label(seat.role, unit.label) if seat and unit else ""


@dataclass(slots=True)
class Effect:
    """What an act does: columns to change, codes for the event, words, photos; `event` where it is not the move's own."""

    changes: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    photo_ids: Sequence[UUID] = ()
    internal: bool = False
    event: str | None = None
    part: Part | None = None  # acts instead of the narrowest, where that one may not do just this
    opens: ledger.Pause | None = None
    ends: datetime | None = None  # the open pause, at this moment
    crowd: ledger.Crowd | None = None
    seen: tuple[int, int] = (0, 0)  # see ledger.Act
    vote: bool | None = None
    shown: dict[str, Any] = field(default_factory=dict)  # what the answer tells beside the columns


def up(scene: Scene) -> dict[str, Any]:
    """Move the holder a level up: grid → community → street; where there is no community, to the street."""
    ticket = scene.ticket
    if ticket["level"] == 1 and ticket["community_id"]:
        return {"level": 2, "holder_id": ticket["community_id"]}
    return {"level": lifecycle.TOP, "holder_id": ticket["street_id"]}


def taken(scene: Scene) -> dict[str, Any]:
    """Return the changes by which an organisation takes the ticket, nothing when it has or when others act."""
    if scene.part is not Part.PARTNER:
        return {}
    return {"acknowledged_at": scene.ticket["acknowledged_at"] or scene.now, "acknowledge_due": None}


def accepting_anew(scene: Scene, changes: dict[str, Any]) -> dict[str, Any]:
    """Add the whole accept limit again, for a new holder, to the changes of a ticket that will be new."""
    if changed(scene.ticket, changes)["status"] != Status.NEW:
        return changes
    changes = changes | {"accept_from": scene.now, "accept_step": 0}
    after = changed(scene.ticket, changes)
    due = escalation.due(after, "accept", 100, scene.catalogue.clocks(after))
    return changes | {"accept_due": due}


def resolving(scene: Scene, changes: dict[str, Any]) -> dict[str, Any]:
    """Add when the ticket is to be resolved after all, once its pauses, limit or start have changed."""
    due = escalation.due(changed(scene.ticket, changes), "resolve", 100, scene.clocks)
    return changes | {"resolve_due": due}
