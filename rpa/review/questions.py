"""What a person is asked about a reading, and the rules between fields."""

from collections.abc import Mapping
from dataclasses import dataclass

from rpa.domain.form import FormDefinition
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
    return [rule.code for rule in form.rules() if not rule.holds(values)]
