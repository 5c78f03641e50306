"""Invitations: a vacant post and the one-time code that binds it to whoever redeems it."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import clock, db, ids, settings
from app.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from app.models.person import PersonOut
from app.rules.access import GRID_ROLES, Actor
from app.services import audit, ledger, people
from app.services.catalogue import post_label
from app.services.once import REMEMBERED
from app.words import LEVEL, ROLE, Level, Role

LIVES: Final = timedelta(days=7)
LENGTH: Final = 10
_TRIES, _WINDOW = 10, timedelta(hours=1)

# At which level of place a role is held.
HELD_AT: Final[dict[Role, frozenset[Level]]] = {
    **dict.fromkeys(GRID_ROLES, frozenset({Level.GRID})),
    Role.COMMUNITY: frozenset({Level.COMMUNITY}),
    Role.STREET: frozenset({Level.STREET}),
    Role.AUDITOR: frozenset({Level.STREET, Level.COMMUNITY}),
    Role.ADMIN: frozenset({Level.STREET, Level.COMMUNITY}),
}


class Invitation(NamedTuple):
    """A code to hand over, and what it is for."""

    code: str
    label: str


async def invite_by_name(role: str, place: str | None, organisation: str | None) -> Invitation:
    """Invite somebody to a post named as people name it."""
    if role not in set(Role):
        raise Invalid(f"没有“{role}”这个角色，可用的有：{'、'.join(Role)}")
    if role == Role.AGENT:
        row = await _one("organisation", "name", organisation, "--organisation")
        return await invite(Role.AGENT, row["name"], organisation_id=row["id"])
    row = await _one("place", "label", place, "--place")
    if Level(row["level"]) not in HELD_AT[Role(role)]:
        levels = "、".join(LEVEL[level] for level in sorted(HELD_AT[Role(role)]))
        raise Invalid(f"{ROLE[Role(role)]}要设在{levels}，“{row['label']}”不是")
    return await invite(Role(role), row["label"], place_id=row["id"])


async def _one(table: str, shown: str, name: str | None, option: str) -> Any:
    if not name:
        raise Invalid(f"请用 {option} 说明在哪里")
    there = " AND ended_at IS NULL" if table == "place" else ""
    rows = await db.fetch(
        f"SELECT * FROM {table} WHERE (code = $1 OR name = $1 OR {shown} = $1){there} LIMIT 10", name
    )
    if not rows:
        raise NotFound(f"没有找到“{name}”")
    if len(rows) > 1:
        raise Conflict(f"叫“{name}”的不止一处，请用编号：{'、'.join(row['code'] for row in rows)}")
    return rows[0]


async def invite(
    role: Role, unit: str, *, place_id: UUID | None = None, organisation_id: UUID | None = None
) -> Invitation:
    """Make a vacant post and return its one-time code."""
    post_id = await make(role, place_id, organisation_id)
    return Invitation(code_of(post_id), post_label(role, unit))


async def make(
    role: Role,
    place_id: UUID | None,
    organisation_id: UUID | None,
    *,
    by: UUID | None = None,
    key: ledger.Key | None = None,
) -> UUID:
    """Make a vacant post whose code is good for a week, once per key; the command line invites by nobody.

    Raises NotFound for a grid that is no more.
    """
    post_id, now = ids.new(), clock.now()
    under = (by, key and key.key, key and key.digest, now)
    made = (post_id, role, place_id, organisation_id, digest(code_of(post_id)), now + LIVES)
    if not await db.fetch(_INVITE, *under, *made, ids.new(), audit.came_from.get()):
        raise NotFound
    return post_id


# The setup's row first, as whoever cuts grids anew takes it; then the place as it is after them.
_INVITE: Final = f"""
WITH renewed AS (
    UPDATE setup SET version = version + 1 RETURNING version
), made AS (
    INSERT INTO post (id, role, place_id, organisation_id, created_at, invitation_digest, invitation_until)
    SELECT $5, $6::text, $7, $8, $4, $9, $10 FROM renewed
    WHERE $7::uuid IS NULL OR EXISTS (
        SELECT FROM place WHERE id = $7 AND ended_at IS NULL AND renewed.version > 0 FOR SHARE)
    RETURNING id
), remembered AS ({REMEMBERED})
INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
SELECT $11, $4, 'invited', $1, id, $12, jsonb_build_object('role', $6::text) FROM made RETURNING id
"""


def code_of(post_id: UUID) -> str:
    """Return the code of a vacant post: the same for the same post, so that a lost answer can be repeated."""
    drawn = hmac.digest(settings.get().key("secret"), b"invitation" + post_id.bytes, hashlib.sha256)
    return ids.spelled(int.from_bytes(drawn, "big"), LENGTH)


def digest(code: str) -> bytes:
    return hashlib.sha256(code.strip().upper().encode()).digest()


async def redeem(actor: Actor, code: str) -> PersonOut:
    """Bind an invited post to the caller; a code works once, one meant for a phone only with that phone."""
    await _refuse_guessing(actor)
    now = clock.now()
    row = await db.fetchrow(_REDEEM, actor.person_id, digest(code), now, ids.new(), audit.came_from.get())
    if row is None:
        await audit.note("invitation_failed", person_id=actor.person_id)
        if await db.fetch(_MEANT, digest(code), now):
            raise Forbidden("这个邀请码是发给另一个手机号的，请先填写收到邀请的手机号，再来接受")
        raise NotFound("邀请码无效或已过期，请向邀请人再要一个")
    return await people.profile(actor.person_id)


_REDEEM: Final = """
WITH bound AS (
    UPDATE post SET person_id = $1, invitation_digest = NULL, invitation_until = NULL
    WHERE invitation_digest = $2 AND invitation_until > $3 AND person_id IS NULL AND ended_at IS NULL
      AND EXISTS (SELECT FROM person n WHERE n.id = $1 AND n.erased_at IS NULL
                  AND (post.phone_index IS NULL OR post.phone_index = n.phone_index)) RETURNING id
), stamped AS (
    UPDATE person SET stamp = stamp + 1 FROM bound WHERE person.id = $1
), renewed AS (
    UPDATE setup SET version = version + 1 FROM bound
), noted AS (
    INSERT INTO audit (id, at, type, person_id, subject_id, address)
    SELECT $4, $3, 'invitation_redeemed', $1, id, $5 FROM bound
)
SELECT id FROM bound
"""

_MEANT: Final = """
SELECT FROM post WHERE invitation_digest = $1 AND invitation_until > $2 AND person_id IS NULL AND ended_at IS NULL
"""


async def _refuse_guessing(actor: Actor) -> None:
    failed = await db.fetch(
        "SELECT FROM audit WHERE person_id = $1 AND at > $2 AND type = 'invitation_failed' LIMIT $3",
        actor.person_id,
        clock.now() - _WINDOW,
        _TRIES,
    )
    if len(failed) >= _TRIES:
        raise TooMany("试了太多次，请一小时后再试", retry_after=int(_WINDOW.total_seconds()))
