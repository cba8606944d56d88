"""Every room, for the commands that move cases; slow to import, so others leave it alone."""

from pathlib import Path

from rpa.bootstrap.toolbox import open_toolbox
from rpa.settings import load_settings
from rpa.steps.toolbox import Toolbox


def tools_of(home: Path | None) -> Toolbox:
    """Open every room of a home."""
    return open_toolbox(load_settings(home))
