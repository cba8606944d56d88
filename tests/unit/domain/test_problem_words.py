"""Codes of problems and of broken rules, in words."""

import re
from pathlib import Path

import pytest

import rpa.ocr
from rpa.domain import rules
from rpa.domain.problem_words import problem_words
from rpa.i18n import speaking

CODES = sorted(
    {
        code
        for file in Path(rpa.ocr.__file__).parent.rglob("*.py")
        for code in re.findall(r'"(not-an?-[a-z-]+|ambiguous-[a-z]+|checksum)"', file.read_text())
    }
    - {"not-a-form"}
)


@pytest.mark.parametrize("code", CODES)
def test_every_problem_a_parser_finds_has_words(code):
    assert problem_words(code) != code


@pytest.mark.parametrize("rule", sorted({r.word for r in rules.Rule.__subclasses__()}))
def test_every_rule_has_words_that_name_its_fields(rule):
    words = problem_words(f"{rule}:debut,fin")

    assert not words.startswith(rule + ":")
    assert "fin" in words


def test_an_unknown_code_is_shown_as_it_is():
    assert problem_words("something-new") == "something-new"
    assert problem_words("new:a,b") == "new:a, b"


def test_words_are_in_the_language_that_is_spoken():
    with speaking("fr"):
        assert problem_words("missing") != "nothing is written"
        assert "debut" in problem_words("dates:debut,fin")
