"""What a person is asked about a reading, and the rules between fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from rpa.domain.form import FormDefinition, OneOfRule, SumRule
from rpa.domain.reading import Reading


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: a field and what is wrong with its reading."""

    field: str
    problem: str


def questions_of(reading: Reading) -> tuple[Asked, ...]:
    """Return what must be asked: each field with a problem, then each rule that does not hold."""
    fields = [Asked(f.name, problem) for f in reading.fields for problem in f.problems[:1]]
    named = {asked.field for asked in fields}
    rules = [
        Asked(name, rule)
        for rule in reading.rules_broken
        for name in rule.partition(":")[2].split(",")
        if name not in named
    ]
    return (*fields, *rules)


def broken_rules(form: FormDefinition, values: Mapping[str, str]) -> list[str]:
    """Return the rules of ``form`` that ``values`` break: ``sum:total``, ``one-of:a,b``."""
    sums = [f"sum:{rule.total}" for rule in form.sums if not _adds_up(rule, form, values)]
    groups = [
        f"one-of:{','.join(rule.one_of)}" for rule in form.groups if not _one_of(rule, values)
    ]
    return sums + groups


def _adds_up(rule: SumRule, form: FormDefinition, values: Mapping[str, str]) -> bool:
    table = next(table for table in form.tables if table.name == rule.table)
    cells = [f"{rule.table}.{row}.{rule.column}" for row in range(1, table.rows + 1)]
    try:
        parts = sum((Decimal(values[cell]) for cell in cells if cell in values), Decimal(0))
        return parts == Decimal(values.get(rule.total, "0"))
    except InvalidOperation:
        return False


def _one_of(rule: OneOfRule, values: Mapping[str, str]) -> bool:
    return sum(values.get(name) == "true" for name in rule.one_of) == 1
