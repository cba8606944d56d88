"""Whether all text of a look lies in its box, so that it reads where it is seen.

What sticks out is clipped, and yet programs that extract text find it among the words of the page.
"""

from collections.abc import Iterator
from typing import Final

import pikepdf

from rpa.signing.adapters.verification.graph import QPDF_FAULTS, Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Ref
from rpa.signing.adapters.verification.placing import Placing, matrix_of, rectangle
from rpa.signing.adapters.verification.sight import SHOWS

_DEPTH: Final = 6
_MOST: Final = 20_000
_ROOM: Final = 1.25
"""How much higher than its box a line may be: boxes are drawn tight."""


def text_lies_within(graph: Graph, look: Item) -> bool:
    """Say whether no text of a look begins out of its box, or is larger than it."""
    try:
        return all(_is_within(placing) for placing in _texts(graph, look, None, 0))
    except (*QPDF_FAULTS, RecursionError):
        return False


def _is_within(placing: Placing) -> bool:
    height = placing.box[3] - placing.box[1]
    return placing.line_height <= _ROOM * height and placing.begins_inside


def _texts(graph: Graph, look: Item, above: Placing | None, depth: int) -> Iterator[Placing]:
    """Yield where each piece of text stands, nested looks included."""
    found = graph.node(look) if isinstance(look, Ref) else None
    if not isinstance(found, Stream) or not isinstance(look, Ref) or depth > _DEPTH:
        return
    box = rectangle(graph, found.entries.get("BBox"))
    placing = Placing(box)
    if above is not None:
        placing = above.nested(matrix_of(graph, look), box)
    forms = graph.under(found.entries.get("Resources"), "XObject")
    stream = graph.pdf.get_object((look.number, look.generation))
    for count, step in enumerate(pikepdf.parse_content_stream(stream)):
        name, operands = str(step.operator), list(step.operands)
        if count > _MOST:
            return
        placing.follow(name, operands)
        if name in SHOWS:
            yield placing
        elif name == "Do" and operands:
            inner = graph.entries(forms).get(str(operands[0])[1:])
            yield from _texts(graph, inner, placing, depth + 1)
