"""Write the results of delivery attempts, and disable webhooks that are gone or keep failing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Final
from uuid import UUID

from app import clock, db, ids, log
from app.models.webhook import ClaimedDelivery
from app.services import audit, setup
from app.sql import Statement

logger = log.get("webhook_results")

DISABLE_AFTER: Final = timedelta(days=5)  # without one successful delivery


class ResultKind(StrEnum):
    """What becomes of a delivery after an attempt."""

    DELIVERED = "delivered"
    RETRY = "retry"  # it failed, and is due again after `retry_seconds`
    FAILED = "failed"  # it failed for the last time
    NOT_SENT = "not_sent"  # nothing was sent: it is due again at once, and the attempt does not count


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptResult:
    """The result of one attempt. `attempts` is its number, so that a late result does not overwrite a newer one's."""

    id: UUID
    webhook_id: UUID
    attempts: int
    kind: ResultKind
    retry_seconds: float = 0.0
    status: int | None = None
    error: str | None = None
    took_ms: int | None = None

    @property
    def failed(self) -> bool:
        """Whether the message was sent in vain."""
        return self.kind in {ResultKind.RETRY, ResultKind.FAILED}


def not_sent(delivery: ClaimedDelivery) -> AttemptResult:
    """Return the result of a claimed delivery that was not sent."""
    return AttemptResult(
        id=delivery["id"],
        webhook_id=delivery["webhook_id"],
        attempts=delivery["attempts"],
        kind=ResultKind.NOT_SENT,
    )


async def write_results(results: Sequence[AttemptResult]) -> None:
    """Write results in one statement. Disable webhooks that answered 410, or have failed for five days."""
    for webhook_id in {result.webhook_id for result in results if result.status == HTTPStatus.GONE}:
        await disable(webhook_id, "gone")
    succeeded = {result.webhook_id for result in results if result.kind is ResultKind.DELIVERED}
    failed = {result.webhook_id for result in results if result.failed} - succeeded
    now = clock.now()
    rows = await db.execute(
        _UPDATE_DELIVERIES,
        now=now,
        delivery_ids=[result.id for result in results],
        attempts=[result.attempts for result in results],
        kinds=[result.kind for result in results],
        retry_seconds=[result.retry_seconds for result in results],
        statuses=[result.status for result in results],
        errors=[result.error for result in results],
        took_ms=[result.took_ms for result in results],
        succeeded=list(succeeded),
        failed=list(failed),
        failing_before=now - DISABLE_AFTER,
    )
    for row in rows:
        await disable(row["id"], "failing")


# Returns the webhooks to disable.
_UPDATE_DELIVERIES: Final = Statement("""
WITH result AS (
    SELECT * FROM unnest(:delivery_ids::uuid[], :attempts::int[], :kinds::text[], :retry_seconds::float8[],
                         :statuses::int[], :errors::text[], :took_ms::int[])
        AS result(id, attempts, kind, retry_seconds, status, error, took_ms)
), update_delivery AS (
    UPDATE delivery d SET delivered = (r.kind = 'delivered'), gap = r.retry_seconds,
        settled_at = CASE WHEN r.kind IN ('delivered', 'failed') THEN :now::timestamptz END,
        due_at = CASE WHEN r.kind IN ('retry', 'not_sent')
                      THEN :now::timestamptz + r.retry_seconds * interval '1 second' ELSE d.due_at END,
        attempts = d.attempts - (r.kind = 'not_sent')::int,
        status = CASE WHEN r.kind = 'not_sent' THEN d.status ELSE r.status END,
        error = CASE WHEN r.kind = 'not_sent' THEN d.error ELSE r.error END,
        took_ms = CASE WHEN r.kind = 'not_sent' THEN d.took_ms ELSE r.took_ms END
    FROM result r
    WHERE d.id = r.id AND d.settled_at IS NULL AND (r.kind = 'delivered' OR d.attempts = r.attempts)
), clear_failing AS (
    UPDATE webhook SET failing_since = NULL WHERE id = ANY(:succeeded::uuid[]) AND failing_since IS NOT NULL
), set_failing AS (
    UPDATE webhook SET failing_since = :now WHERE id = ANY(:failed::uuid[]) AND failing_since IS NULL
)
SELECT id FROM webhook WHERE id = ANY(:failed::uuid[]) AND failing_since <= :failing_before AND disabled_at IS NULL
""")


async def disable(webhook_id: UUID, reason: str) -> None:
    """Disable a webhook once, with an audit entry, and notify those who can repair it. `reason`: gone or failing."""
    contacts = [row["person_id"] for row in await db.execute(_SELECT_CONTACTS, webhook_id=webhook_id)]
    disabled = await db.execute(
        _DISABLE,
        webhook_id=webhook_id,
        now=clock.now(),
        reason=reason,
        notice_ids=[ids.new() for _ in contacts],
        person_ids=contacts,
        **audit.entry_values(),
    )
    if disabled:
        logger.warning("webhook_disabled", webhook=str(webhook_id), why=reason)


_SELECT_CONTACTS: Final = Statement("""
SELECT DISTINCT p.person_id FROM webhook w JOIN post p ON p.organisation_id = w.organisation_id
    OR (p.place_id = w.place_id AND p.role IN ('community', 'street'))
WHERE w.id = :webhook_id AND p.ended_at IS NULL AND p.person_id IS NOT NULL
""")
_ENTRY: Final = audit.insert_entry(
    "webhook_disabled",
    person="NULL",
    subject="coalesce(organisation_id, place_id)",
    data="jsonb_build_object('webhook', id, 'why', :reason::text)",
    source="disable_webhook",
)
_DISABLE: Final = Statement(f"""
WITH disable_webhook AS (
    UPDATE webhook SET disabled_at = :now, disabled_for = :reason::text
    WHERE id = :webhook_id AND disabled_at IS NULL AND ended_at IS NULL RETURNING *
), bump_version AS ({setup.bump_version("FROM disable_webhook")}), insert_audit AS ({_ENTRY}), insert_notice AS (
    INSERT INTO notice (id, person_id, webhook_id, type, created_at)
    SELECT n.id, n.person_id, w.id, 'webhook.disabled', :now
    FROM disable_webhook w, unnest(:notice_ids::uuid[], :person_ids::uuid[]) n(id, person_id)
)
SELECT id FROM disable_webhook
""")
