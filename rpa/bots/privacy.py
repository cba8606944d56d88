"""Keeps field values out of what the target says, before it becomes a message or a record."""

import re
from collections.abc import Iterable
from typing import Final

from rpa.bots.views import ascii_text

MASK: Final = "…"
_WORD: Final = re.compile(r"\w+")
_LONGEST: Final = 200


def masked(text: str, values: Iterable[str], *, keep: str = "") -> str:
    """Return ``text`` on one line, without the words of ``values`` and without longer numbers.

    Case and accents make no difference. Words of one or two characters stay, and so does
    ``keep``, the receipt number.
    """
    secret = {word for value in values for word in _WORD.findall(_folded(value)) if len(word) > 2}
    flat = " ".join(text.split())
    if not keep:
        return _without(flat, secret)[:_LONGEST]
    return keep.join(_without(part, secret) for part in flat.split(keep))[:_LONGEST]


def _without(text: str, secret: set[str]) -> str:
    return _WORD.sub(lambda word: MASK if _is_secret(word[0], secret) else word[0], text)


def _is_secret(word: str, secret: set[str]) -> bool:
    return sum(map(str.isdigit, word)) > 2 or not secret.isdisjoint(_WORD.findall(_folded(word)))


def _folded(text: str) -> str:
    return ascii_text(text).casefold()
