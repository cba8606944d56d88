"""The exact bytes to be signed: as a file, and as pictures of pages with their text.

What was delivered is put down on the server, by session and digest; only that can be signed. The
note says that the bytes went out, not that somebody understood them. It changes nothing else, so a
link to a document does no more than show it.
"""

from typing import Any

from starlette.responses import Response

from rpa.console.accounts import session_here, whoever
from rpa.console.rendering import page
from rpa.console.requests import PART_PAGES, is_opened, parts_in, request_of
from rpa.console.visit import Visit
from rpa.console.web import Door
from rpa.domain.errors import DocumentRefusedError, NotFoundError
from rpa.domain.model import Digest
from rpa.domain.signature_request import SignatureRequest
from rpa.i18n import _
from rpa.register.sessions import WHOLE
from rpa.steps.signature_requests.signing import document_to_sign


def pdf(visit: Visit) -> Response:
    """Hand the document over, byte for byte."""
    request = request_of(visit)
    content = visit.desk.tools.store.get(request.current)
    if visit.request.method == "GET":
        _note(visit, request, WHOLE)
    way = "attachment" if visit.asked("enregistrer") else "inline"
    headers = {
        "Content-Disposition": f'{way}; filename="{request.request_id}.pdf"',
        # Browsers' own viewers are built of styles and scripts that our policy would stop.
        "Content-Security-Policy": "frame-ancestors 'none'",
    }
    return Response(content, media_type="application/pdf", headers=headers)


def pages(visit: Visit) -> Response:
    """Show the document's pages, some at a time."""
    request = request_of(visit)
    content = visit.desk.tools.store.get(request.current)
    try:
        count = visit.desk.pictures.count(content)
        part = _part(visit, parts_in(count))
        first, last = (part - 1) * PART_PAGES + 1, min(part * PART_PAGES, count)
        texts = [(n, visit.desk.pictures.page(content, n)) for n in range(first, last + 1)]
    except DocumentRefusedError as error:
        return page(visit, "unseen.html", request=request, told=error.message)
    if visit.request.method == "GET":
        _note(visit, request, part)
    facts: dict[str, Any] = {
        "request": request,
        "pages": texts,
        "count": count,
        "part": part,
        "parts": parts_in(count),
        "is_opened": is_opened(visit, request.current),
    }
    return page(visit, "document.html", **facts)


def picture(visit: Visit) -> Response:
    """Draw one page of the revision that the address names, if it is the newest."""
    request = request_of(visit)
    number = visit.named("page")
    if visit.named("digest") != request.current or not number.isdigit():
        raise NotFoundError(_("There is no such page."), code="no-page")
    content = visit.desk.tools.store.get(request.current)
    try:
        drawn = visit.desk.pictures.page(content, int(number))
    except DocumentRefusedError as error:
        raise NotFoundError(error.message, code="no-page") from error
    return Response(drawn.png, media_type="image/png")


def _part(visit: Visit, parts: int) -> int:
    said = visit.asked("partie") or "1"
    part = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
    if not 1 <= part <= parts:
        raise NotFoundError(_("There is no such page."), code="no-page")
    return part


def _note(visit: Visit, request: SignatureRequest, part: int) -> None:
    """Put down what was delivered in this session; all of it counts as opened by the signer."""
    document = Digest(request.current)
    visit.desk.accounts.register.document_opened(session_here(visit), document, part=part)
    if is_opened(visit, document):
        document_to_sign(request.request_id, whoever(visit).person_id, visit.desk.tools)


DOORS = (
    Door("/demandes/{number}/document.pdf", pdf),
    Door("/demandes/{number}/document", pages),
    Door("/demandes/{number}/pages/{digest}/{page}.png", picture),
)
