"""Phone numbers verified by WeChat: stored as the person's own; vacant posts meant for the number become theirs."""

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from app import clock, db, ids, settings
from app.errors import TooMany
from app.models.person import PersonOut
from app.rules import phones
from app.rules.access import Actor
from app.services import audit, encryption, setup, wechat
from app.services.people import profile
from app.sql import Statement

MAX_ATTEMPTS: Final = 5  # per person in ATTEMPT_WINDOW: WeChat charges for each number
ATTEMPT_WINDOW: Final = timedelta(hours=1)


async def give_verified_phone(actor: Actor, code: str) -> PersonOut:
    """Store the number behind a code of WeChat's phone button, and bind the posts meant for it. Raises TooMany."""
    await _limit_attempts(actor)
    number = await wechat.phone_of(code)
    indexes = encryption.blind_indexes(number)
    values = {
        "actor_id": actor.person_id,
        "sealed": encryption.encrypt(number),
        "index": indexes[0],
        "indexes": indexes,
        "masked": phones.mask(number),
        "now": clock.now(),
        **audit.entry_values(),
    }
    async with db.transaction() as session:
        connection = await session.connection()
        await connection.execute(_LOCK_NUMBER, {"indexes": indexes})
        post_ids = (await connection.execute(_VACANT_POSTS, {"indexes": indexes})).scalars().all()
        posts = {"post_ids": post_ids, "post_audit_ids": [ids.new() for _ in post_ids]}
        await connection.execute(_VERIFY, values | posts)
    return await profile.read_profile(actor.person_id)


# Serialises persons who verify the same number, so that the second one sees which posts the first one got.
# While the key is rotated a number has two indexes; they are locked in one order.
_LOCK_NUMBER: Final = sa.text("""
SELECT pg_advisory_xact_lock(hashtextextended(encode(i, 'hex'), 0))
FROM (SELECT i FROM unnest(CAST(:indexes AS bytea[])) AS i ORDER BY i) AS ordered
""")

_VACANT_POSTS: Final = sa.text("""
SELECT id FROM post WHERE phone_index = ANY(CAST(:indexes AS bytea[])) AND person_id IS NULL AND ended_at IS NULL
""")

# A number is verified for one person only; whoever had it before keeps it as a contact number.
_VERIFY: Final = sa.text(f"""
WITH update_person AS (
    UPDATE person SET phone_sealed = :sealed, phone_index = :index, phone_masked = :masked, phone_verified = true,
        stamp = stamp + 1
    WHERE id = :actor_id AND erased_at IS NULL RETURNING id
), unverify_person AS (
    UPDATE person SET phone_verified = false FROM update_person u
    WHERE person.phone_index = ANY(CAST(:indexes AS bytea[])) AND person.phone_verified AND person.id <> u.id
), bind_post AS (
    UPDATE post SET person_id = u.id, invitation_digest = NULL, invitation_until = NULL
    FROM update_person u, unnest(CAST(:post_ids AS uuid[]), CAST(:post_audit_ids AS uuid[])) AS v(post_id, audit_id)
    WHERE post.id = v.post_id AND post.person_id IS NULL AND post.ended_at IS NULL
    RETURNING post.id, post.role, v.audit_id
), bump_version AS (
    {setup.bump_version()} WHERE EXISTS (SELECT FROM bind_post)
), insert_audit AS ({audit.insert_entry("phone_verified", subject="id", source="update_person")})
INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
SELECT audit_id, :now, 'post_bound', :actor_id, id, CAST(:address AS text),
       jsonb_build_object('role', role, 'person', CAST(:actor_id AS uuid)) FROM bind_post
""")


async def _limit_attempts(actor: Actor) -> None:
    if settings.get().rate_limits == "off":
        return
    attempts = await db.execute(
        _RECENT_ATTEMPTS,
        person_id=actor.person_id,
        since=clock.now() - ATTEMPT_WINDOW,
        limit=MAX_ATTEMPTS,
    )
    if len(attempts) >= MAX_ATTEMPTS:
        raise TooMany("验证手机号太频繁，请一小时后再试", retry_after=int(ATTEMPT_WINDOW.total_seconds()))


_RECENT_ATTEMPTS: Final = Statement(
    "SELECT FROM audit WHERE person_id = :person_id AND at > :since AND type = 'phone_verified' LIMIT :limit"
)
