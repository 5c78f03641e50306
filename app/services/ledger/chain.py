"""The hash chain of a subject's events: each hash covers the event and the hash before it."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

TICKET: Final = "ticket"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def digest(salt: bytes, text: str) -> str:
    """Return the salted digest of a text, which an event stores instead of the text."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def subject_name(kind: str, subject_id: UUID) -> str:
    """Return how the hash of an event names its subject: a ticket by its id, anything else by its kind too."""
    return str(subject_id) if kind == TICKET else f"{kind}:{subject_id}"


def link_body(
    subject: str,
    seq: int,
    at: datetime,
    type_: str,
    part: str,
    actors: Sequence[UUID | None],
    document: str,
) -> str:
    """Return the text that is hashed for an event: its fields separated by `|`, the time in microseconds since 1970.

    `subject` as `subject_name` gives it.
    """
    moment = (at - EPOCH) // timedelta(microseconds=1)
    who = (str(actor or "-") for actor in actors)
    return "|".join((subject, str(seq), str(moment), type_, part, *who, document))


def genesis(subject_id: UUID) -> bytes:
    """Return the hash that stands before a subject's first event."""
    return hashlib.sha256(subject_id.bytes).digest()


def link(before: bytes, body: str) -> bytes:
    """Return the hash of an event, given the hash before it and its body."""
    return hashlib.sha256(before + body.encode()).digest()
