"""Real separator sheets, as the command shows them: every sheet found, no page lost."""

import json

import pytest
from typer.testing import CliRunner

from rpa.cli.main import build_app

PATCH_T = {
    "patch-code-t.pdf": (1, [1]),
    "patch-code-t-qr.pdf": (1, [1]),
    "patch-code-t-middle.pdf": (3, [2]),
    "patch-code-t-middle-distorted.pdf": (3, [2]),
    "patch-code-t-double.pdf": (4, [2, 3]),
    "barcode-fax-image.pdf": (3, [2]),
}
"""Pages, and which of them are separator sheets."""
CODES = {
    "barcode-39-asn-123.pdf": {1: [("code-39", "ASN00123")]},
    "barcode-39-asn-invalid.pdf": {1: [("code-39", "ASNXYZXYZ")]},
    "barcode-128-custom.pdf": {1: [("code-128", "CUSTOM BARCODE")]},
    "barcode-128-asn-too-large.pdf": {1: [("code-128", "ASN4294967296")]},
    "barcode-qr-custom.pdf": {1: [("qr-code", "CUSTOM BARCODE")]},
    "split-by-tag-multiple-per-page.pdf": {
        2: [("qr-code", "TAG:invoice"), ("qr-code", "TAG:expense")],
        4: [("qr-code", "TAG:receipt")],
    },
}


def split(path, *options):
    words = ["intake", "split", str(path), *options, "--json"]
    done = CliRunner().invoke(build_app(words), words)
    assert done.exit_code == 0, done.exception
    [told] = json.loads(done.output)["files"]
    return told


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "separators"


@pytest.mark.parametrize("name", PATCH_T)
def test_every_separator_sheet_is_found_and_no_page_is_lost(name, folder):
    pages, sheets = PATCH_T[name]
    told = split(folder / name)

    assert [mark["page"] for mark in told["separators"]] == sheets
    assert told["pages"] == pages
    read = [number for part in told["parts"] for number in part["pages"]]
    assert read == [number for number in range(1, pages + 1) if number not in sheets]
    assert all(len(part["pages"]) == 1 for part in told["parts"])


@pytest.mark.parametrize("name", CODES)
def test_every_bar_code_is_read(name, folder):
    told = split(folder / name)
    found = {}
    for mark in told["marks"]:
        found.setdefault(mark["page"], []).append((mark["kind"], mark["text"]))

    assert found == CODES[name]
    assert told["separators"] == []


def test_first_pages_and_blank_backs_of_a_real_pile(folder):
    told = split(folder / "split-by-asn-2.pdf", "--first-page", "ASN*")

    assert [part["pages"] for part in told["parts"]] == [[1], [4], [5], [6], [9], [11]]
    assert told["blank_pages"] == [2, 7, 8, 10, 12]
    assert [(mark["page"], mark["text"]) for mark in told["separators"]] == [(3, "T")]


def test_tags_that_begin_a_document(folder):
    told = split(
        folder / "split-by-tag-mixed-asn.pdf", "--first-page", "TAG:*", "--first-page", "ASN*"
    )

    assert [part["pages"] for part in told["parts"]] == [[1, 2], [3, 4], [5, 6], [7, 8]]


def test_separator_sheets_of_an_organisations_own(folder):
    told = split(folder / "split-by-tag-multiple-per-page.pdf", "--sheet", "TAG:*")

    assert [part["pages"] for part in told["parts"]] == [[1], [3], [5]]


def test_a_lone_separator_sheet_leaves_nothing_and_says_so(folder):
    told = split(folder / "patch-code-t.pdf")

    assert told["parts"] == []
    assert told["refused"]["code"] == "all-blank"
