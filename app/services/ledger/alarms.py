"""What follows from the setup and a ticket's own history, and so needs no event: limits, due times, alarms."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import db
from app.services.ledger.chain import VERSIONED
from app.services.ledger.columns import AS_TEXT, TYPES, as_sent, sent_type


async def set_timers(alarms: Iterable[tuple[UUID, int, int, datetime | None]]) -> None:
    """Set when to look at tickets again (id, seq and version seen, moment): the alarm clock moves, the ticket does not."""
    rows = list(alarms)
    if rows:
        await db.fetch(_SET_TIMERS, *map(list, zip(*rows, strict=True)))


_SET_TIMERS: Final = """
UPDATE ticket t SET timer_at = a.at
FROM unnest($1::uuid[], $2::int[], $3::int[], $4::timestamptz[]) AS a(id, seq, version, at)
WHERE t.id = a.id AND t.seq = a.seq AND t.version = a.version
"""


LIMITS: Final = (
    *("accept_minutes", "acknowledge_minutes", "resolve_minutes"),
    *("accept_due", "acknowledge_due", "resolve_due", "timer_at"),
    "called",
)


async def set_limits(tickets: Iterable[Mapping[str, Any]]) -> set[UUID]:
    """Set limits, due times and alarms of tickets (with the id, seq and version seen); return those found as seen.

    A due time is something to have seen before deciding, so the version goes up with it.
    """
    rows = [[as_sent(name, ticket[name]) for name in _SEEN + LIMITS] for ticket in tickets]
    if not rows:
        return set()
    done = await db.fetch(_SET_LIMITS, *map(list, zip(*rows, strict=True)))
    return {row["id"] for row in done}


_SEEN: Final = ("id", "seq", "version", "updated_at")
_DUES: Final = (*(name for name in LIMITS if name in VERSIONED), "called")
_AS: Final = {name: f"a.{name}{AS_TEXT.get(TYPES[name], '')}" for name in LIMITS}
_SET_LIMITS: Final = f"""
UPDATE ticket t SET {", ".join(f"{name} = {_AS[name]}" for name in LIMITS)}, updated_at = a.updated_at,
    changed_tx = pg_current_xact_id()::text::bigint,
    version = t.version + (({", ".join(f"t.{name}" for name in _DUES)}) IS DISTINCT FROM ({", ".join(_AS[name] for name in _DUES)}))::int
FROM unnest({", ".join(f"${n}::{sent_type(name)}[]" for n, name in enumerate(_SEEN + LIMITS, 1))})
    AS a({", ".join(_SEEN + LIMITS)})
WHERE t.id = a.id AND t.seq = a.seq AND t.version = a.version
RETURNING t.id
"""
