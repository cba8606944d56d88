"""Forms that nobody described, outside a case."""

from collections.abc import Sequence

from rpa.domain.form import FormDefinition
from rpa.domain.pages import DocumentPages
from rpa.ocr.adapters.pixels import opened
from rpa.ocr.adapters.reference import reference_pdf, without_answers
from rpa.ocr.adapters.strokes import rules_on
from rpa.ocr.api import OcrEngine, PageReader
from rpa.ocr.document_text import document_text
from rpa.ocr.unknown.anchors import invoice_anchors
from rpa.ocr.unknown.letters import letter_rules
from rpa.ocr.unknown.page import understood
from rpa.ocr.unknown.proposal import UnderstoodPage, answers_on, proposed_form


def understood_pages(
    document: DocumentPages, tools: tuple[PageReader, OcrEngine]
) -> list[UnderstoodPage]:
    """Return what is found on each page.

    Raises:
        RecognitionError, ToolUnavailableError, ToolTimeoutError: As the engine.
    """
    pages: list[UnderstoodPage] = []
    for text, image in zip(document_text(document, *tools), document.images, strict=True):
        rules = rules_on(opened(image.png), text)
        found = understood(
            text,
            rules,
            invoices=invoice_anchors(),
            letters=letter_rules(),
            before=pages[-1].understood.document if pages else None,
        )
        pages.append(UnderstoodPage(text, found, image.dpi))
    return pages


def form_of(
    document: DocumentPages, pages: Sequence[UnderstoodPage]
) -> tuple[FormDefinition, bytes]:
    """Return the form that pages propose, and the blank to lay the next ones on.

    Raises:
        RecognitionError: No form can be made of them.
    """
    form = proposed_form(pages)
    shown = [
        (without_answers(opened(image.png), answers_on(page)), image.dpi)
        for image, page in zip(document.images, pages, strict=True)
    ]
    return form, reference_pdf(shown)
