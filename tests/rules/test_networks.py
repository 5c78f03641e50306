"""Where webhooks may go: what is publicly routed, and what a deployment allows besides."""

from ipaddress import ip_address, ip_network

import pytest

from app.rules.networks import is_public, may_reach


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "2606:4700::1111", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_reached_by_tls_only(address: str) -> None:
    assert may_reach(ip_address(address), (), secure=True)
    assert not may_reach(ip_address(address), (), secure=False)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.100.200",
        ),
        *("100.64.0.1", "224.0.0.1", "239.1.1.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
        *("192.88.99.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1"),
        *("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "::7f00:1"),
        *("::ffff:127.0.0.1", "::ffff:100.100.100.200", "::ffff:10.0.0.1", "100::1"),
    ],
)
def test_nothing_is_sent_where_nobody_should_listen(address: str) -> None:
    assert not may_reach(ip_address(address), (), secure=True)


def test_what_python_calls_global_is_not_enough() -> None:
    for address in ("64:ff9b::7f00:1", "224.0.0.1"):
        assert ip_address(address).is_global
        assert not is_public(ip_address(address))


def test_allowed_networks_are_reached_without_tls_too() -> None:
    allowed = (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))
    for address in ("127.0.0.1", "::ffff:127.0.0.1", "fd12::1"):
        assert may_reach(ip_address(address), allowed, secure=False)
    for address in ("10.0.0.1", "::1"):
        assert not may_reach(ip_address(address), allowed, secure=True)
