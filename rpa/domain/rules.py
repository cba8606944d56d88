"""Rules between the fields of a form: declared in ``form.yaml``, told by a stable code.

A rule looks at canonical values only and never at how they were got, so that a reading and a
person's answers are held to the same rules.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from rpa.domain.identity import letters_of
from rpa.domain.kinds import DRAWN, FieldKind
from rpa.domain.model import Value
from rpa.domain.provinces import province_of_postal_code, province_of_text

FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[0-9]+\.[a-z][a-z0-9_]*)?$")]
FieldNames = Annotated[tuple[FieldName, ...], Field(min_length=2)]
Values = Mapping[str, str]
Kinds = frozenset[FieldKind]

NUMBERS: Kinds = frozenset(
    (FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.PERCENT, FieldKind.AMOUNT)
)
BOXES: Kinds = DRAWN
DATES: Kinds = frozenset((FieldKind.DATE,))
ANY: Kinds = frozenset(FieldKind)
HALF_A_CENT = Decimal("0.005")


class Rule(Value):
    """What all rules have in common; each says in its own way what its fields must be."""

    word: ClassVar[str]
    """What the rule's code starts with."""
    needs_all: ClassVar[bool] = False
    """True where a field that could not be read breaks the rule."""
    proves: ClassVar[bool] = False
    """True where a rule that holds bears its fields' values out: a misread one would break it."""

    def involved(self) -> tuple[tuple[str, Kinds], ...]:
        """Return the fields the rule looks at, each with the kinds it may have."""
        return self._involved()

    def names(self) -> tuple[str, ...]:
        """Return the names of the fields the rule looks at."""
        return tuple(name for name, _kinds in self._involved())

    def holds(self, values: Values) -> bool:
        """Say whether ``values`` keep the rule; a field without a value is left empty."""
        return self._keeps(values)

    def bears_out(self, values: Values) -> tuple[str, ...]:
        """Return the fields whose values the rule bears out, where it holds."""
        return self._borne_out(values) if self.proves else ()

    def lacking(self, values: Values) -> tuple[str, ...]:
        """Return the fields that the rule wants filled and that are empty."""
        return self._lacks(values)

    @property
    def code(self) -> str:
        """What the rule is called where it does not hold: ``sum:total``, ``one-of:a,b``."""
        return f"{self.word}:{','.join(self._asked())}"

    def _involved(self) -> tuple[tuple[str, Kinds], ...]:
        raise NotImplementedError

    def _keeps(self, values: Values) -> bool:
        raise NotImplementedError

    def _asked(self) -> tuple[str, ...]:
        return self.names()

    def _borne_out(self, values: Values) -> tuple[str, ...]:
        filled = tuple(name for name in self.names() if name in values)
        return filled if len(filled) > 1 else ()

    def _lacks(self, values: Values) -> tuple[str, ...]:  # noqa: ARG002 - most rules lack nothing
        return ()


class SumRule(Rule):
    """Numbers add up to a field: those of a table's column, or those of ``parts``.

    What stands in ``less`` is taken off.
    """

    word = "sum"
    needs_all = True
    proves = True

    total: FieldName
    table: str | None = None
    column: str | None = None
    parts: tuple[FieldName, ...] = ()
    less: tuple[FieldName, ...] = ()

    @model_validator(mode="after")
    def _says_what_is_summed(self) -> Self:
        if (self.table is None) != (self.column is None) or (self.table is None) != bool(
            self.parts
        ):
            msg = f"the sum {self.total} needs a table and its column, or parts"
            raise ValueError(msg)
        return self

    def _involved(self) -> tuple[tuple[str, Kinds], ...]:
        return tuple((name, NUMBERS) for name in (*self.parts, *self.less, self.total))

    def _asked(self) -> tuple[str, ...]:
        return (self.total,)

    def _keeps(self, values: Values) -> bool:
        try:
            total = Decimal(values.get(self.total, "0"))
            added = sum((Decimal(values.get(name, "0")) for name in self.parts), Decimal(0))
            return added - sum(Decimal(values.get(name, "0")) for name in self.less) == total
        except InvalidOperation:
            return False


class ProductRule(Rule):
    """Factors multiply to a field, to the cent; with ``table``, in each of its rows."""

    word = "product"
    needs_all = True
    proves = True

    product: FieldName
    factors: FieldNames
    table: str | None = None

    def _involved(self) -> tuple[tuple[str, Kinds], ...]:
        return tuple((name, NUMBERS) for name in (*self.factors, self.product))

    def _asked(self) -> tuple[str, ...]:
        return (self.product,)

    def _keeps(self, values: Values) -> bool:
        filled = [name in values for name in self.names()]
        if not all(filled):
            return not any(filled[:-1]) or not filled[-1]
        try:
            multiplied = Decimal(1)
            for factor in self.factors:
                multiplied *= Decimal(values[factor])
            return abs(multiplied - Decimal(values[self.product])) <= HALF_A_CENT
        except InvalidOperation:
            return False

    def _borne_out(self, values: Values) -> tuple[str, ...]:
        return self.names() if all(name in values for name in self.names()) else ()


class OneOfRule(Rule):
    """Exactly one of these check boxes is ticked."""

    word = "one-of"
    one_of: FieldNames

    def _involved(self) -> tuple[tuple[str, Kinds], ...]:
        return tuple((name, BOXES) for name in self.one_of)

    def _keeps(self, values: Values) -> bool:
        return _ticked(self.one_of, values) == 1


class AtMostOneRule(Rule):
    """None or one of these check boxes is ticked."""

    word = "at-most-one"
    at_most_one: FieldNames

    def _involved(self) -> tuple[tuple[str, Kinds], ...]:
        return tuple((name, BOXES) for name in self.at_most_one)

    def _keeps(self, values: Values) -> bool:
        return _ticked(self.at_most_one, values) <= 1


class AtLeastOneRule(Rule):
    """One or more of these check boxes are ticked."""

    word = "at-least-one"
    at_least_one: FieldNames

    def _involved(self) -> tuple[tuple[str, Kinds], ...]:
        return tuple((name, BOXES) for name in self.at_least_one)

    def _keeps(self, values: Values) -> bool:
        return _ticked(self.at_least_one, values) >= 1


class DatesRule(Rule):
    """A period does not end before it starts."""

    word = "dates"
    start: FieldName
    end: FieldName

    def _involved(self) -> tuple[tuple[str, Kinds], ...]:
        return ((self.start, DATES), (self.end, DATES))

    def _keeps(self, values: Values) -> bool:
        start, end = values.get(self.start), values.get(self.end)
        return start is None or end is None or start <= end


class TogetherRule(Rule):
    """These fields are filled all, or none of them is."""

    word = "together"
    together: FieldNames

    def _involved(self) -> tuple[tuple[str, Kinds], ...]:
        return tuple((name, ANY) for name in self.together)

    def _keeps(self, values: Values) -> bool:
        return not self._lacks(values)

    def _lacks(self, values: Values) -> tuple[str, ...]:
        empty = tuple(name for name in self.together if not _is_filled(name, values))
        return empty if len(empty) < len(self.together) else ()


class RequiresRule(Rule):
    """Where the check box ``when`` is ticked, the fields are filled."""

    word = "requires"
    when: FieldName
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1)]

    def _involved(self) -> tuple[tuple[str, Kinds], ...]:
        return ((self.when, BOXES), *((name, ANY) for name in self.fields))

    def _keeps(self, values: Values) -> bool:
        return not self._lacks(values)

    def _lacks(self, values: Values) -> tuple[str, ...]:
        if values.get(self.when) != "true":
            return ()
        return tuple(name for name in self.fields if not _is_filled(name, values))


class EqualRule(Rule):
    """These fields hold the same value, as where an address is asked twice."""

    word = "equal"
    proves = True
    equal: FieldNames

    def _involved(self) -> tuple[tuple[str, Kinds], ...]:
        return tuple((name, ANY) for name in self.equal)

    def _keeps(self, values: Values) -> bool:
        return len({values.get(name) for name in self.equal}) == 1


class IdentityRule(Rule):
    """A number made of a person's name and birth date agrees with them.

    The number is a ``nam`` or a ``permanent-code``. A field that is not declared, or is empty, is
    not compared.
    """

    word = "identity"
    proves = True
    number: FieldName
    birth_date: FieldName | None = None
    family_name: FieldName | None = None
    given_name: FieldName | None = None

    def _involved(self) -> tuple[tuple[str, Kinds], ...]:
        numbers = frozenset((FieldKind.NAM, FieldKind.PERMANENT_CODE))
        names = frozenset((FieldKind.NAME, FieldKind.TEXT))
        others = (
            (self.birth_date, DATES),
            (self.family_name, names),
            (self.given_name, names),
        )
        return ((self.number, numbers), *((name, kinds) for name, kinds in others if name))

    def _keeps(self, values: Values) -> bool:
        number = values.get(self.number)
        if number is None:
            return True
        family = values.get(self.family_name or "")
        given = values.get(self.given_name or "")
        return (
            self._has_birth_date(number, values)
            and (family is None or letters_of(family, 3) == number[:3])
            and (given is None or letters_of(given, 1) == number[3])
        )

    def _borne_out(self, values: Values) -> tuple[str, ...]:
        # The number holds the birth date digit by digit.
        if self.birth_date in values and self.number in values:
            return (self.number, self.birth_date or "")
        return ()

    def _has_birth_date(self, number: str, values: Values) -> bool:
        born = values.get(self.birth_date or "")
        if born is None:
            return True
        year, month, day = born[2:4], born[5:7], born[8:10]
        months = (month, str(int(month) + 50)) if month.isdigit() else ()
        return any(number[4:10] in (year + m + day, day + m + year) for m in months)


class ProvinceRule(Rule):
    """A postal code's first letter agrees with the province."""

    word = "province"
    postal_code: FieldName
    province: FieldName

    def _involved(self) -> tuple[tuple[str, Kinds], ...]:
        texts = frozenset((FieldKind.TEXT, FieldKind.NAME))
        return ((self.postal_code, frozenset((FieldKind.POSTAL_CODE,))), (self.province, texts))

    def _keeps(self, values: Values) -> bool:
        said = province_of_text(values.get(self.province, ""))
        allowed = province_of_postal_code(values.get(self.postal_code, ""))
        return said is None or not allowed or said in allowed


class FormRules(Value):
    """The rules that a form declares, by their kind."""

    sums: tuple[SumRule, ...] = ()
    products: tuple[ProductRule, ...] = ()
    groups: tuple[OneOfRule | AtMostOneRule | AtLeastOneRule, ...] = ()
    dates: tuple[DatesRule, ...] = ()
    together: tuple[TogetherRule, ...] = ()
    requires: tuple[RequiresRule, ...] = ()
    equal: tuple[EqualRule, ...] = ()
    identities: tuple[IdentityRule, ...] = ()
    provinces: tuple[ProvinceRule, ...] = ()

    def columns(self) -> Iterator[tuple[str, str]]:
        """Yield every table and column that a rule names."""
        for total in self.sums:
            if total.table is not None and total.column is not None:
                yield total.table, total.column
        for rule in self.products:
            if rule.table is not None:
                yield from ((rule.table, name) for name in rule.names())

    def over(self, rows: Mapping[str, int]) -> Iterator[Rule]:
        """Yield every rule on fields; those on tables row by row, with ``rows`` by table."""
        yield from (_summed(rule, rows) for rule in self.sums)
        for rule in self.products:
            yield from _multiplied(rule, rows)
        for group in (self.groups, self.dates, self.together, self.requires):
            yield from group
        for other in (self.equal, self.identities, self.provinces):
            yield from other


def _summed(rule: SumRule, rows: Mapping[str, int]) -> SumRule:
    if rule.table is None:
        return rule
    numbers = range(1, rows[rule.table] + 1)
    cells = tuple(f"{rule.table}.{row}.{rule.column}" for row in numbers)
    return SumRule(total=rule.total, parts=cells, less=rule.less)


def _multiplied(rule: ProductRule, rows: Mapping[str, int]) -> Iterator[ProductRule]:
    if rule.table is None:
        yield rule
        return
    for row in range(1, rows[rule.table] + 1):
        place = f"{rule.table}.{row}."
        factors = tuple(place + name for name in rule.factors)
        yield ProductRule(product=place + rule.product, factors=factors)


def _ticked(names: tuple[str, ...], values: Values) -> int:
    return sum(values.get(name) == "true" for name in names)


def _is_filled(name: str, values: Values) -> bool:
    return values.get(name, "false") != "false"
