"""Which makers of signed files are never looked at while the verifier is mended."""

import importlib
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
HELD_OUT = {
    "@f-o-t/e-signature",
    "@signpdf, pdf-lib",
    "LibreOffice",
    "PDFBox",
    "iText 2",
    "mutool",
    "pdfsig",
    "pdfsignerpy",
    "pypdf",
    "zgapdfsigner",
}


@pytest.fixture
def tools(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("other_makers.tools").TOOLS


def test_the_makers_held_out_stay_the_same(tools):
    assert {tool.name for tool in tools if tool.is_held_out} == HELD_OUT


def test_at_least_half_of_the_makers_who_sign_are_held_out(tools):
    signers = [tool for tool in tools if tool.signs]

    assert 2 * sum(tool.is_held_out for tool in signers) >= len(signers)
