"""Which form a document is: by its barcode, its form fields, or the picture of its blank."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rpa.domain.form import FormDefinition
from rpa.domain.pages import DocumentPages, PageImage
from rpa.ocr.adapters.alignment import Sketch, aligned, missing_print
from rpa.ocr.adapters.barcodes import barcodes_on
from rpa.ocr.adapters.form_index import Fronts
from rpa.ocr.adapters.pages import clean_page
from rpa.ocr.api import Identification, KnownForm
from rpa.ocr.digital import acroform_names

LOOKED_AT: Final = 3
"""A form starts on one of the first pages; what is before it is a cover sheet."""
SAME_FIELDS: Final = 0.8
LEAST_INLIERS: Final = 60
LEAST_AGREEMENT: Final = 0.6
MOST_MISSING: Final = 0.005
"""Share of a form's print that may be missing on a page that is this form."""


def identified(
    document: DocumentPages, forms: Sequence[KnownForm], fronts: Fronts
) -> Identification | None:
    """Say which of ``forms`` the document is, or None if it is surely none of them or unsure."""
    known = _by_fields(document, forms)
    if known is not None:
        return Identification(known.process, "acroform")
    found = (form_on(page, forms, fronts) for page in document.images[:LOOKED_AT])
    return next((one for one in found if one), None)


def form_on(page: PageImage, forms: Sequence[KnownForm], fronts: Fronts) -> Identification | None:
    """Say which of ``forms`` a page is the first page of, or None."""
    known = _by_barcode(page, forms)
    if known is not None:
        return Identification(known.process, "barcode")
    known = _by_picture(page, forms, fronts)
    return Identification(known.process, "picture") if known is not None else None


def _by_fields(document: DocumentPages, forms: Sequence[KnownForm]) -> KnownForm | None:
    held = {name for name, _value in document.acroform}
    if not held:
        return None
    ranked = sorted(
        ((_alike(held, known.form), place) for place, known in enumerate(forms)), reverse=True
    )
    sure = [forms[place] for alike, place in ranked if alike >= SAME_FIELDS]
    is_tie = len(sure) > 1 and ranked[0][0] == ranked[1][0]
    return sure[0] if sure and not is_tie else None


def _alike(held: set[str], form: FormDefinition) -> float:
    named = {name for field in form.all_fields() for name in acroform_names(field, held)}
    return len(held & named) / len(held | named)


def _by_barcode(page: PageImage, forms: Sequence[KnownForm]) -> KnownForm | None:
    declared = {known.form.barcode: known for known in forms if known.form.barcode}
    if not declared:
        return None
    found = [text for text in barcodes_on(page) if text in declared]
    return declared[found[0]] if len(found) == 1 else None


def _by_picture(page: PageImage, forms: Sequence[KnownForm], fronts: Fronts) -> KnownForm | None:
    """Return the form whose whole print is on the page, and more surely than any other's."""
    sketch = clean_page(page).sketch
    lying = [
        _Lying(forms[place], *_compared(sketch, fronts.sketch(forms[place].blank)))
        for place in fronts.likely(sketch, [known.blank for known in forms])
    ]
    # Where no print tells two forms apart, the one that most points agree with.
    best = min(lying, key=lambda one: (one.missing, -one.inliers), default=None)
    return best.known if best is not None and best.missing <= MOST_MISSING else None


@dataclass(frozen=True, slots=True)
class _Lying:
    """A form that a page may be, and how well it lies on its blank."""

    known: KnownForm
    missing: float
    """Share of the form's print that the page lacks; 1 if it does not lie on it at all."""
    inliers: int


def _compared(page: Sketch, blank: Sketch) -> tuple[float, int]:
    found = aligned(page, blank)
    if found is None or found.inliers < LEAST_INLIERS or found.agreement < LEAST_AGREEMENT:
        return 1.0, 0
    return missing_print(page, blank, found), found.inliers
