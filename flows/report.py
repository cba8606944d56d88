"""The report of the paperless ratio, and the nightly refresh of the evidence."""

from collections import Counter
from datetime import date
from logging import Logger, LoggerAdapter
from typing import Final

from prefect import flow, get_run_logger
from prefect.artifacts import create_link_artifact, create_markdown_artifact

from flows.tools import toolbox
from rpa.steps.anchor import anchor_flaws, anchor_ledger
from rpa.steps.case_folder import purge_due
from rpa.steps.report import report_as_of
from rpa.steps.signing_health import check_signing
from rpa.steps.toolbox import Toolbox
from rpa.steps.upkeep import look_after_signatures
from rpa.steps.verify import stored_flaws

SIGNATURES_A_NIGHT: Final = 5000


@flow(name="report")
def report(home: str, as_of: date | None = None) -> str:
    """Compute and write the report; returns its folder."""
    tools = toolbox(home)
    written = report_as_of(tools, day=as_of)
    headline = written.headline(tools.language)
    page = next(path for path in written.files if path.suffix == ".html")
    create_link_artifact(key="report", link=page.as_uri(), link_text=headline)
    create_markdown_artifact(key="ratio", markdown=f"# {headline}")
    return str(page.parent)


def keep_provable(tools: Toolbox) -> None:
    """Raise and renew every signature that is due; what fails is told, and tried again."""
    done = look_after_signatures(tools, most=SIGNATURES_A_NIGHT)
    failed = Counter(one.code for one in done if one.code)
    get_run_logger().info("%s signatures raised or renewed", len(done) - failed.total())
    for code, count in failed.items():
        get_run_logger().warning("%s signatures not looked after: %s", count, code)


def warn_of_signing(tools: Toolbox, logger: Logger | LoggerAdapter[Logger]) -> None:
    """Check what the organisation signs with, and warn before it cannot."""
    for finding in check_signing(tools):
        logger.warning("%s: %s: %s", finding.about, finding.code, finding.message)


@flow(name="refresh")
def refresh(home: str) -> int:
    """Purge evidence, keep signatures provable, check what is kept, anchor the head anew.

    What signs is checked too: what ends soon is warned of in the run's log.
    A flaw fails the run, with its count; `rpa ledger verify` and `rpa archive verify` name each.

    Raises:
        RuntimeError: Something kept is not what it was.
    """
    tools = toolbox(home)
    purge_due(tools)
    warn_of_signing(tools, get_run_logger())
    keep_provable(tools)
    flaws = [*tools.register.flaws(), *anchor_flaws(tools)]
    checked, documents = stored_flaws(tools)
    if flaws or documents:
        msg = f"{len(flaws)} flaws in the ledger, {len(documents)} cases with altered documents"
        raise RuntimeError(msg)
    if tools.timestamps is not None:
        anchor_ledger(tools)
    return checked
