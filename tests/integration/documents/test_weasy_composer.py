import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pikepdf.pdfa
import pytest

from rpa.documents.adapters.weasy_composer import WeasyComposer
from rpa.documents.api import RecordRequest, RecordSection
from rpa.domain.errors import DefinitionError
from rpa.testing.letters import letter_request, letter_template

EXAMPLES = Path(__file__).parents[3] / "examples" / "processes"


def composed(folder: Path, body: str, language: str = "fr") -> bytes:
    return WeasyComposer().compose(letter_request(letter_template(folder, body), language=language))


def text_of(pdf: bytes) -> str:
    run = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return run.stdout.decode().replace("\u00a0", " ")


def test_values_are_shown_by_their_filters_and_escaped(tmp_path):
    body = (
        "{{ f.nom }} | {{ f.nas|masked }} | {{ f.total|amount }} | {{ f.telephone|phone }}"
        " | {% for row in tables.depenses %}{{ row.description }}{% endfor %}"
    )

    text = text_of(composed(tmp_path, body))

    assert "Tremblay & fils <SENC> | ••• ••• 286 | 1 234,50 $ | 418 643-1234 | Repas" in text
    assert "Le 24 novembre 2026" in text
    assert "Objet : Avis" in text


def test_a_long_letter_counts_its_pages_from_the_second(tmp_path, caplog):
    text = text_of(composed(tmp_path, "<p>Bonjour</p>" * 60))

    assert text.count("2026-000042 – 2 / ") == 1
    assert "2026-000042 – 1 / " not in text
    assert [record for record in caplog.records if record.levelname == "WARNING"] == []


def test_an_english_letter_speaks_english(tmp_path):
    text = text_of(composed(tmp_path, "{{ f.date_effet|date }}", language="en"))

    assert "December 1, 2026" in text
    assert "Subject: Avis" in text


def test_an_empty_optional_field_can_be_tested_for(tmp_path):
    assert "[none]" in text_of(composed(tmp_path, "[{{ f.courriel or 'none' }}]"))


def test_the_letter_claims_pdfa_3b_embeds_its_fonts_and_breaks_no_rule_that_is_checked(tmp_path):
    content = composed(tmp_path, "<p>Bonjour</p><table><tr><th>A</th><td>1</td></tr></table>")

    with pikepdf.open(BytesIO(content)) as pdf:
        report = pikepdf.pdfa.check(pdf, "3b")
        metadata = pdf.open_metadata()
        assert metadata.pdfa_status == "3B"
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert str(pdf.Root.Lang) == "fr-CA"
    assert [finding for finding in report.findings if finding.kind == "violation"] == []


def test_the_same_request_gives_the_same_bytes(tmp_path):
    body = "<table><tr><th scope='row'>A</th><td>1</td></tr></table>"

    assert composed(tmp_path, body) == composed(tmp_path, body)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("\n{{ f.nom_de_famille }}", 5),
        ("{% for row in %}", 4),
        ("{{ f.nom|date }}", 4),
        ("{{ f.nom|shout }}", 4),
        ("{{ 1 // 0 }}", 4),
        ("{% include 'missing.html' %}", 4),
        ("{{ f.__class__.__mro__ }}", 4),
    ],
)
def test_a_wrong_template_is_told_with_file_and_line(tmp_path, body, line):
    with pytest.raises(DefinitionError) as caught:
        composed(tmp_path, body)

    assert f"letter.html, line {line}" in caught.value.message
    assert "Tremblay" not in caught.value.message


@pytest.mark.parametrize(
    "source",
    ["https://example.com/logo.png", "../logo.png", "file:///etc/hostname", "missing.png"],
)
def test_a_letter_reaches_nothing_outside_its_folder(tmp_path, source):
    folder = tmp_path / "process"
    folder.mkdir()
    (tmp_path / "logo.png").write_bytes(b"")

    with pytest.raises(DefinitionError, match="own folder"):
        composed(folder, f'<img alt="" src="{source}">')


def test_a_picture_beside_the_template_is_used(tmp_path):
    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        '<rect width="9" height="9"/></svg>'
    )

    assert composed(tmp_path, '<img alt="logo" src="logo.svg">').startswith(b"%PDF")


@pytest.mark.parametrize("process", ["changement-adresse", "demande-remboursement"])
def test_a_process_letter_that_misses_its_values_is_a_definition_error(process):
    # The values of the request are not this form's: StrictUndefined must notice.
    with pytest.raises(DefinitionError):
        WeasyComposer().compose(letter_request(EXAMPLES / process / "letter.html"))


def record_request(language="fr"):
    rows = (("SHA-256", "ab" * 32), ("Programme", "Tesseract 5.3 <fra+eng>"))
    return RecordRequest(
        title="Dossier de transfert",
        language=language,
        organization="Ville de Rivière-aux-Pins",
        case_id="2026-000042",
        today=date(2026, 11, 24),
        sections=(RecordSection("Empreintes", rows), RecordSection("Rien", ())),
        attachment=b'{"case": "2026-000042"}',
        attachment_name="transfer.json",
    )


def test_a_record_is_pdf_a_that_carries_its_own_data():
    made = WeasyComposer().record(record_request())

    with pikepdf.open(BytesIO(made)) as pdf:
        found = pikepdf.pdfa.check(pdf, "3b").findings
        assert [finding for finding in found if finding.kind == "violation"] == []
        assert pdf.open_metadata().pdfa_status == "3B"
        carried = pdf.attachments["transfer.json"]
        assert carried.get_file().read_bytes() == b'{"case": "2026-000042"}'
        assert str(carried.obj["/AFRelationship"]) == "/Data"
    text = text_of(made)
    assert "Tesseract 5.3 <fra+eng>" in text
    assert "Rien" not in text


def test_the_same_record_gives_the_same_bytes():
    assert WeasyComposer().record(record_request()) == WeasyComposer().record(record_request())
