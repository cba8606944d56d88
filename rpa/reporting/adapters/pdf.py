"""The report as PDF/A-3b on Letter paper, with its figures attached, by WeasyPrint."""

import hashlib
import warnings
from collections.abc import Mapping
from datetime import datetime
from threading import Lock
from typing import Final

import pydyf
from weasyprint import HTML, Attachment, Document
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from rpa.i18n import Language
from rpa.reporting.adapters.html import html
from rpa.reporting.report import PaperlessReport

_WRITING: Final = Lock()


def pdf(
    report: PaperlessReport, language: Language, attached: Mapping[str, bytes] | None = None
) -> bytes:
    """Return the report in ``language``; ``attached`` files travel inside as its data.

    The same report and files give the same bytes.
    """
    page = html(report, language, links=False)
    files = [_attachment(name, told, report.until) for name, told in (attached or {}).items()]
    with _WRITING, warnings.catch_warnings():
        # WeasyPrint leaves its color profile for the garbage collector to close.
        warnings.simplefilter("ignore", ResourceWarning)
        made: bytes = HTML(string=page, url_fetcher=_NothingFetched()).write_pdf(
            pdf_variant="pdf/a-3b",
            pdf_tags=True,
            pdf_identifier=hashlib.sha256(page.encode()).hexdigest()[:32].encode(),
            attachments=files,
            finisher=_finished,
        )
    return made


def _attachment(name: str, content: bytes, at: datetime) -> Attachment:
    return Attachment(
        string=content, name=name, description=name, created=at, modified=at, relationship="Data"
    )


def _finished(_document: Document, made: pydyf.PDF) -> None:
    dictionaries = [one for one in made.objects if isinstance(one, pydyf.Dictionary)]
    _name_headers_by_order(dictionaries)
    spaces = next(one for one in dictionaries if "srgb" in one)
    for one in made.objects:
        # The charts' groups name a color space that groups cannot look up: give it itself.
        if isinstance(one, pydyf.Stream) and "Group" in one.extra:
            one.extra["Group"]["CS"] = spaces["srgb"]


def _name_headers_by_order(dictionaries: list[pydyf.Dictionary]) -> None:
    """Name table headers by their order: WeasyPrint names them by memory addresses."""
    names: dict[str, pydyf.String] = {}
    for one in dictionaries:
        if isinstance(was := one.get("ID"), pydyf.String):
            one["ID"] = names.setdefault(str(was.string), pydyf.String(f"h{len(names) + 1}"))
    for one in dictionaries:
        table = one.get("A")
        if isinstance(table, pydyf.Dictionary) and "Headers" in table:
            table["Headers"] = pydyf.Array(names[str(was.string)] for was in table["Headers"])


class _NothingFetched(URLFetcher):  # type: ignore[misc]
    """Fetches nothing: a report must not depend on what can change, or be watched."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002 - given by WeasyPrint
        """Refuse every address."""
        raise FatalURLFetchingError("a report fetches nothing")
