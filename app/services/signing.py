"""The secrets messages to webhooks are signed with: kept sealed, shown once, replaced with a day in which both count."""

import base64
import secrets
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict
from app.models.webhook import SecretOut
from app.rules.access import Actor
from app.services import audit, vault

OVERLAP: Final = timedelta(hours=24)  # both secrets sign, so that the receiver can change over
FORMER: Final = 3  # secrets that still sign beside the newest


def secret() -> str:
    """Return a new secret."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


async def newest(webhook_id: UUID) -> str:
    """Return the secret a webhook's receiver has, or is to have."""
    row = await db.fetchrow(
        "SELECT sealed FROM webhook_secret WHERE webhook_id = $1 AND ends_at IS NULL", webhook_id
    )
    assert row is not None, "every webhook has one"
    return vault.unseal(row["sealed"])


async def rotate(actor: Actor, webhook: Any) -> SecretOut:
    """Give a webhook a new secret; for a day messages bear both signatures. Conflict when too many still sign."""
    now, made = clock.now(), secret()
    said = (webhook["id"], now, now + OVERLAP, ids.new(), vault.seal(made), FORMER)
    row = await db.fetchrow(_ROTATE, *said, ids.new(), actor.person_id, audit.came_from.get())
    if row is None:
        raise Conflict("一天内更换得太多，旧的签名密钥还在使用，请过一天再换")
    return SecretOut(id=webhook["id"], secret=made, former_until=now + OVERLAP)


_ROTATE: Final = """
WITH meant AS (
    SELECT * FROM webhook w WHERE id = $1 AND ended_at IS NULL
      AND (SELECT count(*) FROM webhook_secret s WHERE s.webhook_id = w.id AND s.ends_at > $2) < $6
    FOR UPDATE
), former AS (
    UPDATE webhook_secret SET ends_at = $3 FROM meant WHERE webhook_id = meant.id AND ends_at IS NULL
), over AS (
    DELETE FROM webhook_secret USING meant WHERE webhook_id = meant.id AND ends_at <= $2
), made AS (
    INSERT INTO webhook_secret (id, webhook_id, sealed) SELECT $4, id, $5 FROM meant RETURNING webhook_id
), noted AS (
    INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
    SELECT $7, $2, 'webhook_rotated', $8, coalesce(organisation_id, place_id), $9, jsonb_build_object('webhook', id)
    FROM meant
)
SELECT webhook_id FROM made
"""
