"""Values that a PDF holds as data: its form fields, and its own text inside the zones."""

from collections.abc import Collection, Mapping, Sequence
from statistics import mean
from typing import Final

from rpa.domain.form import FieldDefinition, FormDefinition
from rpa.domain.kinds import DRAWN, UNTOLD
from rpa.domain.pages import DocumentPages, TextWord
from rpa.domain.reading import FieldValue, Method
from rpa.ocr.verdict import absent, native

SAME_PRINT: Final = 0.8
"""Share of the blank's words that a page must have in their places to be that blank, filled."""
TOLERANCE: Final = 2.0
"""Points by which a printed word may lie off."""
NAMES_KNOWN: Final = 0.6
AND: Final = " + "
"""Between the names of PDF form fields that hold a value's parts."""


def acroform_names(field: FieldDefinition, known: Collection[str]) -> list[str]:
    """Return the PDF form fields that hold a value: one, or the parts it is cut up into."""
    name = field.acroform or field.name
    return [name] if name in known else name.split(AND)


def acroform_share(document: DocumentPages, form: FormDefinition) -> float:
    """Return the share of the form's fields that the document has as PDF form fields."""
    held = {name for name, _value in document.acroform}
    if not held:
        return 0.0
    fields = [field for field in form.all_fields() if field.kind not in UNTOLD] or form.all_fields()
    return mean(held.issuperset(acroform_names(field, held)) for field in fields)


def from_acroform(document: DocumentPages, form: FormDefinition) -> tuple[FieldValue, ...] | None:
    """Return the values of the document's form fields; None where it does not hold this form.

    A form field that is not there is a field left empty; a signature may then be drawn on the page.
    """
    if acroform_share(document, form) < NAMES_KNOWN:
        return None
    values = dict(document.acroform)
    if not any(value.strip() for value in values.values()):
        return None
    return tuple(
        native(field, _held(field, values), Method.ACROFORM) for field in form.all_fields()
    )


def from_text_layer(
    document: DocumentPages, form: FormDefinition, blank: Sequence[Sequence[TextWord]]
) -> tuple[FieldValue, ...] | None:
    """Return the values typed into the zones; None where the text is not this blank's, filled.

    What is drawn has no text, so a form that has any is read from pixels.
    """
    fields = form.all_fields()
    if any(field.kind in DRAWN for field in fields):
        return None
    if len(document.words) < form.pages or len(blank) < form.pages:
        return None
    pages = range(form.pages)
    if not all(_is_filled_blank(document.words[page], blank[page]) for page in pages):
        return None
    added = [_added(document.words[page], blank[page]) for page in pages]
    if not any(added):
        return None
    return tuple(typed(field, added[field.page - 1]) for field in fields)


def _held(field: FieldDefinition, values: Mapping[str, str]) -> str:
    parts = (values.get(name, "") for name in acroform_names(field, values.keys()))
    return ("" if field.cells else " ").join(part for part in parts if part.strip())


def _is_filled_blank(words: Sequence[TextWord], printed: Sequence[TextWord]) -> bool:
    return bool(printed) and mean(_is_in(word, words) for word in printed) >= SAME_PRINT


def _added(words: Sequence[TextWord], printed: Sequence[TextWord]) -> list[TextWord]:
    return [word for word in words if not _is_in(word, printed)]


def _is_in(word: TextWord, words: Sequence[TextWord]) -> bool:
    return any(
        other.text == word.text
        and abs(other.x0 - word.x0) <= TOLERANCE
        and abs(other.y0 - word.y0) <= TOLERANCE
        for other in words
    )


def typed(field: FieldDefinition, words: Sequence[TextWord]) -> FieldValue:
    """Return the value of the words that stand in the field's zone (points)."""
    inside = [
        word for word in words if field.zone.holds((word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2)
    ]
    if not inside:
        return absent(field, Method.TEXT_LAYER)
    inside.sort(key=lambda word: (round(word.y0 / 6), word.x0))
    return native(field, " ".join(word.text for word in inside), Method.TEXT_LAYER)
