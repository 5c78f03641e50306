"""Which events change a ticket's course. The last of them is stored with the ticket and stands on top of it."""

from datetime import datetime
from typing import Any, Final, NotRequired, TypedDict

# Events beside a ticket's course: its submission, what people say to it, and what the timer only notifies of.
_BESIDE: Final = frozenset({"submitted", "edited", "commented", "split", "urged", "reminded", "overdue"})


class Latest(TypedDict):
    """The last event that changed a ticket's course, as JSON has it: ids and codes, nothing that has to be erased.

    `role`, `title` and `unit` are those of the post that acted, `organisation` its organisation.
    """

    seq: int
    at: str  # RFC 3339
    type: str
    part: str
    role: str | None
    title: NotRequired[str | None]  # absent from acts before there were titles
    unit: str | None
    organisation: str | None
    data: dict[str, Any]


def changes_course(event: str) -> bool:
    """Tell whether an event, by its type, changes the course of its ticket."""
    return event.removeprefix("ticket.") not in _BESIDE


def happened_at(latest: Latest) -> datetime:
    """Return the time of the event."""
    return datetime.fromisoformat(latest["at"])
