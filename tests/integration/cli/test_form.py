"""``rpa form``: known forms read, found, proposed and scored, without a home."""

import json
import subprocess
import sys

import pytest

from rpa.processes.scaffold import form_text
from rpa.testing.examples import example_documents
from rpa.testing.faxes import FINE, fax, filled_page, grey_scan, rendered_page, typed_page

pytestmark = pytest.mark.tesseract
VALUES = {
    "nom": "Tremblay",
    "prenom": "Zoé",
    "date_naissance": "1971-03-09",
    "nas": "046 454 286",
    "nouvelle_adresse": "312, boul. des Laurentides",
    "ville": "Amos",
    "code_postal": "H7G 2T8",
    "telephone": "418 555-0142",
    "date_effet": "2026-12-01",
}


def rpa(*words):
    done = subprocess.run(
        [sys.executable, "-m", "rpa", *map(str, words)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """Two form folders, one with a faxed sample and its truth."""
    root = tmp_path_factory.mktemp("forms")
    for name in ("changement-adresse", "avis-absence"):
        form, blank = example_documents().known(name)
        folder = root / name
        (folder / "samples").mkdir(parents=True)
        (folder / "form.yaml").write_text(form_text(form), "utf-8")
        (folder / "blank.pdf").write_bytes(blank)
    form, blank = example_documents().known("changement-adresse")
    samples = root / "changement-adresse" / "samples"
    (samples / "fax.tif").write_bytes(fax([filled_page(blank, form, VALUES)], FINE, seed=5))
    (samples / "fax.json").write_text(json.dumps(VALUES), "utf-8")
    (root / "lettre.tif").write_bytes(fax([typed_page(["Bonjour", "Merci."])], FINE, seed=5))
    return root


@pytest.fixture(scope="module")
def told(forms, tmp_path_factory):
    """What one call tells of a fax, a scanned PDF and a file that is not there; and its status."""
    folder = tmp_path_factory.mktemp("scan")
    form, blank = example_documents().known("changement-adresse")
    scan = grey_scan([filled_page(blank, form, VALUES)], seed=5, skew_degrees=0)
    (folder / "scan.pdf").write_bytes(scan)
    known = forms / "changement-adresse"
    files = (known / "samples" / "fax.tif", folder / "scan.pdf", forms / "absent.tif")
    status, out, _errors = rpa("form", "read", known, *files, "--json")
    return status, [json.loads(line) for line in out.splitlines()]


def test_fields_are_told_with_their_probability_and_why_to_look(told):
    status, (fax_told, _scan, missing) = told

    assert status == 3
    fields = {field["name"]: field for field in fax_told["fields"]}
    assert fields["ville"]["value"] == "Amos"
    assert fields["nas"]["value"] == "046454286"
    assert 0.9 < fields["ville"]["probability"] <= 1
    assert (fields["ville"]["review"], fields["ville"]["reasons"]) == (False, [])
    assert len(fields["ville"]["box"]) == 4
    where = fields["ville"]["delivered"]
    assert (where["page"], where["unit"], len(where["box"])) == (1, "px", 4)
    assert 204 / 72 * fields["ville"]["box"][0] == pytest.approx(where["box"][0], abs=20)
    assert missing["error"]["code"] == "not-found"


def test_places_on_a_scanned_pdf_are_told_in_points(told):
    _status, (_fax, scan, _missing) = told

    fields = {field["name"]: field for field in scan["fields"]}
    assert fields["ville"]["delivered"]["unit"] == "pt"
    assert fields["ville"]["delivered"]["box"] == pytest.approx(fields["ville"]["box"], abs=3)


def test_a_form_is_found_among_many_and_a_letter_is_none_of_them(forms):
    sample = forms / "changement-adresse" / "samples" / "fax.tif"

    status, out, _errors = rpa(
        "form", "find", sample, forms / "lettre.tif", "--forms", forms, "--json"
    )

    assert status == 0
    found, none = (json.loads(line) for line in out.splitlines())
    assert (found["form"], found["by"]) == ("changement-adresse", "picture")
    assert none["form"] is None


def test_a_form_is_scored_on_its_samples(forms):
    status, out, _errors = rpa("form", "test", forms / "changement-adresse", "--json")

    assert status == 0
    total = json.loads(out)["total"]
    assert total["right"] == total["fields"] > len(VALUES)
    assert total["accepted_wrong"] == 0


def test_a_form_is_proposed_from_its_blank_and_read_back(forms, tmp_path):
    blank = forms / "avis-absence" / "blank.pdf"
    folder = tmp_path / "nouveau"

    status, out, _errors = rpa("form", "new", blank, folder, "--json")

    assert status == 0
    assert len(json.loads(out)["form"]["fields"]) >= 5
    assert (folder / "form.yaml").is_file()
    again, _out, errors = rpa("form", "new", blank, folder)
    assert again == 2
    assert "already" in errors or "déjà" in errors


def test_a_form_is_proposed_from_a_scan_of_its_blank(forms, tmp_path):
    page = rendered_page((forms / "changement-adresse" / "blank.pdf").read_bytes(), 1)
    (tmp_path / "vierge.pdf").write_bytes(grey_scan([page], seed=3, skew_degrees=1.0))

    status, out, _errors = rpa("form", "new", tmp_path / "vierge.pdf", "--json")

    assert status == 0
    kinds = {field["kind"] for field in json.loads(out)["form"]["fields"]}
    assert {"sin", "postal-code", "phone", "email", "date"} <= kinds
    read, told, _errors = rpa(
        "form", "read", tmp_path / "vierge",
        forms / "changement-adresse" / "samples" / "fax.tif", "--json",
    )  # fmt: skip
    assert read == 0
    assert "046454286" in {field["value"] for field in json.loads(told)["fields"]}


def test_a_folder_without_a_form_is_named(tmp_path):
    status, _out, errors = rpa("form", "read", tmp_path, tmp_path / "a.tif")

    assert status == 2
    assert "form.yaml" in errors
