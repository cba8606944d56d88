"""Browsers that somebody has logged in from before: guessing from elsewhere never locks them out.

Waits after wrong guesses must be long, or they stop nobody; and whoever guesses on purpose must not
keep the account's owner waiting. So a browser is marked when its owner logs in, and attempts from
it are counted apart from those of strangers (OWASP, *Slow Down Online Guessing Attacks with Device
Cookies*). The mark lets nobody in: it only has a count of its own.
"""

import re
import secrets
from typing import Final

from rpa.identity.api import Seal

MOST_PEOPLE: Final = 8
"""So many log in from one browser, at most; the last ones are kept."""
_LONGEST: Final = 1_000
_NUMBER: Final = re.compile("[0-9a-f]{32}")
_MARK: Final = re.compile("[0-9a-f]{64}")


def device_known(said: str, name: str, seal: Seal) -> str:
    """Return the browser's own number where ``name`` has logged in from it before, else nothing.

    ``said`` is what the browser shows: its number, and a mark for each person.
    """
    number, marks = _parts(said)
    if any(seal.is_mark(mark, _of(number, name), use="device") for mark in marks):
        return number
    return ""


def device_with(said: str, name: str, seal: Seal) -> str:
    """Return what a browser is to show from now on, after ``name`` has logged in from it."""
    number, marks = _parts(said)
    number = number or secrets.token_hex(16)
    own = seal.mark(_of(number, name), use="device")
    others = [mark for mark in marks if mark != own]
    return ".".join([number, own, *others[: MOST_PEOPLE - 1]])


def _parts(said: str) -> tuple[str, list[str]]:
    number, *marks = said[:_LONGEST].split(".")
    if not _NUMBER.fullmatch(number):
        return "", []
    return number, [mark for mark in marks if _MARK.fullmatch(mark)]


def _of(number: str, name: str) -> str:
    return f"{number}\0{name}"
