"""Looks of a box to tick that a program drew anew: a mark for on, none for off.

ISO 32000-2, 12.7.5.2. Programs that tick a box often draw its looks again, in a mark of their own
taste.
"""

from typing import Final

import pikepdf

from rpa.signing.adapters.verification.appearances import fonts_of, normal_appearance
from rpa.signing.adapters.verification.graph import QPDF_FAULTS, Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Name, Ref
from rpa.signing.adapters.verification.sight import SHOWS

_MARKS: Final = frozenset({b"3", b"4", b"5", b"6", b"8", b"l", b"n", b"u", b"H"})
"""ZapfDingbats' checks, crosses, disc, square, diamond and star."""
_FRAMES: Final = frozenset(
    {
        "q", "Q", "cm", "w", "J", "j", "M", "d", "i", "g", "G", "rg", "RG", "k", "K", "re", "m",
        "l", "h", "c", "S", "s", "f", "F", "f*", "B", "b", "n", "W", "W*", "BT", "ET", "Tf", "Td",
        "TD", "Tm", "TL", "Tc", "Tw", "Tz", "Ts", "Tr", "BMC", "BDC", "EMC",
    }
)  # fmt: skip
_MOST: Final = 60


def ticks_are_plain(graph: Graph, widget: Item) -> bool:
    """Say whether a box shows one mark where it is on, and none where it is off."""
    looks = graph.entries(normal_appearance(graph, widget))
    if not isinstance(graph.at(normal_appearance(graph, widget)), dict) or not looks:
        return False
    return all(_marks(graph, look) == (0 if state == "Off" else 1) for state, look in looks.items())


def _marks(graph: Graph, look: Item) -> int:
    """Return how many marks a look writes; -1 where it draws anything but a frame and marks."""
    found = graph.node(look) if isinstance(look, Ref) else None
    if not isinstance(found, Stream) or not isinstance(look, Ref):
        return 0 if found is None else -1
    fonts, font, count = fonts_of(graph, found), None, 0
    try:
        steps = list(
            pikepdf.parse_content_stream(graph.pdf.get_object((look.number, look.generation)))
        )
    except QPDF_FAULTS:
        return -1
    for step in steps:
        name, operands = str(step.operator), list(step.operands)
        if name == "Tf" and operands:
            font = fonts.get(str(operands[0])[1:])
        if name in SHOWS and operands and _is_mark(graph, operands[-1], font):
            count += 1
        elif name not in _FRAMES:
            return -1
    return count if len(steps) <= _MOST else -1


def _is_mark(graph: Graph, shown: object, font: Item) -> bool:
    base = graph.under(font, "BaseFont")
    is_usual = base == Name("ZapfDingbats") and "FontDescriptor" not in graph.entries(font)
    return is_usual and isinstance(shown, pikepdf.String) and bytes(shown) in _MARKS
