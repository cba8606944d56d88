"""Sets a date in a calendar whose days are links, month after month."""

import re
from typing import Any, Final

from babel.dates import get_month_names

from rpa.bots.acts import Date
from rpa.bots.adapters.clicking import click
from rpa.bots.adapters.entering import check_kept
from rpa.bots.adapters.page_script import ask, call
from rpa.bots.adapters.session import Session
from rpa.bots.elements import Element
from rpa.bots.errors import PageMismatchError
from rpa.bots.record import StepDone
from rpa.i18n import _

FARTHEST: Final = 1300
"""Months that a calendar is leafed through at most: a birth date is far away."""
MONTHS: Final = {
    name.casefold().rstrip("."): number
    for language in ("fr", "en")
    for width in ("wide", "abbreviated")
    for number, name in get_month_names(width, locale=language).items()
}
_NAMES: Final = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_TITLES: Final = (
    re.compile(rf"(?P<month>{_NAMES})\.?,?\s+(?P<year>\d{{4}})"),
    re.compile(rf"(?P<year>\d{{4}})\s+(?P<month>{_NAMES})\b"),
)


def month_shown(text: str) -> tuple[int, int] | None:
    """Return year and month that a calendar's text names, in French or English, or None."""
    for title in _TITLES:
        found = title.search(text.casefold())
        if found:
            return int(found["year"]), MONTHS[found["month"]]
    return None


def set_in_calendar(session: Session, step: Date, done: StepDone) -> None:
    """Leaf to the month, and click the day.

    Raises:
        PageMismatchError: There is no such calendar, or it does not get there.
    """
    value = session.texts.text(step.value)
    if not value:
        return
    check_kept(session)
    done.value = session.job.shown(step.value, value)
    year, month, day = map(int, value.split("-"))
    assert step.calendar is not None  # noqa: S101 - other dates are entered, not clicked
    spec = session.spec(step.calendar)
    for _leaf in range(FARTHEST):
        shown = _seen(session, spec, step.calendar)
        at = month_shown(shown["text"])
        if at is None:
            said = _("The calendar “{element}” names no month.", element=step.calendar.described())
            raise PageMismatchError(said, code="calendar")
        if at == (year, month):
            _click_day(session, spec, shown["days"], day)
            return
        _leaf_over(session, step, spec, done, is_later=(year, month) > at)
        _wait_for_other(session, spec, at)
    raise PageMismatchError(_("The calendar does not get to the month."), code="calendar")


def _seen(session: Session, spec: dict[str, Any], element: Element) -> dict[str, Any]:
    for _poll in session.polls(session.job.timeout_s):
        frame = session.scope()
        shown = ask(frame, "rpaCalendar", spec)
        if shown and shown["count"] == 1:
            return dict(shown)
        if shown and shown["count"] > 1:
            break
    said = _(
        "The calendar “{element}” is not on the page, or not alone.", element=element.described()
    )
    raise PageMismatchError(said, code="calendar")


def _wait_for_other(session: Session, spec: dict[str, Any], month: tuple[int, int]) -> None:
    """Wait for the next month: a post-back is sent only after the click is over."""
    for _poll in session.polls(session.job.timeout_s):
        shown = ask(session.scope(), "rpaCalendar", spec)
        if shown and shown["count"] == 1 and month_shown(shown["text"]) != month:
            return
    raise PageMismatchError(_("The calendar stays at its month."), code="calendar")


def _leaf_over(
    session: Session, step: Date, spec: dict[str, Any], done: StepDone, *, is_later: bool
) -> None:
    told = step.later if is_later else step.earlier
    if told is not None:
        click(session, told, done)
        return
    # The links of the head that are no days: the first leads back, the last of them forward.
    _click(session, spec, is_day=False, place=-1 if is_later else 0)


def _click_day(
    session: Session, spec: dict[str, Any], days: list[dict[str, Any]], day: int
) -> None:
    """Click the day of this month: the neighbours' days stand before and after."""
    fitting = [place for place, one in enumerate(days) if one["day"] == day]
    if not fitting:
        raise PageMismatchError(_("The calendar does not offer the day."), code="calendar")
    first = next((place for place, one in enumerate(days) if one["day"] == 1), 0)
    own = [place for place in fitting if place >= first]
    _click(session, spec, is_day=True, place=(own or fitting)[0])


def _click(session: Session, spec: dict[str, Any], *, is_day: bool, place: int) -> None:
    if not call(session.scope(), "rpaClickInCalendar", spec, is_day, place):
        said = _("The calendar has no such link: say earlier and later.")
        raise PageMismatchError(said, code="calendar")
    session.start_settling()
    session.settle()
