"""Request the unsealing of an anonymous report, consent to it or decline it."""

from typing import Final
from uuid import UUID

from app import clock, db, ids
from app.enums import Role, UnsealingStatus
from app.errors import Conflict, Duplicate, Forbidden
from app.models.unsealing import UnsealIn, UnsealingOut
from app.rules import retention
from app.rules.access import Actor, Seat
from app.rules.facts import Facts
from app.services import audit, idempotency
from app.services.idempotency import IdempotencyKey, create_once
from app.services.tickets import TicketView
from app.services.unsealing.reading import UnsealingRow, load_unsealing, read_unsealing, require_requester
from app.sql import Statement


async def request_unsealing(
    ticket_view: TicketView, form: UnsealIn, key: str | None
) -> tuple[UnsealingOut, bool]:
    """Request to learn who reported, once per key; also return whether this is a repeat.

    Raises Forbidden for an actor without a community or street post over the ticket, Conflict for a ticket that is not
    anonymous, has no reporter to learn of, is open to the office already or has a pending request.
    """
    ticket, actor = ticket_view.ticket, ticket_view.actor
    seat = require_requester(actor, community_id=ticket["community_id"], street_id=ticket["street_id"])

    async def insert(bound_key: IdempotencyKey | None) -> UUID:
        _require_anonymous(ticket, actor)
        return await _insert(ticket["id"], actor, seat, form.reason, bound_key)

    try:
        return await create_once(
            actor, key, f"unseal {ticket['id']}", form, insert, lambda made: read_unsealing(actor, made)
        )
    except Duplicate:
        raise Conflict("已经有人申请查看这张工单的报告人，请等结果") from None


def _require_anonymous(ticket: Facts, actor: Actor) -> None:
    if not ticket["anonymous"]:
        raise Conflict("这张工单不是匿名上报的")
    if ticket["reporter_id"] in {None, actor.person_id}:
        raise Conflict("这张工单没有可以查看的报告人")


async def _insert(ticket_id: UUID, actor: Actor, seat: Seat, reason: str, key: IdempotencyKey | None) -> UUID:
    now, unsealing_id = clock.now(), ids.new()
    await db.execute(_EXPIRE, ticket_id=ticket_id, now=now)
    rows = await db.execute(
        _INSERT,
        unsealing_id=unsealing_id,
        ticket_id=ticket_id,
        reason=reason,
        actor_id=actor.person_id,
        post_id=seat.id,
        now=now,
        expires_at=now + retention.UNSEALING_REQUEST_LIFETIME,
        **idempotency.key_values(key),
        **audit.entry_values(),
    )
    if not rows:
        raise Conflict("这张工单的报告人正在公开期内，或已经注销")
    return unsealing_id


# Readers treat an overdue request as expired. The column is set only now, because the index allows one pending request.
_EXPIRE: Final = Statement("""
UPDATE unsealing SET status = 'expired' WHERE ticket_id = :ticket_id AND status = 'pending' AND expires_at <= :now
""")
_AUDIT_REQUEST: Final = audit.insert_entry(
    "unseal_requested",
    subject=":ticket_id",
    source="insert_unsealing",
    data="jsonb_build_object('unsealing', id)",
)
_INSERT: Final = Statement(f"""
WITH insert_unsealing AS (
    INSERT INTO unsealing (id, ticket_id, reason, status, requested_by, requested_post_id, requested_at, expires_at)
    SELECT :unsealing_id, t.id, :reason::text, 'pending', :actor_id, :post_id, :now, :expires_at
    FROM ticket t JOIN person r ON r.id = t.reporter_id
    WHERE t.id = :ticket_id AND r.erased_at IS NULL
      AND NOT EXISTS (SELECT FROM unsealing u WHERE u.ticket_id = :ticket_id AND u.open_until > :now) RETURNING id
), insert_key AS ({idempotency.insert_key("insert_unsealing")})
{_AUDIT_REQUEST} RETURNING id
""")


def require_decider(actor: Actor, unsealing: UnsealingRow) -> Seat:
    """Return the street post from which the actor may decide a request of somebody else. Raises Forbidden."""
    if unsealing.requested_by == actor.person_id:
        raise Forbidden("要由另一位街道工作人员同意，不能自己同意自己的申请")
    posts = actor.seats_by_unit.get(unsealing.street_id, ()) if unsealing.street_id else ()
    seats = [seat for seat in posts if seat.role is Role.STREET]
    if not seats:
        raise Forbidden("要由街道工作人员决定")
    return seats[0]


async def consent_to_unsealing(actor: Actor, unsealing_id: UUID) -> UnsealingOut:
    """Open a report to both persons for `retention.UNSEALING_ACCESS`, and notify the reporter.

    Raises NotFound and Forbidden for others, Conflict for a request that is decided or expired.
    """
    return await _decide(actor, unsealing_id, UnsealingStatus.CONSENTED)


async def decline_unsealing(actor: Actor, unsealing_id: UUID) -> UnsealingOut:
    """Decline a request. Raises as `consent_to_unsealing` does."""
    return await _decide(actor, unsealing_id, UnsealingStatus.DECLINED)


async def _decide(actor: Actor, unsealing_id: UUID, status: UnsealingStatus) -> UnsealingOut:
    seat, now = require_decider(actor, await load_unsealing(actor, unsealing_id)), clock.now()
    consented = status is UnsealingStatus.CONSENTED
    updated = await db.execute_one(
        _CONSENT if consented else _DECLINE,
        unsealing_id=unsealing_id,
        status=status,
        open_until=now + retention.UNSEALING_ACCESS if consented else None,
        actor_id=actor.person_id,
        post_id=seat.id,
        notice_id=ids.new(),
        now=now,
        **audit.entry_values(),
    )
    if updated is None:
        raise Conflict("这份申请已有结果、已过期，或报告人已经注销")
    return await read_unsealing(actor, unsealing_id)


def _decision(audit_type: str) -> Statement:
    """Return the statement that decides a request.

    A notice is unique by person, ticket and event number. This one belongs to no event of the ledger, so it has a negative
    number: one for each unsealing of the ticket.
    """
    insert_audit = audit.insert_entry(
        audit_type,
        subject="ticket_id",
        source="update_unsealing",
        data="jsonb_build_object('unsealing', id)",
    )
    return Statement(f"""
WITH update_unsealing AS (
    UPDATE unsealing u SET status = :status::text, decided_by = :actor_id, decided_post_id = :post_id,
        decided_at = :now, open_until = :open_until
    FROM ticket t JOIN person r ON r.id = t.reporter_id
    WHERE u.id = :unsealing_id AND u.status = 'pending' AND u.expires_at > :now AND t.id = u.ticket_id
      AND (:status::text = 'declined' OR r.erased_at IS NULL)
    RETURNING u.id, u.ticket_id, t.reporter_id
), insert_notice AS (
    INSERT INTO notice (id, person_id, ticket_id, seq, type, created_at)
    SELECT :notice_id, d.reporter_id, d.ticket_id, -(SELECT count(*) FROM unsealing o WHERE o.ticket_id = d.ticket_id),
           'ticket.unsealed', :now FROM update_unsealing d WHERE :status::text = 'consented'
    ON CONFLICT (person_id, ticket_id, seq) DO NOTHING
), insert_audit AS ({insert_audit})
SELECT id FROM update_unsealing
""")


_CONSENT: Final = _decision("unseal_consented")
_DECLINE: Final = _decision("unseal_declined")
