"""``rpa archive record``, ``paper`` and ``paper-destroyed``: what a transfer leaves to a person."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from rpa.cli.archive import app
from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.rooms import tools_of
from rpa.cli.session import Home, Person, person_named
from rpa.domain.document import DocumentRole
from rpa.domain.model import CaseId
from rpa.i18n import _
from rpa.steps.paper import destroy_paper, due_paper


@app.command("record", help=_("Write a case's transfer record to a file."))
def record(
    case: Annotated[str, typer.Argument(metavar="CASE")],
    out: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    home: Home = None,
) -> None:
    """Write a case's transfer record to a file."""
    tools = tools_of(home)
    document = tools.register.get(CaseId(case)).document(DocumentRole.TRANSFER)
    out.write_bytes(tools.store.get(document.digest))
    say(str(out))


@app.command("paper", help=_("List the cases whose paper may be destroyed today."))
def paper(*, home: Home = None, as_json: AsJson = False) -> None:
    """List the cases whose paper may be destroyed today."""
    due = due_paper(tools_of(home))
    if as_json:
        facts = [{"case": p.case_id, "process": p.process, "since": p.since} for p in due]
        print_json([{**fact, "since": str(fact["since"])} for fact in facts])
        return
    rows = [(p.case_id, p.process, p.since.isoformat()) for p in due]
    print_table((_("Case"), _("Process"), _("Since")), rows)


@app.command("paper-destroyed", help=_("Record that the paper of archived cases was destroyed."))
def paper_destroyed(
    cases: Annotated[list[str], typer.Argument(metavar="CASE…")],
    *,
    method: Annotated[str, typer.Option(help=_("How, as the process's rules say it."))],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help=_("The day; today if not said."))
    ] = None,
    person: Person = None,
    home: Home = None,
) -> None:
    """Record that paper was destroyed."""
    tools = tools_of(home)
    day = on.date() if on else tools.now().astimezone(tools.timezone).date()
    gone = destroy_paper(
        [CaseId(case) for case in cases],
        on=day,
        method=method,
        person=person_named(person),
        tools=tools,
    )
    say(_("Recorded for {count} cases.", count=len(gone)))
