"""What people see, in their language: message catalogues kept by Babel.

The source language of the catalogues is English; ``rpa/locale/fr/LC_MESSAGES/rpa.po`` holds the
French. The catalogue is read once and kept; choosing a language is one call at the program's door.
"""

from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final, Literal

from babel.messages.pofile import read_po

Language = Literal["fr", "en"]
LOCALE_FOLDER: Final = Path(__file__).parent / "locale"

_language: ContextVar[Language] = ContextVar("language", default="en")


def choose_language(language: Language) -> None:
    """Set the language of every message made from here on in this context."""
    _language.set(language)


def current_language() -> Language:
    """Return the language messages are made in now."""
    return _language.get()


def language_of(locale: str) -> Language:
    """Return the language for a POSIX locale name such as ``fr_CA.UTF-8``: French, else English."""
    return "fr" if locale.lower().startswith("fr") else "en"


def _(message: str, **values: object) -> str:
    """Return ``message`` in the current language, with ``{name}`` places filled from ``values``."""
    return translated(message, language=_language.get(), **values)


def translated(message: str, *, language: Language, **values: object) -> str:
    """Return ``message`` in ``language``; a message without translation stays English."""
    text = _catalog(language).get(message, message)
    return text.format(**values) if values else text


@cache
def _catalog(language: Language) -> dict[str, str]:
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / "rpa.po"
    if not path.is_file():
        return {}
    with path.open("rb") as source:
        entries = read_po(source, locale=language)
    return {
        str(entry.id): str(entry.string)
        for entry in entries
        if entry.id and entry.string and not entry.fuzzy
    }
