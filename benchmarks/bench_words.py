"""Words on whole pages: FUNSD scans and French faxes, against the engines as they come.

python benchmarks/bench_words.py [DATA] [--pages N]
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from filled_forms import DATA
from ocrmypdf_runs import seconds_a_page
from PIL import Image
from rapidocr import RapidOCR

from rpa.bootstrap.reading import ENGLISH, FRENCH
from rpa.domain.pages import PageImage
from rpa.ocr.adapters.contained import ContainedEngine
from rpa.ocr.adapters.page_text import PageReader
from rpa.ocr.adapters.rapid_engine import RapidEngine
from rpa.ocr.adapters.tesserocr_engine import TesserocrEngine
from rpa.ocr.api import Layout
from rpa.testing.faxes import FaxLine, document_pages, fax, rendered_page

FORMS = ("160F-2019", "2041-rd_4298", "cerfa_10103-11", "cerfa_13753_04", "12100_03")
Page = tuple[PageImage, list[str]]
Reads = Callable[[PageImage], Sequence[str]]


def tokens(words: Sequence[str]) -> Counter[str]:
    """Return letters and digits, case folded, as a bag."""
    return Counter(token for word in words for token in re.findall(r"[^\W_]+", word.casefold()))


def funsd(data: Path, most: int) -> list[Page]:
    """Return FUNSD's pages and their words."""
    pages = []
    for path in sorted((data / "funsd" / "images").glob("*.png"))[:most]:
        said = json.loads((data / "funsd" / "annotations" / f"{path.stem}.json").read_text())
        words = [word["text"] for entity in said["form"] for word in entity["words"]]
        pages.append((PageImage(path.read_bytes(), 0, bilevel=False), words))
    return pages


def french(data: Path, line: FaxLine | None) -> Iterator[Page]:
    """Yield pages of French forms, faxed or clean, and the words of their text layer."""
    for name in FORMS:
        said = json.loads((data / "fr-forms" / f"{name}.gt.json").read_text(encoding="utf-8"))
        blank = (data / "fr-forms" / f"{name}.pdf").read_bytes()
        for number, page in enumerate(said["pages"], start=1):
            if not page["words"]:
                continue
            drawn = rendered_page(blank, number)
            image = document_pages(fax([drawn], line, seed=3)).images[0] if line else _png(drawn)
            yield image, [word[0] for word in page["words"]]


def _png(page: Image.Image) -> PageImage:
    return PageImage(cv2.imencode(".png", np.asarray(page))[1].tobytes(), 300, bilevel=False)


def opened(image: PageImage) -> np.ndarray:
    """Return a page's pixels."""
    return cv2.imdecode(np.frombuffer(image.png, np.uint8), cv2.IMREAD_GRAYSCALE)


def measured(name: str, pages: Sequence[Page], reads: Reads) -> float:
    """Print the F1 of the words and the CPU seconds a page; returns the seconds."""
    spent, hits, said, truth = 0.0, 0, 0, 0
    for image, words in pages:
        before = time.process_time()
        read = reads(image)
        spent += time.process_time() - before
        one, other = tokens(words), tokens(read)
        hits, said, truth = (
            hits + sum((one & other).values()),
            said + sum(other.values()),
            truth + sum(one.values()),
        )
    each = spent / len(pages)
    print(f"  {name:34} F1 {2 * hits / (said + truth):.4f}   {each:.2f} CPU s a page", flush=True)
    return each


def by_reader(reader: PageReader) -> Reads:
    """Return what reads with a page reader of ours."""
    return lambda image: [word.text for word in reader.read(image).words]


def by_tesserocr(engine: TesserocrEngine) -> Reads:
    """Return what reads with tesserocr alone, small pages doubled."""

    def reads(image: PageImage) -> list[str]:
        (words,) = engine.recognize([opened(image)], layout=Layout.PAGE)
        return [word.text for word in words]

    return reads


def by_rapidocr(engine: RapidOCR) -> Reads:
    """Return what reads with RapidOCR as it comes."""
    return lambda image: " ".join(engine(image.png).txts or ()).split()


def ocrmypdf(pages: Sequence[Page]) -> float:
    """Return CPU seconds a page of OCRmyPDF."""
    return seconds_a_page((image.png, image.dpi or 100) for image, _words in pages)


def two_workers(pages: Sequence[Page]) -> None:
    """Print how much faster two workers are than one, in elapsed time."""
    took = {}
    for count in (1, 2):
        readers = [PageReader(ContainedEngine("rapidocr")) for _worker in range(count)]
        for reader in readers:
            reader.read(pages[0][0])
        begun = time.monotonic()
        with ThreadPoolExecutor(count) as pool:
            shares = [pages[worker::count] for worker in range(count)]
            list(pool.map(_read_all, readers, shares))
        took[count] = time.monotonic() - begun
    print(f"  two workers are {took[1] / took[2]:.2f} times as fast as one")


def _read_all(reader: PageReader, pages: Sequence[Page]) -> None:
    for image, _words in pages:
        reader.read(image)


def main() -> None:
    """Measure everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=DATA)
    parser.add_argument("--pages", type=int, default=50)
    said = parser.parse_args()
    if not said.data.is_dir():
        sys.exit(f"{said.data} is not there; docs/benchmarks.md says what it holds")
    rapid, tesseract, plain = RapidEngine(), TesserocrEngine(), RapidOCR()
    in_french, in_english = (TesserocrEngine(languages=one) for one in (FRENCH, ENGLISH))
    accurate = PageReader(rapid)
    fast = PageReader(in_french, thorough=False, english=in_english)
    pages = funsd(said.data, said.pages)
    print(f"FUNSD, {len(pages)} pages")
    ours = measured("accurate", pages, by_reader(accurate))
    theirs = measured("RapidOCR as it comes", pages, by_rapidocr(plain))
    print(f"  accurate costs {ours / theirs:.2f} of RapidOCR")
    quick = measured("fast", pages, by_reader(fast))
    alone = measured("tesserocr, doubled", pages, by_tesserocr(tesseract))
    print(f"  fast costs {quick / alone:.2f} of tesserocr")
    alone = measured("the same, English only", pages, by_tesserocr(in_english))
    print(f"  fast costs {quick / alone:.2f} of that")
    lines = {
        "clean": None,
        "204x196": FaxLine(skew_degrees=1.0, noise=0.001),
        "204x98": FaxLine(dpi=(204, 98), skew_degrees=-0.8, noise=0.001),
    }
    for name, line in lines.items():
        faxed = list(french(said.data, line))
        print(f"French forms, {name}, {len(faxed)} pages")
        ours = measured("accurate", faxed, by_reader(accurate))
        measured("fast", faxed, by_reader(fast))
        measured("RapidOCR as it comes", faxed, by_rapidocr(plain))
        if name == "204x196":
            print(f"  OCRmyPDF {ocrmypdf(faxed):.2f} CPU s a page; accurate {ours:.2f}")
            two_workers(faxed + faxed)


if __name__ == "__main__":
    main()
