"""Reads a PDF: the child process for PDFs."""

from collections.abc import Iterator
from typing import Any

from rpa.intake.adapters.decoding.acroform import form_values
from rpa.intake.adapters.decoding.pdf_images import check_images
from rpa.intake.adapters.decoding.pdf_pages import PROOF_DPI, PdfPage, load_page, words_on
from rpa.intake.adapters.decoding.pdf_source import PdfSource, open_pdf
from rpa.intake.adapters.decoding.program import Answer, Work, run
from rpa.intake.adapters.decoding.raster import png


def read_pdf(work: Work) -> Answer:
    """Open the document and draw every page: coarsely as proof, finely where wanted."""
    source = open_pdf(work.content, work.limits)
    check_images(source.structure)
    record: dict[str, Any] = {
        "pages": source.pages,
        "pixels_digest": None,
        "images": [],
        "words": [],
        "acroform": form_values(source.structure),
    }
    return Answer(record, _drawn(work, source, record))


def _drawn(work: Work, source: PdfSource, record: dict[str, Any]) -> Iterator[bytes]:
    for number in range(1, source.pages + 1):
        page = load_page(source.view, number, work.limits)
        if work.wants_pixels:
            yield _fine(page, record)
        else:
            page.rendered(PROOF_DPI)
        page.page.close()


def _fine(page: PdfPage, record: dict[str, Any]) -> bytes:
    record["images"].append({"dpi": page.dpi, "bilevel": page.is_bilevel()})
    record["words"].append(list(words_on(page)))
    return png(page.rendered(page.dpi))


if __name__ == "__main__":
    run(read_pdf)
