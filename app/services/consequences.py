"""What a change of limits does to open tickets: how many move, how many are overdue at once, and the first of them."""

from dataclasses import dataclass, field
from datetime import datetime
from heapq import nsmallest
from typing import Any, Final

from app.models.setting import ConsequencesOut, DuesOut, ShiftOut
from app.rules import escalation
from app.rules.facts import Facts

SHOWN: Final = 20
_DUES: Final = ("accept_due", "acknowledge_due", "resolve_due")


@dataclass(slots=True)
class Consequences:
    """Counted ticket by ticket as a change is foreseen or made; `changed` counts the rows, alarms included."""

    now: datetime
    open: int = 0
    changed: int = 0
    overdue: int = 0
    shifts: list[tuple[bool, datetime, dict[str, Any], dict[str, Any]]] = field(default_factory=list)

    @property
    def moved(self) -> int:
        return len(self.shifts)

    def add(self, before: Facts, after: Facts) -> None:
        """Count a ticket that differs; one whose due times stay is no news to anybody."""
        self.changed += 1
        was, will = _told(before), _told(after)
        if before["called"] == after["called"] and all(was[name] == will[name] for name in _DUES):
            return
        late = bool(escalation.late(after, self.now) - escalation.late(before, self.now))
        self.overdue += late
        self.shifts.append((not late, after["resolve_due"], was, will))

    def told(self) -> ConsequencesOut:
        """Return the figures and the first tickets: those overdue at once, then by when they are to be resolved."""
        first = nsmallest(SHOWN, self.shifts, key=lambda shift: (*shift[:2], shift[2]["no"]))
        return ConsequencesOut(
            open=self.open,
            moved=self.moved,
            overdue=self.overdue,
            tickets=[
                ShiftOut(
                    id=was["id"],
                    no=was["no"],
                    category=was["category"],
                    overdue=not in_time,
                    before=DuesOut(**{name: was[name] for name in _DUES}),
                    after=DuesOut(**{name: will[name] for name in _DUES}),
                )
                for in_time, _, was, will in first
            ],
        )


def _told(ticket: Facts) -> dict[str, Any]:
    row: dict[str, Any] = dict(ticket)
    return {name: row[name] for name in ("id", "no", "category", *_DUES)}
