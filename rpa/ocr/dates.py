"""Days as people write them on forms, in French and in English."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from rpa.ocr.checks import calendar_day

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil july jul",
            "aout august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}
CENTURY_TURNS: Final = 50
"""A year of two digits below this is of the 2000s, else of the 1900s."""

_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_SHORT: Final = re.compile(r"(\d{2})[-/. ](\d{2})[-/. ](\d{2})")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_MONTH: Final = re.compile(r"(\d{1,2}) ?(?:er|st|nd|rd|th|e)? ([a-z]+)[., ]+(\d{4})")
_MONTH_DAY: Final = re.compile(r"([a-z]+)\.? (\d{1,2})(?:er|st|nd|rd|th)?[, ]+(\d{4})")


@dataclass(frozen=True, slots=True)
class ReadDay:
    """A day, and whether the text could mean another one as well."""

    day: date
    is_ambiguous: bool = False


def read_day(text: str) -> ReadDay | None:
    """Return the day that ``text`` names, or None; day before month where nothing else tells."""
    tidy = _tidy(text)
    meanings = list(dict.fromkeys(day for day in _meanings(tidy) if day))
    if not meanings:
        return None
    is_ambiguous = len(meanings) > 1 and _SHORT.fullmatch(tidy) is not None
    return ReadDay(meanings[0], is_ambiguous)


def _tidy(text: str) -> str:
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter)
    )
    plain = re.sub(r"[–—−_]", "-", plain)
    plain = re.sub(r"\s+", " ", plain).strip(" .,;:'\"|")
    plain = re.sub(r"\b(?:le|the|of) ", "", plain)
    return re.sub(r" ?([-/]) ?", r"\1", plain)


def _meanings(text: str) -> Iterator[date | None]:
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = map(int, found.groups())
        yield calendar_day(year, month, day)
    elif found := _YEAR_LAST.fullmatch(text):
        first, second, year = map(int, found.groups())
        yield calendar_day(year, second, first)
        yield calendar_day(year, first, second)
    elif found := _SHORT.fullmatch(text):
        first, second, third = map(int, found.groups())
        yield calendar_day(_full_year(third), second, first)
        yield calendar_day(_full_year(first), second, third)
    elif found := _DAY_MONTH.fullmatch(text):
        yield _in_words(day=found[1], month=found[2], year=found[3])
    elif found := _MONTH_DAY.fullmatch(text):
        yield _in_words(day=found[2], month=found[1], year=found[3])


def _full_year(short: int) -> int:
    return short + (2000 if short < CENTURY_TURNS else 1900)


def _in_words(*, day: str, month: str, year: str) -> date | None:
    number = MONTHS.get(month)
    return calendar_day(int(year), number, int(day)) if number else None
