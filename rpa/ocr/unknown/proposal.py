"""A form known from now on: its definition, proposed from one page that was understood."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rpa.domain.errors import RecognitionError
from rpa.domain.form import FieldDefinition, FormDefinition
from rpa.domain.geometry import Box
from rpa.domain.kinds import FieldKind
from rpa.domain.model import Bilingual
from rpa.i18n import _
from rpa.ocr.api import PageText
from rpa.ocr.diacritics import without_accents
from rpa.ocr.hints import kind_of_label
from rpa.ocr.parsers import parse
from rpa.ocr.unknown.found import Finding, Pair, Span, Understood
from rpa.ocr.unknown.segments import rows_of, segments_of, upright

MARGIN: Final = 3.0
"""Points around a value that its zone holds besides."""
ROOM: Final = 3.0
"""How much longer, in the value's own width, a zone may be where nothing stands in the way."""
POINT: Final = 72.0


@dataclass(frozen=True, slots=True)
class UnderstoodPage:
    """A page, what was found on it, and its resolution."""

    text: PageText
    understood: Understood
    dpi: float


@dataclass(frozen=True, slots=True)
class _Answer:
    name: str
    label: str
    kind: FieldKind
    value: Span


def proposed_form(pages: Sequence[UnderstoodPage]) -> FormDefinition:
    """Return a form whose zones are where the values were found; a person names them once.

    Raises:
        RecognitionError: A page lies on its side, or nothing was found that a form could ask.
    """
    if any(page.text.turn or page.dpi <= 0 for page in pages):
        raise RecognitionError(
            _(
                "A form can only be learned from pages that are upright and whose resolution is"
                " known; scan the document again."
            ),
            code="not-upright",
        )
    fields = tuple(_with_own_names(_all_fields(pages)))
    if not fields:
        raise RecognitionError(
            _("Nothing was found on the page that a form could ask; take a filled one."),
            code="no-pairs",
        )
    return FormDefinition(title=_title(pages[0].text), pages=len(pages), fields=fields)


def answers_on(page: UnderstoodPage) -> list[Box]:
    """Return where a page's answers stand, in its pixels: what a blank must not show."""
    found = page.understood
    values = [one.value for one in _told_apart(found.findings)]
    return [value.box for value in (*values, *(pair.value for pair in found.pairs))]


def _all_fields(pages: Sequence[UnderstoodPage]) -> Iterator[FieldDefinition]:
    for number, page in enumerate(pages, start=1):
        for answer in _answers(page.understood):
            yield FieldDefinition(
                name=answer.name,
                label=Bilingual(fr=answer.label, en=answer.label),
                kind=answer.kind,
                page=number,
                zone=_zone(answer.value, page),
                required=False,
            )


def _answers(found: Understood) -> Iterator[_Answer]:
    taken: list[Box] = []
    for finding in _told_apart(found.findings):
        taken.append(finding.value.box)
        label = finding.anchor or finding.name
        yield _Answer(finding.name, label, finding.kind, finding.value)
    for pair in found.pairs:
        if not any(_share(pair.value.box, box) for box in taken):
            label = pair.key.text.strip(" :._")
            yield _Answer(_name(label), label, _kind(pair), pair.value)


def _told_apart(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that a form could ask: not what is the sender's own print."""
    return [finding for finding in findings if not finding.is_own_print]


def _kind(pair: Pair) -> FieldKind:
    """Return the kind that the label hints at, if the value found is one."""
    kind = kind_of_label(pair.key.text)
    read = parse(kind, pair.value.text, from_pixels=True)
    return kind if read.value else FieldKind.TEXT


def _zone(value: Span, page: UnderstoodPage) -> Box:
    """Return a value's box in points, grown to the right as far as nothing stands in the way."""
    box = value.box
    right = min(page.text.width, box.x1 + ROOM * box.width)
    for word in page.text.words:
        if word.x0 >= box.x1 and word.y0 < box.y1 and word.y1 > box.y0:
            right = min(right, max(box.x1, (box.x1 + word.x0) / 2))
    grown = Box(x0=box.x0, y0=box.y0, x1=right, y1=box.y1).scaled(POINT / page.dpi)
    end = min(page.text.width * POINT / page.dpi, grown.x1 + MARGIN)
    edges = (grown.x0 - MARGIN, grown.y0 - MARGIN, end, grown.y1 + MARGIN)
    x0, y0, x1, y1 = (round(max(0.0, edge), 1) for edge in edges)
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)


def _share(one: Box, other: Box) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    return across > 0 and min(one.y1, other.y1) - max(one.y0, other.y0) > 0


def _name(label: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", without_accents(label).lower()).strip("_")[:40].strip("_")
    return plain if plain[:1].isalpha() else f"champ_{plain}".strip("_")


def _with_own_names(fields: Iterable[FieldDefinition]) -> Iterator[FieldDefinition]:
    seen: dict[str, int] = {}
    for field in fields:
        again = seen[field.name] = seen.get(field.name, 0) + 1
        yield field if again == 1 else field.model_copy(update={"name": f"{field.name}_{again}"})


def _title(page: PageText) -> str:
    """Return the largest line of letters on a page."""
    segments = segments_of(rows_of(upright(page)), at_colons=False)
    worthy = [s for s in segments if sum(c.isalpha() for c in s.text) >= 4]
    return max(worthy or segments, key=lambda s: s.height).text if segments else ""
