"""Words on a page as an engine would tell them, from lines typed with their places."""

from collections.abc import Sequence

from rpa.ocr.api import PageText, Word

HEIGHT = 20.0
LETTER = 10.0
"""Width of a letter, and of the gap between two words, in pixels."""


def words_at(x: float, y: float, text: str, *, line: int = 0) -> list[Word]:
    """Return the words of a text that begins at ``x``, ``y``; every letter is ten pixels wide."""
    words, place = [], x
    for word in text.split():
        width = LETTER * len(word)
        words.append(Word(word, place, y, place + width, y + HEIGHT, 0.9, line))
        place += width + LETTER
    return words


def page_text(
    *texts: tuple[float, float, str],
    width: int = 1000,
    height: int = 1400,
    turn: int = 0,
    skew: float = 0.0,
) -> PageText:
    """Return a page of texts, each at its ``x`` and ``y``."""
    words = [
        word for line, (x, y, text) in enumerate(texts) for word in words_at(x, y, text, line=line)
    ]
    return PageText(width=width, height=height, words=tuple(words), turn=turn, skew=skew)


def lines_of_text(lines: Sequence[str], *, x: float = 100, leading: float = 40) -> PageText:
    """Return a page with these lines one under the other."""
    return page_text(*((x, 100 + leading * number, line) for number, line in enumerate(lines)))
