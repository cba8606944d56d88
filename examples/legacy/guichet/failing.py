"""Does what the faults on order say, before a request, around a deposit and on pages."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import NoReturn

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from guichet.fatal import FATAL
from guichet.latin1 import encoded
from guichet.misbehavior import Fault, Misbehavior, Order
from guichet.sessions import Sessions

COOKIE = "GUICHETSID"
HTML = "text/html; charset=ISO-8859-1"
SEARCHES = ("/recherche", "/registre")
LATE_S = 2
"""Seconds until a late field is enabled, where an order says none."""
BEGINNING = '<html><head><title>GUICHET 3.1</title></head><body bgcolor="#ffffee"><br>\n'


class Failing:
    """The application's bad days."""

    def __init__(self, faults: Misbehavior, sessions: Sessions) -> None:
        self._faults = faults
        self._sessions = sessions

    def before(self, request: Request, *, commits: bool) -> None:
        """Let the faults strike that come before anything is kept.

        Raises:
            HTTPException: This is the answer.
            ConnectionAbortedError: There is no answer.
        """
        slow = self._faults.strikes(Fault.SLOW, request.path, by_default=True)
        if slow:
            time.sleep(slow.seconds)
        acts: dict[Fault, Callable[[Request, Order], None]] = {
            Fault.ERROR: _fail,
            Fault.CUT: _drop,
            Fault.FATAL: _die,
            Fault.SESSION: lambda request, _order: self._sessions.close(cookie_of(request)),
            Fault.STOLEN: lambda request, _order: self._sessions.end(cookie_of(request)),
        }
        for fault, act in acts.items():
            order = self._faults.strikes(fault, request.path, by_default=commits)
            if order:
                act(request, order)
        if self._faults.strikes(Fault.DOWN, request.path, by_default=request.path in SEARCHES):
            raise ServiceUnavailable

    def around(self, request: Request, keep: Callable[[], str]) -> str:
        """Keep a deposit and return its number, unless a fault strikes.

        Raises:
            HTTPException: This is the answer.
            ConnectionAbortedError: There is no answer.
        """
        late = self._faults.strikes(Fault.LATE_COMMIT, request.path, by_default=True)
        if late:
            timer = threading.Timer(late.seconds, keep)
            timer.daemon = True
            timer.start()
            _drop(request, late)
        number = keep()
        acts: dict[Fault, Callable[[Request, Order], None]] = {
            Fault.LOST_ANSWER: _drop,
            Fault.ERROR_AFTER: _fail,
            Fault.FATAL_AFTER: _die,
            Fault.HANG: _hang,
        }
        for fault, act in acts.items():
            order = self._faults.strikes(fault, request.path, by_default=True)
            if order:
                act(request, order)
        return number

    def loses_session(self, request: Request) -> bool:
        """Say whether the session is lost now that the deposit is kept; it is forgotten here."""
        if not self._faults.strikes(Fault.SESSION_AFTER, request.path, by_default=True):
            return False
        self._sessions.close(cookie_of(request))
        return True

    def warns(self, request: Request) -> bool:
        """Say whether a form is not shown because nobody says where the request comes from."""
        if request.method != "GET" or request.headers.get("Referer"):
            return False
        return self._faults.strikes(Fault.REFERER, request.path, by_default=True) is not None

    def with_late_field(self, page: str, request: Request) -> str:
        """Return a form's page, its first text field disabled for a while where that is ordered."""
        order = self._faults.strikes(Fault.LATE_FIELD, request.path, by_default=True)
        if order is None:
            return page
        found = re.sub(r'<input type="text"', '<input disabled type="text"', page, count=1)
        wait = int(1000 * (order.seconds or LATE_S))
        enable = "document.querySelector('input[disabled]').disabled = false"
        script = f'<script language="JavaScript">setTimeout("{enable}", {wait});</script>'
        return found.replace("</body>", f"{script}</body>")

    def folds_menu(self, request: Request) -> bool:
        """Say whether the menu hides its entries."""
        order = self._faults.strikes(Fault.FOLDED_MENU, request.path, by_default=True)
        return order is not None

    def index_delay_s(self, request: Request, *, usual: float) -> float:
        """Return the seconds until a search shows what was kept."""
        order = self._faults.strikes(Fault.SLOW_INDEX, request.path, by_default=True)
        return order.seconds if order else usual


def cookie_of(request: Request) -> str:
    """Return the session identifier that the browser sent."""
    return request.cookies.get(COOKIE, "")


def _fail(_request: Request, _order: Order) -> NoReturn:
    raise InternalServerError


def _die(_request: Request, order: Order) -> NoReturn:
    raise HTTPException(response=Response(encoded(FATAL[order.text or "php"]), content_type=HTML))


def _drop(request: Request, _order: Order) -> NoReturn:
    """Close the connection under the server's feet, as a dying machine does."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


def _hang(_request: Request, order: Order) -> NoReturn:
    """Begin an answer that promises more than comes."""
    beginning = encoded(BEGINNING)
    length = {"Content-Length": str(10 * len(beginning))}

    def pieces() -> Iterator[bytes]:
        yield beginning
        time.sleep(order.seconds)

    raise HTTPException(response=Response(pieces(), content_type=HTML, headers=length))
