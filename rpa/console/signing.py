"""The yes and the no: sign, decline, and what was done."""

from typing import Any

from pydantic import SecretStr
from starlette.responses import Response

from rpa.console.accounts import session_here, whoever
from rpa.console.entrance import refused_words
from rpa.console.rendering import go, page
from rpa.console.requests import RequestView, request_page, view_of
from rpa.console.visit import Visit
from rpa.console.web import Door
from rpa.console.words import level_words
from rpa.domain.errors import NotFoundError, RpaError
from rpa.domain.model import Digest
from rpa.domain.person import IdentityEvidence, Proof
from rpa.domain.signature_request import Consent, SigningRecord
from rpa.i18n import _
from rpa.steps.log_in import Claim, Refused, prove_again
from rpa.steps.signature_requests.signing import decline_requested, sign_requested

LONGEST_REASON = 2_000


def signed(visit: Visit) -> Response:
    """Sign what was opened, for whoever says yes and proves again who they are."""
    view = view_of(visit)
    if view.mine is None:
        return go(f"{_up(visit)}/signature" if view.signed else _up(visit))
    problems = _missing(visit, view)
    if problems:
        return request_page(visit, problems=problems, status=422)
    identity = _identity(visit, view)
    if isinstance(identity, Refused):
        told = refused_words(identity, _not_proved(view))
        return request_page(visit, problems={_proof_field(visit): told}, status=422)
    try:
        sign_requested(
            view.request.request_id, _consent(visit, view, identity), tools=visit.desk.tools
        )
    except RpaError as error:
        return request_page(visit, problems={"oui": error.message}, status=409)
    return go(f"{_up(visit)}/signature")


def signature(visit: Visit) -> Response:
    """Show what was signed, when, at which level, and how anybody verifies it."""
    view = view_of(visit)
    if view.signed is None or view.signed.record is None:
        raise NotFoundError(_("There is no such signature."), code="no-signature")
    kept = visit.desk.tools.store.get(view.signed.record)
    record = SigningRecord.model_validate_json(kept)
    facts: dict[str, Any] = {
        "view": view,
        "request": view.request,
        "record": record,
        "reached": level_words(record.level_reached),
        "wanted": level_words(record.level_wanted),
    }
    return page(visit, "signature.html", **facts)


def decline_form(visit: Visit) -> Response:
    """Show the form to say no."""
    return _asked_only(visit, "decline.html")


def declined(visit: Visit) -> Response:
    """Say no, with the reason."""
    view, reason = view_of(visit), visit.said("raison")[:LONGEST_REASON]
    if not reason:
        problems = {"raison": _("Say why: whoever asked will read it.")}
        return _asked_only(visit, "decline.html", problems=problems)
    person = whoever(visit).person_id
    decline_requested(view.request.request_id, person, reason, visit.desk.tools)
    return go(_up(visit))


def _missing(visit: Visit, view: RequestView) -> dict[str, str]:
    """Return what keeps the form from being a signature, by field."""
    if visit.said("document") != view.request.current:
        return {
            "document": _("The document has one more signature since you opened it: open it again.")
        }
    if not view.is_opened:
        return {"document": _("Open the document first: only what was opened can be signed.")}
    problems: dict[str, str] = {}
    if visit.said("oui") != "oui":
        problems["oui"] = _("Tick the box if you agree.")
    problems |= _missing_proofs(visit, view)
    if view.asks_passphrase and not visit.form.get("phrase"):
        problems["phrase"] = _("Enter the passphrase of your signing key.")
    return problems


def _missing_proofs(visit: Visit, view: RequestView) -> dict[str, str]:
    password, code = visit.form.get("motdepasse", ""), visit.said("code")
    if view.wants_code and not code:
        return {"code": _("Enter the one-time code of your device.")}
    if view.wants_code and not password:
        return {"motdepasse": _("Enter your password.")}
    if not password and not code:
        if view.has_codes:
            return {"motdepasse": _("Enter your password or a one-time code.")}
        return {"motdepasse": _("Enter your password.")}
    return {}


def _identity(visit: Visit, view: RequestView) -> IdentityEvidence | Refused:
    return prove_again(
        session_here(visit),
        Claim(visit.form.get("motdepasse", ""), visit.said("code")),
        wanted=2 if view.wants_code else 1,
        tools=visit.desk.accounts,
    )


def _consent(visit: Visit, view: RequestView, identity: IdentityEvidence) -> Consent:
    passphrase = visit.form.get("phrase", "") if view.asks_passphrase else ""
    if passphrase:
        # A record with this proof exists only if the key opened.
        proofs = (*identity.proofs, Proof.KEY_PASSPHRASE)
        identity = identity.model_copy(update={"proofs": proofs})
    return Consent(
        document=Digest(visit.said("document")),
        intent=view.request.intent,
        language=view.request.language,
        identity=identity,
        key_passphrase=SecretStr(passphrase) if passphrase else None,
    )


def _proof_field(visit: Visit) -> str:
    return "motdepasse" if visit.form.get("motdepasse") else "code"


def _not_proved(view: RequestView) -> str:
    if view.has_codes:
        return _("Password or code is not right. A code works once: wait for the next one.")
    return _("The password is not right.")


def _asked_only(visit: Visit, template: str, *, problems: dict[str, str] | None = None) -> Response:
    """Show a form that is only for whoever is asked now; others are led to the request."""
    view = view_of(visit)
    if view.mine is None:
        return go(_up(visit))
    facts: dict[str, Any] = {"view": view, "request": view.request}
    status = 422 if problems else 200
    return page(visit, template, status=status, problems=problems or {}, **facts)


def _up(visit: Visit) -> str:
    return f"/demandes/{visit.named('number')}"


DOORS = (
    Door("/demandes/{number}/signer", signed, method="POST"),
    Door("/demandes/{number}/signature", signature),
    Door("/demandes/{number}/refuser", decline_form),
    Door("/demandes/{number}/refuser", declined, method="POST"),
)
