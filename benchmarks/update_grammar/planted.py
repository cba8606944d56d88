"""Updates known to show, say or do something else: judges that miss one are worth nothing."""

from collections.abc import Callable
from typing import Any, Final

from benchmarks.update_grammar.base_fields import text_look
from benchmarks.update_grammar.drawing import form, line
from benchmarks.update_grammar.honest import new_field, plain_texts, set_look
from benchmarks.update_grammar.model import Name, Ref, Stream
from benchmarks.update_grammar.parts import all_annotations, annotations, fields, pages, widgets
from benchmarks.update_grammar.scene import NothingToChangeError, Operation, Scene
from benchmarks.update_grammar.signing import signature_dictionary
from rpa.domain.signature import (
    Change,
    ChangeKind,
    Coverage,
    Indication,
    Integrity,
    SignatureStatus,
    Trust,
    ValidationReport,
)  # fmt: skip

_ELSEWHERE: Final = {"S": Name("URI"), "URI": b"https://elsewhere.example/"}


def _contents(scene: Scene) -> Stream:
    found = scene.document.at(scene.document.entries(scene.page()).get("Contents"))
    if isinstance(found, list):
        scene.document.touch(found[0])
        found = scene.document.at(found[0])
    for number, value in scene.document.objects.items():
        if value is found:
            scene.document.touch(Ref(number))
    if not isinstance(found, Stream):
        raise NothingToChangeError
    return found


def _amount(scene: Scene) -> None:
    stream = _contents(scene)
    if b"100" not in stream.content:
        raise NothingToChangeError
    stream.content = stream.content.replace(b"100", b"900")


def _hair(scene: Scene) -> None:
    _contents(scene).content += b" 0.2 w 0.9 G 80 712 m 95 712 l S"


def _nudged(scene: Scene) -> None:
    stream = _contents(scene)
    stream.content = b"q 1 0 0 1 0.3 0 cm " + stream.content + b" Q"


def _picture(scene: Scene) -> None:
    found = [
        n for n, v in scene.document.objects.items()
        if isinstance(v, Stream) and v.entries.get("Subtype") == "Image"
    ]  # fmt: skip
    number = scene.pick(found)
    samples = bytearray(scene.document.objects[number].content)
    samples[len(samples) // 2] ^= 0xFF
    scene.document.objects[number].content = bytes(samples)
    scene.document.touch(Ref(number))


def _first(scene: Scene, **entries: Any) -> None:
    scene.edit(pages(scene.document)[0]).update(entries)


def _root(scene: Scene, **entries: Any) -> None:
    scene.edit(scene.document.root).update(entries)


def _page_gone(scene: Scene) -> None:
    found = pages(scene.document)
    parent = scene.document.entries(found[-1])["Parent"]
    if len(found) < 2 or found[-1] not in scene.document.items(parent, "Kids"):
        raise NothingToChangeError
    scene.document.items(parent, "Kids").remove(found[-1])
    scene.edit(parent)["Count"] = len(found) - 1


def _look_alone(scene: Scene) -> None:
    one = scene.pick(plain_texts(scene))
    width, height = scene.box(one.widgets[0])
    set_look(scene, one.widgets[0], text_look("900", (0, 0, width, height), scene.fonts))


def _annotation_moved(scene: Scene) -> None:
    rect = scene.edit(scene.pick(_seen(scene)))["Rect"]
    rect[0] += 3
    rect[2] += 3


def _seen(scene: Scene) -> list[Ref]:
    return [
        one for one in widgets(scene.document)
        if "AP" in scene.document.entries(one) and scene.document.entries(one).get("F") == 4
        and "OC" not in scene.document.entries(one)
    ]  # fmt: skip


def _covered_scan(scene: Scene) -> None:
    """Sign, in a field on a picture or a text, with a white ground."""
    page = scene.page()
    look = form(b"1 g 0 0 200 30 re f", 200, 30, scene.fonts)
    value = scene.document.add(signature_dictionary({}))
    scene.signature = value
    ap = {"N": scene.document.add(look)}
    new_field(scene, page, [72, 692, 272, 722], FT=Name("Sig"), V=value, AP=ap)


def _number_longer(scene: Scene) -> None:
    stream = _contents(scene)
    if b"pays 100 dollars" not in stream.content:
        raise NothingToChangeError
    page = pages(scene.document)[0]
    look = form(line("000", 0, 4, size=14), 24, 16, scene.fonts)
    ap = {"N": scene.document.add(look)}
    new_field(scene, page, [183, 696, 207, 712], FT=Name("Sig"), AP=ap)
    scene.document.touched -= {
        n for n, v in scene.document.objects.items() if v is stream
    }  # the text itself stays


def _element(scene: Scene, key: str, value: Any) -> None:
    found = [
        Ref(n) for n in sorted(scene.document.objects)
        if scene.document.entries(Ref(n)).get("Type") == "StructElem"
        and scene.document.entries(Ref(n)).get(key) != value
    ]  # fmt: skip
    scene.edit(scene.pick(found[-1:]))[key] = value


def _reading_order(scene: Scene) -> None:
    found = [
        Ref(n) for n in sorted(scene.document.objects)
        if isinstance(scene.document.entries(Ref(n)).get("K"), list)
        and len(scene.document.entries(Ref(n))["K"]) > 1
    ]  # fmt: skip
    scene.edit(scene.pick(found))["K"].reverse()


def _parents_swapped(scene: Scene) -> None:
    root = scene.document.entries(scene.document.catalog.get("StructTreeRoot"))
    nums = scene.edit(scene.pick([one for one in [root.get("ParentTree")] if one]))["Nums"]
    if len(nums) < 4:
        raise NothingToChangeError
    nums[1], nums[-1] = nums[-1], nums[1]


def _tab_order(scene: Scene) -> None:
    items = scene.document.items(scene.page(), "Annots")
    if len(items) < 2:
        raise NothingToChangeError
    items.reverse()


def _kid_acts(scene: Scene) -> None:
    found = [f for f in fields(scene.document) if f.widgets[0] != f.ref]
    scene.edit(scene.pick(found).widgets[0])["A"] = dict(_ELSEWHERE)


def _group_acts(scene: Scene) -> None:
    found = [p for f in fields(scene.document) for p in f.parents]
    scene.edit(scene.pick(found))["AA"] = {"K": {"S": Name("JavaScript"), "JS": b"1"}}


def _annotation_entry(scene: Scene, kind: str, **entries: Any) -> None:
    found = [
        one for one in all_annotations(scene.document)
        if scene.document.entries(one).get("Subtype") == kind
    ]  # fmt: skip
    scene.edit(scene.pick(found)).update(entries)


def _layers_turned(scene: Scene) -> None:
    held = scene.document.catalog.get("OCProperties")
    if not held or not held["OCGs"] or "OFF" not in held["D"]:
        raise NothingToChangeError
    scene.edit(scene.document.root)["OCProperties"]["D"] = {"OFF": held["OCGs"][:1]}


def _names(scene: Scene) -> None:
    script = {"S": Name("JavaScript"), "JS": b"app.alert(1)"}
    _root(scene, Names={"JavaScript": {"Names": [b"x", script]}})


def _outline(scene: Scene) -> None:
    root = scene.document.entries(scene.document.catalog.get("Outlines"))
    scene.edit(scene.pick([one for one in [root.get("First")] if one]))["Title"] = b"Other"


def _field_entry(scene: Scene, kind: str, **entries: Any) -> None:
    found = [f for f in fields(scene.document) if f.kind == kind]
    scene.edit(scene.pick(found).ref).update(entries)


def _black_highlight(scene: Scene) -> None:
    page = scene.page()
    ref = scene.document.add(
        {
            "Type": Name("Annot"), "Subtype": Name("Highlight"), "F": 4, "P": page, "C": [0, 0, 0],
            "Rect": [72, 600, 540, 722], "QuadPoints": [72, 722, 540, 722, 72, 600, 540, 600],
        }
    )  # fmt: skip
    scene.document.items(page, "Annots").append(ref)


def _listed_twice(scene: Scene) -> None:
    page = scene.page()
    items = scene.document.items(page, "Annots")
    items.append(scene.pick(annotations(scene.document, page)))


def _font_lies(scene: Scene) -> None:
    stream = _contents(scene)
    scene.document.touched.clear()
    if b"pays 100" not in stream.content or b"/F4" in stream.content:
        raise NothingToChangeError
    font = scene.document.marks["font"]
    scene.edit(font)["Encoding"] = {"Differences": [49, Name("nine")]}


def _span_text(scene: Scene) -> None:
    stream = _contents(scene)
    stream.content = b"/Span <</ActualText (900)>> BDC " + stream.content + b" EMC"


def _type_of_page(scene: Scene) -> None:
    _first(scene, Type=Name("Template"))


def _with(function: Callable[..., None], *args: Any, **entries: Any) -> Operation:
    return lambda scene: function(scene, *args, **entries)


PLANTED: Final[dict[str, Operation]] = {
    "another amount in the text": _amount,
    "a hair line": _hair,
    "text moved by a third of a point": _nudged,
    "one sample of a picture": _picture,
    "a page turned": _with(_first, Rotate=270),
    "a page cut": _with(_first, CropBox=[30, 30, 500, 700]),
    "a page called a template": _type_of_page,
    "the last page gone": _page_gone,
    "a font of other letters": _font_lies,
    "a look without its value": _look_alone,
    "a widget moved": _annotation_moved,
    "a white ground over the page": _covered_scan,
    "a number made longer": _number_longer,
    "a black highlight": _black_highlight,
    "an annotation listed twice": _listed_twice,
    "a text to be read aloud": _with(_element, "ActualText", b"900 dollars!"),
    "a description": _with(_element, "Alt", b"900 dollars!"),
    "an expansion": _with(_element, "E", b"nine hundred!"),
    "a language": _with(_element, "Lang", b"ru"),
    "another role": _with(_element, "S", Name("Artifact")),
    "marked content with another text": _span_text,
    "another reading order": _reading_order,
    "parents swapped": _parents_swapped,
    "another tab order": _tab_order,
    "tabs by column": _with(_first, Tabs=Name("C")),
    "an opening action": _with(_root, OpenAction={"S": Name("JavaScript"), "JS": b"app.alert(9)"}),
    "a page's action": _with(_first, AA={"O": _ELSEWHERE}),
    "a kid's action": _kid_acts,
    "a group's script": _group_acts,
    "a link elsewhere": _with(_annotation_entry, "Link", A=_ELSEWHERE),
    "a script by name": _names,
    "an outline's title": _outline,
    "layers turned on and off": _layers_turned,
    "other options": _with(_field_entry, "Ch", Opt=[b"nine", b"ten"]),
    "another prompt": _with(_field_entry, "Tx", TU=b"Pay 900 here"),
    "a read-only field": _with(_field_entry, "Tx", Ff=1 << 1),
    "a scrolled list": _with(_field_entry, "Ch", TI=3),
}  # fmt: skip
"""By what they do. Each must be flagged whatever a report says."""


def credulous(names: list[str]) -> ValidationReport:
    """Return a report that tells of changes of these fields, and of comments, and allows all."""
    told = [Change(kind=ChangeKind.FORM_VALUE, permitted=True, where=one) for one in names]
    told.append(Change(kind=ChangeKind.ANNOTATION, permitted=True, where="page 1"))
    status = SignatureStatus(
        field="Signature1", signer="Signer", integrity=Integrity.VALID,
        trust=Trust.UNKNOWN_ISSUER, indication=Indication.INDETERMINATE,
        coverage=Coverage.REVISION, level=None, changes_after=tuple(told),
    )  # fmt: skip
    return ValidationReport(
        document="0" * 64, checked_at="2026-11-28T00:00:00Z", integrity=Integrity.VALID,
        indication=Indication.INDETERMINATE, signatures=(status,),
    )  # fmt: skip
