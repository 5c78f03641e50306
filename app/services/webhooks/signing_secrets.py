"""Secrets that sign messages: stored encrypted, shown once, and rotated with a day in which both are valid."""

import base64
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict
from app.models.webhook import SecretOut, WebhookRow
from app.rules.access import Actor
from app.services import audit, encryption
from app.sql import Statement

OVERLAP: Final = timedelta(hours=24)  # both secrets sign, so that the receiver can change over
MAX_FORMER: Final = 3  # secrets that still sign besides the current one


def generate_secret() -> str:
    """Return a new secret in the form of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


async def current_secret(webhook_id: UUID) -> str | None:
    """Return the newest secret of a webhook, None when the webhook has ended."""
    row = await db.execute_one(_SELECT_CURRENT, webhook_id=webhook_id)
    return encryption.decrypt(row["sealed"]) if row else None


_SELECT_CURRENT: Final = Statement(
    "SELECT sealed FROM webhook_secret WHERE webhook_id = :webhook_id AND ends_at IS NULL"
)


async def rotate_secret(actor: Actor, webhook: WebhookRow) -> SecretOut:
    """Give a webhook a new secret; messages bear both signatures for a day. Raises Conflict when too many still sign."""
    now, secret = clock.now(), generate_secret()
    row = await db.execute_one(
        _ROTATE,
        webhook_id=webhook["id"],
        now=now,
        former_until=now + OVERLAP,
        max_former=MAX_FORMER,
        secret_id=ids.new(),
        sealed=encryption.encrypt(secret),
        actor_id=actor.person_id,
        **audit.entry_values(),
    )
    if row is None:
        raise Conflict("一天内更换得太多，旧的签名密钥还在使用，请过一天再换")
    return SecretOut(id=webhook["id"], secret=secret, former_until=now + OVERLAP)


_ENTRY: Final = audit.insert_entry(
    "webhook_rotated",
    subject="coalesce(organisation_id, place_id)",
    data="jsonb_build_object('webhook', id)",
    source="lock_webhook",
)
_ROTATE: Final = Statement(f"""
WITH lock_webhook AS (
    SELECT * FROM webhook w WHERE id = :webhook_id AND ended_at IS NULL
      AND (SELECT count(*) FROM webhook_secret s WHERE s.webhook_id = w.id AND s.ends_at > :now) < :max_former
    FOR UPDATE
), end_current AS (
    UPDATE webhook_secret SET ends_at = :former_until FROM lock_webhook w WHERE webhook_id = w.id AND ends_at IS NULL
), delete_expired AS (
    DELETE FROM webhook_secret USING lock_webhook w WHERE webhook_id = w.id AND ends_at <= :now
), insert_secret AS (
    INSERT INTO webhook_secret (id, webhook_id, sealed) SELECT :secret_id, id, :sealed FROM lock_webhook RETURNING webhook_id
), insert_audit AS ({_ENTRY})
SELECT webhook_id FROM insert_secret
""")
