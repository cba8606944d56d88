"""Values and looks that do not belong together: half filled, exchanged, chosen and not ticked."""

import zlib
from typing import Any, Final

from benchmarks.update_grammar.base_fields import text_look
from benchmarks.update_grammar.drawing import form, line
from benchmarks.update_grammar.honest import options_of, plain_texts, set_look, states
from benchmarks.update_grammar.model import Name, Ref, Stream
from benchmarks.update_grammar.parts import fields
from benchmarks.update_grammar.scene import NothingToChangeError, Operation, Scene


def _look(scene: Scene, text: str, widget: Ref) -> Stream:
    width, height = scene.box(widget)
    return text_look(text, (0, 0, width, height), scene.fonts)


def half_filled(scene: Scene) -> None:
    """Fill in a field that is seen twice, but show the new value once."""
    one = scene.pick([one for one in plain_texts(scene) if len(one.widgets) > 1])
    scene.lies = True
    scene.edit(one.ref)["V"] = b"900"
    for place, widget in enumerate(one.widgets):
        if place == 0 or scene.is_twin:
            set_look(scene, widget, _look(scene, "900", widget))


def exchanged(scene: Scene) -> None:
    """Fill in two fields, each with the other's look."""
    found = plain_texts(scene)
    if len(found) < 2:
        raise NothingToChangeError
    pair = scene.dice.sample(found, 2)
    scene.lies = True
    values = ("100", "Tremblay") if scene.dice.random() < 0.5 else ("100", "900")
    shown = values if scene.is_twin else values[::-1]
    for one, value, seen in zip(pair, values, shown, strict=True):
        scene.edit(one.ref)["V"] = value.encode()
        for widget in one.widgets:
            set_look(scene, widget, _look(scene, seen, widget))


def lying_choice(scene: Scene) -> None:
    """Choose one entry and show another's text."""
    one = scene.pick([f for f in fields(scene.document) if f.kind == "Ch"])
    options = options_of(scene, one)
    if len(options) < 2:
        raise NothingToChangeError
    (value, honest), (_other, seen) = scene.dice.sample(options, 2)
    scene.lies = True
    scene.edit(one.ref)["V"] = value
    for widget in one.widgets:
        text = honest if scene.is_twin else seen
        set_look(scene, widget, _look(scene, text.decode(), widget))


def lying_radio(scene: Scene) -> None:
    """Choose one radio button and show another, or several, as chosen."""
    buttons = [f for f in fields(scene.document) if f.kind == "Btn" and len(f.widgets) > 1]
    one = scene.pick(buttons)
    scene.lies = True
    scene.edit(one.ref)["V"] = Name("a")
    both = scene.dice.random() < 0.3
    for widget in one.widgets:
        known = states(scene, widget)
        is_on = ("a" in known) if scene.is_twin else ("b" in known) or both
        on = next((one for one in known if one != "Off"), "Off")
        scene.edit(widget)["AS"] = Name(on if is_on else "Off")


def lying_check(scene: Scene) -> None:
    """Tick a box and do not show it, or show a tick that is none."""
    buttons = [
        f
        for f in fields(scene.document)
        if f.kind == "Btn" and len(f.widgets) == 1 and not scene.flags(f) & (1 << 15 | 1 << 16)
    ]
    one = scene.pick(buttons)
    scene.lies = True
    value, seen = scene.dice.choice((("Yes", "Off"), ("Off", "Yes"), ("yes", "Yes"), ("X", "Off")))
    scene.edit(one.ref)["V"] = Name(value)
    scene.edit(one.widgets[0])["AS"] = Name(value if scene.is_twin else seen)


def states_of_a_text(scene: Scene) -> None:
    """Give a text field several looks, of which readers choose differently."""
    one = scene.pick(plain_texts(scene))
    scene.lies = True
    scene.edit(one.ref)["V"] = b"100"
    for widget in one.widgets:
        said = scene.document.add(_look(scene, "100", widget))
        other = scene.document.add(_look(scene, "100" if scene.is_twin else "900", widget))
        looks = scene.dice.choice(
            ({"Off": other}, {"100": said, "Off": other}, {"A": other, "B": said}, {"A": other})
        )
        entries = scene.edit(widget)
        entries["AP"] = {"N": looks}
        state = scene.dice.choice(("Off", "100", "A", "B", ""))
        if state:
            entries["AS"] = Name(state)


def odd_stream(scene: Scene) -> None:
    """Fill in with a look whose stream is read in several ways."""
    one = scene.pick(plain_texts(scene))
    scene.lies = True
    scene.edit(one.ref)["V"] = b"100"
    for widget in one.widgets:
        said, other = _look(scene, "100", widget), _look(scene, "900", widget)
        seen = said if scene.is_twin else other
        set_look(scene, widget, _odd(scene, said, seen))


def _odd(scene: Scene, said: Stream, seen: Stream) -> Stream:
    content: bytes = seen.content
    how: dict[str, Any]
    match scene.dice.choice(("hex", "two", "external", "parms", "junk", "cut", "array")):
        case "hex":
            content, how = content.hex().encode() + b">", {"Filter": Name("ASCIIHexDecode")}
        case "two":
            content = zlib.compress(content).hex().encode() + b">"
            how = {"Filter": [Name("ASCIIHexDecode"), Name("FlateDecode")]}
        case "external":
            content, how = said.content, {"F": b"other.bin", "FFilter": Name("ASCIIHexDecode")}
        case "parms":
            content = zlib.compress(content)
            how = {"Filter": Name("FlateDecode"), "DecodeParms": {"Predictor": 1, "Columns": 4}}
        case "junk":
            content, how = said.content + b" Q Q ) > ] 1 0 0 rg " + content, {}
        case "cut":
            content, how = said.content + b" BT (", {}
        case _:
            content, how = zlib.compress(content), {"Filter": [Name("Fl")]}
    return Stream({**said.entries, **how}, content)


def borrowed_resources(scene: Scene) -> None:
    """Fill in with a look that brings no resources, or names that mean another thing elsewhere."""
    one = scene.pick(plain_texts(scene))
    scene.edit(one.ref)["V"] = b"100"
    symbols = {"Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name("ZapfDingbats")}
    for widget in one.widgets:
        width, height = scene.box(widget)
        name = scene.dice.choice(("F1", "F3", "F4", "Nothing"))
        look = form(line("100", 2, 5, font=name), width, height, scene.fonts)
        match scene.dice.choice(("none", "empty", "other", "null")):
            case "none":
                look.entries.pop("Resources")
            case "empty":
                look.entries["Resources"] = {}
            case "other":
                scene.lies = True
                look.entries["Resources"] = {"Font": {name: scene.document.add(symbols)}}
            case _:
                look.entries["Resources"] = None
        set_look(scene, widget, _look(scene, "100", widget) if scene.is_twin else look)


def trailer(scene: Scene) -> None:
    """Let the trailer lead to another catalog, or give its information another role."""
    document = scene.document
    match scene.dice.choice(("info", "root", "root-changed", "id")):
        case "info":
            document.trailer["Info"] = scene.pick([Ref(n) for n in sorted(document.objects)])
            scene.edit(document.root)
        case "root":
            document.trailer["Root"] = document.add(dict(document.catalog))
        case "root-changed":
            more = {"OpenAction": {"S": Name("URI"), "URI": b"https://elsewhere.example/"}}
            document.trailer["Root"] = document.add({**document.catalog, **more})
        case _:
            document.trailer["ID"] = [b"0123456789abcdef", b"fedcba9876543210"]
            scene.edit(document.root)


MISMATCHES: Final[dict[str, Operation]] = {
    "half-filled": half_filled,
    "exchanged": exchanged,
    "lying-choice": lying_choice,
    "lying-radio": lying_radio,
    "lying-check": lying_check,
    "states-of-a-text": states_of_a_text,
    "odd-stream": odd_stream,
    "borrowed-resources": borrowed_resources,
    "trailer": trailer,
}
