"""Filled forms of others, every labelled field: zones of the known form, beside OCR and patterns.

    python benchmarks/bench_azure.py [DATA] [--only WORD] [--misses]

Each copy is read as it was delivered (a PDF's own data is used), as pixels, and as a fax of these
(204 x 196, bilevel, noise, skew, stretch). ``--misses`` shows what was read wrong.
"""

import argparse
import random
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from azure_forms import (
    DEVELOPMENT,
    EMPTY,
    TICKED,
    Template,
    copies,
    is_right,
    known_templates,
    labels_of,
    learned_template,
    said,
    wanted,
)
from azure_patterns import PATTERNS, as_lines, searched
from bench_forms import cpu
from filled_forms import DATA, Harm, faxed
from PIL import Image

from rpa.bootstrap.intake import open_decoder
from rpa.bootstrap.reading import Engines
from rpa.domain.errors import RecognitionError
from rpa.domain.form import FieldKind
from rpa.domain.pages import DocumentPages
from rpa.domain.reading import FieldValue
from rpa.intake.api import Decoder
from rpa.ocr.adapters.page_text import PageReader
from rpa.ocr.adapters.rapid_engine import RapidEngine
from rpa.ocr.adapters.tesserocr_engine import TesserocrEngine
from rpa.ocr.api import KnownForm
from rpa.ocr.reader import ZoneReader

READERS = ("zones", "rapid", "tesseract")
LETTER_PIXELS = (2550, 3300)


@dataclass
class Score:
    """What was counted, by group of copies, way and reader."""

    counts: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    spent: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    known: Counter[bool] = field(default_factory=Counter)
    shows_misses: bool = False

    @contextmanager
    def timed(self, reader: str) -> Iterator[None]:
        """Count the processor time and the document that a reader was given."""
        self.read[reader] += 1
        with cpu(self.spent, reader):
            yield

    def add(self, group: tuple[str, str], reader: str, names: Iterable[str], *, right: bool,
            accepted: bool = False) -> None:  # fmt: skip
        """Count a text or a tick."""
        here = self.counts.setdefault(group, Counter())
        for name in names:
            here[f"{reader} {name}"] += 1
            here[f"{reader} {name} right"] += right
            here[f"{reader} {name} accepted"] += accepted
            here[f"{reader} {name} accepted wrong"] += accepted and not right


def sent_ways(path: Path, decoder: Decoder) -> Iterator[tuple[str, DocumentPages]]:
    """Yield a copy as delivered, as pixels and as a fax; of pixels the first page only."""
    document = decoder.pages(path.read_bytes())
    yield "delivered", document
    with Image.open(BytesIO(document.images[0].png)) as image:
        page = image.convert("L")
    if path.suffix == ".pdf":
        out = BytesIO()
        page.save(out, "PNG", dpi=(300, 300))
        yield "pixels", decoder.pages(out.getvalue())
    letter = page.resize(LETTER_PIXELS, Image.Resampling.BICUBIC)
    seed = sum(path.stem.encode())
    chance = random.Random(seed)  # noqa: S311 - drawings, no secrets
    yield "fax", decoder.pages(faxed(letter, Harm(), chance, seed))


def by_zones(
    path: Path, document: DocumentPages, template: Template, reader: ZoneReader, score: Score
) -> dict[str, FieldValue]:
    """Return the values of a form's fields; none where the page is not the form's."""
    try:
        with score.timed("zones"):
            reading = reader.read(document, template.known)
    except RecognitionError as error:
        print(f"  {path.name}: {error.code}")
        return {}
    return {value.name: value for value in reading.fields}


def count_zones(
    path: Path, way: str, template: Template, values: Mapping[str, FieldValue], score: Score
) -> None:
    """Count the labelled fields that the zones told."""
    labels = labels_of(path)
    kinds = {one.name: one.kind for one in template.known.form.all_fields()}
    unknown = {label.name for label in labels}
    for asked in template.asked:
        names = [label.name for label in labels if label.name in asked.labels]
        unknown -= set(names)
        if not names:
            continue
        kind, truth = kinds[asked.fields[0]], wanted(labels, asked.labels)
        told = said(asked, values) if values else ""
        right = is_right(kind, told, _as_tick(truth), scanned=is_scan(path))
        accepted = bool(values) and not any(values[name].problems for name in asked.fields)
        score.add((group_of(path), way), "zones", [what(kind)] * len(names), right=right,
                  accepted=accepted)  # fmt: skip
        if score.shows_misses and (not right or not accepted):
            problems = [values[name].problems for name in asked.fields] if values else ()
            print(f"    {path.name} {way} {'+'.join(names)}: {truth!r} read {told!r}"
                  f" {'' if right else 'WRONG'} {problems}")  # fmt: skip
    if unknown:
        print(f"  {path.name}: the form has no field for {', '.join(sorted(unknown))}; wrong")
        score.add((group_of(path), way), "zones", ["text"] * len(unknown), right=False)


def count_patterns(
    path: Path, way: str, document: DocumentPages, readers: Mapping[str, PageReader], score: Score
) -> None:
    """Count the labelled fields that full-page OCR and a pattern tell."""
    for name, reader in readers.items():
        with score.timed(name):
            text = as_lines(reader.read(document.images[0]))
        for label in labels_of(path):
            tick = label.text in (TICKED, EMPTY)
            found = searched(text, PATTERNS[path.parent.name].get(label.name, "(?!)"))
            told = ("true" if found else "false") if tick else found
            kind = _pattern_kind(label.name)
            truth = _as_tick(label.text) if tick else label.text
            right = is_right(kind, told, truth, scanned=is_scan(path))
            score.add((group_of(path), way), name, ["ticks" if tick else "text"], right=right)
            if score.shows_misses and not right and not tick:
                print(f"    {path.name} {way} {name} {label.name}: {truth!r} found {told!r}")


def main() -> None:
    """Measure every copy in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=DATA)
    parser.add_argument("--only", default="")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--no-patterns", action="store_true")
    asked = parser.parse_args()
    data = asked.data / "azure-forms"
    if not data.is_dir():
        sys.exit(f"{data} is not there; docs/benchmarks.md says what it holds")
    warnings.filterwarnings("ignore")
    score, decoder = Score(shows_misses=asked.misses), open_decoder()
    tesseract = TesserocrEngine()
    engines = Engines(RapidEngine(), tesseract, tesseract)
    reader = ZoneReader(engines.first, witness=engines.second)
    pages = {"rapid": PageReader(engines.first),
             "tesseract": PageReader(engines.tesseract, thorough=False)}  # fmt: skip
    pairs = list(templates_of(data, decoder, engines))
    forms = list({one.known.process: one.known for _path, one in pairs}.values())
    for path, template in pairs:
        if asked.only in str(path):
            for way, document in sent_ways(path, decoder):
                count_known(path, document, template, forms, reader, score)
                count_zones(path, way, template,
                            by_zones(path, document, template, reader, score), score)  # fmt: skip
                if not asked.no_patterns and (way != "delivered" or path.suffix == ".jpg"):
                    count_patterns(path, way, document, pages, score)
    tell(score)


def count_known(
    path: Path, document: DocumentPages, template: Template, forms: Sequence[KnownForm],
    reader: ZoneReader, score: Score,
) -> None:  # fmt: skip
    """Count whether a copy is known among all forms, and say what it was taken for if not."""
    found = reader.identify(document, forms)
    score.known[found is not None and found.process == template.known.process] += 1
    if found is None or found.process != template.known.process:
        print(f"  {path.name} was taken for {found.process if found else 'no known form'}")


def templates_of(data: Path, decoder: Decoder, engines: Engines) -> Iterator[tuple[Path, Template]]:
    """Yield every labelled copy with the form that it is a copy of."""
    known = known_templates(data)
    for folder in ("w9", "w8ben"):
        yield from ((path, known[folder]) for path in copies(data / folder))
    for path in copies(data / "f1099"):
        is_payers = "payer" in path.stem or "state" in path.stem  # one layout, but for its margin
        yield path, known["f1099 payer" if is_payers else "f1099 recipient"]
    first = decoder.pages(copies(data / "invoice")[0].read_bytes())
    learned, (met, typed) = learned_template(data / "invoice", first, engines)
    print(f"invoice: --as-form proposed a zone for {met} of {typed} typed values of the first copy")
    yield from ((path, learned) for path in copies(data / "invoice"))


def tell(score: Score) -> None:
    """Print the figures of each group and way, and those of all groups together."""
    sums: dict[tuple[str, str], Counter[str]] = {}
    for (group, way), here in score.counts.items():
        sums.setdefault((f"all {group.split(maxsplit=1)[1]}", way), Counter()).update(here)
    for (group, way), here in [*sorted(score.counts.items()), *sorted(sums.items())]:
        print(f"{group}, {way}")
        for reader in READERS:
            parts = [_told(here, reader, name) for name in ("text", "ticks")]
            if any(parts):
                print(f"  {reader:10} {'; '.join(part for part in parts if part)}")
    print(f"known among all forms: {score.known[True]} of {score.known.total()} documents")
    for reader, count in score.read.items():
        print(f"{reader}: {score.spent[reader] / count:.2f} CPU s a document of {count}")


def _told(here: Counter[str], reader: str, name: str) -> str:
    what = f"{reader} {name}"
    if not here[what]:
        return ""
    accepted = f" (accepted {here[f'{what} accepted']}, wrong {here[f'{what} accepted wrong']})"
    right = f"{name} {here[f'{what} right']}/{here[what]}"
    return right + (accepted if reader == "zones" else "")


def group_of(path: Path) -> str:
    """Return what a copy is counted with: its template, how it came, and whether it was seen."""
    seen = "development" if path.stem in DEVELOPMENT else "held out"
    return f"{path.parent.name} {'scan' if is_scan(path) else 'typed'} {seen}"


def is_scan(path: Path) -> bool:
    """Say whether a copy came from paper, so that its labels hold slips of OCR."""
    return path.suffix != ".pdf" or "hand" in path.stem or "scan" in path.stem


def what(kind: FieldKind) -> str:
    """Return what a kind is counted as."""
    return "ticks" if kind is FieldKind.CHECKBOX else "text"


def _pattern_kind(name: str) -> FieldKind:
    if name in ("SSN", "SSN_ITIN"):
        return FieldKind.SSN
    if name == "EIN":
        return FieldKind.EIN
    return FieldKind.DATE if name in ("Date", "DateOfBirth") else FieldKind.TEXT


def _as_tick(text: str) -> str:
    return {TICKED: "true", EMPTY: "false"}.get(text, text)


if __name__ == "__main__":
    main()
