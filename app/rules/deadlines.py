"""The limits of a ticket as one table: when each of them runs, is met or is missed, in Python and in SQL.

The SQL conditions are about a row of `ticket` and are never NULL where the due column is not.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.enums import Status
from app.rules.facts import Facts
from app.rules.statuses import UNRESOLVED, sql_list


@dataclass(frozen=True, slots=True)
class Deadline:
    """A limit of a ticket. Its due time is in the column `<clock>_due`, its timer's progress in `<clock>_step`."""

    clock: str
    pending: frozenset[Status]  # the statuses in which it is still to be met
    paused: frozenset[Status] = frozenset()  # those of them in which its clock stands still
    met_at: str | None = None  # the column that says when it was met; None: leaving `pending` meets it
    late_counts: bool = False  # whether it stays missed once it is met late
    makes_overdue: bool = True  # whether the ticket is overdue once it is missed

    @property
    def due(self) -> str:
        """Return the column of its due time."""
        return f"{self.clock}_due"


DEADLINES: Final = (
    Deadline("accept", frozenset({Status.NEW})),
    # The organisation's own limit: missing it brings the ticket back, and the ticket's other limits run on.
    Deadline("acknowledge", frozenset({Status.DISPATCHED}), met_at="acknowledged_at", makes_overdue=False),
    Deadline("resolve", UNRESOLVED, frozenset({Status.WAITING}), met_at="resolved_at", late_counts=True),
)
_OVERDUE: Final = tuple(deadline for deadline in DEADLINES if deadline.makes_overdue)


def running_clocks(ticket: Facts) -> list[str]:
    """Return the clocks that run in the ticket's state."""
    return [
        deadline.clock
        for deadline in DEADLINES
        if _is_pending(deadline, ticket) and ticket["status"] not in deadline.paused
    ]


def missed_clocks(ticket: Facts, now: datetime) -> set[str]:
    """Return the clocks whose limit has passed before it was met, or whose late meeting counts."""
    return {deadline.clock for deadline in DEADLINES if _is_missed(deadline, ticket, now)}


def is_overdue(ticket: Facts, now: datetime) -> bool:
    """Tell whether a limit that is still to be met has passed, or the ticket was resolved after its limit."""
    return any(_is_missed(deadline, ticket, now) for deadline in _OVERDUE)


def overdue_sql(now: str) -> str:
    """Return the SQL condition of `is_overdue`; `now` is an SQL expression."""
    return "(" + " OR ".join(_missed_sql(deadline, now) for deadline in _OVERDUE) + ")"


def reminded_sql() -> str:
    """Return the SQL condition that a running clock whose limit makes a ticket overdue is past its first moment."""
    running = ((_unmet_sql(one, one.pending - one.paused), one.clock) for one in _OVERDUE)
    return "(" + " OR ".join(f"({condition} AND {clock}_step > 0)" for condition, clock in running) + ")"


def next_due_sql() -> str:
    """Return the SQL expression of the next due time, also of paused clocks; the year 9999 if no limit is pending."""
    dues = ", ".join(f"CASE WHEN {_unmet_sql(one, one.pending)} THEN {one.due} END" for one in DEADLINES)
    return f"coalesce(least({dues}), '9999-01-01Z')"


def _is_pending(deadline: Deadline, ticket: Mapping[str, Any]) -> bool:
    return ticket["status"] in deadline.pending and not (deadline.met_at and ticket[deadline.met_at])


def _unmet_sql(deadline: Deadline, statuses: Collection[Status]) -> str:
    unmet = f" AND {deadline.met_at} IS NULL" if deadline.met_at else ""
    return f"status IN {sql_list(statuses)}{unmet}"


def _is_missed(deadline: Deadline, ticket: Mapping[str, Any], now: datetime) -> bool:
    due = ticket[deadline.due]
    if due is None:
        return False
    if deadline.met_at and ticket[deadline.met_at]:
        return deadline.late_counts and bool(ticket[deadline.met_at] > due)
    return ticket["status"] in deadline.pending and bool(now > due)


def _missed_sql(deadline: Deadline, now: str) -> str:
    pending = f"{_unmet_sql(deadline, deadline.pending)} AND {deadline.due} < {now}"
    if not deadline.late_counts:
        return f"({pending})"
    return f"({pending} OR {deadline.met_at} IS NOT NULL AND {deadline.met_at} > {deadline.due})"
