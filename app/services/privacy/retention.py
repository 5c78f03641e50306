"""Delete what is older than `rules.retention` allows: contact data, photos, months of the audit trail."""

from datetime import datetime
from typing import Final

from app import clock, db, log
from app.rules import retention, shifts
from app.services import duty, ledger, photos, places, schema
from app.sql import Statement

logger = log.get("retention")
BATCH: Final = 500


async def sweep_retention() -> int:
    """Delete a batch of what is due; return the number of tickets, opinions, photos, lines of turnout, encrypted words, rooms and shifts.

    Call again until it returns 0.
    """
    now = clock.now()
    tickets = await db.execute(ledger.ANONYMISE, ended_before=now - retention.CONTACT, limit=BATCH)
    opinions = await db.execute(ledger.ANONYMISE_SUBJECTS, ended_before=now - retention.CONTACT, limit=BATCH)
    removed = [
        row
        for statement in (ledger.DETACH_PHOTOS, ledger.DETACH_SUBJECT_PHOTOS)
        for row in await db.execute(statement, ended_before=now - retention.PHOTOS, limit=BATCH, now=now)
    ]
    turnout = await db.execute(_DELETE_TURNOUT, ended_before=now - retention.TURNOUT, limit=BATCH)
    encrypted = await db.execute(
        _DELETE_ENCRYPTED,
        ended_before=now - retention.REASON,
        filed_before=now - retention.DISPUTE,
        limit=BATCH,
    )
    await photos.clear_discarded()
    months = await schema.drop_months("audit", _month_before(now, retention.AUDIT_MONTHS))
    rooms = await places.clear_rooms(now - retention.ROOM, BATCH)
    planned = await duty.clear_shifts(now - shifts.KEPT, BATCH)
    if tickets or opinions or removed or turnout or encrypted or rooms or planned or months:
        logger.info(
            "kept_long_enough",
            contacts=len(tickets) + len(opinions),
            photos=len(removed),
            turnout=len(turnout),
            encrypted=len(encrypted),
            rooms=rooms,
            shifts=planned,
            audit_months=months,
        )
    return sum(map(len, (tickets, opinions, removed, turnout, encrypted))) + rooms + planned


# What was answered is sums, which stay.
_DELETE_TURNOUT: Final = Statement("""
DELETE FROM turnout WHERE (survey_id, household_id) IN (
    SELECT t.survey_id, t.household_id FROM turnout t JOIN subject s ON s.id = t.survey_id
    WHERE s.ends_at < :ended_before AND s.status <> 'draft' LIMIT :limit
) RETURNING survey_id
""")


# An agreement that the clock has ended has no moment of its end but that one.
_DELETE_ENCRYPTED: Final = Statement("""
WITH clear_name AS (
    UPDATE side x SET sealed = NULL FROM subject s
    WHERE s.id = x.subject_id AND x.sealed IS NOT NULL AND s.kind = 'dispute' AND s.ended_at < :filed_before
)
DELETE FROM encrypted_text WHERE id IN (
    SELECT x.id FROM encrypted_text x JOIN subject s ON s.id = x.subject_id
    WHERE s.kind = 'relationship' AND least(s.ended_at, s.ends_at) < :ended_before
       OR s.kind = 'dispute' AND s.ended_at < :filed_before LIMIT :limit
) RETURNING id
""")


def _month_before(now: datetime, months: int) -> tuple[int, int]:
    """Return year and month, `months` months before `now`. Everything before that month is old enough."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return year, month + 1
