"""Where webhooks may go: publicly routed addresses, and what a deployment allows besides."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# What Python calls global and yet leads somewhere else: translated, tunnelled, relayed, to many at once.
_ELSEWHERE: Final[tuple[Network, ...]] = (
    IPv4Network("100.64.0.0/10"),  # carriers' own, and Aliyun's metadata 100.100.100.200
    IPv4Network("192.88.99.0/24"),  # 6to4 relays
    IPv6Network("64:ff9b::/96"),  # NAT64
    IPv6Network("64:ff9b:1::/48"),  # NAT64, local
    IPv6Network("2002::/16"),  # 6to4
    IPv6Network("2001::/32"),  # Teredo
    IPv6Network("fec0::/10"),  # site-local of old
)
_UNICAST: Final = IPv6Network("2000::/3")  # all that is publicly routed


def is_public(address: Address) -> bool:
    """Tell whether anybody reaches the same machine under this address."""
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    elsewhere = any(address in network for network in _ELSEWHERE if network.version == address.version)
    return address.is_global and not address.is_multicast and not elsewhere


def may_reach(address: Address, allowed: Iterable[Network], *, secure: bool) -> bool:
    """Tell whether a message may go there; without TLS (`secure`) to allowed networks only."""
    plain = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    address = plain or address
    if any(address in network for network in allowed if network.version == address.version):
        return True
    return secure and is_public(address)
