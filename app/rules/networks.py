"""Which IP addresses webhooks may be sent to: public ones, and the networks a deployment allows."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Networks that `is_global` accepts although their traffic ends at another host: translated, tunnelled or relayed.
_TRANSLATED: Final[tuple[Network, ...]] = (
    IPv4Network("100.64.0.0/10"),  # carrier-grade NAT, and Aliyun's metadata service 100.100.100.200
    IPv4Network("192.88.99.0/24"),  # 6to4 relays
    IPv6Network("64:ff9b::/96"),  # NAT64
    IPv6Network("64:ff9b:1::/48"),  # NAT64, local
    IPv6Network("2002::/16"),  # 6to4
    IPv6Network("2001::/32"),  # Teredo
    IPv6Network("fec0::/10"),  # site-local, deprecated
)
_UNICAST: Final = IPv6Network("2000::/3")  # all global unicast


def is_public(address: Address) -> bool:
    """Return whether the address is public: everybody reaches the same host by it."""
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    translated = any(address in network for network in _TRANSLATED if network.version == address.version)
    return address.is_global and not address.is_multicast and not translated


def may_reach(address: Address, allowed: Iterable[Network], *, secure: bool) -> bool:
    """Return whether a message may be sent there. Without TLS (`secure` is False) only to `allowed` networks."""
    ipv4 = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    address = ipv4 or address
    if any(address in network for network in allowed if network.version == address.version):
        return True
    return secure and is_public(address)
