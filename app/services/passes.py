"""API keys as they are shown: made, told from slips of the pen without asking anybody, looked up, counted."""

import hashlib
import secrets
import string
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app import clock, db, settings
from app.errors import TooMany, Unauthenticated
from app.rules.access import Key

PREFIX: Final = "ldk_"
PER_MINUTE: Final = 600  # by one key, all processes together
HINT: Final = 8  # letters shown of a key
_LETTERS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECK = 30, 6  # 178 bits, and what CRC-32 says of them, as GitHub's keys have it
EVERY: Final = 20  # uses a process counts by itself before it tells the others
_MINUTE: Final = timedelta(minutes=1)
_KEPT: Final = 10_000


def make() -> str:
    """Return a new key."""
    random = "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM))
    return PREFIX + random + _checksum(random)


def digest(key: str) -> bytes:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).digest()


def _checksum(random: str) -> str:
    number, signs = zlib.crc32(random.encode()), ""
    for _ in range(_CHECK):
        number, sign = divmod(number, len(_LETTERS))
        signs = _LETTERS[sign] + signs
    return signs


# The key of the demo street's property company, the same everywhere: good in demo mode only, which is for one machine.
_RANDOM_OF_DEMO: Final = "DemoKeyOfRenhePropertyCompany0"
DEMO: Final = PREFIX + _RANDOM_OF_DEMO + _checksum(_RANDOM_OF_DEMO)


def is_whole(key: str) -> bool:
    random, check = key[len(PREFIX) : -_CHECK], key[-_CHECK:]
    return len(random) == _RANDOM and key.isascii() and check == _checksum(random)


async def login_of(key: str) -> UUID:
    """Return the sign-in a key stands for, ended or not; Unauthenticated for one that was never given."""
    if not is_whole(key):
        raise Unauthenticated("API 密钥不完整，请检查是否复制完整")
    if key == DEMO and not settings.get().demo:
        raise Unauthenticated("演示用的密钥只在演示模式下有效")
    under = digest(key)
    if (login_id := _logins.get(under)) is None:
        row = await db.fetchrow("SELECT login_id FROM api_key WHERE digest = $1", under)
        if row is None:
            raise Unauthenticated("API 密钥无效")
        _logins[under] = login_id = row["login_id"]
        if len(_logins) > _KEPT:
            _logins.popitem(last=False)
    return login_id


_logins: OrderedDict[bytes, UUID] = (
    OrderedDict()
)  # a key never changes hands; whether it is live is asked elsewhere


@dataclass(slots=True)
class _Count:
    """Uses of a key in one minute: what all processes have told, and what this one has still to tell."""

    minute: datetime
    told: int = 0
    pending: int = 0


_counts: dict[UUID, _Count] = {}


async def use(key: Key) -> None:
    """Count one use. Unauthenticated once the key has expired, TooMany above 600 a minute."""
    now = clock.now()
    if now >= key.until:
        raise Unauthenticated("API 密钥已过期，请换新的密钥")
    minute = now.replace(second=0, microsecond=0)
    count = _counts.get(key.id)
    if count is None or count.minute != minute:
        _counts[key.id] = count = _Count(minute)
    count.pending += 1
    if not count.told or count.pending >= EVERY:  # the first of a minute is told too: the key was used
        telling, count.pending = count.pending, 0
        (row,) = await db.fetch(_TELL, key.id, minute, telling, now, _MINUTE)
        count.told = max(count.told, row["used"])
    if settings.get().rate_limits == "on" and count.told + count.pending > PER_MINUTE:
        raise TooMany(f"一个密钥每分钟最多调用{PER_MINUTE}次", retry_after=60 - now.second)


_TELL: Final = """
WITH touched AS (
    UPDATE api_key k SET last_used_at = $4 FROM login l
    WHERE k.id = $1 AND l.id = k.login_id AND l.revoked_at IS NULL
      AND (last_used_at IS NULL OR last_used_at NOT BETWEEN $4::timestamptz - $5::interval AND $4)
)
INSERT INTO key_use AS u (key_id, minute, used) VALUES ($1, $2, $3)
ON CONFLICT (key_id) DO UPDATE SET minute = $2, used = CASE WHEN u.minute = $2 THEN u.used ELSE 0 END + $3
RETURNING used
"""


def forget() -> None:
    """Remember nothing; for tests and after a restore."""
    _logins.clear()
    _counts.clear()
