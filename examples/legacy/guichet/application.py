"""The application: routes, the log-in in front of them, and the faults on order."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule

from guichet.complaints import Complaints, saves
from guichet.door import Door
from guichet.failing import cookie_of
from guichet.fatal import FATAL
from guichet.forms import Forms
from guichet.images import image
from guichet.misbehavior import Fault, Order
from guichet.modules import FORMS, WIZARD
from guichet.office import Office, sent_form
from guichet.page_state import PageStateError
from guichet.sessions import Session
from guichet.settings import Settings

LOOPBACK = {"127.0.0.1", "::1"}
ROUTES = Map(
    [
        Rule("/", endpoint="door", methods=["GET"]),
        Rule("/ouverture", endpoint="log_in", methods=["POST"]),
        Rule("/code", endpoint="take_code", methods=["POST"]),
        Rule("/cadre", endpoint="frameset"),
        Rule("/menu", endpoint="menu"),
        Rule("/accueil", endpoint="home"),
        Rule("/adresse/<int:page>", endpoint="address"),
        Rule("/<any(remboursement, absence, demande):module>", endpoint="form"),
        Rule("/municipalites", endpoint="municipalities"),
        Rule("/recherche", endpoint="search"),
        Rule("/plainte", endpoint="complaint"),
        Rule("/registre", endpoint="complaints"),
        Rule("/registre/<number>", endpoint="complaint_detail"),
        Rule("/registre/<number>/piece/<int:rank>", endpoint="complaint_piece"),
        Rule("/img/<name>.gif", endpoint="image"),
        Rule("/fermer", endpoint="log_out"),
        Rule("/__mal", endpoint="misbehave", methods=["POST"]),
    ]
)


class Application:
    """The WSGI application."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self._office = Office(settings, clock)
        self._door = Door(self._office)
        forms, complaints = Forms(self._office), Complaints(self._office)
        self._open_to_all: dict[str, Callable[..., Response]] = {
            "door": self._door.show,
            "log_in": self._door.log_in,
            "take_code": self._door.take_code,
            "image": image,
        }
        self._for_clerks: dict[str, Callable[..., Response]] = {
            "frameset": self._frameset,
            "menu": self._menu,
            "home": self._home,
            "address": forms.address,
            "form": forms.form,
            "municipalities": forms.municipalities,
            "search": forms.search,
            "complaint": complaints.form,
            "complaints": complaints.list,
            "complaint_detail": complaints.detail,
            "complaint_piece": complaints.piece,
            "log_out": self._door.log_out,
        }

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
        if endpoint == "misbehave":
            return self._misbehave(request)
        refused = self._door.refused(request)
        if refused:
            return refused
        if endpoint in self._open_to_all:
            self._office.failing.before(request, commits=False)
            return self._open_to_all[endpoint](request, **arguments)
        self._office.failing.before(request, commits=_commits(request))
        session = self._office.sessions.get(cookie_of(request))
        if session is None:
            return self._office.session_lost(request)
        try:
            return self._for_clerks[endpoint](request, session, **arguments)
        except PageStateError:
            return self._office.page("etat.html")

    def _frameset(self, _request: Request, _session: Session) -> Response:
        return self._office.page("cadre.html")

    def _menu(self, request: Request, _session: Session) -> Response:
        return self._office.page("menu.html", is_folded=self._office.failing.folds_menu(request))

    def _home(self, _request: Request, _session: Session) -> Response:
        return self._office.page("accueil.html")

    def _misbehave(self, request: Request) -> Response:
        if not self._office.settings.misbehave or request.remote_addr not in LOOPBACK:
            raise NotFound
        given = sent_form(request).fields
        if given.get("fault", "none") == "none":
            self._office.faults.clear()
            return Response("ok\n")
        try:
            fault, order = _ordered(given)
        except ValueError:
            told = f"fault: {', '.join(Fault)}; text: {', '.join(FATAL)}; count, seconds: numbers\n"
            return Response(told, status=400)
        self._office.faults.order(fault, order)
        return Response("ok\n")


def create_application(settings: Settings) -> Application:
    """Return the application, ready to be served."""
    return Application(settings)


def _commits(request: Request) -> bool:
    if request.method != "POST":
        return False
    if request.path == "/plainte":
        return saves(sent_form(request))
    return request.path == f"/adresse/{len(WIZARD)}" or request.path.lstrip("/") in FORMS


def _ordered(given: dict[str, str]) -> tuple[Fault, Order]:
    text = given.get("text", "")
    if text and text not in FATAL:
        raise ValueError(text)
    left = int(given["count"]) if "count" in given else None
    seconds = float(given.get("seconds", "0"))
    return Fault(given["fault"]), Order(left, given.get("path", ""), seconds, text)
