"""Tickets whose grid is no more go to whoever covers their place now: a job written with the change, safe to repeat.

The job comes twice, the second time for what was being submitted or moved just when the grids were cut.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from app import clock, db, ids, log
from app.errors import Conflict
from app.rules.access import Part
from app.rules.facts import Facts
from app.services import catalogue, ledger, moving, tickets
from app.services.catalogue import Catalogue
from app.services.scene import Scene

logger = log.get("rerouting")
JOB: Final = "reroute"
BATCH: Final = 250
TRIES: Final = 25
AGAIN: Final = timedelta(
    seconds=30
)  # longer than any statement under way; shorter than a lease, see jobs.pull_in


class Row(NamedTuple):
    """A row of the outbox."""

    id: UUID
    kind: str
    payload: str
    due_at: datetime
    attempts: int


def rows(grids: Sequence[UUID]) -> list[Row]:
    """Return the jobs to write in the transaction that ends or moves these grids."""
    if not grids:
        return []
    payload, now = json.dumps({"grids": [str(grid) for grid in grids]}), clock.now()
    return [Row(ids.new(), JOB, payload, now, 0), Row(ids.new(), JOB, payload, now + AGAIN, 1)]


async def follow(jobs: Sequence[Any]) -> None:
    """Reroute what the jobs name, and be done with them."""
    grids = [UUID(grid) for job in jobs for grid in job["payload"]["grids"]]
    count = await reroute(grids)
    logger.info("rerouted", grids=len(grids), tickets=count)
    await db.fetch("DELETE FROM job WHERE id = ANY($1::uuid[])", [job["id"] for job in jobs])


# What a grid holds that is no more, or that now belongs to another community.
_LEFT: Final = """
SELECT t.*, s.version AS setup_version FROM setup s LEFT JOIN (
    SELECT t.* FROM ticket t JOIN place g ON g.id = t.holder_id
    WHERE t.holder_id = ANY($1::uuid[]) AND t.status IN ('new', 'accepted', 'dispatched', 'waiting')
      AND (g.ended_at IS NOT NULL OR t.community_id <> ALL (g.path)) AND t.id <> ALL ($3::uuid[])
    ORDER BY t.id LIMIT $2
) t ON true
"""


async def reroute(grids: Sequence[UUID]) -> int:
    """Reassign every open ticket these grids left behind, once each; return how many. People may act meanwhile.

    Raises Conflict when some could not be: the job comes back.
    """
    count, idle, sick = 0, 0, list[UUID]()
    while idle < TRIES:  # somebody else may be doing the same, or acting on these very tickets
        found = await db.fetch(_LEFT, list(grids), BATCH, sick)
        left = [cast(Facts, dict(row)) for row in found if row["id"]]
        if not left:
            break
        known = await catalogue.current(found[0]["setup_version"])
        await catalogue.spots(known, [ticket["place_id"] for ticket in left])
        acts = [_act(ticket, known, sick) for ticket in left]
        done = await ledger.record([act for act in acts if act])
        count, idle = count + len(done), 0 if done else idle + 1
    if sick or idle == TRIES:
        raise Conflict(f"{count} tickets were rerouted, not: {sick or 'those somebody else was faster with'}")
    return count


def _act(ticket: Facts, known: Catalogue, sick: list[UUID]) -> ledger.Act | None:
    """Return the system's reassignment of one ticket; one that cannot be decided holds up no other."""
    now = tickets.moment_of(ticket)
    scene = Scene(ticket, {Part.TIMER: None}, Part.TIMER, None, None, now, known, known.path(ticket))
    try:
        return tickets.change(scene, "reassign", moving.reroute(scene))
    except Exception:
        logger.exception("reroute_failed", ticket=str(ticket["id"]))
        sick.append(ticket["id"])
        return None
