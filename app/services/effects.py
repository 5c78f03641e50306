"""What follows an event, in batches: sealed into the global chain, persons told, messages to webhooks left; all or nothing."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.rules.notices import Audience, audiences, group, morning, named, visible_from
from app.services import catalogue, deliveries
from app.services.catalogue import Catalogue, today
from app.words import Role

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
# Everybody who follows one of a batch's tickets: looked up once for all its events.
_FOLLOWERS: Final = """
SELECT ticket_id, array_agg(DISTINCT person_id) AS persons FROM follower WHERE ticket_id = ANY($1::uuid[]) GROUP BY ticket_id
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
    following, now = await _following(rows), clock.now()
    notices = [
        (ids.new(), person, row["ticket_id"], row["seq"], *_how(row, hearing, known, now))
        for row in rows
        for person, hearing in told(row, known, following.get(row["ticket_id"], ())).items()
    ]
    sent = [message for row in rows for message in deliveries.messages(row, known)]
    await _finish(rows, notices, sent, (last["id"], last["hash"]) if last else (0, GENESIS), now)


def _how(event: Any, hearing: set[Audience], known: Catalogue, now: datetime) -> tuple[str, str, datetime]:
    """Return a notice's type and groups, and when it is to be seen: by whichever of somebody's parts comes first."""
    type_, clocks = named(event["type"], event["data"]), known.clocks(event)
    groups = ",".join(sorted({group(type_, audience) for audience in hearing}))
    clock_ = event["data"].get("clock")
    return type_, groups, min(visible_from(type_, audience, clock_, now, clocks) for audience in hearing)


async def _following(rows: Sequence[Any]) -> dict[UUID, Sequence[UUID]]:
    """Return the followers of the tickets whose events they hear of."""
    followed = {row["ticket_id"] for row in rows if row["followers"] and Audience.FOLLOWERS in _hear(row)}
    found = await db.fetch(_FOLLOWERS, list(followed)) if followed else []
    return {row["ticket_id"]: row["persons"] for row in found}


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


def told(event: Any, known: Catalogue, followers: Iterable[UUID] = ()) -> dict[UUID, set[Audience]]:
    """Return the persons who hear of an event and as whom; never the one who did it."""
    found: dict[UUID, set[Audience]] = {}
    for audience in _hear(event):
        members = followers if audience is Audience.FOLLOWERS else _members(audience, event, known)
        for person in members:
            if person and person != event["person_id"]:
                found.setdefault(person, set()).add(audience)
    return found


def _hear(event: Any) -> set[Audience]:
    return audiences(event["type"], event["part"], event["data"], internal=event["internal"])


def _members(audience: Audience, event: Any, known: Catalogue) -> list[UUID | None]:
    if audience is Audience.REPORTER:
        return [] if event["reporting_id"] else [event["reporter_id"]]  # an organisation reads no notices
    if audience is Audience.ORGANISATION:
        company = event["data"].get("organisation") or event["organisation_id"]  # it may have moved on since
        return known.agents(UUID(str(company))) if company else []
    if audience is Audience.CALLED:
        called = event["data"].get("organisations") or event["awaited_ids"]
        return [agent for one in called for agent in known.agents(UUID(str(one)))]
    if audience is Audience.DEPUTY:
        unit = known.units.get(event["holder_id"])
        return (
            [p.person_id for p in unit.posts if p.role is Role.DEPUTY and p.answers(today())] if unit else []
        )
    above = _upward(event)
    answering = {
        Audience.NEXT: above[1:],
        Audience.JOINED: event["joined"],
        Audience.COMMUNITY: [event["community_id"], event["street_id"]],
        Audience.STREET: [event["street_id"]],
    }
    return _first(known, answering.get(audience, above))


def _upward(event: Any) -> list[UUID | None]:
    """Return the unit that holds the ticket (its level's own where nobody does yet) and those above it."""
    above = [event["community_id"], event["street_id"]][event["level"] - 1 :]
    return [event["holder_id"], *above]


def _first(known: Catalogue, units: Iterable[UUID | None]) -> list[UUID | None]:
    """Return who answers in the first of these units where anybody does: never nobody as long as there is somebody."""
    return next(([post.person_id] for unit in units if (post := known.answering(unit))), [])
