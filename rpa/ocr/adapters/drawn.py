"""The fields of a form that are drawn and not written, measured on laid pages."""

from collections.abc import Sequence

from rpa.domain.form import FieldDefinition, FieldKind
from rpa.domain.geometry import Box
from rpa.domain.kinds import MarkPlace
from rpa.domain.reading import FieldValue
from rpa.ocr.adapters.blanks import BlankPage
from rpa.ocr.adapters.marks import drawing_in, loop_around
from rpa.ocr.adapters.pages import LaidPage
from rpa.ocr.api import Grey
from rpa.ocr.drawn import ringed_value, tick_values


def drawn_values(
    fields: Sequence[FieldDefinition], pages: Sequence[LaidPage], blanks: Sequence[BlankPage]
) -> dict[str, FieldValue]:
    """Return the values of the fields of kinds that are drawn, by name."""

    def laid(field: FieldDefinition) -> tuple[Grey, Grey]:
        number = field.page - 1
        return pages[number].pixels, blanks[number].pixels

    ticks = [field for field in fields if field.kind is FieldKind.CHECKBOX]
    boxes = [field for field in ticks if field.mark is MarkPlace.INSIDE]
    words = [field for field in ticks if field.mark is MarkPlace.AROUND]
    seen = [drawing_in(*laid(field), field.zone, _others(field, fields)) for field in boxes]
    values = tick_values(boxes, seen)
    values += [ringed_value(field, loop_around(*laid(field), field.zone)) for field in words]
    return {value.name: value for value in values}


def _others(field: FieldDefinition, fields: Sequence[FieldDefinition]) -> list[Box]:
    return [other.zone for other in fields if other.page == field.page and other != field]
