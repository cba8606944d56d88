"""``rpa report``: the paperless ratio as of a day, and everything that stands behind it."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from rpa.cli.output import AsJson, print_json, say
from rpa.cli.rooms import tools_of
from rpa.cli.session import Home, Person, day_said, person_named
from rpa.i18n import _, current_language
from rpa.steps.report import record_count, report_as_of


def count(
    process: Annotated[str, typer.Argument(metavar="PROCESS")],
    cases: Annotated[int, typer.Argument(min=0, metavar="CASES", help=_("How many there were."))],
    *,
    start: Annotated[str, typer.Option("--from", help=_("First day of the period."))],
    end: Annotated[str, typer.Option("--to", help=_("Last day of the period."))],
    source: Annotated[str, typer.Option(help=_("Where they were counted: mail log, fax log, …"))],
    person: Person = None,
    home: Home = None,
) -> None:
    """Record an independent count."""
    seq = record_count(
        process,
        cases,
        period=(day_said(start), day_said(end)),
        source=source,
        person=person_named(person),
        tools=tools_of(home),
    )
    say(_("Recorded as entry {seq}.", seq=seq))


def report(
    *,
    day: Annotated[
        str | None, typer.Option("--as-of", help=_("A past day, 2026-11-24; else now."))
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help=_("Where to write; else HOME/reports/DAY."))
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Compute and write the report."""
    tools = tools_of(home)
    written = report_as_of(tools, day=_day(day), folder=out)
    if as_json:
        print_json({"report": written.report, "files": [str(path) for path in written.files]})
        return
    say(written.headline(current_language()))
    for path in written.files:
        say(f"  {path}")


def _day(text: str | None) -> date | None:
    return None if text is None else day_said(text)
