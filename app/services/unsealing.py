"""Opening an anonymous report: a reason, two persons with posts, a day to look, and the reporter is told."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, Duplicate, Forbidden
from app.models.unsealing import UnsealIn, UnsealingOut
from app.rules import retention
from app.rules.access import Actor, Seat
from app.services import audit
from app.services.once import REMEMBERED, once
from app.services.tickets import Seen
from app.services.unsealings import asking, in_scope, read
from app.words import Role, UnsealingStatus


async def request(seen: Seen, form: UnsealIn, key: str | None) -> tuple[UnsealingOut, bool]:
    """Ask to learn who reported; once per key. Conflict for a report that is not anonymous, or is being asked about."""
    ticket, actor = seen.ticket, seen.actor
    seat = asking(actor, ticket)

    async def make(under: Any) -> UUID:
        _refuse_plain(ticket, actor)
        return await _make(ticket["id"], actor, seat, form.reason, under)

    try:
        made, replayed = await once(actor, key, f"unseal {ticket['id']}", form, make)
    except Duplicate:
        raise Conflict("已经有人申请查看这张工单的报告人，请等结果") from None
    return await read(actor, made), replayed


def _refuse_plain(ticket: Mapping[str, Any], actor: Actor) -> None:
    if not ticket["anonymous"]:
        raise Conflict("这张工单不是匿名上报的")
    if ticket["reporter_id"] in {None, actor.person_id}:
        raise Conflict("这张工单没有可以查看的报告人")


async def _make(ticket_id: UUID, actor: Actor, seat: Seat, reason: str, key: Any) -> UUID:
    now, made = clock.now(), ids.new()
    await db.fetch(_LAPSE, ticket_id, now)
    rows = await db.fetch(
        _REQUEST,
        *(actor.person_id, key and key.key, key and key.digest, now),
        *(
            made,
            ticket_id,
            reason,
            seat.id,
            now + retention.UNSEALING_WAITS,
            ids.new(),
            audit.came_from.get(),
        ),
    )
    if not rows:
        raise Conflict("这张工单的报告人正在公开期内，或已经注销")
    return made


# An old request lapses when somebody asks again; until then `unsealings` tells.
_LAPSE: Final = """
UPDATE unsealing SET status = 'expired' WHERE ticket_id = $1 AND status = 'pending' AND expires_at <= $2
"""
_REQUEST: Final = f"""
WITH made AS (
    INSERT INTO unsealing (id, ticket_id, reason, status, requested_by, requested_post_id, requested_at, expires_at)
    SELECT $5, t.id, $7::text, 'pending', $1, $8, $4, $9 FROM ticket t JOIN person r ON r.id = t.reporter_id
    WHERE t.id = $6 AND r.erased_at IS NULL
      AND NOT EXISTS (SELECT FROM unsealing u WHERE u.ticket_id = $6 AND u.open_until > $4) RETURNING id
), remembered AS ({REMEMBERED})
INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
SELECT $10, $4, 'unseal_requested', $1, $6, $11, jsonb_build_object('unsealing', id) FROM made RETURNING id
"""


def deciding(actor: Actor, row: Any) -> Seat:
    """Return the street post from which somebody other than the first person decides; Forbidden for others."""
    if row["requested_by"] == actor.person_id:
        raise Forbidden("要由另一位街道工作人员同意，不能自己同意自己的申请")
    seats = [seat for seat in actor.at.get(row["street_id"], ()) if seat.role is Role.STREET]
    if not seats:
        raise Forbidden("要由街道工作人员决定")
    return seats[0]


async def consent(actor: Actor, unsealing_id: UUID) -> UnsealingOut:
    """Open a report as the second person: both may look for a day, and the reporter is told."""
    return await _decide(actor, unsealing_id, UnsealingStatus.CONSENTED)


async def decline(actor: Actor, unsealing_id: UUID) -> UnsealingOut:
    """Leave a report sealed."""
    return await _decide(actor, unsealing_id, UnsealingStatus.DECLINED)


async def _decide(actor: Actor, unsealing_id: UUID, status: UnsealingStatus) -> UnsealingOut:
    row = await in_scope(actor, unsealing_id)
    seat, now = deciding(actor, row), clock.now()
    opened = status is UnsealingStatus.CONSENTED
    until = now + retention.UNSEALED if opened else None
    entry = "unseal_consented" if opened else "unseal_declined"
    who = (actor.person_id, seat.id, ids.new(), audit.came_from.get())
    decided = await db.fetchrow(_DECIDE, unsealing_id, now, status, until, *who, entry, ids.new())
    if decided is None:
        raise Conflict("这份申请已有结果、已过期，或报告人已经注销")
    return await read(actor, unsealing_id)


# A notice is of an event and told once; those below zero are of no event of the ledger, one an unsealing.
_DECIDE: Final = """
WITH decided AS (
    UPDATE unsealing u SET status = $3::text, decided_by = $5, decided_post_id = $6, decided_at = $2, open_until = $4
    FROM ticket t JOIN person r ON r.id = t.reporter_id
    WHERE u.id = $1 AND u.status = 'pending' AND u.expires_at > $2 AND t.id = u.ticket_id
      AND ($3::text = 'declined' OR r.erased_at IS NULL)
    RETURNING u.id, u.ticket_id, t.reporter_id
), told AS (
    INSERT INTO notice (id, person_id, ticket_id, seq, type, created_at)
    SELECT $10, d.reporter_id, d.ticket_id, -(SELECT count(*) FROM unsealing o WHERE o.ticket_id = d.ticket_id),
           'ticket.unsealed', $2 FROM decided d WHERE $3::text = 'consented'
    ON CONFLICT (person_id, ticket_id, seq) DO NOTHING
), noted AS (
    INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
    SELECT $7, $2, $9::text, $5, ticket_id, $8, jsonb_build_object('unsealing', id) FROM decided
)
SELECT id FROM decided
"""
