"""A phone number WeChat vouches for: kept as one's own, and the posts waiting for it become one's own with it."""

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from app import clock, db, ids, settings
from app.errors import TooMany
from app.models.person import PersonOut
from app.rules import phones
from app.rules.access import Actor
from app.services import audit, people, vault, wechat

TRIES, WINDOW = 5, timedelta(hours=1)  # WeChat is paid for each number it tells


async def give_phone(actor: Actor, code: str) -> PersonOut:
    """Keep the number behind a code of WeChat's phone button. TooMany: asked for too often within the hour."""
    await _refuse_hurry(actor)
    number = await wechat.phone_of(code)
    index = vault.index(number)
    values = {
        "id": actor.person_id,
        "sealed": vault.seal(number),
        "index": index,
        "masked": phones.masked(number),
        "now": clock.now(),
        "audit_id": ids.new(),
        "address": audit.came_from.get(),
    }
    async with db.transaction() as session:
        connection = await session.connection()
        await connection.execute(_ONE_BY_ONE, {"index": index})
        waiting = (await connection.execute(_WAITING, {"index": index})).scalars().all()
        posts = {"posts": waiting, "audit_ids": [ids.new() for _ in waiting]}
        await connection.execute(_KEEP, values | posts)
    return await people.profile(actor.person_id)


# Two who come with one number wait for each other, so that the second sees what the first was given.
_ONE_BY_ONE: Final = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(encode(:index, 'hex'), 0))")

_WAITING: Final = sa.text(
    "SELECT id FROM post WHERE phone_index = :index AND person_id IS NULL AND ended_at IS NULL"
)

# A number is one person's: whoever had it before keeps it as a contact. A vacant post meant for it needs no code any more.
_KEEP: Final = sa.text("""
WITH mine AS (
    UPDATE person SET phone_sealed = :sealed, phone_index = :index, phone_masked = :masked, phone_verified = true,
        stamp = stamp + 1
    WHERE id = :id AND erased_at IS NULL RETURNING id
), others AS (
    UPDATE person SET phone_verified = false FROM mine
    WHERE person.phone_index = :index AND person.phone_verified AND person.id <> mine.id
), bound AS (
    UPDATE post SET person_id = mine.id, invitation_digest = NULL, invitation_until = NULL
    FROM mine, unnest(CAST(:posts AS uuid[]), CAST(:audit_ids AS uuid[])) AS w(post_id, audit_id)
    WHERE post.id = w.post_id AND post.person_id IS NULL AND post.ended_at IS NULL
    RETURNING post.id, post.role, w.audit_id
), renewed AS (
    UPDATE setup SET version = version + 1 WHERE EXISTS (SELECT FROM bound)
)
INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
SELECT CAST(:audit_id AS uuid), CAST(:now AS timestamptz), 'phone_verified', id, id, CAST(:address AS text), NULL::jsonb
FROM mine
UNION ALL
SELECT audit_id, CAST(:now AS timestamptz), 'post_bound', CAST(:id AS uuid), id, CAST(:address AS text),
       jsonb_build_object('role', role, 'person', CAST(:id AS uuid)) FROM bound
""")


async def _refuse_hurry(actor: Actor) -> None:
    if settings.get().rate_limits == "off":
        return
    asked = await db.fetch(
        "SELECT FROM audit WHERE person_id = $1 AND at > $2 AND type = 'phone_verified' LIMIT $3",
        *(actor.person_id, clock.now() - WINDOW, TRIES),
    )
    if len(asked) >= TRIES:
        raise TooMany("验证手机号太频繁，请一小时后再试", retry_after=int(WINDOW.total_seconds()))
