"""Writing acts on existing tickets: one statement for all acts that change the same columns."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import clock, db, ids
from app.rules import search
from app.services.ledger import followers, search_terms
from app.services.ledger.act import Act, FollowerChange, FollowerExit
from app.services.ledger.columns import AS_TEXT, TYPES, parameter_type, to_parameter


async def record(acts: Sequence[Act]) -> set[UUID]:
    """Write acts on distinct tickets; return the ids of the tickets whose act was written.

    An act is not written if its ticket has changed since. Acts that change the same columns share a statement: a
    request needs one, a timer sweep of hundreds of tickets needs a few.
    """
    return {
        row["ticket_id"]
        for kind, group in _by_kind(acts)
        for row in await db.fetch(*await _prepare(kind, group))
    }


async def record_together(
    acts: Sequence[Act], before: Callable[[db.Fetch], Awaitable[bool]] | None = None
) -> bool:
    """Write acts on distinct tickets that belong together, all or none; tell whether they were written.

    `before` writes in the same transaction what comes with them, and tells whether it did. The tickets are locked first, in the order of their ids, as every statement that changes followers does.
    """
    prepared = [(len(group), await _prepare(kind, group)) for kind, group in _by_kind(acts)]
    try:
        async with db.atomic() as fetch:
            await fetch(_LOCK_TICKETS, [act.entry.ticket_id for act in acts])
            if before and not await before(fetch):
                raise _Overtaken
            for count, statement in prepared:
                if len(await fetch(*statement)) < count:
                    raise _Overtaken
    except _Overtaken:
        return False
    return True


class _Overtaken(Exception):
    """One of the tickets has changed since; rolls back what was written of the others."""


_LOCK_TICKETS: Final = "SELECT FROM ticket WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"


def _by_kind(acts: Sequence[Act]) -> Iterable[tuple["_Kind", list[Act]]]:
    kinds: dict[_Kind, list[Act]] = {}
    for act in acts:
        kinds.setdefault(_kind(act), []).append(act)
    return kinds.items()


class _Kind(NamedTuple):
    """Which columns a statement changes, and what it writes besides ticket, event and job. By a person: it reads notices."""

    columns: tuple[str, ...]
    has_text: bool
    has_photos: bool
    has_key: bool
    opens_pause: bool
    ends_pause: bool
    votes: bool
    by_person: bool
    follower_change: FollowerChange | None
    follower_exit: FollowerExit | None
    guards_tx: bool

    @property
    def search_columns(self) -> tuple[str, ...]:
        """The changed columns that are indexed for search."""
        return tuple(column for column in search.WEIGHTS if column in self.columns)


def _kind(act: Act) -> _Kind:
    result = act.result
    return _Kind(
        columns=tuple(sorted(result.changes)),
        has_text=act.entry.text is not None,
        has_photos=bool(act.entry.photo_ids),
        has_key=act.key is not None,
        opens_pause=result.opened_pause is not None,
        ends_pause=result.pause_ended_at is not None,
        votes=result.vote is not None,
        by_person=act.entry.person_id is not None,
        follower_change=result.follower_change,
        follower_exit=result.follower_exit,
        guards_tx=result.seen_tx is not None,
    )


async def _prepare(kind: _Kind, acts: Sequence[Act]) -> list[Any]:
    """Return the statement that writes acts of one kind, followed by its arguments."""
    assert not kind.follower_change or len(acts) == 1, "acts that change followers are recorded one at a time"
    terms = await search_terms.search_terms_of([act.result.changes for act in acts], kind.search_columns)
    rows = [_row(kind, act, act_terms) for act, act_terms in zip(acts, terms, strict=True)]
    values = rows[0] if len(rows) == 1 else [list(column) for column in zip(*rows, strict=True)]
    if kind.has_photos:
        photos = [(act.entry.ticket_id, photo) for act in acts for photo in act.entry.photo_ids]
        values = [*values, *(list(column) for column in zip(*photos, strict=True))]
    return [_statement(kind, many=len(rows) > 1), clock.now(), *values]


# The parameters of an act: names and types. The changed columns follow as new_<column>, with the column's type. Several
# acts are sent as arrays.
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
    "job_payload": "text",
}
_TEXT: Final = {"text": "text", "salt": "bytea", "internal": "bool"}
_SEARCH_TERMS: Final = {"search_terms": "text"}
_KEY: Final = {"key_actor": "uuid", "key": "text", "key_digest": "bytea"}
_OPENED_PAUSE: Final = {
    "pause_kind": "text",
    "pause_began": "timestamptz",
    "pause_until": "timestamptz",
    "pause_reason": "text",
    "pause_ended": "timestamptz",
}
_PAUSE_END: Final = {"pause_end": "timestamptz"}
_VOTE: Final = {"vote": "bool"}
_MERGE_GUARD: Final = {"seen_followers": "int", "seen_version": "int"}
_SEEN_TX: Final = {"seen_tx": "bigint"}


@cache
def _statement(kind: _Kind, *, many: bool) -> str:
    """Return the statement that writes one act of a kind, or many. There are about as many kinds as actions."""
    columns = {f"new_{name}": parameter_type(name) for name in kind.columns}
    parameters = (
        _ALWAYS
        | columns
        | (_SEARCH_TERMS if kind.search_columns else {})
        | (_TEXT if kind.has_text else {})
        | (_KEY if kind.has_key else {})
        | (_OPENED_PAUSE if kind.opens_pause else {})
        | (_PAUSE_END if kind.ends_pause else {})
        | (_VOTE if kind.votes else {})
        | (_MERGE_GUARD if kind.follower_change else {})
        | (_SEEN_TX if kind.guards_tx else {})
    )
    acts = _many(parameters) if many else _one(parameters)
    sets = ", ".join(f"{name} = act.new_{name}{AS_TEXT.get(TYPES[name], '')}" for name in kind.columns)
    first = len(parameters) + 2
    more = "".join(
        [
            _INSERT_REMARK if kind.has_text else "",
            _INSERT_KEY if kind.has_key else "",
            _ATTACH_PHOTOS.format(tickets=first, photos=first + 1) if kind.has_photos else "",
            _UPDATE_WORDS.format(weights=search_terms.unchanged_weights(kind.search_columns))
            if kind.search_columns
            else "",
            _INSERT_PAUSE if kind.opens_pause else "",
            _END_PAUSE if kind.ends_pause else "",
            _UPSERT_VOTE if kind.votes else "",
            _READ_NOTICES if kind.by_person else "",
            followers.REMOVE_FOLLOWERS[kind.follower_exit] if kind.follower_exit else "",
        ]
    )
    guard = _TX_GUARD if kind.guards_tx else ""
    if kind.follower_change is None:
        return _RECORD.format(acts=acts, sets=sets, recursive="", first="", guard=guard, more=more)
    lock, move = _FOLLOWERS[kind.follower_change]
    return _RECORD.format(
        acts=acts, sets=sets, recursive="RECURSIVE ", first=lock, guard=guard + _GUARD, more=more + move
    )


def _one(parameters: Mapping[str, str]) -> str:
    """Return the SELECT list of one act. It is not sent as arrays: `unnest` would cost more than the write."""
    return ", ".join(f"${n}::{type_} AS {name}" for n, (name, type_) in enumerate(parameters.items(), 2))


def _many(parameters: Mapping[str, str]) -> str:
    """Return the SELECT list and FROM clause of acts sent as arrays."""
    arrays = ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(parameters.values(), 2))
    return f"* FROM unnest({arrays}) AS act({', '.join(parameters)})"


_RECORD: Final = """
WITH {recursive}act AS (
    SELECT {acts}
){first}, update_ticket AS (
    UPDATE ticket t SET {sets}, seq = act.seq, changed_tx = pg_current_xact_id()::text::bigint,
        head = sha256(t.head || convert_to(act.body, 'UTF8'))
    FROM act WHERE t.id = act.ticket_id AND t.seq = act.seq - 1 AND t.version = act.version{guard}
    RETURNING act.*, t.head
), insert_event AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data, hash)
    SELECT ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data::json, head FROM update_ticket
), insert_job AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at, payload)
    SELECT job_id, 'event', ticket_id, seq, $1, job_payload::jsonb FROM update_ticket
){more}
SELECT ticket_id FROM update_ticket
"""
_TX_GUARD: Final = " AND t.changed_tx = act.seen_tx"
_GUARD: Final = " AND EXISTS (SELECT FROM guard)"
_FOLLOWERS: Final = {
    FollowerChange.JOIN: (followers.LOCK_FOLLOWERS, followers.INSERT_FOLLOWERS),
    FollowerChange.LEAVE: (followers.LOCK_UNMERGE, followers.DELETE_FOLLOWERS),
}
_INSERT_REMARK: Final = """, insert_remark AS (
    INSERT INTO remark (ticket_id, seq, text, salt, internal) SELECT ticket_id, seq, text, salt, internal FROM update_ticket
)"""
_INSERT_KEY: Final = """, insert_key AS (
    INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at)
    SELECT key_actor, key, key_digest, ticket_id, $1 FROM update_ticket
)"""
_INSERT_PAUSE: Final = """, insert_pause AS (
    INSERT INTO pause (ticket_id, seq, kind, began_at, until, reason, ended_at, post_id, organisation_id)
    SELECT ticket_id, seq, pause_kind, pause_began, pause_until, pause_reason, pause_ended, post_id, organisation_id
    FROM update_ticket
)"""
_END_PAUSE: Final = """, end_pause AS (
    UPDATE pause SET ended_at = a.pause_end FROM update_ticket a
    WHERE pause.ticket_id = a.ticket_id AND pause.ended_at IS NULL
)"""
_UPSERT_VOTE: Final = """, upsert_vote AS (
    INSERT INTO vote (ticket_id, person_id, still_there, at) SELECT ticket_id, person_id, vote, at FROM update_ticket
    ON CONFLICT (ticket_id, person_id) DO UPDATE SET still_there = EXCLUDED.still_there, at = EXCLUDED.at
)"""
# Who acts on a ticket knows what its notices say.
_READ_NOTICES: Final = """, read_notices AS (
    UPDATE notice SET read_at = $1 FROM update_ticket a
    WHERE notice.person_id = a.person_id AND notice.ticket_id = a.ticket_id AND notice.read_at IS NULL
)"""
_UPDATE_WORDS: Final = """, update_words AS (
    UPDATE ticket_words w SET words = ts_filter(w.words, '{weights}') || a.search_terms::tsvector
    FROM update_ticket a WHERE w.ticket_id = a.ticket_id
)"""
_ATTACH_PHOTOS: Final = """, attach_photos AS (
    UPDATE photo SET ticket_id = a.ticket_id, seq = a.seq
    FROM unnest(${tickets}::uuid[], ${photos}::uuid[]) AS p(ticket_id, photo_id) JOIN update_ticket a USING (ticket_id)
    WHERE photo.id = p.photo_id AND photo.ticket_id IS NULL AND photo.subject_id IS NULL
)"""


def _row(kind: _Kind, act: Act, terms: str) -> tuple[Any, ...]:
    """Return the values of an act, in the order of its statement's parameters."""
    entry, result, key = act.entry, act.result, act.key
    document, pause, guard = entry.document(), result.opened_pause, result.merge_guard
    return (
        entry.ticket_id,
        entry.seq,
        act.seen_version,
        entry.at,
        entry.type,
        entry.part,
        entry.person_id,
        entry.post_id,
        entry.organisation_id,
        document,
        entry.body(document),
        ids.new(),
        entry.job_payload(),
        *(to_parameter(name, result.changes[name]) for name in kind.columns),
        *((terms,) if kind.search_columns else ()),
        *((entry.text, entry.salt, entry.internal) if kind.has_text else ()),
        *((key.actor_id, key.key, key.digest) if key else ()),
        *((pause.kind, pause.began_at, pause.until, pause.reason, pause.ended_at) if pause else ()),
        *((result.pause_ended_at,) if kind.ends_pause else ()),
        *((result.vote,) if kind.votes else ()),
        *(
            (guard.followers if guard else 0, guard.target_version if guard else 0)
            if kind.follower_change
            else ()
        ),
        *((result.seen_tx,) if kind.guards_tx else ()),
    )
