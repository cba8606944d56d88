"""Changes to what a screen reader gets and to what a reader does."""

import copy
from typing import Any, Final

from benchmarks.update_grammar.drawing import form, line
from benchmarks.update_grammar.graph_changes import VALUES
from benchmarks.update_grammar.honest import new_field
from benchmarks.update_grammar.model import Name, Ref
from benchmarks.update_grammar.parts import annotations, fields, pages
from benchmarks.update_grammar.scene import NothingToChangeError, Operation, Scene


def _elements(scene: Scene) -> list[Ref]:
    return [
        Ref(n)
        for n in sorted(scene.document.objects)
        if scene.document.entries(Ref(n)).get("Type") == "StructElem"
    ]


def element_text(scene: Scene) -> None:
    """Let a structure element, however deep, be read as something else."""
    entries = scene.edit(scene.pick(_elements(scene)))
    key = scene.dice.choice(("ActualText", "Alt", "E", "Lang", "S", "T", "Phoneme"))
    entries[key] = scene.dice.choice((*VALUES.get(key, ()), b"900 dollars"))


def element_order(scene: Scene) -> None:
    """Reorder, move, repeat or drop structure elements."""
    document = scene.document
    root = document.catalog.get("StructTreeRoot")
    holders = [
        one for one in [*_elements(scene), *([root] if isinstance(root, Ref) else [])]
        if isinstance(document.at(document.entries(one).get("K")), list)
    ]  # fmt: skip
    one = scene.pick(holders)
    kids = document.items(one, "K")
    match scene.dice.choice(("reverse", "drop", "repeat", "other")):
        case "reverse":
            kids.reverse()
        case "drop" if kids:
            kids.pop()
        case "repeat" if kids:
            kids.append(kids[0])
        case _:
            kids.append(scene.pick(_elements(scene)))


def parent_tree(scene: Scene) -> None:
    """Let marked content lead to another element (ISO 32000-2, 14.7.5.4)."""
    document = scene.document
    root = document.entries(document.catalog.get("StructTreeRoot"))
    tree = root.get("ParentTree")
    found = document.at(document.entries(tree).get("Nums"))
    if not isinstance(found, list) or len(found) < 2:
        raise NothingToChangeError
    document.touch(tree)
    place = scene.dice.randrange(len(found) // 2) * 2 + 1
    other = scene.pick(_elements(scene))
    found[place] = [other, other] if isinstance(found[place], list) else other


def role_map(scene: Scene) -> None:
    """Map roles to others."""
    root = scene.document.catalog.get("StructTreeRoot")
    entries = scene.edit(scene.pick([root] if isinstance(root, Ref) else []))
    entries["RoleMap"] = scene.dice.choice(
        (
            {"P": Name("Artifact")},
            {"H1": Name("P"), "Sum": Name("Figure")},
            {"Form": Name("NonStruct")},
        )
    )


def tag_new_field(scene: Scene) -> None:
    """Add a field to sign in with its element, soundly or with a text that misleads."""
    document = scene.document
    known = document.catalog.get("StructTreeRoot")
    root: Ref = scene.pick([known] if isinstance(known, Ref) else [])
    page = scene.page()
    ref = new_field(scene, page, [0, 0, 0, 0], FT=Name("Sig"))
    key = document.entries(root).get("ParentTreeNextKey", 0)
    top = document.entries(root)["K"]
    element: dict[str, Any] = {
        "Type": Name("StructElem"), "S": Name(scene.dice.choice(("Form", "Form", "P", "Figure"))),
        "P": top, "K": {"Type": Name("OBJR"), "Obj": ref, "Pg": page},
    }  # fmt: skip
    if scene.dice.random() < 0.5:
        element["ActualText"] = b"900 dollars"
    added = document.add(element)
    scene.edit(ref)["StructParent"] = key
    document.items(top, "K").append(added)
    tree = document.entries(root)["ParentTree"]
    document.items(tree, "Nums").extend([key, added])
    scene.edit(root)["ParentTreeNextKey"] = key + 1


def tabs(scene: Scene) -> None:
    """Change the order in which one tabs through a page."""
    scene.edit(scene.page())["Tabs"] = scene.dice.choice(VALUES["Tabs"])


def _action(scene: Scene) -> Any:
    return copy.deepcopy(scene.dice.choice(VALUES["A"]))


def act(scene: Scene) -> None:
    """Let something happen: on opening, on a page, a widget, a kid, a group, an annotation."""
    document = scene.document
    holders = [document.root, *pages(document)]
    holders += [one for page in pages(document) for one in annotations(document, page)]
    for one in fields(document):
        holders += [one.ref, *one.parents, *one.widgets]
    entries = scene.edit(scene.pick(holders))
    key = scene.dice.choice(("A", "AA", "OpenAction", "PA"))
    events = ("E", "X", "D", "U", "Fo", "Bl", "PO", "PC", "K", "F", "V", "C", "O", "WC", "DP")
    entries[key] = {scene.dice.choice(events): _action(scene)} if key == "AA" else _action(scene)


def edit_action(scene: Scene) -> None:
    """Change an action, a destination, a script or an outline that is there."""
    document = scene.document
    keys = ("URI", "JS", "Dest", "D", "Title", "F", "Names", "Nums", "Base", "EF", "Next")
    found = [
        (Ref(n), key) for n in sorted(document.objects) for key in keys
        if key in document.entries(Ref(n))
    ]  # fmt: skip
    ref, key = scene.pick(found)
    entries = scene.edit(ref)
    old = entries[key]
    other = b"https://elsewhere.example/"
    if isinstance(document.at(old), list):
        document.touch(old)
        items = document.at(old)
        if items:
            items[-1] = scene.pick(pages(document))
    else:
        entries[key] = other if isinstance(old, bytes) else _action(scene)


def names(scene: Scene) -> None:
    """Add scripts, attachments or destinations under the catalog's names."""
    document = scene.document
    kind = scene.dice.choice(("JavaScript", "Dests", "EmbeddedFiles", "AP", "Pages", "Templates"))
    tree = {"Names": [b"amount", scene.dice.choice((_action(scene), [scene.page(), Name("Fit")]))]}
    holder = document.catalog.get("Names")
    if isinstance(holder, Ref):
        scene.edit(holder)[kind] = tree
    else:
        scene.edit(document.root)["Names"] = {kind: tree}


def layers(scene: Scene) -> None:
    """Change which layers are seen, or put something into one (ISO 32000-2, 8.11)."""
    document = scene.document
    root = scene.edit(document.root)
    held = document.entries(root.get("OCProperties"))
    groups = held.get("OCGs")
    if not isinstance(groups, list) or scene.dice.random() < 0.2:
        gone = document.add({"Type": Name("OCG"), "Name": b"Gone"})
        root["OCProperties"] = {"OCGs": [gone], "D": {"OFF": [gone]}}
        found = [one for page in pages(document) for one in annotations(document, page)]
        scene.edit(scene.pick(found))["OC"] = gone
        return
    listed = list(groups)
    held["D"] = scene.dice.choice(
        (
            {"OFF": listed}, {"ON": listed}, {"BaseState": Name("OFF")},
            {"OFF": listed[:1], "ON": listed[1:]}, {"BaseState": Name("OFF"), "ON": listed[1:]},
            {"AS": [{"Event": Name("View"), "Category": [Name("View")], "OCGs": listed}]},
        )
    )  # fmt: skip
    if scene.dice.random() < 0.3 and listed:
        state = {"View": {"ViewState": Name("OFF")}, "Print": {"PrintState": Name("OFF")}}
        scene.edit(listed[0])["Usage"] = state


def xfa(scene: Scene) -> None:
    """Give the form another packet, or ask readers to draw looks anew."""
    document = scene.document
    holder = document.catalog.get("AcroForm")
    entries = document.entries(holder)
    document.touch(holder if isinstance(holder, Ref) else document.root)
    key, value = scene.dice.choice(
        (
            ("XFA", document.add(form(b"<xdp>900</xdp>", 1, 1, {}))), ("NeedAppearances", True),
            ("CO", [one.ref for one in fields(document)][:1]), ("DA", b"/F1 40 Tf 1 g"), ("Q", 2),
            ("DR", {}), ("SigFlags", 0), ("DR", {"Font": {}, "XObject": {}}),
        )
    )  # fmt: skip
    entries[key] = value


def rollover_look(scene: Scene) -> None:
    """Give a widget a look for when it is pointed at or pressed."""
    found = [one for page in pages(scene.document) for one in annotations(scene.document, page)]
    one = scene.pick(found)
    entries = scene.edit(one)
    look = scene.document.add(form(line("900", 2, 5), 150, 20, scene.fonts))
    held = dict(scene.document.entries(entries.get("AP")))
    held[scene.dice.choice(("R", "D"))] = look
    entries["AP"] = held


READERS: Final[dict[str, Operation]] = {
    "element-text": element_text, "element-order": element_order, "parent-tree": parent_tree,
    "role-map": role_map, "tag-new-field": tag_new_field, "tabs": tabs, "act": act,
    "edit-action": edit_action, "names": names, "layers": layers, "xfa": xfa,
    "rollover-look": rollover_look,
}  # fmt: skip
