"""``rpa doctor``: every tool, font, port and folder checked, and how to mend what is missing."""

import typer

from rpa.bootstrap.diagnosis import diagnoses
from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.session import Home
from rpa.domain.errors import SetupError
from rpa.i18n import _
from rpa.settings import load_settings


def doctor(*, home: Home = None, as_json: AsJson = False) -> None:
    """Check this machine."""
    try:
        settings = load_settings(home)
    except SetupError as error:
        settings = None
        if home is not None:
            raise
        without = error.message
    found = diagnoses(settings)
    missing = [d for d in found if not d.is_well and d.is_needed]
    if as_json:
        print_json({"well": not missing, "checks": [d.facts() for d in found]})
    else:
        rows = [(d.mark(), d.what, d.found, d.mend if not d.is_well else "") for d in found]
        print_table(("", _("What"), _("Found"), _("How to mend")), rows)
        if settings is None:
            say(without)
    raise typer.Exit(5 if missing else 0)
