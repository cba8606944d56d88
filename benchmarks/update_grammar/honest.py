"""What sound programs do to signed documents: fill in, sign, stamp, preserve, comment."""

from typing import Any, Final

from benchmarks.update_grammar.base_extras import XMP
from benchmarks.update_grammar.base_fields import list_look, text_look
from benchmarks.update_grammar.drawing import form, line
from benchmarks.update_grammar.model import Name, Ref, Stream
from benchmarks.update_grammar.parts import Field, fields, inherited
from benchmarks.update_grammar.scene import (
    ANNOTATE,
    FILL,
    PRESERVE,
    UNCERTIFIED,
    NothingToChangeError,
    Operation,
    Scene,
)  # fmt: skip
from benchmarks.update_grammar.signing import identity, signature_dictionary

VALUES: Final = ("Tremblay", "100", "Gagnon", "42", "2026-03-02", "Rue Saint-Jean 5", "9")
_SEEN: Final = (4, 0, 132, 68, 196)
"""Flags of widgets that are seen."""


def set_look(scene: Scene, widget: Ref, look: Stream) -> None:
    """Give a widget its look, in place or in a new object."""
    document = scene.document
    entries = scene.edit(widget)
    holder = document.entries(entries.get("AP"))
    old = holder.get("N")
    is_own = isinstance(old, Ref) and isinstance(document.objects.get(old.number), Stream)
    is_own = is_own and document.marks.get("shared") != old
    if isinstance(old, Ref) and is_own and scene.dice.random() < 0.5:
        document.objects[old.number] = look
        document.touch(old)
    else:
        entries["AP"] = {"N": document.add(look)}


def is_seen(scene: Scene, one: Field) -> bool:
    """Say whether all widgets of a field are there to be seen, beside the text."""
    for widget in one.widgets:
        entries = scene.document.entries(widget)
        rect = scene.document.at(entries.get("Rect"))
        if entries.get("F", 0) not in _SEEN or not isinstance(rect, list) or rect[1] > 685:
            return False
    return True


def plain_texts(scene: Scene) -> list[Field]:
    """Return the text fields that are seen and written in plainly."""
    special = 1 << 13 | 1 << 24 | 1 << 25
    return [
        one
        for one in fields(scene.document)
        if one.kind == "Tx"
        and is_seen(scene, one)
        and not scene.flags(one) & special
        and not _has_named_kids(scene, one)
    ]


def _has_named_kids(scene: Scene, one: Field) -> bool:
    kids = scene.document.at(scene.document.entries(one.ref).get("Kids")) or []
    return any("T" in scene.document.entries(kid) for kid in kids)


def fill_text(scene: Scene) -> None:
    """Fill in a text field, or fill it in again."""
    one = scene.pick(plain_texts(scene))
    value = scene.dice.choice(VALUES)
    wide = b"\xfe\xff" + value.encode("utf-16-be")
    scene.edit(one.ref)["V"] = wide if scene.dice.random() < 0.2 else value.encode()
    for widget in one.widgets:
        width, height = scene.box(widget)
        look = text_look(value, (0, 0, width, height), scene.fonts)
        set_look(scene, widget, look)
    scene.needs.append((FILL, one.name))


def fill_comb(scene: Scene) -> None:
    """Fill in a comb: one letter to a cell."""
    found = [f for f in fields(scene.document) if scene.flags(f) & 1 << 24 and f.kind == "Tx"]
    one = scene.pick([f for f in found if is_seen(scene, f)])
    value = scene.dice.choice(("12345", "77", "2026"))
    scene.edit(one.ref)["V"] = value.encode()
    for widget in one.widgets:
        width, height = scene.box(widget)
        cell = width / 8
        letters = [line(c, i * cell + cell / 2 - 3, 5) for i, c in enumerate(value)]
        content = b"/Tx BMC q " + b" ".join(letters) + b" Q EMC"
        set_look(scene, widget, form(content, width, height, scene.fonts))
    scene.needs.append((FILL, one.name))


def _buttons(scene: Scene, *, radios: bool) -> list[Field]:
    found = [one for one in fields(scene.document) if one.kind == "Btn"]
    found = [one for one in found if not scene.flags(one) & 1 << 16]
    return [one for one in found if bool(scene.flags(one) & 1 << 15) is radios]


def states(scene: Scene, widget: Ref) -> list[str]:
    """Return the states that a button's widget has looks for."""
    looks = scene.document.entries(scene.document.entries(widget).get("AP")).get("N")
    return sorted(scene.document.entries(looks))


def tick(scene: Scene) -> None:
    """Tick a check box, or take the tick away."""
    one = scene.pick(_buttons(scene, radios=False))
    old = scene.document.entries(one.ref).get("V")
    new = Name("Off" if old == "Yes" else "Yes")
    scene.edit(one.ref)["V"] = new
    for widget in one.widgets:
        scene.edit(widget)["AS"] = new
    scene.needs.append((FILL, one.name))


def choose_radio(scene: Scene) -> None:
    """Choose one of several."""
    one = scene.pick(_buttons(scene, radios=True))
    new = scene.dice.choice(("a", "b"))
    scene.edit(one.ref)["V"] = Name(new)
    for widget in one.widgets:
        scene.edit(widget)["AS"] = Name(new if new in states(scene, widget) else "Off")
    scene.needs.append((FILL, one.name))


def options_of(scene: Scene, one: Field) -> list[tuple[bytes, bytes]]:
    """Return what may be chosen: export values and texts."""
    found = inherited(scene.document, one, "Opt") or []
    return [(o[0], o[1]) if isinstance(o, list) else (o, o) for o in found]


def choose(scene: Scene) -> None:
    """Choose in a combo box."""
    found = [f for f in fields(scene.document) if f.kind == "Ch" and scene.flags(f) & 1 << 17]
    one = scene.pick(found)
    value, shown = scene.pick(options_of(scene, one))
    scene.edit(one.ref)["V"] = value
    for widget in one.widgets:
        width, height = scene.box(widget)
        look = text_look(shown.decode(), (0, 0, width, height), scene.fonts)
        set_look(scene, widget, look)
    scene.needs.append((FILL, one.name))


def choose_in_list(scene: Scene) -> None:
    """Choose in a list box, which scrolls to the entry."""
    found = [f for f in fields(scene.document) if f.kind == "Ch" and not scene.flags(f) & 1 << 17]
    one = scene.pick(found)
    options = options_of(scene, one)
    held = scene.document.entries(one.ref).get("V")
    place = scene.pick([i for i, option in enumerate(options) if option[0] != held])
    top = min(place, len(options) - 2)
    scene.edit(one.ref).update({"V": options[place][0], "I": [place], "TI": top})
    for widget in one.widgets:
        width, height = scene.box(widget)
        set_look(scene, widget, list_look(top, place, (0, 0, width, height), scene.fonts))
    scene.needs.append((FILL, one.name))


def _value(scene: Scene, *, stamps: bool = False) -> Ref:
    if scene.signature is not None:
        raise NothingToChangeError
    extra = {} if stamps else {"Name": b"Second"}
    scene.signature = scene.document.add(signature_dictionary(extra, stamps=stamps))
    return scene.signature


def signature_look(scene: Scene, width: float, height: float) -> Stream:
    """Return how a signature is seen: a name without ground."""
    return form(line("Signed by Second", 4, height / 3, size=9), width, height, scene.fonts)


def sign_prepared(scene: Scene) -> None:
    """Sign in a field that waits for it."""
    found = [
        one for one in fields(scene.document)
        if one.kind == "Sig" and "V" not in scene.document.entries(one.ref)
    ]  # fmt: skip
    one = scene.pick([one for one in found if is_seen(scene, one)])
    scene.edit(one.ref)["V"] = _value(scene)
    for widget in one.widgets:
        width, height = scene.box(widget)
        if width and height:
            set_look(scene, widget, signature_look(scene, width, height))
    scene.needs.append((FILL, one.name))


def new_field(scene: Scene, page: Ref, rect: list[float], **entries: Any) -> Ref:
    """Add a field that is its own widget, listed in form and page."""
    document = scene.document
    ref = document.add(
        {
            "Type": Name("Annot"), "Subtype": Name("Widget"), "F": 132, "P": page,
            "T": b"New%d" % document.size, "Rect": rect, **entries,
        }
    )  # fmt: skip
    document.items(page, "Annots").append(ref)
    holder = document.catalog["AcroForm"]
    document.touch(holder if isinstance(holder, Ref) else document.root)
    found = document.entries(holder).get("Fields")
    target = document.at(found)
    document.touch(found)
    if ref not in target:
        target.append(ref)
    return ref


def sign_unseen(scene: Scene) -> None:
    """Sign in a new field that is not seen."""
    value = _value(scene)
    new_field(scene, scene.page(), [0, 0, 0, 0], FT=Name("Sig"), V=value)
    scene.needs.append((FILL, ""))


def sign_seen(scene: Scene) -> None:
    """Sign in a new field on blank paper."""
    value = _value(scene)
    look = scene.document.add(signature_look(scene, 96, 30))
    bottom = 500.0 - 36 * len([one for one in fields(scene.document) if one.name[:3] == "New"])
    rect = [494.0, bottom, 590.0, bottom + 30]
    new_field(scene, scene.page(), rect, FT=Name("Sig"), V=value, AP={"N": look})
    scene.needs.append((UNCERTIFIED, ""))


def timestamp(scene: Scene) -> None:
    """Add a document timestamp (ISO 32000-2, 12.8.5)."""
    value = _value(scene, stamps=True)
    new_field(scene, scene.page(), [0, 0, 0, 0], FT=Name("Sig"), V=value)
    scene.needs.append((PRESERVE, ""))


def validation_data(scene: Scene) -> None:
    """Add certificates for later (ISO 32000-2, 12.8.4.3)."""
    document = scene.document
    own = document.add(Stream({}, identity("Signer").certificate))
    known = document.entries(document.catalog.get("DSS"))
    listed = document.at(known.get("Certs")) or []
    store = {**known, "Type": Name("DSS"), "Certs": [*listed, own]}
    scene.edit(document.root)["DSS"] = document.add(store)
    scene.needs.append((PRESERVE, ""))


def metadata(scene: Scene) -> None:
    """Write other metadata."""
    entries = {"Type": Name("Metadata"), "Subtype": Name("XML")}
    stream = Stream(entries, XMP % b"Letter, second")
    scene.edit(scene.document.root)["Metadata"] = scene.document.add(stream)
    scene.needs.append((FILL, ""))


def information(scene: Scene) -> None:
    """Note a date in the document's information."""
    info = scene.document.trailer.get("Info")
    if not isinstance(info, Ref):
        raise NothingToChangeError
    scene.edit(info)["ModDate"] = b"D:20260302"
    scene.needs.append((FILL, ""))


def note(scene: Scene) -> None:
    """Add a comment beside the text, or a yellow highlight."""
    page = scene.page()
    kind, more = scene.dice.choice(
        (
            ("Text", {"Contents": b"Read."}),
            ("Highlight", {"QuadPoints": [500, 572, 580, 572, 500, 560, 580, 560],
                           "C": [1, 1, 0], "CA": 0.4}),
        )
    )  # fmt: skip
    ref = scene.document.add(
        {
            "Type": Name("Annot"), "Subtype": Name(kind), "F": 4, "P": page,
            "Rect": [500, 560, 580, 572], "T": b"Clerk", **more,
        }
    )  # fmt: skip
    scene.document.items(page, "Annots").append(ref)
    scene.needs.append((ANNOTATE, ""))


HONEST: Final[dict[str, Operation]] = {
    "fill-text": fill_text, "fill-comb": fill_comb, "tick": tick, "choose-radio": choose_radio,
    "choose": choose, "choose-in-list": choose_in_list, "sign-prepared": sign_prepared,
    "sign-unseen": sign_unseen, "sign-seen": sign_seen, "timestamp": timestamp,
    "validation-data": validation_data, "metadata": metadata, "information": information,
    "note": note,
}  # fmt: skip


def is_permitted(scene: Scene) -> bool:
    """Say whether the signer allows all that was done, if it was done soundly.

    A field that is not there yet is locked by a lock of all fields, or of all but some
    (ISO 32000-2, table 258).
    """
    base = scene.base
    known = {one.name for one in fields(base.document)}
    is_added = any(one.name not in known for one in fields(scene.document))
    if base.lock in ("all", "exclude") and is_added:
        return False
    level = int(base.lock[1]) if base.lock.startswith("P") else FILL
    for need, name in scene.needs:
        if need > level and not (need == UNCERTIFIED and not base.lock.startswith("P")):
            return False
        if name and _is_locked(base.lock, base.locked, name):
            return False
    return True


def _is_locked(lock: str, locked: frozenset[str], name: str) -> bool:
    is_named = any(name == one or name.startswith(f"{one}.") for one in locked)
    return {"all": True, "include": is_named, "exclude": not is_named}.get(lock, False)
