"""Limits anonymous requests for each client address; every process counts for itself."""

import ipaddress
from collections import OrderedDict
from datetime import datetime
from typing import Final

from app import clock, process_state, settings
from app.errors import TooMany

PER_MINUTE: Final = 120
_IPV6_PREFIX_BITS: Final = 64  # of one subscriber, who chooses the other bits freely
_MAX_ADDRESSES: Final = 10_000

_counts: OrderedDict[str, tuple[datetime, int]] = OrderedDict()  # by network: the minute, requests in it


def count_request(address: str) -> None:
    """Count one request. Raises TooMany above 120 in a minute."""
    if settings.get().rate_limits == "off":
        return
    now, network = clock.now(), _network(address)
    minute = now.replace(second=0, microsecond=0)
    since, count = _counts.pop(network, (minute, 0))
    count = count + 1 if since == minute else 1
    _counts[network] = minute, count
    if len(_counts) > _MAX_ADDRESSES:
        _counts.popitem(last=False)
    if count > PER_MINUTE:
        raise TooMany(
            f"不带密钥每分钟最多查{PER_MINUTE}次，请稍后再试，或使用密钥", retry_after=60 - now.second
        )


def _network(address: str) -> str:
    try:
        version = ipaddress.ip_address(address).version
        return (
            address
            if version == 4
            else str(ipaddress.ip_network(f"{address}/{_IPV6_PREFIX_BITS}", strict=False))
        )
    except ValueError:
        return address


process_state.on_forget(_counts.clear)
