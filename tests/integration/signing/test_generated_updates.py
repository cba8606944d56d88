"""A slice of benchmarks/bench_verify_updates.py, the kinds it found, and a test of its judges."""

from contextlib import suppress
from itertools import islice

import pytest

from benchmarks.update_grammar.bases import base
from benchmarks.update_grammar.campaign import AT, Order, Trial
from benchmarks.update_grammar.document import Layout
from benchmarks.update_grammar.draws import made, plan
from benchmarks.update_grammar.judge import Judge, lie_reasons
from benchmarks.update_grammar.planted import PLANTED, credulous
from benchmarks.update_grammar.readers import missing_tools
from benchmarks.update_grammar.scene import ODD, Scene
from benchmarks.update_grammar.signing import identity, sealed
from rpa.domain.signature import Integrity
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.testing.mutations import dice_of
from rpa.testing.update_kinds import KINDS

SEED, DRAWS = 1971, 60
PLANTED_IN = 2
"""How many documents each planted change must be seen in."""


@pytest.fixture(scope="module", autouse=True)
def tools(missing):
    if missing_tools():
        missing(f"missing: {', '.join(missing_tools())}")


@pytest.fixture(scope="module")
def results():
    trial = Trial()
    order = Order(SEED, range(DRAWS))
    return [trial.result(order, number) for number in order.numbers]


@pytest.fixture(scope="module")
def judge():
    return Judge()


@pytest.fixture(scope="module")
def documents():
    return [base(f"planted-{number}") for number in range(40)]


def test_no_generated_update_is_called_valid_that_shows_or_does_something_else(results):
    assert {r.number: r.reasons for r in results if r.reasons} == {}


def test_generated_updates_reach_all_answers(results):
    answers = [r.answer for r in results]
    assert answers.count("valid") >= DRAWS // 10
    assert answers.count("modified") >= DRAWS // 4
    assert sum(r.is_honest for r in results) >= 3


def test_a_seed_makes_the_same_bytes_again():
    for number in range(5):
        assert made(plan(SEED, number)).content == made(plan(SEED, number)).content
    assert made(plan(SEED, 0)).content != made(plan(SEED + 1, 0)).content


@pytest.mark.parametrize("name", KINDS)
def test_no_kind_found_by_the_grammar_is_called_valid(name):
    report = PyHankoValidator(trust_roots=[]).validate(KINDS[name](), at=AT)
    assert report.integrity is not Integrity.VALID


@pytest.mark.parametrize("name", PLANTED)
def test_the_judges_see_what_was_planted(name, judge, documents):
    found = list(islice(_planted(name, documents), PLANTED_IN))
    assert found
    for signed, pdf in found:
        assert judge.reasons(signed, pdf, credulous([])), signed.name


def test_what_is_seen_is_seen_by_renderers_too(judge, documents):
    for name in ("a hair line", "text moved by a third of a point", "one sample of a picture"):
        signed, pdf = next(_planted(name, documents))
        tools = {one.split(":")[0] for one in judge.reasons(signed, pdf, credulous([]))}
        assert {"pdfium", "poppler", "mupdf"} <= tools, name


def test_the_judges_find_nothing_where_nothing_was_changed(judge, documents):
    for signed in documents[:6]:
        assert judge.reasons(signed, signed.content, credulous([])) == []


def test_a_look_that_lies_is_told_from_one_that_does_not():
    lying = [draw for draw in (made(plan(9, n, "exchanged")) for n in range(12)) if draw.lies]
    assert lying
    assert all(lie_reasons(draw) for draw in lying)
    assert lie_reasons(made(plan(9, 0, "validation-data"))) == []


def _planted(name, documents):
    for signed in documents:
        scene = Scene(signed, signed.document.copy(), dice_of(1))
        is_made = False
        with suppress(*ODD):
            PLANTED[name](scene)
            is_made = True
        if not is_made:
            continue
        if scene.signature is None:
            scene.document.save(Layout())
        else:
            sealed(scene.document, scene.signature, identity("Second"), Layout())
        yield signed, scene.document.content
