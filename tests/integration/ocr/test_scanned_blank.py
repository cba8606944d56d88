"""Forms proposed from pictures of their blanks, as `rpa form new` proposes them."""

from contextlib import ExitStack, contextmanager
from functools import cache
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from rpa.bootstrap.forms import new_form
from rpa.bootstrap.reading import ReadingMode, page_reading
from rpa.domain.errors import BusinessError, DefinitionError
from rpa.domain.kinds import FieldKind
from rpa.processes.folder import load_form
from rpa.testing.faxes import FaxLine, fax, grey_scan, rendered_page, typed_page
from rpa.testing.legacy import EXAMPLES

pytestmark = pytest.mark.tesseract
PROCESS = EXAMPLES / "processes" / "changement-adresse"


@pytest.fixture(scope="module")
def page():
    return rendered_page((PROCESS / "blank.pdf").read_bytes(), 1)


@pytest.fixture(scope="module")
def engines():
    """What reads in each mode: opened once."""
    with ExitStack() as still_open:

        @cache
        def opened(mode):
            return still_open.enter_context(page_reading(mode))

        yield opened


@pytest.fixture
def proposed(tmp_path, engines):
    """Propose a form; by the quick engine, which is also the one of machines without the extra."""

    def make(content, name="scan.pdf", *, accurately=False):
        @contextmanager
        def opening(mode):
            yield engines(mode if accurately else ReadingMode.FAST)

        (tmp_path / name).write_bytes(content)
        form = new_form(tmp_path / name, tmp_path / "form", opening=opening)
        return form, tmp_path / "form"

    return make


def found_again(form):
    """Return the proposed field at each place that a person declared; None where none is."""
    declared = load_form(PROCESS / "form.yaml").fields
    return {field.name: at(form, field.zone) for field in declared}


def at(form, zone):
    middle = (zone.x0 + zone.x1) / 2, (zone.y0 + zone.y1) / 2
    return next((one for one in form.fields if one.zone.holds(*middle)), None)


def picture(image, kind, **how):
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


@pytest.mark.parametrize(("skew", "accurately"), [(1.2, True), (-0.7, False)])
def test_a_tilted_scan_gives_the_fields_of_the_form(proposed, page, skew, accurately):
    scan = grey_scan([page], seed=3, skew_degrees=skew)
    form, folder = proposed(scan, accurately=accurately)

    fields = found_again(form)
    assert None not in fields.values()
    assert fields["nas"].kind is FieldKind.SIN
    assert fields["code_postal"].kind is FieldKind.POSTAL_CODE
    assert fields["courriel"].kind is FieldKind.EMAIL
    assert load_form(folder / "form.yaml") == form


def test_the_blank_is_written_upright_at_its_true_size(proposed, page):
    form, folder = proposed(grey_scan([page.rotate(180)], seed=3, skew_degrees=1.0))

    with pikepdf.open(folder / "blank.pdf") as pdf:
        [sheet] = pdf.pages
        assert [float(edge) for edge in sheet.mediabox] == pytest.approx([0, 0, 612, 792], abs=1)
    shown = rendered_page((folder / "blank.pdf").read_bytes(), 1)
    box = form.fields[0].zone.scaled(300 / 72)
    inside = shown.crop(
        (round(box.x0) + 9, round(box.y0) + 9, round(box.x1) - 9, round(box.y1) - 9)
    )
    assert inside.getextrema()[0] > 200
    assert None not in found_again(form).values()


def test_a_fax_and_a_png_will_do(proposed, page, tmp_path):
    small = page.rotate(-1, Image.Resampling.BICUBIC, fillcolor=255).resize((1700, 2200))

    assert None not in found_again(proposed(fax([page], seed=1), "a.tif")[0]).values()
    (tmp_path / "form" / "form.yaml").unlink()
    assert None not in found_again(proposed(picture(small, "PNG", dpi=(200, 200)))[0]).values()


def test_a_picture_without_a_resolution_is_taken_for_a_whole_sheet(proposed, page):
    form, _folder = proposed(picture(page.resize((1700, 2200)), "PNG"), "a.png")

    assert None not in found_again(form).values()


def test_a_noisy_fax_invents_little(proposed, page):
    declared = len(load_form(PROCESS / "form.yaml").fields)
    form, _folder = proposed(fax([page], FaxLine(noise=0.002, skew_degrees=1.0), seed=2), "a.tif")

    assert len(form.fields) <= declared + 3


def test_a_letter_is_no_form(proposed):
    with pytest.raises(DefinitionError) as failed:
        proposed(grey_scan([typed_page(["Madame,", "Merci de votre lettre."])], seed=1))

    assert failed.value.reason == "no-places"


def test_what_is_no_document_is_refused(proposed):
    with pytest.raises(BusinessError):
        proposed(b"no picture", "a.png")
