"""Proposes a form's fields from its blank: PDF form fields first, else the boxes drawn on it.

Labels are the words that stand left of a place, else above it, as printed forms have them. A person
confirms what is proposed; nothing here is certain.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pdfplumber
import pikepdf
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldDefinition, FieldKind, FormDefinition
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual
from rpa.i18n import _
from rpa.ocr.adapters.signature_lines import signature_places
from rpa.ocr.adapters.widgets import Widget, widgets_of
from rpa.ocr.diacritics import without_accents
from rpa.ocr.hints import kind_of_label

LEAST_WIDTH: Final = 24.0
HEIGHTS: Final = (9.0, 60.0)
"""Boxes of other heights (points) hold no answer of a line or a few."""
NEAR: Final = 14.0
"""So far above a place its label may stand, in points."""
UNDER: Final = 8.0
"""So far under it, where none stands before or above it."""
FAR: Final = 120.0
"""So far before it, where none stands about it: in the first column of a table."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes, in points from the page's top left."""

    page: int
    box: Box
    acroform: str | None
    is_tick: bool
    hint: str = ""
    """What the file itself says the place is for."""
    cells: int = 0
    is_signature: bool = False

    def kind(self, label: str) -> FieldKind:
        """Return the kind of value that goes there, by what it is and what its words say."""
        if self.is_tick:
            return FieldKind.CHECKBOX
        return FieldKind.SIGNATURE if self.is_signature else kind_of_label(label)


def proposed_form(blank: bytes) -> FormDefinition:
    """Return a form whose fields are guessed from ``blank``, in the order they are read.

    Raises:
        DefinitionError: The blank is no readable PDF, or no place for an answer was found on it.
    """
    try:
        with pdfplumber.open(io.BytesIO(blank)) as pdf:
            widgets = widgets_of(blank)
            fields = [field for page in pdf.pages for field in _fields(page, widgets)]
            title, pages = _title(pdf.pages[0]), len(pdf.pages)
    except (
        PdfminerException,
        PDFSyntaxError,
        pikepdf.PdfError,
        IndexError,
        ValueError,
        TypeError,
    ) as error:
        raise DefinitionError(
            _("The blank form is no PDF that can be read."), code="blank-unreadable"
        ) from error
    if not fields:
        raise DefinitionError(
            _("No place for an answer was found on the blank; write form.yaml by hand."),
            code="no-places",
        )
    return FormDefinition(title=title, pages=pages, fields=tuple(with_own_names(fields)))


def fields_of(
    places: Iterable[Place], words: Sequence[Mapping[str, Any]]
) -> Iterator[FieldDefinition]:
    """Yield a field for each place of a page, in the order they are read, named by its words.

    Words are as pdfplumber tells them: ``text``, ``x0``, ``top``, ``x1``, ``bottom``, in points.
    """
    for place in sorted(places, key=lambda one: (round(one.box.y0 / 6), one.box.x0)):
        label = place.hint or _words_for(place, words) or f"champ p{place.page}"
        yield FieldDefinition(
            name=_slug(label),
            label=Bilingual(fr=label, en=label),
            kind=place.kind(label),
            page=place.page,
            zone=place.box,
            required=False,
            acroform=place.acroform,
            cells=place.cells,
        )


def _fields(page: Page, widgets: Sequence[Widget]) -> Iterator[FieldDefinition]:
    words = page.extract_words(keep_blank_chars=False)
    places = list(_widgets(widgets, page.page_number)) or list(_boxes(page))
    lines = signature_places(page, [place.box for place in places])
    places += [
        Place(page.page_number, box, None, is_tick=False, hint=label, is_signature=True)
        for box, label in lines
    ]
    return fields_of(places, words)


def _widgets(widgets: Sequence[Widget], number: int) -> Iterator[Place]:
    for widget in widgets:
        if widget.page == number:
            yield Place(
                number,
                widget.box,
                widget.name or None,
                widget.is_tick,
                widget.hint,
                widget.comb,
                widget.is_signature,
            )


def _boxes(page: Page) -> Iterator[Place]:
    words = page.extract_words()
    taken: list[Box] = []
    for rect in sorted(page.rects, key=lambda one: one["width"] * one["height"]):
        box, (low, high) = _box(rect), HEIGHTS
        middle = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        is_tick = abs(box.width - box.height) < 2 and 6 <= box.width <= 16
        is_line = box.width >= LEAST_WIDTH and low <= box.height <= high
        printed = any(
            box.holds((w["x0"] + w["x1"]) / 2, middle[1]) for w in words if _beside(w, box)
        )
        if (is_tick or is_line) and not printed and not any(t.holds(*middle) for t in taken):
            taken.append(box)
            yield Place(page.page_number, box, None, is_tick)


def _beside(word: Mapping[str, Any], box: Box) -> bool:
    return bool(word["top"] < box.y1 and word["bottom"] > box.y0)


def _box(place: Mapping[str, Any]) -> Box:
    edges = (place["x0"], place["top"], place["x1"], place["bottom"])
    x0, y0, x1, y1 = (round(float(edge), 1) for edge in edges)
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)


def _words_for(place: Place, words: Sequence[Mapping[str, Any]]) -> str:
    """Return the words about a place, else its own name, else words farther off."""
    beside = _tick_label if place.is_tick else _label
    near = beside(place.box, words) or place.acroform
    return near or _told(_before(place.box, words, reach=FAR))


def _label(box: Box, words: Sequence[Mapping[str, Any]]) -> str:
    near = _before(box, words)
    if not near:
        over = [w for w in words if w["x0"] >= box.x0 - NEAR and w["x0"] < box.x1]
        near = [w for w in over if 0 <= box.y0 - w["bottom"] + 2 <= NEAR]
        near = near or [w for w in over if 0 <= w["top"] - box.y1 + 2 <= UNDER]
    return _told(near)


def _tick_label(box: Box, words: Sequence[Mapping[str, Any]]) -> str:
    """Return the words before or after a tick box, whichever are nearer; else as of any place."""
    before, after = _before(box, words), _after(box, words)
    if not before or not after:
        return _told(before or after) or _label(box, words)
    nearer = after if after[0]["x0"] - box.x1 <= box.x0 - before[-1]["x1"] else before
    return _told(nearer)


def _before(
    box: Box, words: Sequence[Mapping[str, Any]], *, reach: float = NEAR
) -> list[Mapping[str, Any]]:
    """Return the words before a place, the last of them at most ``reach`` away."""
    near: list[Mapping[str, Any]] = []
    edge = box.x0
    left = [w for w in _level(box, words) if w["x1"] <= box.x0 + 2]
    for word in sorted(left, key=lambda w: -w["x1"]):
        if edge - word["x1"] > (NEAR if near else reach):
            break
        near.insert(0, word)
        edge = word["x0"]
    return near


def _after(box: Box, words: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    near: list[Mapping[str, Any]] = []
    edge = box.x1
    right = [w for w in _level(box, words) if w["x0"] >= box.x1 - 2]
    for word in sorted(right, key=lambda w: w["x0"]):
        if word["x0"] - edge > NEAR:
            break
        near.append(word)
        edge = word["x1"]
    return near


def _level(box: Box, words: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    middle = (box.y0 + box.y1) / 2
    return [w for w in words if w["top"] <= middle <= w["bottom"]]


def _told(words: Sequence[Mapping[str, Any]]) -> str:
    return " ".join(w["text"] for w in words).strip(" :*…_").strip()


def _slug(label: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", without_accents(label).lower()).strip("_")[:40].strip("_")
    return plain if plain[:1].isalpha() else f"champ_{plain}".strip("_")


def with_own_names(fields: Sequence[FieldDefinition]) -> Iterator[FieldDefinition]:
    """Yield the fields, those of one name numbered."""
    seen: dict[str, int] = {}
    for field in fields:
        seen[field.name] = seen.get(field.name, 0) + 1
        again = seen[field.name]
        own = field.name if again == 1 else f"{field.name}_{again}"
        yield field.model_copy(update={"name": own})


def _title(page: Page) -> str:
    """Return the line in the largest type on the upper half of the first page."""
    words = [w for w in page.extract_words(extra_attrs=["size"]) if w["top"] < page.height / 2]
    if not words:
        return "À compléter"
    largest = max(float(word["size"]) for word in words)
    return " ".join(w["text"] for w in words if float(w["size"]) >= largest - 0.5)
