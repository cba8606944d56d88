"""Telling from its structure whether a file has its end."""

import pytest

from rpa.intake.media import kind_of
from rpa.intake.structure import TiffStructureError, is_complete, tiff_pages
from rpa.testing.hostile_images import fax_tiff, good_jpeg, good_png, tiff_of_many_pages, tiff_with
from rpa.testing.hostile_pdfs import one_page_pdf


@pytest.mark.parametrize("make", [fax_tiff, good_png, good_jpeg, one_page_pdf])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_still_being_copied_has_no_end(make, share):
    whole = make()

    assert is_complete(whole, kind_of(whole))
    assert not is_complete(whole[: int(len(whole) * share)], kind_of(whole))


def test_what_comes_after_an_earlier_end_of_a_pdf_counts():
    signed_halfway = one_page_pdf() + b"\n7 0 obj\n<</Type/Sig"

    assert not is_complete(signed_halfway, "pdf")


def test_kinds_without_a_known_end_are_taken_as_complete():
    assert is_complete(b"x", "text-file")


def test_each_directory_is_a_page():
    assert len(list(tiff_pages(tiff_of_many_pages(12)))) == 12


@pytest.mark.parametrize("next_at", [8, 1_000_000])
def test_a_chain_that_leads_back_or_outside_is_broken(next_at):
    with pytest.raises(TiffStructureError):
        list(tiff_pages(tiff_with(bytes(512), next_at=next_at)))
