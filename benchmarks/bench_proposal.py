"""Measures what ``rpa form new`` proposes from scans of blanks, against what the blanks' files say.

Run: ``python benchmarks/bench_proposal.py [DATA] [accurate|fast] [--only fr-forms]``. DATA is a
folder with fr-forms and azure-forms; docs/benchmarks.md says what they hold. The truth is the form
fields of each blank's PDF; the scan shows the same blank, emptied, at 200 dpi and turned by a
degree: as it was drawn, or with the grain, the greys and the JPEG of a scanner.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

from filled_forms import DATA, blanks
from PIL import Image

from rpa.bootstrap.intake import open_decoder
from rpa.bootstrap.reading import ReadingMode, page_reading
from rpa.domain.form import FieldDefinition, FormDefinition
from rpa.domain.geometry import Box
from rpa.ocr.adapters.proposal import proposed_form
from rpa.ocr.adapters.scanned_blank import scanned_form
from rpa.testing.faxes import DPI, grey_scan, rendered_page

SKEW = 1.0
SCAN_DPI = 200
SAME = 0.5
"""Share of the place that two have in common of all that they cover, for them to be one."""
PAGES = 2


def main() -> None:
    """Print a line a page, and the sums."""
    asked = argparse.ArgumentParser()
    asked.add_argument("data", nargs="?", type=Path, default=DATA)
    asked.add_argument("mode", nargs="?", default="accurate", choices=[*ReadingMode])
    asked.add_argument("--only", default="", help="a folder of DATA")
    said = asked.parse_args()
    names = {path.stem for path in (said.data / said.only).rglob("*.pdf")}
    for way, scan in {"drawn": clean_scan, "scanner": noisy_scan}.items():
        total: Counter[str] = Counter()
        for name, page, counts in measured(said.data, ReadingMode(said.mode), scan):
            if name in names:
                print(f"{way:8} {name:24} page {page}: {told(counts)}")
                total += counts
        print(f"{way:8} {'all':31}: {told(total)}; {total['ms'] / 1000:.0f} CPU s")


def measured(
    data: Path, mode: ReadingMode, scan: Callable[[Image.Image], bytes]
) -> Iterator[tuple[str, int, Counter[str]]]:
    """Yield each page of the blanks that has form fields, and what was found on it."""
    decoder = open_decoder()
    with page_reading(mode) as tools:
        for name, blank in blanks(data):
            truth = proposed_form(blank)
            for number in range(1, min(truth.pages, PAGES) + 1):
                here = [field for field in truth.fields if field.page == number]
                wanted = [field for field in here if field.acroform]
                if not wanted:
                    continue
                document = decoder.pages(scan(rendered_page(blank, number)))
                started = time.process_time()
                form, _blank = scanned_form(document, tools)
                spent = round(1000 * (time.process_time() - started))
                yield name, number, compared(wanted, form) + Counter(ms=spent)


def clean_scan(page: Image.Image) -> bytes:
    """Return a page as a PNG of a scanner that adds nothing."""
    turned = page.rotate(SKEW, Image.Resampling.BICUBIC, fillcolor=255)
    size = (page.width * SCAN_DPI // DPI, page.height * SCAN_DPI // DPI)
    out = BytesIO()
    turned.resize(size, Image.Resampling.LANCZOS).save(out, "PNG", dpi=(SCAN_DPI, SCAN_DPI))
    return out.getvalue()


def noisy_scan(page: Image.Image) -> bytes:
    """Return a page as the PDF of an office scanner."""
    return grey_scan([page], seed=1, skew_degrees=SKEW, dpi=SCAN_DPI)


def compared(wanted: Sequence[FieldDefinition], form: FormDefinition) -> Counter[str]:
    """Count the fields that were found again, those of the same kind, and those invented."""
    found = {
        field.name: next((one for one in form.fields if is_same(one.zone, field.zone)), None)
        for field in wanted
    }
    kinds = {field.name: field.kind for field in wanted}
    return Counter(
        wanted=len(wanted),
        found=sum(one is not None for one in found.values()),
        kind=sum(one is not None and one.kind is kinds[name] for name, one in found.items()),
        told=len(form.fields),
        invented=sum(
            not any(is_same(one.zone, field.zone) for field in wanted) for one in form.fields
        ),
    )


def is_same(one: Box, other: Box) -> bool:
    """Say whether two places are one."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    if across <= 0 or down <= 0:
        return False
    both = one.width * one.height + other.width * other.height - across * down
    return across * down >= SAME * both


def told(counts: Counter[str]) -> str:
    """Return the counts as words."""
    return (
        f"{counts['found']} of {counts['wanted']} found, {counts['kind']} of the same kind, "
        f"{counts['invented']} of {counts['told']} invented"
    )


if __name__ == "__main__":
    main()
