"""Dates and times of day."""

import re
from collections.abc import Mapping
from typing import Final

from rpa.domain.kinds import Writing
from rpa.ocr.dates import is_month, read_day
from rpa.ocr.parsing.lookalikes import TO_DIGIT, as_digits
from rpa.ocr.parsing.parsed import Parsed, changes_between

CLOCK: Final = re.compile(
    r"(?P<hour>\d{1,2})(?:(?: ?[h:.] ?|(?<=\d\d)(?=\d\d\b))(?P<minute>\d{2})?(?::\d{2})?)?"
    r"(?: ?(?:min|heures?|hrs?))? ?(?P<half>[ap]\.? ?m\.?)?",
    re.ASCII,
)
WORDS: Final[Mapping[str, str]] = {
    "midi": "12:00",
    "noon": "12:00",
    "minuit": "00:00",
    "midnight": "00:00",
}
LONGEST: Final = 60
"""Signs; a longer text is no date, and costly to look through."""
TOKEN: Final = re.compile(r"[^\W_]+|[|!]+")


def read_date(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:
    """Return a day as ISO 8601."""
    if len(text) > LONGEST:
        return Parsed(None, "not-a-date")
    fixed, found = text, read_day(text, writing)
    if found is None and from_pixels:
        fixed = TOKEN.sub(_number_where_it_is_one, text.strip(" |_"))
        found = read_day(fixed, writing, nearly=True)
    if found is None:
        return Parsed(None, "not-a-date")
    problem = "ambiguous-date" if found.is_ambiguous else ""
    return Parsed(found.day.isoformat(), problem, changes_between(text, fixed) + found.changes)


def read_time(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:  # noqa: ARG001
    """Return a time of day as ``HH:MM``; an hour alone is a full hour."""
    plain = text.casefold().strip(" |_.")
    if plain in WORDS:
        return Parsed(WORDS[plain])
    value, changes = _time(plain), ()
    if value is None and from_pixels:
        fixed = re.sub(r"[^hapm:. ]+", lambda found: found[0].translate(TO_DIGIT), plain)
        value = _time(fixed)
        return Parsed(value, changes=changes_between(plain, fixed)) if value else _NO_TIME
    return Parsed(value, changes=changes) if value else _NO_TIME


_NO_TIME: Final = Parsed(None, "not-a-time")


def _time(text: str) -> str | None:
    found = CLOCK.fullmatch(text)
    if found is None or not (found["minute"] or found["half"] or "h" in text):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"].startswith("p") else 0)
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def _number_where_it_is_one(found: re.Match[str]) -> str:
    fixed, _changes = as_digits(found[0])
    return fixed if fixed.isdigit() and not is_month(found[0]) else found[0]
