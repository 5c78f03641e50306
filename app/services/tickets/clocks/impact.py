"""The impact of a change of limits on open tickets: how many due times move, how many tickets are overdue at once."""

from dataclasses import dataclass, field
from datetime import datetime
from heapq import nsmallest
from typing import Any, Final

from app.models.setting import DuesOut, ImpactOut, LimitChangeOut
from app.rules import escalation
from app.rules.facts import Facts

MAX_TICKETS: Final = 20
_DUES: Final = ("accept_due", "acknowledge_due", "resolve_due")


@dataclass(slots=True)
class Impact:
    """The impact so far, counted ticket by ticket. `changed` also counts tickets of which only the timer changes.

    A shift is: not overdue at once, the new resolve due time, the ticket before, the ticket after.
    """

    now: datetime
    open: int = 0
    changed: int = 0
    overdue: int = 0
    shifts: list[tuple[bool, datetime, dict[str, Any], dict[str, Any]]] = field(default_factory=list)

    @property
    def moved(self) -> int:
        return len(self.shifts)

    def add(self, before: Facts, after: Facts) -> None:
        """Count a changed ticket. If its due times stay the same, it is not listed."""
        self.changed += 1
        before_row, after_row = _summary(before), _summary(after)
        if before["called"] == after["called"] and all(before_row[name] == after_row[name] for name in _DUES):
            return
        late = bool(escalation.missed_limits(after, self.now) - escalation.missed_limits(before, self.now))
        self.overdue += late
        self.shifts.append((not late, after["resolve_due"], before_row, after_row))

    def to_out(self) -> ImpactOut:
        """Return the counts and the first MAX_TICKETS tickets: overdue ones first, then by resolve due time."""
        first = nsmallest(MAX_TICKETS, self.shifts, key=lambda shift: (*shift[:2], shift[2]["no"]))
        return ImpactOut(
            open=self.open,
            moved=self.moved,
            overdue=self.overdue,
            tickets=[
                LimitChangeOut(
                    id=before_row["id"],
                    no=before_row["no"],
                    category=before_row["category"],
                    overdue=not in_time,
                    before=DuesOut(**{name: before_row[name] for name in _DUES}),
                    after=DuesOut(**{name: after_row[name] for name in _DUES}),
                )
                for in_time, _, before_row, after_row in first
            ],
        )


def _summary(ticket: Facts) -> dict[str, Any]:
    row: dict[str, Any] = dict(ticket)
    return {name: row[name] for name in ("id", "no", "category", *_DUES)}
