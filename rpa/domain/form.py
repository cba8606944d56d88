"""A form: what it asks, and where on its blank the answers stand (``form.yaml``)."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from rpa.domain.geometry import Box
from rpa.domain.kinds import FieldKind, MarkPlace, Writing
from rpa.domain.model import Bilingual, Value
from rpa.domain.rules import FieldName, FormRules, OneOfRule, Rule, SumRule

__all__ = [
    "ColumnDefinition",
    "Confidence",
    "FieldDefinition",
    "FieldKind",
    "FieldName",
    "FormDefinition",
    "OneOfRule",
    "SumRule",
    "TableDefinition",
]

Confidence = Annotated[float, Field(ge=0, le=1)]


class FieldDefinition(Writing):
    """One value to find on the form, and how it is written there."""

    name: FieldName
    label: Bilingual
    kind: FieldKind = FieldKind.TEXT
    page: Annotated[int, Field(ge=1)] = 1
    zone: Box
    """Where the answer stands on the blank, in PDF points from the page's top left."""
    required: bool = True
    """Of a signature or a stamp: it must be there. A check box may always be left empty."""
    key: bool = False
    """True where the field's value is part of the filing key."""
    threshold: Confidence | None = None
    """Below this probability of being right a person is asked; else as the form's promise says."""
    cells: Annotated[int, Field(ge=0, le=200)] = 0
    """Into how many boxes for one letter each the zone is divided (a comb); 0 where it is not."""
    acroform: str | None = None
    """Name of the PDF form field that holds the value; the field's own name if not said. Where the
    value is cut up into several, their names in its order, joined by `` + ``."""
    choices: tuple[str, ...] = ()
    """The only values allowed, if any are listed."""
    mark: MarkPlace = MarkPlace.INSIDE
    """Where a check box is ticked: in the box, or around a printed word."""
    pattern: str | None = None
    """A regular expression that the whole canonical text must match."""
    sensitive: bool = False
    """True where the value must not be seen in a bot's evidence, pictures included."""


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
                    sensitive=column.sensitive,
                    acroform=self.acroform.format(table=self.name, row=row, column=column.name),
                    order=column.order,
                    pivot=column.pivot,
                    decimal=column.decimal,
                    country=column.country,
                )


class ColumnDefinition(Writing):
    """One column of a table, and how its values are written."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Bilingual
    kind: FieldKind = FieldKind.TEXT
    x0: float
    x1: float
    threshold: Confidence | None = None
    sensitive: bool = False


class FormDefinition(FormRules):
    """A form's ``form.yaml``: how it is known, and what it asks."""

    title: str
    """Words of the title as printed on the blank; looked for to know the form."""
    barcode: str | None = None
    """Text of a barcode printed on the form, if it has one."""
    pages: Annotated[int, Field(ge=1)] = 1
    fields: tuple[FieldDefinition, ...]
    tables: tuple[TableDefinition, ...] = ()
    promise: Annotated[float, Field(gt=0, le=0.2)] = 0.005
    """The share of values accepted without a person that may be wrong: one in two hundred."""

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        names = [field.name for field in self.all_fields()]
        twice = {name for name in names if names.count(name) > 1}
        cells = {(t.name, c.name) for t in self.tables for c in t.columns}
        lost = {".".join(place) for place in self.columns() if place not in cells}
        kinds = {field.name: field.kind for field in self.all_fields()}
        involved = [pair for rule in self.rules() for pair in rule.involved()] if not lost else []
        wrong = sorted(twice | lost | {name for name, _kinds in involved if name not in kinds})
        if wrong:
            msg = f"field named twice, or named by a rule and not declared: {', '.join(wrong)}"
            raise ValueError(msg)
        misfits = sorted({name for name, allowed in involved if kinds[name] not in allowed})
        if misfits:
            msg = f"field of a kind that its rule cannot compare: {', '.join(misfits)}"
            raise ValueError(msg)
        return self

    def rules(self) -> tuple[Rule, ...]:
        """Return every rule between fields, those on tables row by row."""
        return tuple(self.over({table.name: table.rows for table in self.tables}))

    def all_fields(self) -> tuple[FieldDefinition, ...]:
        """Return the declared fields and those of the tables' cells."""
        return (*self.fields, *(f for table in self.tables for f in table.fields()))

    def field(self, name: str) -> FieldDefinition:
        """Return the field called ``name``; ``KeyError`` if there is none."""
        return next(f for f in self.all_fields() if f.name == name)
