"""The last ledger entry of a case: what its touchpoints were, and what proves each of them.

The paperless figures are computed from these entries alone (``docs/paperless.md``).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rpa.domain.case import Case, CaseState
from rpa.domain.ledger import LedgerEntry
from rpa.domain.paperless import Evidence, Medium, Touchpoint
from rpa.domain.process import ProcessDefinition, Stop
from rpa.register.register import Entry
from rpa.steps.toolbox import Toolbox


def closed(case: Case, tools: Toolbox) -> Entry:
    """Return the ``closed`` entry of a case that is about to reach its last state."""
    history = tools.register.history(case.case_id)
    process = tools.catalog.get(case.process).definition if case.process in tools.catalog else None
    facts = tools.channel_facts.get(case.channel)
    points = touchpoints(case, process, history, arrived=facts.kind.medium if facts else None)
    decided = [entry.data for entry in history if entry.kind == "decided"]
    read = [entry.data for entry in history if entry.kind == "recognized"]
    return Entry(
        "closed",
        {
            "process": case.process,
            "version": process.version if process else None,
            "outcome": case.state.value,
            "channel": facts.kind.value if facts else "unknown",
            "received_at": case.received_at.isoformat(),
            "touchpoints": {p.value: e.model_dump(mode="json") for p, e in points.items()},
            "fields": int(read[-1]["fields"]) if read else 0,
            "asked": sum(int(data["asked"]) for data in decided),
            "corrected": sum(int(data["corrected"]) for data in decided),
            "pages": _pages(history),
        },
    )


def touchpoints(
    case: Case,
    process: ProcessDefinition | None,
    history: Sequence[LedgerEntry],
    *,
    arrived: Medium | None,
) -> Mapping[Touchpoint, Evidence]:
    """Say how a case passed each touchpoint, each with the ledger entry that proves it.

    What the process declares to need paper still (``paper_steps``) counts as paper whatever the
    software did; what nothing proves is unknown.
    """
    last = {entry.kind: entry for entry in history}
    found = {
        Touchpoint.INTAKE: _intake(last, arrived),
        Touchpoint.REKEYING: _rekeying(process, last),
        Touchpoint.ROUTING: _proved(Medium.NATIVE, last.get("received")),
        Touchpoint.SIGNATURE: _by_stop(process, Stop.SIGN, last.get("signed")),
        Touchpoint.OUTPUT: _output(process, last),
        Touchpoint.ARCHIVE: _archive(case, last),
    }
    declared = process.paper_steps if process else ()
    for point in declared:
        found[point] = Evidence(medium=Medium.PAPER, proof=f"declared:process.yaml:{point.value}")
    return found


def _intake(last: Mapping[str, LedgerEntry], arrived: Medium | None) -> Evidence:
    read = last.get("recognized")
    if arrived is None or read is None:
        return _proved(Medium.UNKNOWN, last.get("received"))
    native = arrived is Medium.NATIVE and read.data["native"]
    return _proved(Medium.NATIVE if native else Medium.DIGITISED, read)


def _rekeying(process: ProcessDefinition | None, last: Mapping[str, LedgerEntry]) -> Evidence:
    filed = last.get("filed")
    if filed is not None and filed.data["how"] == "by-person":
        return _proved(Medium.NATIVE, filed)
    return _by_stop(process, Stop.FILE, filed)


def _output(process: ProcessDefinition | None, last: Mapping[str, LedgerEntry]) -> Evidence:
    if process is None:
        return _unknown()
    if process.output == "none" or Stop.COMPOSE not in process.stops:
        return Evidence(medium=Medium.NOT_APPLICABLE, proof="declared:process.yaml:output")
    if process.output == "print":
        return Evidence(medium=Medium.PAPER, proof="declared:process.yaml:output")
    return _by_stop(process, Stop.COMPOSE, last.get("composed"))


def _archive(case: Case, last: Mapping[str, LedgerEntry]) -> Evidence:
    if case.state is CaseState.ARCHIVED:
        package = case.documents[-1]
        return Evidence(medium=Medium.NATIVE, proof=f"document:{package.digest}")
    return _proved(Medium.NATIVE, last.get("received"))


def _by_stop(process: ProcessDefinition | None, stop: Stop, entry: LedgerEntry | None) -> Evidence:
    if process is not None and stop not in process.stops:
        return Evidence(medium=Medium.NOT_APPLICABLE, proof="declared:process.yaml:stops")
    return _proved(Medium.NATIVE, entry)


def _proved(medium: Medium, entry: LedgerEntry | None) -> Evidence:
    return Evidence(medium=medium, proof=f"entry:{entry.seq}") if entry else _unknown()


def _unknown() -> Evidence:
    return Evidence(medium=Medium.UNKNOWN, proof="none")


def _pages(history: Sequence[LedgerEntry]) -> int:
    received: dict[str, Any] = next((e.data for e in history if e.kind == "received"), {})
    return int(received.get("pages", 0))
