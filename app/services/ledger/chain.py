"""The hash chain of a ticket's events: each hash covers the event and the hash before it."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def digest(salt: bytes, text: str) -> str:
    """Return the salted digest of a text, which an event stores instead of the text."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def link_body(
    ticket_id: UUID,
    seq: int,
    at: datetime,
    type_: str,
    part: str,
    actors: Sequence[UUID | None],
    document: str,
) -> str:
    """Return the text that is hashed for an event: its fields separated by `|`, the time in microseconds since 1970."""
    moment = (at - EPOCH) // timedelta(microseconds=1)
    who = (str(actor or "-") for actor in actors)
    return "|".join((str(ticket_id), str(seq), str(moment), type_, part, *who, document))


def genesis(ticket_id: UUID) -> bytes:
    """Return the hash that stands before a ticket's first event."""
    return hashlib.sha256(ticket_id.bytes).digest()


def link(before: bytes, body: str) -> bytes:
    """Return the hash of an event, given the hash before it and its body."""
    return hashlib.sha256(before + body.encode()).digest()
