"""What a person says to any command: the home, who they are, a day, a language."""

import getpass
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from rpa.domain.errors import SetupError
from rpa.i18n import Language, _, current_language

Home = Annotated[
    Path | None,
    typer.Option("--home", help=_("The home folder; else RPA_HOME, else your data folder.")),
]
YEARS: Final = range(1900, 2200)
"""Days outside are slips of the pen, and no time zone can tell when they began."""
Person = Annotated[
    str | None, typer.Option("--as", help=_("Who decides; your user name if not said."))
]


def person_named(person: str | None) -> str:
    """Return who decides: the name given, else the user's."""
    return person or getpass.getuser()


def language_said(said: str | None) -> Language:
    """Return the language that an option names; without one, the language of the command.

    Raises:
        SetupError: It is neither French nor English.
    """
    if said == "fr":
        return "fr"
    if said == "en":
        return "en"
    if said is None:
        return current_language()
    raise SetupError(_("--lang is fr or en, not {given}.", given=said), code="language")


def day_said(text: str) -> date:
    """Return the day that a person wrote as ``2026-11-24``.

    Raises:
        SetupError: It is no day, or one that no calendar of ours reaches.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.year not in YEARS:
        raise SetupError(_("{text} is no day; write 2026-11-24.", text=text))
    return day
