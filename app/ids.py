"""Identifiers: UUIDv7 for rows, unguessable strings for secrets and codes."""

import secrets
from datetime import datetime
from uuid import UUID

from app import clock

# No 0/O, 1/I/L: invitation codes are read aloud over the telephone.
_READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_VERSION_7 = 0x7 << 76 | 0b10 << 62
_RANDOM = (1 << 76) - 1 & ~(0xF << 76) & ~(0b11 << 62)


def new() -> UUID:
    """Return a UUIDv7 (RFC 9562): ordered by the time it was made, not by the time it was committed."""
    return UUID(int=_milliseconds(clock.now()) << 80 | _VERSION_7 | secrets.randbits(76) & _RANDOM)


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
