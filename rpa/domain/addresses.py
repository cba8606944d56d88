"""Addresses of servers: which are on this machine."""

import ipaddress
from collections.abc import Iterable


def is_loopback(host: str) -> bool:
    """Say whether ``host``, a name or an address, is this machine and no other."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def neighborhood(host: str) -> str:
    """Return what a visitor's address counts as: itself, or the /64 of an IPv6 address.

    Whoever has one address of a /64 has all of them (RFC 6177), so counting single addresses
    would count nothing. An IPv4 address that is written as IPv6 (RFC 4291, 2.5.5.2) is the IPv4
    one. What is no address counts as it stands.
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def is_within(host: str, places: Iterable[str]) -> bool:
    """Say whether ``host`` is one of ``places``: addresses, networks (``10.0.0.0/8``), or ``*``."""
    return any(place in ("*", host) or _is_in(host, place) for place in places)


def _is_in(host: str, network: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
        return address in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
