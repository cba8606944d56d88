"""What the measure of other makers asks of documents that are given, and of their changes."""

import importlib
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from rpa.testing import signed_samples as samples

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture
def benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module


@pytest.fixture
def made(benchmarks):
    return benchmarks("other_makers.blanks")


def filled(path, values):
    with pikepdf.open(BytesIO(samples.whole_pdf())) as opened:
        for field in opened.Root.AcroForm.Fields:
            if str(field.T) in values:
                field.V = pikepdf.String(values[str(field.T)])
        opened.save(path)
    return path


def test_an_empty_text_field_is_a_blank_and_one_that_holds_a_value_is_none(made, tmp_path):
    empty = filled(tmp_path / "empty.pdf", {})
    written = filled(tmp_path / "written.pdf", {"name": "Ann"})

    assert "name" in {one.name for one in made.blanks(empty)}
    assert "name" not in {one.name for one in made.blanks(written)}


@pytest.mark.parametrize(
    ("values", "is_filled"),
    [({"name": "Bob"}, True), ({"name": "Ann"}, False), ({"name": "Bob", "amount": "Bob"}, False)],
)
def test_a_field_is_filled_where_it_alone_got_the_value(made, tmp_path, values, is_filled):
    before = filled(tmp_path / "before.pdf", {})
    after = filled(tmp_path / "after.pdf", values)

    assert made.is_filled(before, after, {"name": "name", "value": "Bob"}) is is_filled


def test_paper_with_print_is_not_blank(made, tmp_path):
    page = filled(tmp_path / "page.pdf", {})

    assert made.is_blank(page, (400, 10, 420, 20))
    assert not made.is_blank(page, (0, 0, 612, 792))


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(0, 10, 0.0, 0.3085), (5, 10, 0.1871, 0.8129), (10, 10, 0.6915, 1.0)],
)
def test_the_interval_of_a_share_is_exact(benchmarks, hits, count, low, high):
    interval = benchmarks("bench_other_makers").interval

    assert interval(hits, count) == pytest.approx((low, high), abs=0.0001)
