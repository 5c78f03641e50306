"""Acts on tickets there are: one statement for those that change the same columns."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import clock, db, ids
from app.rules import search
from app.services.ledger import crowds, words
from app.services.ledger.chain import Act, Crowd, body_of, left
from app.services.ledger.columns import AS_TEXT, TYPES, as_sent, sent_type


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
    votes: bool
    crowd: Crowd | None

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
        act.vote is not None,
        act.crowd,
    )


async def _record(kind: _Kind, acts: Sequence[Act]) -> list[UUID]:
    assert not kind.crowd or len(acts) == 1, "tickets are merged one by one"
    said = await words.of([act.changes for act in acts], kind.worded)
    rows = [_row(kind, act, found_by) for act, found_by in zip(acts, said, strict=True)]
    given = rows[0] if len(rows) == 1 else [list(column) for column in zip(*rows, strict=True)]
    if kind.shows:
        photos = [(act.entry.ticket_id, photo) for act in acts for photo in act.entry.photo_ids]
        given = [*given, *(list(column) for column in zip(*photos, strict=True))]
    done = await db.fetch(_statement(kind, many=len(rows) > 1), clock.now(), *given)
    return [row["ticket_id"] for row in done]


# What an act arrives in, a name and a type each; what changes follows as new_…, typed as its column. Many arrive in arrays.
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
    "standing": "text",
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
_VOTE: Final = {"vote": "bool"}
_SEEN: Final = {"seen_followers": "int", "seen_version": "int"}


@cache
def _statement(kind: _Kind, *, many: bool) -> str:
    """Return the statement that writes an act of one kind, or many; there are about as many as actions."""
    taken = {f"new_{name}": sent_type(name) for name in kind.columns}
    given = (
        _ALWAYS
        | taken
        | (_WORDS if kind.worded else {})
        | (_SPEECH if kind.speaks else {})
        | (_KEY if kind.keyed else {})
        | (_OPENS if kind.opens else {})
        | (_ENDS if kind.ends else {})
        | (_VOTE if kind.votes else {})
        | (_SEEN if kind.crowd else {})
    )
    acts = _many(given) if many else _one(given)
    sets = ", ".join(f"{name} = act.new_{name}{AS_TEXT.get(TYPES[name], '')}" for name in kind.columns)
    shown = _SHOWN.format(tickets=len(given) + 2, photos=len(given) + 3) if kind.shows else ""
    worded = _WORDED.format(kept=words.kept(kind.worded)) if kind.worded else ""
    more = (_SAID if kind.speaks else "") + (_REMEMBERED if kind.keyed else "") + shown + worded
    more += (_PAUSED if kind.opens else "") + (_WENT_ON if kind.ends else "") + (_VOTED if kind.votes else "")
    parts = {"acts": acts, "sets": sets}
    if kind.crowd is None:
        return _RECORD.format(**parts, recursive="", first="", guard="", more=more)
    first, last = _CROWDS[kind.crowd]
    return _RECORD.format(**parts, recursive="RECURSIVE ", first=first, guard=_GUARD, more=more + last)


def _one(given: Mapping[str, str]) -> str:
    """Return the act as a row of its parameters: packing one into arrays and out again costs more than writing it."""
    return ", ".join(f"${n}::{type_} AS {name}" for n, (name, type_) in enumerate(given.items(), 2))


def _many(given: Mapping[str, str]) -> str:
    """Return the acts as rows of their arrays."""
    arrays = ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(given.values(), 2))
    return f"* FROM unnest({arrays}) AS act({', '.join(given)})"


_RECORD: Final = """
WITH {recursive}act AS (
    SELECT {acts}
){first}, moved AS (
    UPDATE ticket t SET {sets}, seq = act.seq, changed_tx = pg_current_xact_id()::text::bigint,
        head = sha256(t.head || convert_to(act.body, 'UTF8'))
    FROM act WHERE t.id = act.ticket_id AND t.seq = act.seq - 1 AND t.version = act.version{guard}
    RETURNING act.*, t.head
), told AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data, hash)
    SELECT ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data::json, head FROM moved
), left_to_do AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at, payload)
    SELECT job_id, 'event', ticket_id, seq, $1, standing::jsonb FROM moved
){more}
SELECT ticket_id FROM moved
"""
_GUARD: Final = " AND EXISTS (SELECT FROM guard)"
_CROWDS: Final = {
    Crowd.COMES: (crowds.MERGING, crowds.MERGED),
    Crowd.GOES: (crowds.UNMERGING, crowds.UNMERGED),
}
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
_VOTED: Final = """, voted AS (
    INSERT INTO vote (ticket_id, person_id, still_there, at) SELECT ticket_id, person_id, vote, at FROM moved
    ON CONFLICT (ticket_id, person_id) DO UPDATE SET still_there = EXCLUDED.still_there, at = EXCLUDED.at
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


def _row(kind: _Kind, act: Act, found_by: str) -> tuple[Any, ...]:
    """Return an act's values, in the order of its statement's names."""
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
        body_of(entry, document),
        ids.new(),
        left(entry),
    )
    taken = (as_sent(name, act.changes[name]) for name in kind.columns)
    speech = (entry.text, entry.salt, entry.internal) if kind.speaks else ()
    worded = (found_by,) if kind.worded else ()
    keyed = (key.actor_id, key.key, key.digest) if key else ()
    pause = act.opens
    opens = (pause.kind, pause.began_at, pause.until, pause.reason, pause.ended_at) if pause else ()
    ends = (act.ends,) if act.ends else ()
    votes = (act.vote,) if kind.votes else ()
    seen = act.seen if kind.crowd else ()
    return (*always, *taken, *worded, *speech, *keyed, *opens, *ends, *votes, *seen)
