"""A new ticket: written only when what was decided from is still so."""

from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from app import db, ids
from app.rules import search
from app.services.ledger import words
from app.services.ledger.chain import Entry, Key, body_of, genesis, left, link
from app.services.ledger.columns import COLUMNS

REPORTS_AN_HOUR: Final = 20  # by one resident; a number in the statement, so that one plan serves everybody

# A new ticket is written only when what was decided from is still so; the answer says which guard failed.
_GIVEN: Final = [name for name in COLUMNS if name not in {"no", "head", "changed_tx", "called"}]
_values: Final = itemgetter(*_GIVEN)
_OPENED: Final = f"""
WITH guard AS MATERIALIZED (
    SELECT p.name AS reporter_name, p.phone_masked AS reporter_phone, coalesce(p.stamp = $2, false) AS live,
           (SELECT version FROM setup) = $3 AS current,
           (SELECT count(*) FROM (SELECT FROM ticket WHERE reporter_id = $4 AND id > $5 ORDER BY id DESC
                                  LIMIT {REPORTS_AN_HOUR}) s) < {REPORTS_AN_HOUR} AS unhurried,
           (SELECT count(*) FROM (SELECT FROM photo WHERE id = ANY($6::uuid[]) AND uploader_id = $4
                                  AND ticket_id IS NULL FOR UPDATE) p) = cardinality($6::uuid[]) AS photos
    FROM (VALUES (1)) one LEFT JOIN login l ON l.id = $1 AND l.revoked_at IS NULL LEFT JOIN person p ON p.id = l.person_id
), opened AS (
    INSERT INTO ticket (no, head, {", ".join(_GIVEN)})
    SELECT $7 || nextval('ticket_no'), $8, {", ".join(f"${n}" for n in range(22, 22 + len(_GIVEN)))}
    FROM guard WHERE live AND current AND unhurried AND photos
    RETURNING id, no, created_at
), told AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data, hash)
    SELECT id, 1, created_at, $9, $10, $4, $11, $12, $13::json, $8 FROM opened
), said AS (
    INSERT INTO remark (ticket_id, seq, text, salt) SELECT id, 1, $14::text, $15 FROM opened WHERE $14::text IS NOT NULL
), left_to_do AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at, payload)
    SELECT $16, 'event', id, 1, created_at, $21::text::jsonb FROM opened
), remembered AS (
    INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at)
    SELECT $17, $18::text, $19, id, created_at FROM opened WHERE $18::text IS NOT NULL
), worded AS (
    INSERT INTO ticket_words (ticket_id, words)
    SELECT id, $20::text::tsvector || format('%L:1D', no)::tsvector FROM opened
), shown AS (
    UPDATE photo SET ticket_id = opened.id, seq = 1 FROM opened WHERE photo.id = ANY($6::uuid[])
)
SELECT guard.*, opened.no FROM guard LEFT JOIN opened ON true
"""


@dataclass(frozen=True, slots=True)
class Guards:
    """What must still hold when a ticket is opened: the sign-in, the setup, an unhurried hour since the id `since`."""

    login_id: UUID
    stamp: int
    setup_version: int
    since: UUID


async def open_ticket(row: dict[str, Any], entry: Entry, guards: Guards, prefix: str, key: Key | None) -> Any:
    """Write a new ticket with its first event; return the guards that held and the ticket's `no` (None: not written)."""
    document = entry.document()
    head = link(genesis(entry.ticket_id), body_of(entry, document))
    return await db.fetchrow(
        _OPENED,
        guards.login_id,
        guards.stamp,
        guards.setup_version,
        entry.person_id,
        guards.since,
        list(entry.photo_ids),
        prefix,
        head,
        entry.type,
        entry.part,
        entry.post_id,
        entry.organisation_id,
        document,
        entry.text,
        entry.salt,
        ids.new(),
        key and key.actor_id,
        key and key.key,
        key and key.digest,
        (await words.of([row], tuple(search.WEIGHTS)))[0],
        left(entry),
        *_values(row),
    )
