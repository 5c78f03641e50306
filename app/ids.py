"""Identifiers: UUIDv7 for rows, unguessable strings for secrets and codes."""

import secrets
from datetime import datetime
from uuid import UUID

from app import clock

# No 0/O, 1/I/L: invitation codes are read aloud over the telephone.
_READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_VERSION_7 = 0x7 << 76 | 0b10 << 62
_MOST = (1 << 12) - 1
_last = (0, 0)  # the millisecond of the last one, and its place in it


def new() -> UUID:
    """Return a UUIDv7 (RFC 9562): ordered by the time it was made, not by the time it was committed.

    Those a process makes within one millisecond are ordered too (its method 1): notices of one batch stay in order.
    """
    global _last  # noqa: PLW0603 - one clock, one row of numbers
    now, (before, count) = _milliseconds(clock.now()), _last
    count = min(count + 1, _MOST) if now == before else secrets.randbits(10)
    _last = now, count
    return UUID(int=now << 80 | _VERSION_7 | count << 64 | secrets.randbits(62))


def floor(at: datetime) -> UUID:
    """Return the smallest UUIDv7 made at `at` or later; a range of ids is a range of time."""
    return UUID(int=_milliseconds(at) << 80 | _VERSION_7)


def code(length: int) -> str:
    """Return `length` random letters and digits that cannot be mistaken for one another (5 bits each, nearly)."""
    return "".join(secrets.choice(_READABLE) for _ in range(length))


def spelled(number: int, length: int) -> str:
    """Return the last `length` digits of a number as such letters and digits."""
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_READABLE))
        digits.append(_READABLE[digit])
    return "".join(digits)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
