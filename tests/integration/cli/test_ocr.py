"""``rpa ocr``, run as a person runs it."""

import json

import pdfplumber
import pytest
from typer.testing import CliRunner

from rpa.cli.main import build_app
from rpa.domain.errors import RpaError
from rpa.testing.faxes import FaxLine, Hand, fax, typed_page
from rpa.testing.hostile_pdfs import locked_pdf, one_page_pdf
from rpa.testing.scans import saved, scanned_pdf

pytestmark = pytest.mark.tesseract
HAND = Hand("LiberationSans-Regular.ttf", 12)
LINES = ("Demande de remboursement", "Nom : Tremblay", "Montant : 123,45 $")
PAGE_FACTS = {
    "page", "width", "height", "unit", "dpi", "dpi_x", "dpi_y", "turn", "skew", "source",
    "treatment", "words",
}  # fmt: skip


def rpa(*words):
    done = CliRunner().invoke(build_app(words), list(words), env={"COLUMNS": "200"})
    if isinstance(done.exception, RpaError):
        return done.exception.exit_status, done.exception.reason, ""
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ocr")
    letter = typed_page(LINES, hand=HAND)
    part = letter.crop((0, 0, 2550, 1300))
    contents = {
        "fax.tif": fax([part], FaxLine(dpi=(204, 98), noise=0), seed=1),
        "scan.pdf": scanned_pdf([part, part], dpi=(300, 300)),
        "digital.pdf": one_page_pdf(),
        "photo.png": saved(part, "PNG"),
        "locked.pdf": locked_pdf(user="x"),
        "junk.tif": b"no picture",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def told(files):
    """What the command says of every file, by name, and how it ended."""
    names = ["fax.tif", "scan.pdf", "locked.pdf", "digital.pdf", "photo.png", "junk.tif", "gone"]
    paths = [str(files / name) for name in names]
    status, output, _errors = rpa("ocr", "words", *paths, "--json", "--mode", "fast")
    facts = [json.loads(line) for line in output.splitlines()]
    assert [one["file"] for one in facts] == paths
    return status, dict(zip(names, facts, strict=True))


def word(page, text):
    return next(word for word in page["words"] if word["text"] == text)


def test_one_line_is_one_file_and_a_file_that_fails_stops_no_other(told):
    status, facts = told

    assert status == 3
    failed = {name: one["error"]["code"] for name, one in facts.items() if "error" in one}
    assert failed.keys() == {"locked.pdf", "junk.tif", "gone"}
    assert failed["locked.pdf"] == "encrypted"
    assert all(one["error"]["message"] for one in facts.values() if "error" in one)


def test_pages_tell_their_measure_and_their_words(told):
    _status, facts = told

    for name in ("fax.tif", "scan.pdf", "digital.pdf", "photo.png"):
        for number, page in enumerate(facts[name]["pages"], start=1):
            assert page.keys() == PAGE_FACTS
            assert page["page"] == number
            for one in page["words"]:
                assert one.keys() == {"text", "box", "confidence", "line"}
                x0, y0, x1, y1 = one["box"]
                assert 0 <= x0 < x1 <= page["width"]
                assert 0 <= y0 < y1 <= page["height"]
                assert 0 <= one["confidence"] <= 1


def test_an_image_is_told_in_its_own_pixels(told):
    [page] = told[1]["fax.tif"]["pages"]

    assert told[1]["fax.tif"]["media_type"] == "image/tiff"
    assert (page["unit"], page["dpi_x"], page["dpi_y"]) == ("px", 204.0, 98.0)
    assert (page["width"], page["height"]) == (1734, round(1300 * 98 / 300))
    assert page["source"] == "ocr"
    x0, y0, _x1, y1 = word(page, "Demande")["box"]
    assert x0 == pytest.approx(204, abs=6)
    assert (y0 + y1) / 2 == pytest.approx((300 + 26) * 98 / 300, abs=6)


def test_a_pdf_is_told_in_points_whether_it_is_a_scan_or_typed(told):
    first, second = told[1]["scan.pdf"]["pages"]
    [typed] = told[1]["digital.pdf"]["pages"]

    assert (first["unit"], first["dpi"], first["width"]) == ("pt", 72.0, 612.0)
    assert word(second, "Demande")["box"][0] == pytest.approx(72, abs=2)
    assert (first["source"], typed["source"]) == ("ocr", "text-layer")
    assert word(typed, "Formulaire")["box"][0] == pytest.approx(72, abs=1)
    assert word(typed, "Formulaire")["confidence"] == 1


def test_words_of_a_printed_line_share_its_number(told):
    [page] = told[1]["photo.png"]["pages"]

    assert word(page, "Demande")["line"] == word(page, "remboursement")["line"]
    assert word(page, "Demande")["line"] != word(page, "Tremblay")["line"]


def test_people_get_the_text_and_errors_apart(files):
    paths = (str(files / name) for name in ("scan.pdf", "locked.pdf"))
    status, output, errors = rpa("ocr", "words", *paths, "--mode", "fast")

    assert status == 3
    assert output.count("Demande de remboursement\n") == 2
    assert "\n\f\n" in output
    assert "locked.pdf" in errors
    assert "locked.pdf" not in output


def test_all_is_well_where_every_file_is_read(files):
    status, output, _errors = rpa("ocr", "words", str(files / "digital.pdf"), "--mode", "fast")
    assert (status, output.strip()) == (0, "Formulaire")


def test_accurate_reading_reads_too(files):
    pytest.importorskip("rapidocr")
    path = str(files / "photo.png")
    status, output, _errors = rpa("ocr", "words", path, "--mode", "accurate", "--json")

    [page] = json.loads(output)["pages"]
    assert status == 0
    assert word(page, "Tremblay")["confidence"] > 0.8


def test_a_searchable_copy_holds_the_words(files, tmp_path):
    out = tmp_path / "copy.pdf"
    status, output, _errors = rpa("ocr", "pdf", str(files / "fax.tif"), str(out))

    assert status == 0
    assert "1" in output
    with pdfplumber.open(out) as pdf:
        [page] = pdf.pages
        assert "Demande de remboursement" in page.extract_text()


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [("gone", None, "not-found"), ("locked.pdf", 3, "encrypted")],
)
def test_what_cannot_be_copied_is_told(files, tmp_path, name, status, reason):
    out = tmp_path / "copy.pdf"
    ended, told, _errors = rpa("ocr", "pdf", str(files / name), str(out))

    assert told == reason
    assert status is None or ended == status
    assert not out.exists()


def test_a_copy_that_cannot_be_written_is_told(files, tmp_path):
    out = tmp_path / "nowhere" / "copy.pdf"
    assert rpa("ocr", "pdf", str(files / "digital.pdf"), str(out))[1] == "not-found"
