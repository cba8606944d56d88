"""What readers show of a document now, against what they showed when it was signed.

Each signed revision is drawn by every renderer that is there, and so is the document as it is. Out
of the boxes of permitted changes nothing may differ; within them what was printed must stay seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

import numpy as np

from rpa.domain.signature import ChangeKind
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.appearances import normal_appearance
from rpa.signing.adapters.verification.comparison import places_of
from rpa.signing.adapters.verification.drawing.copies import (
    decrypted,
    without_annotations,
    without_text,
)
from rpa.signing.adapters.verification.drawing.ink import Piece, differing, ink_of
from rpa.signing.adapters.verification.drawing.look_text import text_lies_within
from rpa.signing.adapters.verification.drawing.marks import Mark, MarkKind, later_marks
from rpa.signing.adapters.verification.drawing.reading_back import (
    READING_DPI,
    must_be_read,
    reads_as,
)
from rpa.signing.adapters.verification.drawing.renderers import (
    Order,
    PdfiumRenderer,
    Pixels,
    Renderer,
    RendererFailedError,
    as_pages,
    renderers,
)
from rpa.signing.adapters.verification.drawing.sheets import Sheet
from rpa.signing.adapters.verification.drawing.values import (
    ground_is_plain,
    letters_are_seen,
    scrolls,
    shown_text,
)
from rpa.signing.adapters.verification.equality import reaching
from rpa.signing.adapters.verification.findings import Finding, Need
from rpa.signing.adapters.verification.graph import QPDF_FAULTS
from rpa.signing.adapters.verification.lexer import Ref
from rpa.signing.adapters.verification.views import RevisionView

_DPI: Final = 100.0
_LARGEST: Final = 3_000_000
"""Pixels of a page: larger pages are drawn coarser."""
_ALL_PAGES: Final = 40
"""Documents with up to this many pages are drawn whole; of longer ones what could have changed."""
_MOST_PAGES: Final = 120
_SOME: Final = 20
_SIZE: Final = 3
"""How far renderers may round a page's size apart, in pixels."""
_AT_ONCE: Final = 8
_EDGE: Final = 2
"""How far anti-aliasing carries a box's edge, in pixels."""
_BESIDE: Final = 60
_WORDS: Final = 0.7
_LETTERS: Final = 0.25
_UNSEEN: Final = "not seen"
_COARSE: Final = 4
_EMPTY: Final = 0.00002
_FULL: Final = 0.01
"""Shares of a page's pixels that bear ink."""
_LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class Objection:
    """What drawing found, and how sure it is."""

    where: str
    is_certain: bool

    @property
    def finding(self) -> Finding:
        """Return it as a change that no signature permits, or as a doubt."""
        need = Need.NEVER if self.is_certain else Need.DOUBT
        return Finding(ChangeKind.CONTENT, self.where, need)


@dataclass
class DrawnJudge:
    """Compares signed revisions with the document as it is."""

    now: RevisionView
    tools: Sequence[Renderer] = field(default_factory=renderers)

    def findings(self, signed: RevisionView, touched: frozenset[int]) -> tuple[Finding, ...]:
        """Return what drawing shows that ``signed`` did not; ``touched`` was written since."""
        try:
            if len(self.tools) < _LEAST:
                return (Objection("a second renderer is missing", is_certain=False).finding,)
            found = tuple(self._objections(signed, touched))
        except RendererFailedError as fault:
            said = f"not drawn by {fault}" if str(fault) else "not drawn"
            found = (Objection(said, is_certain=False),)
        except (*MALFORMED, *QPDF_FAULTS, MemoryError):
            found = (Objection("not drawn", is_certain=False),)
        return tuple(dict.fromkeys(one.finding for one in found))

    def _objections(self, signed: RevisionView, touched: frozenset[int]) -> Iterator[Objection]:
        marks = list(later_marks(signed, self.now, touched))
        copies = _Copies.of(signed, self.now, marks)
        sizes = PdfiumRenderer().sizes(copies.before), PdfiumRenderer().sizes(copies.after)
        if sizes[0] != sizes[1]:
            yield Objection("pages as drawn", is_certain=True)
            return
        if len(sizes[0]) != len(signed.tree.pages):
            yield Objection("pages that readers count differently", is_certain=False)
            return
        pages = _chosen(signed, self.now, touched, marks)
        if len(pages) > _MOST_PAGES:
            yield Objection(f"more than {_MOST_PAGES} pages", is_certain=False)
            return
        for order in _orders(pages, _resolution(sizes[0])):
            seen = [self._compared(tool, order, copies) for tool in self.tools]
            objections = list(chain.from_iterable(found for _drawn, found in seen))
            yield from objections
            if sum(one.where.endswith(_UNSEEN) for one in objections) >= len(self.tools):
                yield Objection("a value that no renderer shows", is_certain=True)
            if not _agree([drawn for drawn, _found in seen]):
                yield Objection("renderers disagree", is_certain=False)

    def _compared(
        self, tool: Renderer, order: Order, copies: "_Copies"
    ) -> tuple[list[Pixels], list[Objection]]:
        """Return the signed pages as a renderer draws them, and what is wrong with those of now."""
        count = order.last - order.first + 1
        before = as_pages(tool.drawn(copies.before, order), count)
        after = as_pages(tool.drawn(copies.after, order), count)
        found: list[Objection] = []
        for index in range(count):
            page = order.first - 1 + index
            marks = [one for one in copies.marks if one.page == page]
            sheet = Sheet.of(copies.signed.graph, copies.signed.tree.pages[page])
            pair = (before[index], after[index])
            where = f"page {page + 1} as {tool.name} draws it"
            if pair[0].shape != pair[1].shape or _differs_outside(pair, sheet, marks):
                found.append(Objection(where, is_certain=True))
            elif _differs_outside(pair, sheet, [one for one in marks if not one.is_redrawn]):
                found.append(Objection(f"{where}, drawn anew", is_certain=False))
            elif marks:
                alone = Order(page + 1, page + 1, order.dpi)
                drawing = _Drawing(tool, alone, copies, sheet, pair)
                found += drawing.objections(marks, where)
        return before, found


def _chosen(
    signed: RevisionView, now: RevisionView, touched: frozenset[int], marks: Sequence[Mark]
) -> list[int]:
    """Return the pages to draw, from 0: all of a short document.

    Of a long one those that reach what was written since or carry a mark, and some of the others.
    """
    count = len(signed.tree.pages)
    if count <= _ALL_PAGES:
        return list(range(count))
    reached = reaching(now.graph, touched, places_of(signed, now))
    changed = {
        index
        for index, page in enumerate(now.tree.pages)
        if isinstance(page.item, Ref) and page.item.number in reached
    }
    some = set(range(0, count, max(1, count // _SOME)))
    return sorted(changed | {one.page for one in marks} | some | {count - 1})


def _orders(pages: Sequence[int], dpi: float) -> Iterator[Order]:
    """Yield runs of pages that stand one after the other, a few at once."""
    start = 0
    for at in range(1, len(pages) + 1):
        is_end = at == len(pages) or pages[at] != pages[at - 1] + 1 or at - start == _AT_ONCE
        if is_end:
            yield Order(pages[start] + 1, pages[at - 1] + 1, dpi)
            start = at


def _agree(drawings: Sequence[list[Pixels]]) -> bool:
    """Say whether renderers draw pages of one size, and none an empty one for a full one."""
    for pages in zip(*drawings, strict=True):
        sizes = np.array([page.shape[:2] for page in pages])
        if (sizes.max(axis=0) - sizes.min(axis=0)).max() > _SIZE:
            return False
        shares = [float(ink_of(page[::_COARSE, ::_COARSE]).mean()) for page in pages]
        if min(shares) < _EMPTY and max(shares) > _FULL:
            return False
    return True


def _resolution(sizes: Sequence[tuple[float, float]]) -> float:
    largest = max((width * height for width, height in sizes), default=1.0)
    return float(min(_DPI, 72 * (_LARGEST / max(largest, 1.0)) ** 0.5))


def _differs_outside(pair: tuple[Pixels, Pixels], sheet: Sheet, marks: Sequence[Mark]) -> bool:
    if np.array_equal(*pair):
        return False
    differs = differing(*pair)
    height, width = differs.shape
    for mark in marks:
        area = sheet.area(mark.box, height, width).widened(_EDGE, height, width)
        differs[area.rows, area.columns] = False
    return bool(differs.any())


@dataclass(frozen=True)
class _Copies:
    """The revisions that are drawn."""

    signed: RevisionView
    now: RevisionView
    marks: Sequence[Mark]
    before: bytes
    after: bytes
    paper: bytes
    """The signed revision without what changed later."""
    ground: bytes
    """The document as it is, without the text that filled fields write."""

    @classmethod
    def of(cls, signed: RevisionView, now: RevisionView, marks: Sequence[Mark]) -> "_Copies":
        before, after = decrypted(signed.graph), decrypted(now.graph)
        seen = [one.item for one in marks if one.was_seen and one.kind is not MarkKind.BUTTON]
        filled = [one.item for one in marks if one.kind is MarkKind.VALUE]
        return cls(
            signed,
            now,
            marks,
            before,
            after,
            without_annotations(signed.graph, seen) if seen else before,
            without_text(now.graph, filled) if filled else after,
        )


@dataclass(frozen=True)
class _Drawing:
    """One page by one renderer."""

    tool: Renderer
    order: Order
    copies: _Copies
    sheet: Sheet
    pair: tuple[Pixels, Pixels]

    def objections(self, marks: Sequence[Mark], where: str) -> Iterator[Objection]:
        """Yield what is wrong within the boxes of the page's marks."""
        paper = self._page(self.copies.paper, self.copies.before, self.pair[0])
        ground = self._page(self.copies.ground, self.copies.after, self.pair[1])
        for mark in marks:
            if self._is_wrong(mark, paper, ground):
                is_certain = mark.kind is not MarkKind.TICK
                yield Objection(where if is_certain else f"{where}, drawn anew", is_certain)
            elif mark.kind is MarkKind.VALUE and not self._is_seen(mark, ground):
                yield Objection(f"{where}, {_UNSEEN}", is_certain=False)
            elif mark.kind is MarkKind.VALUE and not self._reads_well(mark):
                yield Objection(f"{where}, read back", is_certain=False)
            elif mark.kind is MarkKind.SIGNATURE and self._joins(mark, paper):
                yield Objection(f"{where}, beside text", is_certain=False)
            elif mark.overlaps and mark.field is not None:
                yield Objection(f"{where}, over another field", is_certain=False)
            elif not self._keeps_within(mark):
                yield Objection(f"{where}, out of its box", is_certain=False)

    def _is_wrong(self, mark: Mark, paper: Pixels, ground: Pixels) -> bool:
        """Say whether what lay below a mark is hidden, or the mark shows what it does not hold."""
        if mark.kind is MarkKind.BUTTON:
            return False
        piece = self._piece(mark, paper, 0)
        if mark.kind is MarkKind.TEXT_MARK:
            return not piece.keeps_legible()
        if piece.hides_text():
            return True
        return mark.kind is MarkKind.VALUE and not self._is_on_plain_ground(mark, paper, ground)

    def _keeps_within(self, mark: Mark) -> bool:
        """Say whether a look writes within its box; a field that scrolls has lines out of sight."""
        graph = self.copies.now.graph
        is_looked_at = mark.kind is MarkKind.SIGNATURE or (
            mark.kind is MarkKind.VALUE
            and mark.field is not None
            and not scrolls(graph, mark.field)
        )
        return not is_looked_at or text_lies_within(graph, normal_appearance(graph, mark.item))

    def _reads_well(self, mark: Mark) -> bool:
        """Say whether a value in a font of the document's own is read as what the field holds."""
        graph = self.copies.now.graph
        if mark.field is None or not isinstance(self.tool, PdfiumRenderer):
            return True
        if not must_be_read(graph, normal_appearance(graph, mark.item)):
            return True
        fine = Order(self.order.first, self.order.last, READING_DPI)
        page = as_pages(self.tool.drawn(self.copies.after, fine), 1)[0]
        area = self.sheet.area(mark.box, *page.shape[:2])
        picture = page[area.rows, area.columns]
        return picture.size > 0 and reads_as(picture, shown_text(graph, mark.field))

    def _page(self, content: bytes, same: bytes, drawn: Pixels) -> Pixels:
        """Draw a page of a copy; where nothing was taken out, it is the one that there is."""
        if content is same:
            return drawn
        return as_pages(self.tool.drawn(content, self.order), 1)[0]

    def _piece(self, mark: Mark, paper: Pixels, beside: int) -> Piece:
        height, width = paper.shape[:2]
        area = self.sheet.area(mark.box, height, width).widened(beside, height, width)
        cut = (area.rows, area.columns)
        # A comment that was there before may go: what it lay on must stay legible.
        is_comment = mark.kind in (MarkKind.COMMENT, MarkKind.TEXT_MARK)
        before = paper if is_comment else self.pair[0]
        return Piece(paper[cut], before[cut], self.pair[1][cut], self.order.dpi / 100)

    def _joins(self, mark: Mark, paper: Pixels) -> bool:
        height, width = paper.shape[:2]
        outer = self.sheet.area(mark.box, height, width).widened(_BESIDE, height, width)
        inner = self.sheet.area(mark.box, height, width)
        inside = np.zeros((height, width), dtype=bool)
        inside[inner.rows, inner.columns] = True
        piece = self._piece(mark, paper, _BESIDE)
        # Where a field was prepared, whoever signed first saw the document with it.
        nearer = _LETTERS if mark.was_seen else _WORDS
        within = inside[outer.rows, outer.columns]
        if piece.joins_text(within, nearer_than=nearer):
            return True
        is_turned = self.sheet.turned % 180 != 0  # its lines may run from top to bottom
        return is_turned and piece.turned().joins_text(within.T, nearer_than=nearer)

    def _is_on_plain_ground(self, mark: Mark, paper: Pixels, ground: Pixels) -> bool:
        """Say whether the ground of a filled field says nothing, where it has a look."""
        if not self._has_look(mark):
            return True  # readers draw the value themselves
        cut, scale = self._cut(mark, ground), self.order.dpi / 100
        return ground_is_plain(ground[cut], paper[cut], scale)

    def _is_seen(self, mark: Mark, ground: Pixels) -> bool:
        """Say whether the letters of a filled field stand out from their ground."""
        if mark.field is None or not self._has_look(mark):
            return True
        cut, scale = self._cut(mark, ground), self.order.dpi / 100
        text = shown_text(self.copies.now.graph, mark.field)
        return letters_are_seen(ground[cut], self.pair[1][cut], text, scale)

    def _has_look(self, mark: Mark) -> bool:
        graph = self.copies.now.graph
        look = normal_appearance(graph, mark.item)
        return mark.field is not None and graph.at(look) is not None

    def _cut(self, mark: Mark, page: Pixels) -> tuple[slice, slice]:
        area = self.sheet.area(mark.box, *page.shape[:2])
        return area.rows, area.columns
