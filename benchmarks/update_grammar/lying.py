"""Looks that show something else than the field's value, by every means of drawing."""

from collections.abc import Callable
from typing import Any, Final

from benchmarks.update_grammar.base_fields import text_look
from benchmarks.update_grammar.drawing import (
    bars, bitmap, form, helvetica, image, line, strokes, truetype, type3,
)  # fmt: skip
from benchmarks.update_grammar.honest import new_field, plain_texts, set_look, signature_look
from benchmarks.update_grammar.model import Name, Stream
from benchmarks.update_grammar.parts import Field, fields
from benchmarks.update_grammar.scene import Operation, Scene
from benchmarks.update_grammar.signing import signature_dictionary

Draw = Callable[[Scene, str, dict[str, Any]], bytes]
"""Draws a text in a look; adds what it needs to the resources."""


def _resource(resources: dict[str, Any], kind: str, name: str, value: Any) -> None:
    resources.setdefault(kind, {})[name] = value


def _by_text(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    return line(shown, 2, 5)


def _by_strokes(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    return b"1.4 w " + strokes(shown, 4, 4) + b" S"


def _by_bars(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    return bars(shown, 4, 4) + b" f"


def _by_form(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    inner = form(line(shown, 2, 5), 150, 20, scene.fonts)
    _resource(resources, "XObject", "Z1", scene.document.add(inner))
    return b"/Z1 Do"


def _by_deep_form(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    ref = scene.document.add(form(_by_bars(scene, shown, {}), 150, 20, {}))
    for _depth in range(4):
        ref = scene.document.add(form(b"/Z1 Do", 150, 20, {"XObject": {"Z1": ref}}))
    _resource(resources, "XObject", "Z1", ref)
    return b"/Z1 Do"


def _by_pattern(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    tile = Stream(
        {
            "Type": Name("Pattern"), "PatternType": 1, "PaintType": 1, "TilingType": 1,
            "BBox": [0, 0, 200, 40], "XStep": 200, "YStep": 40,
            "Resources": scene.fonts, "Matrix": [1, 0, 0, 1, 0, 0],
        },
        line(shown, 2, 5),
    )  # fmt: skip
    _resource(resources, "Pattern", "P1", scene.document.add(tile))
    return b"/Pattern cs /P1 scn 0 0 150 20 re f"


def _by_shading(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    function = {"FunctionType": 2, "Domain": [0, 1], "C0": [0, 0, 0], "C1": [0, 0, 0.3], "N": 1}
    shading = {
        "ShadingType": 2, "ColorSpace": Name("DeviceRGB"), "Coords": [0, 0, 150, 0],
        "Function": function, "Extend": [True, True],
    }  # fmt: skip
    _resource(resources, "Shading", "S1", scene.document.add(shading))
    return b"q " + bars(shown, 4, 4) + b" W n /S1 sh Q"


def _by_image(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    picture = scene.document.add(image(bitmap(shown, 150, 20), 150, 20))
    _resource(resources, "XObject", "Z1", picture)
    return b"q 150 0 0 20 0 0 cm /Z1 Do Q"


def _by_mask(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    gray = bitmap(shown, 152, 20)
    bits = bytes(
        sum((gray[at + i] < 128) << (7 - i) for i in range(8)) for at in range(0, len(gray), 8)
    )
    entries = {
        "Type": Name("XObject"), "Subtype": Name("Image"), "Width": 152, "Height": 20,
        "ImageMask": True, "BitsPerComponent": 1, "Decode": [1, 0],
    }  # fmt: skip
    _resource(resources, "XObject", "Z1", scene.document.add(Stream(entries, bits)))
    return b"q 150 0 0 20 0 0 cm /Z1 Do Q"


def _by_inline_image(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    gray = bitmap(shown, 75, 10).hex().encode()
    return (
        b"q 150 0 0 20 0 0 cm BI /W 75 /H 10 /BPC 8 /CS /G /F /AHx ID " + gray + b"> EI Q"
    )


def _by_type3(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    _resource(resources, "Font", "F9", type3(scene.document, dict(zip("012345", shown, strict=False))))
    return line("012345"[: len(shown)], 2, 5, font="F9")


def _by_foreign_font(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    _resource(resources, "Font", "F9", truetype(scene.document))
    return line(shown, 2, 5, font="F9")


def _by_lying_map(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    said = dict(zip(shown, scene.document.marks["said"], strict=False))
    _resource(resources, "Font", "F9", truetype(scene.document, said))
    return line(shown, 2, 5, font="F9")


_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _by_differences(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    said = scene.document.marks["said"]
    differences: list[Any] = []
    for code, seen in zip(said, shown, strict=False):
        if seen.isdigit():
            differences += [ord(code), Name(_DIGITS[int(seen)])]
    encoding = {"Type": Name("Encoding"), "Differences": differences}
    font = helvetica() | {"Encoding": encoding}
    _resource(resources, "Font", "F9", scene.document.add(font))
    return line(said, 2, 5, font="F9")


def _by_shared(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    """Draw a form that stands there already, with another text beside it."""
    drawn = scene.document.marks.get("shared")
    if drawn is not None:
        _resource(resources, "XObject", "Z1", drawn)
        return b"q 1 0 0 1 80 0 cm /Z1 Do Q " + line(shown, 2, 5)
    return line(shown, 2, 5)


def _by_clip(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    text = b"BT /F1 12 Tf 7 Tr 2 5 Td (%s) Tj ET" % shown.encode()
    return b"q " + text + b" 0 0 150 20 re f Q"


def _by_outline(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    return b"BT /F1 12 Tf 1 Tr 0.3 w 2 5 Td (%s) Tj ET" % shown.encode()


def _by_actual_text(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    said = scene.document.marks["said"].encode()
    return b"/Span <</ActualText (%s)>> BDC " % said + line(shown, 2, 5) + b" EMC"


def _by_turned(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    if scene.is_twin:
        return line(shown, 2, 5)  # upside down, a 66 is a 99
    return b"q -1 0 0 -1 60 18 cm " + line(shown, 2, 5) + b" Q"


def _by_spacing(scene: Scene, shown: str, resources: dict[str, Any]) -> bytes:
    letters = b" ".join(b"(%s) 0" % c.encode() for c in shown)
    return b"BT /F1 12 Tf 2 5 Td [%s] TJ ET" % letters


SHOWN: Final[dict[str, Draw]] = {
    "text": _by_text, "strokes": _by_strokes, "bars": _by_bars, "form": _by_form,
    "deep-form": _by_deep_form, "pattern": _by_pattern, "shading": _by_shading,
    "image": _by_image, "mask": _by_mask, "inline-image": _by_inline_image, "type3": _by_type3,
    "foreign-font": _by_foreign_font, "lying-map": _by_lying_map,
    "differences": _by_differences, "shared": _by_shared, "clip": _by_clip,
    "outline": _by_outline, "actual-text": _by_actual_text, "turned": _by_turned,
    "spacing": _by_spacing,
}  # fmt: skip


def _said(scene: Scene, value: str, resources: dict[str, Any]) -> dict[str, bytes]:
    """Return ways to write the value where nobody sees it."""
    state = {"Type": Name("ExtGState"), "ca": 0, "CA": 0}
    _resource(resources, "ExtGState", "G0", state)
    text = line(value, 2, 5)
    return {
        "not": b"",
        "unpainted": b"BT /F1 12 Tf 3 Tr 2 5 Td (%s) Tj 0 Tr ET" % value.encode(),
        "white": b"1 g " + text + b" 0 g",
        "tiny": line(value, 2, 5, size=0.3),
        "narrow": b"BT /F1 12 Tf 1 Tz 2 5 Td (%s) Tj 100 Tz ET" % value.encode(),
        "clipped": b"q 0 0 1 1 re W n " + text + b" Q",
        "empty-clip": b"q 0 0 0 0 re W n " + text + b" Q",
        "outside": line(value, 2, 500),
        "clear": b"q /G0 gs " + text + b" Q",
        "layer": b"/OC /Gone BDC " + text + b" EMC",
        "far-scale": b"q 0.01 0 0 0.01 5 5 cm " + text + b" Q",
        "covered": text + b" 1 g 0 0 150 20 re f 0 g",
        "pale": b"0.97 g " + text + b" 0 g",
        "seen": text,
        "marked": b"/Span <</ActualText (%s)>> BDC EMC" % value.encode(),
        "squashed": b"q 1 0 0 0.02 0 5 cm " + text + b" Q",
        "shifted": line(value, 100, 5),
    }


def _lying_look(scene: Scene, value: str, shown: str, size: tuple[float, float]) -> Stream:
    resources: dict[str, Any] = {"Font": dict(scene.fonts["Font"])}
    hidden = _said(scene, value, resources)
    ways = [name for name in hidden for _again in range(1 + 2 * (name in ("not", "seen")))]
    how = scene.dice.choice(sorted(ways))
    if how == "layer":
        gone = scene.document.add({"Type": Name("OCG"), "Name": b"Gone"})
        resources["Properties"] = {"Gone": gone}
    draw = SHOWN[scene.dice.choice(sorted(SHOWN))]
    scene.document.marks["said"] = value
    extra = draw(scene, shown, resources)
    parts = [hidden[how], extra] if scene.dice.random() < 0.7 else [extra, hidden[how]]
    content = b"/Tx BMC q 0 g " + b" ".join(parts) + b" Q EMC"
    look = form(content, *size, resources)
    return look


_PAIRS: Final = (
    ("100", "900"), ("42", "420"), ("9", "6"), ("100", ""), ("100", "1000"), ("5", "-5"),
    ("100", "100 - 100"),
)  # fmt: skip


def lying_fill(scene: Scene) -> None:
    """Fill in a field with a look that shows another value."""
    one = scene.pick(plain_texts(scene))
    value, shown = scene.dice.choice(_PAIRS)
    scene.lies = True
    scene.edit(one.ref)["V"] = value.encode()
    for widget in one.widgets:
        size = scene.box(widget)
        seen = value if scene.is_twin else shown
        set_look(scene, widget, _lying_look(scene, value, seen, size))


def _covering(scene: Scene, size: tuple[float, float]) -> bytes:
    """Return what paints over everything below."""
    return scene.dice.choice(
        (
            b"1 g 0 0 1000 1000 re f 0 g",
            b"1 1 1 rg 0 0 500 100 re f 0 g",
            b"0 g 0 0 1000 1000 re f",
            b"q 40 w 1 G 0 10 m 500 10 l S Q 0 g",
            b"q 500 0 0 100 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI Q",
            b"q 1 g BT /F1 90 Tf 0 -10 Td (MMMMM) Tj ET Q",
            b"1 g " + b" ".join(b"%d 0 6 60 re f" % x for x in range(0, 300, 5)) + b" 0 g",
        )
    )


def covering_fill(scene: Scene) -> None:
    """Fill in any field, wherever it lies, with a look that has a ground."""
    one = scene.field("Tx", "Ch")
    value = "100"
    scene.edit(one.ref)["V"] = value.encode()
    for widget in one.widgets:
        size = scene.box(widget)
        content = b"q " + _covering(scene, size) + b" " + line(value, 2, 5) + b" Q"
        set_look(scene, widget, form(content, *size, scene.fonts))


def covering_signature(scene: Scene) -> None:
    """Sign, in a prepared field, with a look that covers, or that says another thing."""
    found = [f for f in fields(scene.document) if f.kind == "Sig"]
    one: Field = scene.pick([f for f in found if "V" not in scene.document.entries(f.ref)])
    value = scene.document.add(signature_dictionary({"Name": b"Second"}))
    scene.signature = scene.signature or value
    scene.edit(one.ref)["V"] = scene.signature
    for widget in one.widgets:
        size = scene.box(widget)
        content = _covering(scene, size) + b" 0 g " + line("900 dollars", 4, 8)
        if scene.dice.random() < 0.3:
            content = line("The city pays 900 dollars.", 0, 10, size=14)
        set_look(scene, widget, form(content, *size, scene.fonts))
        if scene.dice.random() < 0.5:
            scene.edit(widget)["F"] = 4


def new_look_over(scene: Scene) -> None:
    """Add a field to sign in that is seen over, or just beside, what is there."""
    places = (
        [72, 690, 300, 716], [175, 696, 330, 712], [150, 690, 170, 715], [330, 556, 480, 582],
        [72, 560, 222, 580], [188, 698, 215, 712], [222, 560, 260, 580], [60, 590, 560, 740],
        [40, 560, 71, 580], [300, 640, 360, 660], [420, 96, 540, 116],
    )  # fmt: skip
    rect = [float(n) for n in scene.dice.choice(places)]
    width, height = rect[2] - rect[0], rect[3] - rect[1]
    text = scene.dice.choice(("000", "900", "0", " 000 dollars", "-", ".5", "Signed"))
    content = line(text, 0, 3, size=scene.dice.choice((8, 12, 14)))
    if scene.dice.random() < 0.5:
        content = _covering(scene, (width, height)) + b" 0 g " + content
    look = scene.document.add(form(content, width, height, scene.fonts))
    entries: dict[str, Any] = {"FT": Name("Sig"), "AP": {"N": look}}
    if scene.dice.random() < 0.6:
        scene.signature = scene.signature or scene.document.add(
            signature_dictionary({"Name": b"Second"})
        )
        entries["V"] = scene.signature
    new_field(scene, scene.page(), rect, **entries)


def look_alone(scene: Scene) -> None:
    """Change what a field shows, and not its value."""
    one = scene.field()
    widget = scene.pick(list(one.widgets))
    width, height = scene.box(widget)
    scene.lies = True
    shown = "137" if scene.is_twin else "731"
    set_look(scene, widget, text_look(shown, (0, 0, width, height), scene.fonts))


def value_alone(scene: Scene) -> None:
    """Change a field's value, and not what it shows."""
    one = scene.field("Tx", "Ch")
    entries = scene.edit(one.ref)
    entries["V"] = b"900"
    if scene.dice.random() < 0.4:
        entries["V"] = scene.document.add(Stream({}, b"900"))
    if scene.dice.random() < 0.2:
        entries["V"] = Name("900")


def moved_look(scene: Scene) -> None:
    """Fill in honestly, but let box or matrix of the look move, stretch or cut it."""
    one = scene.pick(plain_texts(scene))
    scene.edit(one.ref)["V"] = b"100"
    for widget in one.widgets:
        width, height = scene.box(widget)
        look = text_look("100", (0, 0, width, height), scene.fonts)
        key, value = scene.dice.choice(
            (
                ("Matrix", [0.01, 0, 0, 0.01, 0, 0]), ("Matrix", [0, 1, -1, 0, 0, 0]),
                ("Matrix", [-1, 0, 0, 1, 0, 0]), ("Matrix", [1, 0, 0, -1, 0, 0]),
                ("Matrix", [0, 0, 0, 0, 0, 0]), ("BBox", [0, 0, 12, 20]), ("BBox", [0, 0, 0, 0]),
                ("BBox", [0, 0, 5000, 5000]), ("BBox", [500, 500, 600, 520]),
                ("BBox", [150, 20, 0, 0]), ("BBox", [0, 0, 17.5, 20]), ("OC", Name("x")),
                ("Matrix", [1, 0, 0.8, 1, 0, 0]), ("Group", {"S": Name("Transparency"), "K": True}),
            )
        )  # fmt: skip
        look.entries[key] = value
        set_look(scene, widget, look)


LYING: Final[dict[str, Operation]] = {
    "lying-fill": lying_fill, "covering-fill": covering_fill,
    "covering-signature": covering_signature, "new-look-over": new_look_over,
    "look-alone": look_alone, "value-alone": value_alone, "moved-look": moved_look,
}  # fmt: skip
