"""How many small marks stand above the letters of a text: dots, accents, apostrophes.

Engines lose accents more than anything else in French names, and say they are sure. The marks can
be counted in the picture, so the count is a witness that no engine can talk round.
"""

import unicodedata
from typing import Final

DOTTED: Final = frozenset("ij")
HANGING: Final = {"'": 1, '"': 2, "°": 1}
DOUBLE: Final = "\N{COMBINING DIAERESIS}"
BELOW: Final = frozenset(("\N{COMBINING CEDILLA}", "\N{COMBINING OGONEK}"))


def marks_above(text: str) -> int:
    """Return how many separate marks ``text`` has above its letters when it is printed."""
    return sum(_marks(letter) for letter in unicodedata.normalize("NFC", text))


def _marks(letter: str) -> int:
    apart = unicodedata.normalize("NFD", letter)
    base, above = apart[0], [accent for accent in apart[1:] if accent not in BELOW]
    if above:
        return 2 if DOUBLE in above else 1
    return 1 if base in DOTTED else HANGING.get(base, 0)
