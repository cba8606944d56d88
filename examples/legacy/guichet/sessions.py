"""Sessions kept in memory: they expire when idle, and hold a wizard's values between its pages."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Session:
    """One log-in."""

    last_seen: float
    carried: dict[str, str] = field(default_factory=dict)
    """What the wizard's earlier pages were given."""


class Sessions:
    """The live sessions. Safe from several threads."""

    def __init__(self, *, idle_s: float, clock: Callable[[], float]) -> None:
        self._idle_s = idle_s
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def open(self) -> str:
        """Open a session and return its identifier."""
        identifier = secrets.token_hex(16)
        with self._lock:
            self._sessions[identifier] = Session(last_seen=self._clock())
        return identifier

    def get(self, identifier: str) -> Session | None:
        """Return a live session and note that it was seen; None where it expired."""
        now = self._clock()
        with self._lock:
            session = self._sessions.get(identifier)
            if session is None:
                return None
            if now - session.last_seen > self._idle_s:
                del self._sessions[identifier]
                return None
            session.last_seen = now
            return session

    def close(self, identifier: str) -> None:
        """Forget a session."""
        with self._lock:
            self._sessions.pop(identifier, None)
