"""The columns of a ticket that rules read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NotRequired, TypedDict, cast
from uuid import UUID

from app.rules.latest import Latest


class SentBack(TypedDict):
    """Which unit held an unassigned ticket before, and why it gave it up."""

    unit_id: str | None
    reason: str | None


class Facts(TypedDict):
    """A row of `ticket`, read-only, as far as rules read it. A row of the database is one as it is."""

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
    called: list[dict[str, Any]]  # see rules.departments
    called_ids: list[UUID]
    awaited_ids: list[UUID]
    dissent: int
    dissent_told: bool
    latest: Latest | None
    latest_text_seq: int | None
    latest_text: NotRequired[str | None]  # the text of `latest`; selected with the row
    undo: dict[str, Any] | None  # see services.tickets.undo
    # the transaction that last changed it: its columns, its followers or the reports merged into it
    changed_tx: int
    passed: NotRequired[list[str] | None]  # keys of what followers may see; selected with the row
    description_seq: NotRequired[int | None]  # the event the description is of; selected with the row
    follows: NotRequired[bool]  # whether the caller follows it; selected with the row, as the next
    reporter_erased: NotRequired[bool]  # whether its reporter's account is erased
    sent_back: NotRequired[SentBack | None]  # of an unassigned ticket; loaded with its view
    assigned_by_hand: NotRequired[bool | None]  # whether its grid got it by hand; selected for a reroute


def with_changes(ticket: Facts, changes: Mapping[str, Any]) -> Facts:
    """Return the ticket with `changes` applied."""
    return cast(Facts, {**ticket, **changes})
