"""Signing in and out, and who a token speaks for: remembered by each process, verified by the statements that use it."""

import hmac
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids, settings
from app.errors import NotFound, TooMany, Unauthenticated
from app.models.person import TokensOut
from app.rules.access import Actor, Key, Seat
from app.services import audit, passes, tokens, wechat
from app.words import Role

GRACE: Final = timedelta(seconds=10)
IDLE: Final = timedelta(days=90)  # unused so long, a sign-in has ended
WINDOW: Final = timedelta(minutes=5)
PER_PERSON, FAILURES_PER_ADDRESS = 10, 60
_KEPT: Final = 10_000

_actors: OrderedDict[UUID, Actor] = OrderedDict()


async def sign_in_with_wechat(code: str) -> tuple[TokensOut, UUID]:
    """Sign in with what `wx.login` gave; the first time makes the person."""
    await refuse_guessing()
    try:
        openid, unionid = await wechat.openid_of(code)
    except Unauthenticated:
        await audit.note("sign_in_failed", by="wechat")
        raise
    row = await db.fetchrow(_PERSON, ids.new(), clock.now(), openid, unionid)
    assert row is not None
    return await sign_in(row["id"], "wechat"), row["id"]


async def sign_in_as(persona: str) -> tuple[TokensOut, UUID]:
    """Sign in as somebody of the demo street; only in demo mode."""
    row = await db.fetchrow("SELECT id FROM person WHERE demo = $1", persona)
    if row is None:
        raise NotFound("没有这个演示人物")
    return await sign_in(row["id"], "demo", limited=False), row["id"]


async def sign_in(person_id: UUID, kind: str, *, limited: bool = True) -> TokensOut:
    """Begin a family of tokens for a person known by now."""
    now, login_id = clock.now(), ids.new()
    if limited:
        await refuse_hurry(person_id)
    await db.fetch(_SIGN_IN, login_id, person_id, kind, now, ids.new(), audit.came_from.get())
    return first_tokens(person_id, login_id, now)


async def refuse_hurry(person_id: UUID) -> None:
    """Refuse a person who signed in too often just now."""
    if settings.get().rate_limits == "off":
        return
    recent = await db.fetch(
        "SELECT FROM login WHERE person_id = $1 AND id > $2 LIMIT $3",
        *(person_id, ids.floor(clock.now() - WINDOW), PER_PERSON),
    )
    if len(recent) >= PER_PERSON:
        raise TooMany("登录太频繁，请几分钟后再试", retry_after=int(WINDOW.total_seconds()))


def first_tokens(person_id: UUID, login_id: UUID, created_at: datetime) -> TokensOut:
    """Return the tokens a sign-in begins with."""
    return _tokens(person_id, login_id, 0, created_at)


_PERSON: Final = """
INSERT INTO person (id, created_at, openid, unionid) VALUES ($1, $2, $3, $4)
ON CONFLICT (openid) DO UPDATE SET unionid = coalesce(excluded.unionid, person.unionid) RETURNING id
"""


# The audit entry is part of the sign-in, not something that follows it.
_SIGN_IN: Final = """
WITH login AS (
    INSERT INTO login (id, person_id, kind, created_at, rotated_at) VALUES ($1, $2, $3::text, $4, $4)
)
INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
VALUES ($5, $4, 'signed_in', $2, $1, $6, jsonb_build_object('by', $3::text))
"""


async def refuse_guessing() -> None:
    """Refuse an address from which too many sign-ins failed just now."""
    if settings.get().rate_limits == "off":
        return
    failed = await db.fetch(
        "SELECT FROM audit WHERE address = $1 AND at > $2 AND type = 'sign_in_failed' LIMIT $3",
        audit.came_from.get(),
        clock.now() - WINDOW,
        FAILURES_PER_ADDRESS,
    )
    if len(failed) >= FAILURES_PER_ADDRESS:
        raise TooMany("登录失败次数太多，请几分钟后再试", retry_after=int(WINDOW.total_seconds()))


def _tokens(person_id: UUID, login_id: UUID, generation: int, created_at: datetime) -> TokensOut:
    return TokensOut(
        access_token=tokens.issue(person_id, login_id),
        refresh_token=tokens.refresh_token(login_id, generation, created_at),
        expires_in=int(tokens.ACCESS_LIVES.total_seconds()),
    )


async def refresh(token: str) -> TokensOut:
    """Rotate a refresh token. Within 10 s its repeat gives the same successor; later, the family ends."""
    login_id, generation = tokens.read_refresh(token)
    login = await db.fetchrow("SELECT * FROM login WHERE id = $1", login_id)
    if login is None or not _genuine(token, login, generation):
        raise Unauthenticated
    await read(login_id)  # ended, or the person erased: refused here
    if clock.now() > login["rotated_at"] + IDLE:
        raise Unauthenticated("很久没有使用，请重新登录")
    if generation == login["generation"]:
        rotated = await db.fetchrow(_ROTATE, login_id, generation, clock.now())
        login = rotated or await db.fetchrow("SELECT * FROM login WHERE id = $1", login_id)
    assert login is not None
    if generation != login["generation"] - 1 or clock.now() > login["rotated_at"] + GRACE:
        await revoke(login_id)
        await audit.note("refresh_reused", person_id=login["person_id"], subject_id=login_id)
        raise Unauthenticated("登录凭证已被使用过，请重新登录")
    return _tokens(login["person_id"], login_id, login["generation"], login["created_at"])


_ROTATE: Final = """
UPDATE login SET generation = generation + 1, rotated_at = $3
WHERE id = $1 AND generation = $2 AND revoked_at IS NULL RETURNING *
"""


def _genuine(token: str, login: Any, generation: int) -> bool:
    genuine = tokens.refresh_token(login["id"], generation, login["created_at"])
    return generation <= login["generation"] and hmac.compare_digest(genuine.encode(), token.encode())


async def revoke(login_id: UUID) -> None:
    """End a sign-in; its access tokens are refused from the next request on."""
    await db.fetch(
        "UPDATE login SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1", login_id, clock.now()
    )


async def sign_out(refresh_token: str) -> None:
    """End the family a refresh token belongs to; a made-up token is refused."""
    login_id, generation = tokens.read_refresh(refresh_token)
    login = await db.fetchrow("SELECT * FROM login WHERE id = $1", login_id)
    if login is None or not _genuine(refresh_token, login, generation):
        raise Unauthenticated
    await revoke(login_id)
    await audit.note("signed_out", person_id=login["person_id"], subject_id=login_id)


async def remembered(token: str) -> Actor:
    """Return who a token speaks for, as last seen by this process: the statement it is used in must verify it."""
    login_id = await _login_of(token)
    actor = _actors.get(login_id) or await read(login_id)
    if actor.key:
        await passes.use(actor.key)
    return actor


async def verified(token: str) -> Actor:
    """Return who a token speaks for at this moment."""
    actor = await read(await _login_of(token))
    if actor.key:
        await passes.use(actor.key)
    return actor


async def _login_of(token: str) -> UUID:
    return await passes.login_of(token) if token.startswith(passes.PREFIX) else tokens.read(token)


async def read(login_id: UUID) -> Actor:
    """Read a sign-in with its person's posts; Unauthenticated once it has ended."""
    row = await db.fetchrow(_ACTOR, login_id)
    if row is None:
        _actors.pop(login_id, None)
        raise Unauthenticated("登录已失效，请重新登录")
    seats = [Seat(post[0], Role(post[1]), post[2], post[3]) for post in row["posts"]]
    key = row["key_id"] and Key(row["key_id"], frozenset(row["scopes"]), row["expires_at"])
    if key:
        seats = [Seat(key.id, Role.AGENT, None, row["organisation_id"])]
    actor = Actor(row["person_id"], login_id, row["stamp"], seats, row["consent_version"], key)
    _actors[login_id] = actor
    if len(_actors) > _KEPT:
        _actors.popitem(last=False)
    return actor


# Narrowest post first: it is the one that acts.
_ACTOR: Final = """
SELECT l.person_id, p.stamp, p.consent_version, coalesce(posts.held, '{}') AS posts,
       k.id AS key_id, k.scopes, k.expires_at, k.organisation_id
FROM login l JOIN person p ON p.id = l.person_id LEFT JOIN api_key k ON k.login_id = l.id
LEFT JOIN LATERAL (
    SELECT array_agg((s.id, s.role, s.place_id, s.organisation_id) ORDER BY cardinality(u.path) DESC, s.id) AS held
    FROM post s LEFT JOIN place u ON u.id = s.place_id WHERE s.person_id = p.id AND s.ended_at IS NULL
) posts ON true
WHERE l.id = $1 AND l.revoked_at IS NULL AND p.erased_at IS NULL
"""


def forget() -> None:
    """Remember nobody; for tests and after a restore."""
    _actors.clear()
    passes.forget()
