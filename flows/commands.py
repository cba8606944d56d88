"""The commands that need Prefect: they start programs, and import no Prefect themselves."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from rpa.cli.output import AsJson
from rpa.cli.session import Home, settings_of
from rpa.domain.errors import SetupError
from rpa.environment import environment_with
from rpa.i18n import _

REPOSITORY = Path(__file__).resolve().parent.parent


def register(app: typer.Typer) -> None:
    """Add the commands to the ``rpa`` command."""
    app.command("demo", help=_("Show everything on twelve documents, on this machine."))(demo)
    app.command("up", help=_("Run everything until interrupted: server, work loop, channels."))(up)
    app.command("deploy", help=_("Create the deployments on a Prefect server."))(deploy)


def demo(
    *,
    folder: Annotated[
        Path, typer.Option("--folder", help=_("Where to work; emptied first."))
    ] = Path(".demo"),
    examples: Annotated[
        Path, typer.Option(help=_("The examples' folder of the repository."))
    ] = REPOSITORY / "examples",
    as_json: AsJson = False,
) -> None:
    """Show everything."""
    run_demo = import_module("flows.demo").run_demo
    raise typer.Exit(run_demo(folder.resolve(), _existing(examples), as_json=as_json))


def up(
    *,
    home: Home = None,
    examples: Annotated[
        Path | None,
        typer.Option(help=_("Start the example legacy application from this folder, too.")),
    ] = None,
    port: Annotated[int, typer.Option(help=_("Port of the Prefect server."))] = 4200,
) -> None:
    """Run everything until interrupted."""
    run_up = import_module("flows.up").run_up
    run_up(settings_of(home), examples=_existing(examples) if examples else None, port=port)


def deploy(
    *,
    home: Home = None,
    api: Annotated[
        str | None, typer.Option(help=_("Address of the Prefect server; else Prefect's own."))
    ] = None,
    pool: Annotated[str, typer.Option(help=_("Name of the work pool."))] = "paperless",
) -> None:
    """Create the deployments."""
    settings = settings_of(home)
    env = environment_with(**({"PREFECT_API_URL": api} if api else {}))
    command = [sys.executable, "-m", "flows.run", "deploy", str(settings.home), "--pool", pool]
    done = subprocess.run(command, env=env, check=False)  # noqa: S603 - our own interpreter
    raise typer.Exit(5 if done.returncode else 0)


def _existing(examples: Path) -> Path:
    if not (examples / "legacy" / "app.py").is_file():
        raise SetupError(
            _("{folder} does not hold the examples; name it with --examples.", folder=examples)
        )
    return examples.resolve()
