"""Changes to any object in any role, by chance: keys, references, arrays, streams."""

import copy
from typing import Any, Final

from benchmarks.update_grammar.drawing import form, line
from benchmarks.update_grammar.model import Name, Ref, Stream, Value
from benchmarks.update_grammar.parts import (
    all_annotations,
    annotations,
    dictionaries,
    fields,
    page_nodes,
    pages,
    streams,
    widgets,
)  # fmt: skip
from benchmarks.update_grammar.scene import NothingToChangeError, Operation, Scene

_SCRIPT: Final = {"S": Name("JavaScript"), "JS": b"app.alert(900)"}
_LINK: Final = {"S": Name("URI"), "URI": b"https://elsewhere.example/"}
VALUES: Final[dict[str, tuple[Value, ...]]] = {
    "Type": (Name("Template"), Name("Page"), Name("Pages"), Name("Annot"), Name("Catalog"),
             Name("XObject"), Name("Metadata"), Name("ObjStm"), None, 3, Name("Font")),
    "Subtype": (Name("Widget"), Name("Link"), Name("Form"), Name("Image"), Name("Popup"),
                Name("Text"), Name("XML"), Name("Stamp"), None),
    "Rect": ([72, 690, 300, 720], [300, 720, 72, 690], [72, 690, 300, 720, 5], [72, 690, 300],
             [0, 0, 0, 0], [0, 0, 612, 792], [], [72.5, 690, 300, 720], [None, 1, 2, 3]),
    "F": (0, 1, 2, 4, 6, 16, 20, 32, 36, 64, 128, 256, 512, 1024, None, 4.0, -1, b"4"),
    "Ff": (0, 1, 2, 1 << 12, 1 << 13, 1 << 15, 1 << 16, 1 << 17, 1 << 24, 1 << 25, None),
    "MK": ({"BG": [1, 1, 1]}, {"BG": [0, 0, 0]}, {"CA": b"900"}, {"R": 90}, {"BC": [1, 0, 0]},
           {"R": 180}, {"CA": b"8"}),
    "DA": (b"/F1 99 Tf 1 g", b"/F1 12 Tf 1 g", b"/F1 1 Tf 0 g", b"", b"/ZaDb 12 Tf"),
    "Q": (0, 1, 2, 7, None), "MaxLen": (0, 1, 3, 99), "TI": (0, 1, 2, 3, -1),
    "I": ([0], [1], [2], [0, 1], [], 2), "RV": (b"<body><p>900</p></body>", Name("x")),
    "Opt": ([b"nine hundred", b"none"], [[b"0", b"nine hundred"]], []),
    "V": (b"900", Name("Yes"), Name("Off"), Name("b"), None, [b"one hundred"], 900, b""),
    "DV": (b"900", Name("Yes")), "AS": (Name("Yes"), Name("Off"), Name("a"), Name("b"), None),
    "Tabs": (Name("S"), Name("R"), Name("C"), Name("A"), Name("W"), None),
    "StructParent": (0, 1, 2, 7, None), "StructParents": (0, 1, 2, 7, None),
    "ActualText": (b"900 dollars", b"", Name("x")), "Alt": (b"900 dollars", b""),
    "E": (b"nine hundred", b""), "Lang": (b"en", b"de-CH", b""), "TU": (b"Pay 900", b""),
    "T": (b"other", b"text0", b"a.b", b"", b"\xfe\xff\x00x"), "TM": (b"other",),
    "A": (_SCRIPT, _LINK, {"S": Name("GoTo"), "D": b"amount"}, {"S": Name("Hide"), "T": b"text0"},
          {"S": Name("SubmitForm"), "F": b"https://elsewhere.example/"}, {"S": Name("Launch"),
          "F": b"x"}),
    "AA": ({"E": _SCRIPT}, {"O": _LINK}, {"F": _SCRIPT}, {"K": _SCRIPT}, {"PO": _SCRIPT},
    {"U": _LINK}),
    "PA": (_LINK,), "Next": (_SCRIPT, [_LINK]), "Dest": (b"amount", Name("amount")),
    "OpenAction": (_SCRIPT, _LINK), "JS": (b"app.alert(900)",), "URI": (b"https://elsewhere.example/",),
    "S": (Name("Sum"), Name("Artifact"), Name("NonStruct"), Name("URI"), Name("P")),
    "Rotate": (0, 90, 180, 270, 45, -90, None), "MediaBox": ([0, 0, 612, 400], [0, 100, 612, 792]),
    "CropBox": ([0, 0, 612, 690], [0, 0, 612, 792], [0, 0, 1, 1]), "UserUnit": (2, 0.5, 1),
    "Count": (0, 1, 2, -1, 99), "NeedAppearances": (True, False), "SigFlags": (0, 1, 3),
    "Contents": (b"900", []), "Annots": ([], None), "Kids": ([], None),
    "C": ([0, 0, 0], [1, 1, 1], []), "CA": (0, 0.5, 1), "IC": ([0, 0, 0],),
    "BM": (Name("Multiply"),),
    "BS": ({"W": 40}, {"W": 0}), "Border": ([0, 0, 50], [0, 0, 0]), "QuadPoints": (
        [72, 720, 400, 720, 72, 690, 400, 690], []),
    "BBox": ([0, 0, 1, 1], [0, 0, 9, 9], [0, 0, 0, 0]), "Matrix": (
        [0, 0, 0, 0, 0, 0], [-1, 0, 0, 1, 100, 0], [1, 0, 0, 1, 40, 9]),
    "Filter": (Name("ASCIIHexDecode"), Name("Crypt"), None, [Name("FlateDecode")]),
    "Encoding": ({"Differences": [49, Name("nine")]}, Name("MacRomanEncoding"), Name("x")),
    "BaseFont": (Name("Symbol"), Name("ZapfDingbats"), Name("Courier"), Name("Helvetica-Bold")),
    "PageMode": (Name("UseAttachments"), Name("FullScreen"), Name("UseOC")),
    "PageLayout": (Name("TwoColumnLeft"),), "Version": (Name("1.4"), Name("2.0")),
    "ViewerPreferences": ({"HideToolbar": True}, {"ViewArea": Name("TrimBox")}),
    "MarkInfo": ({"Marked": False}, {"Suspects": True}), "Title": (b"900", b""),
    "Name": (b"Other", Name("Other")), "Dur": (1,), "Trans": ({"S": Name("Fly")},),
    "Metadata": (None,), "LastModified": (b"D:2027", Name("x")),
    "PieceInfo": ({"X": {"Private": 1}},),
    "Group": ({"S": Name("Transparency"), "CS": Name("DeviceCMYK")},), "Order": ([],),
    "NM": (b"n",), "M": (b"D:2027",), "Open": (True,), "H": (Name("N"), Name("P"), Name("T")),
    "Lock": ({"Action": Name("All")}, None), "Perms": (None, {}), "Length1": (7,), "Popup": (None,),
    "Extensions": ({"X": {"ExtensionLevel": 1}},), "Tx": (b"x",), "GoToE": (None,), "PV": (None,),
    "ID": (b"x",), "K": (0, 1, [], None, [1, 0]), "Pg": (None,), "R": (None,), "Sound": (None,),
}  # fmt: skip
"""What may be put under a key; all of it has been seen in some file."""


def _roles(scene: Scene) -> list[list[Ref]]:
    document = scene.document
    form_ = document.catalog.get("AcroForm")
    found = [
        [document.root],
        pages(document),
        page_nodes(document),
        widgets(document),
        [one.ref for one in fields(document)],
        [parent for one in fields(document) for parent in one.parents],
        all_annotations(document),
        [form_] if isinstance(form_, Ref) else [],
        streams(document, "Form"),
        _structure(scene),
    ]
    return [one for one in found if one]


def _structure(scene: Scene) -> list[Ref]:
    return [
        Ref(n)
        for n in scene.document.objects
        if scene.document.entries(Ref(n)).get("Type") in ("StructElem", "StructTreeRoot")
    ]


def target(scene: Scene) -> Ref:
    """Choose an object: often one with a role, sometimes any."""
    if scene.dice.random() < 0.2:
        return scene.pick(dictionaries(scene.document))  # type: ignore[no-any-return]
    return scene.pick(scene.pick(_roles(scene)))  # type: ignore[no-any-return]


_TYPICAL: Final[dict[str, tuple[str, ...]]] = {
    "Page": ("Type", "Tabs", "Rotate", "MediaBox", "CropBox", "UserUnit", "AA", "Contents",
    "Annots",
             "StructParents", "LastModified", "Metadata", "PieceInfo", "Group", "Dur", "Trans",
             "Lang",
             "TU", "ActualText", "Resources", "Thumb", "Parent", "ID", "PV"),
    "Pages": ("Type", "Kids", "Count", "MediaBox", "Rotate", "CropBox", "AA", "Parent",
    "Resources"),
    "Annot": ("Rect", "F", "Ff", "MK", "DA", "Q", "MaxLen", "TI", "I", "RV", "Opt", "V", "DV", "AS",
              "AP", "A", "AA", "PA", "Dest", "OC", "StructParent", "TU", "T", "TM", "Type",
              "Subtype",
              "C", "CA", "BS", "Border", "QuadPoints", "H", "Parent", "Kids", "FT", "P", "Lang",
              "BM",
              "Contents", "Alt", "ActualText", "NM", "M", "Lock", "SV", "Popup", "IC", "Open",
              "Name"),
    "Catalog": ("OpenAction", "AA", "Lang", "MarkInfo", "PageMode", "PageLayout",
    "ViewerPreferences",
                "Version", "Type", "URI", "Metadata", "Extensions", "Names", "Dests", "Outlines",
                "OCProperties", "Perms", "PageLabels", "AcroForm", "DSS", "Collection", "Threads",
                "StructTreeRoot", "NeedAppearances", "PieceInfo", "Legal", "Requirements", "AF"),
    "StructElem": ("ActualText", "Alt", "E", "Lang", "S", "K", "P", "Pg", "T", "R", "C", "A", "ID",
                   "Type", "NS", "Phoneme"),
    "XObject": ("BBox", "Matrix", "Resources", "Type", "Subtype", "OC", "Group", "Filter",
                "StructParents", "Metadata", "LastModified", "PieceInfo", "Ref", "Name"),
}  # fmt: skip


def change_entry(scene: Scene) -> None:
    """Set a key to a plausible value, or to that of another object."""
    ref = target(scene)
    entries = scene.edit(ref)
    kind = str(entries.get("Type", "Annot"))
    keys = [*_TYPICAL.get(kind, _TYPICAL["Annot"]), *entries]
    key = scene.dice.choice(keys)
    entries[key] = _value(scene, key)


def _value(scene: Scene, key: str) -> Value:
    roll = scene.dice.random()
    if key in VALUES and roll < 0.7:
        return copy.deepcopy(scene.dice.choice(VALUES[key]))
    others = [
        found[key]
        for found in (scene.document.entries(one) for one in dictionaries(scene.document))
        if key in found
    ]
    if others and roll < 0.9:
        return copy.deepcopy(scene.dice.choice(others))
    return any_value(scene)


def any_value(scene: Scene) -> Value:
    """Return a value of any type."""
    reference = scene.pick([Ref(n) for n in sorted(scene.document.objects)])
    return scene.dice.choice((None, reference, [reference], {}, b"900", Name("X"), 0, True))


def drop_entry(scene: Scene) -> None:
    """Take a key away."""
    entries = scene.edit(target(scene))
    del entries[scene.pick(sorted(entries))]


def nudge_number(scene: Scene) -> None:
    """Change one number, deep inside an object."""
    ref = target(scene)
    places = list(_numbers(scene.edit(ref)))
    holder, key = scene.pick(places)
    old = holder[key]
    holder[key] = scene.dice.choice((old + 1, -old, old * 2, 0, old + 0.5, old + 40))


def _numbers(value: Value) -> list[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, one in items:
        if isinstance(one, dict) or (isinstance(one, list) and not isinstance(one, Ref)):
            found += _numbers(one)
        elif isinstance(one, int | float) and not isinstance(one, bool):
            found.append((value, key))
    return found


def _places(value: Value) -> list[tuple[Any, Any]]:
    """Return where references stand, deep inside a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, one in items:
        if isinstance(one, Ref):
            found.append((value, key))
        elif isinstance(one, dict | list):
            found += _places(one)
    return found


def swap_reference(scene: Scene) -> None:
    """Let a reference lead to another object."""
    ref = target(scene)
    holder, key = scene.pick(_places(scene.edit(ref)))
    holder[key] = scene.pick(dictionaries(scene.document))


def make_direct(scene: Scene) -> None:
    """Put an object where its reference stood, sometimes changed."""
    ref = target(scene)
    holder, key = scene.pick(_places(scene.edit(ref)))
    value = scene.document.at(holder[key])
    if isinstance(value, Stream):
        raise NothingToChangeError
    holder[key] = copy.deepcopy(value)
    if isinstance(value, dict) and value and scene.dice.random() < 0.5:
        own = scene.pick(sorted(value))
        holder[key][own] = _value(scene, own)


def make_indirect(scene: Scene) -> None:
    """Put an entry into an object of its own."""
    entries = scene.edit(target(scene))
    key = scene.pick(sorted(entries))
    if isinstance(entries[key], Ref):
        raise NothingToChangeError
    entries[key] = scene.document.add(entries[key])


def change_array(scene: Scene) -> None:
    """Reorder an array, or repeat, remove or add one of its items."""
    entries = scene.edit(target(scene))
    found = [k for k, v in entries.items() if isinstance(scene.document.at(v), list)]
    key = scene.pick(sorted(found))
    scene.document.touch(entries[key])
    items = scene.document.at(entries[key])
    match scene.dice.choice(("reverse", "repeat", "drop", "add", "null", "nest")):
        case "reverse":
            items.reverse()
        case "repeat" if items:
            items.insert(scene.dice.randrange(len(items) + 1), scene.dice.choice(items))
        case "drop" if items:
            items.pop(scene.dice.randrange(len(items)))
        case "null":
            items.insert(0, None)
        case "nest" if items:
            items[0] = [items[0]]
        case _:
            items.append(scene.pick(dictionaries(scene.document)))


def replace_object(scene: Scene) -> None:
    """Put another object, or nothing, in an object's place."""
    ref = target(scene)
    other = scene.pick(dictionaries(scene.document))
    new = copy.deepcopy(scene.document.at(other)) if scene.dice.random() < 0.8 else None
    scene.document.objects[ref.number] = new
    scene.document.touch(ref)


def change_stream(scene: Scene) -> None:
    """Draw more, or another thing, in any stream."""
    ref = scene.pick(streams(scene.document))
    stream = scene.document.objects[ref.number]
    scene.document.touch(ref)
    more = b" q 1 0 0 1 0 0 cm " + line("900", 5, 5) + b" Q"
    match scene.dice.choice(("append", "swap", "empty", "form", "edit")):
        case "append":
            stream.content += more
        case "swap":
            other = scene.document.objects[scene.pick(streams(scene.document)).number]
            stream.content = other.content
        case "empty":
            stream.content = b""
        case "form":
            scene.document.objects[ref.number] = form(more, 150, 20, scene.fonts)
        case _:
            stream.content = stream.content.replace(b"1", b"9", 1)


GRAPH: Final[dict[str, Operation]] = {
    "change-entry": change_entry, "drop-entry": drop_entry, "nudge-number": nudge_number,
    "swap-reference": swap_reference, "make-direct": make_direct,
    "make-indirect": make_indirect, "change-array": change_array,
    "replace-object": replace_object, "change-stream": change_stream,
}  # fmt: skip

__all__ = ["GRAPH", "VALUES", "annotations", "any_value", "target"]
