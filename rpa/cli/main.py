"""The ``rpa`` command's door: its nouns, its errors, its exit status.

========  ======================================================================
status    meaning
========  ======================================================================
0         done
1         an error without a class of its own
2         the command, a setting or a process folder is wrong
3         a document or its data is wrong; a person must decide
4         something kept is not what it was
5         a tool or a remote system failed; try again
6         a filing is in doubt; a person looks into the target (``rpa bot file``)
130       interrupted
========  ======================================================================
"""

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rpa import __version__
from rpa.cli.output import complain
from rpa.domain.errors import RpaError
from rpa.environment import quiet_tools
from rpa.i18n import _
from rpa.late import late, loading

if TYPE_CHECKING:
    from importlib.metadata import entry_points
else:  # asked only for commands that are none of ours
    entry_points = late("importlib.metadata", "entry_points")

VERSION: Final = "--version"
QUICK: Final = {
    ("case", "list"),
    ("case", "show"),
    ("request", "list"),
    ("request", "show"),
    ("request", "deadlines"),
}
"""Commands that only ask the register; the rooms' tools are not even imported for them."""
NOUNS: Final = {
    "case": ("rpa.cli.cases", _("Where each case stands, and what moves it.")),
    "review": ("rpa.cli.review", _("What a person is asked, and their answers.")),
    "ledger": ("rpa.cli.ledger", _("Everything that happened, in a checked chain.")),
    "archive": ("rpa.cli.archive", _("Archive packages, taken out and checked.")),
    "process": ("rpa.cli.process", _("Processes: listed, checked, started.")),
    "intake": ("rpa.cli.intake", _("Files: what they are, and how a pile is split.")),
    "pki": ("rpa.cli.pki", _("The development PKI: keys and time to try with.")),
    "ocr": ("rpa.cli.ocr", _("Pages: their words, and searchable copies.")),
    "form": ("rpa.cli.form", _("Forms: read, found, proposed from a blank.")),
    "bot": ("rpa.cli.bot", _("Bots: recorded, tried, checked, run on cases.")),
    "person": ("rpa.cli.person", _("People who have an account in the console.")),
    "request": ("rpa.cli.request", _("Who is asked to sign what.")),
}
ACTIONS: Final = {"case": "rpa.cli.case_actions", "request": "rpa.cli.request_actions"}
"""Where a noun's commands that need the rooms are added to it."""
VERBS: Final = {
    "init": ("rpa.cli.init", "init", _("Make a home: settings, folders, development keys.")),
    "doctor": (
        "rpa.cli.doctor",
        "doctor",
        _("Check this machine and say how to mend what is missing."),
    ),
    "run": ("rpa.cli.run", "run", _("Take files the whole way now, without a server.")),
    "work": ("rpa.cli.run", "work", _("Take in what waits and move every case that is due.")),
    "report": (
        "rpa.cli.report",
        "report",
        _("Compute the paperless ratio and write its report."),
    ),
    "count": (
        "rpa.cli.report",
        "count",
        _("Record how many cases a process had, counted elsewhere."),
    ),
    "console": (
        "rpa.cli.console",
        "console",
        _("Serve the console: signers' pages, and verification for anybody."),
    ),
    "sign": ("rpa.cli.sign", "sign", _("Sign a PDF (PAdES).")),
    "seal": ("rpa.cli.seal", "seal", _("Seal every PDF of a folder (PAdES).")),
    "verify": ("rpa.cli.verify", "verify", _("Check every signature of a PDF.")),
}


def build_app(words: Sequence[str]) -> typer.Typer:
    """Return the command with what ``words`` need of it: one command, or the names of all."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help=_("Paper processes made digital, without touching the old systems."),
    )
    app.callback()(_every_command)
    wanted = next((word for word in words if word != "--"), "")
    if wanted == VERSION:
        return app
    if wanted in NOUNS:
        app.add_typer(_noun(wanted, words), name=wanted, help=NOUNS[wanted][1])
    elif wanted in VERBS:
        module, function, text = VERBS[wanted]
        app.command(wanted, help=text)(getattr(import_module(module), function))
    else:
        _add_names(app)
        for entry in entry_points(group="rpa.commands"):
            entry.load()(app)
    return app


def _noun(noun: str, words: Sequence[str]) -> typer.Typer:
    app: typer.Typer = import_module(NOUNS[noun][0]).app
    if noun in ACTIONS and tuple(words[:2]) not in QUICK:
        import_module(ACTIONS[noun])
    if noun == "archive":
        import_module("rpa.cli.paper")
        import_module("rpa.cli.kept_signatures")
    return app


def _add_names(app: typer.Typer) -> None:
    """Add every command by its name and what it is for: all that help tells of it."""
    for verb, (_module, _function, text) in VERBS.items():
        app.command(verb, help=text)(_named_only)
    for noun, (_module, text) in NOUNS.items():
        app.add_typer(_names(), name=noun, help=text)


def _names() -> typer.Typer:
    app = typer.Typer()
    app.callback()(_named_only)
    return app


def _named_only() -> None:
    """Stand for a command that is loaded only when it is the one asked for."""
    raise typer.Exit(2)


def _tell_version(wanted: bool) -> None:  # noqa: FBT001 - as click calls it
    if wanted:
        sys.stdout.write(f"paperless-rpa {__version__}\n")
        raise typer.Exit


def _every_command(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            VERSION, help=_("Print the version and end."), is_eager=True, callback=_tell_version
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run one command; errors end it with a message and their exit status."""
    quiet_tools()
    try:
        with loading():
            app = build_app(sys.argv[1:])
        gc.freeze()
        app()
    except RpaError as error:
        complain(f"{error.reason}: {error.message}")
        sys.exit(error.exit_status)
    except BrokenPipeError:
        sys.exit(0)
