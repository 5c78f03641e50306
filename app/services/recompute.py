"""After the office has changed its calendar, frames or limits: every open ticket's due times and alarm, computed anew."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast
from uuid import UUID

from app import clock, db, log
from app.rules import escalation
from app.rules.facts import Facts, changed
from app.services import catalogue, ledger, limits
from app.services.catalogue import Catalogue

logger = log.get("recompute")
BATCH: Final = 250  # a fraction of a second of arithmetic; requests are answered in between
TRIES: Final = 25

_OPEN: Final = """
SELECT id FROM ticket WHERE status IN ('new', 'accepted', 'dispatched', 'waiting', 'resolved') ORDER BY id
"""
_READ: Final = """
SELECT t.*, s.version AS setup_version FROM setup s LEFT JOIN ticket t ON t.id = ANY($1::uuid[])
"""


async def recompute() -> int:
    """Set every open ticket's limits, due times and alarm to what is set up now; return how many changed.

    Call it once the change is committed and `setup.version` raised: whoever loads a ticket from then on decides by the new
    setup, and an act decided by the old one is decided again (the version guards it). Running it twice changes nothing.
    """
    count, seen = 0, set[UUID]()
    for _ in range(2):  # the second time for what was just being submitted when the setup changed
        fresh = [row["id"] for row in await db.fetch(_OPEN) if row["id"] not in seen]
        for start in range(0, len(fresh), BATCH):
            count += await _settle(fresh[start : start + BATCH])
        seen.update(fresh)
    logger.info("recomputed", open=len(seen), changed=count)
    return count


async def _settle(ids: Sequence[UUID]) -> int:
    """Write what differs of a batch; a ticket that somebody changed meanwhile is read and computed again."""
    count = 0
    for _ in range(TRIES):
        rows = await db.fetch(_READ, ids)
        known = await catalogue.current(rows[0]["setup_version"])
        differing = dict(_differing([cast(Facts, dict(row)) for row in rows if row["id"]], known))
        written = await ledger.set_limits(differing.values())
        count += len(written)
        ids = [ticket for ticket in differing if ticket not in written]
        if not ids:
            return count
    logger.error("recompute_gave_up", tickets=[str(ticket) for ticket in ids])
    return count


def _differing(tickets: Sequence[Facts], known: Catalogue) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """Yield the tickets that are not as they should be now, as `ledger.set_limits` takes them."""
    now = clock.now()
    for ticket in tickets:
        try:
            after = changed(ticket, limits.anew(ticket, known))
            due = escalation.upcoming(after, now, known.clocks(ticket["category"]))
        except Exception:
            logger.exception("recompute_failed", ticket=str(ticket["id"]))
            continue
        row: dict[str, Any] = {
            **after,
            "timer_at": due and due.at,
            "updated_at": max(now, ticket["updated_at"]),
        }
        if any(row[name] != dict(ticket)[name] for name in ledger.LIMITS):
            yield ticket["id"], row
