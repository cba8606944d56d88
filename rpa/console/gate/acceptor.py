"""Takes connections from a listening socket, as many as there is room for.

Connections are counted from the moment they are accepted, so that those that never finish the TLS
handshake count, too. One descriptor is kept in reserve: where the process has none left, it is
given up for the moment that it takes to say so and hang up; a listener that could not accept would
spin, and its visitors would wait for nothing.
"""

import asyncio
import errno
import os
import socket
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from rpa.console.gate.guests import Guests
from rpa.console.gate.limits import GateLimits
from rpa.console.gate.protocol import PacedProtocol
from rpa.console.gate.refusal import BUSY
from rpa.domain.addresses import is_within, neighborhood

AT_A_TIME: Final = 8
"""Connections taken before those taken earlier get their turn.

A request is read some turns after its connection was taken: in these, one address must not use up
its whole share, or a flood would push whole requests out before they are read.
"""
MOST_SENT_AWAY: Final = 32
"""So many who were sent away may read why before they are hung up on."""
REST_S: Final = 0.25
NO_DESCRIPTOR: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

MakeProtocol = Callable[[Callable[[], None]], PacedProtocol]
"""Makes a protocol, given what it calls when its connection is over."""


@dataclass(slots=True)
class Tally:
    """What the gate had to do, since it was last told."""

    sent_away: int = 0
    too_slow: int = 0
    out_of_descriptors: int = 0

    def __bool__(self) -> bool:
        """Say whether there is anything to tell."""
        return bool(self.sent_away or self.too_slow or self.out_of_descriptors)


class Visitor:
    """A connection, from its acceptance to its end."""

    def __init__(self, taken: socket.socket, address: str, now: float) -> None:
        """Count from ``now``; the conversation begins later, by TLS after the handshake."""
        self.address = address
        self.protocol: PacedProtocol | None = None
        self.opening: asyncio.Task[None] | None = None
        self._socket = taken
        self._came_at = now

    @property
    def conversing(self) -> PacedProtocol | None:
        """The protocol, once the connection is made."""
        protocol = self.protocol
        # Between acceptance and the end of the handshake there is none to speak of.
        return protocol if protocol is not None and protocol.is_made else None

    def unfinished_since(self) -> float | None:
        """Return since when a whole request has been waited for."""
        if (conversing := self.conversing) is None:
            return self._came_at
        conversing.look()
        return conversing.waited_since()

    def leave(self) -> None:
        """End the connection now."""
        if (conversing := self.conversing) is not None:
            conversing.end()
        elif self.opening is not None:
            self.opening.cancel()
            self._socket.close()


class Acceptor:
    """One listening socket."""

    def __init__(
        self,
        listening: socket.socket,
        make: MakeProtocol,
        guests: Guests,
        *,
        limits: GateLimits,
        tls: ssl.SSLContext | None,
    ) -> None:
        """Prepare; :meth:`open` begins."""
        self._tally = Tally()
        self._listening, self._make, self._guests = listening, make, guests
        self._limits, self._tls = limits, tls
        self._loop = asyncio.get_running_loop()
        self._reserve: int | None = os.open(os.devnull, os.O_RDONLY)
        self._sent_away: deque[socket.socket] = deque()
        self._is_open = False

    def open(self) -> None:
        """Begin to take connections."""
        self._listening.settimeout(0)
        self._is_open = True
        self._loop.add_reader(self._listening, self._take)

    def close(self) -> None:
        """Take no more; those that are here stay."""
        self._is_open = False
        self._loop.remove_reader(self._listening)
        self.hang_up()
        if self._reserve is not None:
            os.close(self._reserve)
            self._reserve = None

    def take_tally(self) -> Tally:
        """Return what there was to do since the last call."""
        told, self._tally = self._tally, Tally()
        return told

    def sweep(self) -> None:
        """End the connections of those who are too slow; called about once a second."""
        for guest in self._guests:
            if isinstance(guest, Visitor) and (conversing := guest.conversing) is not None:
                self._tally.too_slow += conversing.end_if_overdue()
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connections of those who were sent away."""
        while self._sent_away:
            _close(self._sent_away.popleft())

    def _take(self) -> None:
        for _each in range(AT_A_TIME):
            try:
                taken, peer = self._listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in NO_DESCRIPTOR:
                    raise
                self._without_descriptor()
                return
            self._received(taken, str(peer[0]))

    def _received(self, taken: socket.socket, host: str) -> None:
        taken.settimeout(0)
        now = self._loop.time()
        address = "" if is_within(host, self._limits.proxies) else neighborhood(host)
        if not self._guests.has_room(address, now):
            self._send_away(taken)
            return
        visitor = Visitor(taken, address, now)
        self._guests.admit(visitor)
        visitor.opening = self._loop.create_task(self._opened(visitor, taken))

    async def _opened(self, visitor: Visitor, taken: socket.socket) -> None:
        def made() -> PacedProtocol:
            visitor.protocol = self._make(lambda: self._guests.gone(visitor))
            return visitor.protocol

        handshake_s = self._limits.pacing.handshake_s if self._tls else None
        try:
            await self._loop.connect_accepted_socket(
                made,
                taken,
                ssl=self._tls,
                ssl_handshake_timeout=handshake_s,
                ssl_shutdown_timeout=handshake_s,
            )
        except (OSError, ssl.SSLError):  # no TLS, or gone already; TimeoutError is one of them
            self._guests.gone(visitor)
            taken.close()
        except asyncio.CancelledError:
            self._guests.gone(visitor)
            taken.close()
            raise

    def _send_away(self, taken: socket.socket) -> None:
        self._tally.sent_away += 1
        self._say_busy(taken)
        if len(self._sent_away) >= MOST_SENT_AWAY:
            _close(self._sent_away.popleft())
        self._sent_away.append(taken)

    def _say_busy(self, taken: socket.socket) -> None:
        with suppress(OSError):
            if self._tls is None:
                taken.send(BUSY)
            taken.shutdown(socket.SHUT_WR)

    def _without_descriptor(self) -> None:
        """Answer one visitor by the descriptor kept in reserve, or rest a while."""
        self._tally.out_of_descriptors += 1
        self.hang_up()
        self._guests.make_room(self._loop.time())
        if self._reserve is not None:
            os.close(self._reserve)
            self._reserve = None
        with suppress(OSError):
            taken, _peer = self._listening.accept()
            taken.settimeout(0)
            self._say_busy(taken)
            _close(taken)
        with suppress(OSError):
            self._reserve = os.open(os.devnull, os.O_RDONLY)
        self._rest()

    def _rest(self) -> None:
        self._loop.remove_reader(self._listening)
        self._loop.call_later(REST_S, self._resume)

    def _resume(self) -> None:
        if self._is_open:
            self._loop.add_reader(self._listening, self._take)


def _close(taken: socket.socket) -> None:
    # What was sent meanwhile is read first: closing on unread bytes would take the answer back.
    with suppress(OSError):
        taken.recv(65_536)
    taken.close()
