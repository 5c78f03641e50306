"""Whoever waits for something that is offered: in turn, as soon as there is some, by the act that brings it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app import db
from app.errors import Conflict
from app.rules import reservations
from app.rules.access import Part
from app.services import ledger
from app.services.subjects import stocks
from app.services.subjects.stocks import Mover, NothingLeft
from app.sql import Statement


async def lock_offer(fetch: db.Fetch, offer_id: UUID) -> Any:
    """Lock an offer until the end of the transaction and return its columns: what is reserved waits for each other here.

    It comes after the lock of a reservation that is acted on, and before those of accounts.
    """
    await fetch(_LOCK.text, offer_id)
    (row,) = await fetch(_OFFER.text, offer_id)
    return row


async def move_up(mover: Mover, offer: Mapping[str, Any]) -> None:
    """Give what there is to those who wait, the longest first; who lacks the points goes on waiting. The offer is locked."""
    for row in await mover.run(_WAITING, offer_id=offer["id"]):
        try:
            await stocks.hold(mover, offer, row)
        except NothingLeft:
            return
        except Conflict:
            continue
        status = reservations.status_when_held(offer)
        entry = ledger.Entry(
            ticket_id=row["id"],
            seq=row["seq"] + 1,
            at=max(mover.now, row["updated_at"]),
            type="reservation.moved_up",
            part=Part.TIMER,
            subject=row["kind"],
        )
        changes = {"status": status, "version": row["version"] + 1}
        if status == "granted":
            changes["ends_at"] = reservations.collect_by(mover.now)
        await ledger.record_on_subject(mover.fetch, entry, changes)


_LOCK: Final = Statement("SELECT FROM subject WHERE id = :offer_id FOR NO KEY UPDATE")
_OFFER: Final = Statement(
    "SELECT s.*, o.price, o.points, o.days, o.needs_grant FROM subject s JOIN offer o ON o.subject_id = s.id WHERE s.id = :offer_id"
)
# One that somebody acts on at this moment is passed over: that act moves up whoever is next.
_WAITING: Final = Statement("""
SELECT s.*, r.quantity FROM subject s JOIN reservation r ON r.subject_id = s.id
WHERE s.source_id = :offer_id AND s.kind = 'reservation' AND s.status = 'waiting' ORDER BY s.id LIMIT 100 FOR UPDATE OF s SKIP LOCKED
""")
