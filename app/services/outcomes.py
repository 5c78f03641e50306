"""What became of messages, written together; and what follows for a webhook nothing gets through to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids, log

logger = log.get("outcomes")

FAILING: Final = timedelta(days=5)  # without one message through, a webhook is switched off


class Became(StrEnum):
    DELIVERED = "delivered"
    AGAIN = "again"  # tried in vain, to be tried again after `wait`
    FAILED = "failed"  # tried in vain for the last time
    RETURNED = "returned"  # not tried


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt. `attempts`: the number it bears, so that a late answer does not undo a newer one."""

    id: UUID
    webhook_id: UUID
    attempts: int
    became: Became
    wait: float = 0.0
    status: int | None = None
    error: str | None = None
    took_ms: int | None = None

    @property
    def failed(self) -> bool:
        """Whether it was tried in vain."""
        return self.became in {Became.AGAIN, Became.FAILED}


def returned(message: Any) -> Outcome:
    """Return the outcome of a message nobody tried to send."""
    return Outcome(message["id"], message["webhook_id"], message["attempts"], Became.RETURNED)


async def write(outcomes: Sequence[Outcome]) -> None:
    """Write outcomes in one statement; switch off the webhooks that are gone, or have failed for five days."""
    for webhook_id in {one.webhook_id for one in outcomes if one.status == 410}:
        await disable(webhook_id, "gone")
    well = {one.webhook_id for one in outcomes if one.became is Became.DELIVERED}
    ill = {one.webhook_id for one in outcomes if one.failed} - well
    now = clock.now()
    names = ("id", "attempts", "became", "wait", "status", "error", "took_ms")
    columns = [[getattr(one, name) for one in outcomes] for name in names]
    rows = await db.fetch(_WRITE, now, *columns, list(well), list(ill), now - FAILING)
    for row in rows:
        await disable(row["id"], "failing")


_WRITE: Final = """
WITH came AS (
    SELECT * FROM unnest($2::uuid[], $3::int[], $4::text[], $5::float8[], $6::int[], $7::text[], $8::int[])
        AS came(id, attempts, became, wait, status, error, took_ms)
), written AS (
    UPDATE delivery d SET delivered = (became = 'delivered'), gap = wait,
        settled_at = CASE WHEN became IN ('delivered', 'failed') THEN $1::timestamptz END,
        due_at = CASE WHEN became IN ('again', 'returned') THEN $1::timestamptz + wait * interval '1 second' ELSE d.due_at END,
        attempts = d.attempts - (became = 'returned')::int,
        status = CASE WHEN became = 'returned' THEN d.status ELSE came.status END,
        error = CASE WHEN became = 'returned' THEN d.error ELSE came.error END,
        took_ms = CASE WHEN became = 'returned' THEN d.took_ms ELSE came.took_ms END
    FROM came WHERE d.id = came.id AND d.settled_at IS NULL AND (became = 'delivered' OR d.attempts = came.attempts)
), well AS (
    UPDATE webhook SET failing_since = NULL WHERE id = ANY($9::uuid[]) AND failing_since IS NOT NULL
), ill AS (
    UPDATE webhook SET failing_since = $1 WHERE id = ANY($10::uuid[]) AND failing_since IS NULL
)
SELECT id FROM webhook WHERE id = ANY($10::uuid[]) AND failing_since <= $11 AND disabled_at IS NULL
"""


async def disable(webhook_id: UUID, why: str) -> None:
    """Switch a webhook off, once, with an audit entry, and tell those who can put it right."""
    people = [row["person_id"] for row in await db.fetch(_PEOPLE, webhook_id)]
    said = (webhook_id, clock.now(), why, ids.new(), [ids.new() for _ in people], people)
    if await db.fetch(_DISABLE, *said):
        logger.warning("webhook_disabled", webhook=str(webhook_id), why=why)


_PEOPLE: Final = """
SELECT DISTINCT p.person_id FROM webhook w JOIN post p ON p.organisation_id = w.organisation_id
    OR (p.place_id = w.place_id AND p.role IN ('community', 'street'))
WHERE w.id = $1 AND p.ended_at IS NULL AND p.person_id IS NOT NULL
"""
_DISABLE: Final = """
WITH off AS (
    UPDATE webhook SET disabled_at = $2, disabled_for = $3::text
    WHERE id = $1 AND disabled_at IS NULL AND ended_at IS NULL RETURNING *
), renewed AS (
    UPDATE setup SET version = version + 1 FROM off
), noted AS (
    INSERT INTO audit (id, at, type, subject_id, data)
    SELECT $4, $2, 'webhook_disabled', coalesce(organisation_id, place_id), jsonb_build_object('webhook', id, 'why', $3::text)
    FROM off
), told AS (
    INSERT INTO notice (id, person_id, webhook_id, type, created_at)
    SELECT n.id, n.person_id, off.id, 'webhook.disabled', $2 FROM off, unnest($5::uuid[], $6::uuid[]) n(id, person_id)
)
SELECT id FROM off
"""
