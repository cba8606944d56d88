"""Reads a PDF: pages, their facts, their pixels, words and form values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

from rpa.intake.adapters.decoding.acroform import form_values
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.pdf_images import check_images
from rpa.intake.adapters.decoding.pdf_pages import PROOF_DPI, PdfPage, load_page, words_on
from rpa.intake.adapters.decoding.pdf_scans import scan_on
from rpa.intake.adapters.decoding.pdf_source import open_pdf
from rpa.intake.adapters.decoding.program import Answer, Work
from rpa.intake.adapters.decoding.raster import Page, png, squared


@dataclass(frozen=True, slots=True)
class PdfSheet:
    """One page of a PDF, checked: as a scan where it is one, else to be drawn."""

    page: PdfPage
    scan: Page | None

    def facts(self) -> dict[str, Any]:
        """Return what is told of the page, as plain values."""
        if self.scan:
            return self.scan.facts()
        width, height = self.page.drawn_size
        dpi = self.page.dpi
        told = {"width": width, "height": height, "dpi_x": dpi, "dpi_y": dpi}
        return {**told, "bilevel": self.page.is_bilevel(), "quality": 1.0, "pixels": None}

    def drawn(self, dpi: float | None = None) -> tuple[Image.Image, float, bool]:
        """Return the page as pixels, their dpi, and whether they were one bit each.

        ``dpi`` asks for a page that isn't a scan to be drawn so; as finely as allowed if not said.
        """
        if self.scan:
            return *squared(self.scan), self.scan.is_bilevel
        chosen = min(dpi or self.page.dpi, self.page.dpi)
        return self.page.rendered(chosen), chosen, self.page.is_bilevel()


def read_pdf(work: Work) -> Answer:
    """Open the document and draw every page: coarsely as proof, finely where wanted."""
    source = open_pdf(work.content, work.limits)
    check_images(source.structure)
    record: dict[str, Any] = {
        "pages": [],
        "images": [],
        "words": [],
        "acroform": form_values(source.structure),
    }
    return Answer(record, _drawn(work, source.view, record))


def pdf_sheets(work: Work) -> Iterator[PdfSheet]:
    """Open the document and yield each page, checked."""
    source = open_pdf(work.content, work.limits)
    check_images(source.structure)
    yield from _sheets(source.view, work.limits)


def _drawn(work: Work, view: Any, record: dict[str, Any]) -> Iterator[bytes]:
    for sheet in _sheets(view, work.limits):
        record["pages"].append(sheet.facts())
        if work.wants_pixels:
            image, dpi, is_bilevel = sheet.drawn()
            record["images"].append({"dpi": dpi, "bilevel": is_bilevel})
            record["words"].append(list(words_on(sheet.page)))
            yield png(image)


def _sheets(view: Any, limits: DecodeLimits) -> Iterator[PdfSheet]:
    for number in range(1, len(view) + 1):
        page = load_page(view, number, limits)
        proof = page.rendered(PROOF_DPI)
        yield PdfSheet(page, scan_on(page, proof, limits))
        page.page.close()
