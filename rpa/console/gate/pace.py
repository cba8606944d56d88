"""Whether a visitor keeps pace: each part of a conversation has its time, and bytes buy more.

Half a request held open costs a visitor nothing and the server a connection, so the time for each
part is bounded, whatever trickles in meanwhile (the bound of a single read is no bound at all).
Seconds are those of a steady clock that is given from outside.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from rpa.console.gate.limits import Pacing

SLOW_AFTER_S: Final = 1.0
"""How soon a body that comes in too slowly is told from a short pause,"""
SLOW_READER_S: Final = 5.0
"""and an answer that is read too slowly: its work is done, so it is borne with for longer."""


class Phase(Enum):
    """Whose turn it is, and at what."""

    HEADERS = "headers"
    """The visitor's: a request, or the rest of its headers."""
    BODY = "body"
    """The visitor's: the body."""
    LEAVING = "leaving"
    """The visitor's: still sending, though the answer is given."""
    OURS = "ours"
    """The console's: the answer is being made; the visitor reads what is there of it."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a conversation stands at a moment."""

    phase: Phase
    received: int = 0
    """Bytes that came in since the connection was made."""
    unread: int = 0
    """Bytes of answers that the visitor has not taken yet."""
    is_held: bool = False
    """We don't read what comes in at the moment: time does not count against the visitor."""


class Pace:
    """Follows one conversation."""

    def __init__(self, pacing: Pacing, now: float) -> None:
        """Begin with the headers of the first request."""
        self._pacing = pacing
        self._last = Look(Phase.HEADERS)
        self._seen_at = now
        self._since = now
        self._received_before = 0
        self._unread_since = now
        self._taken = 0

    @property
    def phase(self) -> Phase:
        """Whose turn it was at the last look."""
        return self._last.phase

    def waited_since(self, now: float) -> float | None:
        """Return since when the visitor has kept us waiting; None where it is not their turn.

        A body that comes in, and an answer that is read, at the least rate keeps nobody waiting.
        """
        if self._last.unread:
            return self._trickling(self._unread_since, self._taken, now, after_s=SLOW_READER_S)
        match self._last.phase:
            case Phase.HEADERS | Phase.LEAVING:
                return self._since
            case Phase.BODY:
                moved = self._last.received - self._received_before
                return self._trickling(self._since, moved, now, after_s=SLOW_AFTER_S)
            case Phase.OURS:
                return None

    def _trickling(self, since: float, moved: int, now: float, *, after_s: float) -> float | None:
        waited = now - since
        is_slow = waited > after_s and moved < waited * self._pacing.least_rate
        return since if is_slow else None

    def saw(self, look: Look, now: float) -> None:
        """Note how the conversation stands now."""
        if look.phase is not self._last.phase:
            self._since, self._received_before = now, look.received
        elif look.is_held:
            self._since += now - self._seen_at
        self._note_unread(look.unread, now)
        self._last, self._seen_at = look, now

    def is_overdue(self, now: float) -> bool:
        """Say whether the visitor has used up the time for what they are at."""
        if self._last.unread and now > self._unread_since + self._allowed(self._taken):
            return True
        return now > self._since + self._phase_s()

    def _phase_s(self) -> float:
        match self._last.phase:
            case Phase.HEADERS:
                return self._pacing.headers_s
            case Phase.BODY:
                return self._allowed(self._last.received - self._received_before)
            case Phase.LEAVING:
                return self._pacing.linger_s
            case Phase.OURS:
                return float("inf")

    def _allowed(self, moved: int) -> float:
        pacing = self._pacing
        return min(pacing.most_s, pacing.grace_s + moved / pacing.least_rate)

    def _note_unread(self, unread: int, now: float) -> None:
        before = self._last.unread
        if not before or unread > before:  # a new answer, or the next part of one
            self._unread_since, self._taken = now, 0
        else:
            self._taken += before - unread
