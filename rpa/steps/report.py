"""The report of the paperless ratio, and what people add to its evidence: inventory and counts."""

from datetime import date
from pathlib import Path

from rpa.domain.errors import NotFoundError
from rpa.domain.evidence import Inventory
from rpa.domain.model import Digest
from rpa.i18n import _
from rpa.register.evidence import LedgerEvidence
from rpa.register.register import Entry
from rpa.reporting.adapters.inventory import read_inventory
from rpa.reporting.writing import WrittenReport, write_report
from rpa.steps.toolbox import Toolbox


def report_as_of(
    tools: Toolbox, *, day: date | None = None, folder: Path | None = None
) -> WrittenReport:
    """Compute the report for the end of a past day, or for now, and write it.

    The organisation's inventory is frozen first, if it changed since it was last.

    Raises:
        NotFoundError: No inventory was frozen by then.
        DefinitionError: The inventory is not right.
    """
    freeze_inventory(tools)
    as_of = day or tools.now()
    name = (day or tools.now().astimezone(tools.timezone).date()).isoformat()
    target = folder or tools.reports / name
    target.mkdir(parents=True, exist_ok=True)
    return write_report(evidence(tools), as_of, target)


def evidence(tools: Toolbox) -> LedgerEvidence:
    """Return the ledger as the report's source."""

    def frozen(digest: Digest) -> Inventory:
        return read_inventory(tools.store.get(digest))

    return tools.register.evidence(inventory=frozen)


def freeze_inventory(tools: Toolbox) -> bool:
    """Put the inventory's bytes into the store and their digest into the ledger, if new.

    Raises:
        NotFoundError: The file named in rpa.yaml can't be read.
        DefinitionError: It is not right.
    """
    if tools.inventory is None:
        return False
    try:
        content = tools.inventory.read_bytes()
    except OSError as error:
        raise NotFoundError(
            _(
                "The inventory {file} cannot be read: {cause}.",
                file=tools.inventory,
                cause=error.strerror,
            )
        ) from error
    inventory = read_inventory(content, name=tools.inventory.name)
    before = tools.register.entries(kind="inventoried", last=1)
    if before and before[0].data["digest"] == inventory.digest:
        return False
    digest = tools.store.put(content)
    data = {
        "digest": digest,
        "period": inventory.period,
        "valid_from": inventory.valid_from.isoformat(),
    }
    tools.register.attest(Entry("inventoried", data), actor=tools.actor)
    return True


def record_count(
    process: str,
    cases: int,
    *,
    period: tuple[date, date],
    source: str,
    person: str,
    tools: Toolbox,
) -> int:
    """Put on record how many cases a process had, as counted by someone else than the register.

    Returns the entry's number.
    """
    start, end = period
    data = {
        "process": process,
        "by": person,
        "source": source,
        "cases": cases,
        "period_start": start.isoformat(),
        "period_end": end.isoformat(),
    }
    return tools.register.attest(Entry("counted", data), actor=f"person:{person}")
