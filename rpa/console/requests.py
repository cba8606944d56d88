"""What waits for whoever is logged in, what they signed, and each request on a page of its own."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from rpa.console.accounts import has_codes, session_here, whoever
from rpa.console.rendering import go, page
from rpa.console.visit import Visit
from rpa.console.web import Door
from rpa.domain.errors import DocumentRefusedError, NotFoundError
from rpa.domain.model import Digest
from rpa.domain.person import Assurance, PersonId
from rpa.domain.signature_request import (
    RequestedSigner,
    RequestId,
    RequestState,
    SignatureRequest,
    SignerState,
)
from rpa.domain.words import request_state_word, signer_state_word
from rpa.i18n import _
from rpa.register.sessions import WHOLE
from rpa.steps.signature_requests.asking import open_requests
from rpa.steps.signature_requests.reach import OutOfReach, Reach, reason_words, told_later

PART_PAGES: Final = 10
"""Pages shown at once where a document is read in the browser."""


@dataclass(frozen=True, slots=True)
class SignerLine:
    """One signer, as the page shows them."""

    name: str
    role: str
    state: str
    kind: SignerState
    signer: RequestedSigner
    asked_before: str
    is_me: bool


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as whoever is logged in may see it."""

    request: SignatureRequest
    mine: RequestedSigner | None
    """The signature that they are asked for now."""
    signed: RequestedSigner | None
    """The signature that they made."""
    signers: tuple[SignerLine, ...]
    asker: str
    is_opened: bool
    """The newest revision was delivered in this session."""
    is_late: bool
    wants_code: bool
    """Two proofs are wanted at the signature."""
    has_codes: bool
    asks_passphrase: bool
    unreached: tuple[tuple[str, str], ...]
    """Names of those whom no notice reaches, and why, by reason."""

    @property
    def can_sign(self) -> bool:
        """True when nothing is missing but their yes."""
        return self.mine is not None and self.is_opened and not self.is_late and not self.lacks_code

    @property
    def lacks_code(self) -> bool:
        """True when two proofs are wanted and they have but one."""
        return self.wants_code and not self.has_codes


def request_list(visit: Visit) -> Response:
    """Show what waits, the first deadline first, and what ended."""
    person, tools = whoever(visit).person_id, visit.desk.tools
    waiting = open_requests(person, tools)
    known = {one.request_id for one in waiting}
    others = [
        one
        for one in tools.register.requests(person=person, most=30)
        if one.request_id not in known
    ]
    return page(
        visit,
        "requests.html",
        waiting=[(one, one.signer_for(person)) for one in waiting],
        others=[(one, _made(one, person), state_words(one, person)) for one in others],
        asker=lambda one: asker_name(visit, one),
    )


def one_request(visit: Visit) -> Response:
    """Show a request; looking changes nothing. Who passed it on is told who signs instead."""
    if has_passed_on(visit):
        return go(f"/demandes/{visit.named('number')}/deleguee")
    return request_page(visit)


def has_passed_on(visit: Visit) -> bool:
    """Say whether whoever is logged in passed their signature on and has no other part in it."""
    request, me = (
        visit.desk.tools.register.request(RequestId(visit.named("number"))),
        whoever(visit),
    )
    passed = any(me.person_id in signer.asked_of for signer in request.signers)
    return passed and not request.concerns(me.person_id)


def request_page(
    visit: Visit, *, problems: dict[str, str] | None = None, status: int = 200
) -> Response:
    """Show a request, with what was wrong in a form sent for it."""
    view = view_of(visit)
    facts: dict[str, Any] = {
        "view": view,
        "request": view.request,
        "state": request_state_word(view.request.state),
    }
    return page(visit, "request.html", status=status, problems=problems or {}, **facts)


def request_of(visit: Visit) -> SignatureRequest:
    """Return the request that the address names, if it concerns whoever is logged in.

    Raises:
        NotFoundError: There is none, or it is no business of theirs: both look the same.
    """
    request = visit.desk.tools.register.request(RequestId(visit.named("number")))
    if not request.concerns(whoever(visit).person_id):
        raise NotFoundError(_("There is no such request."), code="no-request")
    return request


def view_of(visit: Visit) -> RequestView:
    """Return the request that the address names, as this visitor may see it."""
    request, person = request_of(visit), whoever(visit)
    names = names_of(visit)
    mine = request.signer_for(person.person_id) if request.state is RequestState.OPEN else None
    now = visit.desk.accounts.now()
    return RequestView(
        request=request,
        mine=mine,
        signed=_made(request, person.person_id),
        signers=tuple(_line(signer, names, person.person_id) for signer in request.signers),
        asker=asker_name(visit, request),
        is_opened=is_opened(visit, request.current),
        is_late=any(s.is_due and s.deadline <= now for s in request.signers),
        wants_code=request.terms.assurance is Assurance.SUBSTANTIAL,
        has_codes=has_codes(visit),
        asks_passphrase=visit.desk.asks_passphrase(person.credential),
        unreached=_unreached(visit, request, names),
    )


def is_opened(visit: Visit, document: Digest) -> bool:
    """Say whether a document was delivered in this session: as a file, or all of its pages."""
    session, register = session_here(visit), visit.desk.accounts.register
    parts = register.opened_parts(session, document)
    if not parts or WHOLE in parts:
        return bool(parts)
    try:
        pages = visit.desk.pictures.count(visit.desk.tools.store.get(document))
    except DocumentRefusedError:
        return False
    return set(range(1, parts_in(pages) + 1)) <= parts


def parts_in(pages: int) -> int:
    """Return in how many parts so many pages are shown."""
    return max(1, -(-pages // PART_PAGES))


def names_of(visit: Visit) -> dict[PersonId, str]:
    """Return everybody's name by log-in name."""
    return {person.person_id: person.name for person in visit.desk.accounts.register.people()}


def asker_name(visit: Visit, request: SignatureRequest) -> str:
    """Return who asked: a person, else the organisation."""
    asker = request.asker
    if asker is None:
        return visit.desk.accounts.organization
    try:
        return visit.desk.accounts.register.person(asker).name
    except NotFoundError:
        return asker


def state_words(request: SignatureRequest, person: PersonId) -> str:
    """Return where a request stands for somebody who has nothing to do about it."""
    words = request_state_word(request.state)
    if request.state is RequestState.OPEN and _made(request, person) is None:
        return _("others sign first")
    if request.state is RequestState.OPEN:
        return _("signed by you; others are still to sign")
    return words


def _made(request: SignatureRequest, person: PersonId) -> RequestedSigner | None:
    theirs = (s for s in request.signers if s.person == person and s.state is SignerState.SIGNED)
    return next(theirs, None)


def reach_of(visit: Visit, people: Collection[PersonId]) -> Reach:
    """Return what tells which of ``people`` notices reach."""
    tools = visit.desk.tools
    return Reach.of(tools.register, has_mail=tools.mailer is not None, among=people)


def _unreached(
    visit: Visit, request: SignatureRequest, names: dict[PersonId, str]
) -> tuple[tuple[str, str], ...]:
    reach = reach_of(visit, told_later(request))
    by_reason: dict[OutOfReach, list[str]] = {}
    for one in reach.unreached_of(request):
        by_reason.setdefault(one.why, []).append(names.get(one.person, one.person))
    return tuple((", ".join(those), reason_words(why)) for why, those in by_reason.items())


def _line(signer: RequestedSigner, names: dict[PersonId, str], me: PersonId) -> SignerLine:
    return SignerLine(
        name=names.get(signer.person, signer.person),
        role=signer.role,
        state=signer_state_word(signer.state),
        kind=signer.state,
        signer=signer,
        asked_before=", ".join(names.get(one, one) for one in signer.asked_of),
        is_me=signer.person == me,
    )


DOORS = (
    Door("/demandes", request_list),
    Door("/requests", request_list),
    Door("/demandes/{number}", one_request),
)
