"""Many blanks: the right one is among the few that are looked at; sketches are kept and remade."""

from io import BytesIO

import pikepdf
import pytest
from weasyprint import HTML

from rpa.domain.errors import DefinitionError
from rpa.domain.model import ProcessId
from rpa.ocr.adapters.blanks import front_sketch
from rpa.ocr.adapters.form_index import FEW, Fronts
from rpa.ocr.api import KnownForm
from rpa.ocr.identification import identified
from rpa.testing.examples import example_documents
from rpa.testing.faxes import NOISY, STANDARD, document_pages, fax, filled_page

NAMES = ("changement-adresse", "demande-remboursement", "avis-absence")


def drawn(number):
    """Return a form of another office, with labels and lines of its own."""
    labels = (f"Question {number}.{line} du formulaire {number * line}" for line in range(1, 24))
    rows = "".join(f"<p style='border-bottom:1px solid'>{label}</p>" for label in labels)
    return HTML(string=f"<h1>Formulaire {number}</h1>{rows}").write_pdf()


def another_edition(blank):
    """Return the blank with three of its lines of print replaced by a grey bar."""
    with pikepdf.open(BytesIO(blank)) as pdf:
        bars = "".join(f"1 g 40 {y} 250 12 re f 0.4 g 300 {y} 150 6 re f " for y in (420, 520, 560))
        pdf.pages[0].contents_add(f"q {bars} Q".encode())
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def known():
    return [KnownForm(ProcessId(name), *example_documents().known(name)) for name in NAMES]


@pytest.fixture(scope="module")
def many(known):
    """The forms, and more other blanks than are tried one by one."""
    others = [
        KnownForm(ProcessId(f"autre-{n}"), known[0].form, drawn(n)) for n in range(1, FEW + 4)
    ]
    return [*known, *others]


@pytest.fixture(scope="module")
def fronts(tmp_path_factory):
    """The sketches of all blanks, made once."""
    return Fronts(tmp_path_factory.mktemp("fronts"))


@pytest.mark.parametrize("line", [STANDARD, NOISY], ids=["standard", "noisy"])
def test_a_form_is_known_among_many(known, many, fronts, line):
    for form in known:
        page = filled_page(form.blank, form.form, {"nom": "Tremblay"})
        document = document_pages(fax([page], line, seed=4))

        told = identified(document, many, fronts)
        without = identified(document, [one for one in many if one is not form], fronts)

        assert told is not None
        assert told.process == form.process
        assert without is None


def test_another_edition_is_not_taken_for_the_form(known, fronts):
    blank = known[0].blank
    edition = another_edition(blank)
    document = document_pages(fax([filled_page(edition, known[0].form, {})], STANDARD, seed=4))

    assert identified(document, [known[0]], fronts) is None


def test_sketches_are_kept_in_a_folder_and_made_again_when_spoiled(known, tmp_path):
    blank = known[0].blank
    made = Fronts(tmp_path).sketch(blank)
    (kept,) = tmp_path.glob("*.npz")

    again = Fronts(tmp_path).sketch(blank)
    kept.write_bytes(b"spoiled")
    anew = Fronts(tmp_path).sketch(blank)

    for other in (again, anew):
        assert (other.marks == made.marks).all()
        assert (other.places == made.places).all()
        assert other.scale == made.scale


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_read(known, tmp_path):
    (tmp_path / "file").write_bytes(b"")

    sketch = Fronts(tmp_path / "file" / "below").sketch(known[0].blank)

    assert len(sketch.marks) == len(front_sketch(known[0].blank).marks)


def test_a_blank_that_is_no_pdf_is_said(tmp_path):
    with pytest.raises(DefinitionError, match=r"blank\.pdf"):
        Fronts(tmp_path).sketch(b"no pdf")


def test_a_white_page_is_none_of_them(many, fronts):
    white = filled_page(many[0].blank, many[0].form, {}).point(lambda _grey: 255)

    assert identified(document_pages(fax([white], STANDARD, seed=1)), many, fronts) is None
