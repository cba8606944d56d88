"""``rpa bot check``: every mistake in a bot's definition, with its line."""

from pathlib import Path
from typing import Annotated

import typer

from rpa.bootstrap.filing_desk import definition_at
from rpa.bots.flaws import flaws_of
from rpa.cli.output import AsJson, print_json, say
from rpa.i18n import _
from rpa.processes.folder import FORM_FILE, load_form

BotFile = Annotated[Path, typer.Argument(metavar="BOT", help=_("A bot's folder or file."))]
Form = Annotated[
    Path | None,
    typer.Option("--form", help=_("The process folder, or the form.yaml, whose values it types.")),
]


def check_bot(bot: BotFile, *, form: Form = None, as_json: AsJson = False) -> None:
    """Find the mistakes in a bot."""
    path = definition_at(bot)
    asked = _form_of(form, path)
    kinds = {field.name: field.kind for field in load_form(asked).all_fields()} if asked else None
    flaws = flaws_of(path, kinds)
    wrong = [flaw for flaw in flaws if flaw.severity == "error"]
    if as_json:
        print_json({"bot": str(path), "is_right": not wrong, "flaws": flaws})
    else:
        for flaw in flaws:
            say(flaw.told(path))
        if not wrong:
            say(_("{file}: no mistakes.", file=path))
    raise typer.Exit(2 if wrong else 0)


def _form_of(said: Path | None, bot: Path) -> Path | None:
    """Return the form that was named, else the one beside the bot, if there is one."""
    named = said or bot.parent
    path = named / FORM_FILE if named.is_dir() else named
    return path if said is not None or path.is_file() else None
