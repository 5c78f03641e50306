"""Read unsealing requests: one, the list, and the reporter's identity for the two persons who opened a report."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from app import clock, db
from app.enums import Role, UnsealingStatus
from app.errors import Forbidden, NotFound
from app.labels import UNSEALING
from app.models.unsealing import UnsealedOut, UnsealingOut
from app.rules.access import Actor, Seat
from app.rules.titles import NamedPost
from app.services import audit, encryption, setup
from app.services.pagination import cursor_before, page_of
from app.services.setup import Catalogue
from app.sql import Statement


class UnsealingRow(NamedTuple):
    """A request with its ticket's number and units, and the two posts."""

    id: UUID
    ticket_id: UUID
    no: str
    community_id: UUID | None
    street_id: UUID | None
    reason: str
    status: str
    requested_at: datetime
    expires_at: datetime
    requested_by: UUID
    requester_role: str
    requester_title: str | None
    requester_level: str
    requester_path: list[UUID]
    requester_unit: str
    decided_by: UUID | None
    decided_at: datetime | None
    decider_role: str | None
    decider_title: str | None
    decider_level: str | None
    decider_path: list[UUID] | None
    decider_unit: str | None
    open_until: datetime | None


def require_requester(actor: Actor, *, community_id: UUID | None, street_id: UUID | None) -> Seat:
    """Return the community or street post over a ticket from which the actor may request an unsealing.

    Raises Forbidden if they hold none.
    """
    for unit_id, role in ((community_id, Role.COMMUNITY), (street_id, Role.STREET)):
        for seat in actor.seats_by_unit.get(unit_id, ()) if unit_id else ():
            if seat.role is role:
                return seat
    raise Forbidden("只有社区或街道工作人员可以申请查看匿名报告人")


_SELECT: Final = """
SELECT u.id, u.ticket_id, t.no, t.community_id, t.street_id, u.reason, u.status, u.requested_at, u.expires_at,
       u.requested_by, rp.role AS requester_role, rp.title AS requester_title, ru.level AS requester_level,
       ru.path AS requester_path, ru.label AS requester_unit,
       u.decided_by, u.decided_at, dp.role AS decider_role, dp.title AS decider_title, du.level AS decider_level,
       du.path AS decider_path, du.label AS decider_unit, u.open_until
FROM unsealing u JOIN ticket t ON t.id = u.ticket_id
JOIN post rp ON rp.id = u.requested_post_id JOIN place ru ON ru.id = rp.place_id
LEFT JOIN post dp ON dp.id = u.decided_post_id LEFT JOIN place du ON du.id = dp.place_id
"""
_LOAD: Final = Statement(f"{_SELECT} WHERE u.id = :unsealing_id")


async def load_unsealing(actor: Actor, unsealing_id: UUID) -> UnsealingRow:
    """Return a request about a ticket of the actor's community or street. Raises NotFound for any other."""
    row = await db.execute_one(_LOAD, unsealing_id=unsealing_id)
    if row is None:
        raise NotFound
    unsealing = UnsealingRow(**row)
    try:
        require_requester(actor, community_id=unsealing.community_id, street_id=unsealing.street_id)
    except Forbidden:
        raise NotFound from None
    return unsealing


async def read_unsealing(actor: Actor, unsealing_id: UUID) -> UnsealingOut:
    """Return a request; for the two who opened the report with the reporter's identity, as long as it is open.

    Every reading of the identity is recorded in the audit trail. Raises NotFound as `load_unsealing` does.
    """
    row = await load_unsealing(actor, unsealing_id)
    unsealing = _serialize(row, await setup.current_catalogue())
    is_open = row.open_until is not None and clock.now() < row.open_until
    if is_open and actor.person_id in {row.requested_by, row.decided_by}:
        reporter = await _read_reporter(actor, unsealing_id)
        if reporter is not None:  # a field that was never set is absent from the response
            unsealing.reporter = reporter
    return unsealing


async def _read_reporter(actor: Actor, unsealing_id: UUID) -> UnsealedOut | None:
    """Return who reported, None if their account was erased meanwhile. Writes the audit entry in the same statement."""
    row = await db.execute_one(
        _READ_REPORTER,
        unsealing_id=unsealing_id,
        actor_id=actor.person_id,
        now=clock.now(),
        **audit.entry_values(),
    )
    if row is None:
        return None
    return UnsealedOut(name=row["name"], phone=encryption.decrypt_if_readable(row["phone_sealed"]))


_AUDIT_READ: Final = audit.insert_entry(
    "unsealed_seen",
    subject="ticket_id",
    source="reporter",
    data="jsonb_build_object('unsealing', id)",
)
_READ_REPORTER: Final = Statement(f"""
WITH reporter AS (
    SELECT u.id, u.ticket_id, r.name, coalesce(t.contact_sealed, r.phone_sealed) AS phone_sealed
    FROM unsealing u JOIN ticket t ON t.id = u.ticket_id JOIN person r ON r.id = t.reporter_id
    WHERE u.id = :unsealing_id AND r.erased_at IS NULL
), insert_audit AS ({_AUDIT_READ})
SELECT name, phone_sealed FROM reporter
""")

# Offices see the requests of their places; reporters see those by which their own reports were opened.
_PAGE: Final = Statement(f"""
{_SELECT}
WHERE u.id < :before
  AND (:status::text IS NULL
       OR :status = CASE WHEN u.status = 'pending' AND u.expires_at <= :now THEN 'expired' ELSE u.status END)
  AND (t.community_id = ANY (:units::uuid[]) OR t.street_id = ANY (:units::uuid[])
       OR t.reporter_id = :actor_id AND u.status = 'consented')
ORDER BY u.id DESC LIMIT :limit
""")


async def unsealing_page(
    actor: Actor, status: UnsealingStatus | None, limit: int, cursor: str | None
) -> tuple[list[UnsealingOut], str | None]:
    """Return a page of requests, newest first, and the next cursor.

    The actor sees the requests of their places, and those by which their own reports were opened.
    """
    rows = await db.execute(
        _PAGE,
        actor_id=actor.person_id,
        units=actor.units(frozenset({Role.COMMUNITY, Role.STREET})),
        status=status,
        now=clock.now(),
        before=cursor_before(cursor),
        limit=limit + 1,
    )
    page, next_cursor = page_of(rows, limit)
    catalogue = await setup.current_catalogue()
    return [_serialize(UnsealingRow(**row), catalogue) for row in page], next_cursor


def _serialize(row: UnsealingRow, catalogue: Catalogue) -> UnsealingOut:
    status = _status(row)
    requester = NamedPost.of(row.requester_role, row.requester_level, row.requester_path, row.requester_title)
    return UnsealingOut(
        id=row.id,
        ticket_id=row.ticket_id,
        no=row.no,
        reason=row.reason,
        status=status,
        status_name=UNSEALING[status],
        requested_by=catalogue.post_label(requester, row.requester_unit),
        at=row.requested_at,
        expires_at=row.expires_at,
        decided_by=_decider(row, catalogue),
        decided_at=row.decided_at,
        open_until=row.open_until,
    )


def _decider(row: UnsealingRow, catalogue: Catalogue) -> str | None:
    if row.decider_role is None:
        return None
    decider = NamedPost.of(row.decider_role, row.decider_level, row.decider_path, row.decider_title)
    return catalogue.post_label(decider, row.decider_unit or "")


def _status(row: UnsealingRow) -> UnsealingStatus:
    """Return the status at this moment: a pending request expires without anything being written."""
    expired = row.status == UnsealingStatus.PENDING and clock.now() >= row.expires_at
    return UnsealingStatus.EXPIRED if expired else UnsealingStatus(row.status)
