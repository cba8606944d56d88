"""Signatures and stamps: told right, wrong, asked about; and fields that they run across.

    python benchmarks/bench_traces.py [DATA] [--seeds N] [--first-seed N]

DATA is a folder with fr-forms and azure-forms; docs/benchmarks.md says what they hold.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from filled_forms import DATA, POINT, Harm, blanks, faxed, known_form
from PIL import Image, ImageDraw, ImageFont

from rpa.bootstrap.intake import open_decoder
from rpa.domain.form import FieldDefinition, FieldKind
from rpa.domain.geometry import Box
from rpa.ocr.adapters.rapid_engine import RapidEngine
from rpa.ocr.adapters.tesserocr_engine import TesserocrEngine
from rpa.ocr.api import KnownForm
from rpa.ocr.reader import ZoneReader
from rpa.testing.drawn_traces import draw_signature, draw_specks, draw_stamp
from rpa.testing.faxes import rendered_page

LINES = {"204x196": Harm(), "204x98": Harm(dpi=(204, 98))}
SIGNED = ("signature", "initials", "empty", "specks", "typed name", "stamp", "stray")
STAMPED = ("round", "boxed", "bare", "empty", "specks", "signature")
TYPED = "Tremblay 1204"


def drawn(
    known: KnownForm, kind: FieldKind, seed: int
) -> tuple[KnownForm, Image.Image, dict[str, str]]:
    """Return a form whose wide fields are signatures or stamps, its page, and what was drawn."""
    chance = random.Random(f"{known.process} {seed}")  # noqa: S311 - drawings, no secrets
    page, pen = rendered_page(known.blank, 1), chance.choice((3, 4, 5, 6))
    fields, truth = [], {}
    for field in _wide(known):
        if chance.random() < 0.5:
            continue
        style = chance.choice(SIGNED if kind is FieldKind.SIGNATURE else STAMPED)
        zone = field.zone if kind is FieldKind.SIGNATURE else _grown(field.zone)
        _draw(page, field, style, chance, pen)
        fields.append(field.model_copy(update={"kind": kind, "zone": zone, "required": False}))
        truth[field.name] = style
    form = known.form.model_copy(update={"fields": tuple(fields)})
    return KnownForm(known.process, form, known.blank), page, truth


def _grown(zone: Box) -> Box:
    return Box(x0=zone.x0, y0=max(0.0, zone.y0 - 30), x1=zone.x1, y1=zone.y1 + 30)


def _wide(known: KnownForm) -> Iterator[FieldDefinition]:
    """Yield fields that are wide enough, and far enough from one another."""
    taken: list[FieldDefinition] = []
    for field in known.form.fields:
        zone = field.zone
        apart = all(abs(zone.y0 - o.zone.y0) > 70 or abs(zone.x0 - o.zone.x0) > 220 for o in taken)
        if field.page == 1 and zone.width > 110 and apart:
            taken.append(field)
            yield field


def _draw(
    page: Image.Image, field: FieldDefinition, style: str, r: random.Random, pen: int
) -> None:
    box = field.zone.scaled(POINT)
    middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    if style in {"signature", "initials"}:
        draw_signature(page, box, r, width=pen, initials=style == "initials")
    elif style in {"stamp", "round", "boxed", "bare"}:
        draw_stamp(page, middle, r, r.choice(("round", "boxed")) if style == "stamp" else style)
    elif style == "specks":
        draw_specks(page, box, r)
    elif style == "typed name":
        font = ImageFont.truetype("LiberationSans-Regular.ttf", 42)
        ImageDraw.Draw(page).text((box.x0 + 8, middle[1]), "Jean Tremblay", 0, font, anchor="lm")
    elif style == "stray":
        x = r.uniform(box.x0 + 30, box.x1 - 60)
        end = (x + r.uniform(20, 60), box.y0 + 0.3 * box.height)
        ImageDraw.Draw(page).line((x, box.y0 - 120, *end), fill=0, width=pen)


WANTED: Mapping[str, str] = {
    "signature": "true", "initials": "true", "empty": "false", "specks": "false",
    "typed name": "false", "stamp": "asked", "stray": "false",
}  # fmt: skip
WANTED_STAMP = {"round": "true", "boxed": "true", "bare": "true", "empty": "false",
                "specks": "false", "signature": "false"}  # fmt: skip


def crossing(
    known: KnownForm, seed: int, shape: str
) -> tuple[Image.Image, dict[str, str], set[str]]:
    """Return a page with typed fields, one of them under a signature or a stamp."""
    chance = random.Random(f"{known.process} {seed}")  # noqa: S311 - drawings, no secrets
    page, truth = rendered_page(known.blank, 1), {}
    fields = [f for f in known.form.fields if f.page == 1 and f.zone.width > 90 and not f.cells]
    fields = [f for f in fields if f.kind is not FieldKind.CHECKBOX]
    for field in fields:
        box = field.zone.scaled(POINT)
        font = ImageFont.truetype("LiberationSans-Regular.ttf", round(min(42, box.height * 0.8)))
        place = (box.x0 + 8, (box.y0 + box.y1) / 2)
        ImageDraw.Draw(page).text(place, TYPED, 0, font, anchor="lm")
        truth[field.name] = TYPED
    under = chance.choice(fields)
    box = under.zone.scaled(POINT)
    if shape == "signature":
        large = box.model_copy(update={"y0": box.y0 - 50, "y1": box.y1 + 50})
        draw_signature(page, large, chance, width=chance.choice((3, 4, 5)))
    else:
        draw_stamp(page, (box.x0 + 120, (box.y0 + box.y1) / 2), chance, shape)
    return page, truth, {under.name}


def fields_under(reader: ZoneReader, data: Path, said: argparse.Namespace) -> None:
    """Print what becomes of typed fields that something runs across, and of all others."""
    for shape in ("signature", "round", "boxed", "bare"):
        counts: Counter[str] = Counter()
        for name, blank in blanks(data):
            known = known_form(name, blank)
            for seed in range(said.first_seed, said.first_seed + said.seeds):
                page, truth, under = crossing(known, seed, shape)
                content = faxed(page, LINES["204x196"], random.Random(seed), seed)  # noqa: S311
                for field in reader.read(open_decoder().pages(content), known).fields:
                    if field.name not in truth:
                        continue
                    where = "under" if field.name in under else "other"
                    counts[where] += 1
                    counts[f"{where}, crossed"] += "crossed" in field.problems
                    is_wrong = not field.problems and field.value != truth[field.name]
                    counts[f"{where}, accepted wrong"] += is_wrong
        print(f"typed fields, a {shape} over one: {dict(sorted(counts.items()))}")


def main() -> None:
    """Measure everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=DATA)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--first-seed", type=int, default=100)
    said = parser.parse_args()
    if not said.data.is_dir():
        sys.exit(f"{said.data} is not there; docs/benchmarks.md says what it holds")
    reader = ZoneReader(RapidEngine(), witness=TesserocrEngine())
    for kind, wanted in ((FieldKind.SIGNATURE, WANTED), (FieldKind.STAMP, WANTED_STAMP)):
        for line, harm in LINES.items():
            counts: Counter[tuple[str, str]] = Counter()
            for name, blank in blanks(said.data):
                for seed in range(said.first_seed, said.first_seed + said.seeds):
                    known, page, truth = drawn(known_form(name, blank), kind, seed)
                    if not truth:
                        continue
                    content = faxed(page, harm, random.Random(seed), seed)  # noqa: S311
                    for field in reader.read(open_decoder().pages(content), known).fields:
                        style = truth[field.name]
                        told = "right" if field.value == wanted[style] else "wrong"
                        counts[style, "asked" if field.problems else told] += 1
            print(
                f"{kind}, {line}: "
                + "; ".join(f"{s} {t} {n}" for (s, t), n in sorted(counts.items()))
            )
    fields_under(reader, said.data, said)


if __name__ == "__main__":
    main()
