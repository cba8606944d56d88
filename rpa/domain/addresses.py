"""Addresses of servers: which are on this machine."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Say whether ``host``, a name or an address, is this machine and no other."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
