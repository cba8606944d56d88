"""Ways to draw a text in a look, so that a program takes it for another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.update_grammar.drawing import (
    bars,
    bitmap,
    cid_font,
    form,
    helvetica,
    image,
    line,
    strokes,
    truetype,
    type3,
)
from benchmarks.update_grammar.model import Name, Ref, Stream
from benchmarks.update_grammar.scene import Scene

_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass
class Brush:
    """What draws one look."""

    scene: Scene
    said: str
    """The field's value."""
    shown: str
    """What is to be seen."""
    resources: dict[str, Any] = field(default_factory=dict)

    def resource(self, kind: str, name: str, value: Any) -> None:
        """Name a resource of the look."""
        self.resources.setdefault(kind, {})[name] = value

    def add(self, value: Any) -> Ref:
        """Add an object to the document."""
        return self.scene.document.add(value)

    @property
    def is_honest(self) -> bool:
        """True where the look is to show what the field says."""
        return self.scene.is_twin


Draw = Callable[[Brush], bytes]


def _text(brush: Brush) -> bytes:
    return line(brush.shown, 2, 5)


def _strokes(brush: Brush) -> bytes:
    return b"1.4 w " + strokes(brush.shown, 4, 4) + b" S"


def _bars(brush: Brush) -> bytes:
    return bars(brush.shown, 4, 4) + b" f"


def _form(brush: Brush) -> bytes:
    inner = form(line(brush.shown, 2, 5), 150, 20, brush.scene.fonts)
    brush.resource("XObject", "Z1", brush.add(inner))
    return b"/Z1 Do"


def _deep_form(brush: Brush) -> bytes:
    ref = brush.add(form(_bars(brush), 150, 20, {}))
    for _depth in range(4):
        ref = brush.add(form(b"/Z1 Do", 150, 20, {"XObject": {"Z1": ref}}))
    brush.resource("XObject", "Z1", ref)
    return b"/Z1 Do"


def _pattern(brush: Brush) -> bytes:
    entries = {
        "Type": Name("Pattern"),
        "PatternType": 1,
        "PaintType": 1,
        "TilingType": 1,
        "BBox": [0, 0, 200, 40],
        "XStep": 200,
        "YStep": 40,
        "Resources": brush.scene.fonts,
        "Matrix": [1, 0, 0, 1, 0, 0],
    }
    brush.resource("Pattern", "P1", brush.add(Stream(entries, line(brush.shown, 2, 5))))
    return b"/Pattern cs /P1 scn 0 0 150 20 re f"


def _shading(brush: Brush) -> bytes:
    function = {"FunctionType": 2, "Domain": [0, 1], "C0": [0, 0, 0], "C1": [0, 0, 0.3], "N": 1}
    shading = {
        "ShadingType": 2,
        "ColorSpace": Name("DeviceRGB"),
        "Coords": [0, 0, 150, 0],
        "Function": function,
        "Extend": [True, True],
    }
    brush.resource("Shading", "S1", brush.add(shading))
    return b"q " + bars(brush.shown, 4, 4) + b" W n /S1 sh Q"


def _image(brush: Brush) -> bytes:
    brush.resource("XObject", "Z1", brush.add(image(bitmap(brush.shown, 150, 20), 150, 20)))
    return b"q 150 0 0 20 0 0 cm /Z1 Do Q"


def _soft_image(brush: Brush) -> bytes:
    gray = bytes(255 - one for one in bitmap(brush.shown, 150, 20))
    mask = brush.add(image(gray, 150, 20))
    brush.resource("XObject", "Z1", brush.add(image(bytes(150 * 20), 150, 20, SMask=mask)))
    return b"q 150 0 0 20 0 0 cm /Z1 Do Q"


def _mask(brush: Brush) -> bytes:
    gray = bitmap(brush.shown, 152, 20)
    bits = bytes(
        sum((gray[at + i] < 128) << (7 - i) for i in range(8)) for at in range(0, len(gray), 8)
    )
    entries = {
        "Type": Name("XObject"),
        "Subtype": Name("Image"),
        "Width": 152,
        "Height": 20,
        "ImageMask": True,
        "BitsPerComponent": 1,
        "Decode": [1, 0],
    }
    brush.resource("XObject", "Z1", brush.add(Stream(entries, bits)))
    return b"q 150 0 0 20 0 0 cm /Z1 Do Q"


def _inline_image(brush: Brush) -> bytes:
    gray = bitmap(brush.shown, 75, 10).hex().encode()
    return b"q 150 0 0 20 0 0 cm BI /W 75 /H 10 /BPC 8 /CS /G /F /AHx ID " + gray + b"> EI Q"


def _type3(brush: Brush) -> bytes:
    shapes = dict(zip("012345", brush.shown, strict=False)) or {"0": "0"}
    brush.resource("Font", "F9", type3(brush.scene.document, shapes))
    return line("012345"[: len(brush.shown)], 2, 5, font="F9")


def _foreign_font(brush: Brush) -> bytes:
    brush.resource("Font", "F9", truetype(brush.scene.document))
    return line(brush.shown, 2, 5, font="F9")


def _lying_map(brush: Brush) -> bytes:
    said = dict(zip(brush.shown, brush.said, strict=False))
    brush.resource("Font", "F9", truetype(brush.scene.document, said))
    return line(brush.shown, 2, 5, font="F9")


def _glyphs(brush: Brush) -> bytes:
    """Show glyphs by their numbers; what they are said to be is the value."""
    brush.resource("Font", "F9", cid_font(brush.scene.document, brush.shown, brush.said))
    codes = b"".join(b"%04x" % (ord(c) - 31) for c in brush.shown)
    return b"BT /F9 12 Tf 2 5 Td <%s> Tj ET" % codes


def _differences(brush: Brush) -> bytes:
    differences: list[Any] = []
    for code, seen in zip(brush.said, brush.shown, strict=False):
        if seen.isdigit():
            differences += [ord(code), Name(_DIGITS[int(seen)])]
    encoding = {"Type": Name("Encoding"), "Differences": differences}
    brush.resource("Font", "F9", brush.add(helvetica() | {"Encoding": encoding}))
    return line(brush.said, 2, 5, font="F9")


def _narrow_letters(brush: Brush) -> bytes:
    """Print all letters in one place."""
    if brush.is_honest:
        return line(brush.said, 2, 5)
    widths: dict[str, Any] = {"FirstChar": 32, "LastChar": 126, "Widths": [0] * 95}
    brush.resource("Font", "F9", brush.add(helvetica(**widths)))
    return line(brush.said, 2, 5, font="F9")


def _backwards(brush: Brush) -> bytes:
    if brush.is_honest:
        return line(brush.said, 2, 5)
    return b"BT /F1 12 Tf -13.34 Tc 40 5 Td (%s) Tj 0 Tc ET" % brush.said.encode()


def _misplaced(brush: Brush) -> bytes:
    """Write the value's letters in their order, each where it misleads."""
    said = brush.said.encode() or b"0"
    way = brush.scene.dice.choice(_MISPLACED)  # drawn by the twin, too: the dice stay in step
    if brush.is_honest:
        return line(brush.said, 2, 5)
    if way.count(b"%s") == 1:
        gap = b" 1668 " if b"30 5 Td" in way else b" 556 "
        return way % gap.join(b"(%c)" % letter for letter in said)
    return way % (said[:1], said[1:])


_MISPLACED: Final = (
    b"BT /F1 12 Tf 30 5 Td [%s] TJ ET",
    b"BT /F1 12 Tf 2 5 Td [%s] TJ ET",
    b"BT /F1 12 Tf 1 0 0 1 30 5 Tm (%s) Tj 1 0 0 1 2 5 Tm (%s) Tj ET",
    b"q 1 0 0 1 30 0 cm BT /F1 12 Tf 2 5 Td (%s) Tj ET Q BT /F1 12 Tf 2 5 Td (%s) Tj ET",
    b"BT /F1 12 Tf 2 5 Td (%s) Tj /F1 3 Tf (%s) Tj ET",
    b"BT /F1 8 Tf 2 2 Td (%s) Tj 0 9 Td (%s) Tj ET",
    b"BT /F1 12 Tf 2 5 Td (%s) Tj 6 Ts (%s) Tj 0 Ts ET",
)


def _turned(brush: Brush) -> bytes:
    if brush.is_honest:
        return line(brush.shown, 2, 5)  # upside down, a 66 is a 99
    return b"q -1 0 0 -1 60 18 cm " + line(brush.shown, 2, 5) + b" Q"


def _mirrored(brush: Brush) -> bytes:
    if brush.is_honest:
        return line(brush.said, 2, 5)
    return b"q -1 0 0 1 60 0 cm " + line(brush.said, 2, 5) + b" Q"


def _other_font(brush: Brush) -> bytes:
    """Write the value in a font that shows signs, under the name of the usual font."""
    if not brush.is_honest:
        entries = {"Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name("ZapfDingbats")}
        brush.resource("Font", "F1", brush.add(entries))
    return line(brush.said, 2, 5)


def _raised(brush: Brush) -> bytes:
    raised = b"BT /F1 12 Tf 9 Ts 2 5 Td (%s) Tj 0 Ts ET"
    return raised % brush.shown.encode()


def _shared(brush: Brush) -> bytes:
    """Draw a form that stands there already, with the text beside it."""
    drawn = brush.scene.document.marks.get("shared")
    if drawn is None:
        return line(brush.shown, 2, 5)
    brush.resource("XObject", "Z1", drawn)
    return b"q 1 0 0 1 80 0 cm /Z1 Do Q " + line(brush.shown, 2, 5)


def _clip(brush: Brush) -> bytes:
    text = b"BT /F1 12 Tf 7 Tr 2 5 Td (%s) Tj ET" % brush.shown.encode()
    return b"q " + text + b" 0 0 150 20 re f Q"


def _outline(brush: Brush) -> bytes:
    return b"BT /F1 12 Tf 1 Tr 0.3 w 2 5 Td (%s) Tj ET" % brush.shown.encode()


def _actual_text(brush: Brush) -> bytes:
    opening = b"/Span <</ActualText (%s)>> BDC " % brush.said.encode()
    return opening + line(brush.shown, 2, 5) + b" EMC"


def _spaced(brush: Brush) -> bytes:
    letters = b" ".join(b"(%s) 0" % c.encode() for c in brush.shown)
    return b"BT /F1 12 Tf 2 5 Td [%s] TJ ET" % letters


SHOWN: Final[dict[str, Draw]] = {
    "text": _text,
    "strokes": _strokes,
    "bars": _bars,
    "form": _form,
    "deep-form": _deep_form,
    "pattern": _pattern,
    "shading": _shading,
    "image": _image,
    "soft-image": _soft_image,
    "mask": _mask,
    "inline-image": _inline_image,
    "type3": _type3,
    "foreign-font": _foreign_font,
    "lying-map": _lying_map,
    "glyphs": _glyphs,
    "differences": _differences,
    "narrow-letters": _narrow_letters,
    "backwards": _backwards,
    "misplaced": _misplaced,
    "turned": _turned,
    "mirrored": _mirrored,
    "other-font": _other_font,
    "raised": _raised,
    "shared": _shared,
    "clip": _clip,
    "outline": _outline,
    "actual-text": _actual_text,
    "spaced": _spaced,
}
