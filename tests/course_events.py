"""Events of one ticket as the ledger has them, written by hand, and what a fold of them reads besides."""

from datetime import UTC, datetime
from typing import Any, Final

from app.enums import SHANGHAI
from app.rules.escalation import Clocks
from app.rules.figures.course import Surroundings
from app.rules.workdays import Clock
from tests.rules.calendars import CALENDAR

AROUND: Final = Surroundings({}, lambda *_: Clocks(Clock.ALWAYS, Clock.ALWAYS, Clock.ALWAYS, CALENDAR), {})


def moment(said: str) -> datetime:
    """Return a moment of Shanghai."""
    return datetime.fromisoformat(said).replace(tzinfo=SHANGHAI).astimezone(UTC)


def event(kind: str, at: datetime, part: str, **data: Any) -> dict[str, Any]:
    """Return an event."""
    return {"type": f"ticket.{kind}", "at": at, "part": part, "data": data}
