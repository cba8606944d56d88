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
from rpa.ocr.adapters.traces import is_crossed, page_ink, trace_in
from rpa.ocr.api import Grey
from rpa.ocr.drawn import ringed_value, signature_value, stamp_value, tick_values

STAMPED: Final = 2.0
"""Points by which a stamp must reach into a field."""


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
    """Return the names of the written fields that a stamp or a signature runs across."""
    added = [page_ink(p.pixels, b.pixels) for p, b in zip(pages, blanks, strict=False)]
    stamps, large = [ink.stamps() for ink in added], [ink.large() for ink in added]
    names = set()
    for field in fields:
        number = field.page - 1
        if field.kind in DRAWN:
            continue
        page, blank = pages[number].pixels, blanks[number].pixels
        if any(_overlap(field.zone, stamp) for stamp in stamps[number]) or (
            any(
                _overlap(field.zone, part) for part in large[number] if _is_beyond(part, field.zone)
            )
            and is_crossed(page, blank, field.zone)
        ):
            names.add(field.name)
    return names


def _is_beyond(part: Box, zone: Box) -> bool:
    return part.y0 < zone.y0 - STAMPED or part.y1 > zone.y1 + STAMPED


def _overlap(zone: Box, stamp: Box) -> bool:
    across = min(zone.x1, stamp.x1) - max(zone.x0, stamp.x0)
    return across > STAMPED and min(zone.y1, stamp.y1) - max(zone.y0, stamp.y0) > STAMPED


def _others(field: FieldDefinition, fields: Sequence[FieldDefinition]) -> list[Box]:
    return [other.zone for other in fields if other.page == field.page and other != field]
