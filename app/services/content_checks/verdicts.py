"""Verdicts: the strictest one of WeChat counts, until a person decides; what a person decided stands."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db
from app.enums import CheckReason, CheckState
from app.services import audit
from app.services.wechat import TextVerdict
from app.sql import Statement

STRICTNESS: Final = ["pass", "review", "risky"]
SILENT_AFTER: Final = timedelta(minutes=45)
_UNKNOWN_KEPT: Final = timedelta(days=1)
_BATCH_SIZE: Final = 100


async def store_verdict(verdict: TextVerdict) -> None:
    """Keep a pushed verdict until the check with its trace id takes it. Repeating it changes nothing."""
    await db.execute(
        _STORE,
        trace_id=verdict.trace_id,
        suggest=verdict.suggest,
        label=verdict.label,
        now=clock.now(),
    )


_STORE: Final = Statement("""
INSERT INTO content_verdict (trace_id, suggest, label, received_at) VALUES (:trace_id, :suggest, :label, :now)
ON CONFLICT DO NOTHING
""")


async def apply_stored() -> int:
    """Let checks take the verdicts that were pushed for them; return how many did."""
    rows = await db.execute(_SELECT_STORED, strictness=STRICTNESS, limit=_BATCH_SIZE)
    for row in rows:
        await judge(row["id"], TextVerdict(row["trace_id"], row["suggest"], row["label"]))
    return len(rows)


_SELECT_STORED: Final = Statement("""
SELECT DISTINCT ON (c.id) c.id, v.trace_id, v.suggest, v.label
FROM content_verdict v JOIN content_check c ON c.trace_id = v.trace_id
ORDER BY c.id, array_position(:strictness::text[], v.suggest) DESC LIMIT :limit
""")


async def judge(check_id: UUID, verdict: TextVerdict) -> None:
    """Record a verdict of WeChat, unless a stricter one is there. Those of the same trace are done with."""
    await db.execute(
        _JUDGE,
        check_id=check_id,
        trace_id=verdict.trace_id,
        suggest=verdict.suggest,
        label=verdict.label,
        strictness=STRICTNESS,
        now=clock.now(),
        **audit.entry_values(),
    )


_AUDIT_VERDICT: Final = audit.insert_entry(
    "content_checked",
    subject="ticket_id",
    source="judge",
    person="NULL::uuid",
    data="jsonb_build_object('check', id, 'trace_id', trace_id, 'suggest', suggest, 'label', label)",
)
_JUDGE: Final = Statement(f"""
WITH delete_verdict AS (
    DELETE FROM content_verdict WHERE trace_id = :trace_id
      AND array_position(:strictness::text[], suggest) <= array_position(:strictness::text[], :suggest::text)
), judge AS (
    UPDATE content_check SET trace_id = :trace_id, suggest = :suggest, label = :label::int, checked_at = :now, due_at = NULL,
        reason = NULL, state = CASE WHEN decided_at IS NULL THEN :suggest ELSE state END
    WHERE id = :check_id
      AND coalesce(array_position(:strictness::text[], suggest), 0) < array_position(:strictness::text[], :suggest::text)
    RETURNING *
), insert_audit AS ({_AUDIT_VERDICT})
SELECT id FROM judge
""")


async def settle(check_id: UUID, state: CheckState, reason: CheckReason | None) -> None:
    """End a check without a verdict of WeChat: by the list of words, or by handing it to a person."""
    await db.execute(
        _SETTLE, check_id=check_id, state=state, reason=reason, now=clock.now(), **audit.entry_values()
    )


_AUDIT_SETTLED: Final = audit.insert_entry(
    "content_held",
    subject="ticket_id",
    source="settle WHERE reason IS NOT NULL",
    person="NULL::uuid",
    data="jsonb_build_object('check', id, 'reason', reason)",
)
_SETTLE: Final = Statement(f"""
WITH settle AS (
    UPDATE content_check SET state = :state, reason = :reason::text, checked_at = :now, due_at = NULL
    WHERE id = :check_id AND state = 'pending' RETURNING *
), insert_audit AS ({_AUDIT_SETTLED})
SELECT id FROM settle
""")


async def hold_silent() -> int:
    """Hand to a person what has had no verdict in time; a late one still counts."""
    rows: list[Any] = await db.execute(
        _SELECT_SILENT, created_before=clock.now() - SILENT_AFTER, limit=_BATCH_SIZE
    )
    for row in rows:
        await settle(row["id"], CheckState.REVIEW, CheckReason.SILENT)
    return len(rows)


_SELECT_SILENT: Final = Statement("""
SELECT id FROM content_check WHERE state = 'pending' AND created_at < :created_before ORDER BY created_at LIMIT :limit
""")


async def sweep_verdicts() -> None:
    """Forget verdicts for trace ids that no check has."""
    await db.execute(_SWEEP, received_before=clock.now() - _UNKNOWN_KEPT)


_SWEEP: Final = Statement("DELETE FROM content_verdict WHERE received_at < :received_before")
