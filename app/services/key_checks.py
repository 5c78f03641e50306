"""Checks that the keys are those the database was written with: with others, phone numbers and sign-ins cannot be read.

The database holds a check value of each, written when a key is first used with it.
"""

import hashlib
import hmac
import secrets
from functools import cache
from typing import Final

import asyncpg

from app import db, settings
from app.errors import Misconfigured, Unreadable
from app.services import encryption
from app.settings import KEY_NAMES, KeyName
from app.sql import Statement

_SALT_BYTES: Final = 16
# A key may be a sentence somebody thought of: each guess costs as much as a password's.
_SCRYPT: Final = {"n": 1 << 14, "r": 8, "p": 1, "dklen": 32}


async def require_keys() -> None:
    """Compare each key with its check value; write the values that are missing.

    Raises Misconfigured with one line for a key that is missing or another one; none is generated in its place.
    """
    for name in KEY_NAMES:
        if not settings.get().has_key(name) and (await _row(name) or await _sample(name)):
            raise Misconfigured(_refusal(name, "is missing"))
        if not (await _fits_database(name) or await begin_rotation(name) or await _put_back(name)):
            raise Misconfigured(_refusal(name, "is another key"))


async def keys_after_restore() -> list[KeyName]:
    """Go on with the keys of this machine where they are not those of a backup just restored; return their names."""
    replaced = [name for name in KEY_NAMES if not (await _fits_database(name) or await begin_rotation(name))]
    for name in replaced:
        await accept_key(name)
    return replaced


async def accept_key(name: KeyName) -> None:
    """Make the key of this process the database's: what was encrypted with the one before is no longer readable.

    Once more, it is no longer remembered that there was another one.
    """
    if row := await _row(name):
        forget = name == "secret" or _fits(name, row["value"])
        former = None if forget else row["value"]
        await db.execute(_UPDATE, name=name, value=_make_value(name), former=former)
    else:
        await db.execute(_INSERT, name=name, value=_make_value(name), former=b"")


async def changed_keys() -> list[KeyName]:
    """Return the keys of this process that are not those of the database: they were changed while it runs."""
    return [row["name"] for row in await db.fetch(_SELECT) if not _is_known(row["name"], row["value"])]


async def replaced_keys() -> list[KeyName]:
    """Return the keys before which there was another, unknown one, with which something is still encrypted."""
    rows = [row for row in await db.fetch(_SELECT) if row["former"] is not None]
    return [row["name"] for row in rows if not _is_known(row["name"], row["former"])]


async def unfinished_rotations() -> list[KeyName]:
    """Return the keys whose previous one is known and still needed: something is encrypted with it."""
    rows = [row for row in await db.fetch(_SELECT) if row["former"] is not None]
    return [row["name"] for row in rows if _is_known(row["name"], row["former"])]


async def begin_rotation(name: KeyName) -> bool:
    """Make the key of this process the database's where its previous one was that; tell whether it was.

    The previous one is remembered as long as `finish_rotation` has not been called: what it encrypted is still there.
    """
    row = await _row(name)
    if row is None or _fits(name, row["value"]) or not _is_known(name, row["value"]):
        return False
    former = row["value"] if name == "pii_key" else None
    await db.execute(_UPDATE, name=name, value=_make_value(name), former=former)
    return True


async def finish_rotation(name: KeyName) -> None:
    """Remember the previous key no longer: nothing is left that needs it."""
    row = await _row(name)
    if row and _fits(name, row["value"]):
        await db.execute(_UPDATE, name=name, value=row["value"], former=None)


_SELECT: Final = "SELECT name, value, former FROM key_check ORDER BY name"
_INSERT: Final = Statement("""
INSERT INTO key_check (name, value, former) VALUES (:name, :value, :former) ON CONFLICT DO NOTHING
""")
_UPDATE: Final = Statement("UPDATE key_check SET value = :value, former = :former WHERE name = :name")


async def _row(name: KeyName) -> asyncpg.Record | None:
    return await db.fetchrow("SELECT value, former FROM key_check WHERE name = $1", name)


async def _fits_database(name: KeyName) -> bool:
    """Tell whether the key is the database's; at the first use it becomes that, if it reads what there is."""
    if await _row(name) is None and await _reads_sample(name):
        await db.execute(_INSERT, name=name, value=_make_value(name), former=None)
    row = await _row(name)  # of several that start at once, one is first
    return row is not None and _fits(name, row["value"])


async def _put_back(name: KeyName) -> bool:
    """Make the key the database's again that was its before."""
    row = await _row(name)
    if not (row and row["former"] and _fits(name, row["former"])):
        return False
    await db.execute(_UPDATE, name=name, value=row["former"], former=None)
    return True


async def _sample(name: KeyName) -> bytes | None:
    """Return something encrypted with a key, if there is anything: a database that is older than check values."""
    row = await db.fetchrow(_SELECT_ENCRYPTED) if name == "pii_key" else None
    return row["sealed"] if row else None


_SELECT_ENCRYPTED: Final = """
(SELECT phone_sealed AS sealed FROM person WHERE phone_sealed IS NOT NULL LIMIT 1)
UNION ALL (SELECT contact_sealed FROM ticket WHERE contact_sealed IS NOT NULL LIMIT 1)
UNION ALL (SELECT sealed FROM webhook_secret LIMIT 1)
UNION ALL (SELECT sealed FROM robot LIMIT 1)
LIMIT 1
"""


async def _reads_sample(name: KeyName) -> bool:
    sample = await _sample(name)
    try:
        return sample is None or bool(encryption.decrypt(sample))
    except Unreadable:
        return False


def _make_value(name: KeyName) -> bytes:
    salt = secrets.token_bytes(_SALT_BYTES)
    return salt + hashlib.scrypt(settings.get().key(name), salt=salt, **_SCRYPT)


def _fits(name: KeyName, value: bytes) -> bool:
    return settings.get().has_key(name) and _verify(settings.get().key(name), value)


def _is_known(name: KeyName, value: bytes) -> bool:
    """Tell whether a check value is that of the key or of the previous one."""
    return settings.get().has_key(name) and any(_verify(key, value) for key in settings.get().keys(name))


@cache  # a fraction of a second; the processes of a server inherit the result
def _verify(key: bytes, value: bytes) -> bool:
    salt, expected = value[:_SALT_BYTES], value[_SALT_BYTES:]
    return hmac.compare_digest(hashlib.scrypt(key, salt=salt, **_SCRYPT), expected)


_LOSS: Final[dict[KeyName, str]] = {
    "secret": "everybody signs in again",
    "pii_key": "phone numbers stored until then stay unreadable",
}


def _refusal(name: KeyName, problem: str) -> str:
    source = settings.get().key_source(name)
    return (
        f"{source} {problem}: this database was written with it. Put the old key back; "
        f"if it is lost, run 'python -m app accept-key {name}' ({_LOSS[name]})"
    )
