"""Where a signature stands on its page, as a person sees the page."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from pyhanko.pdf_utils import generic

from rpa.signing.adapters.pages import Box, PageView, boxed, entry_of, target, view_of
from rpa.signing.adapters.refusing import refused
from rpa.signing.api import Place

MARGIN: Final = 71.0
"""Points left and right of the signatures; less on narrow pages."""
ABOVE: Final = 62.0
"""Points between the page's lower edge and the first row."""
HEIGHT: Final = 60.0
GAP: Final = 10.0
MOST_ROWS: Final = 12
_LEAST_SEEN: Final = 4.0
"""Points of a box that must lie on the page, either way."""


def page_of(pages: Sequence[Any], place: Place | None) -> Any:
    """Return the page of a place; the last one where none is said.

    Raises:
        SignatureRefusedError: There is no such page.
    """
    number = place.page if place else -1
    at = number - 1 if number > 0 else len(pages) + number
    if not number or not 0 <= at < len(pages):
        raise refused("no-such-page")
    return pages[at]


def box_of(page: generic.DictionaryObject, place: Place | None) -> Box:
    """Return the box of a place, or the next free one in the page's lower margin.

    Raises:
        SignatureRefusedError: It has no size, or is not on the page.
    """
    view = view_of(page)
    if place is None:
        return free_box(view, annotation_boxes(page))
    left, bottom, right, top = place.box
    box = (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
    least = _LEAST_SEEN / view.unit
    wide = min(box[2], view.crop[2]) - max(box[0], view.crop[0])
    high = min(box[3], view.crop[3]) - max(box[1], view.crop[1])
    if not (wide >= least and high >= least):
        raise refused("box-off-page")
    return box


def free_box(view: PageView, taken: Iterable[Box]) -> Box:
    """Return the next box in the lower margin that covers none of ``taken``, in user space.

    Boxes stand two in a row from the left, as the page is seen; further rows stand above.
    """
    seen = [_as_seen(view, box) for box in taken]
    width, height = _size(view)
    margin = min(MARGIN, width / 8)
    gap = min(GAP, width / 40)
    wide = (width - 2 * margin - gap) / 2
    high = min(HEIGHT, height * 0.3)
    first = min(ABOVE, height / 10)
    for number in range(2 * MOST_ROWS):
        x = margin + (number % 2) * (wide + gap)
        y = first + (number // 2) * (high + gap * 0.8)
        box = (x, y, x + wide, y + high)
        if y + high > height - first:
            break
        if not any(_overlap(box, other) for other in seen):
            return _in_user_space(view, box)
    return _in_user_space(view, (margin, first, margin + wide, first + high))


def annotation_boxes(page: generic.DictionaryObject) -> list[Box]:
    """Return the boxes of a page's annotations; what has none is left out."""
    annotations: Any = entry_of(page, "/Annots")
    found = []
    for entry in list(annotations) if isinstance(annotations, generic.ArrayObject) else []:
        annotation = target(entry)
        if isinstance(annotation, generic.DictionaryObject):
            box = boxed(entry_of(annotation, "/Rect"))
            found += [box] if box else []
    return found


def _size(view: PageView) -> tuple[float, float]:
    """Return width and height of the page as it is seen, in points."""
    left, bottom, right, top = view.crop
    wide, high = (right - left) * view.unit, (top - bottom) * view.unit
    return (wide, high) if view.rotation % 180 == 0 else (high, wide)


def _in_user_space(view: PageView, box: Box) -> Box:
    """Return a box that was measured on the page as it is seen, from its lower left corner."""
    left, bottom, right, top = view.crop
    x1, y1, x2, y2 = (edge / view.unit for edge in box)
    turned = {
        0: (left + x1, bottom + y1, left + x2, bottom + y2),
        90: (right - y2, bottom + x1, right - y1, bottom + x2),
        180: (right - x2, top - y2, right - x1, top - y1),
        270: (left + y1, top - x2, left + y2, top - x1),
    }
    x1, y1, x2, y2 = turned[view.rotation]
    return (round(x1, 2), round(y1, 2), round(x2, 2), round(y2, 2))


def _as_seen(view: PageView, box: Box) -> Box:
    left, bottom, right, top = view.crop
    x1, y1, x2, y2 = box
    turned = {
        0: (x1 - left, y1 - bottom, x2 - left, y2 - bottom),
        90: (y1 - bottom, right - x2, y2 - bottom, right - x1),
        180: (right - x2, top - y2, right - x1, top - y1),
        270: (top - y2, x1 - left, top - y1, x2 - left),
    }
    x1, y1, x2, y2 = turned[view.rotation]
    unit = view.unit
    return (x1 * unit, y1 * unit, x2 * unit, y2 * unit)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
