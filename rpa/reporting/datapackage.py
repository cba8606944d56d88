"""The description of the published data: a Frictionless data package."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rpa.domain.evidence import POINTS
from rpa.domain.paperless import Level, Medium
from rpa.reporting.report import PaperlessReport
from rpa.reporting.tables import CASE_COLUMNS, PROCESS_COLUMNS

_MEDIA: Final = [medium.value for medium in Medium]
_LEVELS: Final = [level.value for level in Level]
_NUMBERS: Final = frozenset({"hours_saved_estimate", "dollars_saved_estimate"})
_TIMES: Final = frozenset({"closed_at", "received_at"})
_BOOLEANS: Final = frozenset({"on_word"})
_INTEGERS: Final = frozenset(
    [
        "entry",
        "cases",
        "observed",
        "attested",
        "end_to_end",
        "inside",
        "paper",
        "counted",
        "covered",
        "counted_days",
        "weight",
        "straight_through",
        "closed",
        "fields_corrected",
        "fields_read",
        "pages_saved_estimate",
        "fields",
        "asked",
        "corrected",
        "pages",
    ]
)
_TITLES: Final = {
    "level": "Level that counts: on paper unless enough cases were seen",
    "measured": "Level that the cases seen reach, whether or not enough were seen",
    "reason": "Why the process has its level",
    "observed": "Cases that the register saw to their end",
    "attested": "Cases outside the register that a named person attests",
    "end_to_end": "Cases seen that were digital from end to end",
    "inside": "Cases seen that were paperless inside only",
    "paper": "Cases seen in which a touchpoint was paper or unknown",
    "counted": "Cases counted independently; empty: nobody counted",
    "covered": "Cases seen on the days that were counted",
    "entry": "Number of the ledger entry that closed the case",
    "asked": "Fields that a reviewer was asked about",
    "corrected": "Fields that a reviewer changed",
    "fields": "Fields read by the machine",
}


def data_package(report: PaperlessReport, folder: Path, files: Sequence[Path]) -> dict[str, Any]:
    """Describe the data ``files`` under ``folder``: columns, sizes and digests."""
    day = report.as_of.isoformat()
    return {
        "name": f"paperless-{day}",
        "id": f"{report.inventory_digest or 'inventory'}/{day}/{report.last_entry}",
        "profile": "data-package",
        "title": f"{report.organization.fr}: processus sans papier au {day} / "
        f"{report.organization.en}: processes without paper as of {day}",
        "description": "Computed from an append-only ledger. The definition of 'paperless' is the "
        "report's own: the official guide to the strategy's indicators could not be read. "
        "Columns that end in _estimate rest on a baseline declared by a named person.",
        "created": report.until.isoformat(),
        "version": "1.0",
        "resources": [_resource(path, folder) for path in files],
    }


def _resource(path: Path, folder: Path) -> dict[str, Any]:
    content = path.read_bytes()
    described: dict[str, Any] = {
        "name": path.relative_to(folder).with_suffix("").as_posix().replace("/", "."),
        "path": path.relative_to(folder).as_posix(),
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "encoding": "utf-8",
    }
    if path.suffix == ".json":
        return described | {"format": "json", "mediatype": "application/json"}
    is_processes = path.name == "processes.csv"
    columns = PROCESS_COLUMNS if is_processes else CASE_COLUMNS
    schema = {
        "fields": [_field(name, is_processes=is_processes) for name in columns],
        "primaryKey": columns[0],
        "missingValues": [""],
    }
    return described | {
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "schema": schema,
    }


def _field(name: str, *, is_processes: bool) -> dict[str, Any]:
    described: dict[str, Any] = {"name": name, "type": _kind(name, is_processes=is_processes)}
    if name in _TITLES:
        described["title"] = _TITLES[name]
    if name in ("level", "measured"):
        described["constraints"] = {"enum": _LEVELS}
    elif name in tuple(POINTS):
        described["constraints"] = {"enum": _MEDIA}
    return described


def _kind(name: str, *, is_processes: bool) -> str:
    if name in _BOOLEANS:
        return "integer" if is_processes else "boolean"
    if name == "baseline_declared_on":
        return "date"
    kinds = ((_NUMBERS, "number"), (_TIMES, "datetime"), (_INTEGERS, "integer"))
    return next((kind for names, kind in kinds if name in names), "string")
