"""A phone number WeChat vouches for: kept as one's own, and the posts waiting for it become one's own with it."""

from datetime import timedelta
from typing import Final

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
    waiting = [row["id"] for row in await db.fetch(_WAITING, index)]
    await db.fetch(
        _KEEP,
        *(actor.person_id, vault.seal(number), index, phones.masked(number)),
        *(clock.now(), ids.new(), audit.came_from.get()),
        *(waiting, [ids.new() for _ in waiting]),
    )
    return await people.profile(actor.person_id)


_WAITING: Final = "SELECT id FROM post WHERE phone_index = $1 AND person_id IS NULL AND ended_at IS NULL"

# A number is one person's: whoever had it before keeps it as a contact. A vacant post meant for it needs no code any more.
_KEEP: Final = """
WITH mine AS (
    UPDATE person SET phone_sealed = $2, phone_index = $3, phone_masked = $4, phone_verified = true, stamp = stamp + 1
    WHERE id = $1 AND erased_at IS NULL RETURNING id
), others AS (
    UPDATE person SET phone_verified = false FROM mine
    WHERE person.phone_index = $3 AND person.phone_verified AND person.id <> mine.id
), bound AS (
    UPDATE post SET person_id = mine.id, invitation_digest = NULL, invitation_until = NULL
    FROM mine, unnest($8::uuid[], $9::uuid[]) AS w(post_id, audit_id)
    WHERE post.id = w.post_id AND post.phone_index = $3 AND post.person_id IS NULL AND post.ended_at IS NULL
    RETURNING post.id, post.role, w.audit_id
), renewed AS (
    UPDATE setup SET version = version + 1 WHERE EXISTS (SELECT FROM bound)
)
INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
SELECT $6::uuid, $5::timestamptz, 'phone_verified', id, id, $7::text, NULL::jsonb FROM mine
UNION ALL
SELECT audit_id, $5, 'post_bound', $1, id, $7, jsonb_build_object('role', role, 'person', $1) FROM bound
"""


async def _refuse_hurry(actor: Actor) -> None:
    if settings.get().rate_limits == "off":
        return
    asked = await db.fetch(
        "SELECT FROM audit WHERE person_id = $1 AND at > $2 AND type = 'phone_verified' LIMIT $3",
        *(actor.person_id, clock.now() - WINDOW, TRIES),
    )
    if len(asked) >= TRIES:
        raise TooMany("验证手机号太频繁，请一小时后再试", retry_after=int(WINDOW.total_seconds()))
