"""What the ledger writes: an act is an event and the changes that come with it."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.enums import PauseKind
from app.rules.access import Part
from app.rules.subjects import SubjectPart
from app.services.idempotency import IdempotencyKey
from app.services.ledger import chain

LET_GO: Final = "let_go"  # the key of a job's payload
# A change of one of these raises the ticket's version: whoever acts on the ticket must have seen it.
VERSIONED: Final = frozenset(
    {"status", "holder_id", "level", "place_id", "category", "organisation_id", "claim"}
    | {"accept_due", "acknowledge_due", "resolve_due"}
)


@dataclass(slots=True, kw_only=True)
class Entry:
    """An event to write.

    `data` holds ids and codes only. `text` is stored in a row of its own, so that it can be erased; `data` gets its
    salted digest. `ticket_state` is the state after the event (rules.webhooks), empty if no webhook may receive it. It
    goes to the outbox and is not hashed, as do the persons who are `let_go`: they follow the ticket no more.
    """

    ticket_id: UUID  # of the subject, see models.event
    seq: int
    at: datetime
    type: str
    part: Part | SubjectPart
    person_id: UUID | None = None
    post_id: UUID | None = None
    organisation_id: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    internal: bool = False
    photo_ids: Sequence[UUID] = ()
    ticket_state: dict[str, Any] = field(default_factory=dict)
    let_go: Sequence[UUID] = ()
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    subject: str = chain.TICKET

    def document(self) -> str:
        """Return the JSON text of `data`, exactly as it is stored and hashed."""
        data = dict(self.data)
        if self.text is not None:
            data["said"] = chain.digest(self.salt, self.text)
        if self.photo_ids:
            data["photos"] = [str(photo) for photo in self.photo_ids]
        if self.internal:
            data["internal"] = True
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def body(self, document: str) -> str:
        """Return the text that is hashed for this event. `document` is the result of `document()`."""
        actors = (self.person_id, self.post_id, self.organisation_id)
        name = chain.subject_name(self.subject, self.ticket_id)
        return chain.link_body(name, self.seq, self.at, self.type, self.part, actors, document)

    def job_payload(self) -> str | None:
        """Return the payload of the event's job as JSON; None if no webhook listens and nobody is let go."""
        payload = self.ticket_state | ({LET_GO: self.let_go} if self.let_go else {})
        return json.dumps(payload, separators=(",", ":"), default=str) if payload else None


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that an act opens. With `ended_at` it has already ended."""

    kind: PauseKind
    began_at: datetime
    until: datetime
    reason: str | None = None
    ended_at: datetime | None = None


class FollowerChange(StrEnum):
    """What an act does to the followers of other tickets."""

    JOIN = "join"  # a merge makes the reporter and the followers follow the ticket it is merged into
    LEAVE = "leave"  # unmerging removes them from it again, and from the tickets it was merged into


class FollowerExit(StrEnum):
    """Which followers of its own ticket an act removes. The act sets the number of those who stay."""

    MERGED = "merged"  # those who came by a merge: the reports merged into it come back as their own tickets
    ALL = "all"  # neighbours may not see it any more


@dataclass(frozen=True, slots=True)
class MergeGuard:
    """What a merge was decided from: the ticket's number of followers, and the version of the target."""

    followers: int
    target_version: int


@dataclass(slots=True)
class ActionResult:
    """What an act changes: the ticket's columns; the event's data, text and photos; and further rows.

    `event` replaces the event type of the action in rules.lifecycle.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    photo_ids: Sequence[UUID] = ()
    _: KW_ONLY
    internal: bool = False
    event: str | None = None
    part: Part | None = None  # acts instead of the context's part, which may not do exactly this
    opened_pause: Pause | None = None
    pause_ended_at: datetime | None = None  # when the open pause ends
    follower_change: FollowerChange | None = None
    merge_guard: MergeGuard | None = None
    follower_exit: FollowerExit | None = None
    let_go: Sequence[UUID] = ()  # the persons to notify that they follow the ticket no more
    seen_tx: int | None = None  # `changed_tx`, if the act depends on the ticket's followers or merged reports
    vote: bool | None = None  # of the actor on this ticket
    undoable: bool = True  # False: it does to other tickets what `undo` would not take back
    extra_fields: dict[str, Any] = field(
        default_factory=dict
    )  # of the ticket after the act, besides its columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A change of one ticket and the event that records it.

    It is written only if the ticket still has the sequence `entry.seq - 1` and the version `seen_version`.
    """

    entry: Entry
    result: ActionResult
    seen_version: int
    key: IdempotencyKey | None = None
