"""Days as people write them on forms, in French and in English."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from rpa.domain.kinds import AS_USUAL, DateOrder, Writing
from rpa.ocr.checks import calendar_day
from rpa.ocr.distance import distance
from rpa.ocr.parsing.parsed import Change

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
SURE_LETTERS: Final = 4
"""One letter in so many of a month's name may be misread."""

_SEPARATOR: Final = r"(?:[-/.] ?| )"
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,2}})")
_YEAR_LAST: Final = re.compile(rf"(\d{{1,2}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{4}})")
_SHORT: Final = re.compile(rf"(\d{{1,2}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{2}})")
_SHORT_YEAR_FIRST: Final = re.compile(rf"(\d{{2}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,2}})")
_COMPACT: Final = re.compile(r"\d{8}|\d{6}")
_YEAR: Final = r"'?(\d{4}|\d{2})"
_DAY_MONTH: Final = re.compile(
    rf"(\d{{1,2}}) ?(?:er|st|nd|rd|th|e)?[-/. ]+([a-z]+)\.?[-/., ]+{_YEAR}"
)
_MONTH_DAY: Final = re.compile(rf"([a-z]+)\.?[-/ ]+(\d{{1,2}})(?:er|st|nd|rd|th)?[-/, ]+{_YEAR}")
_YEAR_MONTH: Final = re.compile(r"(\d{4})[-/., ]+([a-z]+)\.?[-/ ]+(\d{1,2})")
_WEEKDAY: Final = re.compile(
    r"^(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)[ ,]+"
)
_ORDERS: Final[Mapping[DateOrder, str]] = {
    DateOrder.DAY_FIRST: "dmy",
    DateOrder.YEAR_FIRST: "ymd",
    DateOrder.MONTH_FIRST: "mdy",
}


@dataclass(frozen=True, slots=True)
class ReadDay:
    """A day, and whether the text could mean another one as well."""

    day: date
    is_ambiguous: bool = False
    changes: tuple[Change, ...] = ()
    """A month's name that was misread."""


def read_day(text: str, writing: Writing = AS_USUAL, *, nearly: bool = False) -> ReadDay | None:
    """Return the day that ``text`` names, or None.

    Numbers are read in the order that ``writing`` declares; without one, day before month where
    nothing else tells, and a short date that could be two days is ambiguous. ``nearly`` takes a
    month's name with misread letters for the one month that is near.
    """
    tidy = _tidy(text)
    named = _named(tidy, writing, nearly=nearly)
    if named is not None:
        return named
    meanings = list(dict.fromkeys(day for day in _meanings(tidy, writing) if day))
    if not meanings:
        return None
    return ReadDay(meanings[0], len(meanings) > 1 and _is_short(tidy))


def is_month(word: str) -> bool:
    """Say whether ``word`` names a month, perhaps with misread letters."""
    return _month(_tidy(word), nearly=True) is not None


def _tidy(text: str) -> str:
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter)
    )
    plain = re.sub(r"[–—−_]", "-", plain)
    plain = re.sub(r"\s+", " ", plain).strip(" .,;:'\"|")
    plain = _WEEKDAY.sub("", re.sub(r"\b(?:le|the|of) ", "", plain))
    if _is_comb(plain):
        return re.sub(r"[ |]", "", plain)
    return re.sub(r" ?([-/]) ?", r"\1", plain)


def _is_comb(text: str) -> bool:
    """Say whether every digit stands in a box of its own."""
    return len(re.findall(r"\d", text)) in {6, 8} and not re.search(r"\d\d|[a-z]", text)


def _is_short(tidy: str) -> bool:
    return len(re.sub(r"\D", "", tidy)) <= 6


def _meanings(text: str, writing: Writing) -> Iterator[date | None]:
    """Yield the days that three numbers can mean, the likeliest first."""
    if found := _YEAR_FIRST.fullmatch(text):
        yield _day(found.groups(), "ymd", writing)
    elif found := _YEAR_LAST.fullmatch(text):
        for order in _said(writing, "dmy", "mdy"):
            yield _day(found.groups(), order, writing)
    elif _COMPACT.fullmatch(text):
        default = ("ymd", "dmy", "mdy") if len(text) == 8 else ("dmy", "ymd")
        for order in _said(writing, *default):
            yield _day(_cut(text, order), order, writing)
    else:
        for order in _said(writing, "dmy", "ymd"):
            pattern = _SHORT_YEAR_FIRST if order == "ymd" else _SHORT
            if short := pattern.fullmatch(text):
                yield _day(short.groups(), order, writing)


def _said(writing: Writing, *default: str) -> tuple[str, ...]:
    return (_ORDERS[writing.order],) if writing.order else default


def _cut(digits: str, order: str) -> tuple[str, ...]:
    year = len(digits) - 4
    widths = [year if part == "y" else 2 for part in order]
    places = [sum(widths[:i]) for i in range(3)]
    return tuple(digits[p : p + w] for p, w in zip(places, widths, strict=True))


def _day(numbers: tuple[str, ...], order: str, writing: Writing) -> date | None:
    part = dict(zip(order, numbers, strict=True))
    return calendar_day(_full_year(part["y"], writing), int(part["m"]), int(part["d"]))


def _full_year(year: str, writing: Writing) -> int:
    if len(year) == 4:
        return int(year)
    return int(year) + (2000 if int(year) < writing.pivot else 1900)


def _named(text: str, writing: Writing, *, nearly: bool) -> ReadDay | None:
    """Return the day whose month is given by its name."""
    if found := _DAY_MONTH.fullmatch(text):
        day, name, year = found.groups()
    elif found := _MONTH_DAY.fullmatch(text):
        name, day, year = found.groups()
    elif found := _YEAR_MONTH.fullmatch(text):
        year, name, day = found.groups()
    else:
        return None
    meant = _month(name, nearly=nearly)
    if meant is None:
        return None
    full = calendar_day(_full_year(year, writing), MONTHS[meant], int(day))
    changes = () if meant == name else (Change(text.find(name), name, meant),)
    return ReadDay(full, changes=changes) if full else None


def _month(name: str, *, nearly: bool) -> str | None:
    """Return the month's name that ``name`` stands for, or None."""
    if name in MONTHS:
        return name
    allowed = len(name) // SURE_LETTERS
    if not nearly or not allowed:
        return None
    spelled = name.replace("rn", "m")
    near = {month: distance(spelled, month) for month in MONTHS}
    close = [month for month in near if near[month] <= allowed]
    if len({MONTHS[month] for month in close}) != 1:
        return None
    return min(close, key=near.__getitem__)
