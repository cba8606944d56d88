"""The fields of a form that are drawn and not written, measured on laid pages."""

from collections.abc import Sequence
from typing import Final

from rpa.domain.form import FieldDefinition, FieldKind
from rpa.domain.geometry import Box
from rpa.domain.kinds import DRAWN, MarkPlace
from rpa.domain.reading import FieldValue
from rpa.ocr.adapters.blanks import BlankPage
from rpa.ocr.adapters.marks import drawing_in, loop_around
from rpa.ocr.adapters.pages import LaidPage
from rpa.ocr.adapters.traces import is_crossed, page_ink, stamps_on, trace_in
from rpa.ocr.api import Grey
from rpa.ocr.drawn import ringed_value, signature_value, stamp_value, tick_values

STAMPED: Final = 2.0
"""Points by which a stamp must reach into a field, or may reach out of one."""
NEAR: Final = 24.0
"""Points around a field in which strange ink makes it worth a closer look."""


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
    for field in fields:
        if field.kind is FieldKind.SIGNATURE:
            trace = trace_in(*laid(field), field.zone, _others(field, fields))
            values.append(signature_value(field, trace))
        elif field.kind is FieldKind.STAMP:
            trace = trace_in(*laid(field), field.zone, _others(field, fields))
            values.append(stamp_value(field, trace))
    return {value.name: value for value in values}


def crossed_fields(
    fields: Sequence[FieldDefinition], pages: Sequence[LaidPage], blanks: Sequence[BlankPage]
) -> set[str]:
    """Return the names of the written fields that a stamp or a signature runs across.

    Only pages with larger strokes that stand in no field, or out of one, are looked at closely.
    """
    names = set()
    for number, (laid, empty) in enumerate(zip(pages, blanks, strict=False), start=1):
        page, blank = laid.pixels, empty.pixels
        here = [field for field in fields if field.page == number]
        strange = _strange(page_ink(page, blank).large(), [field.zone for field in here])
        stamps = stamps_on(page, blank) if strange else []
        for field in here:
            if field.kind in DRAWN:
                continue
            is_near = any(_overlap(field.zone, part, reach=NEAR) for part in strange)
            if any(_overlap(field.zone, stamp) for stamp in stamps) or (
                is_near and is_crossed(page, blank, field.zone)
            ):
                names.add(field.name)
    return names


def _strange(parts: Sequence[Box], zones: Sequence[Box]) -> list[Box]:
    """Return the parts that stand in no field as a whole."""

    def holds(zone: Box, part: Box) -> bool:
        level = zone.y0 - STAMPED <= part.y0 and part.y1 <= zone.y1 + STAMPED
        return level and zone.holds((part.x0 + part.x1) / 2, (part.y0 + part.y1) / 2)

    return [part for part in parts if not any(holds(zone, part) for zone in zones)]


def _overlap(zone: Box, part: Box, *, reach: float = -STAMPED) -> bool:
    """Say whether a part lies on a zone, or so many points around it."""
    across = min(zone.x1, part.x1) - max(zone.x0, part.x0)
    return across > -reach and min(zone.y1, part.y1) - max(zone.y0, part.y0) > -reach


def _others(field: FieldDefinition, fields: Sequence[FieldDefinition]) -> list[Box]:
    return [other.zone for other in fields if other.page == field.page and other != field]
