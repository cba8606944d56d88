"""Searchable copies, outside a case."""

from rpa.archive.adapters.ocrmypdf_pdf import OcrmypdfSearchablePdf
from rpa.domain.document import MediaType


def searchable_pdf(content: bytes, media_type: MediaType) -> bytes:
    """Return a document as searchable PDF/A-2b.

    Raises:
        ToolUnavailableError, ToolTimeoutError: As the converter.
    """
    return OcrmypdfSearchablePdf(timeout_s=600).converted(content, media_type)
