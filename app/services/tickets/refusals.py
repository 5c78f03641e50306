"""Which organisations a ticket came back from, so that nobody is offered them again as the usual choice."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app import db
from app.rules.access import Part
from app.services.tickets.view import TicketView
from app.sql import Statement


@dataclass(frozen=True, slots=True)
class Refusals:
    """The organisations that handed a ticket back or never took it, and the one proposed instead by the last of them."""

    organisations: frozenset[UUID]
    proposed: UUID | None


async def refusals_of(view: TicketView) -> Refusals:
    """Return who has refused a ticket since it was submitted."""
    rows = await db.execute(
        _REFUSALS, ticket_id=view.ticket["id"], created_at=view.ticket["created_at"], timer=Part.TIMER
    )
    proposed = rows[-1]["data"].get("proposed") if rows else None
    return Refusals(
        frozenset(UUID(row["data"]["organisation"]) for row in rows), UUID(proposed) if proposed else None
    )


_REFUSALS: Final = Statement("""
SELECT data FROM event WHERE ticket_id = :ticket_id AND at >= :created_at
   AND (type = 'ticket.handed_back' OR type = 'ticket.recalled' AND part = :timer) ORDER BY seq
""")
