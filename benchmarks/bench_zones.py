"""Known zones of pages that no blank is known for: FUNSD's fields, one by one.

python benchmarks/bench_zones.py [DATA]

A value is right where its letters and digits, case folded, are those of the annotation. What may
be accepted is told by probabilities fitted to the pages of the other four fifths, as
``rpa ocr calibrate`` fits them to an organisation's own cases, and by those that are shipped.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from filled_forms import DATA

from rpa.domain.form import FieldDefinition
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual
from rpa.domain.pages import PageImage
from rpa.domain.reading import FieldValue
from rpa.ocr.adapters.free_zones import FreeZoneReader
from rpa.ocr.adapters.pixels import opened
from rpa.ocr.adapters.rapid_engine import RapidEngine
from rpa.ocr.adapters.tesserocr_engine import TesserocrEngine
from rpa.ocr.api import Layout
from rpa.ocr.calibration import fitted
from rpa.ocr.verdict import usual_judge

FOLDS = 5
PRECISION = 0.97
ASKED = Bilingual(fr="champ", en="field")


@dataclass(frozen=True, eq=False)
class Zone:
    """A field that somebody annotated."""

    page: str
    label: str
    text: str
    is_line: bool
    field: FieldDefinition


@dataclass(frozen=True, eq=False)
class Read:
    """What was read in a zone."""

    zone: Zone
    value: FieldValue
    alone: str
    """What RapidOCR makes of the zone as it is."""

    @property
    def is_right(self) -> bool:
        """Whether the value is the annotated one."""
        return plain(self.value.value or "") == plain(self.zone.text)


def plain(text: str) -> str:
    """Return the letters and digits of a text, case folded."""
    return "".join(re.findall(r"[^\W_]", text.casefold()))


def zones_of(data: Path) -> Iterator[tuple[PageImage, list[Zone]]]:
    """Yield FUNSD's pages and their questions and answers with a letter or a digit."""
    for path in sorted((data / "funsd" / "annotations").glob("*.json")):
        png = (data / "funsd" / "images" / f"{path.stem}.png").read_bytes()
        image = PageImage(png, 0, bilevel=False)
        entities = json.loads(path.read_text(encoding="utf-8"))["form"]
        yield (
            image,
            [
                _zone(path.stem, number, entity)
                for number, entity in enumerate(entities)
                if entity["label"] in ("question", "answer") and plain(entity["text"])
            ],
        )


def _zone(page: str, number: int, entity: dict[str, Any]) -> Zone:
    x0, y0, x1, y1 = entity["box"]
    boxes = [word["box"] for word in entity["words"] if word["text"].strip()]
    middles = [(top + bottom) / 2 for _left, top, _right, bottom in boxes]
    tallest = max(bottom - top for _left, top, _right, bottom in boxes)
    field = FieldDefinition(
        name=f"z{number}", label=ASKED, zone=Box(x0=x0, y0=y0, x1=x1, y1=y1), required=False
    )
    is_line = max(middles) - min(middles) < 0.7 * tallest
    return Zone(page, entity["label"], entity["text"], is_line, field)


def read_all(data: Path) -> list[Read]:
    """Read every zone; prints what it took."""
    rapid = RapidEngine()
    reader = FreeZoneReader(rapid, witness=TesserocrEngine(), judge=usual_judge())
    read, ours, theirs = [], 0.0, 0.0
    for image, zones in zones_of(data):
        began = time.process_time()
        values = reader.read(image, [zone.field for zone in zones])
        ours += time.process_time() - began
        page = opened(image.png)
        began = time.process_time()
        boxes = [zone.field.zone for zone in zones]
        cuts = [page[int(b.y0) : int(b.y1), int(b.x0) : int(b.x1)] for b in boxes]
        alone = rapid.recognize(cuts, layout=Layout.LINE)
        theirs += time.process_time() - began
        texts = [" ".join(word.text for word in words) for words in alone]
        read += [Read(*one) for one in zip(zones, values, texts, strict=True)]
    count = len(read)
    print(f"CPU ms a zone: {1000 * ours / count:.0f}; RapidOCR alone {1000 * theirs / count:.0f}")
    return read


def fitted_chances(read: Sequence[Read]) -> list[float]:
    """Return the probability of each value by a calibration fitted to other pages."""
    folds = [crc32(one.zone.page.encode()) % FOLDS for one in read]
    chances = [0.0] * len(read)
    for held_out in range(FOLDS):
        rest = [
            one
            for one, fold in zip(read, folds, strict=True)
            if fold != held_out and one.value.evidence
        ]
        fit = fitted([one.value.evidence for one in rest], [one.is_right for one in rest])
        for index, one in enumerate(read):
            if folds[index] == held_out and one.value.evidence:
                chances[index] = fit.probability(one.value.evidence)
    return chances


def accepted(read: Sequence[Read], chances: Sequence[float]) -> float:
    """Return the largest share of most probable values of which 97 in 100 are right."""
    order = np.argsort(-np.array(chances), kind="stable")
    right = np.cumsum(np.array([read[index].is_right for index in order]))
    kept = np.flatnonzero(right / np.arange(1, len(read) + 1) >= PRECISION)
    return float(kept[-1] + 1) / len(read) if len(kept) else 0.0


def report(name: str, read: Sequence[Read], chances: Sequence[float]) -> None:
    """Print how often values are right, and how many may be accepted."""
    count = len(read)
    right = sum(one.is_right for one in read) / count
    alone = sum(plain(one.alone) == plain(one.zone.text) for one in read) / count
    own, shipped = accepted(read, chances), accepted(read, [one.value.confidence for one in read])
    print(
        f"{name:34} {count:5}  right {right:.4f}  RapidOCR alone {alone:.4f}"
        f"  accepted at {PRECISION:.0%}: {own:.3f}, by the shipped calibration {shipped:.3f}"
    )


def main() -> None:
    """Measure everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=DATA)
    said = parser.parse_args()
    if not (said.data / "funsd").is_dir():
        sys.exit(f"{said.data} is not there; docs/benchmarks.md says what it holds")
    read = read_all(said.data)
    chances = fitted_chances(read)
    zones = [one.zone for one in read]
    for name, kept in {
        "questions and answers, one line": [zone.is_line for zone in zones],
        "answers, one line": [zone.is_line and zone.label == "answer" for zone in zones],
        "several lines": [not zone.is_line for zone in zones],
        "all questions and answers": [True] * len(zones),
    }.items():
        chosen = [index for index, keep in enumerate(kept) if keep]
        report(name, [read[i] for i in chosen], [chances[i] for i in chosen])


if __name__ == "__main__":
    main()
