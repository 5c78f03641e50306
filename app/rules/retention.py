"""How long personal data is kept, as the privacy guide promises."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from app.rules.statuses import ENDED

# After a ticket has ended:
CONTACT: Final = timedelta(days=180)  # name and phone, for everybody but the reporter
PARTNER_CONTACT: Final = timedelta(days=7)  # the same for the organisation it was dispatched to
PHOTOS: Final = timedelta(days=365)

RESERVATION_NAME: Final = timedelta(
    days=180
)  # whose a reservation was, after its end; for a company PARTNER_CONTACT

TURNOUT: Final = timedelta(days=365)  # who has answered a survey, after its end
REASON: Final = timedelta(days=180)  # why a household had somebody who looked after it, after that has ended
DISPUTE: Final = timedelta(days=3 * 365)  # what was said in a mediation and agreed on, after it was filed
ROOM: Final = timedelta(days=1)  # a door number where nobody lives, after it was first named

AUDIT_MONTHS: Final = 36
UNSEALING_ACCESS: Final = timedelta(hours=24)  # how long the two who opened an anonymous report may look
UNSEALING_REQUEST_LIFETIME: Final = timedelta(days=7)  # without a decision


def ended_at(ticket: Mapping[str, Any]) -> datetime | None:
    """Return when a ticket ended, None while it is open."""
    if ticket["status"] not in ENDED:
        return None
    moment: datetime = ticket["closed_at"] or ticket["rejected_at"] or ticket["updated_at"]
    return moment
