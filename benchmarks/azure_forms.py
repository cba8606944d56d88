"""Filled forms of Azure's samples with their labels, and the form a person makes of each template.

The forms are made of development copies alone: the first copy with its form fields emptied is the
blank, a label's zone is the form field that it stands in. Where the copies have no form fields
(the invoices), the form is what ``rpa ocr fields --as-form`` proposes of the first copy, with the
zones that it did not propose drawn around that copy's labels.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf

from rpa.bootstrap.reading import Engines
from rpa.bootstrap.unknown import form_of, understood_pages
from rpa.domain.form import FieldDefinition, FieldKind, FormDefinition
from rpa.domain.geometry import Box
from rpa.domain.kinds import DateOrder, DecimalMark
from rpa.domain.model import Bilingual, ProcessId
from rpa.domain.pages import DocumentPages
from rpa.domain.reading import FieldValue
from rpa.ocr.adapters.blanks import blank_pages
from rpa.ocr.adapters.page_text import PageReader
from rpa.ocr.adapters.pixels import WORKING_DPI, opened
from rpa.ocr.adapters.reference import reference_pdf, without_answers
from rpa.ocr.adapters.widgets import Widget, widgets_of
from rpa.ocr.api import KnownForm
from rpa.ocr.parsers import parse

DEVELOPMENT: Final = frozenset(
    (*(f"fw9_{n}" for n in range(1, 5)), *(f"fw8ben_{n}" for n in range(1, 4)),
     *(f"Invoice_{n}" for n in range(1, 4)),
     "f1099_scanned", "f1099msc_payer", "f1099msc_recipient")
)  # fmt: skip
TEMPLATES: Final = {
    "w9": ("w9", "fw9_1.pdf"),
    "w8ben": ("w8ben", "fw8ben_1.pdf"),
    "f1099 recipient": ("f1099", "f1099msc_recipient.pdf"),
    "f1099 payer": ("f1099", "f1099msc_payer.pdf"),
}
"""Folder and the copy whose blank it is."""
UNLABELLED: Final = {
    "LLC_Classification": "f1_3[0]", "2ndTIN": "c2_3[0]", "FishingBoatProceeds": "f2_12[0]",
    "DirectSale5000": "c2_4[0]", "SubstitutePayments": "f2_14[0]",
    "CropInsuranceProceeds": "f2_15[0]", "FishResale": "f2_17[0]", "CapacityActing": "f_22[0]",
    "NonqualifiedDeferredCompensation": "f2_20[0]", "MailingStreetAddress": "f_6[0]",
}  # fmt: skip
"""The form field of labels that no development PDF of the template has; a person would know."""
CONTINUED: Final = {
    "AdditionialConditions": ("f_17[0]", "f_19[0]"), "StateTaxWithheld": ("f2_22[0]",),
    "StateNo": ("f2_24[0]",), "StateIncome": ("f2_26[0]",),
}  # fmt: skip
"""The other lines on which an answer may stand; the development copies leave them empty."""
KINDS: Final = {
    "SSN": FieldKind.SSN, "SSN_ITIN": FieldKind.SSN, "EIN": FieldKind.EIN,
    "DateOfBirth": FieldKind.DATE, "Date": FieldKind.DATE, "ReferenceNumber": FieldKind.INTEGER,
}  # fmt: skip
NUMBERED: Final = (FieldKind.SSN, FieldKind.EIN, FieldKind.DATE, FieldKind.INTEGER,
                   FieldKind.NUMBER)  # fmt: skip
"""Kinds whose labels are compared by what they mean."""
TICKED, EMPTY = "selected", "unselected"
GROWTH: Final = 3.0
"""Points that a zone drawn around a label is larger; to its right it has room for a longer text."""
ROOM: Final = 2.5
INSET: Final = 3.5
"""Points between the edge of a label and the inside of a box that is ticked."""


@dataclass(frozen=True, slots=True)
class Label:
    """What somebody (or a cloud service) says stands in a field of a copy."""

    name: str
    text: str
    box: Box
    """In shares of the page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Labels that share places, and the fields of the form that ask for them."""

    labels: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Template:
    """A known form, and which of its fields answers which label."""

    known: KnownForm
    asked: tuple[Asked, ...]


def labels_of(path: Path) -> list[Label]:
    """Return the labels of a copy that has any."""
    beside = path.with_name(f"{path.name}.labels.json")
    if not beside.exists():
        return []
    return [_label(one) for one in json.loads(beside.read_text("utf-8"))["labels"] if one["value"]]


def copies(folder: Path) -> list[Path]:
    """Return the labelled copies of a template, development and held out."""
    return [path for path in sorted(folder.iterdir()) if labels_of(path)]


def wanted(labels: Sequence[Label], names: Sequence[str]) -> str:
    """Return what stands in places that the labels share, read as one text."""
    held = [label for label in labels if label.name in names]
    return " ".join(one.text for one in sorted(held, key=lambda one: (one.box.y0, one.box.x0)))


def said(asked: Asked, values: Mapping[str, FieldValue]) -> str:
    """Return what was read for labels: the canonical text, or the reading where it has none."""
    read = [values[name] for name in asked.fields]
    return " ".join(one.value or one.reading for one in read if one.value or one.reading)


def is_right(kind: FieldKind, told: str, truth: str, *, scanned: bool = False) -> bool:
    """Say whether a value is exactly the labelled one.

    White space is folded, and left out before and after punctuation, where labels have it as their
    words were cut. Numbers, dates and identifiers are compared as what the kind makes of both, or
    sign by sign where the label is no value of its kind (invented numbers). On scans the labels'
    own points, commas and blanks are slips of OCR ("$ 10.000"): letters and digits count.
    """
    if scanned:
        return _signs(told) == _signs(truth)
    if kind in NUMBERED:
        meant, said = _meant(kind, truth), _meant(kind, told)
        return bool(told) and (said == meant or _signs(said) == _signs(meant))
    return _spaced(told) == _spaced(truth)


def _meant(kind: FieldKind, text: str) -> str:
    bare = text.removeprefix("$").strip()
    field = _field("meant", kind, Box(x0=0, y0=0, x1=1, y1=1))
    return (parse(kind, bare, from_pixels=False, writing=field).value if bare else "") or bare


def _signs(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _spaced(text: str) -> str:
    straight = text.replace("’", "'")
    return re.sub(r"\s*([,.\-#&])\s*", r"\1", " ".join(straight.split()))


def known_templates(data: Path) -> dict[str, Template]:
    """Return the templates whose copies have form fields."""
    return {
        name: _of_widgets(data / folder, data / folder / first)
        for name, (folder, first) in TEMPLATES.items()
    }


def learned_template(
    folder: Path, first: DocumentPages, engines: Engines
) -> tuple[Template, tuple[int, int]]:
    """Return the form that one filled copy proposes, its labels named by a person.

    Besides: how many labelled values the proposal has a zone for, of how many.
    """
    path = copies(folder)[0]
    labels = labels_of(path)
    found = understood_pages(first, (PageReader(engines.first), engines.tesseract))
    proposed, blank = form_of(first, found)
    width, height = (side * 72 / first.images[0].dpi for side in _size(first))
    fields, met = [], 0
    for label in labels:
        box = label.box.scaled(width, height)
        own = next((field.zone for field in proposed.fields if _covers(field.zone, box)), None)
        kind = _kind(folder, label.name)
        met += own is not None
        zone = own or (_outside(box) if kind is FieldKind.CHECKBOX else _grown(box))
        fields.append(_field(slug(label.name), kind, zone))
    form = proposed.model_copy(update={"fields": tuple(fields), "tables": ()})
    ticks = [label.box.scaled(width, height) for label in labels if label.text == TICKED]
    known = KnownForm(ProcessId(folder.name), form, _without_ticks(blank, ticks))
    asked = tuple(Asked((label.name,), (slug(label.name),)) for label in labels)
    typed = sum(label.text not in (TICKED, EMPTY) for label in labels)
    return Template(known, asked), (met, typed)


def slug(name: str) -> str:
    """Return a label's name as a form may call a field."""
    return "f_" + re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def emptied(content: bytes) -> bytes:
    """Return a filled PDF form with nothing in its fields, whether or not its catalog has them.

    Signatures drawn over the form and other annotations go as well.
    """
    with pikepdf.open(BytesIO(content)) as pdf:
        for page in pdf.pages:
            kept = [one for one in page.get("/Annots", []) if one.get("/Subtype") == "/Widget"]
            for widget in kept:
                _empty(widget)
            page.Annots = pdf.make_indirect(pikepdf.Array(kept))
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _empty(widget: pikepdf.Object) -> None:
    holder: Any = widget
    kind = str(widget.get("/FT", widget.get("/Parent", {}).get("/FT", "")))
    while holder is not None:
        if "/V" in holder:
            del holder["/V"]
        holder = holder.get("/Parent")
    if kind == "/Btn":
        widget.AS = pikepdf.Name.Off
    elif "/AP" in widget:
        del widget["/AP"]


def _of_widgets(folder: Path, first: Path) -> Template:
    content = first.read_bytes()
    places = [one for one in widgets_of(content) if one.page == 1]
    with pikepdf.open(first) as pdf:
        _x0, _y0, width, height = (float(edge) for edge in pdf.pages[0].cropbox)
    asked = list(_asked(_held_by(folder, places, (width, height)), places))
    fields = [field for names, held in asked for field in _fields(folder, names, held)]
    form = FormDefinition(title=first.stem, pages=1, fields=tuple(fields))
    known = KnownForm(ProcessId(re.sub(r"\W+|_", "-", first.stem.lower())), form, emptied(content))
    ask = tuple(
        Asked(names, tuple(field.name for field in _fields(folder, names, held)))
        for names, held in asked
    )
    return Template(known, ask)


def _held_by(
    folder: Path, places: Sequence[Widget], size: tuple[float, float]
) -> dict[str, list[int]]:
    """Return the form fields that each label stands in, on development PDFs or by knowledge."""
    held: dict[str, list[int]] = {}
    for name, box in _labelled_words(folder, size):
        middle = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        inside = [n for n, one in enumerate(places) if one.box.holds(*middle)]
        held.setdefault(name, []).extend(inside)
    for name, tail in UNLABELLED.items():
        held[name] = held.get(name) or _ending(places, (tail,))
    for name, tails in CONTINUED.items():
        if held.get(name):
            held[name] += _ending(places, tails)
    return {name: sorted(set(numbers)) for name, numbers in held.items() if numbers}


def _labelled_words(folder: Path, size: tuple[float, float]) -> Iterator[tuple[str, Box]]:
    """Yield the label and the place in points of each labelled word of the development PDFs."""
    for path in copies(folder):
        if path.stem in DEVELOPMENT and path.suffix == ".pdf":
            for label in json.loads(Path(f"{path}.labels.json").read_text("utf-8"))["labels"]:
                for value in label["value"]:
                    yield label["label"], _around([value]).scaled(*size)


def _ending(places: Sequence[Widget], tails: tuple[str, ...]) -> list[int]:
    return [n for n, one in enumerate(places) if one.name.endswith(tails)]


def _asked(
    held: Mapping[str, Sequence[int]], places: Sequence[Widget]
) -> Iterator[tuple[tuple[str, ...], list[Widget]]]:
    """Yield labels that share a form field, with it, and each other label with its own ones."""
    done: set[str] = set()
    for name, numbers in held.items():
        if name not in done:
            names = tuple(one for one, own in held.items() if set(own) & set(numbers))
            done |= set(names)
            yield names, [places[number] for number in numbers]


def _fields(folder: Path, names: Sequence[str], held: Sequence[Widget]) -> list[FieldDefinition]:
    """Return a field for each form field; of a number cut up into combs, one over all of them."""
    name, kind = slug(names[0]), _kind(folder, names[0])
    if len(held) > 1 and all(one.comb for one in held):
        zone = _union([one.box for one in held])
        cells = sum(one.comb for one in held)
        parts = " + ".join(one.name for one in held)
        return [_field(name, kind, zone, cells=cells, acroform=parts)]
    return [
        _field(f"{name}_{number}" if len(held) > 1 else name, kind, one.box, acroform=one.name)
        for number, one in enumerate(held, start=1)
    ]


def _field(
    name: str, kind: FieldKind, zone: Box, *, cells: int = 0, acroform: str | None = None
) -> FieldDefinition:
    return FieldDefinition(
        name=name,
        label=Bilingual(fr=name, en=name),
        kind=kind,
        zone=zone,
        required=False,
        cells=cells,
        acroform=acroform,
        order=DateOrder.MONTH_FIRST,
        decimal=DecimalMark.POINT,
    )


def _kind(folder: Path, name: str) -> FieldKind:
    if name in KINDS:
        return KINDS[name]
    told = json.loads((folder / "fields.json").read_text("utf-8"))["fields"]
    kinds = {one["fieldKey"]: one["fieldType"] for one in told}
    return {"selectionMark": FieldKind.CHECKBOX, "number": FieldKind.NUMBER}.get(
        kinds.get(name, "string"), FieldKind.TEXT
    )


def _label(told: Mapping[str, Any]) -> Label:
    words = [value["text"] for value in told["value"]]
    return Label(told["label"], " ".join(words), _around(told["value"]))


def _around(values: Sequence[Mapping[str, Any]]) -> Box:
    edges = [box for value in values for box in value["boundingBoxes"]]
    across = [edge for box in edges for edge in box[0::2]]
    down = [edge for box in edges for edge in box[1::2]]
    return Box(x0=min(across), y0=min(down), x1=max(across), y1=max(down))


def _union(boxes: Sequence[Box]) -> Box:
    return Box(
        x0=min(box.x0 for box in boxes), y0=min(box.y0 for box in boxes),
        x1=max(box.x1 for box in boxes), y1=max(box.y1 for box in boxes),
    )  # fmt: skip


def _covers(zone: Box, box: Box) -> bool:
    return zone.holds((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)


def _grown(box: Box) -> Box:
    right = box.x0 + ROOM * box.width + GROWTH
    return Box(x0=box.x0 - GROWTH, y0=box.y0 - GROWTH, x1=right, y1=box.y1 + GROWTH)


def _outside(box: Box) -> Box:
    return Box(x0=box.x0 - 1, y0=box.y0 - 1, x1=box.x1 + 1, y1=box.y1 + 1)


def _size(document: DocumentPages) -> tuple[int, int]:
    height, width = opened(document.images[0].png).shape
    return width, height


def _without_ticks(blank: bytes, ticks: Sequence[Box]) -> bytes:
    """Return a learned blank with the inside of the ticked boxes painted over."""
    (page,) = blank_pages(blank)
    inside = [
        Box(x0=box.x0 + INSET, y0=box.y0 + INSET, x1=box.x1 - INSET, y1=box.y1 - INSET)
        for box in ticks
    ]
    cleaned = without_answers(page.pixels, [box.scaled(WORKING_DPI / 72) for box in inside])
    return reference_pdf([(cleaned, WORKING_DPI)])
