"""Tick boxes and circles: states right, wrong, asked about; drawn ones, and those of others.

    python benchmarks/bench_marks.py [DATA] [--seeds N] [--first-seed N]

DATA is a folder with fr-forms, azure-forms and checkbox; docs/benchmarks.md says what they hold.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from filled_forms import DATA, POINT, Harm, blanks, faxed, known_form
from PIL import Image
from real_marks import Marked, appraisals, azure, bubbles

from rpa.bootstrap.intake import open_decoder
from rpa.domain.errors import RecognitionError
from rpa.domain.form import FieldKind
from rpa.ocr.adapters.tesserocr_engine import TesserocrEngine
from rpa.ocr.api import KnownForm
from rpa.ocr.reader import ZoneReader
from rpa.testing.drawn_marks import CORRECTIONS, TICKS, draw_dirt, draw_mark
from rpa.testing.faxes import rendered_page

LINES = {"204x196": Harm(), "204x98": Harm(dpi=(204, 98))}
PENS = (3, 4, 5, 6, 8)
"""Pixels at 300 dpi: 0.25 to 0.7 mm."""
EMPTY = ("empty", "dirt")


def drawn(known: KnownForm, seed: int) -> Marked:
    """Return a blank with ticks and corrections of one hand: one pen, two styles."""
    chance = random.Random(f"{known.process} {seed}")  # noqa: S311 - drawings, no secrets
    page, pen = rendered_page(known.blank, 1), chance.choice(PENS)
    usual = chance.sample(sorted(TICKS), 2)
    truth: dict[str, str] = {}
    for field in known.form.fields:
        if field.kind is not FieldKind.CHECKBOX:
            continue
        names = chance.choice((usual, EMPTY, EMPTY, sorted(CORRECTIONS)))
        truth[field.name] = style = chance.choice(names)
        mark = {**TICKS, **CORRECTIONS}.get(style)
        if mark is not None:
            draw_mark(page, field.zone.scaled(POINT), mark, chance, width=pen)
        elif style == "dirt":
            draw_dirt(page, field.zone.scaled(POINT), chance)
    return Marked(known, page, truth)


def counted(reader: ZoneReader, marked: Marked, content: bytes) -> Iterator[tuple[str, str]]:
    """Yield for each mark what was drawn and how it was told: right, wrong, asked, unread."""
    try:
        reading = reader.read(open_decoder().pages(content), marked.known)
    except RecognitionError:
        yield from ((style, "unread") for style in marked.truth.values())
        return
    for field in reading.fields:
        style = marked.truth.get(field.name)
        if style is None or field.kind is not FieldKind.CHECKBOX:
            continue
        if field.problems:
            yield style, "asked"
        else:
            wanted = style != "corrected" and style in {*TICKS, "ticked"}
            is_right = style not in CORRECTIONS and (field.value == "true") is wanted
            yield style, "right" if is_right else "wrong"


def table(title: str, counts: Counter[tuple[str, str]]) -> None:
    """Print one line for each style."""
    print(title)
    for style in sorted({style for style, _told in counts}):
        told: Mapping[str, int] = {name: n for (one, name), n in counts.items() if one == style}
        said = ", ".join(f"{name} {told[name]}" for name in sorted(told))
        print(f"  {style}: {said}")


def as_tiff(page: Image.Image, name: str, seed: int) -> bytes:
    """Return the page as it comes over a line."""
    return faxed(page, LINES[name], random.Random(seed), seed)  # noqa: S311


def main() -> None:
    """Measure everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=DATA)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--first-seed", type=int, default=100)
    said = parser.parse_args()
    if not said.data.is_dir():
        sys.exit(f"{said.data} is not there; docs/benchmarks.md says what it holds")
    reader = ZoneReader(TesserocrEngine())
    for name in LINES:
        for title, pages in {
            "drawn on real blanks": _drawn(said.data, said.first_seed, said.seeds),
            "yolo and appraisal": appraisals(said.data),
            "bubbles": bubbles(said.data),
            "azure": azure(said.data),
        }.items():
            counts: Counter[tuple[str, str]] = Counter()
            for number, marked in enumerate(pages):
                counts.update(counted(reader, marked, as_tiff(marked.page, name, number)))
            table(f"{title}, {name}", counts)
    counts = Counter()
    for marked in (*bubbles(said.data), *azure(said.data), *appraisals(said.data)):
        counts.update(counted(reader, marked, marked.scan))
    table("bubbles, azure, yolo and appraisal, as they are", counts)


def _drawn(data: Path, first: int, seeds: int) -> Iterator[Marked]:
    for name, blank in blanks(data):
        known = known_form(name, blank)
        if any(field.kind is FieldKind.CHECKBOX for field in known.form.fields):
            known = marks_only(known)
            for seed in range(first, first + seeds):
                yield drawn(known, seed)


def marks_only(known: KnownForm) -> KnownForm:
    """Return the form with its boxes on the first page only."""
    boxes = [f for f in known.form.fields if f.kind is FieldKind.CHECKBOX and f.page == 1]
    form = known.form.model_copy(update={"fields": tuple(boxes)})
    return KnownForm(known.process, form, known.blank)


if __name__ == "__main__":
    main()
