"""``rpa ocr fields``: a form nobody described becomes a form that is known."""

import json

import pytest
import yaml
from PIL import ImageDraw, ImageFont
from typer.testing import CliRunner

from rpa.bootstrap.intake import open_decoder
from rpa.cli.main import build_app
from rpa.domain.errors import RpaError
from rpa.domain.form import FormDefinition
from rpa.domain.model import ProcessId
from rpa.ocr.adapters.tesseract import TesseractEngine
from rpa.ocr.api import KnownForm
from rpa.ocr.reader import ZoneReader
from rpa.testing.faxes import DPI, FINE, Hand, fax, typed_page
from rpa.testing.hostile_pdfs import one_page_pdf
from rpa.testing.scans import saved

pytestmark = pytest.mark.tesseract
HAND = Hand("LiberationSans-Regular.ttf", 12)
PRINTED = (
    "DEMANDE DE PERMIS DE STATIONNEMENT", "", "Nom :", "", "Date de la demande :", "",
    "Montant payé :", "",
    "Remplissez ce formulaire en lettres détachées et remettez-le au comptoir",
    "du service des permis, du lundi au vendredi entre neuf heures et midi,",
    "avec une preuve de résidence et le certificat du véhicule automobile.", "",
    "Réservé à l'administration municipale et à ses mandataires seulement",
)  # fmt: skip
FIRST = {2: "Tremblay", 4: "2026-11-02", 6: "114,98 $"}
LETTER = (
    "Ville de Rivière-aux-Pins", "1, rue de l'Église", "Rivière-aux-Pins (Québec) G0R 2T0", "",
    "Rivière-aux-Pins, le 24 novembre 2026", "",
    "Madame Julie Bélanger", "48, chemin du Moulin", "Saint-Aubin (Québec) G0R 2T1", "",
    "N/Réf. : 2026-0417", "", "Objet : Demande de permis de construction", "", "Madame,", "",
    "Nous avons bien reçu votre lettre et nous vous en remercions. Votre permis",
    "sera délivré quand tous les documents auront été remis au comptoir.", "",
    "Veuillez agréer, Madame, nos salutations distinguées.", "", "", "Marc Gagnon",
    "Directeur de l'urbanisme", "", "p. j. Plan du terrain",
)  # fmt: skip
NEXT = {2: "Gagnon", 4: "2026-12-09", 6: "250,00 $"}


def rpa(*words):
    done = CliRunner().invoke(build_app(words), list(words), env={"COLUMNS": "200"})
    if isinstance(done.exception, RpaError):
        return done.exception.exit_status, done.exception.reason, ""
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def filled(values):
    page = typed_page(PRINTED, hand=HAND)
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(HAND.typeface, round(HAND.size * DPI / 72))
    for row, value in values.items():
        y = DPI + row * HAND.size * 1.5 * DPI / 72
        draw.text((DPI + 700, y), value, fill=0, font=font)
    draw.line((DPI, 2600, 2200, 2600), fill=0, width=5)
    draw.rectangle((DPI, 2700, 1100, 2900), outline=0, width=5)
    return saved(page, "PNG", dpi=(300, 300))


@pytest.fixture
def first(tmp_path):
    path = tmp_path / "premier.png"
    path.write_bytes(filled(FIRST))
    return path


def test_pairs_tables_and_findings_are_told_in_the_page_s_measure(first):
    status, output, _errors = rpa("ocr", "fields", str(first), "--mode", "fast", "--json")
    [page] = json.loads(output)["pages"]

    assert status == 0
    assert page.keys() >= {"page", "width", "height", "unit", "findings", "pairs", "tables"}
    told = {pair["key"]["text"]: pair["value"]["text"] for pair in page["pairs"]}
    assert told["Nom :"] == "Tremblay"
    [name] = [pair for pair in page["pairs"] if pair["key"]["text"] == "Nom :"]
    assert name["value"]["box"][0] == pytest.approx(DPI + 700, abs=8)
    assert 0 < name["confidence"] <= 1
    assert {f["name"]: f["canonical"] for f in page["findings"]}["date"] == "2026-11-02"


def test_a_letter_that_was_faxed_is_told_as_a_letter(tmp_path):
    path = tmp_path / "lettre.tif"
    path.write_bytes(fax([typed_page(LETTER, hand=HAND)], FINE, seed=1))
    status, output, _errors = rpa("ocr", "fields", str(path), "--mode", "fast", "--json")
    [page] = json.loads(output)["pages"]

    assert status == 0
    assert page["document"] == "letter"
    found = {f["name"]: f["canonical"] for f in page["findings"]}
    assert found["date"] == "2026-11-24"
    assert found["our_reference"] == "2026-0417"
    assert found["subject"] == "Demande de permis de construction"
    assert found["signatory"] == "Marc Gagnon"
    assert "Moulin" in found["recipient_address"]
    assert "Église" in found["sender_address"]


def test_a_form_is_told_as_a_form(first):
    _status, output, _errors = rpa("ocr", "fields", str(first), "--mode", "fast", "--json")
    assert json.loads(output)["pages"][0]["document"] == "form"


def test_people_get_keys_and_values(first):
    _status, output, _errors = rpa("ocr", "fields", str(first), "--mode", "fast")
    assert "Nom : → Tremblay" in output


def test_the_next_page_of_a_layout_is_read_as_a_known_form(first, tmp_path):
    out = tmp_path / "form.yaml"
    status, _output, errors = rpa(
        "ocr", "fields", str(first), "--mode", "fast", "--as-form", str(out)
    )
    form = FormDefinition.model_validate(yaml.safe_load(out.read_text("utf-8")))
    blank = (tmp_path / "blank.pdf").read_bytes()
    known = KnownForm(process=ProcessId("permis"), form=form, blank=blank)

    reading = ZoneReader(TesseractEngine()).read(open_decoder().pages(filled(NEXT)), known)

    assert status == 0
    assert "form.yaml" in errors.replace("\n", "")
    values = {field.name: field.value for field in reading.fields}
    assert values["nom"] == "Gagnon"
    assert values["date"] == "2026-12-09"


def test_a_form_is_proposed_by_one_file(first, tmp_path):
    status, reason, _errors = rpa(
        "ocr", "fields", str(first), str(first), "--as-form", str(tmp_path / "form.yaml")
    )
    assert (status, reason) == (2, "one-file-only")


def test_a_page_without_answers_is_told_and_nothing_is_written(tmp_path):
    path, out = tmp_path / "vide.pdf", tmp_path / "form.yaml"
    path.write_bytes(one_page_pdf())
    status, output, _errors = rpa(
        "ocr", "fields", str(path), "--mode", "fast", "--json", "--as-form", str(out)
    )

    assert status == 3
    assert json.loads(output)["error"]["code"] == "no-pairs"
    assert not out.exists()


def test_one_line_is_one_file(first, tmp_path):
    lost = tmp_path / "perdu.png"
    status, output, _errors = rpa(
        "ocr", "fields", str(first), str(lost), "--mode", "fast", "--json"
    )

    told = [json.loads(line) for line in output.splitlines()]
    assert status == 3
    assert ["error" in one for one in told] == [False, True]
