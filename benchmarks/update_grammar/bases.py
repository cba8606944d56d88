"""Documents to be signed: plain ones and ones that their maker prepared, no two alike."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.update_grammar.base_extras import EXTRAS, add_tags
from benchmarks.update_grammar.base_fields import add_fields
from benchmarks.update_grammar.document import KINDS, Document, Layout
from benchmarks.update_grammar.drawing import (
    bitmap,
    form,
    helvetica,
    image,
    line,
    strokes,
    truetype,
    type3,
)  # fmt: skip
from benchmarks.update_grammar.model import Name, Ref, Stream
from benchmarks.update_grammar.signing import identity, sealed, signature_dictionary

LOCKS: Final = ("none", "P1", "P2", "P3", "all", "include", "exclude")


@dataclass(frozen=True)
class Base:
    """A signed document."""

    name: str
    lock: str
    """What the signer allows: ``none``, DocMDP P, or which fields it locks."""
    locked: frozenset[str]
    """The fields that an ``include`` or ``exclude`` lock names."""
    document: Document
    content: bytes


@dataclass(frozen=True)
class Sketch:
    """A page in the making."""

    document: Document
    dice: random.Random
    resources: dict[str, Any]


Content = Callable[[Sketch], bytes]


def _text(sketch: Sketch) -> bytes:
    rows = [
        "The city pays 100 dollars to Mr. Tremblay.",
        f"Reference {sketch.dice.randint(1000, 9999)}, account 4{sketch.dice.randint(10, 99)} 815.",
        "No other amount is due.",
    ]
    return b"\n".join(line(row, 72, 700 - 24 * i, size=14) for i, row in enumerate(rows))


def _scan(sketch: Sketch) -> bytes:
    picture = sketch.document.add(image(bitmap("100 - 815", 153, 40), 153, 40))
    sketch.resources.setdefault("XObject", {})["Im1"] = picture
    return b"q 468 0 0 122 72 600 cm /Im1 Do Q"


def _type3(sketch: Sketch) -> bytes:
    sketch.resources["Font"]["F3"] = type3(sketch.document, {c: c for c in "0123456789"})
    return line("100 815", 72, 700, font="F3", size=16) + b"\n" + line("Amount above.", 72, 676)


def _embedded(sketch: Sketch) -> bytes:
    sketch.resources["Font"]["F4"] = truetype(sketch.document)
    return line("The city pays 100 dollars.", 72, 700, font="F4", size=14)


def _nested(sketch: Sketch) -> bytes:
    fonts = {"Font": {"F1": sketch.document.marks["font"]}}
    inner = sketch.document.add(
        form(line("The city pays 100 dollars.", 0, 5, size=14), 400, 24, fonts)
    )
    outer = sketch.document.add(
        form(b"q 1 0 0 1 0 0 cm /X1 Do Q", 400, 24, {"XObject": {"X1": inner}})
    )
    sketch.resources.setdefault("XObject", {})["X2"] = outer
    return b"q 1 0 0 1 72 695 cm /X2 Do Q"


def _drawn(_sketch: Sketch) -> bytes:
    return b"2 w " + strokes("100 815", 72, 700, 1.5) + b" S 72 690 300 0.5 re f"


def _layered(sketch: Sketch) -> bytes:
    titles = (b"Amount", b"Other")
    layers = [sketch.document.add({"Type": Name("OCG"), "Name": title}) for title in titles]
    sketch.resources["Properties"] = {"MC0": layers[0], "MC1": layers[1]}
    sketch.document.catalog["OCProperties"] = {
        "OCGs": list(layers),
        "D": {"ON": [layers[0]], "OFF": [layers[1]], "Order": list(layers)},
    }
    return (
        b"/OC /MC0 BDC " + line("The city pays 100 dollars.", 72, 700, size=14) + b" EMC\n"
        b"/OC /MC1 BDC " + line("The city pays 900 dollars.", 72, 660, size=14) + b" EMC"
    )


def _spanned(_sketch: Sketch) -> bytes:
    return (
        b"/Span <</ActualText (The city pays 100 dollars.)>> BDC "
        + line("The city pays 100 $.", 72, 700, size=14) + b" EMC"
    )  # fmt: skip


CONTENTS: Final[dict[str, Content]] = {
    "text": _text, "scan": _scan, "type3": _type3, "embedded": _embedded, "nested": _nested,
    "drawn": _drawn, "layered": _layered, "spanned": _spanned,
}  # fmt: skip


def unsigned(dice: random.Random) -> tuple[str, Document]:
    """Return a document of no one kind."""
    document = Document()
    root = document.add({"Type": Name("Catalog")})
    document.trailer["Root"] = root
    document.marks["font"] = document.add(helvetica())
    document.marks["lines"] = []
    kinds = dice.choices(
        sorted(CONTENTS),
        weights=[1, 2, 1, 1, 2, 1, 6, 1][: len(CONTENTS)],
        k=dice.choice((1, 1, 2, 3)),
    )
    is_tagged = dice.random() < 0.35
    pages = [_page(document, kind, dice, is_tagged=is_tagged) for kind in kinds]
    _tree(document, pages, dice)
    if dice.random() < 0.85:
        add_fields(document, pages, dice)
    names = [name for name in sorted(EXTRAS) if dice.random() < 0.25]
    for name in names:
        EXTRAS[name](document, pages, dice)
    if is_tagged:
        add_tags(document, pages, dice)
    _rule_lines(document, pages)
    return "+".join([*kinds, *(["tagged"] if is_tagged else []), *names]), document


def _page(document: Document, kind: str, dice: random.Random, *, is_tagged: bool) -> Ref:
    resources: dict[str, Any] = {"Font": {"F1": document.marks["font"]}}
    content = CONTENTS[kind](Sketch(document, dice, resources))
    if is_tagged:
        content = b"/P <</MCID 0>> BDC\n" + content + b"\nEMC"
        content += b"\n/P <</MCID 1>> BDC " + line("Thank you.", 72, 620) + b" EMC"
    streams = [document.add(Stream({}, content))]
    if dice.random() < 0.15:
        streams.append(document.add(Stream({}, line("Page foot", 72, 40, size=9))))
    shape = dice.choice(("plain", "plain", "plain", "rotated", "cropped", "offset"))
    page: dict[str, Any] = {
        "Type": Name("Page"), "MediaBox": [0, 0, 612, 792],
        "Resources": resources if dice.random() < 0.5 else document.add(resources),
        "Contents": streams[0] if len(streams) == 1 else list(streams), "Annots": [],
    }  # fmt: skip
    if dice.random() < 0.3:
        page["Annots"] = document.add([])
    shapes: dict[str, dict[str, Any]] = {
        "rotated": {"Rotate": dice.choice((90, 180, 270))},
        "cropped": {"CropBox": [20, 20, 592, 772]},
        "offset": {"MediaBox": [-20, -10, 612, 792]},
    }
    return document.add(page | shapes.get(shape, {}))


def _tree(document: Document, pages: list[Ref], dice: random.Random) -> None:
    top = document.add({"Type": Name("Pages"), "Count": len(pages), "Kids": []})
    document.catalog["Pages"] = top
    shape = dice.choice(("flat", "flat", "nested", "inheriting"))
    holder = top
    if shape == "nested":
        holder = document.add(
            {"Type": Name("Pages"), "Count": len(pages), "Kids": [], "Parent": top}
        )
        document.items(top, "Kids").append(holder)
    for page in pages:
        document.items(holder, "Kids").append(page)
        document.entries(page)["Parent"] = holder
    if shape == "inheriting":
        first = document.entries(pages[0])
        for key in ("MediaBox", "Resources", "Rotate"):
            if key in first and (key == "MediaBox" or len(pages) == 1):
                document.entries(top)[key] = first.pop(key)


def _rule_lines(document: Document, pages: list[Ref]) -> None:
    """Draw the lines that people sign on."""
    found = document.marks["lines"]
    if found:
        content = b" ".join(b"%.0f %.0f m %.0f %.0f l S" % (x, y, end, y) for x, y, end in found)
        own = document.entries(pages[0])
        before = own["Contents"]
        stream = document.add(Stream({}, content))
        own["Contents"] = [*(before if isinstance(before, list) else [before]), stream]


def base(seed: str) -> Base:
    """Return the signed document that belongs to a seed."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    name, document = unsigned(dice)
    kind = dice.choice(KINDS)
    whole = Layout(kind)
    lock = dice.choices(LOCKS, weights=[4, 1, 3, 2, 1, 1, 1])[0]
    locked: frozenset[str] = frozenset()
    if dice.random() < 0.5:
        document.save(whole)
    extra, locked = _reference(document, lock, dice)
    who = identity("Signer")
    add_signature(document, extra, dice, certify=lock.startswith("P"))
    value = document.marks["value"]
    sealed(document, value, who, whole)
    is_plain = not {"two-pages", "one-list"} & {*name.split("+")}
    if lock in ("none", "P2", "P3", "include") and is_plain and dice.random() < 0.15:
        add_signature(document, {}, dice, certify=False, name=b"Signature2")
        sealed(document, document.marks["value"], identity("Witness"), Layout(dice.choice(KINDS)))
    return Base(name, lock, locked, document, document.content)


def _reference(
    document: Document, lock: str, dice: random.Random
) -> tuple[dict[str, Any], frozenset[str]]:
    if lock == "none":
        return {}, frozenset()
    if lock.startswith("P"):
        method, rules = (
            "DocMDP",
            {"Type": Name("TransformParams"), "P": int(lock[1]), "V": Name("1.2")},
        )
        named: frozenset[str] = frozenset()
    else:
        form_ = document.entries(document.catalog.get("AcroForm"))
        listed = document.at(form_.get("Fields", []))
        names = [document.entries(one).get("T") for one in listed]
        chosen = sorted({n for n in names if isinstance(n, bytes) and dice.random() < 0.5})
        method = "FieldMDP"
        rules = {"Type": Name("TransformParams"), "Action": Name(lock.title()), "V": Name("1.2")}
        if lock != "all":
            rules["Fields"] = chosen
        named = frozenset(one.decode() for one in chosen)
    reference = {
        "Type": Name("SigRef"), "TransformMethod": Name(method), "TransformParams": rules,
    }  # fmt: skip
    return {"Reference": [reference]}, named


def add_signature(
    document: Document, extra: dict[str, Any], dice: random.Random, *, certify: bool,
    name: bytes = b"Signature1",
) -> None:  # fmt: skip
    """Add the signer's own field, seen or not, with its value."""
    page = document.marks.get("pages", [None])[0] or _first_page(document)
    value = document.add(signature_dictionary(extra))
    document.marks["value"] = value
    field: dict[str, Any] = {
        "Type": Name("Annot"), "Subtype": Name("Widget"), "FT": Name("Sig"),
        "T": name, "F": 132, "P": page, "Rect": [0, 0, 0, 0], "V": value,
    }  # fmt: skip
    if dice.random() < 0.4 and name == b"Signature1":
        field["Rect"] = [380, 60, 540, 100]
        fonts = {"Font": {"F1": document.marks["font"]}}
        look = form(line("Signed by Signer", 4, 14), 160, 40, fonts)
        field["AP"] = {"N": document.add(look)}
    ref = document.add(field)
    document.items(page, "Annots").append(ref)
    document.touch(page)
    if document.catalog.get("AcroForm") is None:
        document.catalog["AcroForm"] = document.add({"Fields": []})
    holder = document.catalog["AcroForm"]
    entries = document.entries(holder)
    entries["SigFlags"] = 3
    listed = document.at(entries.setdefault("Fields", []))
    if ref not in listed:
        listed.append(ref)
    document.touch(entries["Fields"])
    document.touch(holder)
    document.touch(document.root)
    if certify:
        document.catalog["Perms"] = {"DocMDP": value}


def _first_page(document: Document) -> Ref:
    node = document.catalog["Pages"]
    while "Kids" in document.entries(node):
        node = document.at(document.entries(node)["Kids"])[0]
    return node  # type: ignore[no-any-return]
