"""Declared choices and patterns: the value that a reading must be, if only one can be meant."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rpa.domain.form import FieldDefinition
from rpa.domain.identity import LIGATURES
from rpa.domain.kinds import UNTOLD
from rpa.ocr.diacritics import without_accents
from rpa.ocr.distance import distance as distance  # noqa: PLC0414 - asked for here
from rpa.ocr.parsing.lookalikes import as_digits, exchanged, shape
from rpa.ocr.parsing.parsed import Change, Parsed, changes_between, folded

MOST_WRONG = 0.25
"""Share of a choice's letters that may be misread."""


def plain(text: str) -> str:
    """Return the letters of ``text`` without accents, ligatures, case and doubled blanks."""
    return without_accents(folded(text).translate(LIGATURES).casefold())


def matched(parsed: Parsed, field: FieldDefinition, *, from_pixels: bool) -> Parsed:
    """Return the reading held against the field's choices and pattern."""
    if parsed.value is None:
        return parsed
    if field.kind in UNTOLD:
        is_missed = field.required and parsed.value == "false"
        return Parsed("false", f"no-{field.kind}") if is_missed else parsed
    if field.choices:
        return _chosen(parsed.value, field.choices, from_pixels=from_pixels)
    if field.pattern and not re.fullmatch(field.pattern, parsed.value):
        return _fitted(parsed, field.pattern, from_pixels=from_pixels)
    return parsed


def _chosen(text: str, choices: Sequence[str], *, from_pixels: bool) -> Parsed:
    alike = [c for c in choices if from_pixels and shape(plain(text)) == shape(plain(c))]
    if len(alike) == 1:
        changes = changes_between(plain(text), plain(alike[0]))
        return Parsed(alike[0], changes=changes, is_proven=not changes)
    ranked = sorted((distance(plain(text), plain(choice)), choice) for choice in choices)
    best, choice = ranked[0]
    runner_up = ranked[1][0] if len(ranked) > 1 else len(text) + 1
    allowed = MOST_WRONG * len(choice) if from_pixels else 0
    if best > allowed or runner_up <= 2 * best:
        return Parsed(None, "not-a-choice")
    changes = changes_between(plain(text), plain(choice))
    return Parsed(choice, changes=changes, is_proven=best == 0)


def _fitted(parsed: Parsed, pattern: str, *, from_pixels: bool) -> Parsed:
    if from_pixels and parsed.value is not None:
        fixed, changes = as_digits(parsed.value.replace(" ", ""))
        if not re.fullmatch(pattern, fixed):
            fixed, changes = _exchanged(parsed.value, pattern)
        if re.fullmatch(pattern, fixed):
            return replace(parsed, value=fixed, changes=parsed.changes + changes)
    return Parsed(None, "pattern")


def _exchanged(value: str, pattern: str) -> tuple[str, tuple[Change, ...]]:
    """Return the one text that look-alikes make fit the pattern; else the value as it is."""
    signs = value.replace(" ", "")
    meant = exchanged(signs, lambda text: re.fullmatch(pattern, text) is not None)
    return (meant, changes_between(signs, meant)) if meant else (value, ())
