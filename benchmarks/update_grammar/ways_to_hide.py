"""Ways to write a field's value in its look where nobody sees it."""

from typing import Final

from benchmarks.update_grammar.drawing import form, line
from benchmarks.update_grammar.model import Name
from benchmarks.update_grammar.ways_to_show import Brush, Draw


def _written(template: bytes) -> Draw:
    return lambda brush: template % brush.said.encode()


def _line(before: bytes = b"", after: bytes = b"", *, y: float = 5, size: float = 12) -> Draw:
    return lambda brush: before + line(brush.said, 2, y, size=size) + after


def _clear(brush: Brush) -> bytes:
    brush.resource("ExtGState", "G0", {"Type": Name("ExtGState"), "ca": 0, "CA": 0})
    return b"q /G0 gs " + line(brush.said, 2, 5) + b" Q"


def _blended(brush: Brush) -> bytes:
    brush.resource("ExtGState", "G1", {"Type": Name("ExtGState"), "BM": Name("Screen")})
    return b"q /G1 gs " + line(brush.said, 2, 5) + b" Q"


def _masked(brush: Brush) -> bytes:
    group = {"Type": Name("Group"), "S": Name("Transparency"), "CS": Name("DeviceGray")}
    nothing = brush.add(form(b"0 g 0 0 150 20 re f", 150, 20, {}, Group=group))
    mask = {"Type": Name("Mask"), "S": Name("Luminosity"), "G": nothing}
    brush.resource("ExtGState", "G2", {"Type": Name("ExtGState"), "SMask": mask})
    return b"q /G2 gs " + line(brush.said, 2, 5) + b" Q"


def _layer(brush: Brush) -> bytes:
    gone = brush.add({"Type": Name("OCG"), "Name": b"Gone"})
    brush.resource("Properties", "Gone", gone)
    return b"/OC /Gone BDC " + line(brush.said, 2, 5) + b" EMC"


HIDDEN: Final[dict[str, Draw]] = {
    "not": lambda _brush: b"",
    "seen": _line(),
    "unpainted": _written(b"BT /F1 12 Tf 3 Tr 2 5 Td (%s) Tj 0 Tr ET"),
    "white": _line(b"1 g ", b" 0 g"),
    "pale": _line(b"0.97 g ", b" 0 g"),
    "tiny": _line(size=0.3),
    "narrow": _written(b"BT /F1 12 Tf 1 Tz 2 5 Td (%s) Tj 100 Tz ET"),
    "clipped": _line(b"q 0 0 1 1 re W n ", b" Q"),
    "empty-clip": _line(b"q 0 0 0 0 re W n ", b" Q"),
    "outside": _line(y=500),
    "below": _line(y=-9),
    "clear": _clear,
    "blended": _blended,
    "masked": _masked,
    "layer": _layer,
    "far-scale": _line(b"q 0.01 0 0 0.01 5 5 cm ", b" Q"),
    "covered": _line(b"", b" 1 g 0 0 150 20 re f 0 g"),
    "marked": _written(b"/Span <</ActualText (%s)>> BDC EMC"),
    "squashed": _line(b"q 1 0 0 0.02 0 5 cm ", b" Q"),
    "shifted": _written(b"BT /F1 12 Tf 100 5 Td (%s) Tj ET"),
    "pattern-ink": _line(b"/Pattern cs /None scn ", b" 0 g"),
}
"""By how; ``seen`` hides nothing, ``not`` writes nothing."""
