"""Coming in and going out: log in, log out, the language, the first password."""

import math

from starlette.responses import RedirectResponse, Response

from rpa.console.rendering import go, page
from rpa.console.visit import (
    LANGUAGE_COOKIE,
    YEAR_S,
    Visit,
    device_cookie,
    is_secure,
    session_cookie,
)
from rpa.console.web import Door
from rpa.domain.errors import SetupError
from rpa.domain.person import PersonId
from rpa.i18n import _
from rpa.steps.accounts import choose_first_password, link_owner
from rpa.steps.devices import device_with
from rpa.steps.log_in import Claim, Refused, log_in

HOME = "/demandes"


def front(visit: Visit) -> Response:
    """Lead to the list of what waits, or to the log-in."""
    return go(HOME if visit.person else "/connexion")


def log_in_form(visit: Visit) -> Response:
    """Show the log-in."""
    if visit.person is not None:
        return go(_onward(visit.asked("suite")))
    return _form(visit, onward=_onward(visit.asked("suite")), done=visit.asked("fait"))


def logged_in(visit: Visit) -> Response:
    """Let in whoever proves who they are, and lead them where they wanted to go."""
    onward = _onward(visit.said("suite"))
    name, password = visit.said("nom"), visit.form.get("motdepasse", "")
    problems = {}
    if not name:
        problems["nom"] = _("Enter your log-in name.")
    if not password:
        problems["motdepasse"] = _("Enter your password.")
    if problems:
        return _form(visit, onward=onward, problems=problems, status=422)
    secure = is_secure(visit.request, visit.desk)
    cookie = session_cookie(secure=secure)
    inside = log_in(
        name,
        Claim(password, visit.said("code"), visit.device),
        address=visit.address,
        ending=visit.request.cookies.get(cookie, ""),
        tools=visit.desk.accounts,
    )
    if isinstance(inside, Refused):
        return _refused(visit, inside, onward)
    answer = go(onward)
    answer.set_cookie(cookie, inside.secret, secure=secure, httponly=True, samesite="lax")
    return _known_from_now_on(answer, visit, inside.session.person_id)


def logged_out(visit: Visit) -> Response:
    """End the session, here and on the server."""
    if visit.session is not None:
        visit.desk.accounts.register.end_session(visit.session)
    answer = go("/connexion?fait=sortie")
    return _without_session(answer, visit)


def language_chosen(visit: Visit) -> Response:
    """Keep the language in the account, and in a cookie for the pages without one."""
    chosen = "en" if visit.said("langue") == "en" else "fr"
    if visit.person is not None:
        person = visit.person.model_copy(update={"language": chosen})
        visit.desk.accounts.register.choose_language(person)
    answer = go(_onward(visit.said("suite")))
    secure = is_secure(visit.request, visit.desk)
    answer.set_cookie(
        LANGUAGE_COOKIE, chosen, max_age=YEAR_S, secure=secure, httponly=True, samesite="lax"
    )
    return answer


def first_password_form(visit: Visit) -> Response:
    """Show the form that a link to a first password leads to; looking uses nothing up."""
    owner = link_owner(visit.named("secret"), visit.desk.accounts)
    if owner is None:
        return page(visit, "no_link.html", status=404)
    return page(visit, "first_password.html", owner=owner)


def first_password_chosen(visit: Visit) -> Response:
    """Keep the password chosen, and lead to the log-in."""
    secret = visit.named("secret")
    owner = link_owner(secret, visit.desk.accounts)
    if owner is None:
        return page(visit, "no_link.html", status=404)
    problems = new_password_problems(visit)
    if not problems:
        try:
            owner = choose_first_password(secret, visit.form["nouveau"], visit.desk.accounts)
        except SetupError as error:
            problems = {"nouveau": error.message}
    if problems:
        return page(visit, "first_password.html", status=422, owner=owner, problems=problems)
    answer = _without_session(go("/connexion?fait=motdepasse"), visit)
    return _known_from_now_on(answer, visit, owner)


def new_password_problems(visit: Visit) -> dict[str, str]:
    """Return what is wrong with a password written twice, by field."""
    chosen, again = visit.form.get("nouveau", ""), visit.form.get("encore", "")
    if not chosen:
        return {"nouveau": _("Choose a password.")}
    if chosen != again:
        return {"encore": _("The two passwords are not the same.")}
    return {}


def wait_words(seconds: float) -> str:
    """Return how long to wait after too many attempts."""
    if seconds <= 60:
        return _("Too many attempts. Try again in {count} s.", count=math.ceil(seconds))
    if seconds <= 3_600:
        return _("Too many attempts. Try again in {count} min.", count=math.ceil(seconds / 60))
    return _("Too many attempts. Try again in {count} h.", count=math.ceil(seconds / 3_600))


def refused_words(refused: Refused, otherwise: str) -> str:
    """Return why a proof did not hold; ``otherwise`` is what is said of one that is wrong."""
    if refused.is_over:
        return _("Too many proofs were wrong: this session has ended. Log in again.")
    return wait_words(refused.wait_s) if refused.wait_s else otherwise


def _form(
    visit: Visit,
    *,
    onward: str,
    problems: dict[str, str] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    told = {
        "sortie": _("You are logged out."),
        "motdepasse": _("Your password is set. Log in with it."),
    }.get(done, "")
    facts = {"onward": onward, "told": told, "problems": problems or {}, "said": visit.said("nom")}
    return page(visit, "log_in.html", status=status, **facts)


def _refused(visit: Visit, refused: Refused, onward: str) -> Response:
    if refused.wait_s:
        problems = {"nom": wait_words(refused.wait_s)}
        answer = _form(visit, onward=onward, problems=problems, status=429)
        answer.headers["Retry-After"] = str(math.ceil(refused.wait_s))
        return answer
    problems = {
        "nom": _(
            "Name, password or code is not right. The code is needed where one-time codes are on, "
            "and works once."
        )
    }
    return _form(visit, onward=onward, problems=problems, status=422)


def _known_from_now_on(
    answer: RedirectResponse, visit: Visit, person_id: PersonId
) -> RedirectResponse:
    """Mark the browser as one that this person has logged in from."""
    secure = is_secure(visit.request, visit.desk)
    answer.set_cookie(
        device_cookie(secure=secure),
        device_with(visit.device, person_id, visit.desk.accounts.seal),
        max_age=YEAR_S,
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def _without_session(answer: RedirectResponse, visit: Visit) -> RedirectResponse:
    secure = is_secure(visit.request, visit.desk)
    answer.delete_cookie(
        session_cookie(secure=secure), secure=secure, httponly=True, samesite="lax"
    )
    return answer


def _onward(said: str) -> str:
    """Return an address of this server; anything else leads home."""
    is_here = said.startswith("/") and not said.startswith(("//", "/\\"))
    return said if is_here and said.isprintable() and "\\" not in said else HOME


DOORS = (
    Door("/", front, is_public=True),
    Door("/connexion", log_in_form, is_public=True),
    Door("/login", log_in_form, is_public=True),
    Door("/connexion", logged_in, method="POST", is_public=True, proves=True),
    Door("/deconnexion", logged_out, method="POST", is_public=True),
    Door("/langue", language_chosen, method="POST", is_public=True),
    Door("/mot-de-passe/{secret}", first_password_form, is_public=True),
    Door(
        "/mot-de-passe/{secret}",
        first_password_chosen,
        method="POST",
        is_public=True,
        proves=True,
    ),
)
