"""Whether a new field that is seen on a page lies over text that was signed.

A signature may bring a field along, and what the field shows lies above the page: it can hide
what was signed, or put other words in its place (sneaky signature attack, Rohlmann et al. 2021).
"""

from typing import Final

import pypdfium2 as pdfium

from rpa.signing.adapters.verification.graph import Graph
from rpa.signing.adapters.verification.lexer import Item, Ref
from rpa.signing.adapters.verification.pages import PageTree
from rpa.signing.adapters.verification.placing import Box, rectangle

_EDGE: Final = 1.0
"""How far into a letter a box may reach, in points."""
_MOST_LETTERS: Final = 200_000


def box_of(graph: Graph, widget: Item) -> Box | None:
    """Return where a widget is seen: left, bottom, right, top; None where it isn't."""
    left, bottom, right, top = rectangle(graph, graph.under(widget, "Rect"))
    return (left, bottom, right, top) if right - left > 0.5 and top - bottom > 0.5 else None


def hides_text(old: Graph, new_tree: PageTree, widget: Item, box: Box) -> bool:
    """Say whether a widget lies over letters of the revision before.

    Where the page can't be read for text the answer is no: pictures can't be told from paper.
    """
    for index, page in enumerate(new_tree.pages):
        if isinstance(widget, Ref) and widget in page.annotations:
            return _has_letters(old, index, box)
    return False


def _has_letters(graph: Graph, index: int, box: Box) -> bool:
    left, bottom, right, top = (
        box[0] + _EDGE,
        box[1] + _EDGE,
        box[2] - _EDGE,
        box[3] - _EDGE,
    )
    try:
        document = pdfium.PdfDocument(graph.content, password=graph.password or None)
    except pdfium.PdfiumError:
        return False
    try:
        text = document[index].get_textpage()
        count = min(text.count_chars(), _MOST_LETTERS)
        letters = text.get_text_range(0, count)
        for number, letter in enumerate(letters):
            if not letter.isalnum():
                continue
            place = text.get_charbox(number)
            across, up = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
            if left < across < right and bottom < up < top:
                return True
    except (pdfium.PdfiumError, IndexError):
        return False
    finally:
        document.close()
    return False
