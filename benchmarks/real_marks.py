"""Pages of others with boxes whose true states are known, each with a blank to hold it against."""

import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from filled_forms import blanks, known_form
from PIL import Image

from rpa.bootstrap.intake import open_decoder
from rpa.domain.form import FieldDefinition, FieldKind, FormDefinition
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual, ProcessId
from rpa.domain.pages import PageImage
from rpa.ocr.adapters.blanks import blank_pages
from rpa.ocr.adapters.pages import laid_on
from rpa.ocr.adapters.pixels import grey
from rpa.ocr.adapters.reference import reference_pdf
from rpa.ocr.api import Grey, KnownForm
from rpa.testing.faxes import DPI, rendered_page

BOX = 9.0
"""Points: how large tick boxes are printed."""
ROLLS = {"01": "A0188877Y", "02": "A0203959W", "03": "A0204729A"}
"""What is written in hand above the bubbles of each scan."""

NO_BOX = {("market_conditions_addendum", index) for index in (62, 64, 65)}
"""Labels that lie on words: their file says that nobody has looked them through."""


@dataclass(frozen=True, eq=False)
class Marked:
    """A marked page, and what its boxes are: a style, or ticked, or empty."""

    known: KnownForm
    page: Image.Image
    """Grey at 300 dpi."""
    truth: Mapping[str, str]

    @property
    def scan(self) -> bytes:
        """The page as a scan."""
        out = io.BytesIO()
        self.page.save(out, "PNG", dpi=(DPI, DPI))
        return out.getvalue()


def appraisals(data: Path) -> Iterator[Marked]:
    """Yield the pages of appraisal forms; their blank is the page with its boxes emptied."""
    for path in sorted((data / "checkbox" / "yolo-images").glob("*.jpg")):
        page = Image.open(path).convert("L")
        lines = (data / "checkbox" / "yolo-labels" / f"{path.stem}.txt").read_text().splitlines()
        boxes = [_yolo(line.split(), page.size) for line in lines if line.strip()]
        yield _emptied(page, boxes)
    for path in sorted((data / "checkbox" / "appraisal").glob("*.json")):
        said = json.loads(path.read_text())
        page = Image.open(path.parent / said["source_image"]).convert("L")
        boxes = [
            (tuple(one["bbox"]), bool(one["is_checked"]))
            for one in said["boxes"]
            if (path.stem, one["index"]) not in NO_BOX
        ]
        yield _emptied(page, boxes)


def bubbles(data: Path) -> Iterator[Marked]:
    """Yield the answer sheets of OMRChecker's sample 6."""
    folder = data / "checkbox" / "omr-sample6"
    if not folder.is_dir():
        return
    template = json.loads((folder / "template.json").read_text())
    reference = Image.open(folder / "reference.png").convert("L")
    zones = dict(_bubbles(template))
    form = _form(
        {
            name: Box(x0=x * 0.24, y0=y * 0.24, x1=(x + 42) * 0.24, y1=(y + 42) * 0.24)
            for name, (x, y) in zones.items()
        }
    )
    pages = {
        number: Image.open(folder / "doc-scans" / f"sample_roll_{number}.jpg")
        .convert("L")
        .resize((2480, 3508), Image.Resampling.BICUBIC)
        for number in ROLLS
    }
    blank = _unmarked(grey(reference), pages["02"], zones, _ticked(ROLLS["02"]))
    known = KnownForm(ProcessId("roll"), form, reference_pdf([(blank, DPI)]))
    for number, roll in ROLLS.items():
        yield Marked(known, pages[number], _states(zones, _ticked(roll)))


def _ticked(roll: str) -> set[str]:
    digits = {f"roll{place}_{digit}" for place, digit in enumerate(roll[1:8], start=1)}
    return digits | {f"check_{roll[8]}".lower(), f"stu_{roll[0]}".lower()}


def _unmarked(
    reference: Grey, scan: Image.Image, zones: Mapping[str, tuple[float, float]], ticked: set[str]
) -> Grey:
    """Return a scan laid on the reference, which has no bubbles, its marks covered by others."""
    (frame,) = blank_pages(reference_pdf([(reference, DPI)]))
    out = io.BytesIO()
    scan.save(out, "PNG")
    laid = laid_on(PageImage(png=out.getvalue(), dpi=DPI, bilevel=False), frame)
    if laid is None:
        sys.exit("the scan does not lie on its reference")
    blank = laid.pixels.copy()
    for name in ticked:
        block, value = name.split("_")
        rest = [
            other
            for other in zones
            if other not in ticked
            and (other.startswith(block) if block in {"stu", "check"} else other.endswith(value))
        ]
        (x, y), (left, top) = zones[name], zones[rest[-1]]
        tile = blank[round(top) : round(top) + 44, round(left) : round(left) + 44]
        blank[round(y) : round(y) + 44, round(x) : round(x) + 44] = tile
    return blank


def azure(data: Path) -> Iterator[Marked]:
    """Yield the copies of Azure's forms that are labelled, where their blank has form fields."""
    for name, blank in blanks(data):
        kind = {"fw9": "w9", "fw8": "w8ben", "f10": "f1099"}.get(name[:3], "")
        if not (data / "azure-forms" / kind).is_dir() or not kind:
            continue
        known = known_form(name, blank)
        ticks = [f for f in known.form.fields if f.kind is FieldKind.CHECKBOX]
        for path in sorted((data / "azure-forms" / kind).glob("*.labels.json")):
            source = path.with_name(path.name.removesuffix(".labels.json"))
            page = _page(source)
            truth = _labelled(json.loads(path.read_text()), ticks, known.blank)
            if truth:
                fields = tuple(field for field in ticks if field.name in truth)
                form = known.form.model_copy(update={"fields": fields})
                yield Marked(KnownForm(known.process, form, known.blank), page, truth)


def _page(source: Path) -> Image.Image:
    """Return the first page as it is shown, form values included, at 300 dpi."""
    content = source.read_bytes()
    shown = open_decoder().pages(_flat(content) if source.suffix == ".pdf" else content).images[0]
    page = Image.open(io.BytesIO(shown.png)).convert("L")
    return page.resize((round(8.5 * DPI), round(8.5 * DPI * page.height / page.width)))


def _flat(content: bytes) -> bytes:
    """Return a PDF whose boxes are drawn as their values say: some copies only have the values."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for widget in pdf.pages[0].get("/Annots", []):
            value = widget.get("/V", widget.get("/Parent", {}).get("/V"))
            states = widget.get("/AP", {}).get("/N", {})
            if isinstance(value, pikepdf.Name) and str(value) in states:
                widget.AS = value
        pdf.flatten_annotations()
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def _labelled(said: Any, ticks: Sequence[FieldDefinition], blank: bytes) -> dict[str, str]:
    """Return the states of the boxes that a label lies on."""
    page = rendered_page(blank, 1)
    width, height = page.width * 72 / DPI, page.height * 72 / DPI
    truth: dict[str, str] = {}
    for label in said["labels"]:
        for value in label["value"]:
            if value["text"] not in {"selected", "unselected"}:
                continue
            places = value["boundingBoxes"][0]
            x, y = sum(places[::2]) / 4 * width, sum(places[1::2]) / 4 * height
            near = [f for f in ticks if abs(_middle(f)[0] - x) + abs(_middle(f)[1] - y) < 12]
            for field in near[:1]:
                truth[field.name] = "ticked" if value["text"] == "selected" else "empty"
    return truth


def _middle(field: FieldDefinition) -> tuple[float, float]:
    zone = field.zone
    return (zone.x0 + zone.x1) / 2, (zone.y0 + zone.y1) / 2


def _grown(box: Sequence[float], factor: float) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = (round(edge * factor) for edge in box)
    return x0 - 2, y0 - 2, x1 + 2, y1 + 2


Boxes = Sequence[tuple[tuple[float, ...], bool]]


def _yolo(parts: Sequence[str], size: tuple[int, int]) -> tuple[tuple[float, ...], bool]:
    x, y, width, height = (float(part) for part in parts[1:])
    left, top = (x - width / 2) * size[0], (y - height / 2) * size[1]
    return (left, top, left + width * size[0], top + height * size[1]), parts[0] == "1"


def _emptied(page: Image.Image, boxes: Boxes) -> Marked:
    """Return a page at 300 dpi, and as its blank the same with its boxes emptied."""
    sides = [min(box[2] - box[0], box[3] - box[1]) for box, _ticked in boxes]
    factor = BOX / 72 * DPI / float(np.median(sides))
    large = page.resize(
        (round(page.width * factor), round(page.height * factor)), Image.Resampling.BICUBIC
    )
    blank, zones = np.array(large), {}
    empty = next((large.crop(_grown(box, factor)) for box, ticked in boxes if not ticked), None)
    for number, (box, is_ticked) in enumerate(boxes):
        x0, y0, x1, y1 = (round(edge * factor) for edge in box)
        place = _grown(box, factor)
        if is_ticked and empty is not None:
            hole = blank[max(0, place[1]) : place[3], max(0, place[0]) : place[2]]
            hole[:] = np.array(empty.resize((hole.shape[1], hole.shape[0])))
        zones[f"box_{number}"] = Box(x0=x0, y0=y0, x1=x1, y1=y1).scaled(72 / DPI)
    ticked = {f"box_{number}" for number, (_box, is_ticked) in enumerate(boxes) if is_ticked}
    known = KnownForm(ProcessId("page"), _form(zones), reference_pdf([(grey(blank), DPI)]))
    return Marked(known, large, _states(zones, ticked))


def _bubbles(template: Any) -> Iterator[tuple[str, tuple[float, float]]]:
    for block in template["fieldBlocks"].values():
        x, y = block["origin"]
        values = block.get("bubbleValues") or [str(digit) for digit in range(10)]
        across, down = block["labelsGap"], block["bubblesGap"]
        for column in range(7 if "roll1..7" in block["fieldLabels"] else 1):
            for row, value in enumerate(values):
                label = f"roll{column + 1}" if "roll1..7" in block["fieldLabels"] else None
                own = label or str(block["fieldLabels"][0]).split("_")[0]
                yield f"{own}_{value}".lower(), (x + column * across, y + row * down)


def _states(names: Mapping[str, Any], ticked: set[str]) -> dict[str, str]:
    return {name: "ticked" if name in ticked else "empty" for name in names}


def _form(zones: Mapping[str, Box]) -> FormDefinition:
    label = Bilingual(fr="case", en="box")
    fields = [
        FieldDefinition(name=name, label=label, kind=FieldKind.CHECKBOX, zone=zone)
        for name, zone in zones.items()
    ]
    return FormDefinition(title="boxes", fields=tuple(fields))
