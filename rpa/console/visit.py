"""One request of one browser: what it asks, who it is, in which language."""

import dataclasses
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from starlette.requests import Request

from rpa.domain.addresses import neighborhood
from rpa.domain.person import Person
from rpa.i18n import Language
from rpa.register.sessions import Session
from rpa.steps.desk import Desk
from rpa.steps.log_in import session_of

FORM_FIELD: Final = "jeton"
LANGUAGE_COOKIE: Final = "rpa_langue"
YEAR_S: Final = 31_536_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody handed over; it is gone with the request."""

    name: str
    file: BinaryIO = dataclasses.field(repr=False)

    def read(self) -> bytes:
        """Return its bytes."""
        self.file.seek(0)
        return self.file.read()


@dataclass(frozen=True, slots=True)
class Visit:
    """A request with what is known of whoever makes it."""

    desk: Desk
    request: Request
    language: Language
    session: Session | None
    person: Person | None
    form_key: str = dataclasses.field(repr=False)
    """What this browser's forms are signed with: its session, or a cookie of a visitor."""
    form: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    upload: Upload | None = None

    @property
    def path(self) -> str:
        """The page's address on this server."""
        return self.request.url.path

    @property
    def here(self) -> str:
        """The page's address with its parameters; a form sent to it leads to the first page."""
        if self.request.method != "GET":
            return "/"
        return f"{self.path}?{self.request.url.query}" if self.request.url.query else self.path

    @property
    def address(self) -> str:
        """Where the request comes from; used to slow guessing down, kept as a keyed digest."""
        return address_of(self.request)

    @property
    def device(self) -> str:
        """What the browser shows of who has logged in from it before."""
        cookie = device_cookie(secure=is_secure(self.request, self.desk))
        return self.request.cookies.get(cookie, "")

    @property
    def token(self) -> str:
        """What a form of this browser must send back."""
        return self.desk.accounts.seal.mark(self.form_key, use="form")

    def said(self, name: str) -> str:
        """Return a field of the form, without spaces around it."""
        return self.form.get(name, "").strip()

    def named(self, name: str) -> str:
        """Return a part of the address, as the route names it."""
        return str(self.request.path_params.get(name, ""))

    def asked(self, name: str) -> str:
        """Return a parameter of the address."""
        return self.request.query_params.get(name, "")


def address_of(request: Request) -> str:
    """Return what a visitor's address counts as; behind a reverse proxy, as the proxy tells it."""
    return neighborhood(request.client.host) if request.client else ""


def is_secure(request: Request, desk: Desk) -> bool:
    """Say whether cookies may go by HTTPS alone."""
    return desk.is_secure or request.url.scheme == "https"


def session_cookie(*, secure: bool) -> str:
    """Return the cookie's name; its prefix makes browsers hold it to this host (RFC 6265bis)."""
    return "__Host-rpa_session" if secure else "rpa_session"


def form_cookie(*, secure: bool) -> str:
    """Return the name of the cookie that signs a visitor's forms."""
    return "__Host-rpa_visite" if secure else "rpa_visite"


def device_cookie(*, secure: bool) -> str:
    """Return the name of the cookie of a browser that somebody has logged in from."""
    return "__Host-rpa_appareil" if secure else "rpa_appareil"


def visit_of(request: Request, desk: Desk) -> Visit:
    """Return who asks."""
    secure = is_secure(request, desk)
    secret = request.cookies.get(session_cookie(secure=secure), "")
    session = session_of(secret, desk.accounts)
    person = desk.accounts.register.person(session.person_id) if session else None
    if person is not None and not person.is_active:
        session = person = None
    visitor = request.cookies.get(form_cookie(secure=secure)) or secrets.token_urlsafe(16)
    return Visit(
        desk=desk,
        request=request,
        language=_language(request, person),
        session=session,
        person=person,
        form_key=session.digest if session else visitor,
    )


def _language(request: Request, person: Person | None) -> Language:
    if person is not None:
        return person.language
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in {"fr", "en"}:
        return "en" if chosen == "en" else "fr"
    return "en" if request.url.path == "/verify" else "fr"
