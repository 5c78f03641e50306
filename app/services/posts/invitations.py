"""Invitations: a vacant post and the one-time code that binds it to the person who redeems it."""

import hashlib
import hmac
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from app import clock, db, ids, settings
from app.enums import Level, Role
from app.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from app.labels import LEVEL, ROLE
from app.models.person import PersonOut
from app.rules.access import GRID_ROLES, Actor
from app.rules.titles import NamedPost
from app.services import audit, idempotency, people, setup
from app.services.posts.stand_ins import tell_stand_ins
from app.sql import Statement

INVITATION_LIFETIME: Final = timedelta(days=7)
CODE_LENGTH: Final = 10
MAX_FAILURES: Final = 10  # wrong codes per person in FAILURE_WINDOW
FAILURE_WINDOW: Final = timedelta(hours=1)

# The levels of place at which a role can be held.
ROLE_LEVELS: Final[dict[Role, frozenset[Level]]] = {
    **dict.fromkeys(GRID_ROLES, frozenset({Level.GRID})),
    Role.COMMUNITY: frozenset({Level.COMMUNITY}),
    Role.STREET: frozenset({Level.STREET}),
    Role.AUDITOR: frozenset({Level.STREET, Level.COMMUNITY}),
    Role.ADMIN: frozenset({Level.STREET, Level.COMMUNITY}),
    Role.STEWARD: frozenset({Level.ESTATE, Level.BUILDING, Level.UNIT}),
}


class Invitation(NamedTuple):
    """A code to hand over, and the label of its post."""

    code: str
    label: str


class _PlaceRow(NamedTuple):
    id: UUID
    code: str
    label: str
    level: str
    path: list[UUID]


class OrganisationRow(NamedTuple):
    """An organisation as the command line finds it."""

    id: UUID
    code: str
    name: str


async def invite_by_name(role: str, place: str | None, organisation: str | None) -> Invitation:
    """Create a vacant post from names or codes given on the command line, and return its invitation.

    Raises Invalid for an unknown role or a place of the wrong level, NotFound, and Conflict for an ambiguous name.
    """
    if role not in set(Role):
        raise Invalid(f"没有“{role}”这个角色，可用的有：{'、'.join(Role)}")
    if role == Role.AGENT:
        owner = await find_organisation(organisation)
        return await _invite(NamedPost(Role.AGENT, None, None), owner.name, organisation_id=owner.id)
    unit = await _find_place(place)
    if Level(unit.level) not in ROLE_LEVELS[Role(role)]:
        levels = "、".join(LEVEL[level] for level in sorted(ROLE_LEVELS[Role(role)]))
        raise Invalid(f"{ROLE[Role(role)]}要设在{levels}，“{unit.label}”不是")
    return await _invite(NamedPost.of(role, unit.level, unit.path), unit.label, place_id=unit.id)


async def _find_place(name: str | None) -> _PlaceRow:
    if not name:
        raise Invalid("请用 --place 说明在哪里")
    rows = [_PlaceRow(**row) for row in await db.execute(_PLACES_BY_NAME, name=name)]
    _require_one(name, [row.code for row in rows])
    return rows[0]


async def find_organisation(name: str | None) -> OrganisationRow:
    """Return the organisation with a name or code given on the command line.

    Raises NotFound if there is none, Conflict for an ambiguous name, Invalid without a name.
    """
    if not name:
        raise Invalid("请用 --organisation 说明在哪里")
    rows = [OrganisationRow(**row) for row in await db.execute(_ORGANISATIONS_BY_NAME, name=name)]
    _require_one(name, [row.code for row in rows])
    return rows[0]


def _require_one(name: str, codes: list[str]) -> None:
    if not codes:
        raise NotFound(f"没有找到“{name}”")
    if len(codes) > 1:
        raise Conflict(f"叫“{name}”的不止一处，请用编号：{'、'.join(codes)}")


_PLACES_BY_NAME: Final = Statement("""
SELECT id, code, label, level, path FROM place
WHERE (code = :name OR name = :name OR label = :name) AND ended_at IS NULL LIMIT 10
""")
_ORGANISATIONS_BY_NAME: Final = Statement("""
SELECT id, code, name FROM organisation WHERE code = :name OR name = :name LIMIT 10
""")


async def _invite(
    post: NamedPost, unit: str, *, place_id: UUID | None = None, organisation_id: UUID | None = None
) -> Invitation:
    post_id = await create_vacant_post(post.role, place_id=place_id, organisation_id=organisation_id)
    catalogue = await setup.current_catalogue()
    return Invitation(invitation_code(post_id), catalogue.post_label(post, unit))


async def create_vacant_post(
    role: Role,
    *,
    place_id: UUID | None = None,
    organisation_id: UUID | None = None,
    actor_id: UUID | None = None,
    key: idempotency.IdempotencyKey | None = None,
) -> UUID:
    """Create a vacant post whose invitation code is valid for INVITATION_LIFETIME; return the post's id.

    `actor_id` is None on the command line. Raises NotFound for a place that has ended.
    """
    post_id, now = ids.new(), clock.now()
    created = await db.execute(
        _CREATE,
        actor_id=actor_id,
        now=now,
        post_id=post_id,
        role=role,
        place_id=place_id,
        organisation_id=organisation_id,
        digest=invitation_digest(invitation_code(post_id)),
        valid_until=now + INVITATION_LIFETIME,
        **idempotency.key_values(key),
        **audit.entry_values(),
    )
    if not created:
        raise NotFound
    return post_id


_AUDIT_CREATE: Final = audit.insert_entry(
    "invited", subject="id", source="insert_post", data="jsonb_build_object('role', :role::text)"
)
# Locks are taken in the order in which a change of grids takes them: the row of `setup` first, then the place.
_CREATE: Final = Statement(f"""
WITH bump_version AS (
    {setup.bump_version()} RETURNING version
), insert_post AS (
    INSERT INTO post (id, role, place_id, organisation_id, created_at, invitation_digest, invitation_until)
    SELECT :post_id, :role::text, :place_id, :organisation_id, :now, :digest, :valid_until FROM bump_version
    WHERE :place_id::uuid IS NULL OR EXISTS (
        SELECT FROM place WHERE id = :place_id AND ended_at IS NULL AND bump_version.version > 0 FOR SHARE)
    RETURNING id
), insert_key AS ({idempotency.insert_key("insert_post")})
{_AUDIT_CREATE} RETURNING id
""")


def invitation_code(post_id: UUID) -> str:
    """Return the invitation code of a post. It is derived from the id, so that a lost response can be repeated."""
    return _code(post_id, settings.get().key("secret"))


async def repeated_code(post_id: UUID) -> str:
    """Return the invitation code that a post was given, also before a rotation of the secret."""
    row = await db.fetchrow("SELECT invitation_digest FROM post WHERE id = $1", post_id)
    codes = [_code(post_id, secret) for secret in settings.get().keys("secret")]
    given = [code for code in codes if row and invitation_digest(code) == row["invitation_digest"]]
    return (given or codes)[0]


def _code(post_id: UUID, secret: bytes) -> str:
    mac = hmac.digest(secret, b"invitation" + post_id.bytes, hashlib.sha256)
    return ids.encode_number(int.from_bytes(mac, "big"), CODE_LENGTH)


def invitation_digest(code: str) -> bytes:
    """Return the SHA-256 under which a code is stored; case and surrounding spaces do not matter."""
    return hashlib.sha256(code.strip().upper().encode()).digest()


async def redeem_invitation(actor: Actor, code: str) -> PersonOut:
    """Bind the post of an invitation code to the actor and return their profile.

    Raises NotFound for a code that is unknown, used or expired, Forbidden for one meant for another phone number, and
    TooMany after MAX_FAILURES wrong codes.
    """
    await _limit_failures(actor)
    now, digest = clock.now(), invitation_digest(code)
    row = await db.execute_one(
        _REDEEM,
        actor_id=actor.person_id,
        digest=digest,
        now=now,
        indexes=await people.phone_indexes(actor.person_id),
        **audit.entry_values(),
    )
    if row is None:
        await audit.record("invitation_failed", person_id=actor.person_id)
        if await db.execute(_OPEN_INVITATION, digest=digest, now=now):
            raise Forbidden("这个邀请码是发给另一个手机号的，请先填写收到邀请的手机号，再来接受")
        raise NotFound("邀请码无效或已过期，请向邀请人再要一个")
    await tell_stand_ins()
    return await people.read_profile(actor.person_id)


_REDEEM: Final = Statement(f"""
WITH bind_post AS (
    UPDATE post SET person_id = :actor_id, invitation_digest = NULL, invitation_until = NULL
    WHERE invitation_digest = :digest AND invitation_until > :now AND person_id IS NULL AND ended_at IS NULL
      AND EXISTS (SELECT FROM person n WHERE n.id = :actor_id AND n.erased_at IS NULL
                  AND (post.phone_index IS NULL OR post.phone_index = ANY(:indexes::bytea[])
                       AND n.phone_index = ANY(:indexes::bytea[]))) RETURNING id
), update_person AS (
    UPDATE person SET stamp = stamp + 1 FROM bind_post WHERE person.id = :actor_id
), bump_version AS (
    {setup.bump_version("FROM bind_post")}
), insert_audit AS ({audit.insert_entry("invitation_redeemed", subject="id", source="bind_post")})
SELECT id FROM bind_post
""")
_OPEN_INVITATION: Final = Statement("""
SELECT FROM post
WHERE invitation_digest = :digest AND invitation_until > :now AND person_id IS NULL AND ended_at IS NULL
""")


async def _limit_failures(actor: Actor) -> None:
    failures = await db.execute(
        _RECENT_FAILURES,
        person_id=actor.person_id,
        since=clock.now() - FAILURE_WINDOW,
        limit=MAX_FAILURES,
    )
    if len(failures) >= MAX_FAILURES:
        raise TooMany("试了太多次，请一小时后再试", retry_after=int(FAILURE_WINDOW.total_seconds()))


_RECENT_FAILURES: Final = Statement(
    "SELECT FROM audit WHERE person_id = :person_id AND at > :since AND type = 'invitation_failed' LIMIT :limit"
)
