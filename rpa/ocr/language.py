"""In which of the two languages a page is written, told from a few of its words."""

from typing import Final

import py3langid

LEAST_LETTERS: Final = 12
"""Letters from which a language is told; with fewer it is French."""


def is_english(text: str) -> bool:
    """Say whether a text is in English rather than in French; without enough of it, it isn't."""
    if sum(letter.isalpha() for letter in text) < LEAST_LETTERS:
        return False
    scores = dict(py3langid.rank(text))
    return bool(scores["en"] > scores["fr"])
