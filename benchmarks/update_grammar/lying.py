"""Looks that show something else than the field's value, by every means of drawing."""

from typing import Any, Final

from benchmarks.update_grammar.base_fields import text_look
from benchmarks.update_grammar.drawing import form, line
from benchmarks.update_grammar.honest import new_field, plain_texts, set_look
from benchmarks.update_grammar.model import Name, Stream
from benchmarks.update_grammar.parts import Field, fields
from benchmarks.update_grammar.scene import Operation, Scene
from benchmarks.update_grammar.signing import signature_dictionary
from benchmarks.update_grammar.ways_to_hide import HIDDEN
from benchmarks.update_grammar.ways_to_show import SHOWN, Brush


def _lying_look(scene: Scene, value: str, shown: str, size: tuple[float, float]) -> Stream:
    brush = Brush(scene, value, shown, {"Font": dict(scene.fonts["Font"])})
    how = scene.dice.choice([*sorted(HIDDEN), "not", "not", "seen", "seen"])
    hidden = HIDDEN[how](brush)
    drawn = SHOWN[scene.dice.choice(sorted(SHOWN))](brush)
    parts = [hidden, drawn] if scene.dice.random() < 0.7 else [drawn, hidden]
    return form(b"/Tx BMC q 0 g " + b" ".join(parts) + b" Q EMC", *size, brush.resources)


_PAIRS: Final = (
    ("100", "900"), ("42", "420"), ("9", "6"), ("100", ""), ("100", "1000"), ("5", "-5"),
    ("100", "100 - 100"), ("100", "1OO"), ("100", "l00"), ("10.0", "100"),
    ("66", "99"), ("100", "100,"), ("Tremblay", "Gagnon"),
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


def _covering(scene: Scene) -> bytes:
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
        content = b"q " + _covering(scene) + b" " + line(value, 2, 5) + b" Q"
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
        content = _covering(scene) + b" 0 g " + line("900 dollars", 4, 8)
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
        content = _covering(scene) + b" 0 g " + content
    look = scene.document.add(form(content, width, height, scene.fonts))
    entries: dict[str, Any] = {"FT": Name("Sig"), "AP": {"N": look}}
    if scene.dice.random() < 0.6:
        scene.signature = scene.signature or scene.document.add(
            signature_dictionary({"Name": b"Second"})
        )
        entries["V"] = scene.signature
    new_field(scene, scene.page(), rect, **entries)


def sign_in_a_field(scene: Scene) -> None:
    """Sign in a new field that lies on another, and draw into it what looks like its value."""
    one = scene.field("Btn", "Tx", "Ch")
    chosen = scene.pick(list(one.widgets))
    widget = scene.document.entries(chosen)
    width, height = scene.box(chosen)
    drawn = scene.dice.choice(
        (
            b"2 w 3 3 m 15 15 l S 3 15 m 15 3 l S",
            b"1.5 w 3 9 m 7 3 l 15 15 l S",
            line("X", 5, 4),
            line("900", 2, 5),
        )
    )
    look = scene.document.add(form(drawn, width, height, scene.fonts))
    scene.signature = scene.signature or scene.document.add(signature_dictionary({}))
    entries: dict[str, Any] = {"FT": Name("Sig"), "V": scene.signature, "AP": {"N": look}}
    rect = [float(n) for n in scene.document.at(widget["Rect"])]
    new_field(scene, widget["P"], rect, **entries)


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
    "sign-in-a-field": sign_in_a_field,
    "look-alone": look_alone, "value-alone": value_alone, "moved-look": moved_look,
}  # fmt: skip
