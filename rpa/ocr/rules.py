"""Rules between the fields of a reading: those declared, and rows half filled."""

from collections.abc import Iterator, Sequence
from typing import Final

from rpa.domain.form import FieldKind, FormDefinition
from rpa.domain.kinds import DRAWN
from rpa.domain.reading import FieldValue
from rpa.domain.rules import AtMostOneRule, OneOfRule, Rule
from rpa.ocr.handwriting import HANDWRITTEN

PROVEN_BY_RULE: Final = 0.97
"""Confidence of values that a rule bears out, as amounts that add up: a misread one would break
the sum."""

CORRECTED: Final = "corrected-mark"
SETTLED: Final = frozenset(("low-confidence", HANDWRITTEN))
"""Doubts that a rule settles that bears a value out."""


def settled(
    form: FormDefinition, fields: Sequence[FieldValue]
) -> tuple[tuple[FieldValue, ...], tuple[str, ...]]:
    """Return the fields with what the rules say of them, and the rules that do not hold."""
    by_name = {field.name: field for field in fields}
    broken = [*_half_filled(form, by_name)]
    values = {field.name: field.value for field in fields if field.value is not None}
    unread = {field.name for field in fields if field.reading and field.value is None}
    for rule in form.rules():
        cannot_tell = not unread.isdisjoint(rule.names())
        if cannot_tell and not rule.needs_all:
            continue
        if not cannot_tell and rule.holds(values):
            _prove(rule.bears_out(values), by_name)
            _correct(rule, by_name)
        else:
            broken.append(rule.code)
            _miss(rule, values, by_name)
    return tuple(by_name[field.name] for field in fields), tuple(broken)


def _correct(rule: Rule, by_name: dict[str, FieldValue]) -> None:
    """Believe corrections in a group of boxes where one answer is left, and that one is sure."""
    if not isinstance(rule, OneOfRule | AtMostOneRule):
        return
    group = [by_name[name] for name in rule.names()]
    if [field.problems for field in group if field.value == "true"] != [()]:
        return
    for field in group:
        if field.problems[:1] == (CORRECTED,):
            by_name[field.name] = field.model_copy(update={"problems": field.problems[1:]})


def _half_filled(form: FormDefinition, by_name: dict[str, FieldValue]) -> Iterator[str]:
    for table in form.tables:
        for row in range(1, table.rows + 1):
            cells = [f"{table.name}.{row}.{c.name}" for c in table.columns]
            boxes = {n for n in cells if by_name[n].kind in DRAWN}
            lacking = [n for n in cells if not by_name[n].reading and n not in boxes]
            if not lacking or len(lacking) == len(cells) - len(boxes):
                continue
            yield f"row:{table.name}.{row}"
            for name in lacking:
                by_name[name] = _missing(by_name[name])


def _miss(rule: Rule, values: dict[str, str], by_name: dict[str, FieldValue]) -> None:
    for name in rule.lacking(values):
        if by_name[name].kind is not FieldKind.CHECKBOX:
            by_name[name] = _missing(by_name[name])


def _missing(field: FieldValue) -> FieldValue:
    if "missing" in field.problems:
        return field
    return field.model_copy(update={"problems": (*field.problems, "missing")})


def _prove(names: Sequence[str], by_name: dict[str, FieldValue]) -> None:
    for name in names:
        field = by_name[name]
        if field.value is None:
            continue
        problems = tuple(p for p in field.problems if p not in SETTLED)
        surer = max(field.confidence, PROVEN_BY_RULE)
        update = {"confidence": surer, "problems": problems}
        by_name[name] = field.model_copy(update=update)
