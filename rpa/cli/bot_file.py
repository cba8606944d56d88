"""``rpa bot file``: a bot files a list of cases, each exactly once, without a home or a server.

Exit status: 0 all filed (or rehearsed); 3 a business error; 5 an application error; 6 a case in
doubt. Of several the greatest.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from rpa.bootstrap.filing_desk import (
    FilingPlan,
    checked_definition,
    definition_at,
    login_said,
    open_desk,
    rules_of,
)
from rpa.bootstrap.filing_workers import filed_by_workers, filed_here
from rpa.cli.output import AsJson, complain, print_table
from rpa.cli.terminal import errors
from rpa.domain.errors import ApplicationError
from rpa.i18n import _
from rpa.steps.case_lines import BadLine, CaseLine, read_lines
from rpa.steps.file_list import bad_line
from rpa.steps.listed_case import Desk, Result, known_result

STATUS: Final = {
    "filed": 0,
    "rehearsed": 0,
    "business-error": 3,
    "application-error": 5,
    "in-doubt": 6,
}


BotFile = Annotated[Path, typer.Argument(metavar="BOT", help=_("A bot's folder or file."))]
Cases = Annotated[Path, typer.Argument(metavar="CASES", help=_("Cases, one JSON a line."))]
KeptIn = Annotated[
    str,
    typer.Option(help=_("What keeps what was filed: a folder, a .db file, a database's address.")),
]
Store = Annotated[Path | None, typer.Option(help=_("The folder of the evidence, if elsewhere."))]
Workers = Annotated[
    int, typer.Option(min=1, max=50, help=_("So many at once, each with a log-in."))
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("Do everything but the commit."))]
Address = Annotated[str | None, typer.Option(help=_("The target's address, if another."))]
Login = Annotated[
    list[str] | None, typer.Option(metavar="USER=env:NAME", help=_("A log-in; may be repeated."))
]
Headed = Annotated[bool, typer.Option("--headed", help=_("Show the browser."))]
Retries = Annotated[int, typer.Option(min=0, max=50, help=_("Tries after a tool's failure."))]
Patience = Annotated[float, typer.Option(min=0, help=_("Seconds to wait for a target at rest."))]
Grace = Annotated[
    float, typer.Option(min=0, help=_("Seconds the target may take to store a case."))
]
Zone = Annotated[str, typer.Option(help=_("The time zone of opening hours."))]


def file_cases(
    bot: BotFile,
    cases: Cases,
    *,
    register: KeptIn = "",
    store: Store = None,
    workers: Workers = 1,
    dry_run: DryRun = False,
    url: Address = None,
    login: Login = None,
    headed: Headed = False,
    retries: Retries = 3,
    patience: Patience = 600,
    grace: Grace = 10,
    timezone: Zone = "America/Toronto",
    as_json: AsJson = False,
) -> None:
    """File a list of cases."""
    plan = FilingPlan(
        bot=definition_at(bot),
        cases=cases.resolve(),
        kept_in=register,
        store=store,
        url=url,
        logins=tuple(map(login_said, login or [])),
        retries=retries,
        patience_s=patience,
        grace_s=grace,
        timezone=timezone,
        dry_run=dry_run,
        headed=headed,
    )
    lines = list(read_lines(plan.cases, rules_of(checked_definition(plan))))
    results = _shown(results_of(plan, lines, workers), len(lines), as_json=as_json)
    if not as_json:
        _hint(results, plan)
    raise typer.Exit(max((STATUS[result.outcome] for result in results), default=0))


def results_of(
    plan: FilingPlan, lines: Sequence[CaseLine | BadLine], workers: int
) -> Iterator[Result]:
    """Yield a result for every line, as soon as it is known."""
    desk = open_desk(plan)
    try:
        rest: list[CaseLine] = []
        for line in lines:
            result = bad_line(line) if isinstance(line, BadLine) else _known(line, desk)
            if result is not None:
                yield result
            elif isinstance(line, CaseLine):
                rest.append(line)
        # A worker without a log-in of its own would only wait for one.
        logins = len(desk.target.spec.logins)
        count = min(workers, len(rest), logins)
        if workers > logins:
            complain(_("The target has {logins} log-ins: no more workers work.", logins=logins))
        yield from filed_by_workers(plan, rest, count) if count > 1 else filed_here(desk, rest)
    finally:
        desk.close()


def _known(line: CaseLine, desk: Desk) -> Result | None:
    try:
        return known_result(line, desk)
    except ApplicationError:
        return None  # it is tried again with everything else of the case


def _shown(results: Iterator[Result], total: int, *, as_json: bool) -> list[Result]:
    if as_json:
        return [_written(result) for result in results]
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    done = []
    with Progress(*columns, console=errors, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task(_("Filing"), total=total)
        for result in results:
            progress.advance(bar)
            done.append(result)
    _print(sorted(done, key=lambda result: result.line))
    return done


def _written(result: Result) -> Result:
    sys.stdout.write(json.dumps(result.model_dump(mode="json"), ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return result


def _print(results: Sequence[Result]) -> None:
    words = outcome_words()
    rows = [
        (str(r.line), r.case, words[r.outcome], r.receipt or r.code or "", r.message)
        for r in results
    ]
    heads = (_("Line"), _("Case"), _("Outcome"), _("Receipt or code"), _("Why"))
    print_table(heads, rows)
    counts = Counter(words[result.outcome] for result in results)
    complain(", ".join(f"{word}: {count}" for word, count in counts.items()))


def _hint(results: Sequence[Result], plan: FilingPlan) -> None:
    """Say how to look closer at the first case that was not filed."""
    wrong = [result.number for result in results if STATUS[result.outcome] and result.number]
    if wrong and Path(plan.place).is_dir():
        case, home = wrong[0], plan.place
        complain(
            _(
                "Look closer: rpa case show {case} --home {home} --save FOLDER",
                case=case,
                home=home,
            )
        )


def outcome_words() -> dict[str, str]:
    """Return what people call what became of a line."""
    return {
        "filed": _("filed"),
        "rehearsed": _("rehearsed"),
        "in-doubt": _("in doubt"),
        "business-error": _("business error"),
        "application-error": _("application error"),
    }
