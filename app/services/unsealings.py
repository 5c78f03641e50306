"""Reading requests to open anonymous reports: who may see one, who reported for the two who opened it, and the list."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Forbidden, NotFound
from app.models.unsealing import UnsealedOut, UnsealingOut
from app.rules.access import Actor, Seat
from app.services import audit, vault
from app.services.catalogue import post_label
from app.services.notices import before
from app.words import UNSEALING, Role, UnsealingStatus

# The unit columns of a ticket, narrowest first, with the role that asks there.
_ASK: Final = (("community_id", Role.COMMUNITY), ("street_id", Role.STREET))


def asking(actor: Actor, ticket: Mapping[str, Any]) -> Seat:
    """Return the community or street post from which somebody may ask to open a ticket; Forbidden for others."""
    for column, role in _ASK:
        for seat in actor.at.get(ticket[column], ()):
            if seat.role is role:
                return seat
    raise Forbidden("只有社区或街道工作人员可以申请查看匿名报告人")


_ONE: Final = """
SELECT u.*, t.no, t.community_id, t.street_id, t.reporter_id,
       rp.role AS asked_role, ru.label AS asked_unit, dp.role AS decided_role, du.label AS decided_unit
FROM unsealing u JOIN ticket t ON t.id = u.ticket_id
JOIN post rp ON rp.id = u.requested_post_id JOIN place ru ON ru.id = rp.place_id
LEFT JOIN post dp ON dp.id = u.decided_post_id LEFT JOIN place du ON du.id = dp.place_id
"""


async def in_scope(actor: Actor, unsealing_id: UUID) -> Any:
    """Return a request about a ticket of the caller's community or street; NotFound for any other."""
    row = await db.fetchrow(f"{_ONE} WHERE u.id = $1", unsealing_id)
    if row is None:
        raise NotFound
    try:
        asking(actor, row)
    except Forbidden:
        raise NotFound from None
    return row


async def read(actor: Actor, unsealing_id: UUID) -> UnsealingOut:
    """Return a request; to the two who opened it, while it is open, with who reported. That look is recorded."""
    row = await in_scope(actor, unsealing_id)
    until = row["open_until"]
    if (
        until is None
        or clock.now() >= until
        or actor.person_id not in {row["requested_by"], row["decided_by"]}
    ):
        return UnsealingOut(**_shown(row))
    seen = await db.fetchrow(
        _LOOK, unsealing_id, actor.person_id, ids.new(), clock.now(), audit.came_from.get()
    )
    shown = UnsealingOut(**_shown(row))
    if seen is not None:  # they may have left since
        shown.reporter = _reporter(seen)
    return shown


# No look without its entry: they are one statement.
_LOOK: Final = """
WITH looked AS (
    SELECT u.id, u.ticket_id, r.name, coalesce(t.contact_sealed, r.phone_sealed) AS sealed
    FROM unsealing u JOIN ticket t ON t.id = u.ticket_id JOIN person r ON r.id = t.reporter_id
    WHERE u.id = $1 AND r.erased_at IS NULL
), noted AS (
    INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
    SELECT $3, $4, 'unsealed_seen', $2, ticket_id, $5, jsonb_build_object('unsealing', id) FROM looked
)
SELECT name, sealed FROM looked
"""


def _reporter(row: Any) -> UnsealedOut:
    return UnsealedOut(name=row["name"], phone=vault.unseal(row["sealed"]) if row["sealed"] else None)


# Offices see what concerns their places; a reporter, why their own report was opened.
_PAGE: Final = (
    _ONE
    + """
WHERE u.id < $2 AND ($3::text IS NULL OR $3 = CASE WHEN u.status = 'pending' AND u.expires_at <= $5 THEN 'expired' ELSE u.status END)
  AND (t.community_id = ANY ($4::uuid[]) OR t.street_id = ANY ($4::uuid[]) OR t.reporter_id = $1 AND u.status = 'consented')
ORDER BY u.id DESC LIMIT $6
"""
)


async def page(
    actor: Actor, status: UnsealingStatus | None, limit: int, cursor: str | None
) -> tuple[list[UnsealingOut], str | None]:
    """Return one page of requests, newest first: of the caller's places, and those that opened their own reports."""
    units = actor.units(frozenset({Role.COMMUNITY, Role.STREET}))
    rows = await db.fetch(_PAGE, actor.person_id, before(cursor), status, units, clock.now(), limit + 1)
    items = [UnsealingOut(**_shown(row)) for row in rows[:limit]]
    return items, str(items[-1].id) if len(rows) > limit else None


_PLAIN: Final = ("id", "ticket_id", "no", "reason", "expires_at", "decided_at", "open_until")


def _shown(row: Any) -> dict[str, Any]:
    status = _status(row)
    decided = row["decided_role"] and post_label(Role(row["decided_role"]), row["decided_unit"])
    return {name: row[name] for name in _PLAIN} | {
        "at": row["requested_at"],
        "status": status,
        "status_name": UNSEALING[status],
        "requested_by": post_label(Role(row["asked_role"]), row["asked_unit"]),
        "decided_by": decided,
    }


def _status(row: Any) -> UnsealingStatus:
    lapsed = row["status"] == UnsealingStatus.PENDING and clock.now() >= row["expires_at"]
    return UnsealingStatus.EXPIRED if lapsed else UnsealingStatus(row["status"])
