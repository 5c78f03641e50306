"""The delivery log of a webhook: listed, sent again, swept."""

import json
from datetime import timedelta
from typing import Final
from uuid import UUID

from app import clock, db, ids
from app.enums import DeliveryStatus
from app.errors import Conflict, NotFound
from app.labels import DELIVERY_STATUS
from app.models.webhook import DeliveryOut, DeliveryRow
from app.services.pagination import cursor_before, page_of
from app.services.webhooks.messages import message_body, message_id
from app.sql import Statement

RETENTION: Final = timedelta(days=30)
TEST_EVENT: Final = "webhook.test"
_SWEEP_BATCH: Final = 5000


async def delivery_page(
    webhook_id: UUID, limit: int, cursor: str | None
) -> tuple[list[DeliveryOut], str | None]:
    """Return one page of a webhook's deliveries of the last 30 days, newest first, and the cursor of the next page."""
    rows: list[DeliveryRow] = await db.execute(
        _SELECT_PAGE,
        webhook_id=webhook_id,
        before=cursor_before(cursor),
        oldest=ids.floor(clock.now() - RETENTION),
        limit=limit + 1,
    )
    page, next_cursor = page_of(rows, limit)
    return [_serialize(row) for row in page], next_cursor


_SELECT_PAGE: Final = Statement("""
SELECT * FROM delivery WHERE webhook_id = :webhook_id AND id < :before AND id >= :oldest ORDER BY id DESC LIMIT :limit
""")


def _serialize(row: DeliveryRow) -> DeliveryOut:
    final_state = DeliveryStatus.DELIVERED if row["delivered"] else DeliveryStatus.FAILED
    state = final_state if row["settled_at"] else DeliveryStatus.WAITING
    return DeliveryOut(
        id=row["id"],
        webhook_id_header=message_id(row["id"]),
        type=row["type"],
        ticket_id=row["ticket_id"],
        seq=row["seq"],
        state=state,
        state_name=DELIVERY_STATUS[state],
        attempts=row["attempts"],
        status=row["status"],
        error=row["error"],
        took_ms=row["took_ms"],
        created_at=row["created_at"],
        settled_at=row["settled_at"],
        next_at=None if row["settled_at"] else row["due_at"],
        body=json.loads(row["body"]),
    )


async def send_test(webhook_id: UUID) -> DeliveryOut:
    """Enqueue a test message to a webhook, whatever events it listens to. Raises Conflict while it is disabled."""
    now = clock.now()
    row: DeliveryRow | None = await db.execute_one(
        _INSERT_TEST,
        delivery_id=ids.new(),
        webhook_id=webhook_id,
        type=TEST_EVENT,
        body=message_body(TEST_EVENT, now, {"id": str(webhook_id)}),
        now=now,
    )
    if row is None:
        raise Conflict(_DISABLED)
    return _serialize(row)


_DISABLED: Final = "这个推送地址已停用，请先启用"
_INSERT_TEST: Final = Statement("""
INSERT INTO delivery (id, webhook_id, type, body, created_at, due_at)
SELECT :delivery_id, id, :type, :body, :now, :now
FROM webhook WHERE id = :webhook_id AND disabled_at IS NULL AND ended_at IS NULL RETURNING *
""")


async def redeliver(*, webhook_id: UUID, delivery_id: UUID) -> DeliveryOut:
    """Send a message again under its own id, with the full number of attempts.

    Raises NotFound for a delivery of another webhook, Conflict while the webhook is disabled.
    """
    if await db.execute_one(_EXISTS, webhook_id=webhook_id, delivery_id=delivery_id) is None:
        raise NotFound
    row: DeliveryRow | None = await db.execute_one(
        _RESET, webhook_id=webhook_id, delivery_id=delivery_id, now=clock.now()
    )
    if row is None:
        raise Conflict(_DISABLED)
    return _serialize(row)


_EXISTS: Final = Statement("SELECT FROM delivery WHERE webhook_id = :webhook_id AND id = :delivery_id")
_RESET: Final = Statement("""
UPDATE delivery d SET settled_at = NULL, delivered = false, attempts = 0, due_at = :now, gap = 0
FROM webhook w
WHERE d.webhook_id = :webhook_id AND d.id = :delivery_id AND w.id = :webhook_id AND w.disabled_at IS NULL RETURNING d.*
""")


async def clamp_deliveries() -> None:
    """Make deliveries due at once that are due later than `gap` seconds from now: the clock has been set back."""
    await db.execute(_CLAMP, now=clock.now())


_CLAMP: Final = Statement("""
UPDATE delivery SET due_at = :now, gap = 0
WHERE settled_at IS NULL AND due_at > :now::timestamptz + gap * interval '1 second'
""")


async def sweep_deliveries() -> int:
    """Delete a batch of deliveries that are older than 30 days or whose webhook has ended; return how many."""
    oldest = ids.floor(clock.now() - RETENTION)
    return len(await db.execute(_SWEEP, oldest=oldest, batch=_SWEEP_BATCH))


_SWEEP: Final = Statement("""
DELETE FROM delivery WHERE id IN (
    (SELECT id FROM delivery WHERE id < :oldest LIMIT :batch)
    UNION ALL
    (SELECT d.id FROM webhook w JOIN delivery d ON d.webhook_id = w.id WHERE w.ended_at IS NOT NULL LIMIT :batch)
) RETURNING 1
""")
