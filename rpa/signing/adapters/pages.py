"""The pages of a PDF as its tree lists them, and what they inherit."""

from dataclasses import dataclass
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError

from rpa.signing.adapters.refusing import refused

MOST_NODES: Final = 200_000
DEEPEST: Final = 64
LONG_LIST: Final = 64
LETTER: Final = (0.0, 0.0, 612.0, 792.0)
"""What viewers take for a page without a size."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageView:
    """What a person sees of a page."""

    crop: Box
    """Left, bottom, right, top of what is shown, in default user space."""
    rotation: int
    """Degrees clockwise: 0, 90, 180 or 270."""
    unit: float
    """How many points one unit of user space is."""


def page_refs(root: generic.DictionaryObject) -> tuple[generic.IndirectObject, ...]:
    """Return references to all pages, in order.

    Raises:
        SignatureRefusedError: There is none, or the tree is a loop.
        PdfReadError: A page is no object of its own, or the tree is something else than a tree.
    """
    top = root.raw_get("/Pages")
    found: list[Any] = []
    stack: list[tuple[Any, frozenset[Any]]] = [(top, frozenset())]
    for _visit in range(MOST_NODES):
        if not stack:
            break
        ref, above = stack.pop()
        kids = _kids(ref, above)
        if kids is not None:
            inside = above | {ref.reference}
            if _holds_pages_alone(target(ref), kids, inside):
                found.extend(kids)
                continue
            stack.extend((kid, inside) for kid in reversed(kids))
        elif ref is not top:
            found.append(ref)
    if stack:
        raise refused("pdf-too-demanding")
    if not found:
        raise refused("pdf-no-pages")
    return tuple(found)


def _kids(ref: Any, above: frozenset[Any]) -> generic.ArrayObject | None:
    """Return what stands below a node of the tree, or None for a page."""
    if not isinstance(ref, generic.IndirectObject):
        raise PdfReadError("a page is no object of its own")
    if ref.reference in above:
        raise refused("pdf-page-tree-loop")
    if len(above) > DEEPEST:
        raise refused("pdf-too-demanding")
    node = target(ref)
    if not isinstance(node, generic.DictionaryObject):
        raise PdfReadError("a page is no dictionary")
    if "/Kids" not in node or entry_of(node, "/Type") == "/Page":
        return None
    kids = node["/Kids"]
    if not isinstance(kids, generic.ArrayObject):
        raise PdfReadError("a list of pages is no array")
    return kids


def entry_of(node: Any, key: str, default: Any = None) -> Any:
    """Return what ``key`` leads to in a dictionary; ``default`` where it leads to nothing."""
    try:
        found = node[key]
    except KeyError:  # also for a null that stands there itself
        return default
    return default if isinstance(found, generic.NullObject) else found


def _holds_pages_alone(node: Any, kids: Any, inside: frozenset[Any]) -> bool:
    """Say whether a long list is plainly one of pages: they are as many as it says.

    Reading each page of a document of 10,000 takes seconds, so only the first and the last are.
    """
    if len(kids) < LONG_LIST or entry_of(node, "/Count") != len(kids):
        return False
    if not all(isinstance(kid, generic.IndirectObject) for kid in kids):
        return False
    return all(_kids(kid, inside) is None for kid in (kids.raw_get(0), kids.raw_get(-1)))


def target(ref: Any) -> Any:
    """Return what ``ref`` leads to; anything but a reference is returned as it is."""
    if isinstance(ref, generic.IndirectObject):
        return ref.get_object()  # type: ignore[no-untyped-call]
    return ref


def view_of(page: generic.DictionaryObject) -> PageView:
    """Return what is shown of ``page``; where it says nothing sensible, what viewers assume."""
    media = boxed(_inherited(page, "/MediaBox")) or LETTER
    crop = boxed(_inherited(page, "/CropBox"))
    shown = _common(media, crop) if crop else media
    rotation = _number(_inherited(page, "/Rotate"))
    unit = _number(entry_of(page, "/UserUnit"))
    return PageView(shown, int(rotation) // 90 * 90 % 360, unit if 0.01 <= unit <= 10_000 else 1.0)


def _inherited(page: generic.DictionaryObject, key: str) -> Any:
    node: Any = page
    for _level in range(DEEPEST):
        if not isinstance(node, generic.DictionaryObject):
            return None
        if (found := entry_of(node, key)) is not None:
            return found
        node = entry_of(node, "/Parent")
    return None


def boxed(value: Any) -> Box | None:
    """Return a rectangle with its corners in order, or None where it is none or has no size."""
    if not isinstance(value, generic.ArrayObject) or len(value) != 4:
        return None
    x1, y1, x2, y2 = (_number(value[at]) for at in range(4))
    box = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    has_size = box[2] - box[0] >= 1 and box[3] - box[1] >= 1
    return box if has_size and max(map(abs, box)) < 1e6 else None


def _common(one: Box, other: Box) -> Box:
    box = (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )
    return box if box[2] - box[0] >= 1 and box[3] - box[1] >= 1 else one


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | generic.FloatObject) else 0.0
