"""Pages from templates, in the visitor's language."""

import hashlib
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse

from rpa.console.visit import FORM_FIELD, YEAR_S, Visit, form_cookie, is_secure
from rpa.domain.moment_words import deadline_words, moment_words
from rpa.i18n import _, current_language

FOLDER: Final = Path(__file__).parent
STATIC: Final = FOLDER / "static"
_TOGETHER: Final = re.compile(r"(?:à|at) \d.*$|\d+(?:er)? [a-zéû]+|[A-Z][a-z]+ \d+")
_pages: Final = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(visit: Visit, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """Return a page; ``facts`` are what its template shows."""
    desk = visit.desk
    zone = desk.timezone

    def moment(at: datetime | None) -> str:
        return _kept(moment_words(at, zone=zone)) if at else ""

    def deadline(at: datetime) -> str:
        return _kept(deadline_words(at, now=desk.accounts.now(), zone=zone))

    text = _pages.get_template(template).render(
        _=_,
        visit=visit,
        person=visit.person,
        organization=desk.accounts.organization,
        language=current_language(),
        other="en" if current_language() == "fr" else "fr",
        token=visit.token,
        form_field=FORM_FIELD,
        style=style_version(),
        moment=moment,
        deadline=deadline,
        problems=facts.pop("problems", {}),
        **facts,
    )
    answer = HTMLResponse(text, status_code=status)
    if visit.session is None:
        secure = is_secure(visit.request, desk)
        answer.set_cookie(
            form_cookie(secure=secure),
            visit.form_key,
            secure=secure,
            httponly=True,
            samesite="lax",
        )
    return answer


def go(path: str) -> RedirectResponse:
    """Send the browser on by GET, so that going back or reloading repeats nothing."""
    return RedirectResponse(path, status_code=303)


def _kept(words: str) -> str:
    """Keep an hour, a day with its month, and a count with its unit on one line each."""
    return _TOGETHER.sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), words)


def bare_page(status: int) -> HTMLResponse:
    """Return a page for when nothing answers, not even who asks: in both languages."""
    text = _pages.get_template("bare.html").render(style=style_version())
    return HTMLResponse(text, status_code=status)


@cache
def style_version() -> str:
    """Return a mark of the style's content: browsers keep a version for a year."""
    return hashlib.sha256((STATIC / "console.css").read_bytes()).hexdigest()[:12]


STATIC_HEADERS: Final = {"Cache-Control": f"public, max-age={YEAR_S}, immutable"}
