"""Rooms of a community: nothing else may use one at the same time."""

from datetime import datetime
from typing import Final

from app import db
from app.errors import Conflict
from app.rules.subjects import Subject
from app.sql import Statement


async def book(fetch: db.Fetch, activity: Subject, starts_at: datetime, ends_at: datetime) -> None:
    """Refuse a time at which another activity uses the room; the room is locked until the transaction ends.

    Ends and begins may meet: a room that is free at 15:00 may be used from 15:00. Raises Conflict.
    """
    if activity["venue"] is None:
        return
    name = f"{activity['community_id']} {activity['venue']}"
    await fetch(_LOCK.text, *_LOCK.arguments({"name": name}))
    taken = await fetch(
        _TAKEN.text,
        *_TAKEN.arguments(
            {
                "community_id": activity["community_id"],
                "venue": activity["venue"],
                "subject_id": activity["id"],
                "starts_at": starts_at,
                "ends_at": ends_at,
            }
        ),
    )
    if taken:
        raise Conflict(f"{activity['venue']}这段时间已经安排了“{taken[0]['title']}”，请换时间或换地方")


_LOCK: Final = Statement("SELECT pg_advisory_xact_lock(hashtextextended('venue ' || :name::text, 0))")
_TAKEN: Final = Statement("""
SELECT title FROM subject
WHERE kind = 'activity' AND community_id = :community_id AND venue = :venue AND id <> :subject_id AND ended_at IS NULL
  AND starts_at < :ends_at AND ends_at > :starts_at ORDER BY starts_at LIMIT 1
""")
