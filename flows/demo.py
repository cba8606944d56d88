"""``rpa demo``: twelve documents the whole way, on this machine, with everything real.

The demonstration starts a Prefect server, the example legacy application and the development PKI
with its timestamp authority; delivers the documents into the channels; lets the flows work while a
table shows where each case stands; signs one claim as the supervisor would; writes the report; and
stops everything.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.live import Live
from rich.table import Table

from flows.servers import Servers, free_port, start_prefect
from rpa.bootstrap.register import open_register
from rpa.bootstrap.toolbox import open_toolbox
from rpa.cli.init import TARGET_PASSWORD, make_home
from rpa.cli.output import print_json, say
from rpa.cli.terminal import console
from rpa.domain.case import CaseState
from rpa.domain.errors import SetupError, ToolUnavailableError
from rpa.domain.model import CaseId
from rpa.domain.words import state_word
from rpa.environment import environment_with
from rpa.i18n import _, current_language
from rpa.processes.catalog import load_catalog
from rpa.register.register import Register
from rpa.reporting.writing import WrittenReport
from rpa.settings import HOME_FILE, Settings, load_settings
from rpa.steps.report import record_count, report_as_of
from rpa.steps.sign import sign_as
from rpa.steps.toolbox import Toolbox

SEED: Final = 20261124
ROUNDS: Final = 6
"""Runs of the work flow at most: one is enough unless something was put off."""
PASSWORD: Final = "papier"  # noqa: S105 - the example application's, on loopback only
QUICK: Final = "settle_s: 0.5, patience_s: 2"
"""A demonstration does not wait minutes for a broken file to be completed."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration that runs: its home, its examples, and how flows reach the server."""

    settings: Settings
    examples: Path
    flows: Mapping[str, str]

    def titles(self) -> Mapping[str, str]:
        """Return each process's name in the language of the person who watches."""
        language = current_language()
        return {
            process.process_id: process.definition.name.into(language)
            for process in load_catalog(self.settings.processes)
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One delivered document and what became of it."""

    file: str
    case_id: str
    process: str
    state: str
    reason: str


def run_demo(folder: Path, examples: Path, *, as_json: bool) -> int:
    """Run the demonstration in ``folder``; returns the exit status.

    Raises:
        SetupError: The folder holds something that is not an earlier demonstration.
        ToolUnavailableError: A server did not start, or a flow failed.
    """
    begun = time.monotonic()
    _emptied(folder)
    with Servers(folder / "logs") as servers:
        demo = _started(folder, examples, servers)
        delivered = _delivered(demo)
        _worked(demo, delivered, shown=not as_json)
        tools = open_toolbox(demo.settings)
        _signed(tools)
        _worked(demo, delivered, shown=False)
        report = _reported(tools, delivered)
    rows = _rows(tools.register, delivered)
    _print(rows, report, demo, seconds=time.monotonic() - begun, as_json=as_json)
    return 0


def _emptied(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / HOME_FILE).is_file() or not (folder / "demo.json").is_file():
            raise SetupError(
                _("{folder} holds something else; name another with --folder.", folder=folder)
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demo.json").write_text("{}", encoding="utf-8")


def _started(folder: Path, examples: Path, servers: Servers) -> Demo:
    ports = {"legacy": free_port(8300), "tsa": free_port(8318), "prefect": free_port(4200)}
    say(_("Starting the servers: Prefect, the legacy application, the timestamp authority…"))
    make_home(
        folder,
        organization="Organisme de démonstration",
        processes=[examples / "processes"],
        target=f"http://127.0.0.1:{ports['legacy']}",
        timestamp=f"http://127.0.0.1:{ports['tsa']}/tsa",
        inventory=examples / "inventory.yaml",
    )
    _made_quick(folder)
    settings = load_settings(folder)
    start_legacy(servers, examples, folder, ports["legacy"])
    serve = ["-m", "rpa", "pki", "serve", "--home", str(folder), "--port", str(ports["tsa"])]
    servers.start("pki", serve)
    flows = start_prefect(servers, folder, ports["prefect"])
    servers.wait_for("legacy", f"http://127.0.0.1:{ports['legacy']}/")
    servers.wait_for("pki", f"http://127.0.0.1:{ports['tsa']}/tsa")
    servers.wait_for("prefect", f"{flows['PREFECT_API_URL']}/health")
    return Demo(settings=settings, examples=examples, flows=flows)


def start_legacy(servers: Servers, examples: Path, folder: Path, port: int) -> None:
    """Start the example legacy application, and leave its password where the settings look."""
    (folder / TARGET_PASSWORD).write_text(PASSWORD, encoding="utf-8")
    database = folder / "legacy.db"
    program = [str(examples / "legacy" / "app.py"), "--port", str(port)]
    servers.start("legacy", [*program, "--database", str(database), "--password", PASSWORD])


def _made_quick(folder: Path) -> None:
    path = folder / HOME_FILE
    text = path.read_text(encoding="utf-8")
    for kind in ("fax", "scan", "email"):
        text = text.replace(f"{{kind: {kind},", f"{{kind: {kind}, {QUICK},")
    path.write_text(text, encoding="utf-8")


def _delivered(demo: Demo) -> list[dict[str, str]]:
    """Draw the documents and put each into its channel's folder; returns what was delivered."""
    drawn = demo.settings.path("drawn")
    command = [sys.executable, str(demo.examples / "documents.py"), str(drawn), "--seed", str(SEED)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise ToolUnavailableError(_("The documents could not be drawn: {why}", why=done.stderr))
    listed: list[dict[str, str]] = json.loads(done.stdout)
    channels = demo.settings.channels.items()
    folders = {name: channel.folder for name, channel in channels if channel.folder}
    for document in listed:
        shutil.copyfile(document["path"], folders[document["channel"]] / document["name"])
    say(_("{count} documents delivered into the channels.", count=len(listed)))
    return listed


def _worked(demo: Demo, delivered: Sequence[Mapping[str, str]], *, shown: bool) -> None:
    """Run the work flow until every document is in and nothing is due."""
    register = open_register(demo.settings)
    for _round in range(ROUNDS):
        _run_flow(demo, register, delivered, shown=shown)
        if len(register.deliveries()) >= len(delivered) and not register.unfinished():
            return
        time.sleep(1)


def _run_flow(
    demo: Demo, register: Register, delivered: Sequence[Mapping[str, str]], *, shown: bool
) -> None:
    command = [sys.executable, "-m", "flows.run", "work", str(demo.settings.home)]
    log = demo.settings.path("logs", "work.log")
    with log.open("ab") as out:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter
            command, stdout=out, stderr=out, env=environment_with(**demo.flows)
        )
        with Live(console=console, refresh_per_second=4, transient=True) as live:
            while child.poll() is None:
                if shown:
                    live.update(_table(_rows(register, delivered), demo.titles()))
                time.sleep(0.5)
    if child.returncode:
        raise ToolUnavailableError(_("The work flow failed; see {log}.", log=log))


def _signed(tools: Toolbox) -> None:
    """Sign the oldest waiting claim, as the supervisor would with `rpa case sign`."""
    waiting = tools.register.cases(states=[CaseState.AWAITING_SIGNATURE])
    if waiting:
        oldest = waiting[-1].case.case_id
        say(_("Signing case {case} as the supervisor…", case=oldest))
        sign_as(CaseId(oldest), "superviseur", person="superviseur", tools=tools)


def _reported(tools: Toolbox, delivered: Sequence[Mapping[str, str]]) -> WrittenReport:
    """Record the mail room's count of each process, then compute and write the report."""
    today = tools.now().astimezone(tools.timezone).date()
    distinct = [d["process"] for d in delivered if d["process"] and d["expected"] != "duplicate"]
    for process in sorted(set(distinct)):
        record_count(
            process,
            distinct.count(process),
            period=(today, today),
            source=_("what the demonstration delivered"),
            person="demo",
            tools=tools,
        )
    return report_as_of(tools)


def _rows(register: Register, delivered: Sequence[Mapping[str, str]]) -> list[Row]:
    known = register.deliveries()
    rows = []
    for document in delivered:
        # A message's documents are named after it: "message.eml › form.pdf".
        came = [d for d in known if d.name.partition(" › ")[0] == document["name"]]
        rows += [_row(d.name, d.case_id, register, repeated=d.is_duplicate) for d in came] or [
            Row(document["name"], "", "", "…", "")
        ]
    return rows


def _row(name: str, case_id: str, register: Register, *, repeated: bool) -> Row:
    case = register.get(CaseId(case_id))
    if repeated:
        why = _("The document of case {case} again.", case=case_id)
        return Row(name, case_id, case.process or "?", _("duplicate"), why)
    return Row(name, case_id, case.process or "?", state_word(case.state), case.reason)


def _table(rows: Sequence[Row], titles: Mapping[str, str]) -> Table:
    table = Table(header_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(_("Document"), overflow="fold", ratio=3)
    table.add_column(_("Case"), no_wrap=True)
    for head, share in ((_("Process"), 2), (_("State"), 2), (_("Why"), 4)):
        table.add_column(head, overflow="fold", ratio=share)
    for row in rows:
        title = titles.get(row.process, row.process)
        table.add_row(row.file, row.case_id, title, row.state, row.reason)
    return table


def _print(
    rows: Sequence[Row],
    report: WrittenReport,
    demo: Demo,
    *,
    seconds: float,
    as_json: bool,
) -> None:
    if as_json:
        cases = [{s: getattr(row, s) for s in Row.__slots__} for row in rows]
        files = [str(path) for path in report.files]
        print_json({"cases": cases, "report": report.report, "files": files, "seconds": seconds})
        return
    console.print(_table(rows, demo.titles()))
    say("")
    say(report.headline(current_language()))
    for path in report.files:
        if path.suffix in (".html", ".pdf"):
            say(f"  {path}")
    home = demo.settings.home
    say(
        _(
            "Done in {seconds} s. Look further: rpa case list --home {home}",
            seconds=round(seconds),
            home=home,
        )
    )
