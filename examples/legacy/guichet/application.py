"""The application: routes, the log-in in front of them, and the faults on order."""

import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, ServiceUnavailable
from werkzeug.routing import Map, Rule

from guichet import tables
from guichet.checks import Checked
from guichet.database import Deposits
from guichet.latin1 import decoded, encoded
from guichet.misbehavior import Fault, Misbehavior, Order
from guichet.modules import DETAILS, FORMS, ROWS, WIZARD
from guichet.sessions import Session, Sessions

COOKIE = "GUICHETSID"
LOOPBACK = {"127.0.0.1", "::1"}
ROUTES = Map(
    [
        Rule("/", endpoint="door", methods=["GET"]),
        Rule("/ouverture", endpoint="log_in", methods=["POST"]),
        Rule("/cadre", endpoint="frameset"),
        Rule("/menu", endpoint="menu"),
        Rule("/accueil", endpoint="home"),
        Rule("/adresse/<int:page>", endpoint="address"),
        Rule("/<any(remboursement, absence, demande):module>", endpoint="form"),
        Rule("/municipalites", endpoint="municipalities"),
        Rule("/recherche", endpoint="search"),
        Rule("/fermer", endpoint="log_out"),
        Rule("/__mal", endpoint="misbehave", methods=["POST"]),
    ]
)
OPEN_TO_ALL = {"door", "log_in", "misbehave"}


@dataclass(frozen=True, slots=True)
class Settings:
    """How the application is run."""

    database: Path
    username: str = "commis"
    password: str = "papier"
    session_s: float = 1200
    misbehave: bool = False


class Application:
    """The WSGI application."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        self._deposits = Deposits(settings.database)
        self._sessions = Sessions(idle_s=settings.session_s, clock=clock)
        self._faults = Misbehavior()
        folder = Path(__file__).parent / "templates"
        self._templates = Environment(loader=FileSystemLoader(folder), autoescape=True)
        self._templates.globals.update(tables=tables, rows=ROWS, details=DETAILS)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        try:
            response: Any = self._answer(request)
        except HTTPException as problem:
            response = problem
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        endpoint, arguments = ROUTES.bind_to_environ(request.environ).match()
        if endpoint != "misbehave":
            self._before(request)
        if endpoint in OPEN_TO_ALL:
            return getattr(self, f"_{endpoint}")(request)
        session = self._sessions.get(request.cookies.get(COOKIE, ""))
        if session is None:
            return self._page("ouverture.html", expired=True)
        return getattr(self, f"_{endpoint}")(request, session, **arguments)

    def _before(self, request: Request) -> None:
        commits = request.method == "POST" and _commits(request.path)
        slow = self._faults.strikes(Fault.SLOW, request.path, by_default=True)
        if slow:
            time.sleep(slow.seconds)
        if self._faults.strikes(Fault.ERROR, request.path, by_default=commits):
            raise InternalServerError
        if self._faults.strikes(Fault.SESSION, request.path, by_default=commits):
            self._sessions.close(request.cookies.get(COOKIE, ""))
        if self._faults.strikes(
            Fault.DOWN, request.path, by_default=request.path.startswith("/recherche")
        ):
            raise ServiceUnavailable

    def _door(self, _request: Request) -> Response:
        return self._page("ouverture.html")

    def _log_in(self, request: Request) -> Response:
        given = decoded(request.get_data())
        expected = (self._settings.username, self._settings.password)
        if (given.get("USAGER"), given.get("MDP")) != expected:
            return self._page("ouverture.html", error="Code d'usager ou mot de passe erroné.")
        response = Response(status=302, headers={"Location": "/cadre"})
        response.set_cookie(COOKIE, self._sessions.open(), httponly=True)
        return response

    def _log_out(self, request: Request, _session: Session) -> Response:
        self._sessions.close(request.cookies.get(COOKIE, ""))
        return self._page("ouverture.html")

    def _frameset(self, _request: Request, _session: Session) -> Response:
        return self._page("cadre.html")

    def _menu(self, _request: Request, _session: Session) -> Response:
        return self._page("menu.html")

    def _home(self, _request: Request, _session: Session) -> Response:
        return self._page("accueil.html")

    def _address(self, request: Request, session: Session, *, page: int) -> Response:
        if not 1 <= page <= len(WIZARD):
            raise NotFound
        if request.method == "GET":
            session.carried = {}
            return self._page("adresse1.html", answers={})
        given = decoded(request.get_data())
        checked = WIZARD[page - 1](given)
        if checked.errors:
            answers = {**session.carried, **given}
            return self._page(f"adresse{page}.html", answers=answers, errors=checked.errors)
        session.carried = {**session.carried, **given}
        if page < len(WIZARD):
            return self._page(f"adresse{page + 1}.html", answers=session.carried)
        return self._deposit_address(request, session)

    def _deposit_address(self, request: Request, session: Session) -> Response:
        checks = [check(session.carried) for check in WIZARD]
        errors = [error for checked in checks for error in checked.errors]
        if errors:
            return self._page("adresse1.html", answers=session.carried, errors=errors)
        whole = Checked(session.carried)
        for checked in checks:
            whole.values.update(checked.values)
        session.carried = {}
        return self._deposit(request, "adresse", whole)

    def _form(self, request: Request, _session: Session, *, module: str) -> Response:
        title, check = FORMS[module]
        if request.method == "GET":
            return self._page(f"{module}.html", title=title, answers={})
        given = decoded(request.get_data())
        checked = check(given)
        if checked.errors:
            return self._page(f"{module}.html", title=title, answers=given, errors=checked.errors)
        return self._deposit(request, module, checked)

    def _deposit(self, request: Request, module: str, checked: Checked) -> Response:
        fields = {name: value for name, value in checked.values.items() if name != "ref"}
        reference = str(checked.values["ref"])
        number = self._deposits.add(module, reference=reference, fields=fields, at=self._clock())
        if self._faults.strikes(Fault.LOST_ANSWER, request.path, by_default=True):
            _drop(request)
        if self._faults.strikes(Fault.ERROR_AFTER, request.path, by_default=True):
            raise InternalServerError
        return self._page("accuse.html", number=number, reference=reference)

    def _municipalities(self, request: Request, _session: Session) -> Response:
        part = decoded(request.query_string).get("Q")
        found = tables.municipalities(part) if part else {}
        return self._page("municipalites.html", part=part, found=found)

    def _search(self, request: Request, _session: Session) -> Response:
        reference = decoded(request.get_data()).get("REF") if request.method == "POST" else None
        hits = self._deposits.search(reference) if reference else []
        return self._page("recherche.html", reference=reference, hits=hits)

    def _misbehave(self, request: Request) -> Response:
        if not self._settings.misbehave or request.remote_addr not in LOOPBACK:
            raise NotFound
        given = decoded(request.get_data())
        if given.get("fault", "none") == "none":
            self._faults.clear()
            return Response("ok\n")
        try:
            fault = Fault(given["fault"])
            left = int(given["count"]) if "count" in given else None
            seconds = float(given.get("seconds", "0"))
        except ValueError:
            return Response(f"fault: {', '.join(Fault)}; count, seconds: numbers\n", status=400)
        self._faults.order(fault, Order(left=left, path=given.get("path", ""), seconds=seconds))
        return Response("ok\n")

    def _page(self, template: str, **values: object) -> Response:
        page = self._templates.get_template(template).render(**values)
        return Response(
            encoded(page),
            content_type="text/html; charset=ISO-8859-1",
            headers={"Cache-Control": "no-store"},
        )


def create_application(settings: Settings) -> Application:
    """Return the application, ready to be served."""
    return Application(settings)


def _commits(path: str) -> bool:
    return path == f"/adresse/{len(WIZARD)}" or path.lstrip("/") in FORMS


def _drop(request: Request) -> None:
    """Close the connection under the server's feet, as a dying machine does."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError
