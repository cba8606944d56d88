"""Known forms: told apart, read, accepted; against full-page OCR by OCRmyPDF on the same pages.

    python benchmarks/bench_forms.py [DATA] [--seeds N]

DATA is a folder with fr-forms and azure-forms; docs/benchmarks.md says what they hold.
"""

import argparse
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filled_forms import DATA, FilledForm, Harm, blanks, filled, known_form
from ocrmypdf_runs import seconds_a_page

from rpa.bootstrap.intake import open_decoder
from rpa.domain.form import FieldKind
from rpa.domain.pages import DocumentPages
from rpa.ocr.adapters.form_index import Fronts
from rpa.ocr.adapters.rapid_engine import RapidEngine
from rpa.ocr.adapters.tesserocr_engine import TesserocrEngine
from rpa.ocr.api import KnownForm
from rpa.ocr.identification import identified
from rpa.ocr.reader import ZoneReader

DPI = 204
WAYS = {
    "204x196": (Harm(), "typed"),
    "204x98": (Harm(dpi=(204, 98)), "typed"),
    "204x196, pencil-like": (Harm(), "pencil"),
}


@contextmanager
def cpu(into: Counter[str], name: str) -> Iterator[None]:
    """Count processor seconds of this process and of the children it waited for."""
    before = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN)
    yield
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    into[name] += time.process_time() - before[0]
    into[name] += children.ru_utime + children.ru_stime - before[1].ru_utime - before[1].ru_stime


def tell(forms: list[KnownForm], documents: list[tuple[FilledForm, DocumentPages]]) -> None:
    """Print how many forms were known, and how many were taken for another that is not there."""
    fronts, spent, counts = Fronts(), Counter[str](), Counter[str]()
    identified(documents[0][1], forms, fronts)
    for form, document in documents:
        with cpu(spent, "tell"):
            found = identified(document, forms, fronts)
        counts["known"] += found is not None and found.process == form.known.process
        others = [known for known in forms if known.process != form.known.process]
        counts["false"] += identified(document, others, fronts) is not None
    print(
        f"  known {counts['known']} of {len(documents)}; with the form itself left out, taken for"
    )
    print(f"  another: {counts['false']}; {spent['tell'] / len(documents):.2f} CPU s each")


def read(reader: ZoneReader, documents: list[tuple[FilledForm, DocumentPages]]) -> float:
    """Print how many fields and ticks are right; returns CPU seconds a page."""
    spent, counts = Counter[str](), Counter[str]()
    for form, document in documents:
        with cpu(spent, "read"):
            reading = reader.read(document, form.known)
        for field in reading.fields:
            if field.kind is FieldKind.CHECKBOX:
                counts["ticks"] += 1
                counts["ticks right"] += (field.value == "true") is form.ticks[field.name]
                continue
            wanted = form.truth.get(field.name)
            if wanted is None:
                counts["added"] += field.value is not None
                continue
            counts["fields"] += 1
            counts["right"] += field.value == wanted
            counts["accepted"] += not field.problems
            counts["accepted wrong"] += not field.problems and field.value != wanted
    each = spent["read"] / len(documents)
    print(f"  fields {counts['fields']}, exactly right {counts['right'] / counts['fields']:.4f};")
    print(f"  in empty fields: {counts['added']}; ticks {counts['ticks']}, right", end=" ")
    print(f"{counts['ticks right'] / max(1, counts['ticks']):.4f}")
    print(
        f"  accepted at a promise of 0.5 %: {counts['accepted'] / counts['fields']:.4f}, of", end=""
    )
    print(f" these wrong {counts['accepted wrong'] / max(1, counts['accepted']):.4f}")
    print(f"  {each:.2f} CPU s a page")
    return each


def main() -> None:
    """Measure everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=DATA)
    parser.add_argument("--seeds", type=int, default=3)
    said = parser.parse_args()
    if not said.data.is_dir():
        sys.exit(f"{said.data} is not there; docs/benchmarks.md says what it holds")
    forms = [known_form(name, blank) for name, blank in blanks(said.data)]
    decoder = open_decoder()
    reader = ZoneReader(RapidEngine(), witness=TesserocrEngine())
    for name, (harm, hand) in WAYS.items():
        drawn = [
            filled(known, seed=seed, harm=harm, hand=hand)
            for known in forms
            for seed in range(1, said.seeds + 1)
        ]
        documents = [(form, decoder.pages(form.document)) for form in drawn]
        print(f"{name}: {len(drawn)} pages of {len(forms)} forms")
        tell(forms, documents)
        each = read(reader, documents)
        if name == "204x196":
            faxes = [(form.document, DPI) for form in drawn[:: said.seeds]]
            other = seconds_a_page(faxes, ["--deskew"])
            print(f"  OCRmyPDF on one of each: {other:.2f} CPU s a page, {other / each:.1f} times")


if __name__ == "__main__":
    main()
