"""Which form a document is: by its barcode, its form fields, or the picture of its blank."""

from collections.abc import Iterator, Sequence
from typing import Final

from rpa.domain.form import FormDefinition
from rpa.domain.geometry import Box
from rpa.domain.pages import DocumentPages, PageImage, TextWord
from rpa.ocr.adapters.alignment import patch_likeness
from rpa.ocr.adapters.barcodes import barcodes_on
from rpa.ocr.adapters.blanks import POINT, BlankPage, blank_pages
from rpa.ocr.adapters.pages import LaidPage, clean_page, laid_on
from rpa.ocr.api import Identification, KnownForm, Layout, OcrEngine
from rpa.ocr.choices import distance, plain

LOOKED_AT: Final = 3
"""A form starts on one of the first pages; what is before it is a cover sheet."""
SAME_FIELDS: Final = 0.8
LEAST_INLIERS: Final = 60
LEAST_AGREEMENT: Final = 0.6
TITLE_ALIKE: Final = 0.8
"""Sister forms with the same letterhead come to 0.6, the form itself to 0.99 on a noisy fax."""
TITLE_MARGIN: Final = 3.0
TITLE_MISREAD: Final = 0.2
"""Share of a title's letters that may be misread."""


def identified(
    document: DocumentPages, forms: Sequence[KnownForm], engine: OcrEngine
) -> Identification | None:
    """Say which of ``forms`` the document is, or None if it is surely none of them or unsure."""
    known = _by_fields(document, forms)
    if known is not None:
        return Identification(known.process, "acroform")
    for page in document.images[:LOOKED_AT]:
        known = _by_barcode(page, forms)
        if known is not None:
            return Identification(known.process, "barcode")
        told = _by_picture(page, forms, engine)
        if told is not None:
            return told
    return None


def title_box(words: Sequence[TextWord], title: str) -> Box | None:
    """Return where the title stands among a page's words (their unit), or None."""
    wanted, length = plain(title), len(title.split())
    for start in range(len(words) - length + 1):
        run = words[start : start + length]
        if plain(" ".join(word.text for word in run)) == wanted:
            return Box(
                x0=min(word.x0 for word in run),
                y0=min(word.y0 for word in run),
                x1=max(word.x1 for word in run),
                y1=max(word.y1 for word in run),
            )
    return None


def has_title(text: str, title: str) -> bool:
    """Say whether ``text``, as read from a page, holds the title, a few letters misread or not."""
    words, wanted = plain(text).split(), plain(title)
    length = len(wanted.split())
    allowed = TITLE_MISREAD * len(wanted)
    return any(
        distance(" ".join(words[start : start + length]), wanted) <= allowed
        for start in range(max(1, len(words) - length + 1))
    )


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
    named = {field.acroform or field.name for field in form.all_fields()}
    return len(held & named) / len(held | named)


def _by_barcode(page: PageImage, forms: Sequence[KnownForm]) -> KnownForm | None:
    declared = {known.form.barcode: known for known in forms if known.form.barcode}
    if not declared:
        return None
    found = [text for text in barcodes_on(page) if text in declared]
    return declared[found[0]] if len(found) == 1 else None


def _by_picture(
    page: PageImage, forms: Sequence[KnownForm], engine: OcrEngine
) -> Identification | None:
    alike = sorted(_lying(page, forms), key=lambda pair: pair[1].alignment.inliers, reverse=True)
    for known, lying in alike:
        blank = blank_pages(known.blank)[0]
        box = title_box(blank.words, known.form.title)
        if box is not None and _shows(page, blank, lying, box):
            return Identification(known.process, "picture")
        if box is None and has_title(_top_text(lying, engine), known.form.title):
            return Identification(known.process, "title")
    return None


def _lying(page: PageImage, forms: Sequence[KnownForm]) -> Iterator[tuple[KnownForm, LaidPage]]:
    for known in forms:
        lying = laid_on(page, blank_pages(known.blank)[0])
        if (
            lying is not None
            and lying.alignment.inliers >= LEAST_INLIERS
            and lying.alignment.agreement >= LEAST_AGREEMENT
        ):
            yield known, lying


def _shows(page: PageImage, blank: BlankPage, lying: LaidPage, title: Box) -> bool:
    wide = Box(
        x0=max(0.0, title.x0 - TITLE_MARGIN),
        y0=max(0.0, title.y0 - TITLE_MARGIN),
        x1=title.x1 + TITLE_MARGIN,
        y1=title.y1 + TITLE_MARGIN,
    )
    sketch = clean_page(page).sketch
    alike = patch_likeness(sketch, blank.sketch, lying.alignment, wide.scaled(POINT))
    return alike >= TITLE_ALIKE


def _top_text(lying: LaidPage, engine: OcrEngine) -> str:
    top = lying.pixels[: lying.pixels.shape[0] // 3]
    (words,) = engine.recognize([top], layout=Layout.BLOCK)
    return " ".join(word.text for word in words)
