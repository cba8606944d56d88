"""Measures what containment costs: processor time for a page, against opening files directly.

Run: ``python benchmarks/bench_intake.py [ROUNDS]``. The documents are drawn by the project. Times
are the processor's, of this process and the children that read; starting is left out.
"""

import resource
import sys
from collections.abc import Callable
from io import BytesIO

import pypdfium2
from PIL import Image, ImageSequence

from rpa.intake.adapters.contained import ContainedDecoder
from rpa.testing.scans import image, page, saved, scanned_pdf
from rpa.testing.sheets import pile

PAGES = 5


def documents() -> dict[str, bytes]:
    """Return documents of several pages, by what they are."""
    fax = pile(*[page(dpi=200).resize((1728, 2200))] * PAGES)
    how = {"save_all": True, "append_images": fax[1:], "dpi": (204, 196)}
    return {
        "fax, Group 4 TIFF, 204 × 196": saved(fax[0], "TIFF", compression="group4", **how),
        "fax, Group 3 TIFF, 204 × 196": saved(fax[0], "TIFF", compression="group3", **how),
        "fax in a PDF, Group 4": scanned_pdf(list(fax), dpi=(204, 200)),
        "grey scan in a PDF, JPEG, 300 dpi": scanned_pdf([page(dpi=300)] * PAGES, dpi=(300, 300)),
        "photo, JPEG, 300 dpi": image("jpeg", dpi=300),
        "screen, PNG, 200 dpi": image("png", dpi=200),
    }


def directly(content: bytes) -> int:
    """Open every page as a program would that trusts its documents; returns how many there were."""
    if content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        for sheet in document:
            sheet.render(scale=300 / 72, grayscale=True).to_pil()
        return len(document)
    with Image.open(BytesIO(content)) as opened:
        return len([frame.convert("L") for frame in ImageSequence.Iterator(opened)])


def contained(content: bytes) -> int:
    """Inspect the document and open its pages, as a case does."""
    pages = DECODER.inspect(content).pages
    DECODER.pages(content)
    return pages


def cpu_ms(work: Callable[[bytes], int], content: bytes, rounds: int) -> float:
    """Return the processor's milliseconds for a page, children included."""
    work(content)
    before = spent()
    pages = sum(work(content) for _round in range(rounds))
    return (spent() - before) * 1000 / pages


def spent() -> float:
    """Return the processor's seconds of this process and of the children that read documents."""
    mine = resource.getrusage(resource.RUSAGE_SELF)
    return mine.ru_utime + mine.ru_stime + DECODER.cpu_s


def main() -> None:
    """Print milliseconds a page, contained and direct."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    print(f"{'':36}{'contained':>10}{'direct':>10}   ms of processor time a page")
    for name, content in documents().items():
        held, plain = (cpu_ms(work, content, rounds) for work in (contained, directly))
        print(f"{name:36}{held:10.0f}{plain:10.0f}")
    print(f"most memory of a child: {DECODER.peak_bytes / 1e6:.0f} MB")


DECODER = ContainedDecoder()

if __name__ == "__main__":
    main()
