"""Departments called to one ticket (吹哨报到): the part each of them has, from the call until it reports or is released."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.rules.facts import Facts


@dataclass(frozen=True, slots=True)
class Called:
    """The part of one organisation; called again, it begins a new one in its stead: the ledger tells of the earlier."""

    organisation_id: UUID
    called_at: datetime
    minutes: int  # to acknowledge, on the acknowledge clock
    due: datetime
    step: int = 0  # moments of rules.escalation already done
    acknowledged_at: datetime | None = None
    reported_at: datetime | None = None
    released_at: datetime | None = None

    @property
    def runs(self) -> bool:
        """Tell whether the ticket waits for it: neither reported nor released."""
        return self.reported_at is None and self.released_at is None

    @property
    def is_timed(self) -> bool:
        """Tell whether its acknowledge clock runs."""
        return self.runs and self.acknowledged_at is None

    def is_late(self, now: datetime) -> bool:
        """Tell whether its due time has passed before it acknowledged, or was passed when it did."""
        return (self.acknowledged_at or self.released_at or now) > self.due


_MOMENTS: Final = ("called_at", "due", "acknowledged_at", "reported_at", "released_at")


def read(ticket: Facts) -> list[Called]:
    """Return the parts of a ticket, the first called first."""
    return [_read(stored) for stored in ticket["called"]]


def _read(stored: dict[str, Any]) -> Called:
    moments = {name: stored[name] and datetime.fromisoformat(stored[name]) for name in _MOMENTS}
    return Called(**stored | moments | {"organisation_id": UUID(stored["organisation_id"])})


def of(ticket: Facts, organisation_id: UUID | None) -> Called | None:
    """Return the part of an organisation whose part still runs."""
    if organisation_id not in ticket["awaited_ids"]:
        return None
    return next(part for part in read(ticket) if part.organisation_id == organisation_id)


def put(ticket: Facts, changed: Iterable[Called]) -> dict[str, Any]:
    """Return the columns of a ticket with these parts in place of their organisations' earlier ones."""
    anew = {part.organisation_id: part for part in changed}
    parts = list(({part.organisation_id: part for part in read(ticket)} | anew).values())
    awaited = sorted((part for part in parts if part.runs), key=lambda part: not part.is_timed)
    return {
        "called": [_stored(part) for part in parts],
        "called_ids": [part.organisation_id for part in parts if part.released_at is None],
        "awaited_ids": [part.organisation_id for part in awaited],  # those that have not taken theirs first
    }


def _stored(part: Called) -> dict[str, Any]:
    said = asdict(part)
    moments = {name: said[name] and said[name].isoformat() for name in _MOMENTS}
    return said | moments | {"organisation_id": str(part.organisation_id)}


def timed(ticket: Facts) -> list[Called]:
    """Return the parts whose acknowledge clock runs."""
    return [part for part in read(ticket) if part.is_timed] if ticket["awaited_ids"] else []


def may_take(ticket: Facts, organisation_id: UUID | None) -> bool:
    """Tell whether an organisation was called and has not taken its part."""
    part = of(ticket, organisation_id)
    return part is not None and part.is_timed


def taken(part: Called, now: datetime) -> Called:
    """Return a part acknowledged, the first time counting."""
    return replace(part, acknowledged_at=part.acknowledged_at or now)
