"""The door between the web and the pages: forms read and checked, errors shown, headers set."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from rpa.console.crowd import FORM_BYTES, Crowd, crowded_words
from rpa.console.gate.budget import Budget
from rpa.console.gate.places import CrowdedError
from rpa.console.rendering import bare_page, go, page
from rpa.console.visit import (
    FORM_FIELD,
    Upload,
    Visit,
    address_of,
    is_secure,
    visit_of,
)
from rpa.domain.errors import ApplicationError, NotFoundError, RpaError
from rpa.i18n import speaking
from rpa.steps.desk import Desk
from rpa.steps.unexpected import place_of

log = logging.getLogger("rpa.console")

Handler = Callable[[Visit], Response]
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class Door:
    """One address of the console."""

    path: str
    handler: Handler
    method: str = "GET"
    is_public: bool = False
    takes_file: bool = False
    """A file is handed over and checked."""
    proves: bool = False
    """A password is hashed, which takes memory and time by intent."""

    def route(self, desk: Desk, crowd: Crowd) -> Route:
        """Return the door as Starlette knows it."""

        async def endpoint(request: Request) -> Response:
            return await _answered(request, self, desk, crowd)

        name = f"{self.method} {self.path}"
        return Route(self.path, endpoint, methods=[self.method], name=name)


async def _answered(request: Request, door: Door, desk: Desk, crowd: Crowd) -> Response:
    """Run a page in a thread of its own: pages are plain functions, as everything beside them."""
    address = address_of(request)
    if request.method != "POST":
        async with crowd.pages.place(address):
            return await run_in_threadpool(_shown, request, door, desk, {}, None)
    limit = FORM_BYTES + (desk.upload_bytes if door.takes_file else 0)
    try:
        with _bounded(request, limit, crowd.incoming):
            async with crowd.coming_in(address, is_file=door.takes_file):
                return await _form_answered(request, door, desk, crowd)
    except MultiPartException as error:
        raise HTTPException(400) from error
    except ClientDisconnect:
        return Response(status_code=400)  # nobody reads it


async def _form_answered(request: Request, door: Door, desk: Desk, crowd: Crowd) -> Response:
    async with request.form(max_files=1, max_fields=30, max_part_size=FORM_BYTES) as form:
        said = {name: text for name, text in form.multi_items() if isinstance(text, str)}
        file = next((f for f in form.values() if isinstance(f, UploadFile) and f.size), None)
        if file is not None and (file.size or 0) > desk.upload_bytes:
            raise HTTPException(413)
        upload = Upload(file.filename or "", file.file) if file else None
        address, size = address_of(request), (file.size or 0) if file else 0
        if door.takes_file and upload is not None:
            place = crowd.check(address, size)
        else:
            place = crowd.form(address, is_proof=door.proves)
        async with place:
            return await run_in_threadpool(_shown, request, door, desk, said, upload)


@contextmanager
def _bounded(request: Request, limit: int, incoming: Budget) -> Iterator[None]:
    """Let a body of up to ``limit`` bytes pass, whatever its header says, if there is room."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > limit:
        raise HTTPException(413)
    receive: Callable[[], Awaitable[Any]] = request.receive
    seen = 0

    async def counted() -> Any:
        nonlocal seen
        message = await receive()
        size = len(message.get("body", b""))
        if seen + size > limit:
            raise HTTPException(413)
        incoming.take(size)
        seen += size
        return message

    request._receive = counted  # noqa: SLF001 - Starlette has no other door for a limit
    try:
        yield
    finally:
        incoming.give_back(seen)


def _shown(
    request: Request, door: Door, desk: Desk, form: Mapping[str, str], upload: Upload | None
) -> Response:
    try:
        visit = replace(visit_of(request, desk), form=form, upload=upload)
        with speaking(visit.language):
            answer = _page_of(visit, door)
    except ApplicationError as error:
        log.warning("%s %s: %s", door.method, door.path, error.reason)
        answer = bare_page(503)
    except Exception as error:  # noqa: BLE001 - whatever happens, a person sees a page
        log.error("%s %s: %s", door.method, door.path, _place(error))  # noqa: TRY400
        answer = bare_page(500)
    return _guarded(answer, request, desk)


def _page_of(visit: Visit, door: Door) -> Response:
    """Return the page asked for, or one that says why not."""
    try:
        return _let_in(visit, door)
    except HTTPException as error:
        return problem_page(visit, error.status_code)
    except NotFoundError:
        return problem_page(visit, 404)
    except ApplicationError as error:
        log.warning("%s %s: %s", door.method, door.path, error.reason)
        return problem_page(visit, 503)
    except RpaError as error:
        log.warning("%s %s: %s", door.method, door.path, error.reason)
        return problem_page(visit, 409, told=error.message)
    except Exception as error:  # noqa: BLE001 - as above
        log.error("%s %s: %s", door.method, door.path, _place(error))  # noqa: TRY400
        return problem_page(visit, 500)


def _let_in(visit: Visit, door: Door) -> Response:
    if not door.is_public and visit.person is None:
        return go(f"/connexion?suite={quote(visit.path)}" if door.method == "GET" else "/connexion")
    if door.method == "POST":
        _refuse_forged(visit)
    return door.handler(visit)


def _refuse_forged(visit: Visit) -> None:
    """Refuse a form that another site, or another session, sent (cross-site request forgery)."""
    request = visit.request
    origin = request.headers.get("origin")
    # "null" is what browsers say of our own forms, too, since our pages give no referrer.
    own = {f"{request.url.scheme}://{request.url.netloc}", _origin(visit.desk.address), "null"}
    is_foreign = request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}
    if is_foreign or (origin is not None and origin not in own):
        raise HTTPException(403)
    mark = visit.form.get(FORM_FIELD, "")
    if not visit.desk.accounts.seal.is_mark(mark, visit.form_key, use="form"):
        raise HTTPException(403)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def problem_page(visit: Visit, status: int, *, told: str = "") -> Response:
    """Return a page that says what went wrong, and what can be done; never how we are built."""
    return page(visit, "problem.html", status=status, code=status, told=told)


def _guarded(answer: Response, request: Request, desk: Desk) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Cache-Control", "no-store")
    if is_secure(request, desk):
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return answer


def lost(request: Request, desk: Desk, status: int) -> Response:
    """Return the page of an address that leads nowhere, or a form that is too large."""
    return _outside(request, desk, lambda visit: problem_page(visit, status), status)


def crowded(request: Request, desk: Desk, error: CrowdedError) -> Response:
    """Return the page of whoever finds no place, with when to try again."""
    status = 429 if error.is_own else 503

    def told(visit: Visit) -> Response:
        return problem_page(visit, status, told=crowded_words(error))

    answer = _outside(request, desk, told, status)
    answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


def _outside(request: Request, desk: Desk, shown: Handler, status: int) -> Response:
    try:
        visit = visit_of(request, desk)
        with speaking(visit.language):
            return _guarded(shown(visit), request, desk)
    except RpaError:
        return _guarded(bare_page(status), request, desk)


def _place(error: Exception) -> str:
    return f"{type(error).__name__} at {place_of(error)}"
