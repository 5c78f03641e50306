"""Why a ticket waits to be assigned: which unit had it before, and what it said."""

from collections.abc import Sequence
from typing import Final

from app import db
from app.rules.facts import Facts, SentBack, with_changes
from app.sql import Statement


async def with_sent_back(tickets: Sequence[Facts]) -> list[Facts]:
    """Return the tickets, those that nobody holds with `sent_back`. Asks the database only if there are any."""
    unassigned = [ticket for ticket in tickets if ticket["holder_id"] is None]
    if not unassigned:
        return list(tickets)
    rows = await db.execute(
        _LAST_REASSIGNMENTS,
        ticket_ids=[ticket["id"] for ticket in unassigned],
        since=min(ticket["created_at"] for ticket in unassigned),
    )
    found = {row["ticket_id"]: SentBack(unit_id=row["unit_id"], reason=row["reason"]) for row in rows}
    return [
        with_changes(ticket, {"sent_back": found[ticket["id"]]}) if ticket["id"] in found else ticket
        for ticket in tickets
    ]


# The time bound lets PostgreSQL skip older partitions.
_LAST_REASSIGNMENTS: Final = Statement("""
SELECT DISTINCT ON (e.ticket_id) e.ticket_id, e.data ->> 'from' AS unit_id, r.text AS reason
FROM event e LEFT JOIN remark r ON r.ticket_id = e.ticket_id AND r.seq = e.seq
WHERE e.ticket_id = ANY(:ticket_ids::uuid[]) AND e.at >= :since AND e.type = 'ticket.reassigned'
ORDER BY e.ticket_id, e.seq DESC
""")
