"""Real faxes and the scans that break pipelines, each opened or refused for its true reason."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from rpa.domain.errors import DocumentRefusedError
from rpa.intake.adapters.contained import ContainedDecoder

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
SUFFIXES = {".tif", ".tiff", ".pdf", ".jpg", ".gif", ".heic", ".webp"}
REFUSED = {
    "ocrmypdf-hugemono.pdf": "page-too-large",
    "ocrmypdf-invalid.pdf": "damaged",
    "ocrmypdf-livecycle.pdf": "dynamic-form",
    "paperless-encrypted.pdf": "encrypted",
}
PAGES = {
    "pdfbox-ccittg4multi.tif": 3,
    "pillow-g4-multi.tiff": 3,
    "paperless-multi-page-images.tiff": 3,
    "paperless-multi-page-images-alpha.tiff": 3,
    "ocrmypdf-multipage.pdf": 6,
    "paperless-rotated.pdf": 4,
}


def real_files():
    folders = [SHARED / name for name in ("fax-ccitt", "robust-scans")]
    return sorted(
        path for folder in folders if folder.is_dir() for path in folder.iterdir()
        if path.suffix in SUFFIXES
    )  # fmt: skip


def test_the_real_files_are_there():
    if not real_files():
        assert not in_ci(), f"no files in {SHARED}"
        pytest.skip("the shared data is not on this machine")


def in_ci():
    return os.environ.get("CI") == "true"  # noqa: TID251 - no setting of the program


@pytest.mark.parametrize("path", real_files(), ids=lambda path: path.name)
def test_each_is_told_as_it_is(path):
    reason, pages = told(path)

    assert reason == REFUSED.get(path.name, "")
    assert pages == PAGES.get(path.name, pages)


def told(path):
    try:
        return "", ContainedDecoder().inspect(path.read_bytes()).pages
    except DocumentRefusedError as refused:
        return refused.reason, 0


@pytest.mark.skipif(not real_files(), reason="the shared data is not on this machine")
def test_a_page_stored_on_its_side_or_mirrored_comes_out_upright():
    stored = sorted((SHARED / "fax-ccitt").glob("pillow-g4_orientation_*.tif"))
    upright, *turned = [only_page(path) for path in stored]

    assert turned
    for page in turned:
        difference = ImageChops.difference(upright, page)
        assert ImageStat.Stat(difference).mean[0] < 1


def only_page(path):
    [page] = ContainedDecoder().pages(path.read_bytes()).images
    return Image.open(io.BytesIO(page.png))


@pytest.mark.skipif(not real_files(), reason="the shared data is not on this machine")
def test_a_received_standard_resolution_fax_becomes_square():
    content = (SHARED / "fax-ccitt" / "1pagefax-204x98.tif").read_bytes()

    [page] = ContainedDecoder().pages(content).images

    assert (page.dpi, page.bilevel) == (204.0, True)
