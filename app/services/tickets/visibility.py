"""What a caller may see of a ticket: its reporter, free text unmasked, unchecked content, the votes of its followers."""

from typing import Any, Final
from uuid import UUID

from app import clock
from app.enums import CheckKind
from app.rules import retention
from app.rules.access import SEES_DISSENT, SEES_EDITED_AWAY, SEES_REPORTER, SEES_UNMASKED, Part
from app.services import content_checks
from app.services.tickets.view import TicketView

_REPORT_EVENTS: Final = {
    "ticket.submitted",
    "ticket.edited",
}  # their words and photos are those of the report


def sees_reporter(view: TicketView) -> bool:
    """Tell whether the caller may know who reported. Of an anonymous report only the reporter may."""
    if Part.REPORTER in view.parts:
        return True
    if view.ticket["anonymous"] or SEES_REPORTER.isdisjoint(view.parts):
        return False
    return not _contact_period_over(view)


def sees_dissent(view: TicketView) -> bool:
    """Tell whether the caller may see how many followers voted that the problem persists."""
    return not SEES_DISSENT.isdisjoint(view.parts)


def sees_unmasked(view: TicketView) -> bool:
    """Tell whether the caller may read free text without its phone and identity numbers masked."""
    return not SEES_UNMASKED.isdisjoint(view.parts) and not _contact_period_over(view)


def shows_photo(view: TicketView, event_type: str, photo_id: UUID) -> bool:
    """Tell whether the caller still sees a photo of an event they may read: one that its reporter has edited away only
    as staff, who may have acted on it.
    """
    edited_away = event_type in _REPORT_EVENTS and photo_id not in view.ticket["photo_ids"]
    return not edited_away or _sees_edited_away(view)


def shows_text(view: TicketView, event: Any) -> bool:
    """Tell whether the caller still sees the text of an event: an earlier one of the report only as staff."""
    edited_away = event["type"] in _REPORT_EVENTS and event["text"] not in {None, view.ticket["description"]}
    return not edited_away or _sees_edited_away(view)


def _sees_edited_away(view: TicketView) -> bool:
    return not SEES_EDITED_AWAY.isdisjoint(view.parts)


def sees_unchecked(view: TicketView) -> bool:
    """Tell whether the caller may see what has not passed its check: whoever is more to the ticket than a neighbour."""
    return set(view.parts) != {Part.FOLLOWER}


def sees_text(view: TicketView, kind: CheckKind, seq: int | None) -> bool:
    """Tell whether the caller may see a text of a resident, by the event that brought it."""
    return sees_unchecked(view) or content_checks.text_key(kind, seq) in (view.ticket.get("passed") or ())


def sees_photo(view: TicketView, photo_id: UUID) -> bool:
    """Tell whether the caller may see a photo of a resident."""
    return sees_unchecked(view) or content_checks.photo_key(photo_id) in (view.ticket.get("passed") or ())


def _contact_period_over(view: TicketView) -> bool:
    """Tell whether the ticket ended so long ago that only the reporter may still see name and phone."""
    ended = retention.ended_at(view.ticket)
    if ended is None or Part.REPORTER in view.parts:
        return False
    only_partner = set(view.parts) & SEES_REPORTER == {Part.PARTNER}
    period = retention.PARTNER_CONTACT if only_partner else retention.CONTACT
    return clock.now() > ended + period
