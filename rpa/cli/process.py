"""``rpa process``: the processes that are set up, checked and scored on their samples."""

from pathlib import Path
from typing import Annotated

import typer

from rpa.bootstrap.forms import proposed_blank
from rpa.bootstrap.process_signers import signature_warnings
from rpa.bootstrap.toolbox import bot_warnings
from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.session import Home, settings_of
from rpa.domain.errors import DefinitionError
from rpa.i18n import _
from rpa.processes.catalog import load_catalog
from rpa.processes.folder import load_process
from rpa.processes.scaffold import scaffold

app = typer.Typer(no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help=_("A process folder."))]


@app.command("list", help=_("List the processes that are set up."))
def list_processes(*, home: Home = None, as_json: AsJson = False) -> None:
    """List the processes."""
    settings = settings_of(home)
    catalog = load_catalog(settings.processes)
    if as_json:
        listed = [p.definition.model_dump(mode="json", exclude={"form"}) for p in catalog]
        print_json({"processes": listed, "problems": [p.message for p in catalog.problems]})
    else:
        rows = [
            (
                process.process_id,
                process.definition.name.into(settings.language),
                process.definition.owner,
                " → ".join(stop.value for stop in process.definition.stops),
            )
            for process in catalog
        ]
        print_table((_("Process"), _("Name"), _("Owner"), _("Stops")), rows)
        for problem in catalog.problems:
            say(problem.message)
    if catalog.problems:
        raise DefinitionError(
            _("{count} process folders are not right.", count=len(catalog.problems))
        )


@app.command("check", help=_("Check a process folder: every file, every field, the bot."))
def check(
    folder: Folder,
    *,
    home: Annotated[
        Path | None,
        typer.Option("--home", help=_("Look for signers and credentials in this home, too.")),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a process folder."""
    process = load_process(folder)
    warnings = bot_warnings(process)
    if home is not None:
        warnings = (*warnings, *signature_warnings(process, settings_of(home)))
    if as_json:
        print_json({"process": process.process_id, "warnings": warnings})
        return
    for warning in warnings:
        say(_("Warning: {text}", text=warning))
    say(_("{process}: all is well.", process=process.process_id))


@app.command("new", help=_("Start a process folder from a blank form: PDF or scan."))
def new(
    folder: Folder,
    blank: Annotated[Path, typer.Argument(metavar="BLANK", help=_("The empty form: PDF or scan."))],
) -> None:
    """Start a process folder."""
    for path in scaffold(folder, blank, propose=proposed_blank):
        say(str(path))
