"""The spelling to be believed where two readings of one answer differ by a trifle only."""

import re
from typing import Final

TWINS: Final = "cosvwxz"
"""Letters whose capital has the same shape, so that an engine tells them by size alone."""
_ARTICLE: Final = re.compile(r"(?<=\bde )L(?=a |')")
"""An article after ``de`` is seldom a capital."""


_SHORT: Final = (
    "à|au|aux|ce|d|de|des|du|en|et|eux|ils|il|la|le|les|lui|ne|nos|on|ou|où|par|pas|pour|qu|que|qui|sa"
    "|se|ses|si|son|sur|un|une|y"
)
_TORN: Final = re.compile(rf"(?<=[a-zà-ÿ]) (?!(?:{_SHORT})(?![\w'.]))(?=[a-zà-ÿ]{{1,3}}(?![\w'.]))")
"""A blank before the last letters of a word: engines see one in type of one width."""


def likelier(text: str) -> tuple[str, ...]:
    """Return how French would rather spell ``text``, the likeliest first.

    To be believed only if another reading of the same answer says so too.
    """
    tight = _TORN.sub("", _ARTICLE.sub("l", text.replace(" - ", "-")))
    others = [tight[0].upper() + tight[1:]] if tight and tight[0] in TWINS else []
    return tuple(other for other in (*others, tight) if other != text)
