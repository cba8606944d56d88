"""A form: what it asks, and where on its blank the answers stand (``form.yaml``)."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual, Value

Confidence = Annotated[float, Field(ge=0, le=1)]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[0-9]+\.[a-z][a-z0-9_]*)?$")]


class FieldKind(StrEnum):
    """What kind of value a field holds; each kind has a parser, checks and a canonical text.

    ========== ======================================================
    kind        canonical text of a value
    ========== ======================================================
    text        white space folded, apostrophes straight
    name        the same
    date        ISO 8601, ``2026-11-24``
    integer     decimal digits
    amount      dollars with a point, ``1234.50``
    postal-code ``G1R 4S9``
    phone       E.164, ``+14186431234``
    sin         nine digits (numéro d'assurance sociale), Luhn-checked
    email       as written, domain in lower case
    checkbox    ``true`` or ``false``
    ========== ======================================================
    """

    TEXT = "text"
    NAME = "name"
    DATE = "date"
    INTEGER = "integer"
    AMOUNT = "amount"
    POSTAL_CODE = "postal-code"
    PHONE = "phone"
    SIN = "sin"
    EMAIL = "email"
    CHECKBOX = "checkbox"


class FieldDefinition(Value):
    """One value to find on the form."""

    name: FieldName
    label: Bilingual
    kind: FieldKind = FieldKind.TEXT
    page: Annotated[int, Field(ge=1)] = 1
    zone: Box
    """Where the answer stands on the blank, in PDF points from the page's top left."""
    required: bool = True
    key: bool = False
    """True where the field's value is part of the filing key."""
    threshold: Confidence = 0.80
    """Below this confidence a person is asked."""
    acroform: str | None = None
    """Name of the PDF form field that holds the value; the field's own name if not said."""
    choices: tuple[str, ...] = ()
    """The only values allowed, if any are listed."""
    pattern: str | None = None
    """A regular expression that the whole canonical text must match."""


class TableDefinition(Value):
    """A table of answers: each cell becomes the field ``table.row.column``, rows from 1.

    An empty row is no error; a partly filled row is.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Bilingual
    page: Annotated[int, Field(ge=1)] = 1
    rows: Annotated[int, Field(ge=1, le=200)]
    first_row_y: float
    """Top of the first row on the blank, in PDF points."""
    row_height: Annotated[float, Field(gt=0)]
    columns: tuple["ColumnDefinition", ...]
    acroform: str = "{table}.{row}.{column}"
    """How the PDF form fields of the cells are named."""

    def fields(self) -> Iterator[FieldDefinition]:
        """Yield the field of every cell, row by row; none is required by itself."""
        for row in range(1, self.rows + 1):
            top = self.first_row_y + (row - 1) * self.row_height
            for column in self.columns:
                yield FieldDefinition(
                    name=f"{self.name}.{row}.{column.name}",
                    label=column.label,
                    kind=column.kind,
                    page=self.page,
                    zone=Box(x0=column.x0, y0=top, x1=column.x1, y1=top + self.row_height),
                    required=False,
                    threshold=column.threshold,
                    acroform=self.acroform.format(table=self.name, row=row, column=column.name),
                )


class ColumnDefinition(Value):
    """One column of a table."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Bilingual
    kind: FieldKind = FieldKind.TEXT
    x0: float
    x1: float
    threshold: Confidence = 0.80


class SumRule(Value):
    """The amounts of a table's column add up to a field."""

    total: FieldName
    table: str
    column: str


class OneOfRule(Value):
    """Exactly one of these check boxes is ticked."""

    one_of: Annotated[tuple[FieldName, ...], Field(min_length=2)]


class FormDefinition(Value):
    """A form's ``form.yaml``: how it is known, and what it asks."""

    title: str
    """Words of the title as printed on the blank; looked for to know the form."""
    barcode: str | None = None
    """Text of a barcode printed on the form, if it has one."""
    pages: Annotated[int, Field(ge=1)] = 1
    fields: tuple[FieldDefinition, ...]
    tables: tuple[TableDefinition, ...] = ()
    sums: tuple[SumRule, ...] = ()
    groups: tuple[OneOfRule, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        names = [field.name for field in self.all_fields()]
        twice = {name for name in names if names.count(name) > 1}
        rules = {rule.total for rule in self.sums}.union(*(set(g.one_of) for g in self.groups))
        cells = {(t.name, c.name) for t in self.tables for c in t.columns}
        lost = {f"{r.table}.{r.column}" for r in self.sums if (r.table, r.column) not in cells}
        wrong = sorted(twice | (rules - set(names)) | lost)
        if wrong:
            msg = f"field named twice, or named by a rule and not declared: {', '.join(wrong)}"
            raise ValueError(msg)
        return self

    def all_fields(self) -> tuple[FieldDefinition, ...]:
        """Return the declared fields and those of the tables' cells."""
        return (*self.fields, *(f for table in self.tables for f in table.fields()))

    def field(self, name: str) -> FieldDefinition:
        """Return the field called ``name``; ``KeyError`` if there is none."""
        return next(f for f in self.all_fields() if f.name == name)
