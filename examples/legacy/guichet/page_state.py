"""The state that a page carries in a hidden field, signed, and must bring back once.

As ``__VIEWSTATE`` does: what the page was showing travels with it. Only the state that was given
out last for a page is good, for the session that it was given to, and only once.
"""

import base64
import hmac
import json
import secrets
import threading
from collections.abc import Mapping

from guichet.sessions import Session

FIELD = "__VIEWSTATE"


class PageStateError(Exception):
    """A page state is missing, was changed, is stale or was used before."""


class PageStates:
    """Gives states out and takes them back. Safe from several threads."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._given = 0
        self._lock = threading.Lock()

    def give(self, session: Session, page: str, shown: Mapping[str, str]) -> str:
        """Return a state of ``page``; the one given before for it becomes stale."""
        with self._lock:
            self._given += 1
            session.newest_states[page] = self._given
            content = [session.identifier, page, self._given, dict(shown)]
        body = json.dumps(content).encode()
        return base64.b64encode(body + self._signature(body)).decode()

    def take(self, session: Session, page: str, state: str) -> dict[str, str]:
        """Return what ``page`` was showing.

        Raises:
            PageStateError: The state is not the one that is good now.
        """
        identifier, of_page, number, shown = self._opened(state)
        with self._lock:
            good = identifier == session.identifier and session.newest_states.get(page) == number
            if of_page != page or not good:
                raise PageStateError
            del session.newest_states[page]
        return shown

    def _opened(self, state: str) -> tuple[str, str, int, dict[str, str]]:
        try:
            whole = base64.b64decode(state, validate=True)
        except ValueError as error:
            raise PageStateError from error
        body, signature = whole[:-32], whole[-32:]
        if not hmac.compare_digest(self._signature(body), signature):
            raise PageStateError
        identifier, page, number, shown = json.loads(body)
        return identifier, page, number, shown

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self._secret, body, "sha256")
