"""``rpa run`` and ``rpa work``: cases taken the whole way without a server."""

from pathlib import Path
from typing import Annotated

import typer

from rpa.bootstrap.toolbox import Direct, bot_warnings, open_toolbox
from rpa.cli.output import AsJson, complain, print_json, print_table
from rpa.cli.session import Home, settings_of
from rpa.domain.case import Case, CaseState
from rpa.domain.channel import ChannelKind
from rpa.domain.errors import ApplicationError, DefinitionError, NotFoundError, SetupError
from rpa.domain.model import ProcessId
from rpa.domain.words import state_word
from rpa.i18n import _
from rpa.intake.api import Delivery
from rpa.intake.names import safe_name
from rpa.processes.catalog import load_catalog
from rpa.processes.folder import ProcessFolder, load_process
from rpa.steps.advance import advance
from rpa.steps.receive import Received, receive, receive_delivery
from rpa.steps.signature_requests import tend
from rpa.steps.toolbox import Toolbox

DIRECT = "direct"
"""The channel of files handed over on the command line."""


def run(
    process: Annotated[str, typer.Argument(metavar="PROCESS", help=_("A process or its folder."))],
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help=_("Documents."))],
    *,
    kind: Annotated[ChannelKind, typer.Option(help=_("How they came."))] = ChannelKind.SCAN,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take files the whole way."""
    settings = settings_of(home)
    named = Path(process)
    folder = (
        load_process(named)
        if named.is_dir()
        else load_catalog(settings.processes).get(ProcessId(process))
    )
    bot_warnings(folder)
    tools = open_toolbox(settings, direct=Direct(DIRECT, kind, folder))
    received = [
        arrived
        for file in files
        for arrived in receive_delivery(DIRECT, file_delivery(file), tools)
    ]
    reached = [_advanced(arrived.case, tools) for arrived in received]
    tools.close()
    _show(received, tools, reached=all(reached), as_json=as_json)


def file_delivery(path: Path) -> Delivery:
    """Return a file as a delivery; the same file, unchanged, is the same delivery.

    Raises:
        NotFoundError: It can't be read.
    """
    try:
        content, facts = path.read_bytes(), path.stat()
    except OSError as error:
        raise NotFoundError(
            _("{file} cannot be read: {cause}.", file=path, cause=error.strerror)
        ) from error
    source = f"{path.resolve()}:{facts.st_ino}:{facts.st_mtime_ns}:{facts.st_size}"
    return Delivery(source_id=source[-400:], name=safe_name(path.name), content=content)


def work(*, home: Home = None, as_json: AsJson = False) -> None:
    """Take in what waits, move every case that is due, and see to signature requests."""
    tools = open_toolbox(settings_of(home))
    for process in tools.catalog:
        _check_bot(process)
    taken = [_taken(name, tools) for name in tools.channels]
    received = [arrived for found in taken for arrived in found or ()]
    reached = [found is not None for found in taken]
    reached += [_advanced(tools.register.get(case_id), tools) for case_id in tools.register.due()]
    tend(tools)
    tools.close()
    _show(received, tools, reached=all(reached), as_json=as_json)


def _check_bot(process: ProcessFolder) -> None:
    """Complain of a bot that is refused: the cases of its process will be suspended."""
    try:
        bot_warnings(process)
    except DefinitionError as error:
        complain(error.message)


def _taken(channel: str, tools: Toolbox) -> list[Received] | None:
    """Take in what waits in a channel; None where it could not be reached."""
    try:
        return receive(channel, tools)
    except (ApplicationError, SetupError) as error:
        complain(f"{channel}: {error.message}")
        return None


def _advanced(case: Case, tools: Toolbox) -> bool:
    """Move a case on; say whether every tool it needed answered."""
    try:
        advance(case.case_id, tools)
    except ApplicationError as error:
        complain(f"{case.case_id}: {error.message}")
        return False
    return True


def _show(received: list[Received], tools: Toolbox, *, reached: bool, as_json: bool) -> None:
    rows = []
    for arrived in received:
        case = tools.register.get(arrived.case.case_id)
        rows.append((arrived.name, case, arrived.outcome.value))
    if as_json:
        print_json(
            [
                {"file": name, "outcome": outcome, **case.model_dump(mode="json")}
                for name, case, outcome in rows
            ]
        )
    else:
        heads = (_("File"), _("Case"), _("Taken in"), _("State"), _("Why"))
        table = [(n, c.case_id, outcome, state_word(c.state), c.reason) for n, c, outcome in rows]
        print_table(heads, table)
    suspended = any(case.state is CaseState.SUSPENDED for _name, case, _outcome in rows)
    waiting = [case for _name, case, _outcome in rows if not case.state.is_final]
    raise typer.Exit(5 if suspended or not reached else 3 if waiting else 0)
