"""Writing subjects of the common life: a new one, and acts on one that the transaction has locked."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy.dialects import postgresql

from app import clock, db, ids
from app.models.subject import Subject
from app.services.idempotency import IdempotencyKey
from app.services.ledger.act import Entry
from app.services.ledger.chain import genesis, link
from app.sql import Statement

SUBJECT_JOB: Final = "subject"  # the kind of the job that follows an event of a subject

_TYPES: Final[dict[str, str]] = {
    column.name: column.type.compile(postgresql.dialect())  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
    for column in Subject.__table__.columns  # type: ignore[attr-defined]  # not in SQLModel's stub
}
_INSERTED: Final = [name for name in _TYPES if name != "head"]
# What follows an event, in the statement that writes it. `written`: the CTE with the subject's id and head.
_FOLLOW: Final = """, insert_event AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, post_id, data, hash, subject)
    SELECT id, :seq, :at::timestamptz, :type, :part, :person_id, :post_id, :document::json, head, :subject FROM {written}
), insert_remark AS (
    INSERT INTO remark (ticket_id, seq, text, salt) SELECT id, :seq, :text::text, :salt FROM {written} WHERE :text::text IS NOT NULL
), attach_photos AS (
    UPDATE photo SET subject_id = w.id, seq = :seq FROM {written} w
    WHERE photo.id = ANY(:photo_ids::uuid[]) AND photo.ticket_id IS NULL AND photo.subject_id IS NULL
), insert_job AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at, payload)
    SELECT :job_id, '{job}', id, :seq, :now::timestamptz, jsonb_build_object('status', :status::text) FROM {written}
), insert_key AS (
    INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at)
    SELECT :key_actor, :key::text, :key_digest::bytea, id, :now FROM {written} WHERE :key::text IS NOT NULL
)
SELECT id FROM {written}
"""
_OPEN: Final = Statement(
    f"""
WITH insert_subject AS (
    INSERT INTO subject (head, {", ".join(_INSERTED)})
    VALUES (:head, {", ".join(f":new_{name}::{_TYPES[name]}" for name in _INSERTED)}) RETURNING id, head
)"""
    + _FOLLOW.format(written="insert_subject", job=SUBJECT_JOB)
)


async def open_subject(
    fetch: db.Fetch, row: Mapping[str, Any], entry: Entry, key: IdempotencyKey | None = None
) -> None:
    """Write a new subject with its first event. `row`: all columns but `head`."""
    document = entry.document()
    values = {f"new_{name}": row[name] for name in _INSERTED}
    head = link(genesis(entry.ticket_id), entry.body(document))
    values |= _entry_values(entry, document, key) | {"status": row["status"]}
    await fetch(*_call(_OPEN, **values, head=head))


async def record_on_subject(
    fetch: db.Fetch, entry: Entry, changes: Mapping[str, Any], key: IdempotencyKey | None = None
) -> None:
    """Write an act on a subject whose row the transaction has locked: the changed columns, its status too, and the event.

    Raises LookupError if the subject is not at the sequence before the event's, which the lock excludes.
    """
    document = entry.document()
    values = {f"new_{name}": value for name, value in changes.items()}
    written = await fetch(
        *_call(
            _act(tuple(sorted(changes))),
            **values,
            subject_id=entry.ticket_id,
            body=entry.body(document),
            status=changes["status"],
            **_entry_values(entry, document, key),
        )
    )
    if not written:
        raise LookupError("the subject was not locked")


@cache
def _act(columns: tuple[str, ...]) -> Statement:
    sets = "".join(f"{name} = :new_{name}::{_TYPES[name]}, " for name in columns)
    return Statement(
        f"""
WITH update_subject AS (
    UPDATE subject SET {sets}seq = :seq, updated_at = :at::timestamptz,
        head = sha256(head || convert_to(:body::text, 'UTF8'))
    WHERE id = :subject_id AND seq = :seq - 1 RETURNING id, head
)"""
        + _FOLLOW.format(written="update_subject", job=SUBJECT_JOB)
    )


def _entry_values(entry: Entry, document: str, key: IdempotencyKey | None) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "type": entry.type,
        "part": entry.part,
        "person_id": entry.person_id,
        "post_id": entry.post_id,
        "document": document,
        "subject": entry.subject,
        "text": entry.text,
        "salt": entry.salt,
        "photo_ids": list(entry.photo_ids),
        "job_id": ids.new(),
        "now": clock.now(),
        "key_actor": key and key.actor_id,
        "key": key and key.key,
        "key_digest": key and key.digest,
    }


def _call(statement: Statement, **values: Any) -> list[Any]:
    return [statement.text, *statement.arguments(values)]
