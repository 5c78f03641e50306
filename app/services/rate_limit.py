"""Limits anonymous requests for each client address, and the rooms one person names; every process counts for itself."""

import ipaddress
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app import clock, process_state, settings
from app.errors import TooMany

PER_MINUTE: Final = 120
ROOMS_A_DAY: Final = 5  # each makes a place, and a household answers a survey once
_IPV6_PREFIX_BITS: Final = 64  # of one subscriber, who chooses the other bits freely
_MAX_ADDRESSES: Final = 10_000
_MAX_PEOPLE: Final = 10_000
_DAY: Final = timedelta(days=1)

_counts: OrderedDict[str, tuple[datetime, int]] = OrderedDict()  # by network: the minute, requests in it
_rooms: OrderedDict[UUID, tuple[datetime, int]] = OrderedDict()  # by person: since when, rooms named


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


def count_room(person_id: UUID) -> None:
    """Count a room that a person names as theirs. Raises TooMany above 5 in a day."""
    if settings.get().rate_limits == "off":
        return
    now = clock.now()
    since, count = _rooms.pop(person_id, (now, 0))
    since, count = (since, count + 1) if since + _DAY > now else (now, 1)
    _rooms[person_id] = since, min(count, ROOMS_A_DAY + 1)
    if len(_rooms) > _MAX_PEOPLE:
        _rooms.popitem(last=False)
    if count > ROOMS_A_DAY:
        left = since + _DAY - now
        raise TooMany(f"一天内最多改{ROOMS_A_DAY}次门牌号，请明天再改", retry_after=int(left.total_seconds()))


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
process_state.on_forget(_rooms.clear)
