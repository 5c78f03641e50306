"""What follows an event, in batches: sealed into the global chain, persons told, messages to webhooks left; all or nothing."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.rules.notices import morning
from app.services import catalogue, deliveries, telling

GENESIS: Final = bytes(32)

_EVENTS: Final = """
SELECT j.id AS job_id, job.payload AS standing, e.ticket_id, e.seq, e.at, e.type, e.part, e.person_id, e.hash, e.data,
       coalesce(r.internal, false) AS internal, s.version AS setup_version, t.no, w.organisation_id AS reporting_id,
       t.category, t.reporter_id, t.holder_id, t.community_id, t.street_id, t.level, t.organisation_id, t.followers, t.awaited_ids,
       ARRAY[i.holder_id, i.community_id, i.street_id] AS joined
FROM unnest($1::uuid[]) j(id) JOIN job USING (id)
JOIN ticket t ON t.id = job.ticket_id
JOIN event e ON e.ticket_id = job.ticket_id AND e.seq = job.seq AND e.at >= t.created_at
LEFT JOIN remark r ON r.ticket_id = e.ticket_id AND r.seq = e.seq
LEFT JOIN person w ON w.id = t.reporter_id
LEFT JOIN ticket i ON e.type = 'ticket.merged' AND i.id = (e.data ->> 'into')::uuid CROSS JOIN setup s
"""
_DONE: Final = """
WITH sealed AS (
    INSERT INTO seal (id, at, hash) VALUES ($1, $2, $3) RETURNING id
), heads AS (
    INSERT INTO sealed_head (ticket_id, seq, hash, seal_id)
    SELECT h.ticket_id, h.seq, h.hash, sealed.id FROM unnest($4::uuid[], $5::int[], $6::bytea[]) h(ticket_id, seq, hash), sealed
), told AS (
    INSERT INTO notice (id, person_id, ticket_id, seq, type, created_at, visible_at)
    SELECT n.id, n.person_id, n.ticket_id, n.seq, n.type, $2,
           CASE WHEN p.quiet_nights AND NOT 'always' = ANY (string_to_array(n.groups, ','))
                THEN greatest(n.visible_at, $15::timestamptz) ELSE n.visible_at END
    FROM unnest($7::uuid[], $8::uuid[], $9::uuid[], $10::int[], $11::text[], $12::text[], $13::timestamptz[])
         AS n(id, person_id, ticket_id, seq, type, groups, visible_at)
    JOIN person p ON p.id = n.person_id
    WHERE p.erased_at IS NULL AND NOT string_to_array(n.groups, ',') <@ p.muted
    ON CONFLICT (person_id, ticket_id, seq) DO NOTHING
), sent AS (
    INSERT INTO delivery (id, webhook_id, ticket_id, seq, type, body, created_at, due_at)
    SELECT d.id, d.webhook_id, d.ticket_id, d.seq, d.type, d.body, $2, least(d.at, $2)
    FROM unnest($16::uuid[], $17::uuid[], $18::uuid[], $19::int[], $20::text[], $21::text[], $22::timestamptz[])
        d(id, webhook_id, ticket_id, seq, type, body, at)
    ON CONFLICT (webhook_id, ticket_id, seq) DO NOTHING
)
DELETE FROM job WHERE id = ANY($14::uuid[])
"""


async def follow(jobs: Sequence[Any]) -> None:
    """Seal and tell for a batch of event jobs. Raises Duplicate when another worker sealed first: claim again."""
    rows = await db.fetch(_EVENTS, [job["id"] for job in jobs])
    if len(rows) < len(jobs):
        raise LookupError("a job whose event is not there")
    rows.sort(key=lambda row: (row["ticket_id"], row["seq"]))
    known = await catalogue.current(rows[0]["setup_version"])
    last = await db.fetchrow("SELECT id, hash FROM seal ORDER BY id DESC LIMIT 1")
    following, now = await telling.following(rows), clock.now()
    notices = [
        (ids.new(), person, row["ticket_id"], row["seq"], *telling.how(row, hearing, known, now))
        for row in rows
        for person, hearing in telling.told(row, known, following.get(row["ticket_id"], ())).items()
    ]
    sent = [message for row in rows for message in deliveries.messages(row, known)]
    await _finish(rows, notices, sent, (last["id"], last["hash"]) if last else (0, GENESIS), now)


async def _finish(
    rows: Sequence[Any], notices: list[Any], sent: list[Any], last: tuple[int, bytes], now: datetime
) -> None:
    heads = [(row["ticket_id"], row["seq"], row["hash"]) for row in rows]
    await db.fetch(
        _DONE,
        last[0] + 1,
        now,
        seal(last[1], heads),
        *(list(column) for column in zip(*heads, strict=True)),
        *_columns(notices, 7),
        [row["job_id"] for row in rows],
        morning(now),
        *_columns(sent, 7),
    )


def _columns(rows: Sequence[Any], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def seal(before: bytes, heads: Iterable[tuple[UUID, int, bytes]]) -> bytes:
    """Return the hash of a batch of chain links (ticket, seq, hash), in that order, after the seal before it."""
    batch = hashlib.sha256(before)
    for ticket_id, seq, link in heads:
        batch.update(ticket_id.bytes + seq.to_bytes(4, "big") + link)
    return batch.digest()
