"""How often an address nobody has signed in from may ask what is open to everybody; counted by each process."""

import ipaddress
from collections import OrderedDict
from datetime import datetime
from typing import Final

from app import clock, settings
from app.errors import TooMany

PER_MINUTE: Final = 120
_HOUSE: Final = 64  # bits of an IPv6 address that name a household; the rest one makes up
_KEPT: Final = 10_000

_counts: OrderedDict[str, tuple[datetime, int]] = OrderedDict()


def visit(address: str) -> None:
    """Count one visit; TooMany above 120 in a minute."""
    if settings.get().rate_limits == "off":
        return
    now, house = clock.now(), _house(address)
    minute = now.replace(second=0, microsecond=0)
    since, seen = _counts.pop(house, (minute, 0))
    seen = seen + 1 if since == minute else 1
    _counts[house] = minute, seen
    if len(_counts) > _KEPT:
        _counts.popitem(last=False)
    if seen > PER_MINUTE:
        raise TooMany(
            f"不带密钥每分钟最多查{PER_MINUTE}次，请稍后再试，或使用密钥", retry_after=60 - now.second
        )


def _house(address: str) -> str:
    try:
        version = ipaddress.ip_address(address).version
        return address if version == 4 else str(ipaddress.ip_network(f"{address}/{_HOUSE}", strict=False))
    except ValueError:
        return address


def forget() -> None:
    """Remember nothing; for tests."""
    _counts.clear()
