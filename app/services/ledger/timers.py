"""Writing limits, due times and timers. They follow from the setup and the ticket's history, so no event is written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import db
from app.services.ledger.act import VERSIONED
from app.services.ledger.columns import AS_TEXT, TYPES, parameter_type, to_parameter
from app.sql import Statement


async def set_timers(timers: Iterable[tuple[UUID, int, int, datetime | None]]) -> None:
    """Set the timers of tickets, given as id, seq, version and time. A ticket that has changed since is left alone."""
    rows = list(timers)
    if not rows:
        return
    ticket_ids, seqs, versions, due_ats = map(list, zip(*rows, strict=True))
    await db.execute(_SET_TIMERS, ticket_ids=ticket_ids, seqs=seqs, versions=versions, due_ats=due_ats)


_SET_TIMERS: Final = Statement("""
UPDATE ticket t SET timer_at = a.at
FROM unnest(:ticket_ids::uuid[], :seqs::int[], :versions::int[], :due_ats::timestamptz[]) AS a(id, seq, version, at)
WHERE t.id = a.id AND t.seq = a.seq AND t.version = a.version
""")


LIMITS: Final = (
    *("accept_minutes", "acknowledge_minutes", "resolve_minutes"),
    *("accept_due", "acknowledge_due", "resolve_due", "timer_at"),
    "called",
)


async def set_limits(tickets: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Set limits, due times and timers of tickets; return the ids of those that had not changed since they were read.

    The version rises if a due time changes, because whoever acts on the ticket must have seen it.
    """
    if not tickets:
        return set()
    columns = {name: [to_parameter(name, ticket[name]) for ticket in tickets] for name in _COLUMNS}
    rows = await db.execute(_SET_LIMITS, **columns)
    return {row["id"] for row in rows}


_COLUMNS: Final = ("id", "seq", "version", "updated_at", *LIMITS)
# A change of one of these raises the version.
_VERSIONED_LIMITS: Final = (*(name for name in LIMITS if name in VERSIONED), "called")
_NEW_VALUES: Final = {name: f"a.{name}{AS_TEXT.get(TYPES[name], '')}" for name in LIMITS}
_SET_LIMITS: Final = Statement(f"""
UPDATE ticket t SET {", ".join(f"{name} = {_NEW_VALUES[name]}" for name in LIMITS)}, updated_at = a.updated_at,
    changed_tx = pg_current_xact_id()::text::bigint,
    version = t.version + (({", ".join(f"t.{name}" for name in _VERSIONED_LIMITS)})
        IS DISTINCT FROM ({", ".join(_NEW_VALUES[name] for name in _VERSIONED_LIMITS)}))::int
FROM unnest({", ".join(f":{name}::{parameter_type(name)}[]" for name in _COLUMNS)}) AS a({", ".join(_COLUMNS)})
WHERE t.id = a.id AND t.seq = a.seq AND t.version = a.version
RETURNING t.id
""")
