"""Reads forms: the file's own data first, else the zones of the page laid on its blank."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from rpa.domain.batch import SplitRule
from rpa.domain.document import MediaType
from rpa.domain.errors import RecognitionError
from rpa.domain.form import FieldDefinition
from rpa.domain.kinds import DRAWN, UNTOLD
from rpa.domain.pages import DocumentPages, PageImage
from rpa.domain.reading import FieldValue, Method, Reading
from rpa.i18n import _
from rpa.ocr.adapters.blanks import BlankPage, blank_pages, blank_words
from rpa.ocr.adapters.contained import ContainedEngine
from rpa.ocr.adapters.crops import (
    Lines,
    enlarged,
    lines_of,
    marks_on,
    place_of,
    points_on,
    treatments_of,
)
from rpa.ocr.adapters.delivered import delivered_values, typed_values
from rpa.ocr.adapters.drawn import crossed_fields, drawn_values
from rpa.ocr.adapters.form_index import Fronts
from rpa.ocr.adapters.handwriting import written
from rpa.ocr.adapters.page_text import PageReader
from rpa.ocr.adapters.pages import LaidPage, laid_on
from rpa.ocr.api import Grey, Identification, KnownForm, Layout, OcrEngine, Word
from rpa.ocr.calibration import Calibration, Engines, shipped_calibration
from rpa.ocr.digital import from_acroform, from_text_layer
from rpa.ocr.drawn import SURE_OF_INK, crossed, unseen
from rpa.ocr.evidence import Opinion, Seen
from rpa.ocr.handwriting import together
from rpa.ocr.identification import identified
from rpa.ocr.piles import first_pages
from rpa.ocr.points import pointed
from rpa.ocr.rules import settled
from rpa.ocr.text_layer import believable
from rpa.ocr.verdict import Judge, absent, judged

SURE_ALIGNMENT: Final = 0.85
"""Agreement of page and blank from which the place of the zones is beyond doubt."""
LEAST_AGREEMENT: Final = 0.5
COARSE_DPI: Final = 150
WAYS: Final[Mapping[Engines, int]] = {"two": 2, "one": 4}
"""In how many treatments the first engine reads an answer."""


@dataclass(frozen=True, eq=False)
class _Answer:
    """A field with the lines of text found in its zone."""

    field: FieldDefinition
    lines: Lines

    @cached_property
    def points(self) -> str:
        """The points and commas seen in its lines."""
        return "".join(points_on(strip) for strip in self.lines.strips)


class ZoneReader:
    """Reads a form where its answers stand; see :class:`rpa.ocr.api.FormReader`.

    Safe from several threads. Blanks are prepared once and kept.
    """

    def __init__(
        self,
        engine: OcrEngine,
        *,
        witness: OcrEngine | None = None,
        calibration: Calibration | None = None,
        cache: Path | None = None,
    ) -> None:
        """Read with ``engine``; ``witness`` gives a second opinion, best one of another kind.

        ``calibration`` turns what speaks for a reading into a probability; else the shipped one.
        What many blanks are known by is kept in the folder ``cache``, if there is one.
        """
        self._fronts = Fronts(cache)
        self._engine = engine
        self._witness = witness or engine
        self._engines: Engines = "one" if witness is None else "two"
        self._calibration = calibration or shipped_calibration()

    def close(self) -> None:
        """End the engines that run in children of their own."""
        for engine in (self._engine, self._witness):
            if isinstance(engine, ContainedEngine):
                engine.close()

    def identify(
        self, document: DocumentPages, forms: Sequence[KnownForm]
    ) -> Identification | None:
        """Say which form it is; see :meth:`rpa.ocr.api.FormReader.identify`."""
        return identified(document, forms, self._fronts)

    def first_pages(
        self, document: DocumentPages, forms: Sequence[KnownForm], rule: SplitRule
    ) -> frozenset[int]:
        """Say where a pile's documents begin; see :meth:`rpa.ocr.api.FormReader.first_pages`."""
        reader = PageReader(self._witness, thorough=False)
        return first_pages(document, forms, rule, fronts=self._fronts, reader=reader)

    def read(self, document: DocumentPages, form: KnownForm) -> Reading:
        """Read every field; see :meth:`rpa.ocr.api.FormReader.read`."""
        values = self._from_data(document, form)
        if values is not None:
            return _reading(document, form, _with_drawn(values, document, form))
        pages = _laid_pages(document, form)
        agreement = min(page.alignment.agreement for page in pages)
        read = self._from_pixels(pages, form, is_coarse=_is_coarse(document))
        values = delivered_values(read, pages, document.images)
        return _reading(document, form, values, agreement=agreement)

    def _from_data(self, document: DocumentPages, form: KnownForm) -> Sequence[FieldValue] | None:
        if document.facts.media_type is not MediaType.PDF:
            return None
        values = from_acroform(document, form.form)
        if values is None and self._believes(document, form):
            values = from_text_layer(document, form.form, blank_words(form.blank))
        return typed_values(values, document.images) if values else values

    def _believes(self, document: DocumentPages, form: KnownForm) -> bool:
        """Say whether the pages show what their text layer says."""
        pages = list(zip(document.words, document.images, strict=False))[: form.form.pages]
        has_text = bool(pages) and all(words for words, _image in pages)
        return has_text and all(believable(words, image, self._witness) for words, image in pages)

    def _from_pixels(
        self, pages: Sequence[LaidPage], form: KnownForm, *, is_coarse: bool
    ) -> list[FieldValue]:
        blanks = blank_pages(form.blank)
        values: dict[str, FieldValue] = {}
        answers: list[_Answer] = []
        for field in form.form.all_fields():
            page, blank = pages[field.page - 1], blanks[field.page - 1]
            if field.kind in DRAWN:
                continue
            lines = lines_of(place_of(page.pixels, blank.pixels, field.zone))
            if lines.strips:
                answers.append(_Answer(field, lines))
            else:
                values[field.name] = absent(field, Method.OCR, confidence=SURE_OF_INK)
        values |= drawn_values(form.form.all_fields(), pages, blanks)
        judge = Judge(self._calibration, self._engines, form.form.promise)
        by_whom = together([written(answer.lines.strips) for answer in answers])
        for (answer, opinions), by in zip(self._opinions(answers), by_whom, strict=True):
            marks = tuple(mark for strip in answer.lines.strips for mark in marks_on(strip))
            seen = Seen(marks, bool(answer.lines.with_print), by, is_coarse, answer.points)
            values[answer.field.name] = judged(answer.field, opinions, seen=seen, judge=judge)
        for name in crossed_fields(form.form.all_fields(), pages, blanks):
            values[name] = crossed(values[name])
        return [values[field.name] for field in form.form.all_fields()]

    def _opinions(self, answers: Sequence[_Answer]) -> Iterator[tuple[_Answer, list[Opinion]]]:
        strips = [strip for answer in answers for strip in answer.lines.strips]
        if not strips:
            return
        ways = WAYS[self._engines]
        treated = [images[:ways] for answer in answers for images in _treated(answer.lines)]
        every = [image for images in treated for image in images]
        read = self._engine.recognize(every, layout=Layout.LINE)
        seen = self._witness.recognize([enlarged(strip) for strip in strips], layout=Layout.LINE)
        start = 0
        for answer in answers:
            lines = range(start, start + len(answer.lines.strips))
            start = lines.stop
            told = [
                *([read[line * ways + way] for line in lines] for way in range(ways)),
                [seen[line] for line in lines],
            ]
            *opinions, second = (_opinion(words, answer.field, answer.points) for words in told)
            yield answer, [*opinions, replace(second, by_second=True)]


def _is_coarse(document: DocumentPages) -> bool:
    """Say whether a page came with half the lines of a fine fax (98 to the inch for 196)."""
    return any(page.bilevel and 0 < page.dpi_y < COARSE_DPI for page in document.facts.page_facts)


def _treated(lines: Lines) -> list[tuple[Grey, ...]]:
    raw: Sequence[Grey | None] = lines.with_print or [None] * len(lines.strips)
    return [treatments_of(strip, other) for strip, other in zip(lines.strips, raw, strict=True)]


def _opinion(lines: Sequence[Sequence[Word]], field: FieldDefinition, points: str) -> Opinion:
    words = [word for line in lines for word in line]
    between = "" if field.cells else " "
    text = pointed(between.join(word.text for word in words), points)
    return Opinion(text, min((word.confidence for word in words), default=0.0))


def _with_drawn(
    values: Sequence[FieldValue], document: DocumentPages, form: KnownForm
) -> Sequence[FieldValue]:
    """Return a file's own values, with the signatures and stamps that its pages show."""
    looked = {value.name for value in values if value.kind in UNTOLD and value.value != "true"}
    if not looked:
        return values
    fields = form.form.all_fields()
    try:
        drawn = drawn_values(fields, _laid_pages(document, form), blank_pages(form.blank))
    except RecognitionError:
        drawn = {field.name: unseen(field) for field in fields}
    return [drawn[value.name] if value.name in looked else value for value in values]


def _laid_pages(document: DocumentPages, form: KnownForm) -> list[LaidPage]:
    blanks = blank_pages(form.blank)
    left = list(document.images)
    pages: list[LaidPage] = []
    for number in range(form.form.pages):
        fitting = next(_fitting(left, blanks[number]), None)
        if fitting is None:
            raise RecognitionError(
                _(
                    "Page {page} of the form cannot be found among the {count} pages of the"
                    " document; check that the right form was chosen, or ask for a new copy.",
                    page=number + 1,
                    count=len(document.images),
                ),
                code="not-this-form",
            )
        pages.append(fitting[1])
        left.remove(fitting[0])
    return pages


def _fitting(images: Sequence[PageImage], blank: BlankPage) -> Iterator[tuple[PageImage, LaidPage]]:
    for image in images:
        page = laid_on(image, blank)
        if page is not None and page.alignment.agreement >= LEAST_AGREEMENT:
            yield image, page


def _reading(
    document: DocumentPages,
    form: KnownForm,
    values: Sequence[FieldValue],
    *,
    agreement: float = 1.0,
) -> Reading:
    fields, broken = settled(form.form, values)
    return Reading(
        fields=fields,
        pages=document.facts.pages,
        alignment=round(min(1.0, agreement / SURE_ALIGNMENT), 4),
        rules_broken=broken,
    )
