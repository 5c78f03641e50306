"""The actor (person, posts, API key) a token stands for; cached by each process."""

from collections import OrderedDict
from typing import Final
from uuid import UUID

import asyncpg

from app import db, process_state, words
from app.enums import Role
from app.errors import Unauthenticated
from app.rules.access import Actor, ApiKeyGrant, Seat
from app.services.auth import api_keys, tokens
from app.sql import Statement

_CACHE_SIZE: Final = 10_000
_actors: OrderedDict[UUID, Actor] = OrderedDict()  # by login id


async def cached_actor(token: str) -> Actor:
    """Return the actor of a token from this process's cache: it may be outdated.

    The statement it is used in must check that the login is live and that `auth_version` is current.
    Raises Unauthenticated, and TooMany for an API key above its limit.
    """
    login_id, person_id = await _login_of(token)
    actor = _actors.get(login_id) or await load_actor(login_id)
    return await _admit(actor, person_id)


async def verify_token(token: str) -> Actor:
    """Return the actor of a token, read from the database. Raises as `cached_actor` does."""
    login_id, person_id = await _login_of(token)
    return await _admit(await load_actor(login_id), person_id)


async def _login_of(token: str) -> tuple[UUID, UUID | None]:
    """Return the login of a token, and the person it was issued to; an API key names none."""
    if token.startswith(api_keys.KEY_PREFIX):
        return await api_keys.find_login(token), None
    claims = tokens.read_access_token(token)
    return claims.login_id, claims.person_id


async def _admit(actor: Actor, person_id: UUID | None) -> Actor:
    """Return the actor of a token issued to this person. Raises Unauthenticated for somebody else's login."""
    if person_id not in {None, actor.person_id}:
        raise Unauthenticated
    words.fall_back_to(actor.language)
    if actor.key:
        await api_keys.count_key_use(actor.key)
    return actor


async def load_actor(login_id: UUID) -> Actor:
    """Read a login with its person's posts and cache it. Raises Unauthenticated if the login has ended."""
    row = await db.execute_one(_LOAD_ACTOR, login_id=login_id)
    if row is None:
        _actors.pop(login_id, None)
        raise Unauthenticated("登录已失效，请重新登录")
    actor = _to_actor(row, login_id)
    _actors[login_id] = actor
    words.fall_back_to(actor.language)  # a cached actor may have had another
    if len(_actors) > _CACHE_SIZE:
        _actors.popitem(last=False)
    return actor


def _to_actor(row: asyncpg.Record, login_id: UUID) -> Actor:
    seats = [Seat(post[0], Role(post[1]), post[2], post[3]) for post in row["posts"]]
    key = row["key_id"] and ApiKeyGrant(row["key_id"], frozenset(row["scopes"]), row["expires_at"])
    if key:
        seats = [Seat(key.id, Role.AGENT, None, row["organisation_id"])]
    return Actor(
        row["person_id"], login_id, row["auth_version"], seats, row["consent_version"], key, row["language"]
    )


# The narrowest post first: rules let the first matching post act. An honorary post gives no seat: its holder is a resident.
_LOAD_ACTOR: Final = Statement("""
SELECT l.person_id, p.stamp AS auth_version, p.consent_version, p.language, coalesce(a.posts, '{}') AS posts,
       k.id AS key_id, k.scopes, k.expires_at, k.organisation_id
FROM login l JOIN person p ON p.id = l.person_id LEFT JOIN api_key k ON k.login_id = l.id
LEFT JOIN LATERAL (
    SELECT array_agg((s.id, s.role, s.place_id, s.organisation_id) ORDER BY cardinality(u.path) DESC, s.id) AS posts
    FROM post s LEFT JOIN place u ON u.id = s.place_id WHERE s.person_id = p.id AND s.ended_at IS NULL
      AND s.role <> 'steward'
) a ON true
WHERE l.id = :login_id AND l.revoked_at IS NULL AND p.erased_at IS NULL
""")


process_state.on_forget(_actors.clear)
