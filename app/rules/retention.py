"""How long what is kept; from the office's promises on personal information."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from app.words import Status

# After a ticket has ended: name and phone, for everybody but the reporter.
CONTACT: Final = timedelta(days=180)
PARTNER_CONTACT: Final = timedelta(days=7)  # the same for the company it was dispatched to
PHOTOS: Final = timedelta(days=365)  # after a ticket has ended
AUDIT_MONTHS: Final = 36
UNSEALED: Final = timedelta(hours=24)  # the two who opened an anonymous report may look so long
UNSEALING_WAITS: Final = timedelta(days=7)  # for the second person

ENDED: Final = frozenset({Status.CLOSED, Status.REJECTED, Status.MERGED})


def ended(ticket: Mapping[str, Any]) -> datetime | None:
    """Return when a ticket ended, None while it is open."""
    if ticket["status"] not in ENDED:
        return None
    moment: datetime = ticket["closed_at"] or ticket["rejected_at"] or ticket["updated_at"]
    return moment
