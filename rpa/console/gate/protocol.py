"""HTTP/1.1 as uvicorn speaks it, with a time for each part of a conversation."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from rpa.console.gate.limits import Pacing
from rpa.console.gate.pace import Look, Pace, Phase

TOO_SLOW: Final = (
    b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n"
    b"Cache-Control: no-store\r\n\r\n"
)


class PacedProtocol(H11Protocol):
    """A connection that is ended where its visitor does not keep pace.

    ``on_lost`` is called once when it is over.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        *,
        pacing: Pacing,
        on_lost: Callable[[], None],
    ) -> None:
        """Prepare a connection that is not made yet."""
        loop = asyncio.get_running_loop()
        super().__init__(config, server_state, app_state, loop)
        self.pace = Pace(pacing, loop.time())
        self._received = 0
        self._on_lost = on_lost
        self._is_ending = False

    @property
    def is_made(self) -> bool:
        """True from the moment the connection stands, by TLS once the handshake is over."""
        return self.flow is not None

    def waited_since(self) -> float | None:
        """Return since when the visitor has kept us waiting; None where it is not their turn."""
        return self.pace.waited_since(self.loop.time())

    def data_received(self, data: bytes) -> None:
        """Take what came in."""
        self._received += len(data)
        super().data_received(data)
        self.look()

    def on_response_complete(self) -> None:
        """Go on to the next request."""
        super().on_response_complete()
        self.look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the gate that the place is free."""
        super().connection_lost(exc)
        self._on_lost()

    def look(self) -> None:
        """Note how the conversation stands."""
        phase = self._phase()
        look = Look(
            phase,
            received=self._received,
            unread=self.transport.get_write_buffer_size(),
            is_held=phase is Phase.BODY and self.flow.read_paused,
        )
        self.pace.saw(look, self.loop.time())

    def end_if_overdue(self) -> bool:
        """End a connection whose visitor is too slow, and say whether it was."""
        self.look()
        if self._is_ending:  # told so a while ago, and still here
            self.transport.abort()
            return False
        if not self.pace.is_overdue(self.loop.time()):
            return False
        self.end()
        return True

    def end(self) -> None:
        """Say that it took too long where that can still be said, and end the connection."""
        self._is_ending = True
        says_nothing = self.pace.phase is Phase.LEAVING or self.transport.get_write_buffer_size()
        if says_nothing or not self._received:
            self.transport.abort()
            return
        if self.pace.phase is Phase.BODY:
            self._give_body_up()
        self.transport.write(TOO_SLOW)
        self.transport.close()

    def _give_body_up(self) -> None:
        # The page that waits for the body learns that there won't be one.
        self.cycle.disconnected = True
        self.cycle.message_event.set()

    def _phase(self) -> Phase:
        theirs = self.conn.their_state
        if theirs is h11.IDLE:
            return Phase.HEADERS
        if theirs is not h11.SEND_BODY:
            return Phase.OURS
        return Phase.LEAVING if self.cycle.response_complete else Phase.BODY
