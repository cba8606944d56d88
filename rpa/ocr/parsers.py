"""From the characters on a form to the canonical text of a field's kind.

A parser never guesses. Characters that engines mix up (O and 0, l and 1) are corrected where the
kind allows one of them only, and every correction is counted.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from rpa.domain.form import FieldKind
from rpa.ocr.checks import e164, email_address, is_postal_code, passes_luhn
from rpa.ocr.dates import read_day
from rpa.ocr.diacritics import without_accents
from rpa.ocr.spelling import TWINS

TO_DIGIT: Final = str.maketrans("OoQDIil|!SsBZzGb", "0000111115582266")
TO_LETTER: Final = str.maketrans("45681|2]", "ASGBLLZJ")
TO_POSTAL_DIGIT: Final = str.maketrans("OQDIL|!SZBGA", "000111152864")
APOSTROPHES: Final = re.compile("[‘’´`′ʼ]")
DASHES: Final = re.compile("[‐‑‒–—−]")
AMOUNT: Final = re.compile(r"(-?)(\d{1,3}(?:[ .,']?\d{3})*|\d+)(?:([.,])(\d{2}))?")
NAME: Final = re.compile(r"[^\W\d_][^\d_]*")
SIN_DIGITS: Final = 9
POSTAL_SIGNS: Final = 6
_MISREAD_WORDS: Final = (
    (re.compile(r"\b[lIi|] ?er\b"), "1er"),
    (re.compile(r"'{2,}"), "'"),
    (re.compile(r"(?<=\w)' (?=\w)"), "'"),
    (re.compile(r"(?<=\w) -(?=\w)|(?<=\w)- (?=\w)"), "-"),
    (re.compile(r"\b(l|L)à(?= [A-ZÀ-Ý])"), r"\1a"),
    (re.compile(r"(?<=[a-zà-ÿ] )(?:[L1I|]?l|[L1I|])'(?=\w)"), "l'"),
)
"""Readings that no French text holds, and what they stand for."""
_UNUSUAL: Final = re.compile(r"(?i)q(?=[^\W\d_])(?!u)|\blà (?=\w)")
"""What French hardly writes and engines often read: a g without its foot, an article's accent."""
_MISREAD_LETTERS: Final = (
    (re.compile(r"(?<![^\W\d])0(?=[^\W\d]|')"), "O"),
    (re.compile(r"(?<=[a-zà-ÿ])0"), "o"),
    (re.compile(r"(?<=[a-zà-ÿ])[1|]"), "l"),
)
"""Digits in a name, by the letters around them."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser made of a text."""

    value: str | None
    """Canonical text, or None if the text is no value of its kind."""
    problem: str = ""
    """Code of what is wrong, if anything."""
    corrections: int = 0
    """How many characters were taken for their look-alikes."""
    is_doubtful: bool = False
    """True where the text is a value of its kind, but a likely misreading."""
    is_proven: bool = False
    """True where the value carries its own check digit and passes it."""


def parse(kind: FieldKind, text: str, *, from_pixels: bool) -> Parsed:
    """Return the value of ``kind`` in ``text``, which must not be empty.

    ``from_pixels`` allows corrections of look-alikes; a text that somebody typed into a digital
    form is taken as it stands.
    """
    return _PARSERS[kind](folded(text), from_pixels=from_pixels)


def folded(text: str) -> str:
    """Return the text with one kind of blank, apostrophe and hyphen, and none at its ends."""
    plain = DASHES.sub("-", APOSTROPHES.sub("'", text))
    return re.sub(r"\s+", " ", plain).strip()


def as_digits(text: str) -> tuple[str, int]:
    """Return the text with look-alikes of digits made digits, and how many there were."""
    fixed = text.translate(TO_DIGIT)
    return fixed, sum(a != b for a, b in zip(text, fixed, strict=True))


def _text(text: str, *, from_pixels: bool) -> Parsed:
    if not from_pixels:
        return Parsed(text)
    tidy, corrections = re.sub(r"^[|_~•]+ ?| ?[|_~•]+$", "", text), 0
    for pattern, right in _MISREAD_WORDS:
        tidy, found = pattern.subn(right, tidy)
        corrections += found
    if not tidy:
        return Parsed(None, "unreadable")
    return Parsed(tidy, corrections=corrections, is_doubtful=_UNUSUAL.search(tidy) is not None)


def _name(text: str, *, from_pixels: bool) -> Parsed:
    read = _text(text, from_pixels=from_pixels)
    name, corrections = read.value or "", read.corrections
    if from_pixels:
        name = re.sub(r" ?- ?", "-", name)
        for pattern, right in _MISREAD_LETTERS:
            name, found = pattern.subn(right, name)
            corrections += found
    if not NAME.fullmatch(name):
        return Parsed(None, "not-a-name")
    letters = sum(letter.isalpha() for letter in name)
    odd = re.search(r"[^\w' .-]", name) is not None
    is_doubtful = read.is_doubtful or letters < 2 or odd or (from_pixels and name[0] in TWINS)
    return Parsed(name, corrections=corrections, is_doubtful=is_doubtful)


def _date(text: str, *, from_pixels: bool) -> Parsed:
    corrections, found = 0, read_day(text)
    if found is None and from_pixels:
        fixed, corrections = as_digits(text)
        found = read_day(fixed)
    if found is None:
        return Parsed(None, "not-a-date")
    problem = "ambiguous-date" if found.is_ambiguous else ""
    return Parsed(found.day.isoformat(), problem, corrections)


def _integer(text: str, *, from_pixels: bool) -> Parsed:
    fixed, corrections = as_digits(text) if from_pixels else (text, 0)
    digits = fixed.replace(" ", "")
    if not (digits.isascii() and digits.isdigit()):
        return Parsed(None, "not-an-integer")
    return Parsed(str(int(digits)), corrections=corrections, is_doubtful=" " in fixed)


def _amount(text: str, *, from_pixels: bool) -> Parsed:
    bare = re.sub(r"\$|\bCAD?\b", " ", text).strip(" |_")
    fixed, corrections = as_digits(bare) if from_pixels else (bare, 0)
    fixed = re.sub(r" ?([.,]) ?", r"\1", fixed)
    found = AMOUNT.fullmatch(fixed)
    if found is None:
        return Parsed(None, "not-an-amount")
    sign, whole, _point, cents = found.groups()
    dollars = re.sub(r"\D", "", whole)
    value = f"{Decimal(f'{sign}{dollars}.{cents or 0}'):.2f}"
    return Parsed(value, corrections=corrections, is_doubtful=from_pixels and cents is None)


def _postal_code(text: str, *, from_pixels: bool) -> Parsed:
    plain = re.sub(r"[^A-Z0-9|!\]]" if from_pixels else r"[ -]", "", text.upper())
    candidates = {plain: 0}
    if from_pixels:
        shorter = _without_doubles(plain) if len(plain) == POSTAL_SIGNS + 1 else [plain]
        candidates = dict(_in_turn(signs) for signs in shorter)
    valid = {f"{signs[:3]} {signs[3:]}": count for signs, count in candidates.items()}
    valid = {code: count for code, count in valid.items() if is_postal_code(code)}
    if len(valid) != 1:
        return Parsed(None, "not-a-postal-code")
    code, corrections = valid.popitem()
    return Parsed(code, corrections=corrections + len(plain) - POSTAL_SIGNS)


def _in_turn(signs: str) -> tuple[str, int]:
    """Return signs as letter, digit, letter, digit … and how many were look-alikes."""
    tables = (TO_LETTER, TO_POSTAL_DIGIT)
    fixed = "".join(sign.translate(tables[place % 2]) for place, sign in enumerate(signs))
    return fixed, sum(a != b for a, b in zip(signs, fixed, strict=True))


def _without_doubles(signs: str) -> list[str]:
    """Return the signs with one taken out of two neighbours that are the same sign read twice."""
    digits = signs.translate(TO_POSTAL_DIGIT)
    return [
        signs[:place] + signs[place + 1 :]
        for place in range(len(signs))
        if digits[place] in {digits[place - 1 : place], digits[place + 1 : place + 2]}
    ]


def _phone(text: str, *, from_pixels: bool) -> Parsed:
    fixed, corrections = as_digits(text.strip("|_ ")) if from_pixels else (text, 0)
    number = e164(fixed)
    if number is None:
        return Parsed(None, "not-a-phone-number")
    return Parsed(number, corrections=corrections)


def _sin(text: str, *, from_pixels: bool) -> Parsed:
    fixed, corrections = as_digits(text) if from_pixels else (text, 0)
    digits = re.sub(r"[ .\-_|]", "", fixed)
    if len(digits) != SIN_DIGITS or not (digits.isascii() and digits.isdigit()):
        return Parsed(None, "not-a-sin")
    if not passes_luhn(digits):
        return Parsed(None, "checksum")
    return Parsed(digits, corrections=corrections, is_proven=True)


def _email(text: str, *, from_pixels: bool) -> Parsed:
    bare, corrections = text, 0
    if from_pixels:
        bare = text.replace(" ", "").strip("|,;'")
        if "@" not in bare:
            bare, corrections = re.subn("[©®]", "@", bare)
        bare, commas = re.subn(r",\.?|\.,", ".", without_accents(bare))
        corrections += commas
    address = email_address(bare)
    if address is None:
        return Parsed(None, "not-an-email-address")
    return Parsed(address, corrections=corrections)


def _checkbox(text: str, *, from_pixels: bool) -> Parsed:  # noqa: ARG001 - one table of parsers
    off = {"off", "false", "non", "no", "0", ""}
    return Parsed("false" if text.strip("/ ").casefold() in off else "true")


_PARSERS: Final[Mapping[FieldKind, Callable[..., Parsed]]] = {
    FieldKind.TEXT: _text,
    FieldKind.NAME: _name,
    FieldKind.DATE: _date,
    FieldKind.INTEGER: _integer,
    FieldKind.AMOUNT: _amount,
    FieldKind.POSTAL_CODE: _postal_code,
    FieldKind.PHONE: _phone,
    FieldKind.SIN: _sin,
    FieldKind.EMAIL: _email,
    FieldKind.CHECKBOX: _checkbox,
}
