"""The lists that prove the figures: one row a process, one row a case, as CSV."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TextIO

from rpa.domain.evidence import POINTS, ClosedCase
from rpa.domain.paperless import Level
from rpa.reporting.attested import Judgment
from rpa.reporting.figures import ProcessFigure
from rpa.reporting.report import PaperlessReport

PAGE_ROWS: Final = 50_000
"""Rows in one file of cases: what an office program opens without trouble."""
OUTSIDE: Final = "outside-inventory"
"""The list of closed cases whose process the inventory does not count."""

PROCESS_COLUMNS: Final = [
    "process",
    "name_fr",
    "name_en",
    "owner",
    "version",
    "level",
    "measured",
    "reason",
    "flags",
    "cases",
    "observed",
    "attested",
    "end_to_end",
    "inside",
    "paper",
    "on_word",
    "counted",
    "covered",
    "counted_days",
    "weight",
    "weight_from",
    "straight_through",
    "closed",
    "fields_corrected",
    "fields_read",
    "hours_saved_estimate",
    "pages_saved_estimate",
    "dollars_saved_estimate",
    "baseline_declared_by",
    "baseline_declared_on",
]

CASE_COLUMNS: Final = [
    *[
        "case",
        "process",
        "version",
        "entry",
        "closed_at",
        "received_at",
        "channel",
        "outcome",
        "level",
        "on_word",
    ],
    *(point.value for point in POINTS),
    *(f"{point.value}_proof" for point in POINTS),
    *["fields", "asked", "corrected", "pages"],
]


def process_rows(report: PaperlessReport) -> list[list[object]]:
    """Return one row for each process of the inventory, as ``PROCESS_COLUMNS`` names them."""
    return [_process_row(figure) for figure in report.processes]


def _process_row(one: ProcessFigure) -> list[object]:
    coverage, saved, declared = one.coverage, one.saved, one.baseline.declared_on
    counted = (coverage.counted, coverage.seen, coverage.days) if coverage else ("", "", "")
    savings = (saved.hours, saved.pages, saved.dollars) if saved else ("", "", "")
    return [
        one.process_id,
        one.name.fr,
        one.name.en,
        one.owner,
        one.version,
        one.level.value,
        one.measured.value if one.measured else "",
        one.reason.value,
        " ".join(one.flags),
        one.cases,
        one.observed,
        one.attested,
        *(one.by_level[level] for level in Level),
        one.on_word,
        *counted,
        one.weight if one.weight is not None else "",
        one.weight_from.value,
        one.work.straight_through.part,
        one.work.closed,
        one.work.corrected.part,
        one.work.corrected.whole,
        *savings,
        one.baseline.declared_by,
        declared.isoformat() if declared else "",
    ]


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a small table as RFC 4180 says."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(columns)
        writer.writerows(rows)


@dataclass(slots=True)
class _Page:
    """The file of one process that is written to now."""

    file: TextIO
    writer: Any
    number: int
    rows: int = 0


class CaseLists:
    """Writes each counted case into the list of its process, page by page, as they stream by."""

    def __init__(self, folder: Path, processes: frozenset[str], page_rows: int = PAGE_ROWS) -> None:
        """Write into ``folder``; ``processes`` are those of the inventory."""
        self._folder = folder
        self._processes = processes
        self._page_rows = page_rows
        self._pages: dict[str, _Page] = {}
        self.rows: dict[Path, int] = {}
        """The rows of each file written so far."""

    def __enter__(self) -> Self:
        """Make the folder."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every file."""
        for page in self._pages.values():
            self._close(page)

    def see(self, case: ClosedCase, judgment: Judgment) -> None:
        """Write one case with its level and the proof of each touchpoint."""
        name = case.process if case.process in self._processes else OUTSIDE
        page = self._pages.get(name)
        if page is None or page.rows == self._page_rows:
            page = self._turned(name, page)
        page.rows += 1
        page.writer.writerow(
            (
                case.case_id,
                case.process,
                case.version,
                case.seq,
                case.closed_at.isoformat(),
                case.received_at.isoformat(),
                case.channel,
                case.outcome,
                judgment.level,
                "true" if judgment.is_on_word else "false",
                *judgment.media,
                *judgment.proofs(case),
                case.fields,
                case.asked,
                case.corrected,
                case.pages,
            )
        )

    def _turned(self, name: str, full: _Page | None) -> _Page:
        if full is not None:
            self._close(full)
        number = full.number + 1 if full else 1
        path = self._folder / f"{name}-{number:03}.csv"
        file = path.open("w", encoding="utf-8", newline="")
        page = self._pages[name] = _Page(file, csv.writer(file), number)
        page.writer.writerow(CASE_COLUMNS)
        return page

    def _close(self, page: _Page) -> None:
        self.rows[Path(page.file.name)] = page.rows
        page.file.close()
