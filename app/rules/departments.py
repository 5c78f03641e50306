"""Departments called to a ticket (吹哨报到): each call from its start until the department reports or is released.

A ticket's calls are stored in its column `called`, a JSON list.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.rules.facts import Facts


@dataclass(frozen=True, slots=True)
class DepartmentCall:
    """The call of one organisation. A new call of it replaces the earlier one, which stays in the ledger."""

    organisation_id: UUID
    called_at: datetime
    minutes: int  # the limit to acknowledge, on the acknowledge clock
    due: datetime
    step: int = 0  # how many moments of rules.escalation are done
    acknowledged_at: datetime | None = None
    reported_at: datetime | None = None
    released_at: datetime | None = None

    @property
    def is_active(self) -> bool:
        """Tell whether its report is awaited: it has neither reported nor been released."""
        return self.reported_at is None and self.released_at is None

    @property
    def is_unacknowledged(self) -> bool:
        """Tell whether its acknowledge clock runs."""
        return self.is_active and self.acknowledged_at is None

    def is_late(self, now: datetime) -> bool:
        """Tell whether it acknowledged, or was released, after its due time, or has not by now and that is past."""
        return (self.acknowledged_at or self.released_at or now) > self.due


_TIMES: Final = ("called_at", "due", "acknowledged_at", "reported_at", "released_at")


def read_calls(ticket: Facts) -> list[DepartmentCall]:
    """Return the calls of a ticket, the first call first."""
    return [_deserialize(stored) for stored in ticket["called"]]


def _deserialize(stored: dict[str, Any]) -> DepartmentCall:
    times = {name: stored[name] and datetime.fromisoformat(stored[name]) for name in _TIMES}
    return DepartmentCall(**stored | times | {"organisation_id": UUID(stored["organisation_id"])})


def active_call(ticket: Facts, organisation_id: UUID | None) -> DepartmentCall | None:
    """Return the active call of an organisation, if there is one."""
    if organisation_id not in ticket["awaited_ids"]:
        return None
    return next(call for call in read_calls(ticket) if call.organisation_id == organisation_id)


def call_columns(ticket: Facts, changed: Iterable[DepartmentCall]) -> dict[str, Any]:
    """Return the columns of a ticket once these calls replace the earlier ones of their organisations."""
    calls = {call.organisation_id: call for call in (*read_calls(ticket), *changed)}.values()
    active = sorted((call for call in calls if call.is_active), key=lambda call: not call.is_unacknowledged)
    return {
        "called": [_serialize(call) for call in calls],
        "called_ids": [call.organisation_id for call in calls if call.released_at is None],
        "awaited_ids": [call.organisation_id for call in active],  # the unacknowledged ones first
    }


def _serialize(call: DepartmentCall) -> dict[str, Any]:
    fields = asdict(call)
    times = {name: fields[name] and fields[name].isoformat() for name in _TIMES}
    return fields | times | {"organisation_id": str(call.organisation_id)}


def unacknowledged_calls(ticket: Facts) -> list[DepartmentCall]:
    """Return the calls whose acknowledge clock runs."""
    return [call for call in read_calls(ticket) if call.is_unacknowledged] if ticket["awaited_ids"] else []


def may_take(ticket: Facts, organisation_id: UUID | None) -> bool:
    """Tell whether an organisation has a call to acknowledge."""
    call = active_call(ticket, organisation_id)
    return call is not None and call.is_unacknowledged


def acknowledge(call: DepartmentCall, now: datetime) -> DepartmentCall:
    """Return a call acknowledged at `now`, or as it is if it was acknowledged before."""
    return replace(call, acknowledged_at=call.acknowledged_at or now)
