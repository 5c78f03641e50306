"""What is written of an act, and how each event is chained to the one before it."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.rules.access import Part
from app.words import Pausing

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# A change of one of these is a change somebody deciding must have seen.
VERSIONED: Final = frozenset(
    {"status", "holder_id", "level", "place_id", "category", "organisation_id", "claim"}
    | {"accept_due", "acknowledge_due", "resolve_due"}
)


@dataclass(frozen=True, slots=True)
class Key:
    """An Idempotency-Key of an actor, with a digest of what was asked under it."""

    actor_id: UUID
    key: str
    digest: bytes


@dataclass(slots=True)
class Entry:
    """One event to write. `data` holds ids and codes only; `text` goes into a row of its own, bound by a salted digest.

    `standing` is how the ticket stands after it (rules.concerns), where a webhook may hear of it: for the outbox, not
    for the chain.
    """

    ticket_id: UUID
    seq: int
    at: datetime
    type: str
    part: Part
    person_id: UUID | None = None
    post_id: UUID | None = None
    organisation_id: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    internal: bool = False
    photo_ids: Sequence[UUID] = ()
    standing: dict[str, Any] = field(default_factory=dict)
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def document(self) -> str:
        """Return `data` as it is stored and hashed, to the letter."""
        data = dict(self.data)
        if self.text is not None:
            data["said"] = digest(self.salt, self.text)
        if self.photo_ids:
            data["photos"] = [str(photo) for photo in self.photo_ids]
        if self.internal:
            data["internal"] = True
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause an act opens; `ended_at`: it is over already. The act's event says by whom."""

    kind: Pausing
    began_at: datetime
    until: datetime
    reason: str | None = None
    ended_at: datetime | None = None


class Crowd(StrEnum):
    """What an act does to the followers of other tickets."""

    COMES = "comes"  # a merge brings the reporter and the followers of the ticket to the one it names
    GOES = "goes"  # unmerging takes them off it again, and off whatever that one was merged into


@dataclass(frozen=True, slots=True)
class Act:
    """A change of one ticket and the event that tells of it; `entry.seq - 1` and the version seen guard it."""

    entry: Entry
    changes: dict[str, Any]
    version: int
    key: Key | None = None
    opens: Pause | None = None
    ends: datetime | None = None  # the open pause, at this moment
    crowd: Crowd | None = None
    seen: tuple[int, int] = (0, 0)  # what a merge was decided from: its followers, the other ticket's version
    vote: bool | None = None  # the actor's, on this ticket


def left(entry: Entry) -> str | None:
    """Return what the outbox keeps of an event's moment, nothing where no webhook listens."""
    return json.dumps(entry.standing, separators=(",", ":"), default=str) if entry.standing else None


def digest(salt: bytes, text: str) -> str:
    """Bind words to an event without keeping them in it."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def body(
    ticket_id: UUID,
    seq: int,
    at: datetime,
    type_: str,
    part: str,
    actors: Sequence[UUID | None],
    document: str,
) -> str:
    """Return what a link of the chain hashes after the link before it. Microseconds since 1970, fields by `|`."""
    moment = (at - EPOCH) // timedelta(microseconds=1)
    who = (str(actor or "-") for actor in actors)
    return "|".join((str(ticket_id), str(seq), str(moment), type_, part, *who, document))


def genesis(ticket_id: UUID) -> bytes:
    """Return the link before a ticket's first."""
    return hashlib.sha256(ticket_id.bytes).digest()


def link(before: bytes, said: str) -> bytes:
    """Return the hash of a link."""
    return hashlib.sha256(before + said.encode()).digest()


def body_of(entry: Entry, document: str) -> str:
    """Return what an event of ours hashes."""
    actors = (entry.person_id, entry.post_id, entry.organisation_id)
    return body(entry.ticket_id, entry.seq, entry.at, entry.type, entry.part, actors, document)
