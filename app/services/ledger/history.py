"""Writing whole lives of tickets at once, chained and sealed as if each act had been written by itself."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from pydantic_core import to_json

from app import clock, db
from app.rules import search
from app.services.ledger import seal, search_terms
from app.services.ledger.act import Entry
from app.services.ledger.chain import genesis, link
from app.services.ledger.columns import COLUMNS

_TICKETS_AT_ONCE: Final = 250


class Life(NamedTuple):
    """A ticket's columns after its last event, the beginning of its `no`, and its events from the first."""

    row: dict[str, Any]
    no_prefix: str
    entries: Sequence[Entry]


async def write_lives(lives: Sequence[Life]) -> int:
    """Write tickets that are not there yet, all or none; return how many were written. Nobody is told of them."""
    async with db.atomic() as fetch:
        rows = await fetch(
            "SELECT id FROM ticket WHERE id = ANY ($1::uuid[])", [life.row["id"] for life in lives]
        )
        there = {row["id"] for row in rows}
        new = [life for life in lives if life.row["id"] not in there]
        for n in range(0, len(new), _TICKETS_AT_ONCE):
            await _write(fetch, new[n : n + _TICKETS_AT_ONCE])
    return len(new)


async def _write(fetch: Any, lives: Sequence[Life]) -> None:
    heads: list[tuple[UUID, int, bytes]] = []
    events: list[tuple[Any, ...]] = []
    for life in lives:
        for event in _chained(life):
            events.append(event)
            heads.append((event[0], event[1], event[9]))
        life.row["head"] = f"\\x{heads[-1][2].hex()}"
    terms = await search_terms.search_terms_of([life.row for life in lives], tuple(search.WEIGHTS))
    columns = [
        life.row | {"no": life.no_prefix, "terms": term} for life, term in zip(lives, terms, strict=True)
    ]
    await fetch(_INSERT_TICKETS, to_json(columns).decode())
    await fetch(_INSERT_EVENTS, *(list(column) for column in zip(*events, strict=True)))
    remarks = [
        (entry.ticket_id, entry.seq, entry.text, entry.salt, entry.internal)
        for life in lives
        for entry in life.entries
        if entry.text is not None
    ]
    if remarks:
        await fetch(_INSERT_REMARKS, *(list(column) for column in zip(*remarks, strict=True)))
    heads.sort()
    await fetch(
        _SEAL, seal.seal_batch(heads), clock.now(), *(list(column) for column in zip(*heads, strict=True))
    )


def _chained(life: Life) -> Iterator[tuple[Any, ...]]:
    """Yield the events of a life as rows, each with its hash."""
    head = genesis(life.row["id"])
    for entry in life.entries:
        document = entry.document()
        head = link(head, entry.body(document))
        yield (
            *(entry.ticket_id, entry.seq, entry.at, entry.type, entry.part),
            *(entry.person_id, entry.post_id, entry.organisation_id, document, head),
        )


_WRITTEN: Final = ", ".join(name for name in COLUMNS if name not in {"no", "changed_tx"})
_INSERT_TICKETS: Final = f"""
WITH life AS MATERIALIZED (
    SELECT t.*, l.document ->> 'terms' AS terms, (l.document ->> 'no') || nextval('ticket_no') AS full_no
    FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS l(document, n), jsonb_populate_record(NULL::ticket, document) t
    ORDER BY l.n
), insert_ticket AS (
    INSERT INTO ticket ({_WRITTEN}, no) SELECT {_WRITTEN}, full_no FROM life
)
INSERT INTO ticket_words (ticket_id, words)
SELECT id, terms::tsvector || format('%L:1D', full_no)::tsvector FROM life
"""
_INSERT_EVENTS: Final = """
INSERT INTO event (ticket_id, seq, at, type, part, person_id, post_id, organisation_id, data, hash)
SELECT ticket_id, seq, at, type, part, person_id, post_id, organisation_id, document::json, hash
FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[],
            $10::bytea[]) AS e(ticket_id, seq, at, type, part, person_id, post_id, organisation_id, document, hash)
"""
_INSERT_REMARKS: Final = """
INSERT INTO remark (ticket_id, seq, text, salt, internal)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::bytea[], $5::bool[])
"""
_SEAL: Final = """
WITH insert_seal AS (SELECT append_seal($1, $2) AS id)
INSERT INTO sealed_head (ticket_id, seq, hash, seal_id)
SELECT h.ticket_id, h.seq, h.hash, s.id FROM unnest($3::uuid[], $4::int[], $5::bytea[]) h(ticket_id, seq, hash), insert_seal s
"""
