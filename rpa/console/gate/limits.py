"""What one visitor, and all of them together, may take of the server."""

import resource
from dataclasses import dataclass
from typing import Final

KEPT_DESCRIPTORS: Final = 160
"""For the register, the store, the children that check documents, and what is open anyway."""
EACH_TAKES: Final = 2
"""Descriptors of a visitor: the connection, and perhaps the file that comes in."""
MOST_CONNECTIONS: Final = 1_000
FEWEST_CONNECTIONS: Final = 16
CONNECTIONS_EACH: Final = 32
"""From one address: five browsers behind it, each with as many as browsers open."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """How long each part of a conversation may take."""

    headers_s: float = 10.0
    """From the connection, or the end of the last answer, to the end of a request's headers."""
    idle_s: int = 5
    """A connection without a byte after an answer."""
    grace_s: float = 20.0
    """A body, or the reading of an answer, may take so long,"""
    least_rate: float = 4_000.0
    """and a second more for so many bytes,"""
    most_s: float = 600.0
    """and never longer than this."""
    linger_s: float = 5.0
    """What still comes in after the answer is thrown away for so long."""
    handshake_s: float = 10.0
    """To agree on TLS, or to take leave of it."""


PATIENT: Final = Pacing()


@dataclass(frozen=True, slots=True)
class GateLimits:
    """How many connections are held, and how long they may take."""

    connections: int
    """In all."""
    each: int
    """From one address; an IPv6 address counts as its /64."""
    proxies: tuple[str, ...] = ()
    """Reverse proxies: many visitors come from one of these addresses."""
    pacing: Pacing = PATIENT


def connections_here(wanted: int | None = None) -> int:
    """Return how many connections this process can hold: what is wanted, if descriptors suffice."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted or MOST_CONNECTIONS
    can = max(FEWEST_CONNECTIONS, (soft - KEPT_DESCRIPTORS) // EACH_TAKES)
    return min(wanted or MOST_CONNECTIONS, can)
