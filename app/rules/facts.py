"""What the rules know of a ticket: named as its columns are, read-only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NotRequired, TypedDict, cast
from uuid import UUID


class Facts(TypedDict):
    """A ticket's row, as far as rules look at it; a database row serves as it is."""

    id: UUID
    status: str
    status_before: str | None
    version: int
    seq: int
    description: str | None
    photo_ids: list[UUID]
    origin: str
    category: str
    level: int
    place_id: UUID | None
    holder_id: UUID | None
    first_unit_id: UUID | None
    grid_id: UUID | None
    community_id: UUID | None
    street_id: UUID | None
    organisation_id: UUID | None
    reporter_id: UUID | None
    anonymous: bool
    claim: dict[str, Any] | None
    outcome: str | None
    handler_ids: list[UUID]
    hand_backs: int
    reopens: int
    urged: int
    urged_at: datetime | None
    accept_minutes: int
    acknowledge_minutes: int
    resolve_minutes: int
    extra_minutes: int
    accept_from: datetime
    accept_due: datetime
    accept_step: int
    acknowledge_due: datetime | None
    acknowledge_step: int
    resolve_from: datetime
    resolve_due: datetime
    resolve_step: int
    timed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    accepted_at: datetime | None
    contacted_at: datetime | None
    dispatched_at: datetime | None
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    rejected_at: datetime | None
    appeal_until: datetime | None
    pauses: list[datetime]
    paused_until: datetime | None
    paused_for: str | None
    waits: int
    appeals: int
    returns: int
    followers: int
    merged_into_id: UUID | None
    merged_at: datetime | None
    called: list[dict[str, Any]]  # see rules.calling
    called_ids: list[UUID]
    awaited_ids: list[UUID]
    dissent: int
    dissent_told: bool
    follows: NotRequired[bool]  # whether who asks is a follower; looked up with the row


def changed(ticket: Facts, changes: Mapping[str, Any]) -> Facts:
    """Return the ticket as it will be once `changes` are written."""
    return cast(Facts, {**ticket, **changes})
