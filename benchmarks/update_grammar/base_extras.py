"""What documents carry beside pages and forms: annotations, outlines, names, layers, tags."""

import random
from collections.abc import Callable
from typing import Any, Final

from benchmarks.update_grammar.document import Document
from benchmarks.update_grammar.drawing import form, line
from benchmarks.update_grammar.model import Name, Ref, Stream

Extra = Callable[[Document, list[Ref], random.Random], None]
XMP: Final = (
    b"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
    b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
    b"xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>%s</dc:title></rdf:Description>"
    b"</rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
)


def _annotation(document: Document, page: Ref, kind: str, box: list[float], **more: Any) -> Ref:
    ref = document.add(
        {"Type": Name("Annot"), "Subtype": Name(kind), "Rect": box, "F": 4, "P": page, **more}
    )
    document.items(page, "Annots").append(ref)
    return ref


def _links(document: Document, pages: list[Ref], dice: random.Random) -> None:
    target = [dice.choice(pages), Name("Fit")]
    _annotation(
        document, pages[0], "Link", [72, 100, 200, 120], Border=[0, 0, 0],
        A={"S": Name("URI"), "URI": b"https://ville.example/"},
    )  # fmt: skip
    _annotation(document, pages[-1], "Link", [72, 80, 200, 98], Border=[0, 0, 1], Dest=target)


def _notes(document: Document, pages: list[Ref], dice: random.Random) -> None:
    fonts = {"Font": {"F1": document.marks["font"]}}
    look = document.add(form(b"1 1 0 rg 0 0 120 20 re f 0 g " + line("900", 4, 5), 120, 20, fonts))
    kinds: dict[str, dict[str, Any]] = {
        "Text": {"Contents": b"See page 2", "Name": Name("Note")},
        "FreeText": {"Contents": b"900", "DA": b"/F1 12 Tf 0 g", "AP": {"N": look}},
        "Highlight": {"QuadPoints": [72, 110, 190, 110, 72, 96, 190, 96], "C": [1, 1, 0]},
        "Square": {"C": [1, 0, 0]},
        "Stamp": {"Name": Name("Approved"), "AP": {"N": look}},
        "Ink": {"InkList": [[420, 100, 440, 120, 460, 100]], "C": [0, 0, 1]},
    }
    for place, kind in enumerate(dice.sample(sorted(kinds), k=2)):
        box = [420, 96.0 + 30 * place, 540, 116.0 + 30 * place]
        _annotation(document, dice.choice(pages), kind, box, **kinds[kind])


def _outlines(document: Document, pages: list[Ref], _dice: random.Random) -> None:
    root = document.add({"Type": Name("Outlines"), "Count": 2})
    first = document.add({"Title": b"Amount", "Parent": root, "Dest": [pages[0], Name("Fit")]})
    last = document.add(
        {"Title": b"End", "Parent": root, "Prev": first,
         "A": {"S": Name("GoTo"), "D": [pages[-1], Name("Fit")]}}
    )  # fmt: skip
    document.entries(first)["Next"] = last
    document.entries(root).update(First=first, Last=last)
    document.catalog["Outlines"] = root


def _names(document: Document, pages: list[Ref], dice: random.Random) -> None:
    names: dict[str, Any] = {"Dests": document.add({"Names": [b"amount", [pages[0], Name("Fit")]]})}
    if dice.random() < 0.5:
        script = document.add({"S": Name("JavaScript"), "JS": b"var due = 100;"})
        names["JavaScript"] = document.add({"Names": [b"start", script]})
    if dice.random() < 0.5:
        file = document.add(Stream({"Type": Name("EmbeddedFile")}, b"amount;100\n"))
        spec = document.add({"Type": Name("Filespec"), "F": b"a.csv", "EF": {"F": file}})
        names["EmbeddedFiles"] = {"Names": [b"a.csv", spec]}
    document.catalog["Names"] = document.add(names)


def _metadata(document: Document, pages: list[Ref], dice: random.Random) -> None:
    entries = {"Type": Name("Metadata"), "Subtype": Name("XML")}
    document.catalog["Metadata"] = document.add(Stream(entries, XMP % b"Letter"))
    document.trailer["Info"] = document.add({"Title": b"Letter", "Producer": b"grammar"})
    if dice.random() < 0.4:
        document.entries(pages[0])["Metadata"] = document.add(Stream(entries, XMP % b"Page"))
        document.entries(pages[0])["LastModified"] = b"D:20260301"


def _opening(document: Document, pages: list[Ref], dice: random.Random) -> None:
    document.catalog.update(
        dice.choice(
            (
                {"OpenAction": [pages[0], Name("Fit")]},
                {"OpenAction": document.add({"S": Name("JavaScript"), "JS": b"app.alert(1)"})},
                {"AA": {"WS": {"S": Name("JavaScript"), "JS": b"var saved = 1;"}}},
                {"URI": {"Base": b"https://ville.example/"}},
                {"PageLabels": {"Nums": [0, {"S": Name("r")}]}},
            )
        )
    )
    document.catalog.update(Lang=b"fr-CA", ViewerPreferences={"DisplayDocTitle": True})


def _prepared(document: Document, pages: list[Ref], dice: random.Random) -> None:
    """Objects that nobody sees yet, and some with two roles."""
    fonts = {"Font": {"F1": document.marks["font"]}}
    other = document.add(Stream({}, line("The city pays 900 dollars.", 72, 700, size=14)))
    page = dict(document.entries(pages[0])) | {"Contents": other, "Annots": []}
    document.marks["hidden"] = document.add(page)
    shared = form(line("100", 0, 5), 60, 20, fonts)
    shared.entries |= dice.choice(({}, {"Type": Name("Metadata")}, {"Type": Name("EmbeddedFile")}))
    drawn = document.add(shared)
    holder = document.entries(document.entries(pages[0]).get("Resources"))
    holder.setdefault("XObject", {})["Sh"] = drawn
    own = document.entries(pages[0])
    stream = document.add(Stream({}, b"q 1 0 0 1 300 640 cm /Sh Do Q"))
    before = own["Contents"]
    own["Contents"] = [*(before if isinstance(before, list) else [before]), stream]
    document.marks["shared"] = drawn
    _second_role(document, pages, drawn, dice)


def _second_role(document: Document, pages: list[Ref], drawn: Ref, dice: random.Random) -> None:
    texts = [
        one for page in pages for one in document.at(document.entries(page).get("Annots")) or []
        if document.entries(one).get("FT") == "Tx"
    ]  # fmt: skip
    role = dice.choice(("rv", "metadata", "modified", "resources", "dss", "none"))
    if role == "rv" and texts:
        document.entries(dice.choice(texts))["RV"] = drawn
    elif role == "metadata":
        document.catalog["Metadata"] = drawn
    elif role == "modified":
        document.entries(pages[0])["LastModified"] = drawn
    elif role == "resources" and document.catalog.get("AcroForm") is not None:
        form_ = document.entries(document.catalog["AcroForm"])
        form_.setdefault("DR", {})["XObject"] = {"Sh": drawn}
    elif role == "dss":
        document.catalog["DSS"] = document.add({"Type": Name("DSS"), "Certs": [drawn]})


def _layered_widgets(document: Document, pages: list[Ref], dice: random.Random) -> None:
    """Put an annotation into a layer of its own."""
    layer = document.add({"Type": Name("OCG"), "Name": b"Notes"})
    known = document.catalog.setdefault("OCProperties", {"OCGs": [], "D": {}})
    known["OCGs"].append(layer)
    found = document.at(document.entries(pages[0]).get("Annots")) or []
    if found:
        document.entries(dice.choice(found))["OC"] = layer


def _one_list(document: Document, pages: list[Ref], _dice: random.Random) -> None:
    """Let one array be a page's annotations and the form's fields."""
    listed = document.entries(pages[0]).get("Annots")
    form_ = document.entries(document.catalog.get("AcroForm"))
    if isinstance(listed, Ref) and form_:
        own = document.at(listed)
        own += [one for one in form_["Fields"] if one not in own]
        form_["Fields"] = listed


def _two_pages(document: Document, pages: list[Ref], dice: random.Random) -> None:
    """Let two pages have their contents or their annotations in common."""
    first, last = document.entries(pages[0]), document.entries(pages[-1])
    for key in ("Annots", "Contents"):
        if isinstance(first.get(key), Ref) and dice.random() < 0.6:
            last[key] = first[key]


EXTRAS: Final[dict[str, Extra]] = {
    "links": _links, "notes": _notes, "outlines": _outlines, "names": _names,
    "metadata": _metadata, "opening": _opening, "prepared": _prepared,
    "layered-widgets": _layered_widgets, "one-list": _one_list, "two-pages": _two_pages,
}  # fmt: skip


def add_tags(document: Document, pages: list[Ref], dice: random.Random) -> None:
    """Add a structure tree as deep as the dice say (ISO 32000-2, 14.7)."""
    root = document.add({"Type": Name("StructTreeRoot")})
    document.catalog.update(StructTreeRoot=root, MarkInfo={"Marked": True})
    parents: list[Any] = []
    top = _element(document, "Document", root, dice)
    document.entries(root)["K"] = top
    for place, page in enumerate(pages):
        holder = top
        for depth in range(dice.randint(1, 9)):
            holder = _child(document, holder, ("Sect", "Div", "Part")[depth % 3], dice)
        own = [_child(document, holder, role, dice) for role in ("P", "H1")]
        for mcid, element in enumerate(own):
            document.entries(element).update(K=mcid, Pg=page)
        document.entries(page)["StructParents"] = place
        parents += [place, list(own)]
        document.entries(page)["Tabs"] = Name(dice.choice(("S", "S", "R")))
    _tag_widgets(document, pages, top, parents, dice)
    document.entries(root)["ParentTree"] = document.add({"Nums": parents})
    document.entries(root)["ParentTreeNextKey"] = len(parents) // 2
    document.entries(root)["RoleMap"] = {"Sum": Name("P")}


def _element(document: Document, role: str, parent: Ref, dice: random.Random) -> Ref:
    entries: dict[str, Any] = {"Type": Name("StructElem"), "S": Name(role), "P": parent}
    for key, value in (
        ("Alt", b"An amount of 100"), ("ActualText", b"100 dollars"), ("E", b"dollars"),
        ("Lang", b"fr"), ("T", b"Title"),
    ):  # fmt: skip
        entries |= {key: value} if dice.random() < 0.12 else {}
    return document.add(entries)


def _child(document: Document, parent: Ref, role: str, dice: random.Random) -> Ref:
    child = _element(document, role, parent, dice)
    entries = document.entries(parent)
    before = entries.get("K")
    if before is None:
        entries["K"] = [child]
    else:
        entries["K"] = [*(before if isinstance(before, list) else [before]), child]
    return child


def _tag_widgets(
    document: Document, pages: list[Ref], top: Ref, parents: list[Any], dice: random.Random
) -> None:
    for page in pages:
        for widget in document.at(document.entries(page).get("Annots")) or []:
            if dice.random() < 0.7:
                element = _child(document, top, "Form", dice)
                kid = {"Type": Name("OBJR"), "Obj": widget, "Pg": page}
                document.entries(element).update(K=kid, Pg=page)
                key = len(parents) // 2
                document.entries(widget)["StructParent"] = key
                parents += [key, element]
