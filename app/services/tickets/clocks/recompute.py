"""Recompute the due times and timers of open tickets after a change of the calendar, the hours or the limits."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from typing import Final, cast
from uuid import UUID

from app import clock, db, log
from app.models.job import JobRow
from app.rules import escalation
from app.rules.facts import Facts, with_changes
from app.rules.statuses import OPEN, sql_list
from app.services import ledger, setup
from app.services.setup import Catalogue
from app.services.tickets import limits, private
from app.services.tickets.clocks.impact import Impact
from app.sql import Statement

logger = log.get("recompute")
BATCH_SIZE: Final = 250  # a fraction of a second of computing; the event loop answers requests in between
MAX_ATTEMPTS: Final = 25

# The job is inserted in the transaction of the change and due after the grace period. The process that commits the
# change recomputes at once and deletes the job; if that process dies, the worker runs the job.
RECOMPUTE_JOB: Final = "recompute"
RECOMPUTE_GRACE: Final = timedelta(seconds=15)

_OPEN_TICKETS: Final = Statement(f"""
SELECT id FROM ticket WHERE status IN {sql_list(OPEN)}
  AND (:place_id::uuid IS NULL OR street_id = :place_id OR community_id = :place_id)
  AND (:categories::text[] IS NULL OR category = ANY(:categories)) ORDER BY id
""")
_TICKETS: Final = Statement("""
SELECT t.*, s.version AS setup_version FROM setup s LEFT JOIN ticket t ON t.id = ANY(:ticket_ids::uuid[])
""")

_DELETE_JOB: Final = Statement("DELETE FROM job WHERE id = :job_id")


async def recompute(place_id: UUID | None = None, categories: Sequence[str] | None = None) -> Impact:
    """Set the limits, due times and timers of open tickets (of a street or community, of some categories) by the current
    setup, and let neighbours go of those that it makes private.

    Call it after the change is committed with a higher `setup.version`: acts decided by the old setup then fail their
    guard and are decided again by the new one. Running it twice changes nothing.
    """
    impact, visited = Impact(clock.now()), set[UUID]()
    for _ in range(2):  # the second pass catches tickets that were being submitted while the setup changed
        async for batch in _batches(place_id, categories, visited):
            await _write_batch(batch, impact)
    await private.let_neighbours_go(place_id)
    logger.info(
        "recomputed", open=impact.open, changed=impact.changed, moved=impact.moved, overdue=impact.overdue
    )
    return impact


async def finish_recompute(
    job_id: UUID, place_id: UUID | None = None, categories: Sequence[str] | None = None
) -> Impact:
    """Recompute now, and delete the job that would do it later."""
    impact = await recompute(place_id, categories)
    await db.execute(_DELETE_JOB, job_id=job_id)
    return impact


async def run_recompute_jobs(jobs: Sequence[JobRow]) -> None:
    """Recompute for processes that died between a change and its recomputation."""
    for job in jobs:
        place = (job["payload"] or {}).get("place")
        await finish_recompute(job["id"], UUID(place) if place else None)


async def foresee_impact(
    place_id: UUID, catalogue: Catalogue, categories: Sequence[str] | None = None
) -> Impact:
    """Return what recomputing by a catalogue that is not saved yet would change. Writes nothing."""
    impact = Impact(clock.now())
    async for batch in _batches(place_id, categories, set()):
        rows = await db.execute(_TICKETS, ticket_ids=batch)
        tickets = [cast(Facts, dict(row)) for row in rows if row["id"]]
        impact.open += len(tickets)
        for ticket, after in _changed_tickets(tickets, catalogue):
            impact.add(ticket, after)
    return impact


async def _batches(
    place_id: UUID | None, categories: Sequence[str] | None, visited: set[UUID]
) -> AsyncIterator[list[UUID]]:
    rows = await db.execute(_OPEN_TICKETS, place_id=place_id, categories=categories)
    ticket_ids = [row["id"] for row in rows if row["id"] not in visited]
    for start in range(0, len(ticket_ids), BATCH_SIZE):
        yield ticket_ids[start : start + BATCH_SIZE]
    visited.update(ticket_ids)


async def _write_batch(ticket_ids: Sequence[UUID], impact: Impact) -> None:
    """Write the changes of a batch. A ticket that changed in the meantime is read and computed again."""
    impact.open += len(ticket_ids)
    for _ in range(MAX_ATTEMPTS):
        rows = await db.execute(_TICKETS, ticket_ids=ticket_ids)
        catalogue = await setup.cached_catalogue(rows[0]["setup_version"])
        tickets = [cast(Facts, dict(row)) for row in rows if row["id"]]
        changes = {ticket["id"]: (ticket, after) for ticket, after in _changed_tickets(tickets, catalogue)}
        updated = await ledger.set_limits([after for _, after in changes.values()])
        for ticket_id in updated:
            impact.add(*changes[ticket_id])
        ticket_ids = [ticket_id for ticket_id in changes if ticket_id not in updated]
        if not ticket_ids:
            return
    logger.error("recompute_gave_up", tickets=[str(ticket_id) for ticket_id in ticket_ids])


def _changed_tickets(tickets: Sequence[Facts], catalogue: Catalogue) -> Iterator[tuple[Facts, Facts]]:
    """Yield tickets whose limits, due times or timer are out of date: as they are, and as they should be."""
    now = clock.now()
    for ticket in tickets:
        try:
            after = with_changes(ticket, limits.recomputed_limits(ticket, catalogue))
            due = escalation.next_due_action(after, now, catalogue.clocks(ticket))
        except Exception:
            logger.exception("recompute_failed", ticket=str(ticket["id"]))
            continue
        timers = {"timer_at": due and due.at, "updated_at": max(now, ticket["updated_at"])}
        after = with_changes(after, timers)
        if any(dict(after)[name] != dict(ticket)[name] for name in ledger.LIMITS):
            yield ticket, after
