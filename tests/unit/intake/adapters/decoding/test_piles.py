"""Locked PDFs opened, and the two sides of a pile put together."""

import io

import pikepdf
import pytest
from PIL import Image

from rpa.intake.adapters.decoding.joining import join_halves
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.program import JOIN, UNLOCK, Work
from rpa.intake.adapters.decoding.refusal import Refusal
from rpa.intake.adapters.decoding.unlocking import unlock_pdf
from rpa.testing.hostile_pdfs import locked_pdf, one_page_pdf


def unlocked(content, *passwords):
    work = Work(content, "pdf", UNLOCK, DecodeLimits(), {"passwords": passwords})
    [opened] = unlock_pdf(work).pieces
    return opened


def joined(fronts, backs, kind="pdf"):
    work = Work(fronts + backs, kind, JOIN, DecodeLimits(), {"split_at": len(fronts)})
    [whole] = join_halves(work).pieces
    return whole


def pdf_of_widths(*widths):
    with pikepdf.new() as pdf:
        for width in widths:
            pdf.add_blank_page(page_size=(width, 500))
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def tiff_of_widths(*widths, mode="1"):
    pages = [Image.new(mode, (width, 40), 1) for width in widths]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], dpi=(204, 98))
    return out.getvalue()


def widths(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [int(page.MediaBox[2]) for page in pdf.pages]


def test_a_known_password_opens_a_locked_pdf_and_gives_the_same_bytes_each_time():
    content = locked_pdf(user="sésame")

    opened = unlocked(content, "other", "sésame")

    with pikepdf.open(io.BytesIO(opened)) as pdf:
        assert not pdf.is_encrypted
    assert unlocked(content, "sésame") == opened


def test_without_the_right_password_it_stays_locked():
    with pytest.raises(Refusal) as refused:
        unlocked(locked_pdf(user="a"), "b", "")

    assert refused.value.code == "encrypted"


def test_what_is_no_pdf_inside_is_damaged():
    with pytest.raises(Refusal) as refused:
        unlocked(b"%PDF-1.7 nothing", "a")

    assert refused.value.code == "damaged"


def test_fronts_and_backs_become_one_pdf_in_reading_order():
    fronts, backs = pdf_of_widths(101, 103, 105), pdf_of_widths(106, 104, 102)

    assert widths(joined(fronts, backs)) == [101, 102, 103, 104, 105, 106]
    assert widths(joined(fronts, pdf_of_widths(104, 102))) == [101, 102, 103, 104, 105]
    assert joined(fronts, backs) == joined(fronts, backs)


def test_fronts_and_backs_of_a_fax_keep_their_pixels_and_resolutions():
    whole = joined(tiff_of_widths(101, 103), tiff_of_widths(104, 102), "tiff")

    with Image.open(io.BytesIO(whole)) as image:
        told = []
        for number in range(image.n_frames):
            image.seek(number)
            told.append((image.width, image.mode, image.info["dpi"]))
    assert told == [(width, "1", (204, 98)) for width in (101, 102, 103, 104)]


@pytest.mark.parametrize("backs", [(1, 2, 3, 4), (1,)])
def test_sides_of_different_counts_do_not_belong_together(backs):
    with pytest.raises(Refusal) as refused:
        joined(pdf_of_widths(101, 103, 105), pdf_of_widths(*(100 + width for width in backs)))

    assert refused.value.code == "other-side"


def test_a_damaged_side_is_damage():
    with pytest.raises(Refusal) as refused:
        joined(one_page_pdf(), b"%PDF-1.7 nothing")

    assert refused.value.code == "damaged"
