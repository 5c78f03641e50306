"""Telling whom a dispute concerns of its days, each once: the last for the court, and that of the return visit."""

from datetime import datetime, timedelta
from typing import Any, Final

from app import clock, db, ids
from app.enums import SHANGHAI
from app.rules.disputes import COURT_REMINDER_DAYS
from app.rules.notices import end_of_night
from app.rules.subjects import COURT_SOON, VISIT_DUE
from app.sql import Statement

_BATCH: Final = 200


async def remind_of_disputes() -> int:
    """Write the notices that are due; return how many. They name a day, never what the dispute is about."""
    now = clock.now()
    written = 0
    for kind, roles, rows in (
        (
            COURT_SOON,
            ["party"],
            await db.execute(_COURT, now=now, ahead=timedelta(days=COURT_REMINDER_DAYS + 1)),
        ),
        (VISIT_DUE, ["mediator", "studio"], await db.execute(_VISIT, now=now)),
    ):
        if rows:
            written += await _tell(kind, roles, rows, now)
    return written


async def _tell(kind: str, roles: list[str], rows: list[Any], now: datetime) -> int:
    told = await db.execute(
        _TELL,
        now=now,
        end_of_night=end_of_night(now),
        type=f"dispute.{kind}",
        roles=roles,
        subject_ids=[row["id"] for row in rows],
        days=[_last_day(row["until"]) for row in rows],
        ids=[ids.new() for _ in range(_BATCH)],
        seq=_SEQ[kind],
        limit=_BATCH,
    )
    return len(told)


def _last_day(until: datetime) -> str:
    """Return the day that ends at a moment."""
    return str((until - timedelta(seconds=1)).astimezone(SHANGHAI).date())


_SEQ: Final = {COURT_SOON: -1, VISIT_DUE: -2}  # no event has a sequence below 1
_COURT: Final = Statement("""
SELECT id, ends_at AS until FROM subject
WHERE kind = 'dispute' AND status IN ('settled', 'breached') AND ends_at > :now::timestamptz AND ends_at <= :now + :ahead::interval
""")
_VISIT: Final = Statement("""
SELECT id, due_at AS until FROM subject
WHERE kind = 'dispute' AND ended_at IS NULL AND due_at <= :now::timestamptz + interval '1 day'
""")
_TELL: Final = Statement("""
WITH told AS (
    SELECT DISTINCT s.id AS subject_id, s.day, n.id AS person_id, n.quiet_nights
    FROM unnest(:subject_ids::uuid[], :days::text[]) s(id, day)
    JOIN side x ON x.subject_id = s.id AND x.left_at IS NULL AND x.role = ANY(:roles::text[])
    LEFT JOIN post p ON p.organisation_id = x.organisation_id AND p.ended_at IS NULL
    JOIN person n ON n.id = coalesce(x.person_id, p.person_id) AND n.erased_at IS NULL
    WHERE NOT EXISTS (SELECT FROM notice o WHERE o.person_id = n.id AND o.subject_id = s.id AND o.seq = :seq::int)
    LIMIT :limit
), numbered AS (SELECT *, row_number() OVER () AS n FROM told)
INSERT INTO notice (id, person_id, subject_id, seq, type, data, created_at, visible_at)
SELECT t.id, d.person_id, d.subject_id, :seq, :type, jsonb_build_object('day', d.day), :now::timestamptz,
       CASE WHEN d.quiet_nights THEN greatest(:now, :end_of_night::timestamptz) ELSE :now END
FROM numbered d JOIN unnest(:ids::uuid[]) WITH ORDINALITY t(id, n) USING (n)
ON CONFLICT (person_id, subject_id, seq) DO NOTHING RETURNING id
""")
