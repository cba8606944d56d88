"""``rpa case reject``, ``retry``, ``sign``, …: what a person decides about a case as a whole."""

from typing import Annotated

import typer

from rpa.bootstrap.register import clock
from rpa.cli.cases import CaseNumber, app
from rpa.cli.output import AsJson, print_json, say
from rpa.cli.rooms import tools_of
from rpa.cli.session import Home, Person, person_named, register_of, settings_of
from rpa.domain.case import Case
from rpa.domain.model import CaseId, ProcessId
from rpa.domain.words import state_word
from rpa.i18n import _
from rpa.processes.catalog import load_catalog
from rpa.steps.case_folder import purge_evidence
from rpa.steps.doubt import settle_doubt
from rpa.steps.settle import reject, retry
from rpa.steps.sign import decline, sign_as
from rpa.store.folder import FolderStore

Reason = Annotated[str, typer.Option("--reason", help=_("Why; stays on record."))]


@app.command("reject", help=_("End a waiting case without filing it."))
def reject_case(
    case: CaseNumber, *, reason: Reason, person: Person = None, home: Home = None
) -> None:
    """End a waiting case."""
    tools = tools_of(home)
    _print_moved(reject(CaseId(case), reason, person=person_named(person), tools=tools))


@app.command("retry", help=_("Send a suspended or set-aside case on again."))
def retry_case(
    case: CaseNumber,
    *,
    process: Annotated[str | None, typer.Option(help=_("Say which process it is."))] = None,
    person: Person = None,
    home: Home = None,
) -> None:
    """Send a case on again."""
    named = ProcessId(process) if process else None
    tools = tools_of(home)
    _print_moved(retry(CaseId(case), process=named, person=person_named(person), tools=tools))


@app.command("sign", help=_("Sign a waiting case's letter with your own credential."))
def sign_case(
    case: CaseNumber,
    *,
    credential: Annotated[str, typer.Option(help=_("Name of the credential in rpa.yaml."))],
    person: Person = None,
    home: Home = None,
) -> None:
    """Sign a case's letter."""
    tools = tools_of(home)
    _print_moved(sign_as(CaseId(case), credential, person=person_named(person), tools=tools))


@app.command("decline", help=_("Decline to sign a waiting case's letter."))
def decline_case(
    case: CaseNumber, *, reason: Reason, person: Person = None, home: Home = None
) -> None:
    """Decline to sign."""
    tools = tools_of(home)
    _print_moved(decline(CaseId(case), reason, person=person_named(person), tools=tools))


@app.command("settle", help=_("Settle a filing in doubt, after a look into the target."))
def settle_case(
    case: CaseNumber,
    *,
    receipt: Annotated[str | None, typer.Option(help=_("The receipt number found there."))] = None,
    absent: Annotated[
        bool, typer.Option("--absent", help=_("It is surely not there: file it again."))
    ] = False,
    person: Person = None,
    home: Home = None,
) -> None:
    """Settle a filing in doubt."""
    if (receipt is None) != absent:
        raise typer.BadParameter(_("Say either --receipt NUMBER or --absent."))
    tools = tools_of(home)
    _print_moved(settle_doubt(CaseId(case), receipt, person=person_named(person), tools=tools))


@app.command("purge-evidence", help=_("Throw away bots' exhibits whose time is over."))
def purge(
    *,
    days: Annotated[
        int | None, typer.Option(min=0, help=_("Days for cases whose process says none."))
    ] = None,
    person: Person = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Throw away exhibits whose time is over."""
    settings = settings_of(home)
    processes = {p.process_id: p.definition.evidence_days for p in load_catalog(settings.processes)}

    def days_of(process: ProcessId | None) -> int | None:
        said = processes.get(process) if process else None
        return days if said is None else said

    purged = purge_evidence(
        register_of(home),
        FolderStore(settings.path("store")),
        days_of=days_of,
        now=clock(),
        owner=f"person:{person_named(person)}",
    )
    if as_json:
        print_json({"cases": purged})
    else:
        exhibits = sum(purged.values())
        say(_("{exhibits} exhibits of {cases} cases purged.", exhibits=exhibits, cases=len(purged)))


def _print_moved(case: Case) -> None:
    say(f"{case.case_id}  {state_word(case.state)}  {case.reason}")
