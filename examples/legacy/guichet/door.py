"""The door: HTTP Basic, user and password, a one-time code, and the way out."""

import secrets
import threading
from base64 import b64encode

from werkzeug import Request, Response

from guichet.failing import COOKIE, cookie_of
from guichet.office import Office, sent_form
from guichet.sessions import Session
from guichet.totp import matching_step

WRONG_PASSWORD = "Code d'usager ou mot de passe erroné."
WRONG_CODE = "Code de vérification erroné."


class Door:
    """Lets people in and out."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._half_in: set[str] = set()
        self._newest_step = 0
        self._lock = threading.Lock()

    def refused(self, request: Request) -> Response | None:
        """Return the refusal of HTTP Basic, if it stands before everything and is not met."""
        expected = self._office.settings.basic
        told = "Basic " + b64encode(expected.encode()).decode()
        if not expected or secrets.compare_digest(request.headers.get("Authorization", ""), told):
            return None
        asked = {"WWW-Authenticate": 'Basic realm="GUICHET"'}
        return Response("401 Authorization Required\n", status=401, headers=asked)

    def show(self, _request: Request) -> Response:
        """Show the log-in box."""
        return self._office.page("ouverture.html")

    def log_in(self, request: Request) -> Response:
        """Take user and password; ask for a code where that is the second step."""
        given = sent_form(request).fields
        expected = (self._office.settings.username, self._office.settings.password)
        if (given.get("USAGER"), given.get("MDP")) != expected:
            return self._office.page("ouverture.html", error=WRONG_PASSWORD)
        if not self._office.settings.totp:
            return self._opened()
        ticket = secrets.token_hex(16)
        with self._lock:
            self._half_in.add(ticket)
        return self._office.page("code.html", ticket=ticket)

    def take_code(self, request: Request) -> Response:
        """Take the one-time code; a wrong one leads back to the password."""
        given = sent_form(request).fields
        if not self._is_good(given.get("JETON", ""), given.get("CODE", "")):
            return self._office.page("ouverture.html", error=WRONG_CODE)
        return self._opened()

    def log_out(self, request: Request, _session: Session) -> Response:
        """End the session."""
        self._office.sessions.close(cookie_of(request))
        return self._office.page("ouverture.html")

    def _is_good(self, ticket: str, code: str) -> bool:
        with self._lock:
            if ticket not in self._half_in:
                return False
            self._half_in.remove(ticket)
            step = matching_step(self._office.settings.totp, code, at=self._office.clock())
            if step is None or (self._office.settings.totp_once and step <= self._newest_step):
                return False
            self._newest_step = step
            return True

    def _opened(self) -> Response:
        identifier, ended = self._office.sessions.open()
        self._office.deposits.note_log_in(at=self._office.clock(), ended=ended)
        response = Response(status=302, headers={"Location": "/cadre"})
        response.set_cookie(COOKIE, identifier, httponly=True)
        return response
