"""A new ticket: written only when what was decided from is still so."""

from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from app import db, ids
from app.rules import search
from app.services.ledger import words
from app.services.ledger.chain import Entry, Key, body_of, genesis, left, link
from app.services.ledger.columns import COLUMNS

REPORTS_AN_HOUR: Final = 20  # by one resident; a number in the statement, so that one plan serves everybody

_GIVEN: Final = [name for name in COLUMNS if name not in {"no", "head", "changed_tx", "called"}]
_values: Final = itemgetter(*_GIVEN)
# What a statement is given, in this order; then the ticket's columns, then the photos it shows, where it shows any.
_NAMES: Final = (
    *("login", "stamp", "setup", "person", "since", "prefix", "head", "type", "part", "post", "organisation"),
    *("document", "text", "salt", "job", "key_actor", "key", "key_digest", "words", "standing"),
)
_IN_PLACE: Final = {name: f"${n}" for n, name in enumerate(_NAMES, 1)} | {
    "columns": ", ".join(_GIVEN),
    "values": ", ".join(f"${n}" for n in range(len(_NAMES) + 1, len(_NAMES) + 1 + len(_GIVEN))),
}
_PHOTOS: Final = f"${len(_NAMES) + len(_GIVEN) + 1}::uuid[]"

# A new ticket is written only when what was decided from is still so; the answer says which guard failed.
_OPENED: Final = """
WITH guard AS MATERIALIZED (
    SELECT p.name AS reporter_name, p.phone_masked AS reporter_phone, coalesce(p.stamp = {stamp}, false) AS live,
           (SELECT version FROM setup) = {setup} AS current,
           (SELECT count(*) FROM (SELECT FROM ticket WHERE reporter_id = {person} AND id > {since} ORDER BY id DESC
                                  LIMIT {hourly}) s) < {hourly} AS unhurried,
           {there} AS photos
    FROM (VALUES (1)) one LEFT JOIN login l ON l.id = {login} AND l.revoked_at IS NULL LEFT JOIN person p ON p.id = l.person_id
), opened AS (
    INSERT INTO ticket (no, head, {columns})
    SELECT {prefix} || nextval('ticket_no'), {head}, {values} FROM guard WHERE live AND current AND unhurried AND photos
    RETURNING id, no, created_at
), told AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data, hash)
    SELECT id, 1, created_at, {type}, {part}, {person}, {post}, {organisation}, {document}::json, {head} FROM opened
), said AS (
    INSERT INTO remark (ticket_id, seq, text, salt) SELECT id, 1, {text}::text, {salt} FROM opened WHERE {text}::text IS NOT NULL
), left_to_do AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at, payload)
    SELECT {job}, 'event', id, 1, created_at, {standing}::text::jsonb FROM opened
), remembered AS (
    INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at)
    SELECT {key_actor}, {key}::text, {key_digest}, id, created_at FROM opened WHERE {key}::text IS NOT NULL
), worded AS (
    INSERT INTO ticket_words (ticket_id, words)
    SELECT id, {words}::text::tsvector || format('%L:1D', no)::tsvector FROM opened
){shown}
SELECT guard.*, opened.no FROM guard LEFT JOIN opened ON true
"""
_THERE: Final = f"""(SELECT count(*) FROM (SELECT FROM photo WHERE id = ANY({_PHOTOS}) AND uploader_id = {{person}}
                                  AND ticket_id IS NULL FOR UPDATE) p) = cardinality({_PHOTOS})"""
_SHOWN: Final = f""", shown AS (
    UPDATE photo SET ticket_id = opened.id, seq = 1 FROM opened WHERE photo.id = ANY({_PHOTOS})
)"""


@cache
def _statement(*, shows: bool) -> str:
    """Return the statement that opens a ticket; guarding photos where there are none would be a tenth of it."""
    there, shown = (_THERE.format(**_IN_PLACE), _SHOWN) if shows else ("true", "")
    return _OPENED.format(**_IN_PLACE, hourly=REPORTS_AN_HOUR, there=there, shown=shown)


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
    photos = [list(entry.photo_ids)] if entry.photo_ids else []
    return await db.fetchrow(
        _statement(shows=bool(photos)),
        guards.login_id,
        guards.stamp,
        guards.setup_version,
        entry.person_id,
        guards.since,
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
        *photos,
    )
