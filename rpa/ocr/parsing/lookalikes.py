"""Signs that engines mix up, and the search for the one text that can be meant.

A sign is exchanged only where the kind's mask does not allow it as it was read. In a place that
takes letters and digits, a letter is tried as a digit too: only a check digit can tell them apart.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from math import prod
from typing import Final

from rpa.ocr.parsing.parsed import Change, changes_between

TO_DIGIT: Final = str.maketrans("OoQDIil|!SsBZzGb", "0000111115582266")
"""Signs with one look-alike among the digits."""
DIGITS: Final[Mapping[str, str]] = {
    "O": "0", "D": "0", "Q": "09", "U": "0", "C": "06", "I": "1", "L": "1", "|": "1", "!": "1",
    "[": "1", "]": "1", "Z": "27", "?": "27", "A": "4", "S": "58", "G": "69", "B": "83",
    "T": "71", "&": "8", "b": "6", "g": "9", "q": "9",
}  # fmt: skip
"""Digits that a sign may stand for, the likeliest first."""
LETTERS: Final[Mapping[str, str]] = {
    "0": "ODQ", "1": "IL", "|": "IL", "!": "IL", "]": "JI", "[": "LI", "2": "Z", "4": "A",
    "5": "S", "6": "G", "7": "T", "8": "B",
}  # fmt: skip
"""Letters that a sign may stand for, the likeliest first."""
SHAPES: Final = str.maketrans("01245678|!i", "olzasgtblll")
"""Signs that look alike, as one of them; casefolded."""
MOST_CHANGED: Final = 3
"""One sign in so many may be exchanged; a text that needs more is something else."""
MOST_CANDIDATES: Final = 4096

DIGIT, LETTER, EITHER = "9", "A", "X"


def as_digits(text: str) -> tuple[str, tuple[Change, ...]]:
    """Return the text with look-alikes of digits made digits, and what was changed."""
    fixed = text.translate(TO_DIGIT)
    return fixed, changes_between(text, fixed)


def shape(text: str) -> str:
    """Return a text that is the same for texts of the same look, whatever the case."""
    return text.casefold().translate(SHAPES)


def exchanged(signs: str, is_right: Callable[[str], bool]) -> str | None:
    """Return the one right text that the fewest usual exchanges make of ``signs``, or None."""
    options = [dict.fromkeys((sign, *_usual_twins(sign))) for sign in signs]
    if prod(map(len, options)) > MOST_CANDIDATES:
        return None
    found: dict[int, set[str]] = {}
    for text in map("".join, product(*options)):
        if is_right(text):
            changed = sum(a != b for a, b in zip(signs, text, strict=True))
            found.setdefault(changed, set()).add(text)
    nearest = found[min(found)] if found else set()
    return next(iter(nearest)) if len(nearest) == 1 else None


def _usual_twins(sign: str) -> str:
    digit = sign.translate(TO_DIGIT)
    letters = LETTERS.get(sign, "")
    return (digit if digit != sign else "") + letters[:1]


def fits(signs: str, mask: str) -> bool:
    """Say whether every sign is of its place's class: ``9`` digit, ``A`` letter, ``X`` either."""
    return len(signs) == len(mask) and all(map(_is_of, signs, mask))


def candidates(signs: str, mask: str) -> Iterator[tuple[int, str]]:
    """Yield the texts that ``signs`` may stand for, each with how many signs were exchanged.

    The likeliest comes first. Nothing comes where a place has no look-alike of its class.
    """
    if len(signs) != len(mask):
        return
    options = [_options(sign, place) for sign, place in zip(signs, mask, strict=True)]
    forced = sum(not _own(sign, place) for sign, place in zip(signs, mask, strict=True))
    count = prod(map(len, options))
    if count == 0 or count > MOST_CANDIDATES or forced * MOST_CHANGED > len(signs):
        return
    for text in map("".join, product(*options)):
        yield sum(a.upper() != b for a, b in zip(signs, text, strict=True)), text


def meant(signs: str, masks: tuple[str, ...], is_right: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the texts that are right with the fewest exchanges; one alone can be believed."""
    found: dict[str, int] = {}
    for mask in masks:
        for changed, text in candidates(signs, mask):
            if is_right(text):
                found.setdefault(text, changed)
    fewest = min(found.values(), default=0)
    return tuple(text for text, changed in found.items() if changed == fewest)


def likeliest(signs: str, text: str) -> bool:
    """Say whether every exchanged sign became the one it is mixed up with most."""
    return all(
        b == a.upper() or b in (_digits_of(a)[:1], LETTERS.get(a, "")[:1])
        for a, b in zip(signs, text, strict=True)
    )


def usual(signs: str, text: str) -> bool:
    """Say whether every exchanged sign has one look-alike that anybody would name."""
    return all(
        b == a.upper()
        or b in (a.translate(TO_DIGIT), a.upper().translate(TO_DIGIT), LETTERS.get(a))
        for a, b in zip(signs, text, strict=True)
    )


def _digits_of(sign: str) -> str:
    return DIGITS.get(sign) or DIGITS.get(sign.upper(), "")


def _is_of(sign: str, place: str) -> bool:
    if len(sign) != 1 or not sign.isascii():
        return False
    if place == DIGIT:
        return sign.isdigit()
    return sign.isupper() if place == LETTER else sign.isdigit() or sign.isupper()


def _options(sign: str, place: str) -> str:
    own = _own(sign, place)
    if own and (place != EITHER or sign.isdigit()):
        return own
    return own + (_digits_of(sign) if place != LETTER else LETTERS.get(sign, ""))


def _own(sign: str, place: str) -> str:
    return sign.upper() if _is_of(sign.upper(), place) else ""
