"""Postal codes and telephone numbers, of the country that the field declares."""

import re
from typing import Final

from rpa.domain.kinds import Country, Writing
from rpa.ocr.checks import e164, is_postal_code
from rpa.ocr.parsing.lookalikes import as_digits
from rpa.ocr.parsing.parsed import Change, Parsed, changes_between

TO_LETTER: Final = str.maketrans("45681|2]", "ASGBLLZJ")
TO_POSTAL_DIGIT: Final = str.maketrans("OQDIL|!SZBGA", "000111152864")
POSTAL_SIGNS: Final = 6
LONGEST: Final = 60
"""Signs; a longer text is no telephone number, and costly to look through."""
FIVE: Final = re.compile(r"[0-9]{5}")
ZIP: Final = re.compile(r"([0-9]{5})(?:-?([0-9]{4}))?")
EXTENSION: Final = re.compile(
    r"(?i)(.*?\d.*?)(?:[,;( ]+(?:poste|ext(?:ension)?|x|p)\b[.:]? ?|x| ?# ?)(\w{1,6})\)?"
)


def read_postal_code(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:
    """Return a postal code of the declared country."""
    if writing.country is Country.UNITED_STATES:
        return read_zip(text, writing, from_pixels=from_pixels)
    if writing.country is Country.FRANCE:
        fixed, changes = _digits_only(text, from_pixels=from_pixels)
        found = FIVE.fullmatch(fixed)
        return Parsed(fixed, changes=changes) if found else Parsed(None, "not-a-postal-code")
    return _canadian(text, from_pixels=from_pixels)


def read_zip(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:  # noqa: ARG001
    """Return a ZIP code of the United States, of five or nine digits."""
    fixed, changes = _digits_only(text, from_pixels=from_pixels)
    found = ZIP.fullmatch(fixed)
    if found is None:
        return Parsed(None, "not-a-postal-code")
    return Parsed("-".join(filter(None, found.groups())), changes=changes)


def read_phone(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:
    """Return a telephone number as E.164, an extension after ``;ext=`` (RFC 3966)."""
    if len(text) > LONGEST:
        return Parsed(None, "not-a-phone-number")
    bare = text.strip("|_ ") if from_pixels else text
    apart = EXTENSION.fullmatch(bare)
    main, extension = apart.groups() if apart else (bare, "")
    changes: tuple[Change, ...] = ()
    if from_pixels:
        main, changes = as_digits(main)
        extension, more = as_digits(extension)
        changes += more
    number = e164(main, writing.country)
    if number is None or (extension and not _is_digits(extension)):
        return Parsed(None, "not-a-phone-number")
    return Parsed(f"{number};ext={extension}" if extension else number, changes=changes)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _digits_only(text: str, *, from_pixels: bool) -> tuple[str, tuple[Change, ...]]:
    plain = re.sub(r"[ .|_]" if from_pixels else " ", "", text)
    return as_digits(plain) if from_pixels else (plain, ())


def _canadian(text: str, *, from_pixels: bool) -> Parsed:
    plain = re.sub(r"[^A-Z0-9|!\]]" if from_pixels else r"[ -]", "", text.upper())
    candidates = [plain]
    if from_pixels:
        shorter = _without_doubles(plain) if len(plain) == POSTAL_SIGNS + 1 else [plain]
        candidates = [_in_turn(signs) for signs in shorter]
    valid = {f"{signs[:3]} {signs[3:]}" for signs in candidates}
    valid = {code for code in valid if is_postal_code(code)}
    if len(valid) != 1:
        return Parsed(None, "not-a-postal-code")
    code = valid.pop()
    return Parsed(code, changes=changes_between(plain, code.replace(" ", "")))


def _in_turn(signs: str) -> str:
    """Return signs as letter, digit, letter, digit …."""
    tables = (TO_LETTER, TO_POSTAL_DIGIT)
    return "".join(sign.translate(tables[place % 2]) for place, sign in enumerate(signs))


def _without_doubles(signs: str) -> list[str]:
    """Return the signs with one taken out of two neighbours that are the same sign read twice."""
    digits = signs.translate(TO_POSTAL_DIGIT)
    return [
        signs[:place] + signs[place + 1 :]
        for place in range(len(signs))
        if digits[place] in {digits[place - 1 : place], digits[place + 1 : place + 2]}
    ]
