"""Telling who signed up that an activity begins: within a day, and within an hour; for each time it is set to."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from app import clock, db, ids
from app.rules.notices import Group, end_of_night
from app.rules.subjects import IN_A_DAY, IN_AN_HOUR
from app.sql import Statement

_BATCH: Final = 500
# How long before the beginning each is told, and from when on no more.
_WINDOWS: Final[Mapping[str, tuple[timedelta, timedelta]]] = {
    IN_A_DAY: (timedelta(days=1), timedelta(hours=1)),
    IN_AN_HOUR: (timedelta(hours=1), timedelta(0)),
}


async def remind_attendees() -> int:
    """Write the notices that are due; return how many. Whoever wants quiet nights is told in the morning, or not at all."""
    now, written = clock.now(), 0
    for number, (event, (first, last)) in enumerate(_WINDOWS.items()):
        rows = await db.execute(
            _REMIND,
            now=now,
            is_night=end_of_night(now) > now,
            after=now + last,
            until=now + first,
            ahead=first if event == IN_A_DAY else timedelta(0),
            kinds=len(_WINDOWS),
            number=number,
            type=f"activity.{event}",
            mine=Group.MINE,
            ids=[ids.new() for _ in range(_BATCH)],
            limit=_BATCH,
        )
        written += len(rows)
    return written


# No event has a sequence below 1: one number for each version, which another time changes, and each reminder. Whoever
# signs up on the day itself needs no reminder of the day.
_REMIND: Final = Statement("""
WITH due AS (
    SELECT n.id AS person_id, s.id AS subject_id, -(s.version * :kinds::int + :number::int) AS seq,
           row_number() OVER () AS n
    FROM subject s JOIN attendance x ON x.subject_id = s.id AND x.status = 'signed_up' AND x.at <= s.starts_at - :ahead::interval
    JOIN person n ON n.id = x.person_id AND n.erased_at IS NULL AND NOT :mine::text = ANY (n.muted)
    WHERE s.kind = 'activity' AND s.status = 'published' AND s.starts_at > :after::timestamptz AND s.starts_at <= :until::timestamptz
      AND NOT (n.quiet_nights AND :is_night::bool)
      AND NOT EXISTS (SELECT FROM notice o WHERE o.person_id = n.id AND o.subject_id = s.id
                      AND o.seq = -(s.version * :kinds + :number))
    LIMIT :limit
)
INSERT INTO notice (id, person_id, subject_id, seq, type, created_at, visible_at)
SELECT t.id, d.person_id, d.subject_id, d.seq, :type, :now::timestamptz, :now
FROM due d JOIN unnest(:ids::uuid[]) WITH ORDINALITY t(id, n) USING (n)
ON CONFLICT (person_id, subject_id, seq) DO NOTHING RETURNING id
""")
