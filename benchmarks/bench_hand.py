"""Handwriting told from print, and what of it is accepted without a person.

    python benchmarks/bench_hand.py [DATA] [--seeds N]

DATA is a folder with fr-forms, azure-forms, fr-handwritten, fr-typed and funsd.
"""

import argparse
import random
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from filled_forms import DATA, POINT, FilledForm, Harm, blanks, faxed, filled, known_form
from PIL import Image

from rpa.bootstrap.intake import open_decoder
from rpa.domain.form import FieldKind
from rpa.domain.reading import Written
from rpa.ocr.adapters.pixels import grey
from rpa.ocr.adapters.rapid_engine import RapidEngine
from rpa.ocr.adapters.tesserocr_engine import TesserocrEngine
from rpa.ocr.api import Grey, KnownForm
from rpa.ocr.reader import ZoneReader
from rpa.testing.faxes import rendered_page

WAYS = {
    "204x196": (Harm(), "typed"),
    "204x98": (Harm(dpi=(204, 98)), "typed"),
    "204x196, noisy": (Harm(noise=0.004), "typed"),
    "204x196, pencil-like": (Harm(), "pencil"),
}


def typed(reader: ZoneReader, data: Path, seeds: int) -> None:
    """Print how many typed answers are taken for handwritten ones."""
    for name, (harm, hand) in WAYS.items():
        counts: Counter[str] = Counter()
        for form_name, blank in blanks(data):
            for seed in range(500, 500 + seeds):
                form = filled(known_form(form_name, blank), seed=seed, harm=harm, hand=hand)
                counts.update(_told(reader, form))
        print(f"typed, {name}: {_shares(counts)}")


def _told(reader: ZoneReader, form: FilledForm) -> Iterator[str]:
    reading = reader.read(open_decoder().pages(form.document), form.known)
    for field in reading.fields:
        if field.name in form.truth:
            yield field.written or "unknown"
            yield "all"


def written_forms(reader: ZoneReader, data: Path, seeds: int) -> None:
    """Print what becomes of lines of real handwriting in the fields of faxed forms."""
    lines = [line for line in written_lines(data) if line[0].strip()]
    for name in ("204x196", "204x98"):
        counts: Counter[str] = Counter()
        for form_name, blank in blanks(data):
            for seed in range(500, 500 + seeds):
                known, page, truth = _pasted(known_form(form_name, blank), lines, seed)
                content = faxed(page, WAYS[name][0], random.Random(seed), seed)  # noqa: S311
                reading = reader.read(open_decoder().pages(content), known)
                for field in reading.fields:
                    if field.name in truth:
                        counts["all"] += 1
                        counts[field.written or "unknown"] += 1
                        counts["accepted"] += not field.problems
        print(f"handwritten, {name}: {_shares(counts)}, accepted {counts['accepted']}")


def written_lines(data: Path) -> Iterator[tuple[str, Grey]]:
    """Yield the lines of the registers, and what they say."""
    for path in sorted((data / "fr-handwritten").glob("*.xml")):
        picture = cv2.imread(str(path.with_suffix(".jpg")), cv2.IMREAD_GRAYSCALE)
        if picture is None:
            continue
        root = ET.parse(path).getroot()  # noqa: S314 - a data set of our own
        space = root.tag.split("}")[0] + "}"
        for line in root.iter(f"{space}TextLine"):
            said = " ".join(s.get("CONTENT", "") for s in line.iter(f"{space}String"))
            edges = [line.get(name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
            if None in edges or said.isupper():
                continue
            x, y, width, height = (int(float(edge or 0)) for edge in edges)
            cut = picture[max(0, y) : y + height, max(0, x) : x + width]
            if min(cut.shape) > 15:
                yield said, grey(cut)


def _pasted(
    known: KnownForm, lines: Sequence[tuple[str, Grey]], seed: int
) -> tuple[KnownForm, Image.Image, dict[str, str]]:
    """Return a blank with a line of handwriting in every other field."""
    chance = random.Random(seed)  # noqa: S311 - drawings, no secrets
    page, truth = rendered_page(known.blank, 1), {}
    for field in known.form.fields:
        if field.page != 1 or field.kind is FieldKind.CHECKBOX or chance.random() < 0.5:
            continue
        box = field.zone.scaled(POINT)
        for said, line in chance.sample(lines, 25):
            height = round(box.height * 0.95)
            width = round(line.shape[1] * height / line.shape[0])
            if width > box.width - 6 or len(said) < 3:
                continue
            small = Image.fromarray(_inked(line)).resize((width, height), Image.Resampling.BICUBIC)
            at = (round(box.x0) + 3, round(box.y0 + (box.height - height) / 2))
            under = page.crop((*at, at[0] + width, at[1] + height))
            page.paste(Image.fromarray(np.minimum(np.array(under), np.array(small))), at)
            truth[field.name] = said
            break
    return known, page, truth


def _inked(line: Grey) -> Grey:
    """Return the ink of a line on white paper."""
    level, _ink = cv2.threshold(line, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return grey(np.where(line <= level, line // 2, 255))


def _shares(counts: Counter[str]) -> str:
    total = max(1, counts["all"])
    told = (Written.HAND.value, Written.PRINT.value, "unknown")
    return f"{counts['all']} fields; " + ", ".join(f"{n} {counts[n] / total:.4f}" for n in told)


def main() -> None:
    """Measure everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=DATA)
    parser.add_argument("--seeds", type=int, default=4)
    said = parser.parse_args()
    if not said.data.is_dir():
        sys.exit(f"{said.data} is not there; docs/benchmarks.md says what it holds")
    reader = ZoneReader(RapidEngine(), witness=TesserocrEngine())
    written_forms(reader, said.data, said.seeds)
    typed(reader, said.data, said.seeds)


if __name__ == "__main__":
    main()
