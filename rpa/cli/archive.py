"""``rpa archive``: packages, taken out and checked."""

from pathlib import Path
from typing import Annotated

import typer

from rpa.archive.api import ArchiveFlaw
from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.rooms import tools_of
from rpa.cli.session import Home
from rpa.domain.document import DocumentRole
from rpa.domain.errors import IntegrityError, NotFoundError
from rpa.domain.model import CaseId
from rpa.domain.words import state_word
from rpa.i18n import _
from rpa.steps.toolbox import Toolbox
from rpa.steps.verify import checked_package, stored_flaws

app = typer.Typer(no_args_is_help=True)
Packages = Annotated[
    list[str] | None,
    typer.Argument(metavar="[CASE|FILE]…", help=_("Case numbers or package files; else all.")),
]


@app.command("verify", help=_("Check packages, and every stored document when none is named."))
def verify(what: Packages = None, *, home: Home = None, as_json: AsJson = False) -> None:
    """Check packages."""
    tools = tools_of(home)
    seals: dict[str, str] = {}
    if what:
        packages = {name: checked_package(_package(name, tools), tools) for name in what}
        found = {name: list(package.flaws) for name, package in packages.items()}
        seals = {name: package.sealed_by for name, package in packages.items()}
        checked = len(found)
    else:
        checked, found = stored_flaws(tools)
    wrong = {name: flaws for name, flaws in found.items() if flaws}
    if as_json:
        flaws = {name: _facts(flaws) for name, flaws in wrong.items()}
        print_json({"checked": checked, "flaws": flaws, "sealed_by": seals})
    elif wrong:
        rows = [(name, f.file, f.problem) for name, flaws in wrong.items() for f in flaws]
        print_table((_("Package"), _("File"), _("Problem")), rows)
    else:
        say(_("{count} checked, all as archived.", count=checked))
        for name, seal in seals.items():
            say(_("{name}: sealed by {seal}", name=name, seal=seal or _("nobody")))
    if wrong:
        raise IntegrityError(
            _("{count} are not as they were archived.", count=len(wrong)), code="archive"
        )


@app.command("export", help=_("Write a case's package to a file."))
def export(
    case: Annotated[str, typer.Argument(metavar="CASE")],
    out: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    home: Home = None,
) -> None:
    """Write a case's package to a file."""
    out.write_bytes(_package(case, tools_of(home)))
    say(str(out))


def _package(name: str, tools: Toolbox) -> bytes:
    path = Path(name)
    if path.is_file():
        return path.read_bytes()
    case = tools.register.get(CaseId(name))
    if not case.has(DocumentRole.PACKAGE):
        raise NotFoundError(_("Case {case} is {state}.", case=name, state=state_word(case.state)))
    return tools.store.get(case.document(DocumentRole.PACKAGE).digest)


def _facts(flaws: list[ArchiveFlaw]) -> list[dict[str, str]]:
    return [{"file": flaw.file, "problem": flaw.problem} for flaw in flaws]
