"""Rules between the fields of a form: sums, groups of tick boxes, rows half filled."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from rpa.domain.form import FieldKind, FormDefinition, SumRule
from rpa.domain.reading import FieldValue

PROVEN_BY_SUM: Final = 0.97
"""Confidence of amounts that add up: a misread one would break the sum."""


def settled(
    form: FormDefinition, fields: Sequence[FieldValue]
) -> tuple[tuple[FieldValue, ...], tuple[str, ...]]:
    """Return the fields with what the rules say of them, and the rules that do not hold."""
    by_name = {field.name: field for field in fields}
    broken = [*_half_filled(form, by_name)]
    for rule in form.sums:
        if _adds_up(form, rule, by_name):
            _prove(form, rule, by_name)
        else:
            broken.append(f"sum:{rule.total}")
    for group in form.groups:
        ticked = [name for name in group.one_of if by_name[name].value == "true"]
        if len(ticked) != 1:
            broken.append(f"one-of:{','.join(group.one_of)}")
    return tuple(by_name[field.name] for field in fields), tuple(broken)


def _half_filled(form: FormDefinition, by_name: dict[str, FieldValue]) -> Iterator[str]:
    for table in form.tables:
        for row in range(1, table.rows + 1):
            cells = [f"{table.name}.{row}.{c.name}" for c in table.columns]
            boxes = {n for n in cells if by_name[n].kind is FieldKind.CHECKBOX}
            lacking = [n for n in cells if not by_name[n].reading and n not in boxes]
            if not lacking or len(lacking) == len(cells) - len(boxes):
                continue
            yield f"row:{table.name}.{row}"
            for name in lacking:
                cell = by_name[name]
                by_name[name] = cell.model_copy(update={"problems": (*cell.problems, "missing")})


def _summed(form: FormDefinition, rule: SumRule) -> list[str]:
    table = next(table for table in form.tables if table.name == rule.table)
    return [f"{table.name}.{row}.{rule.column}" for row in range(1, table.rows + 1)]


def _adds_up(form: FormDefinition, rule: SumRule, by_name: dict[str, FieldValue]) -> bool:
    cells = [by_name[name] for name in _summed(form, rule)]
    total = by_name[rule.total].value
    if total is None or any(cell.reading and cell.value is None for cell in cells):
        return False
    return sum(Decimal(cell.value) for cell in cells if cell.value) == Decimal(total)


def _prove(form: FormDefinition, rule: SumRule, by_name: dict[str, FieldValue]) -> None:
    for name in (*_summed(form, rule), rule.total):
        field = by_name[name]
        if field.value is None or field.confidence >= PROVEN_BY_SUM:
            continue
        problems = tuple(p for p in field.problems if p != "low-confidence")
        update = {"confidence": PROVEN_BY_SUM, "problems": problems}
        by_name[name] = field.model_copy(update=update)
