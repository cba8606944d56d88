"""Writes the report and the lists that prove it into a folder."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from rpa.i18n import Language, speaking
from rpa.reporting.adapters.html import html
from rpa.reporting.adapters.numbers import Numbers
from rpa.reporting.adapters.pdf import pdf
from rpa.reporting.api import EvidenceSource
from rpa.reporting.datapackage import data_package
from rpa.reporting.report import PaperlessReport, paperless_report
from rpa.reporting.rules import PaperlessRules
from rpa.reporting.tables import PROCESS_COLUMNS, CaseLists, process_rows, write_csv
from rpa.reporting.window import Window
from rpa.reporting.words import headline

LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report and the files it was written to."""

    report: PaperlessReport
    folder: Path
    files: tuple[Path, ...]
    """Pages first, French before English, then the data."""

    def headline(self, language: Language) -> str:
        """Return the ratio with both levels and the target in one sentence."""
        with speaking(language):
            return headline(self.report, Numbers.of(language))


def write_report(
    source: EvidenceSource,
    as_of: date | datetime,
    folder: Path,
    *,
    rules: PaperlessRules | None = None,
    trend: Sequence[date] = (),
    with_pdf: bool = True,
) -> WrittenReport:
    """Compute the report and write it as HTML, PDF/A, CSV and JSON with a data package.

    Writing again replaces the files of the same names; lists of cases of an earlier run go.

    Raises:
        NotFoundError: No inventory was frozen by then.
        IntegrityError: A ledger entry cannot be read.
    """
    rules = rules or PaperlessRules()
    lists = _clean_lists(source, as_of, folder, rules)
    with lists:
        report = paperless_report(source, as_of, rules=rules, trend=trend, witness=lists.see)
    data = _write_data(report, folder, sorted(lists.rows))
    pages = [_written(folder / f"report.{each}.html", html(report, each)) for each in LANGUAGES]
    if with_pdf:
        pages += _write_pdf(report, folder)
    return WrittenReport(report, folder, (*pages, *data))


def _clean_lists(
    source: EvidenceSource, as_of: date | datetime, folder: Path, rules: PaperlessRules
) -> CaseLists:
    cases = folder / "cases"
    if (folder / "datapackage.json").is_file():
        for old in cases.glob("*-[0-9][0-9][0-9].csv"):
            old.unlink()
    window = Window.ending(as_of, rules.window_days)
    counted = source.inventory(window.until).counted_on(window.last)
    return CaseLists(cases, frozenset(one.process_id for one in counted))


def _write_data(report: PaperlessReport, folder: Path, lists: Sequence[Path]) -> list[Path]:
    table, figures = folder / "processes.csv", folder / "report.json"
    write_csv(table, PROCESS_COLUMNS, process_rows(report))
    _written(figures, report.model_dump_json(indent=2) + "\n")
    files = [figures, table, *lists]
    described = json.dumps(data_package(report, folder, files), ensure_ascii=False, indent=2)
    return [*files, _written(folder / "datapackage.json", described + "\n")]


def _write_pdf(report: PaperlessReport, folder: Path) -> list[Path]:
    attached = {name: (folder / name).read_bytes() for name in ("report.json", "processes.csv")}
    paths = []
    for language in LANGUAGES:
        path = folder / f"report.{language}.pdf"
        path.write_bytes(pdf(report, language, attached))
        paths.append(path)
    return paths


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
