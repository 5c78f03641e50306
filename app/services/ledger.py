"""The ledger: sole writer of events. An act is one statement: the ticket, its event, words, photos, jobs and key."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy.dialects import postgresql

from app import clock, db, ids
from app.models.ticket import Ticket
from app.rules import search
from app.rules.access import Part
from app.services import catalogue
from app.services.catalogue import Catalogue
from app.words import Pausing

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS: Final = [column.name for column in Ticket.__table__.columns]  # type: ignore[attr-defined]  # SQLModel's stub hides it
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
class Pause:
    """A pause an act opens; `ended_at`: it is over already. The act's event says by whom."""

    kind: Pausing
    began_at: datetime
    until: datetime
    reason: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """A change of one ticket and the event that tells of it; `entry.seq - 1` and the version seen guard it."""

    entry: Entry
    changes: dict[str, Any]
    version: int
    key: Key | None = None
    opens: Pause | None = None
    ends: datetime | None = None  # the open pause, at this moment


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


async def record(acts: Sequence[Act]) -> set[UUID]:
    """Write acts on distinct tickets; return the tickets whose act found them as it had seen them.

    Acts that change the same columns share a statement: one for a person's tap, a few for the timer's sweep of hundreds.
    """
    kinds: dict[_Kind, list[Act]] = {}
    for act in acts:
        kinds.setdefault(_kind(act), []).append(act)
    return {ticket for kind, alike in kinds.items() for ticket in await _record(kind, alike)}


class _Kind(NamedTuple):
    """What a statement has to write besides ticket, event and job."""

    columns: tuple[str, ...]
    speaks: bool
    shows: bool
    keyed: bool
    opens: bool
    ends: bool

    @property
    def worded(self) -> tuple[str, ...]:
        """What changes of that which tickets are found by."""
        return tuple(column for column in search.WEIGHTS if column in self.columns)


def _kind(act: Act) -> _Kind:
    entry = act.entry
    return _Kind(
        tuple(sorted(act.changes)),
        entry.text is not None,
        bool(entry.photo_ids),
        act.key is not None,
        act.opens is not None,
        act.ends is not None,
    )


async def _record(kind: _Kind, acts: Sequence[Act]) -> list[UUID]:
    words = await _words_of([act.changes for act in acts], kind.worded)
    rows = [_row(kind, act, said) for act, said in zip(acts, words, strict=True)]
    arrays = [list(column) for column in zip(*rows, strict=True)]
    if kind.shows:
        photos = [(act.entry.ticket_id, photo) for act in acts for photo in act.entry.photo_ids]
        arrays += [list(column) for column in zip(*photos, strict=True)]
    done = await db.fetch(_statement(kind), clock.now(), *arrays)
    return [row["ticket_id"] for row in done]


# The arrays an act arrives in, a name and an element type each; what changes follows as new_…, typed as its column.
_ALWAYS: Final = {
    "ticket_id": "uuid",
    "seq": "int",
    "version": "int",
    "at": "timestamptz",
    "type": "text",
    "part": "text",
    "person_id": "uuid",
    "post_id": "uuid",
    "organisation_id": "uuid",
    "data": "text",
    "body": "text",
    "job_id": "uuid",
}
_SPEECH: Final = {"text": "text", "salt": "bytea", "internal": "bool"}
_WORDS: Final = {"words": "text"}
_KEY: Final = {"key_actor": "uuid", "key": "text", "key_digest": "bytea"}
_OPENS: Final = {
    "pause_kind": "text",
    "pause_began": "timestamptz",
    "pause_until": "timestamptz",
    "pause_reason": "text",
    "pause_ended": "timestamptz",
}
_ENDS: Final = {"pause_end": "timestamptz"}
_TYPES: Final[dict[str, str]] = {
    column.name: column.type.compile(postgresql.dialect())  # type: ignore[no-untyped-call]  # untyped there
    for column in Ticket.__table__.columns  # type: ignore[attr-defined]  # as above
}
# Arrays of these do not unnest by row.
_ARRAYS: Final = {"UUID[]": "::uuid[]", "TIMESTAMP WITH TIME ZONE[]": "::timestamptz[]"}
_AS_TEXT: Final = _ARRAYS | {"JSONB": "::jsonb"}  # arrays of these do not unnest by row


@cache
def _statement(kind: _Kind) -> str:
    """Return the statement that writes acts of one kind; there are about as many as actions."""
    taken = {f"new_{name}": "text" if _TYPES[name] in _AS_TEXT else _TYPES[name] for name in kind.columns}
    arrays = (
        _ALWAYS
        | taken
        | (_WORDS if kind.worded else {})
        | (_SPEECH if kind.speaks else {})
        | (_KEY if kind.keyed else {})
        | (_OPENS if kind.opens else {})
        | (_ENDS if kind.ends else {})
    )
    unnested = ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(arrays.values(), 2))
    sets = ", ".join(f"{name} = act.new_{name}{_AS_TEXT.get(_TYPES[name], '')}" for name in kind.columns)
    shown = _SHOWN.format(tickets=len(arrays) + 2, photos=len(arrays) + 3) if kind.shows else ""
    worded = _WORDED.format(kept=_kept(kind.worded)) if kind.worded else ""
    more = (_SAID if kind.speaks else "") + (_REMEMBERED if kind.keyed else "") + shown + worded
    more += (_PAUSED if kind.opens else "") + (_WENT_ON if kind.ends else "")
    return _RECORD.format(unnested=unnested, names=", ".join(arrays), sets=sets, more=more)


_RECORD: Final = """
WITH act AS (
    SELECT * FROM unnest({unnested}) AS act({names})
), moved AS (
    UPDATE ticket t SET {sets}, seq = act.seq, changed_tx = pg_current_xact_id()::text::bigint,
        head = sha256(t.head || convert_to(act.body, 'UTF8'))
    FROM act WHERE t.id = act.ticket_id AND t.seq = act.seq - 1 AND t.version = act.version
    RETURNING act.*, t.head
), told AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data, hash)
    SELECT ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data::json, head FROM moved
), left_to_do AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at) SELECT job_id, 'event', ticket_id, seq, $1 FROM moved
){more}
SELECT ticket_id FROM moved
"""
_SAID: Final = """, said AS (
    INSERT INTO remark (ticket_id, seq, text, salt, internal) SELECT ticket_id, seq, text, salt, internal FROM moved
)"""
_REMEMBERED: Final = """, remembered AS (
    INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at)
    SELECT key_actor, key, key_digest, ticket_id, $1 FROM moved
)"""
_PAUSED: Final = """, paused AS (
    INSERT INTO pause (ticket_id, seq, kind, began_at, until, reason, ended_at, post_id, organisation_id)
    SELECT ticket_id, seq, pause_kind, pause_began, pause_until, pause_reason, pause_ended, post_id, organisation_id FROM moved
)"""
_WENT_ON: Final = """, went_on AS (
    UPDATE pause SET ended_at = moved.pause_end FROM moved
    WHERE pause.ticket_id = moved.ticket_id AND pause.ended_at IS NULL
)"""
_WORDED: Final = """, worded AS (
    UPDATE ticket_words w SET words = ts_filter(w.words, '{kept}') || moved.words::tsvector
    FROM moved WHERE w.ticket_id = moved.ticket_id
)"""
_SHOWN: Final = """, shown AS (
    UPDATE photo SET ticket_id = moved.ticket_id, seq = moved.seq
    FROM unnest(${tickets}::uuid[], ${photos}::uuid[]) AS p(ticket_id, photo_id) JOIN moved USING (ticket_id)
    WHERE photo.id = p.photo_id AND photo.ticket_id IS NULL
)"""


def _kept(worded: Sequence[str]) -> str:
    """Return the weights of the words an act leaves as they are."""
    kept = {*search.WEIGHTS.values(), "D"} - {search.WEIGHTS[column] for column in worded}
    return "{" + ",".join(sorted(kept)) + "}"


async def _words_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    """Return what tickets are found by, as far as it comes from these columns; the names of places are loaded."""
    if not columns:
        return [""] * len(rows)
    known = await catalogue.current()
    await catalogue.spots(known, [row.get("place_id") for row in rows])
    return [
        " ".join(search.vector(_said(row, column, known), search.WEIGHTS[column]) for column in columns)
        for row in rows
    ]


def _said(row: Mapping[str, Any], column: str, known: Catalogue) -> str | None:
    value = row[column]
    if column == "place_id":
        return known.spots[value].label if value in known.spots else None
    if column == "category":
        return known.categories[value].zh if value in known.categories else None
    said: str | None = value
    return said


def _row(kind: _Kind, act: Act, words: str) -> tuple[Any, ...]:
    """Return an act as one element of each array."""
    entry, key = act.entry, act.key
    document = entry.document()
    who = (entry.person_id, entry.post_id, entry.organisation_id)
    always = (
        entry.ticket_id,
        entry.seq,
        act.version,
        entry.at,
        entry.type,
        entry.part,
        *who,
        document,
        _body(entry, document),
        ids.new(),
    )
    taken = (_taken(name, act.changes[name]) for name in kind.columns)
    speech = (entry.text, entry.salt, entry.internal) if kind.speaks else ()
    worded = (words,) if kind.worded else ()
    keyed = (key.actor_id, key.key, key.digest) if key else ()
    pause = act.opens
    opens = (pause.kind, pause.began_at, pause.until, pause.reason, pause.ended_at) if pause else ()
    return (*always, *taken, *worded, *speech, *keyed, *opens, *((act.ends,) if act.ends else ()))


def _taken(name: str, value: Any) -> Any:
    """Return a new value as its array takes it."""
    if _TYPES[name] in _ARRAYS:
        return "{" + ",".join(map(str, value)) + "}"
    if _TYPES[name] == "JSONB":
        return None if value is None else json.dumps(value, default=str)
    return value


async def set_timers(alarms: Iterable[tuple[UUID, int, int, datetime | None]]) -> None:
    """Set when to look at tickets again (id, seq and version seen, moment): the alarm clock moves, the ticket does not."""
    rows = list(alarms)
    if rows:
        await db.fetch(_SET_TIMERS, *map(list, zip(*rows, strict=True)))


_SET_TIMERS: Final = """
UPDATE ticket t SET timer_at = a.at
FROM unnest($1::uuid[], $2::int[], $3::int[], $4::timestamptz[]) AS a(id, seq, version, at)
WHERE t.id = a.id AND t.seq = a.seq AND t.version = a.version
"""


# What follows from the setup and the ticket's own history, so that no event need tell of it.
LIMITS: Final = (
    *("accept_minutes", "acknowledge_minutes", "resolve_minutes"),
    *("accept_due", "acknowledge_due", "resolve_due", "timer_at"),
)


async def set_limits(tickets: Iterable[Mapping[str, Any]]) -> set[UUID]:
    """Set limits, due times and alarms of tickets (with the id, seq and version seen); return those found as seen.

    A due time is something to have seen before deciding, so the version goes up with it.
    """
    rows = [[ticket[name] for name in _SEEN + LIMITS] for ticket in tickets]
    if not rows:
        return set()
    done = await db.fetch(_SET_LIMITS, *map(list, zip(*rows, strict=True)))
    return {row["id"] for row in done}


_SEEN: Final = ("id", "seq", "version", "updated_at")
_DUES: Final = tuple(name for name in LIMITS if name in VERSIONED)
_SET_LIMITS: Final = f"""
UPDATE ticket t SET {", ".join(f"{name} = a.{name}" for name in LIMITS)}, updated_at = a.updated_at,
    changed_tx = pg_current_xact_id()::text::bigint,
    version = t.version + (({", ".join(f"t.{name}" for name in _DUES)}) IS DISTINCT FROM ({", ".join(f"a.{name}" for name in _DUES)}))::int
FROM unnest({", ".join(f"${n}::{_TYPES[name]}[]" for n, name in enumerate(_SEEN + LIMITS, 1))})
    AS a({", ".join(_SEEN + LIMITS)})
WHERE t.id = a.id AND t.seq = a.seq AND t.version = a.version
RETURNING t.id
"""


REPORTS_AN_HOUR: Final = 20  # by one resident; a number in the statement, so that one plan serves everybody

# A new ticket is written only when what was decided from is still so; the answer says which guard failed.
_GIVEN: Final = [name for name in _COLUMNS if name not in {"no", "head", "changed_tx"}]
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
    SELECT $7 || nextval('ticket_no'), $8, {", ".join(f"${n}" for n in range(21, 21 + len(_GIVEN)))}
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
        (await _words_of([row], tuple(search.WEIGHTS)))[0],
        *(row[name] for name in _GIVEN),
    )
