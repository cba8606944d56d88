"""What every command of a home needs: its settings, and its register opened alone."""

from pathlib import Path

from rpa.bootstrap.register import open_register
from rpa.cli.said import YEARS, Home, Person, day_said, language_said, person_named
from rpa.register.register import Register
from rpa.settings import Settings, load_settings

__all__ = [
    "YEARS", "Home", "Person", "day_said", "language_said", "person_named", "register_of",
    "settings_of",
]  # fmt: skip


def settings_of(home: Path | None) -> Settings:
    """Return the settings of the home a command was given."""
    return load_settings(home)


def register_of(home: Path | None) -> Register:
    """Open the register alone: fast, for commands that only ask it."""
    return open_register(load_settings(home))
