"""The small marks above the letters of a text: dots, accents, apostrophes.

Engines lose accents more than anything else in French names, and say they are sure. The marks can
be counted in the picture and their lean measured, so they are a witness that no engine can talk
round: where readings differ by accents only, the picture decides.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

DOTTED: Final = frozenset("ij")
HANGING: Final = {"'": 1, '"': 2, "°": 1}
ACUTE, GRAVE, CIRCUMFLEX, DIAERESIS = "\u0301", "\u0300", "\u0302", "\u0308"
FRENCH: Final = {"a": "aàâ", "e": "eéèêë", "i": "iîï", "o": "oô", "u": "uùûü"}
LEANING: Final = 0.3
"""Correlation of x and y in a mark from which it leans: acute below minus, grave above plus."""
MOST_COMBINATIONS: Final = 256


@dataclass(frozen=True, slots=True)
class Mark:
    """One small mark above a line's letters."""

    x: float
    """Its middle, in pixels from the line's left."""
    lean: float
    """From -1 (rising to the right, as an acute accent) to 1 (falling, as a grave one)."""


def marks_above(text: str) -> int:
    """Return how many separate marks ``text`` has above its letters when it is printed."""
    return len(_expected(text))


def without_accents(text: str) -> str:
    """Return the text with plain letters."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def restored(readings: Sequence[str], marks: Sequence[Mark]) -> str | None:
    """Return the text whose accents the picture shows, or None if it does not tell.

    ``readings`` differ by accents only; letters on which they agree are taken as they are. That a
    letter has no accent is never told from the picture: a fax may run accent and letter together.
    """
    letters = list(zip(*readings, strict=True))
    options = [_variants(set(column)) for column in letters]
    combinations = 1
    for option in options:
        combinations *= len(option)
    if combinations == 1 or combinations > MOST_COMBINATIONS:
        return None
    fitting = {text for text in map("".join, product(*options)) if _fits(text, marks)}
    return fitting.pop() if len(fitting) == 1 else None


def _variants(column: set[str]) -> str:
    if len(column) == 1:
        return next(iter(column))
    base = without_accents(next(iter(column)))
    forms = FRENCH.get(base.lower(), base * 2)
    return forms[1:].upper() if base.isupper() else forms[1:]


def _fits(text: str, marks: Sequence[Mark]) -> bool:
    expected = _expected(text)
    return len(expected) == len(marks) and all(
        _is_like(mark, kind) for mark, kind in zip(marks, expected, strict=True)
    )


def _is_like(mark: Mark, kind: str) -> bool:
    if kind == ACUTE:
        return mark.lean < -LEANING
    if kind == GRAVE:
        return mark.lean > LEANING
    return kind != CIRCUMFLEX or abs(mark.lean) <= LEANING


def _expected(text: str) -> str:
    return "".join(kind for letter in unicodedata.normalize("NFC", text) for kind in _kinds(letter))


def _kinds(letter: str) -> Iterator[str]:
    apart = unicodedata.normalize("NFD", letter)
    above = [mark for mark in apart[1:] if mark in {ACUTE, GRAVE, CIRCUMFLEX, DIAERESIS}]
    for mark in above:
        yield from ".." if mark == DIAERESIS else mark
    if not above and apart[0] in DOTTED:
        yield "."
    yield from "'" * HANGING.get(apart[0], 0)
