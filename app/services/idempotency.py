"""Idempotency keys: a write with a key happens once in 24 hours; a repeat returns the first answer."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from app import clock, db, ids
from app.errors import Duplicate, Gone, KeyReused, NotFound, Refusal
from app.models.fields import Strict
from app.rules.access import Actor
from app.sql import Statement

T = TypeVar("T")
KEY_LIFETIME: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """An Idempotency-Key of an actor, with a digest of the request it was sent with."""

    actor_id: UUID
    key: str
    digest: bytes


def insert_key(source: str) -> str:
    """Return the INSERT of a key that refers to the row of the CTE `source`, for use in the same statement.

    The statement needs the parameters `actor_id` and `now`, and those of `key_values()`. Without a key it writes nothing.
    """
    return (
        "INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at) "
        f"SELECT :actor_id, :key::text, :key_digest::bytea, {source}.id, :now FROM {source} WHERE :key::text IS NOT NULL"
    )


def key_values(key: IdempotencyKey | None) -> dict[str, Any]:
    """Return the parameters of `insert_key` besides `actor_id` and `now`."""
    return {"key": key and key.key, "key_digest": key and key.digest}


def key_of(actor: Actor, key: str | None, operation: str, form: Strict) -> IdempotencyKey | None:
    """Return the key of a write, bound to the operation and its body. None if the request has no key."""
    if key is None:
        return None
    digest = hashlib.sha256(f"{operation} {form.model_dump_json(exclude_unset=True)}".encode()).digest()
    return IdempotencyKey(actor.person_id, key, digest)


async def once(
    key: IdempotencyKey | None,
    write: Callable[[], Awaitable[T]],
    replay: Callable[[UUID], Awaitable[T]],
    *,
    look_first: bool,
) -> T:
    """Call `write`, or `replay` with the id of what was written under this key in the last 24 hours.

    With `look_first` the key is looked up before writing, for writes that cost more than a look-up. Otherwise it is
    looked up only after the write was refused, because a repeat may be refused for what the first request did.
    Raises KeyReused for another body under the same key, and whatever `write` raises.
    """
    if key and look_first and (ref := await find_key(key)):
        return await replay(ref)
    try:
        return await write()
    except Refusal as refusal:
        if key is None:
            raise
        if ref := await find_key(key):
            return await replay(ref)
        if not isinstance(refusal, Duplicate):
            raise
        return await write()  # the key had expired and is deleted now


async def create_once(
    actor: Actor,
    key: str | None,
    operation: str,
    form: Strict,
    write: Callable[[IdempotencyKey | None], Awaitable[UUID]],
    load: Callable[[UUID], Awaitable[T]],
) -> tuple[T, bool]:
    """Call `write` as `once` does; return the object `load` reads, and whether this repeats an earlier request.

    Raises Gone when `load` raises NotFound in a repeat.
    """
    return await create_once_under(key_of(actor, key, operation, form), write, load)


async def create_once_under(
    key: IdempotencyKey | None,
    write: Callable[[IdempotencyKey | None], Awaitable[UUID]],
    load: Callable[[UUID], Awaitable[T]],
) -> tuple[T, bool]:
    """Do what `create_once` does under a key whose digest the caller has made."""

    async def create() -> tuple[T, bool]:
        return await load(await write(key)), False

    async def replay(ref: UUID) -> tuple[T, bool]:
        try:
            return await load(ref), True
        except NotFound:
            raise Gone from None

    return await once(key, create, replay, look_first=True)


async def claim(key: IdempotencyKey) -> bool:
    """Write the key of a request that writes more than one thing; tell whether it is the first with this key.

    Raises KeyReused if the key was used with another body.
    """
    values = {**key_values(key), "actor_id": key.actor_id, "ref_id": ids.new(), "now": clock.now()}
    while not await db.execute(_CLAIM, **values):
        if await find_key(key):
            return False
    return True


async def find_key(key: IdempotencyKey) -> UUID | None:
    """Return the id of what was written under a key in the last 24 hours. An older key is deleted.

    Raises KeyReused if the key was used with another body.
    """
    row = await db.execute_one(_SELECT_KEY, actor_id=key.actor_id, key=key.key)
    if row is None:
        return None
    if row["created_at"] < clock.now() - KEY_LIFETIME:
        await db.execute(_DELETE_KEY, actor_id=key.actor_id, key=key.key)
        return None
    if row["digest"] != key.digest:
        raise KeyReused
    ref: UUID = row["ref_id"]
    return ref


_CLAIM: Final = Statement("""
INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at) VALUES (:actor_id, :key, :key_digest, :ref_id, :now)
ON CONFLICT DO NOTHING RETURNING ref_id
""")
_SELECT_KEY: Final = Statement("""
SELECT digest, ref_id, created_at FROM idempotency WHERE actor_id = :actor_id AND key = :key
""")
_DELETE_KEY: Final = Statement("DELETE FROM idempotency WHERE actor_id = :actor_id AND key = :key")
