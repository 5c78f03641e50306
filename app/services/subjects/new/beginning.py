"""A subject that is being made, what a kind says of its beginning, and the first event."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.enums import SubjectKind
from app.models.subject import Subject as SubjectTable
from app.rules.access import Actor
from app.rules.lives import LIVES
from app.rules.subjects import Parts, SubjectPart
from app.services import ledger
from app.services.idempotency import IdempotencyKey
from app.services.setup import Catalogue
from app.services.subjects.view import post_of

SHARED: Final = ("place_id", "grid_id", "community_id", "street_id")  # by what comes from one
_DEFAULTS: Final[dict[str, Any]] = {
    name: field.get_default(call_default_factory=True)
    for name, field in SubjectTable.model_fields.items()
    if not field.is_required() and name != "id"
}


@dataclass(slots=True, kw_only=True)
class New:
    """A subject that is being made: from what, by whom, and its columns so far."""

    actor: Actor
    kind: SubjectKind
    form: Any
    catalogue: Catalogue
    now: datetime
    row: dict[str, Any]
    home_path: Sequence[UUID] | None  # of who makes it
    parts: Parts
    part: SubjectPart = SubjectPart.OUTSIDER
    heard: Sequence[dict[str, Any]] = ()  # the columns of the opinions that were said there

    async def insert(self, fetch: db.Fetch, row: dict[str, Any], key: IdempotencyKey | None = None) -> UUID:
        """Write a subject with its first event."""
        return await insert_subject(fetch, self.actor, row, self.parts, self.part, key)


async def _nothing(*_: Any) -> None:
    """Do nothing: what most kinds do at most steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a kind begins with. The steps are taken in this order, the last two in the transaction that writes it."""

    at_grid: bool = True  # a grid itself can be its place
    find_parts: Callable[[New], Awaitable[None]] = _nothing  # those that its place alone does not give
    columns: Callable[[New], Mapping[str, Any]]
    always: Mapping[str, Any] = field(
        default_factory=dict
    )  # columns of one that an act on another opens, too
    check: Callable[[New], Awaitable[None]] = _nothing  # refuses what cannot be
    sources: frozenset[SubjectKind] = frozenset()  # what it may come from
    before: Callable[[db.Fetch, New], Awaitable[None]] = _nothing  # makes and locks what it needs
    after: Callable[[db.Fetch, New], Awaitable[None]] = _nothing  # writes what it has besides its row


def new_row(kind: SubjectKind, actor: Actor, where: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a new subject at a place, before its kind adds its own."""
    now = clock.now()
    return {
        **_DEFAULTS,
        **where,
        "id": ids.new(),
        "kind": kind,
        "status": LIVES[kind].first_status,
        "author_id": actor.person_id,
        "created_at": now,
        "updated_at": now,
    }


async def insert_subject(
    fetch: db.Fetch,
    actor: Actor,
    row: dict[str, Any],
    parts: Parts,
    part: SubjectPart,
    key: IdempotencyKey | None = None,
) -> UUID:
    """Write a subject with its first event, and return its id."""
    row["post_id"] = post_of(actor, parts.get(part))
    entry = ledger.Entry(
        ticket_id=row["id"],
        seq=1,
        at=row["created_at"],
        type=f"{row['kind']}.raised",
        part=part,
        person_id=actor.person_id,
        post_id=row["post_id"],
        data=_data(row),
        text=row["text"] or row["title"],
        subject=row["kind"],
    )
    await ledger.open_subject(fetch, row, entry, key)
    subject_id: UUID = row["id"]
    return subject_id


def _data(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the codes and ids that a new subject begins with, as its first event keeps them."""
    names = ("place_id", "grid_id", "community_id", "street_id", "person_id", "source_id", "sort", "series")
    times = ("starts_at", "ends_at", "due_at")
    data = {name: str(row[name]) for name in names if row[name] is not None}
    return data | {name: row[name].isoformat() for name in times if row[name] is not None}
