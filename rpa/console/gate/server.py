"""Uvicorn's server, with our gate in front of it."""

import logging
import ssl
from collections.abc import Callable
from socket import socket
from typing import Final

import uvicorn

from rpa.console.gate.acceptor import Acceptor
from rpa.console.gate.guests import Guests
from rpa.console.gate.limits import GateLimits
from rpa.console.gate.protocol import PacedProtocol

log = logging.getLogger("rpa.console")

SWEEP_TICKS: Final = 10
"""A tick of uvicorn's is a tenth of a second."""
TELL_TICKS: Final = 600


class GatedServer(uvicorn.Server):
    """Serves as uvicorn does; connections come in by :class:`Acceptor`."""

    def __init__(self, config: uvicorn.Config, limits: GateLimits) -> None:
        """Prepare; started as any of uvicorn's."""
        super().__init__(config)
        self._limits = limits
        self._guests = Guests(most=limits.connections, each=limits.each)
        self._acceptors: list[Acceptor] = []

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Start the application, then open the gate on ``sockets``."""
        await super().startup(sockets=[])
        tls: ssl.SSLContext | None = self.config.ssl
        for listening in sockets or []:
            listening.listen(self.config.backlog)
            acceptor = Acceptor(
                listening, self._protocol, self._guests, limits=self._limits, tls=tls
            )
            self._acceptors.append(acceptor)
            acceptor.open()

    async def on_tick(self, counter: int) -> bool:
        """Send away who is too slow, and tell now and then what the gate had to do."""
        if counter % SWEEP_TICKS == 0:
            for acceptor in self._acceptors:
                acceptor.sweep()
        if counter % TELL_TICKS == 0:
            self._tell()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Close the gate, and let those who are inside finish."""
        for acceptor in self._acceptors:
            acceptor.close()
        await super().shutdown(sockets)

    def _protocol(self, on_lost: Callable[[], None]) -> PacedProtocol:
        return PacedProtocol(
            self.config,
            self.server_state,
            self.lifespan.state,
            pacing=self._limits.pacing,
            on_lost=on_lost,
        )

    def _tell(self) -> None:
        """Put down how many were sent away; addresses of visitors are personal information."""
        for acceptor in self._acceptors:
            if tally := acceptor.take_tally():
                log.warning(
                    "gate: %d sent away, %d too slow, %d times without descriptors; %d are here",
                    tally.sent_away,
                    tally.too_slow,
                    tally.out_of_descriptors,
                    len(self._guests),
                )
