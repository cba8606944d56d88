"""Sessions kept in memory: they expire when idle, and hold a wizard's values between its pages."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Session:
    """One log-in."""

    identifier: str
    last_seen: float
    carried: dict[str, str] = field(default_factory=dict)
    """What the wizard's earlier pages were given."""
    newest_states: dict[str, int] = field(default_factory=dict)
    """The number of the page state that is still good, by page."""


class Sessions:
    """The live sessions. Safe from several threads."""

    def __init__(self, *, idle_s: float, clock: Callable[[], float], single: bool = False) -> None:
        self._idle_s = idle_s
        self._clock = clock
        self._single = single
        self._sessions: dict[str, Session] = {}
        self._ended: set[str] = set()
        self._lock = threading.Lock()

    def open(self) -> tuple[str, int]:
        """Open a session; return its identifier, and how many others ended where one must do."""
        identifier, now = secrets.token_hex(16), self._clock()
        with self._lock:
            ended: list[Session] = []
            if self._single:
                ended = [one for one in self._sessions.values() if not self._is_idle(one, now)]
                self._ended.update(one.identifier for one in ended)
                self._sessions.clear()
            self._sessions[identifier] = Session(identifier, last_seen=now)
        return identifier, len(ended)

    def get(self, identifier: str) -> Session | None:
        """Return a live session and note that it was seen; None where it expired."""
        now = self._clock()
        with self._lock:
            session = self._sessions.get(identifier)
            if session is None:
                return None
            if self._is_idle(session, now):
                del self._sessions[identifier]
                return None
            session.last_seen = now
            return session

    def close(self, identifier: str) -> None:
        """Forget a session."""
        with self._lock:
            self._sessions.pop(identifier, None)

    def end(self, identifier: str) -> None:
        """End a session as another log-in would."""
        with self._lock:
            if self._sessions.pop(identifier, None):
                self._ended.add(identifier)

    def was_ended(self, identifier: str) -> bool:
        """Say whether another log-in ended this session."""
        with self._lock:
            return identifier in self._ended

    def _is_idle(self, session: Session, now: float) -> bool:
        return now - session.last_seen > self._idle_s
