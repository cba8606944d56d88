"""Points and commas: engines take one for the other and say they are sure; the picture tells."""

import re
from typing import Final

_EITHER: Final = re.compile(r"(?<=\d) ?[.,] ?(?=\d{2}\b)")
_NUMBER: Final = re.compile(r"[-(]?[\d .,]+[)]?(?: ?\$)?")
_MARK: Final = re.compile(r"[.,]")
_BARE_INITIAL: Final = re.compile(r"(?<![\w.'’-])[A-Z](?![\w.'’-])")
_BETWEEN_INITIALS: Final = re.compile(r"(\b[A-Z]\.) (?=[A-Z]\.)")


def pointed(text: str, seen: str) -> str:
    """Return a number with the decimal mark that the picture shows.

    ``seen`` are the points and commas at the foot of the line. Only a text that is a number with
    as many marks as were seen is touched, and initials that lack as many points as were seen more.
    """
    text = _with_initials(text, seen)
    marks = _MARK.findall(text)
    if len(marks) != len(seen) or not marks or not _is_number(text):
        return text
    turn = iter(seen)
    return _MARK.sub(lambda _found: next(turn), text)


def _is_number(text: str) -> bool:
    return bool(_EITHER.search(text) and _NUMBER.fullmatch(text))


def _with_initials(text: str, seen: str) -> str:
    """Return the text with the points of initials ("P O Box") that engines leave out.

    Only where its marks are then those that were seen, in their order.
    """
    with_points = _BARE_INITIAL.sub(r"\g<0>.", text)
    if with_points == text or "".join(_MARK.findall(with_points)) != seen:
        return text
    return _BETWEEN_INITIALS.sub(r"\1", with_points)
