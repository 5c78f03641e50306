"""A ticket's timeline: its events from the ledger, as one actor may see them."""

from typing import Any, Final
from uuid import UUID

from app import db
from app.services.content_checks import RESIDENT_PARTS
from app.services.pagination import bad_cursor, page_of
from app.services.tickets.event_lines import serialize_event
from app.services.tickets.serializers import serialize_photos
from app.services.tickets.view import TicketView, sees_internal
from app.services.tickets.visibility import sees_dissent, sees_photo, shows_photo
from app.sql import Statement

_EVENTS: Final = Statement("""
SELECT e.seq, e.type, e.at, e.part, e.person_id, e.data, r.seq IS NOT NULL AS has_text, r.text, coalesce(r.internal, false) AS internal,
       p.role, p.title, p.place_id AS unit_id, u.label AS unit, o.name AS organisation,
       CASE WHEN e.data ->> 'photos' IS NOT NULL
            THEN ARRAY(SELECT id FROM photo WHERE ticket_id IS NOT NULL AND id IN (
                SELECT value::uuid FROM json_array_elements_text(e.data -> 'photos'))) END AS photo_ids
FROM event e
LEFT JOIN remark r ON r.ticket_id = e.ticket_id AND r.seq = e.seq
LEFT JOIN post p ON p.id = e.post_id LEFT JOIN place u ON u.id = p.place_id
LEFT JOIN organisation o ON o.id = e.organisation_id
WHERE e.ticket_id = :ticket_id AND e.at >= :created_at AND e.seq > :after
  AND (:sees_internal OR NOT coalesce(r.internal, false)) AND (:sees_votes OR e.data ->> 'still_there' IS NULL)
ORDER BY e.seq LIMIT :limit
""")


async def timeline_page(
    view: TicketView, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of events, oldest first, and the cursor of the next page. Raises Invalid for a bad cursor."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise bad_cursor()
    rows = await db.execute(
        _EVENTS,
        ticket_id=view.ticket["id"],
        created_at=view.ticket["created_at"],
        after=int(cursor or 0),
        sees_internal=sees_internal(view),
        sees_votes=sees_dissent(view),
        limit=limit + 1,
    )
    page, next_cursor = page_of(rows, limit, lambda row: str(row["seq"]))
    return [_serialize_event(row, view) for row in page], next_cursor


def _serialize_event(row: Any, view: TicketView) -> dict[str, Any]:
    event = serialize_event(row, view)
    if photo_ids := _shown_photos(row, view):
        event["photos"] = serialize_photos(photo_ids)
    return event


def _shown_photos(row: Any, view: TicketView) -> list[UUID]:
    """Return an event's photos without those that were erased, are past retention, were taken back, or have not passed
    their check.
    """
    stored = row["photo_ids"] or ()
    photo_ids = map(UUID, row["data"]["photos"]) if stored else ()
    return [
        photo_id
        for photo_id in photo_ids
        if photo_id in stored
        and shows_photo(view, row["type"], photo_id)
        and _has_passed(row, photo_id, view)
    ]


def _has_passed(row: Any, photo_id: UUID, view: TicketView) -> bool:
    own = row["part"] not in RESIDENT_PARTS or row["person_id"] == view.actor.person_id
    return own or sees_photo(view, photo_id)
