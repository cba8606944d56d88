"""What the appearance of a form field shows, compared with the value that it says it has.

A field's value and what is drawn for it are stored apart, so that one can be changed without the
other ("Shadow Attacks", Mainka, Mladenov, Rohlmann 2021: replace via overlay, via overwrite).
"""

import re
import unicodedata
from typing import Final

import pikepdf

from rpa.signing.adapters.verification.graph import QPDF_FAULTS, Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Name, Ref
from rpa.signing.adapters.verification.placing import Placing, rectangle
from rpa.signing.adapters.verification.sight import SHOWS, Ground, Sight

_PICTURES: Final = frozenset({"Do", "BI", "INLINE IMAGE", "sh"})
_PAIR: Final = re.compile(rb"<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f]{2,64})>(?!\s*<)")
_RANGE: Final = re.compile(rb"<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f]{2,64})>")
_MOST_CODES: Final = 70_000
_OPAQUE: Final = 0.5


class _UnknownTextError(Exception):
    """The text can't be told: a picture, or a font that could show anything."""


class Appearances:
    """Reads the appearances of one revision by the codes of their text.

    Whether a font shows what its codes say is for ``drawing.reading_back``.
    """

    def __init__(self, graph: Graph, touched: frozenset[int]) -> None:
        """Keep the revision, and what it touched."""
        self._graph = graph
        self._touched = touched

    def shows(self, appearance: Item, wanted: str, *, on: Ground | None = None) -> bool:
        """Say whether an appearance shows ``wanted``, spaces apart, and nothing more.

        With a ground to stand ``on``, what can't be seen there shows nothing.
        """
        try:
            shown = self.text(appearance, on=on)
        except _UnknownTextError:
            return False
        return _plain(shown) == _plain(wanted)

    def shows_one_of(
        self, appearance: Item, wanted: set[str], *, on: Ground | None, always: set[str]
    ) -> bool:
        """Say whether an appearance shows all of ``always``, some of ``wanted``, and no more."""
        try:
            shown = _plain(self.text(appearance, on=on))
        except _UnknownTextError:
            return False
        if not all(_plain(one) in shown for one in always):
            return False
        for one in sorted((_plain(text) for text in wanted), key=len, reverse=True):
            shown = shown.replace(one, "", 1) if one else shown
        return not shown

    def text(self, appearance: Item, *, on: Ground | None) -> str:
        """Return all that an appearance's stream writes."""
        if not isinstance(appearance, Ref):
            return ""
        found = self._graph.node(appearance)
        if not isinstance(found, Stream):
            return ""
        fonts = fonts_of(self._graph, found)
        shown: list[str] = []
        font: Item = None
        box = rectangle(self._graph, found.entries.get("BBox"))
        sight = Sight(on, Placing(box, on.turned)) if on else None
        for name, operands in self._drawn(appearance):
            is_faint = name == "gs" and self._faint(found, operands)
            is_hidden = sight is not None and sight.hides(name, operands, is_faint=is_faint)
            if name in _PICTURES or is_hidden:
                raise _UnknownTextError
            if name == "Tf" and operands:
                font = fonts.get(str(operands[0])[1:])
            elif name in SHOWS and operands:
                shown.append(self._decoded(_bytes(operands[-1]), font))
        return "".join(shown)

    def _drawn(self, appearance: Ref) -> list[tuple[str, list[object]]]:
        """Return the operators of a stream with their operands."""
        stream = self._graph.pdf.get_object((appearance.number, appearance.generation))
        try:
            content = pikepdf.parse_content_stream(stream)
            return [(str(step.operator), list(step.operands)) for step in content]
        except QPDF_FAULTS:
            raise _UnknownTextError from None

    def _faint(self, stream: Stream, operands: list[object]) -> bool:
        """Say whether a graphics state lets what is below shine through."""
        states = self._graph.under(stream.entries.get("Resources"), "ExtGState")
        name = str(operands[0])[1:] if operands else ""
        state = self._graph.entries(self._graph.entries(states).get(name))
        opacity, mask = self._graph.at(state.get("ca")), self._graph.at(state.get("SMask"))
        is_clear = isinstance(opacity, int | float) and opacity < _OPAQUE
        return is_clear or mask not in (None, Name("None"))

    def _decoded(self, written: bytes, font: Item) -> str:
        entries = self._graph.entries(font)
        if entries.get("Subtype") == "Type3" and self._is_new(font):
            raise _UnknownTextError
        to_unicode = entries.get("ToUnicode")
        if isinstance(to_unicode, Ref):
            return _mapped(written, _codes(self._graph.decoded(to_unicode)), entries)
        if entries.get("Subtype") == "Type0":
            raise _UnknownTextError
        differences = self._graph.under(entries.get("Encoding"), "Differences")
        if differences is not None and self._is_new(font):
            raise _UnknownTextError
        return written.decode("cp1252", "replace")

    def _is_new(self, font: Item) -> bool:
        return not isinstance(font, Ref) or font.number in self._touched


def fonts_of(graph: Graph, stream: Stream) -> dict[str, Item]:
    """Return the fonts that a look can name: its own, and those of the form (12.7.4.3)."""
    form = graph.under(graph.trailer.get("Root"), "AcroForm", "DR", "Font")
    own = graph.under(stream.entries.get("Resources"), "Font")
    return dict(graph.entries(form if own is None else own))


def embeds_its_letters(graph: Graph, font: Item) -> bool:
    """Say whether a font brings the shapes of its letters along."""
    entries = graph.entries(font)
    if entries.get("Subtype") == "Type3":
        return True
    descriptors = [entries.get("FontDescriptor")]
    descriptors += [
        graph.under(one, "FontDescriptor") for one in graph.items(entries.get("DescendantFonts"))
    ]
    keys = {"FontFile", "FontFile2", "FontFile3"}
    return any(keys & graph.entries(one).keys() for one in descriptors)


def normal_appearance(graph: Graph, widget: Item) -> Item:
    """Return what a widget shows when nobody points at it (``/AP /N``)."""
    return graph.under(widget, "AP", "N")


def states_of(graph: Graph, appearance: Item) -> set[str]:
    """Return the names of a button's appearances."""
    found = graph.at(appearance)
    return set(found) if isinstance(found, dict) else set()


def name_of(item: object) -> str:
    """Return a name; empty for anything else."""
    return str(item) if isinstance(item, Name) else ""


def _bytes(operand: object) -> bytes:
    if isinstance(operand, pikepdf.Array):
        return b"".join(bytes(one) for one in operand.as_list() if isinstance(one, pikepdf.String))
    return bytes(operand) if isinstance(operand, pikepdf.String) else b""


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _codes(cmap: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for first, last, meant in _RANGE.findall(cmap):
        start = int(first, 16)
        text = _unicode(meant)
        for step in range(min(int(last, 16) - start + 1, _MOST_CODES)):
            found[start + step] = text[:-1] + chr(ord(text[-1]) + step) if text else ""
    for code, meant in _PAIR.findall(cmap):
        found.setdefault(int(code, 16), _unicode(meant))
    return found


def _unicode(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii").zfill(4)).decode("utf-16-be", "replace")


def _mapped(written: bytes, codes: dict[int, str], font: object) -> str:
    width = 2 if isinstance(font, dict) and font.get("Subtype") == "Type0" else 1
    numbers = [
        int.from_bytes(written[at : at + width], "big") for at in range(0, len(written), width)
    ]
    return "".join(codes.get(number, "�") for number in numbers)
