"""Which checks an event needs: they are written when it is followed up, and nobody waits for them."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from app import ids
from app.enums import CheckKind, CheckReason, CheckState, Origin
from app.models.content_check import NewCheck
from app.models.event import EventRow
from app.rules.access import Part
from app.services import wechat
from app.services.content_checks import word_list

# Whose words and photos are checked. Offices and companies answer for theirs by name.
RESIDENT_PARTS: Final = frozenset({Part.REPORTER, Part.FOLLOWER})

# A CTE of the statement that follows events up.
insert_checks: Final = """
    INSERT INTO content_check (id, ticket_id, seq, kind, photo_id, state, reason, created_at, due_at)
    SELECT c.id, c.ticket_id, c.seq, c.kind, c.photo_id, c.state, c.reason, :now,
           CASE WHEN c.state = 'pending' THEN :now END
    FROM unnest(:check_id::uuid[], :check_ticket_id::uuid[], :check_seq::int[], :check_kind::text[],
                :check_photo_id::uuid[], :check_state::text[], :check_reason::text[])
         AS c(id, ticket_id, seq, kind, photo_id, state, reason)
"""


def build_checks(event: EventRow) -> Iterator[NewCheck]:
    """Yield the checks of what a resident wrote and photographed in an event; those that need no WeChat are decided."""
    of_report = event["type"] == "ticket.submitted"  # also of one that staff split from another
    if event["internal"] or not (of_report or event["part"] in RESIDENT_PARTS):
        return
    asks_wechat = event["known_to_wechat"] and wechat.is_configured()
    texts = {CheckKind.TEXT: event["text"]}
    if of_report:
        texts[CheckKind.NOTE] = event["place_note"]
    for kind, text in texts.items():
        if text:
            state, reason = (CheckState.PENDING, None) if asks_wechat else by_words(text)
            yield NewCheck(ids.new(), event["ticket_id"], event["seq"], kind, None, state, reason)
    for photo_id in event["data"].get("photos", ()):
        state, reason = (CheckState.PENDING, None) if asks_wechat else unasked_photo(event["origin"])
        yield NewCheck(
            ids.new(), event["ticket_id"], event["seq"], CheckKind.PHOTO, UUID(photo_id), state, reason
        )


def by_words(text: str) -> tuple[CheckState, CheckReason | None]:
    """Return what becomes of a text that WeChat does not check."""
    return (CheckState.REVIEW, CheckReason.WORDS) if word_list.has_banned(text) else (CheckState.PASSED, None)


def unasked_photo(origin: str) -> tuple[CheckState, CheckReason | None]:
    """Return what becomes of a photo that WeChat does not check: nobody known has taken one that another system sent."""
    return (CheckState.REVIEW, CheckReason.SENDER) if origin == Origin.OPEN311 else (CheckState.PASSED, None)
