"""After the office has changed its calendar, frames or limits: every open ticket's due times and alarm, computed anew."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from app import clock, db, log
from app.rules import escalation
from app.rules.facts import Facts, changed
from app.services import catalogue, ledger, limits
from app.services.catalogue import Catalogue
from app.services.consequences import Consequences

logger = log.get("recompute")
BATCH: Final = 250  # a fraction of a second of arithmetic; requests are answered in between
TRIES: Final = 25

# Left in the transaction of the change, as if claimed by whoever commits it: who dies before the end leaves it to the worker.
JOB: Final = "recompute"
GRACE: Final = timedelta(seconds=15)

_OPEN: Final = """
SELECT id FROM ticket WHERE status IN ('new', 'accepted', 'dispatched', 'waiting', 'resolved')
  AND ($1::uuid IS NULL OR street_id = $1 OR community_id = $1) ORDER BY id
"""
_READ: Final = """
SELECT t.*, s.version AS setup_version FROM setup s LEFT JOIN ticket t ON t.id = ANY($1::uuid[])
"""


async def recompute(place_id: UUID | None = None) -> Consequences:
    """Set the limits, due times and alarm of every open ticket (of a street or community) to what is set up now.

    Call it once the change is committed and `setup.version` raised: whoever loads a ticket from then on decides by the new
    setup, and an act decided by the old one is decided again (the version guards it). Running it twice changes nothing.
    """
    done, seen = Consequences(clock.now()), set[UUID]()
    for _ in range(2):  # the second time for what was just being submitted when the setup changed
        async for batch in _batches(place_id, seen):
            await _settle(batch, done)
    logger.info("recomputed", open=done.open, changed=done.changed, moved=done.moved, overdue=done.overdue)
    return done


async def finish(job_id: UUID, place_id: UUID | None = None) -> Consequences:
    """Recompute at once, and take back the job that was left to do it."""
    done = await recompute(place_id)
    await db.fetch("DELETE FROM job WHERE id = $1", job_id)
    return done


async def follow(jobs: Sequence[Any]) -> None:
    """Do what was left by who changed a setting and did not live to recompute."""
    for job in jobs:
        place = (job["payload"] or {}).get("place")
        await finish(job["id"], UUID(place) if place else None)


async def foresee(place_id: UUID, known: Catalogue) -> Consequences:
    """Return what recomputing by a catalogue that does not stand yet would do; nothing is written."""
    would = Consequences(clock.now())
    async for batch in _batches(place_id, set()):
        rows = await db.fetch(_READ, batch)
        tickets = [cast(Facts, dict(row)) for row in rows if row["id"]]
        would.open += len(tickets)
        for ticket, after in _differing(tickets, known):
            would.add(ticket, after)
    return would


async def _batches(place_id: UUID | None, seen: set[UUID]) -> AsyncIterator[list[UUID]]:
    fresh = [row["id"] for row in await db.fetch(_OPEN, place_id) if row["id"] not in seen]
    for start in range(0, len(fresh), BATCH):
        yield fresh[start : start + BATCH]
    seen.update(fresh)


async def _settle(ids: Sequence[UUID], done: Consequences) -> None:
    """Write what differs of a batch; a ticket that somebody changed meanwhile is read and computed again."""
    done.open += len(ids)
    for _ in range(TRIES):
        rows = await db.fetch(_READ, ids)
        known = await catalogue.current(rows[0]["setup_version"])
        tickets = [cast(Facts, dict(row)) for row in rows if row["id"]]
        differing = {ticket["id"]: (ticket, after) for ticket, after in _differing(tickets, known)}
        written = await ledger.set_limits(after for _, after in differing.values())
        for ticket in written:
            done.add(*differing[ticket])
        ids = [ticket for ticket in differing if ticket not in written]
        if not ids:
            return
    logger.error("recompute_gave_up", tickets=[str(ticket) for ticket in ids])


def _differing(tickets: Sequence[Facts], known: Catalogue) -> Iterator[tuple[Facts, Facts]]:
    """Yield the tickets that are not as they should be now, and as `ledger.set_limits` takes them."""
    now = clock.now()
    for ticket in tickets:
        try:
            after = changed(ticket, limits.anew(ticket, known))
            due = escalation.upcoming(after, now, known.clocks(ticket))
        except Exception:
            logger.exception("recompute_failed", ticket=str(ticket["id"]))
            continue
        timed = {"timer_at": due and due.at, "updated_at": max(now, ticket["updated_at"])}
        after = changed(after, timed)
        if any(dict(after)[name] != dict(ticket)[name] for name in ledger.LIMITS):
            yield ticket, after
