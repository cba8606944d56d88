"""Letting somebody else sign: the form, and who signs instead."""

from typing import Any, Final

from starlette.responses import Response

from rpa.console.accounts import whoever
from rpa.console.rendering import go, page
from rpa.console.requests import RequestView, has_passed_on, names_of, reach_of, view_of
from rpa.console.visit import Visit
from rpa.console.web import Door
from rpa.domain.errors import NotFoundError
from rpa.domain.person import Person, PersonId, Role
from rpa.domain.signature_request import RequestId
from rpa.domain.words import request_state_word
from rpa.i18n import _
from rpa.steps.signature_requests.reach import reason_words
from rpa.steps.signature_requests.signing import delegate

LONGEST_REASON: Final = 2_000


def delegate_form(visit: Visit) -> Response:
    """Show whom the signature can be passed on to."""
    if has_passed_on(visit):
        return go(_passed(visit))
    return _form(visit, view_of(visit))


def delegated(visit: Visit) -> Response:
    """Pass the signature on to somebody else; a second click finds that it was."""
    if has_passed_on(visit):
        return go(_passed(visit))
    view, to = view_of(visit), visit.said("personne")
    if view.mine is None or to not in {person.person_id for person in _others(visit, view)}:
        return _form(visit, view, problems={"personne": _("Choose who signs instead.")})
    reason, me = visit.said("raison")[:LONGEST_REASON], whoever(visit).person_id
    delegate(view.request.request_id, me, PersonId(to), reason, visit.desk.tools)
    return go(_passed(visit))


def passed_on(visit: Visit) -> Response:
    """Show whoever passed their signature on who signs instead, and whether they were told."""
    if not has_passed_on(visit):
        raise NotFoundError(_("There is no such request."), code="no-request")
    request = visit.desk.tools.register.request(RequestId(visit.named("number")))
    me = whoever(visit).person_id
    signer = next(signer for signer in request.signers if me in signer.asked_of)
    why = reach_of(visit, [signer.person]).why_not(signer.person)
    facts: dict[str, Any] = {
        "request": request,
        "signer": signer,
        "state": request_state_word(request.state),
        "name": names_of(visit).get(signer.person, signer.person),
        "unreached": reason_words(why) if why and signer.is_due else "",
    }
    return page(visit, "delegated.html", **facts)


def _form(visit: Visit, view: RequestView, *, problems: dict[str, str] | None = None) -> Response:
    """Show the form to whoever is asked now and may delegate; others are led to the request."""
    if view.mine is None or not view.request.terms.may_delegate:
        return go(_up(visit))
    others = _others(visit, view)
    reach = reach_of(visit, [person.person_id for person in others])
    facts: dict[str, Any] = {
        "view": view,
        "request": view.request,
        "others": [(person, reach.why_not(person.person_id)) for person in others],
        "chosen": visit.said("personne"),
        "reason": visit.said("raison"),
    }
    status = 422 if problems else 200
    return page(visit, "delegate.html", status=status, problems=problems or {}, **facts)


def _others(visit: Visit, view: RequestView) -> list[Person]:
    """Return who could sign instead."""
    part = {person for s in view.request.signers for person in (s.person, *s.asked_of)}
    return [
        person
        for person in visit.desk.accounts.register.people()
        if person.is_active
        and person.credential
        and Role.SIGNER in person.roles
        and person.person_id not in part
    ]


def _up(visit: Visit) -> str:
    return f"/demandes/{visit.named('number')}"


def _passed(visit: Visit) -> str:
    return f"{_up(visit)}/deleguee"


DOORS = (
    Door("/demandes/{number}/deleguer", delegate_form),
    Door("/demandes/{number}/deleguer", delegated, method="POST"),
    Door("/demandes/{number}/deleguee", passed_on),
)
