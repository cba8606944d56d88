"""Changes to what is listed and what it is: pages, widgets, fields, annotations, roles."""

import copy
from typing import Any, Final

from benchmarks.update_grammar.drawing import form, line
from benchmarks.update_grammar.graph_changes import VALUES
from benchmarks.update_grammar.honest import new_field, set_look, states
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


def list_again(scene: Scene) -> None:
    """List an annotation again: on its page, on another, or before all others."""
    document = scene.document
    page, other = scene.page(), scene.page()
    one = scene.pick(annotations(document, page))
    items = document.items(other, "Annots")
    items.insert(scene.dice.choice((0, len(items))), one)


def move_widget(scene: Scene) -> None:
    """Take an annotation off one page and list it on another, or nowhere."""
    document = scene.document
    page = scene.page()
    one = scene.pick(annotations(document, page))
    document.items(page, "Annots").remove(one)
    if scene.dice.random() < 0.7:
        document.items(scene.page(), "Annots").append(one)


def reorder(scene: Scene) -> None:
    """List a page's annotations in another order."""
    items = scene.document.items(scene.page(), "Annots")
    if len(items) < 2:
        raise NothingToChangeError
    scene.dice.shuffle(items)


def retype_page(scene: Scene) -> None:
    """Call a page, a node or the catalog something else."""
    found = [*pages(scene.document), *page_nodes(scene.document), scene.document.root]
    one = scene.pick(found)
    scene.edit(one)["Type"] = scene.dice.choice(
        (Name("Template"), Name("Pages"), Name("Page"), Name("Catalog"), Name("X"), None, b"Page")
    )


def show_other_page(scene: Scene) -> None:
    """Put a page that nobody sees in another's place, or beside it."""
    document = scene.document
    hidden = document.marks.get("hidden") or document.add(dict(document.entries(scene.page())))
    page = scene.page()
    parent = document.entries(page).get("Parent")
    kids = document.items(scene.pick([parent] if isinstance(parent, Ref) else []), "Kids")
    match scene.dice.choice(("replace", "add", "copy", "drop", "twice")):
        case "replace" if page in kids:
            kids[kids.index(page)] = hidden
        case "add":
            kids.append(hidden)
        case "copy":
            document.objects[page.number] = copy.deepcopy(document.objects[hidden.number])
            document.touch(page)
        case "drop" if page in kids:
            kids.remove(page)
        case _:
            kids.append(page)


def wrap_pages(scene: Scene) -> None:
    """Hang pages under another node, with entries to inherit."""
    document = scene.document
    top = document.catalog["Pages"]
    kids = document.items(top, "Kids")
    node = document.add(
        {"Type": Name("Pages"), "Parent": top, "Count": len(kids), "Kids": list(kids)}
    )
    more = scene.dice.choice(
        ({}, {"Rotate": 180}, {"MediaBox": [0, 0, 300, 300]}, {"CropBox": [0, 0, 612, 690]})
    )
    document.entries(node).update(more)
    for kid in kids if scene.dice.random() < 0.7 else ():
        scene.edit(kid)["Parent"] = node
    kids[:] = [node]


def move_contents(scene: Scene) -> None:
    """Let a page draw other contents, or the same with more."""
    document = scene.document
    page = scene.page()
    entries = scene.edit(page)
    extra = document.add(Stream({}, b" " + line("900", 72, 650)))
    before = entries.get("Contents")
    listed = list(document.at(before)) if isinstance(document.at(before), list) else [before]
    match scene.dice.choice(("more", "other", "reverse", "annots", "widget", "look")):
        case "more":
            entries["Contents"] = [*listed, extra]
        case "other":
            entries["Contents"] = scene.pick(streams(document))
        case "reverse":
            entries["Contents"] = list(reversed(listed))
        case "annots" if isinstance(entries.get("Annots"), Ref):
            entries["Contents"] = entries["Annots"]
        case "look":
            entries["Contents"] = [*listed, scene.pick(streams(document, "Form"))]
        case _:
            entries["Annots"] = before


def share_role(scene: Scene) -> None:
    """Give a stream a second role: what may change in one may not in the other."""
    document = scene.document
    drawn = scene.pick(streams(document))
    texts = [one.ref for one in fields(document) if one.kind == "Tx"]
    match scene.dice.choice(("RV", "V", "LastModified", "page", "catalog", "DSS", "look")):
        case "RV" | "V" as key:
            scene.edit(scene.pick(texts))[key] = drawn
        case "LastModified":
            scene.edit(scene.page())["LastModified"] = drawn
        case "page":
            scene.edit(scene.page())["Metadata"] = drawn
        case "catalog":
            scene.edit(document.root)["Metadata"] = drawn
        case "DSS":
            scene.edit(document.root)["DSS"] = document.add({"Certs": [drawn]})
        case _:
            scene.edit(scene.pick(widgets(document)))["AP"] = {"N": drawn}


def share_list(scene: Scene) -> None:
    """Give a list, or a resource, a second role."""
    document = scene.document
    form_ = document.entries(document.catalog.get("AcroForm"))
    document.touch(document.catalog.get("AcroForm"))
    match scene.dice.choice(("lists", "fields", "resources", "value")):
        case "lists":
            scene.edit(scene.page())["Annots"] = form_["Fields"]
        case "fields":
            form_["Fields"] = document.entries(scene.page())["Annots"]
        case "value" if scene.signature is not None:
            drawn = scene.pick(streams(document))
            scene.edit(scene.signature)["Prop_Build"] = {"App": drawn}
        case _:
            drawn = scene.pick(streams(document))
            form_.setdefault("DR", {})["XObject"] = {"Sh": drawn}


def change_shared(scene: Scene) -> None:
    """Change an object through one of its two roles."""
    document = scene.document
    drawn = document.marks.get("shared")
    if drawn is None:
        raise NothingToChangeError
    entries = dict(document.entries(drawn))
    new = form(line("900", 0, 5), 60, 20, scene.fonts)
    new.entries = entries if scene.dice.random() < 0.5 else new.entries
    if scene.dice.random() < 0.5:
        new.entries["Type"] = Name("Metadata")
    document.objects[drawn.number] = new
    document.touch(drawn)


def change_resources(scene: Scene) -> None:
    """Change the form's default resources, or a font that more than fields use."""
    document = scene.document
    form_ = document.entries(document.catalog.get("AcroForm"))
    document.touch(document.catalog.get("AcroForm"))
    other = {
        "Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name("Helvetica"),
        "Encoding": {"Differences": [49, Name("nine")]},
    }  # fmt: skip
    if scene.dice.random() < 0.5:
        font = document.marks["font"]
        document.objects[font.number] = other
        document.touch(font)
    else:
        form_["DR"] = {"Font": {"F1": document.add(other)}}


def widget_entry(scene: Scene) -> None:
    """Change what a widget, a kid or a group says, where it is easily overlooked."""
    found = [*widgets(scene.document), *(p for f in fields(scene.document) for p in f.parents)]
    entries = scene.edit(scene.pick(found))
    key = scene.dice.choice(
        ("A", "AA", "PA", "MK", "F", "OC", "Rect", "DA", "Q", "TU", "H", "BS", "Border",
        "StructParent",
         "TI", "I", "RV", "Opt", "MaxLen", "Ff", "DV", "V", "Parent", "Dest", "Lang", "Alt")
    )  # fmt: skip
    if key in ("OC", "Parent"):
        entries[key] = scene.pick(dictionaries(scene.document))
    else:
        entries[key] = copy.deepcopy(scene.dice.choice(VALUES[key]))


def add_field(scene: Scene) -> None:
    """Add a field of any kind, seen or not, with kids, actions, links, layers."""
    document = scene.document
    rect = [float(n) for n in scene.dice.choice(
        ([0, 0, 0, 0], [72, 690, 300, 716], [440, 300, 560, 330], [72, 0, 72, 0], [-50, -50, -10,
        -10])
    )]  # fmt: skip
    look = document.add(form(line("900", 2, 5), 120, 20, scene.fonts))
    entries: dict[str, Any] = {"FT": Name(scene.dice.choice(("Sig", "Sig", "Tx", "Btn", "Ch")))}
    if scene.dice.random() < 0.6:
        entries["AP"] = {"N": look}
    if scene.dice.random() < 0.5:
        key = scene.dice.choice(
            ("A", "AA", "MK", "TU", "PA", "Ff", "StructParent", "Dest", "V", "F")
        )
        entries[key] = copy.deepcopy(scene.dice.choice(VALUES[key]))
    ref = new_field(scene, scene.page(), rect, **entries)
    if scene.dice.random() < 0.4:
        _with_kid(scene, ref, look)


def _with_kid(scene: Scene, ref: Ref, look: Ref) -> None:
    document = scene.document
    page = scene.page()
    kid: dict[str, Any] = {
        "Type": Name("Annot"), "Subtype": Name(scene.dice.choice(("Widget", "Widget", "Link",
        "Stamp"))),
        "Rect": scene.dice.choice(([0, 0, 0, 0], [72, 690, 300, 716], [440, 260, 560, 290])),
        "Parent": ref, "P": page, "F": 4,
    }  # fmt: skip
    if scene.dice.random() < 0.6:
        kid["AP"] = {"N": look}
    if scene.dice.random() < 0.6:
        key = scene.dice.choice(("A", "AA", "PA", "Dest", "MK"))
        kid[key] = copy.deepcopy(scene.dice.choice(VALUES[key]))
    kid_ref = document.add(kid)
    scene.edit(ref)["Kids"] = [kid_ref]
    if scene.dice.random() < 0.8:
        document.items(page, "Annots").append(kid_ref)


def state_alone(scene: Scene) -> None:
    """Change what a button shows: its state, or the looks of its states."""
    document = scene.document
    buttons = [f for f in fields(document) if f.kind == "Btn" and not scene.flags(f) & 1 << 16]
    one = scene.pick(buttons)
    widget = scene.pick(list(one.widgets))
    known = states(scene, widget)
    if scene.dice.random() < 0.5 and known:
        scene.edit(widget)["AS"] = Name(scene.dice.choice(known))
        return
    looks = document.entries(document.entries(widget).get("AP")).get("N")
    mapped = document.entries(looks)
    if len(mapped) < 2:
        raise NothingToChangeError
    first, last = sorted(mapped)[:2]
    scene.edit(widget)
    document.touch(looks)
    mapped[first], mapped[last] = mapped[last], mapped[first]
    if scene.dice.random() < 0.5:
        scene.edit(one.ref)["V"] = Name(first)
        scene.edit(widget)["AS"] = Name(first)


def reveal(scene: Scene) -> None:
    """Show a field that was not seen, filled in or signed; or hide one that was."""
    document = scene.document
    found = [f for f in fields(document) if f.kind in ("Tx", "Sig")]
    one = scene.pick(found)
    if one.kind == "Tx" and scene.dice.random() < 0.7:
        scene.edit(one.ref)["V"] = b"900"
    for widget in one.widgets:
        entries = scene.edit(widget)
        was_hidden = entries.get("F", 0) & 35
        if was_hidden or scene.dice.random() < 0.3:
            entries["F"] = scene.dice.choice((4, 0, 132, 2, 32, 20))
        width, height = scene.box(widget)
        set_look(scene, widget, form(line("900", 2, 5), width, height, scene.fonts))


def comment(scene: Scene) -> None:
    """Add an annotation of any kind anywhere, with a look or the colours that cover."""
    document = scene.document
    kind = scene.dice.choice(
        ("Highlight", "StrikeOut", "Underline", "Squiggly", "Square", "Circle", "Line", "Ink",
        "Text",
         "FreeText", "Stamp", "Caret", "Popup", "Link", "Redact", "Watermark", "FileAttachment",
         "Polygon", "PolyLine", "Widget", "Screen", "Movie", "PrinterMark", "3D", "Projection")
    )  # fmt: skip
    box = scene.dice.choice(([72, 690, 400, 720], [430, 118, 520, 130], [0, 0, 612, 792]))
    x1, y1, x2, y2 = box
    more: dict[str, Any] = {
        "C": scene.dice.choice(([0, 0, 0], [1, 1, 1], [1, 1, 0], [0.2])),
        "QuadPoints": scene.dice.choice(
            ([x1, y2, x2, y2, x1, y1, x2, y1], [x1, y1, x2, y1, x1, y2, x2, y2], [72, 720, 500,
            720, 72, 600, 500, 600])
        ),
    }  # fmt: skip
    for key, value in (
        ("CA", scene.dice.choice((1, 0.3))), ("BS", {"W": scene.dice.choice((1, 30))}),
        ("IC", [0, 0, 0]), ("InkList", [[x1, y1, x2, y2]]), ("L", [x1, y1, x2, y2]),
        ("BM", Name("Normal")), ("Contents", b"900"), ("DA", b"/F1 14 Tf 0 g"),
        ("A", {"S": Name("URI"), "URI": b"https://elsewhere.example/"}),
        ("AP", {"N": document.add(form(b"0 g 0 0 600 600 re f", x2 - x1, y2 - y1, {}))}),
        ("Popup", Ref(document.size)), ("IRT", scene.pick([*widgets(document), Ref(1)])),
    ):  # fmt: skip
        more |= {key: value} if scene.dice.random() < 0.3 else {}
    page = scene.page()
    ref = document.add(
        {"Type": Name("Annot"), "Subtype": Name(kind), "F": 4, "P": page, "Rect": box, **more}
    )
    document.items(page, "Annots").append(ref)


def edit_comment(scene: Scene) -> None:
    """Change or remove an annotation that stands there."""
    document = scene.document
    one: Ref = scene.pick(all_annotations(document))
    if scene.dice.random() < 0.3:
        for page in pages(document):
            if one in annotations(document, page):
                document.items(page, "Annots").remove(one)
        return
    key = scene.dice.choice(
        ("Rect", "F", "C", "Contents", "QuadPoints", "A", "Dest", "AP", "OC", "Border")
    )
    new: Value = (
        {"N": scene.pick(streams(document, "Form"))} if key == "AP"
        else scene.pick(dictionaries(document)) if key == "OC"
        else copy.deepcopy(scene.dice.choice(VALUES[key]))
    )  # fmt: skip
    scene.edit(one)[key] = new


def drop_field(scene: Scene) -> None:
    """Take a field out of the form, off its page, or both; or turn its parts around."""
    document = scene.document
    one = scene.field()
    holder = document.entries(document.catalog.get("AcroForm"))
    listed = document.at(holder.get("Fields"))
    document.touch(document.catalog.get("AcroForm"))
    document.touch(holder.get("Fields"))
    document.touch(document.root)
    match scene.dice.choice(("form", "reverse", "twice", "nest", "name")):
        case "form" if one.ref in listed:
            listed.remove(one.ref)
        case "reverse":
            listed.reverse()
        case "twice":
            listed.append(one.widgets[0])
        case "nest" if one.ref in listed:
            group = document.add({"T": b"group", "Kids": [one.ref]})
            listed[listed.index(one.ref)] = group
            scene.edit(one.ref)["Parent"] = group
        case _:
            scene.edit(one.ref)["T"] = b"renamed"


PARTS: Final[dict[str, Operation]] = {
    "list-again": list_again, "move-widget": move_widget, "reorder": reorder,
    "retype-page": retype_page, "show-other-page": show_other_page, "wrap-pages": wrap_pages,
    "move-contents": move_contents, "share-role": share_role, "share-list": share_list,
    "change-shared": change_shared,
    "change-resources": change_resources, "widget-entry": widget_entry, "add-field": add_field,
    "state-alone": state_alone, "reveal": reveal, "comment": comment,
    "edit-comment": edit_comment, "drop-field": drop_field,
}  # fmt: skip
