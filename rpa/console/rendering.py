"""Pages from templates, in the visitor's language."""

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date, format_time, format_timedelta
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse

from rpa.console.visit import FORM_FIELD, YEAR_S, Visit, form_cookie, is_secure
from rpa.i18n import _, current_language

FOLDER: Final = Path(__file__).parent
STATIC: Final = FOLDER / "static"
_LOCALES: Final = {"fr": "fr_CA", "en": "en_CA"}
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
        return moment_words(at.astimezone(zone)) if at else ""

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
        ahead=lambda at: ahead_words(at, desk.accounts.now()),
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


def moment_words(at: datetime) -> str:
    """Return a moment for a person, in the language that is spoken."""
    language = current_language()
    day = format_date(at, "long", locale=_LOCALES[language])
    if language == "fr":
        day = f"1er{day[1:]}" if at.day == 1 else day
        return f"{_kept(day)} à {_kept(f'{at.hour} h {at.minute:02}')}"
    return f"{_kept(day)}, {_kept(format_time(at, 'short', locale=_LOCALES[language]))}"


def ahead_words(at: datetime, now: datetime) -> str:
    """Return how far a moment is from now: ``dans 3 jours``."""
    locale = _LOCALES[current_language()]
    return _kept(format_timedelta(at - now, add_direction=True, threshold=1.4, locale=locale))


def _kept(words: str) -> str:
    """Keep words that belong together on one line."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def bare_page(status: int) -> HTMLResponse:
    """Return a page for when nothing answers, not even who asks: in both languages."""
    text = _pages.get_template("bare.html").render(style=style_version())
    return HTMLResponse(text, status_code=status)


@cache
def style_version() -> str:
    """Return a mark of the style's content: browsers keep a version for a year."""
    return hashlib.sha256((STATIC / "console.css").read_bytes()).hexdigest()[:12]


STATIC_HEADERS: Final = {"Cache-Control": f"public, max-age={YEAR_S}, immutable"}
