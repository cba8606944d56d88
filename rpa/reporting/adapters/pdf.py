"""The report as PDF/A-3b on Letter paper, with its figures attached, by WeasyPrint."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

from weasyprint import HTML, Attachment
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from rpa.i18n import Language
from rpa.reporting.adapters.html import html
from rpa.reporting.report import PaperlessReport


def pdf(
    report: PaperlessReport, language: Language, attached: Mapping[str, bytes] | None = None
) -> bytes:
    """Return the report in ``language``; ``attached`` files travel inside as its data.

    The same report gives the same bytes.
    """
    page = html(report, language, links=False)
    made = BytesIO()
    HTML(string=page, url_fetcher=_NothingFetched()).write_pdf(
        made,
        pdf_variant="pdf/a-3b",
        pdf_identifier=hashlib.sha256(page.encode()).digest()[:16],
        attachments=[
            _attachment(name, content, report.until) for name, content in (attached or {}).items()
        ],
    )
    return made.getvalue()


def _attachment(name: str, content: bytes, at: datetime) -> Attachment:
    return Attachment(
        string=content, name=name, description=name, created=at, modified=at, relationship="Data"
    )


class _NothingFetched(URLFetcher):  # type: ignore[misc]
    """Fetches nothing: a report must not depend on what can change, or be watched."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002 - given by WeasyPrint
        """Refuse every address."""
        raise FatalURLFetchingError("a report fetches nothing")
