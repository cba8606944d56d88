"""Moments as people say them: ``dans 3 jours, le vendredi 4 décembre à 16 h``.

Days are counted by the calendar of the zone that is given, the organisation's: what falls due
tomorrow at midnight is due in a day, not in 26 hours, and a signer abroad reads the same day.
"""

from datetime import datetime, timedelta, tzinfo
from typing import Final

from babel.dates import format_date

from rpa.i18n import _, current_language

_LOCALES: Final = {"fr": "fr_CA", "en": "en_CA"}
SOON: Final = timedelta(hours=1)
"""Nearer than this, minutes are told."""


def deadline_words(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """Return when a deadline is, in days from now and by its day and hour."""
    here, today = at.astimezone(zone), now.astimezone(zone)
    time, days = _time(here), (here.date() - today.date()).days
    date = _date(here, year=here.year != today.year)
    if days == 0:
        return _today(at - now, time)
    if days == 1:
        return _("tomorrow, {date} at {time}", date=date, time=time)
    if days > 1:
        return _("in {count} days, on {date} at {time}", count=days, date=date, time=time)
    if days == -1:
        return _("yesterday, {date} at {time}", date=date, time=time)
    return _("{count} days ago, on {date} at {time}", count=-days, date=date, time=time)


def moment_words(at: datetime, *, zone: tzinfo) -> str:
    """Return a moment by its day and hour, without the day of the week."""
    here = at.astimezone(zone)
    language = current_language()
    day = _first(format_date(here, "long", locale=_LOCALES[language]), here)
    return _("{date} at {time}", date=day, time=_time(here))


def _today(left: timedelta, time: str) -> str:
    if timedelta(0) < left < SOON:
        count = max(1, int(left.total_seconds()) // 60)
        return _("in {count} min, today at {time}", count=count, time=time)
    return _("today at {time}", time=time)


def _date(here: datetime, *, year: bool) -> str:
    pattern = "EEEE d MMMM" if current_language() == "fr" else "EEEE, MMMM d"
    if year:
        pattern += " y" if current_language() == "fr" else ", y"
    return _first(format_date(here, pattern, locale=_LOCALES[current_language()]), here)


def _first(day: str, here: datetime) -> str:
    """Write the first of a month as French does."""
    is_first = here.day == 1 and current_language() == "fr"
    return day.replace("1 ", "1er ", 1) if is_first else day


def _time(here: datetime) -> str:
    """Return the hour as people of Québec write it (OQLF): ``16 h``, ``16 h 30``; ``4:30 p.m.``."""
    if current_language() == "fr":
        return f"{here.hour} h {here.minute:02}" if here.minute else f"{here.hour} h"
    half = "a.m." if here.hour < 12 else "p.m."
    hour = here.hour % 12 or 12
    return f"{hour}:{here.minute:02} {half}" if here.minute else f"{hour} {half}"
