"""Identifiers: UUIDv7 for rows, random readable codes."""

import secrets
from datetime import datetime
from uuid import UUID

from app import clock

# No 0/O, 1/I/L: invitation codes are read aloud over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_VERSION_7 = 0x7 << 76 | 0b10 << 62
_MAX_COUNTER = (1 << 12) - 1
_last = (0, 0)  # of the last UUID: its millisecond and its counter


def new() -> UUID:
    """Return a UUIDv7 (RFC 9562), ordered by creation time, not by commit time.

    UUIDs that one process creates within a millisecond are ordered too (method 1 of the RFC), so that the notices of
    one batch stay in order.
    """
    global _last  # noqa: PLW0603 - one sequence per process
    now, (before, count) = _milliseconds(clock.now()), _last
    count = min(count + 1, _MAX_COUNTER) if now == before else secrets.randbits(10)
    _last = now, count
    return UUID(int=now << 80 | _VERSION_7 | count << 64 | secrets.randbits(62))


def floor(at: datetime) -> UUID:
    """Return the lower bound of the UUIDv7s created at `at` or later: a range of ids is a range of time."""
    return UUID(int=_milliseconds(at) << 80 | _VERSION_7)


def code(length: int) -> str:
    """Return `length` random characters that are not easily confused (nearly 5 bits each)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def encode_number(number: int, length: int) -> str:
    """Return the last `length` digits of a number in base 31, in the same characters."""
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
