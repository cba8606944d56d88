"""What people see, in their language: message catalogues kept by Babel.

The source language of the catalogues is English; ``rpa/locale/fr/LC_MESSAGES/rpa.po`` holds the
French. A program chooses its language once at its door; a part that must speak another one (a
letter, a report) says so for its own context.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from rpa.catalog import read_catalog

Language = Literal["fr", "en"]
LOCALE_FOLDER: Final = Path(__file__).parent / "locale"


@dataclass
class _Chosen:
    language: Language = "en"


_program: Final = _Chosen()
_here: ContextVar[Language | None] = ContextVar("language", default=None)


def choose_language(language: Language) -> None:
    """Set the program's language: every thread speaks it from here on."""
    _program.language = language


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak ``language`` inside the block, in this thread only."""
    token = _here.set(language)
    try:
        yield
    finally:
        _here.reset(token)


def current_language() -> Language:
    """Return the language messages are made in now."""
    return _here.get() or _program.language


def language_of(locale: str) -> Language:
    """Return the language for a POSIX locale name such as ``fr_CA.UTF-8``: French, else English."""
    return "fr" if locale.lower().startswith("fr") else "en"


def _(message: str, **values: object) -> str:
    """Return ``message`` in the current language, with ``{name}`` places filled from ``values``."""
    text = _catalog(current_language()).get(message, message)
    return text.format(**values) if values else text


@cache
def _catalog(language: Language) -> dict[str, str]:
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / "rpa.po"
    return read_catalog(path) if path.is_file() else {}
