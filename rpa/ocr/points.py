"""Points and commas: engines take one for the other and say they are sure; the picture tells."""

import re
from typing import Final

_EITHER: Final = re.compile(r"(?<=\d) ?[.,] ?(?=\d{2}\b)")
_NUMBER: Final = re.compile(r"[-(]?[\d .,]+[)]?(?: ?\$)?")


def pointed(text: str, seen: str) -> str:
    """Return a number with the decimal mark that the picture shows.

    ``seen`` are the points and commas at the foot of the line. Only a text that is a number with
    as many marks as were seen is touched.
    """
    marks = re.findall(r"[.,]", text)
    if len(marks) != len(seen) or not marks or not _is_number(text):
        return text
    turn = iter(seen)
    return re.sub(r"[.,]", lambda _found: next(turn), text)


def _is_number(text: str) -> bool:
    return bool(_EITHER.search(text) and _NUMBER.fullmatch(text))
