"""Reroute tickets of ended or moved grids to the grids that cover their places now, by jobs written with the change.

Two jobs are written. The second run catches tickets that were being submitted or moved during the change.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, cast
from uuid import UUID

from app import clock, db, ids, log
from app.errors import Conflict
from app.models.job import JobRow
from app.rules.facts import Facts
from app.rules.statuses import UNRESOLVED, sql_list
from app.services import ledger, setup
from app.services.setup import Catalogue, PlaceRef
from app.services.tickets import actions, transfers
from app.services.tickets.context import timer_context
from app.sql import Statement

logger = log.get("rerouting")
REROUTE_JOB: Final = "reroute"
BATCH_SIZE: Final = 250
MAX_IDLE_ROUNDS: Final = 25
# Longer than any statement in progress; shorter than a lease, see outbox.jobs.clamp_jobs.
SECOND_RUN: Final = timedelta(seconds=30)


class NewJob(NamedTuple):
    """A job to insert; the fields are columns of `job`."""

    id: UUID
    kind: str
    payload: str
    due_at: datetime
    attempts: int


def reroute_job_rows(grids: Sequence[UUID]) -> list[NewJob]:
    """Return the jobs to insert in the transaction that ends or moves these grids."""
    if not grids:
        return []
    payload, now = json.dumps({"grids": [str(grid) for grid in grids]}), clock.now()
    return [
        NewJob(ids.new(), REROUTE_JOB, payload, now, 0),
        NewJob(ids.new(), REROUTE_JOB, payload, now + SECOND_RUN, 1),
    ]


async def run_reroute_jobs(jobs: Sequence[JobRow]) -> None:
    """Reroute the tickets of the jobs' grids, and delete the jobs."""
    grids = [UUID(grid) for job in jobs for grid in (job["payload"] or {})["grids"]]
    count = await reroute(grids)
    logger.info("rerouted", grids=len(grids), tickets=count)
    await db.execute(_DELETE_JOBS, job_ids=[job["id"] for job in jobs])


_DELETE_JOBS: Final = Statement("DELETE FROM job WHERE id = ANY(:job_ids::uuid[])")

# Open tickets held by a grid that has ended or now belongs to another community.
_TICKETS_TO_MOVE: Final = Statement(f"""
SELECT t.*, s.version AS setup_version FROM setup s LEFT JOIN (
    SELECT t.*, (SELECT e.data ->> 'grid' = t.holder_id::text FROM event e
                 WHERE e.ticket_id = t.id AND e.at >= t.created_at AND e.type = 'ticket.reassigned'
                 ORDER BY e.seq DESC LIMIT 1) AS assigned_by_hand
    FROM ticket t JOIN place g ON g.id = t.holder_id
    WHERE t.holder_id = ANY(:grid_ids::uuid[]) AND t.status IN {sql_list(UNRESOLVED)}
      AND (g.ended_at IS NOT NULL OR t.community_id <> ALL (g.path)) AND t.id <> ALL (:failed_ids::uuid[])
    ORDER BY t.id LIMIT :limit
) t ON true
""")


async def reroute(grids: Sequence[UUID]) -> int:
    """Reassign every open ticket of these grids that needs it, once each; return how many were reassigned.

    Other acts may run concurrently. Raises Conflict if some could not be reassigned, so that the job is retried.
    """
    count, idle, failed = 0, 0, list[UUID]()
    while idle < MAX_IDLE_ROUNDS:  # another worker may be doing the same, or somebody acts on these tickets
        rows = await db.execute(_TICKETS_TO_MOVE, grid_ids=list(grids), limit=BATCH_SIZE, failed_ids=failed)
        tickets = [cast(Facts, dict(row)) for row in rows if row["id"]]
        if not tickets:
            break
        catalogue = await setup.cached_catalogue(rows[0]["setup_version"])
        places = await setup.place_refs(catalogue, [ticket["place_id"] for ticket in tickets])
        acts = [_act(ticket, places.get(ticket["place_id"]), catalogue, failed) for ticket in tickets]
        done = await ledger.record([act for act in acts if act])
        count, idle = count + len(done), 0 if done else idle + 1
    if failed or idle == MAX_IDLE_ROUNDS:
        raise Conflict(
            f"{count} tickets were rerouted; not rerouted: {failed or 'tickets changed concurrently'}"
        )
    return count


def _act(
    ticket: Facts, place: PlaceRef | None, catalogue: Catalogue, failed: list[UUID]
) -> ledger.Act | None:
    """Return the reassignment of a ticket; None, and its id added to `failed`, if it cannot be decided."""
    context = timer_context(ticket, place, catalogue, actions.ticket_now(ticket))
    try:
        return actions.build_act(context, "reassign", transfers.reroute(context))
    except Exception:
        logger.exception("reroute_failed", ticket=str(ticket["id"]))
        failed.append(ticket["id"])
        return None
