"""A person's own account: their password, their one-time codes."""

from starlette.responses import Response

from rpa.console.entrance import new_password_problems, refused_words
from rpa.console.rendering import go, page
from rpa.console.visit import Visit
from rpa.console.web import Door
from rpa.domain.errors import SetupError
from rpa.domain.person import Person
from rpa.i18n import _
from rpa.register.sessions import Session
from rpa.steps.accounts import (
    begin_codes,
    choose_password,
    confirm_codes,
    enrolling_key,
    enrolment_address,
    without_codes,
)
from rpa.steps.log_in import Claim, Refused, prove_again


def account(visit: Visit) -> Response:
    """Show the account."""
    return _account(visit)


def password_changed(visit: Visit) -> Response:
    """Change the password of whoever knows the old one; every session ends, this one too."""
    problems = _unproved(visit) or new_password_problems(visit)
    person = whoever(visit)
    if not problems:
        try:
            choose_password(
                person.person_id,
                visit.form["nouveau"],
                actor=f"person:{person.person_id}",
                tools=visit.desk.accounts,
            )
        except SetupError as error:
            problems = {"nouveau": error.message}
    if problems:
        return _account(visit, problems=problems)
    return go("/connexion?fait=motdepasse")


def codes_begun(visit: Visit) -> Response:
    """Show a new key for one-time codes; it counts once a code of it was given."""
    if problems := _unproved(visit):
        return _account(visit, problems={"actuel_codes": problems["actuel"]})
    key, sealed = begin_codes(whoever(visit).person_id, visit.desk.accounts)
    return _enrolment(visit, key, sealed)


def codes_confirmed(visit: Visit) -> Response:
    """Turn one-time codes on, and show the recovery codes this once."""
    person_id, sealed = whoever(visit).person_id, visit.form.get("cle", "")
    tools = visit.desk.accounts
    key = enrolling_key(person_id, sealed, tools)
    try:
        spare = confirm_codes(person_id, key, visit.said("code"), tools)
    except SetupError as error:
        return _enrolment(visit, key, sealed, problems={"code": error.message})
    return page(visit, "recovery.html", spare=spare)


def codes_dropped(visit: Visit) -> Response:
    """Turn one-time codes off, for whoever gives password and code."""
    problems = _unproved(visit)
    person_id = whoever(visit).person_id
    if problems:
        return _account(visit, problems={"actuel_codes": problems["actuel"]})
    without_codes(person_id, actor=f"person:{person_id}", tools=visit.desk.accounts)
    return go("/compte")


def whoever(visit: Visit) -> Person:
    """Return who is logged in; doors that are not public let nobody else through."""
    if visit.person is None:
        raise SetupError(_("Log in first."), code="not-logged-in")
    return visit.person


def session_here(visit: Visit) -> Session:
    """Return the session of whoever is logged in."""
    if visit.session is None:
        raise SetupError(_("Log in first."), code="not-logged-in")
    return visit.session


def has_codes(visit: Visit) -> bool:
    """Say whether whoever is logged in has one-time codes."""
    return visit.desk.accounts.register.account(whoever(visit).person_id).totp is not None


def _unproved(visit: Visit) -> dict[str, str]:
    """Return what is wrong with the proofs for a change of the account."""
    claim = Claim(visit.form.get("actuel", ""), visit.said("code"))
    if not claim.password:
        return {"actuel": _("Enter your password.")}
    proved = prove_again(
        session_here(visit),
        claim,
        wanted=2 if has_codes(visit) else 1,
        tools=visit.desk.accounts,
    )
    if not isinstance(proved, Refused):
        return {}
    return {"actuel": refused_words(proved, _("Password or code is not right."))}


def _account(visit: Visit, *, problems: dict[str, str] | None = None) -> Response:
    status = 422 if problems else 200
    return page(
        visit, "account.html", status=status, has_codes=has_codes(visit), problems=problems or {}
    )


def _enrolment(
    visit: Visit, key: str, sealed: str, *, problems: dict[str, str] | None = None
) -> Response:
    person = whoever(visit)
    address = enrolment_address(person, key, visit.desk.accounts)
    facts = {
        "key": " ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        "address": address,
        "sealed": sealed,
        "drawn": visit.desk.draw_code(address),
    }
    status = 422 if problems else 200
    return page(visit, "enrolment.html", status=status, problems=problems or {}, **facts)


DOORS = (
    Door("/compte", account),
    Door("/compte/mot-de-passe", password_changed, method="POST", proves=True),
    Door("/compte/codes", codes_begun, method="POST", proves=True),
    Door("/compte/codes/confirmer", codes_confirmed, method="POST", proves=True),
    Door("/compte/codes/retirer", codes_dropped, method="POST", proves=True),
)
