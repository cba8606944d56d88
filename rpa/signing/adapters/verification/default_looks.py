"""Whether the drawing rules of a filled field say what they said (ISO 32000-2, 12.7.4.3).

Programs that fill in forms write a field's default appearance anew: the same font by another name,
operators in another order, defaults spelt out.
"""

from collections.abc import Mapping
from typing import Final

from rpa.signing.adapters.verification.graph import Graph
from rpa.signing.adapters.verification.lexer import Item, Name

KEYS: Final = frozenset({"DA", "BS", "Ff", "Q", "Type"})
_DEFAULTS: Final[dict[str, Item]] = {
    "Ff": 0,
    "Q": 0,
    "BS": {"S": Name("S"), "W": 1},
    "Type": Name("Annot"),
}
"""What an absent entry means: tables 166, 168, 226, 228, 229."""
_SYMBOLS: Final = frozenset({"Symbol", "ZapfDingbats", "Wingdings", "Webdings"})
_LEAST_SIZE: Final = 4.0
_DARK: Final = 0.6
_USUAL: Final = {
    "Helv": "Helvetica", "HeBo": "Helvetica-Bold", "Cour": "Courier", "CoBo": "Courier-Bold",
    "TiRo": "Times-Roman", "TiBo": "Times-Bold", "ZaDb": "ZapfDingbats", "Symb": "Symbol",
}  # fmt: skip
_COLOURS: Final = {b"g": 1, b"rg": 3, b"k": 4}


def says_the_same(
    graphs: tuple[Graph, Graph], key: str, parts: tuple[Mapping[str, Item], Mapping[str, Item]]
) -> bool:
    """Say whether what stands under ``key`` means the same in both revisions of a field."""
    items = [one.get(key) for one in parts]
    if key == "DA":
        pairs = zip(graphs, items, parts, strict=True)
        before, after = (_drawing(graph, graph.at(item), part) for graph, item, part in pairs)
        return (before is not None and before == after) or _is_plainly_seen(after)
    before_value, after_value = (
        _plain(graph, item if item is not None else _DEFAULTS.get(key))
        for graph, item in zip(graphs, items, strict=True)
    )
    return key in _DEFAULTS and before_value == after_value


def _drawing(graph: Graph, written: object, part: Mapping[str, Item]) -> tuple[object, ...] | None:
    """Return font, size and colour of a default appearance; None where it says more, or less."""
    words = written.split() if isinstance(written, bytes) else []
    font: tuple[str, float] | None = None
    colour: tuple[float, ...] = (0.0,)
    operands: list[bytes] = []
    for word in words:
        if word == b"Tf" and len(operands) == 2 and operands[0][:1] == b"/":
            name = operands[0][1:].decode("latin-1")
            font, operands = (_base(graph, name, part), _number(operands[1])), []
        elif word in _COLOURS and len(operands) == _COLOURS[word]:
            colour, operands = tuple(_number(one) for one in operands), []
        else:
            operands.append(word)
    return None if font is None or operands else (*font, colour)


def _is_plainly_seen(drawing: tuple[object, ...] | None) -> bool:
    """Say whether text would be dark and of a size to read; 0 is as large as fits.

    A program that draws a field's look anew writes down how it did so.
    """
    if drawing is None:
        return False
    font, size, colour = drawing
    is_lettered = str(font) not in _SYMBOLS and not str(font).startswith("/")
    is_read = is_lettered and isinstance(size, float) and (size == 0 or size >= _LEAST_SIZE)
    if not isinstance(colour, tuple) or not is_read:
        return False
    parts = [float(one) for one in colour]
    return max(parts) <= _DARK if len(parts) < 4 else max(parts) >= 1 - _DARK


def _number(word: bytes) -> float:
    try:
        return float(word)
    except ValueError:
        return -1.0


def _base(graph: Graph, name: str, part: Mapping[str, Item]) -> str:
    """Return the base font that a name stands for: in the look, in the form, or by custom."""
    look = graph.under(part.get("AP"), "N")
    form = graph.under(graph.trailer.get("Root"), "AcroForm", "DR")
    for place in (graph.under(look, "Resources"), form):
        found = graph.at(graph.under(place, "Font", name, "BaseFont"))
        if isinstance(found, Name):
            return str(found)
    return _USUAL.get(name, f"/{name}")


def _plain(graph: Graph, item: Item) -> Item:
    found = graph.at(item)
    if isinstance(found, dict):
        return {key: _plain(graph, one) for key, one in found.items() if key != "Type"}
    return found if isinstance(found, bool | int | float | bytes | Name) else None
