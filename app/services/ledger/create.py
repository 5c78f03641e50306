"""Creating a ticket, if everything it was decided from still holds."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from app import db, ids
from app.models.photo import LOOSE
from app.rules import search
from app.services.idempotency import IdempotencyKey
from app.services.ledger import search_terms
from app.services.ledger.act import Entry
from app.services.ledger.chain import genesis, link
from app.services.ledger.columns import COLUMNS
from app.sql import Statement

REPORTS_AN_HOUR: Final = 20  # by one resident; a literal in the statement, so that one plan fits every call

_INSERTED: Final = [
    name for name in COLUMNS if name not in {"no", "head", "changed_tx", "called", "latest", "undo"}
]
_COLUMNS: Final = ", ".join(_INSERTED)
_VALUES: Final = ", ".join(f":ticket_{name}" for name in _INSERTED)

# Returns a row in any case; its columns say which guard failed.
_CREATE: Final = f"""
WITH guard AS MATERIALIZED (
    SELECT p.name AS reporter_name, p.phone_masked AS reporter_phone,
           coalesce(p.stamp = :auth_version, false) AS session_valid,
           (SELECT version FROM setup) = :setup_version AS setup_current,
           (SELECT count(*) FROM (SELECT FROM ticket WHERE reporter_id = :person_id AND id > :since ORDER BY id DESC
                                  LIMIT {REPORTS_AN_HOUR}) s) < {REPORTS_AN_HOUR} AS within_rate_limit,
           {{photos_available}} AS photos_available
    FROM (VALUES (1)) one LEFT JOIN login l ON l.id = :login_id AND l.revoked_at IS NULL
    LEFT JOIN person p ON p.id = l.person_id
), insert_ticket AS (
    INSERT INTO ticket (no, head, {_COLUMNS})
    SELECT :no_prefix || nextval('ticket_no'), :head, {_VALUES} FROM guard
    WHERE session_valid AND setup_current AND within_rate_limit AND photos_available
    RETURNING id, no, created_at
), insert_event AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data, hash)
    SELECT id, 1, created_at, :type, :part, :person_id, :post_id, :organisation_id, :document::json, :head
    FROM insert_ticket
), insert_remark AS (
    INSERT INTO remark (ticket_id, seq, text, salt)
    SELECT id, 1, :text::text, :salt FROM insert_ticket WHERE :text::text IS NOT NULL
), insert_job AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at, payload)
    SELECT :job_id, 'event', id, 1, created_at, :job_payload::text::jsonb FROM insert_ticket
), insert_key AS (
    INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at)
    SELECT :key_actor, :key::text, :key_digest, id, created_at FROM insert_ticket WHERE :key::text IS NOT NULL
), insert_words AS (
    INSERT INTO ticket_words (ticket_id, words)
    SELECT id, :search_terms::text::tsvector || format('%L:1D', no)::tsvector FROM insert_ticket
){{attach_photos}}
SELECT guard.*, insert_ticket.no FROM guard LEFT JOIN insert_ticket ON true
"""
_PHOTOS_AVAILABLE: Final = f"""(SELECT count(*) FROM (SELECT FROM photo WHERE id = ANY(:photo_ids::uuid[])
                AND uploader_id = :person_id AND {LOOSE} FOR UPDATE) p) = cardinality(:photo_ids::uuid[])"""
_ATTACH_PHOTOS: Final = """, attach_photos AS (
    UPDATE photo SET ticket_id = t.id, seq = 1 FROM insert_ticket t WHERE photo.id = ANY(:photo_ids::uuid[])
)"""


@cache
def _statement(*, has_photos: bool) -> Statement:
    """Return the statement that creates a ticket. Without photos it skips their guard, a tenth of its time."""
    if has_photos:
        return Statement(_CREATE.format(photos_available=_PHOTOS_AVAILABLE, attach_photos=_ATTACH_PHOTOS))
    return Statement(_CREATE.format(photos_available="true", attach_photos=""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """What must still hold when a ticket is created: the session, the setup, few reports with ids above `since`."""

    login_id: UUID
    auth_version: int
    setup_version: int
    since: UUID


async def open_ticket(
    row: dict[str, Any], entry: Entry, guards: Guards, *, no_prefix: str, key: IdempotencyKey | None
) -> Any:
    """Write a new ticket with its first event; return the row of guards, and the ticket's `no` (None: not written)."""
    statement, *values = await opening(row, entry, guards, no_prefix=no_prefix, key=key)
    return await db.fetchrow(statement, *values)


async def opening(
    row: dict[str, Any], entry: Entry, guards: Guards, *, no_prefix: str, key: IdempotencyKey | None
) -> list[Any]:
    """Return the statement of `open_ticket`, followed by its arguments."""
    document = entry.document()
    (terms,) = await search_terms.search_terms_of([row], tuple(search.WEIGHTS))
    values = {f"ticket_{name}": row[name] for name in _INSERTED}
    if entry.photo_ids:
        values["photo_ids"] = list(entry.photo_ids)
    statement = _statement(has_photos=bool(entry.photo_ids))
    arguments = dict(
        login_id=guards.login_id,
        auth_version=guards.auth_version,
        setup_version=guards.setup_version,
        since=guards.since,
        no_prefix=no_prefix,
        head=link(genesis(entry.ticket_id), entry.body(document)),
        type=entry.type,
        part=entry.part,
        person_id=entry.person_id,
        post_id=entry.post_id,
        organisation_id=entry.organisation_id,
        document=document,
        text=entry.text,
        salt=entry.salt,
        job_id=ids.new(),
        job_payload=entry.job_payload(),
        key_actor=key and key.actor_id,
        key=key and key.key,
        key_digest=key and key.digest,
        search_terms=terms,
        **values,
    )
    return [statement.text, *statement.arguments(arguments)]
