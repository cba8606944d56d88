"""Runs one flow, or the deployments, in a program of its own: ``python -m flows.run work HOME``."""

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Final

from prefect import serve
from prefect.logging import get_logger

from flows.deployments import check_bots, deploy, deployments, ensure_limits
from flows.report import refresh, report, warn_of_signing
from flows.requests import requests
from flows.tools import toolbox
from flows.work import intake, work

FLOWS: Final[Mapping[str, Callable[[str], object]]] = {
    "intake": intake,
    "work": work,
    "requests": requests,
    "report": report,
    "refresh": refresh,
}


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m flows.run", description=__doc__)
    parser.add_argument("what", choices=[*FLOWS, "serve", "deploy"])
    parser.add_argument("home")
    parser.add_argument("--pool", default="paperless")
    said = parser.parse_args()
    timezone = toolbox(said.home).timezone.key
    if said.what == "serve":
        check_bots(said.home)
        ensure_limits(said.home)
        warn_of_signing(toolbox(said.home), get_logger("signing"))
        serve(*deployments(said.home, timezone=timezone), limit=2)
    elif said.what == "deploy":
        for name in deploy(said.home, pool=said.pool, timezone=timezone):
            sys.stdout.write(f"{name}\n")
    else:
        ensure_limits(said.home)
        FLOWS[said.what](said.home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
