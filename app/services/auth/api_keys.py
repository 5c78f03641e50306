"""API keys: generation, checksum, lookup and the rate limit."""

import hashlib
import secrets
import string
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app import clock, db, process_state, settings
from app.errors import TooMany, Unauthenticated
from app.rules.access import ApiKeyGrant
from app.sql import Statement

KEY_PREFIX: Final = "ldk_"
HINT_LENGTH: Final = 8  # leading characters stored in clear, to tell keys apart
MAX_USES_PER_MINUTE: Final = 600  # per key, over all processes
FLUSH_AFTER_USES: Final = 20  # a process writes its count to the database after this many uses
_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_LENGTH: Final = 30  # 178 bits
_CHECKSUM_LENGTH: Final = 6  # a CRC-32 in base 62, as in GitHub's tokens
_MINUTE: Final = timedelta(minutes=1)
_CACHE_SIZE: Final = 10_000


def make_key() -> str:
    """Return a new random key."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))
    return KEY_PREFIX + random + _checksum(random)


def key_digest(key: str) -> bytes:
    """Return the SHA-256 of a key. Only this digest is stored."""
    return hashlib.sha256(key.encode()).digest()


def _checksum(random: str) -> str:
    number, encoded = zlib.crc32(random.encode()), ""
    for _ in range(_CHECKSUM_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        encoded = _ALPHABET[digit] + encoded
    return encoded


# The key of the demo street's property company. It is public, so it works in demo mode only.
_DEMO_RANDOM: Final = "DemoKeyOfRenhePropertyCompany0"
DEMO_KEY: Final = KEY_PREFIX + _DEMO_RANDOM + _checksum(_DEMO_RANDOM)


def has_valid_checksum(key: str) -> bool:
    """Tell whether a key has the right length and checksum, without a look into the database."""
    random, checksum = key[len(KEY_PREFIX) : -_CHECKSUM_LENGTH], key[-_CHECKSUM_LENGTH:]
    return len(random) == _RANDOM_LENGTH and key.isascii() and checksum == _checksum(random)


async def find_login(key: str) -> UUID:
    """Return the login id of a key, revoked or not. Raises Unauthenticated for a key that does not exist."""
    if not has_valid_checksum(key):
        raise Unauthenticated("API 密钥不完整，请检查是否复制完整")
    if key == DEMO_KEY and not settings.get().demo:
        raise Unauthenticated("演示用的密钥只在演示模式下有效")
    digest = key_digest(key)
    if (login_id := _login_ids.get(digest)) is None:
        row = await db.fetchrow("SELECT login_id FROM api_key WHERE digest = $1", digest)
        if row is None:
            raise Unauthenticated("API 密钥无效")
        _login_ids[digest] = login_id = row["login_id"]
        if len(_login_ids) > _CACHE_SIZE:
            _login_ids.popitem(last=False)
    return login_id


# The login of a key never changes. Whether it was revoked is checked by the statements that use it.
_login_ids: OrderedDict[bytes, UUID] = OrderedDict()


@dataclass(slots=True)
class _UseCount:
    """Uses of a key in one minute."""

    minute: datetime
    flushed: int = 0  # in the database, from all processes
    pending: int = 0  # counted by this process and not yet written


_use_counts: dict[UUID, _UseCount] = {}


async def count_key_use(key: ApiKeyGrant) -> None:
    """Count one use. Raises Unauthenticated for an expired key, TooMany above MAX_USES_PER_MINUTE."""
    now = clock.now()
    if now >= key.until:
        raise Unauthenticated("API 密钥已过期，请换新的密钥")
    minute = now.replace(second=0, microsecond=0)
    count = _use_counts.get(key.id)
    if count is None or count.minute != minute:
        _use_counts[key.id] = count = _UseCount(minute)
    count.pending += 1
    # The first use of a minute is written at once, so that `last_used_at` is right for keys used rarely.
    if not count.flushed or count.pending >= FLUSH_AFTER_USES:
        uses, count.pending = count.pending, 0
        (row,) = await db.execute(
            _RECORD_USES, key_id=key.id, minute=minute, uses=uses, now=now, one_minute=_MINUTE
        )
        count.flushed = max(count.flushed, row["used"])
    if settings.get().rate_limits == "on" and count.flushed + count.pending > MAX_USES_PER_MINUTE:
        raise TooMany(f"一个密钥每分钟最多调用{MAX_USES_PER_MINUTE}次", retry_after=60 - now.second)


_RECORD_USES: Final = Statement("""
WITH update_api_key AS (
    UPDATE api_key k SET last_used_at = :now FROM login l
    WHERE k.id = :key_id AND l.id = k.login_id AND l.revoked_at IS NULL
      AND (last_used_at IS NULL OR last_used_at NOT BETWEEN :now::timestamptz - :one_minute::interval AND :now)
)
INSERT INTO key_use AS u (key_id, minute, used) VALUES (:key_id, :minute, :uses)
ON CONFLICT (key_id) DO UPDATE
    SET minute = :minute, used = CASE WHEN u.minute = :minute THEN u.used ELSE 0 END + :uses
RETURNING used
""")


process_state.on_forget(_login_ids.clear)
process_state.on_forget(_use_counts.clear)
