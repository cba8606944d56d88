"""Every room, for the commands that move cases; slow to import, so others leave it alone."""

from pathlib import Path

from rpa.bootstrap.toolbox import open_toolbox
from rpa.i18n import choose_language
from rpa.settings import load_settings
from rpa.steps.toolbox import Toolbox


def tools_of(home: Path | None) -> Toolbox:
    """Open every room of a home; what is written from here on is in the home's language."""
    settings = load_settings(home)
    choose_language(settings.language)
    return open_toolbox(settings)
