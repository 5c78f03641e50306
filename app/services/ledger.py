"""The ledger: sole writer of events. An act is one statement: the ticket, its event, words, photos, jobs and key."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.models.ticket import Ticket
from app.rules.access import Part

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS: Final = [column.name for column in Ticket.__table__.columns]  # type: ignore[attr-defined]  # SQLModel's stub hides it
_MUTABLE: Final = [name for name in _COLUMNS if name not in {"id", "no", "seq", "head", "created_at"}]
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
    """One event to write. `data` holds ids and codes only; `text` goes into a row of its own, bound by a salted digest."""

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
class Act:
    """A change of one ticket and the event that tells of it; `entry.seq - 1` guards it."""

    entry: Entry
    changes: dict[str, Any]
    key: Key | None = None


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


def _body(entry: Entry, document: str) -> str:
    actors = (entry.person_id, entry.post_id, entry.organisation_id)
    return body(entry.ticket_id, entry.seq, entry.at, entry.type, entry.part, actors, document)


_RECORD: Final = f"""
WITH act AS (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::uuid[],
                         $8::uuid[], $9::text[], $10::text[], $11::jsonb[], $12::text[], $13::bytea[], $14::bool[],
                         $15::uuid[], $16::uuid[], $17::text[], $18::bytea[])
        AS act(ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data, body, changes, text, salt,
               internal, job_id, key_actor, key, key_digest)
), moved AS (
    UPDATE ticket t SET
        ({", ".join(_MUTABLE)}) = (SELECT {", ".join(f"c.{name}" for name in _MUTABLE)}
                                   FROM jsonb_populate_record(t, act.changes) c),
        seq = act.seq,
        head = sha256(t.head || convert_to(act.body, 'UTF8'))
    FROM act WHERE t.id = act.ticket_id AND t.seq = act.seq - 1
    RETURNING t.id, t.seq, t.head
), done AS (
    SELECT act.*, moved.head FROM act JOIN moved ON moved.id = act.ticket_id
), told AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data, hash)
    SELECT ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data::json, head FROM done
), said AS (
    INSERT INTO remark (ticket_id, seq, text, salt, internal)
    SELECT ticket_id, seq, text, salt, internal FROM done WHERE text IS NOT NULL
), left_to_do AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at) SELECT job_id, 'event', ticket_id, seq, $21 FROM done
), remembered AS (
    INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at)
    SELECT key_actor, key, key_digest, ticket_id, at FROM done WHERE key IS NOT NULL
), shown AS (
    UPDATE photo SET ticket_id = done.ticket_id, seq = done.seq
    FROM unnest($19::uuid[], $20::uuid[]) AS p(ticket_id, photo_id) JOIN done USING (ticket_id)
    WHERE photo.id = p.photo_id AND photo.ticket_id IS NULL
)
SELECT ticket_id FROM done
"""


async def record(acts: Sequence[Act]) -> set[UUID]:
    """Write acts on distinct tickets in one statement; return the tickets whose act found them as it had seen them."""
    rows = [(act.entry, act.entry.document(), act) for act in acts]
    photos = [(entry.ticket_id, photo) for entry, _, __ in rows for photo in entry.photo_ids]
    columns = zip(*(_columns(entry, document, act) for entry, document, act in rows), strict=True)
    shown = ([t for t, _ in photos], [p for _, p in photos])
    done = await db.fetch(_RECORD, *map(list, columns), *shown, clock.now())
    return {row["ticket_id"] for row in done}


def _columns(entry: Entry, document: str, act: Act) -> tuple[Any, ...]:
    key = act.key
    return (
        entry.ticket_id,
        entry.seq,
        entry.at,
        entry.type,
        entry.part,
        entry.person_id,
        entry.post_id,
        entry.organisation_id,
        document,
        _body(entry, document),
        json.dumps(act.changes, default=str),
        entry.text,
        entry.salt,
        entry.internal,
        ids.new(),
        key and key.actor_id,
        key and key.key,
        key and key.digest,
    )


async def set_timers(alarms: Iterable[tuple[UUID, int, datetime | None]]) -> None:
    """Set when to look at tickets again (id, seq seen, moment): the alarm clock moves, the ticket does not."""
    rows = list(alarms)
    if rows:
        await db.fetch(_SET_TIMERS, *map(list, zip(*rows, strict=True)))


_SET_TIMERS: Final = """
UPDATE ticket t SET timer_at = a.at FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]) AS a(id, seq, at)
WHERE t.id = a.id AND t.seq = a.seq
"""


REPORTS_AN_HOUR: Final = 20  # by one resident; a number in the statement, so that one plan serves everybody

# A new ticket is written only when what was decided from is still so; the answer says which guard failed.
_GIVEN: Final = [name for name in _COLUMNS if name not in {"no", "head"}]
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
    SELECT $7 || nextval('ticket_no'), $8, {", ".join(f"${n}" for n in range(20, 20 + len(_GIVEN)))}
    FROM guard WHERE live AND current AND unhurried AND photos
    RETURNING id, no, created_at
), told AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data, hash)
    SELECT id, 1, created_at, $9, $10, $4, $11, $12, $13::json, $8 FROM opened
), said AS (
    INSERT INTO remark (ticket_id, seq, text, salt) SELECT id, 1, $14::text, $15 FROM opened WHERE $14::text IS NOT NULL
), left_to_do AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at) SELECT $16, 'event', id, 1, created_at FROM opened
), remembered AS (
    INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at)
    SELECT $17, $18::text, $19, id, created_at FROM opened WHERE $18::text IS NOT NULL
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
    head = link(genesis(entry.ticket_id), _body(entry, document))
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
        *(row[name] for name in _GIVEN),
    )
