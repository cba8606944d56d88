"""Views: the shapes in which a target may want a value."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final
from urllib.parse import quote

from babel.dates import get_month_names

from rpa.domain.form import FieldKind

View = Callable[[str], str]

_LIGATURES: Final = str.maketrans(
    {
        "œ": "oe",
        "Œ": "OE",
        "æ": "ae",
        "Æ": "AE",
        "’": "'",
        "‘": "'",
        "–": "-",
        "—": "-",
        "\xa0": " ",
    }
)


def ascii_text(text: str) -> str:
    """Return ``text`` without accents, for targets that know none."""
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return plain.encode("ascii", "ignore").decode("ascii")


def _digits(phone: str) -> str:
    phone = phone.partition(";ext=")[0]
    found = "".join(filter(str.isdigit, phone))
    return found[1:] if phone.startswith("+1") and len(found) == 11 else found


def _national(phone: str) -> str:
    found = _digits(phone)
    number, _semicolon, extension = phone.partition(";ext=")
    national = f"{found[:3]} {found[3:6]}-{found[6:]}" if phone.startswith("+1") else number
    return f"{national} x{extension}" if extension else national


_WORDS: Final[Mapping[str, View]] = {"upper": str.upper, "lower": str.lower}
_EVERY: Final[Mapping[str, View]] = {
    "ascii": ascii_text,
    "urlencoded": lambda text: quote(text, safe=""),
}
"""The views that values of every kind have."""
_DATE: Final[Mapping[str, View]] = {
    "day": lambda text: str(date.fromisoformat(text).day),
    "month": lambda text: str(date.fromisoformat(text).month),
    "year": lambda text: f"{date.fromisoformat(text).year:04d}",
    "day2": lambda text: f"{date.fromisoformat(text).day:02d}",
    "month2": lambda text: f"{date.fromisoformat(text).month:02d}",
    "iso": lambda text: date.fromisoformat(text).isoformat(),
    "fr": lambda text: f"{date.fromisoformat(text):%d/%m/%Y}",
    "month_fr": lambda text: _month(text, "fr"),
    "month_en": lambda text: _month(text, "en"),
}
_NUMBER: Final[Mapping[str, View]] = {
    "plain": str,
    "comma": lambda text: text.replace(".", ","),
    "whole": lambda text: text.partition(".")[0],
    "cents": lambda text: f"{text.partition('.')[2]:0<2}"[:2],
}
_POSTAL: Final[Mapping[str, View]] = {
    "compact": lambda text: text.replace(" ", ""),
    "first": lambda text: text[:3],
    "last": lambda text: text[-3:],
}
_COMPACT: Final[Mapping[str, View]] = {"digits": lambda text: re.sub(r"\D", "", text)}
_SIN: Final[Mapping[str, View]] = {"spaced": lambda text: f"{text[:3]} {text[3:6]} {text[6:]}"}

VIEWS: Final[Mapping[FieldKind, Mapping[str, View]]] = {
    FieldKind.TEXT: _WORDS,
    FieldKind.NAME: _WORDS,
    FieldKind.ADDRESS: _WORDS,
    FieldKind.DATE: _DATE,
    FieldKind.TIME: {},
    FieldKind.INTEGER: {},
    FieldKind.NUMBER: _NUMBER,
    FieldKind.PERCENT: _NUMBER,
    FieldKind.AMOUNT: _NUMBER,
    FieldKind.POSTAL_CODE: _POSTAL,
    FieldKind.PHONE: {"digits": _digits, "national": _national},
    FieldKind.SIN: _SIN,
    FieldKind.EMAIL: _WORDS,
    FieldKind.NAM: {"spaced": lambda text: f"{text[:4]} {text[4:8]} {text[8:]}"},
    FieldKind.NEQ: {},
    FieldKind.PERMANENT_CODE: {},
    FieldKind.DRIVER_LICENCE: {},
    FieldKind.BN: {},
    FieldKind.ACCOUNT: _COMPACT,
    FieldKind.IBAN: {},
    FieldKind.SSN: _COMPACT,
    FieldKind.EIN: _COMPACT,
    FieldKind.ZIP: {"first": lambda text: text[:5]},
    FieldKind.NIR: {},
    FieldKind.SIREN: {},
    FieldKind.SIRET: {},
    FieldKind.CHECKBOX: {},
    FieldKind.SIGNATURE: {},
    FieldKind.STAMP: {},
}
"""The views of each kind, besides the canonical text itself and the views of every kind."""

_DATE_PART: Final = re.compile(r"YYYY|AAAA|YY|AA|MM|M|DD|JJ|D|J")


def _month(text: str, language: str) -> str:
    return str(get_month_names("wide", locale=language)[date.fromisoformat(text).month])


def view_of(kind: FieldKind, name: str) -> View | None:
    """Return the view called ``name`` of a kind, or None where it has none."""
    return VIEWS[kind].get(name) or _EVERY.get(name)


def names_of(kind: FieldKind) -> tuple[str, ...]:
    """Return the names of a kind's views."""
    return tuple(sorted({*VIEWS[kind], *_EVERY}))


def is_date_format(pattern: str) -> bool:
    """Say whether ``pattern`` is a date format: year, month and day, and marks between."""
    parts = {found[0][0].translate({ord("A"): "Y", ord("J"): "D"}) for found in _parts(pattern)}
    return parts == {"D", "M", "Y"} and not re.search(r"\w", _DATE_PART.sub("", pattern))


def _parts(pattern: str) -> list[re.Match[str]]:
    return list(_DATE_PART.finditer(pattern))


def dated(pattern: str) -> View:
    """Return the view that writes an ISO date after ``pattern``, such as ``DD/MM/YYYY``.

    ``JJ/MM/AAAA`` means the same. The view raises ``ValueError`` for what is no date.
    """

    def view(text: str) -> str:
        day = date.fromisoformat(text)
        return _DATE_PART.sub(lambda found: _part(found[0], day), pattern)

    return view


def _part(name: str, day: date) -> str:
    number = {"Y": day.year, "A": day.year, "M": day.month, "D": day.day, "J": day.day}[name[0]]
    if name in {"YY", "AA"}:
        number %= 100
    return f"{number:0{len(name)}d}"
