"""Which passwords are good enough (NIST SP 800-63B, 5.1.1.2): long, and not what all choose."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from rpa.i18n import _

SHORTEST: Final = 12
LONGEST: Final = 256
FEWEST_SIGNS: Final = 5
_COMMON: Final = Path(__file__).parent / "common_passwords.txt"
_AS_LETTERS: Final = str.maketrans("0134578@$€!|", "oieastbaseil")


def as_compared(password: str) -> str:
    """Return a password in the one form of its letters (NFKC), however the keyboard made them."""
    return unicodedata.normalize("NFKC", password)


def password_flaw(password: str, *, names: tuple[str, ...]) -> str:
    """Return why a password can't be taken, for a person; empty where it can.

    ``names`` are words that it must not be built on: the log-in name, the organisation.
    """
    said = as_compared(password)
    if len(said) < SHORTEST:
        return _("Choose at least {count} characters. A few words do well.", count=SHORTEST)
    if len(said) > LONGEST:
        return _("Choose at most {count} characters.", count=LONGEST)
    if len(set(said)) < FEWEST_SIGNS:
        return _("Choose something with more different characters.")
    if _is_common(said):
        return _("This is among the passwords that are tried first. Choose another.")
    if _is_built_on(said, names):
        return _("Choose a password without your name and your organisation's.")
    return ""


def _is_common(password: str) -> bool:
    """Say whether common words are all there is, once digits and signs around them are gone."""
    return any(not _without_common(form) for form in _forms(password))


def _without_common(form: str) -> str:
    for word in _common():
        form = form.replace(word, "")
    return form


def _forms(password: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", password.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    letters = "".join(sign for sign in plain if sign.isalpha())
    inside = plain.strip("".join({sign for sign in plain if not sign.isalpha()}))
    spelled = "".join(sign for sign in inside.translate(_AS_LETTERS) if sign.isalpha())
    digits = "".join(sign for sign in plain if sign.isalnum())
    return {form for form in (letters, spelled, digits) if form}


def _is_built_on(password: str, names: tuple[str, ...]) -> bool:
    forms = _forms(password)
    words = {form for name in names for form in _forms(name) if len(form) >= 4}
    return any(word in form and len(form) - len(word) < 8 for word in words for form in forms)


@cache
def _common() -> tuple[str, ...]:
    """Return the words, longest first: a short one must not break a long one up."""
    return tuple(sorted(_COMMON.read_text(encoding="utf-8").split(), key=len, reverse=True))
