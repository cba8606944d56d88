"""Values of a known layout inside free text: what they must have been, where that is plain.

A field that nobody gave a kind holds postal codes, addresses and amounts all the same.
"""

import re
from collections.abc import Callable
from typing import Final

from rpa.ocr.checks import email_address, is_postal_code
from rpa.ocr.diacritics import without_accents
from rpa.ocr.parsing.parsed import Change, changes_between
from rpa.ocr.parsing.places import TO_LETTER, TO_POSTAL_DIGIT

_POSTAL: Final = re.compile(r"(?<!\w)([A-Z0-9|]{3}) ?([A-Z0-9|]{3})(?!\w)")
_AMOUNT: Final = re.compile(r"-?[\d ]*\d ?[.,] ?\d{2}(?: ?\$)?")
_LETTERS_I: Final = re.compile(r"(?<=[A-ZÀ-Ýa-zà-ÿ])I(?=[a-zà-ÿ])")
_BAR_L: Final = re.compile(r"(?<=[a-zà-ÿ])[|1](?=[a-zà-ÿ])")
LEAST_KEPT: Final = 4
"""Signs of a postal code that must be right as they were read."""


def settled(text: str) -> tuple[str, tuple[Change, ...]]:
    """Return the text with what has a known layout put right, and every change."""
    done = text
    for rule in _RULES:
        done = rule(done)
    return done, changes_between(text, done) if done != text else ()


def _postal_codes(text: str) -> str:
    return _POSTAL.sub(_postal_code, text)


def _postal_code(found: re.Match[str]) -> str:
    signs = found[1] + found[2]
    tables = (TO_LETTER, TO_POSTAL_DIGIT) * 3
    fixed = "".join(sign.translate(table) for sign, table in zip(signs, tables, strict=True))
    kept = sum(a == b for a, b in zip(signs, fixed, strict=True))
    if kept < LEAST_KEPT or not is_postal_code(f"{fixed[:3]} {fixed[3:]}"):
        return found[0]
    return found[0].replace(signs[:3], fixed[:3], 1)[:-3] + fixed[3:]


def _addresses(text: str) -> str:
    """Put right a text that is one e-mail address but for blanks and points read as commas."""
    if text.count("@") != 1 or len(text.split()) > 3:
        return text
    plain = without_accents(text)
    tries = (re.sub(r" ?(?:,\.?|\.,|\.) ?", ".", plain).replace(" ", ""), plain.replace(" ", "."))
    return next((one for one in tries if email_address(one) is not None), text)


def _amounts(text: str) -> str:
    if not _AMOUNT.fullmatch(text):
        return text
    return re.sub(r" ?([.,]) ?(?=\d{2}(?: ?\$)?$)", r"\1", text)


def _strokes(text: str) -> str:
    return _BAR_L.sub("l", _LETTERS_I.sub("l", text))


_RULES: Final[tuple[Callable[[str], str], ...]] = (_addresses, _amounts, _postal_codes, _strokes)
