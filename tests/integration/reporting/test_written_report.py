"""The report as files: pages, lists and their description, all telling the same."""

import csv
import hashlib
import json
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from rpa.domain.errors import DefinitionError
from rpa.domain.evidence import Attestation, IndependentCount
from rpa.reporting.adapters.html import html
from rpa.reporting.adapters.inventory import read_inventory
from rpa.reporting.attested import Judge
from rpa.reporting.report import PaperlessReport, paperless_report
from rpa.reporting.tables import CASE_COLUMNS, CaseLists
from rpa.reporting.window import Window
from rpa.reporting.writing import WrittenReport, write_report
from rpa.testing.evidence import MemoryEvidence, closed, told

DAY = date(2026, 11, 24)
INVENTORY = Path(__file__).parents[3] / "examples" / "inventory.yaml"


def evidence() -> MemoryEvidence:
    made = MemoryEvidence()
    frozen = read_inventory(INVENTORY.read_bytes())
    made.frozen.append((datetime(2026, 4, 1, 12, tzinfo=UTC), frozen))
    at = datetime(2026, 11, 1, 15, tzinfo=UTC)
    for n in range(40):
        when = (at + timedelta(hours=n)).isoformat()
        made.cases.append(closed(2 * n + 1, when, told("changement-adresse", intake="digitised")))
        made.cases.append(closed(2 * n + 2, when, told("avis-absence", archive="unknown")))
    made.cases.append(closed(99, at.isoformat(), told(None, outcome="set-aside")))
    period = {"period_start": "2026-08-27", "period_end": "2026-11-24", "seq": 1, "at": at}
    count = {**period, "by": "Vérificatrice", "source": "registre", "cases": 40}
    word = {**period, "by": "Archiviste", "on": "2026-11-01", "touchpoints": {"archive": "native"}}
    for process in ("changement-adresse", "avis-absence"):
        made.counted.append(IndependentCount.model_validate({**count, "process": process}))
    made.words.append(Attestation.model_validate({**word, "process": "avis-absence"}))
    return made


@pytest.fixture
def source() -> MemoryEvidence:
    return evidence()


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> WrittenReport:
    """The whole report, with its PDFs, to be looked at only."""
    return write_report(evidence(), DAY, tmp_path_factory.mktemp("report"))


@pytest.fixture
def folder(written) -> Path:
    return next(path.parent for path in written.files if path.name == "report.json")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_process_opens_down_to_the_cases_that_prove_it(written, folder):
    table = rows(folder / "processes.csv")
    assert len(table) == 6
    for process in table:
        listed = folder / "cases" / f"{process['process']}-001.csv"
        cases = rows(listed) if listed.exists() else []
        assert len(cases) == int(process["observed"])
        levels = [case["level"] for case in cases]
        assert levels.count("paperless-inside") == int(process["inside"])
        assert levels.count("end-to-end-digital") == int(process["end_to_end"])
    assert written.report.ratio.paperless.part == 2
    assert [case["process"] for case in rows(folder / "cases" / "outside-inventory-001.csv")] == [
        ""
    ]


def test_a_list_shows_the_word_that_stands_for_an_observation(folder):
    case = rows(folder / "cases" / "avis-absence-001.csv")[0]
    assert (case["archive"], case["archive_proof"]) == ("native", "attested:Archiviste")
    assert (case["intake"], case["intake_proof"]) == ("native", "entry:1")
    assert case["on_word"] == "true"


def test_lists_turn_the_page_before_they_are_too_long(source, tmp_path):
    from_one_process = [case for case in source.cases if case.process == "avis-absence"]
    window = Window.ending(DAY, 90)
    judge = Judge([], window)
    with CaseLists(tmp_path, frozenset({"avis-absence"}), page_rows=15) as lists:
        for case in from_one_process:
            lists.see(case, judge.judged(case, window.day(case.closed_at)))
    assert [count for _, count in sorted(lists.rows.items())] == [15, 15, 10]
    pages = [rows(path) for path in sorted(lists.rows)]
    assert [row["case"] for page in pages for row in page] == [c.case_id for c in from_one_process]


def test_the_data_package_names_every_data_file_with_its_digest_and_columns(written, folder):
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    described = {one["path"]: one for one in package["resources"]}
    on_disk = {path.relative_to(folder).as_posix() for path in written.files}
    assert set(described) == {
        name for name in on_disk if name.endswith((".csv", ".json")) and name != "datapackage.json"
    }
    for name, one in described.items():
        content = (folder / name).read_bytes()
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert one["bytes"] == len(content)
        if name.endswith(".csv"):
            header = content.decode().splitlines()[0].split(",")
            assert header == [field["name"] for field in one["schema"]["fields"]]


def test_the_json_is_the_report_itself(written, folder):
    told_again = json.loads((folder / "report.json").read_text("utf-8"))
    assert told_again["ratio"]["paperless"] == {"part": 2, "whole": 6, "percent": "33.3"}
    assert told_again["last_entry"] == 99
    assert PaperlessReport.model_validate(written.report.model_dump(round_trip=True)) == (
        written.report
    )


def test_writing_again_gives_the_same_bytes_and_leaves_no_list_of_before(
    source, written, folder, tmp_path
):
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    before = {tmp_path / path.relative_to(folder): path.read_bytes() for path in written.files}
    stale = tmp_path / "cases" / "former-process-001.csv"
    stale.write_text("old", encoding="utf-8")
    again = write_report(source, DAY, tmp_path)
    assert {path: path.read_bytes() for path in again.files} == before
    assert not stale.exists()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_one_accessible_file_that_fetches_and_runs_nothing(written, folder, language):
    page = (folder / f"report.{language}.html").read_text("utf-8")
    assert f'<html lang="{language}-CA">' in page
    assert "<script" not in page
    assert not re.findall(r"(?:src=|url\(|@import)", page)
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    assert len(tables) >= 6
    assert all("<caption" in table for table in tables)
    cells = re.findall(r"<th[ >][^>]*", page)
    assert cells
    assert all("scope=" in cell for cell in cells)
    assert [int(level) for level in re.findall(r"<h(\d)", page)][:3] == [1, 2, 2]
    for chart in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        assert ET.fromstring(chart).get("aria-label")  # noqa: S314 - our own chart
    assert page.count("33,3\u202f%" if language == "fr" else "33.3%") >= 2
    assert written.report.inventory_digest in page


def test_links_of_the_page_lead_to_files_beside_it(folder):
    page = (folder / "report.fr.html").read_text("utf-8")
    links = [link for link in re.findall(r'href="([^"]+)"', page) if not link.startswith("#")]
    assert len(links) == 3
    assert all((folder / link).is_file() for link in links)


def test_names_from_the_inventory_cannot_break_the_page(source):
    frozen = source.frozen[-1][1].model_dump(mode="json")
    frozen["processes"][0]["name"]["en"] = '<script>alert(1)</script> & "more"'
    content = json.dumps(frozen | {"digest": ""}).encode()
    source.frozen.append((datetime(2026, 5, 1, tzinfo=UTC), read_inventory(content)))
    page = html(paperless_report(source, DAY), "en")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_pdf_is_tagged_pdf_a_3b_on_letter_paper_with_its_data_inside(folder):
    with pikepdf.open(folder / "report.fr.pdf") as made:
        meta = made.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "B")
        assert made.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert str(made.Root.Lang) == "fr-CA"
        assert made.Root.MarkInfo.Marked
        assert [float(side) for side in made.pages[0].MediaBox[2:]] == [612, 792]
        assert sorted(made.attachments) == ["processes.csv", "report.json"]
        inside = made.attachments["report.json"].get_file().read_bytes()
        assert inside == (folder / "report.json").read_bytes()
        groups = [
            one.Group.CS
            for one in made.objects
            if isinstance(one, pikepdf.Stream) and "/Group" in one
        ]
        assert groups
        assert all(isinstance(space, pikepdf.Array) for space in groups)


def test_an_empty_inventory_still_gives_a_page(tmp_path):
    content = b"{organization: {fr: O, en: O}, period: '2026', valid_from: 2026-01-01}"
    source = MemoryEvidence(frozen=[(datetime(2026, 1, 2, tzinfo=UTC), read_inventory(content))])
    written = write_report(source, DAY, tmp_path)
    assert len(written.files) == 7
    assert "there is no ratio" in written.headline("en")


def test_the_headline_never_stands_alone(source, tmp_path):
    written = write_report(source, DAY, tmp_path, with_pdf=False)
    sentence = written.headline("en")
    assert "2 of 6" in sentence
    assert "end to end: 0" not in sentence
    assert "75%" in sentence


@pytest.mark.parametrize(
    ("content", "reason", "told_of"),
    [
        (b"a: [", "inventory-yaml", "inventory.yaml"),
        (b"\xff\xfe", "inventory-yaml", "inventory.yaml"),
        (b"[]", "inventory-content", "/"),
        (b"organization: {fr: O, en: O}", "inventory-content", "period"),
    ],
)
def test_a_wrong_inventory_is_refused_with_its_place(content, reason, told_of):
    with pytest.raises(DefinitionError, match=told_of) as caught:
        read_inventory(content)
    assert caught.value.reason == reason


def test_the_example_inventory_names_who_declared_each_baseline():
    frozen = read_inventory(INVENTORY.read_bytes())
    counted = frozen.counted_on(DAY)
    assert len(counted) == 6
    assert all(one.baseline.declared_by and one.baseline.declared_on for one in counted)
    assert frozen.digest == hashlib.sha256(INVENTORY.read_bytes()).hexdigest()


def test_the_columns_of_cases_hold_no_field_value():
    assert not {"nom", "prenom", "value", "values"} & set(CASE_COLUMNS)
