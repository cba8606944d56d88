"""A process folder is started from a blank form."""

import pytest

from rpa.bootstrap.forms import proposed_blank
from rpa.bootstrap.reading import ReadingMode, page_reading
from rpa.bootstrap.toolbox import bot_warnings
from rpa.domain.errors import DefinitionError, SetupError
from rpa.domain.form import FieldKind, FormDefinition
from rpa.ocr.adapters.proposal import proposed_form
from rpa.processes.folder import load_form, load_process
from rpa.processes.scaffold import scaffold
from rpa.testing.faxes import fax, rendered_page, typed_page
from rpa.testing.legacy import EXAMPLES

BLANKS = EXAMPLES / "processes"


def quickly_proposed(content: bytes) -> tuple[FormDefinition, bytes]:
    return proposed_blank(content, opening=lambda _mode: page_reading(ReadingMode.FAST))


def blank(process: str) -> bytes:
    return (BLANKS / process / "blank.pdf").read_bytes()


def test_the_boxes_drawn_on_a_blank_become_fields_with_their_labels_and_kinds():
    proposed = {field.kind: field for field in proposed_form(blank("changement-adresse")).fields}

    assert proposed[FieldKind.SIN].label.fr == "Numéro d’assurance sociale"
    assert {FieldKind.DATE, FieldKind.POSTAL_CODE, FieldKind.PHONE, FieldKind.EMAIL} <= set(
        proposed
    )


def test_each_proposed_zone_lies_on_a_field_that_a_person_declared():
    declared = load_form(BLANKS / "changement-adresse" / "form.yaml").fields
    proposed = proposed_form(blank("changement-adresse")).fields

    assert len(proposed) == len(declared)
    for field in declared:
        middle = (field.zone.x0 + field.zone.x1) / 2, (field.zone.y0 + field.zone.y1) / 2
        assert sum(one.zone.holds(*middle) for one in proposed) == 1, field.name


def test_the_form_fields_of_a_pdf_are_proposed_by_their_own_names():
    fields = proposed_form(blank("avis-absence")).fields

    assert [field.acroform for field in fields][:3] == ["nom", "prenom", "matricule"]


def test_radio_buttons_of_a_form_we_did_not_draw_are_tick_boxes(shared_data):
    form = proposed_form((shared_data / "fr-forms" / "cerfa_13753_04.pdf").read_bytes())

    ticks = [field for field in form.fields if field.kind is FieldKind.CHECKBOX]
    assert len(ticks) == 9


@pytest.mark.parametrize("content", [b"", b"no PDF at all", b"%PDF-1.7\n1 0 obj\n"])
def test_a_blank_that_is_no_pdf_is_told(content):
    with pytest.raises(DefinitionError):
        proposed_form(content)


def test_a_started_folder_passes_every_check(tmp_path):
    blank_file = BLANKS / "changement-adresse" / "blank.pdf"

    scaffold(tmp_path / "essai", blank_file, propose=proposed_blank)

    process = load_process(tmp_path / "essai")
    assert process.process_id == "essai"
    assert bot_warnings(process) == ()


def test_a_folder_that_exists_is_left_alone(tmp_path):
    with pytest.raises(SetupError, match="exists already"):
        scaffold(tmp_path, BLANKS / "avis-absence" / "blank.pdf", propose=proposed_blank)


@pytest.mark.tesseract
def test_a_folder_is_started_from_a_scan_of_the_blank(tmp_path):
    page = rendered_page((BLANKS / "changement-adresse" / "blank.pdf").read_bytes(), 1)
    (tmp_path / "vierge.tif").write_bytes(fax([page], seed=1))

    scaffold(tmp_path / "essai", tmp_path / "vierge.tif", propose=quickly_proposed)

    process = load_process(tmp_path / "essai")
    assert "code_postal" in {field.name for field in process.definition.form.all_fields()}
    assert process.blank.startswith(b"%PDF-")


@pytest.mark.tesseract
def test_a_letter_that_was_scanned_starts_no_folder(tmp_path):
    (tmp_path / "lettre.tif").write_bytes(fax([typed_page(["Bonjour", "Merci."])], seed=1))

    with pytest.raises(DefinitionError):
        scaffold(tmp_path / "essai", tmp_path / "lettre.tif", propose=quickly_proposed)
    assert not (tmp_path / "essai").exists()


def test_a_blank_that_is_not_there_starts_no_folder(tmp_path):
    with pytest.raises(SetupError, match="cannot be used"):
        scaffold(tmp_path / "essai", tmp_path / "absent.pdf", propose=proposed_blank)
    assert not (tmp_path / "essai").exists()
