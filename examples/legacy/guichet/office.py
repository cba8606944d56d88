"""What all pages of the application work with."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from werkzeug import Request, Response

from guichet import tables
from guichet.database import Deposits
from guichet.failing import HTML, Failing, cookie_of
from guichet.latin1 import Form, encoded, form_of
from guichet.misbehavior import Misbehavior
from guichet.modules import DETAILS, ROWS
from guichet.page_state import FIELD, PageStates
from guichet.sessions import Session, Sessions
from guichet.settings import Settings


class Office:
    """The application's parts, and its pages."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.clock = clock
        self.deposits = Deposits(settings.database)
        self.sessions = Sessions(
            idle_s=settings.session_s, clock=clock, single=settings.single_session
        )
        self.states = PageStates()
        self.faults = Misbehavior()
        self.failing = Failing(self.faults, self.sessions)
        folder = Path(__file__).parent / "templates"
        self._templates = Environment(loader=FileSystemLoader(folder), autoescape=True)
        self._templates.globals.update(tables=tables, rows=ROWS, details=DETAILS)

    def page(self, template: str, **values: object) -> Response:
        """Return a page."""
        return _answered(self._rendered(template, **values))

    def form(
        self,
        request: Request,
        session: Session,
        template: str,
        *,
        shown: Mapping[str, str] | None = None,
        **values: object,
    ) -> Response:
        """Return a page with a form; ``shown`` is what its page state carries, if it must."""
        if self.failing.warns(request):
            return self.page("avertissement.html")
        state = None
        if shown is not None or self.settings.page_state:
            state = self.states.give(session, template, shown or {})
        page = self._rendered(template, state=state, **values)
        return _answered(self.failing.with_late_field(page, request))

    def taken_state(self, session: Session, template: str, form: Form) -> dict[str, str]:
        """Return what the page was showing that ``form`` was sent from.

        Raises:
            PageStateError: The page's state is not good.
        """
        return self.states.take(session, template, form.fields.get(FIELD, ""))

    def checked_state(self, session: Session, template: str, form: Form) -> None:
        """Take a form's page state where every form has one.

        Raises:
            PageStateError: The page's state is not good.
        """
        if self.settings.page_state:
            self.taken_state(session, template, form)

    def session_lost(self, request: Request) -> Response:
        """Return what a request without a live session gets."""
        if self.sessions.was_ended(cookie_of(request)):
            return self.page("terminee.html", username=self.settings.username)
        return self.page("ouverture.html", expired=True)

    def index_cutoff(self, request: Request) -> float:
        """Return the time before which a deposit was kept that a search shows."""
        usual = self.settings.index_delay_s
        return self.clock() - self.failing.index_delay_s(request, usual=usual)

    def _rendered(self, template: str, **values: object) -> str:
        return self._templates.get_template(template).render(**values)


def sent_form(request: Request) -> Form:
    """Return what a request brought."""
    return form_of(request.get_data(), request.content_type or "")


def _answered(page: str) -> Response:
    return Response(encoded(page), content_type=HTML, headers={"Cache-Control": "no-store"})
