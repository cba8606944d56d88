"""Letters by Jinja and WeasyPrint: a process's ``letter.html`` becomes PDF/A-3b."""

import hashlib
import traceback
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import pydyf
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
)
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from weasyprint import HTML, Attachment
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from rpa.documents.api import LetterRequest, RecordRequest
from rpa.documents.views import (
    LOCALES,
    amount_view,
    checkbox_view,
    date_view,
    field_views,
    masked_view,
    phone_view,
    table_views,
)
from rpa.domain.errors import DefinitionError
from rpa.i18n import _

SHARED_TEMPLATES: Final = Path(__file__).parent.parent / "templates"
MAX_RESOURCE_BYTES: Final = 10_000_000
_WRITING: Final = Lock()
_records: Final = Environment(
    loader=FileSystemLoader(SHARED_TEMPLATES), autoescape=True, undefined=StrictUndefined
)
_TEMPLATE_FAULTS: Final = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class WeasyComposer:
    """Makes letters from Jinja templates that can neither reach the network nor other folders.

    A template may extend ``rpa/letter.html``, the framework's page. Safe from several threads.
    """

    def compose(self, request: LetterRequest) -> bytes:
        """Return the letter as PDF/A-3b; the same request gives the same bytes.

        Raises:
            DefinitionError: The template is wrong; file and line are said.
        """
        html = _html(request)
        folder = request.template.resolve().parent
        fonts = FontConfiguration()
        page = HTML(string=html, base_url=f"{folder.as_uri()}/", url_fetcher=_FolderOnly(folder))
        try:
            document = page.render(font_config=fonts, pdf_variant="pdf/a-3b", pdf_tags=True)
        except FatalURLFetchingError as exc:
            raise DefinitionError(
                _(
                    "{file}: the letter asks for something outside its own folder, or too large. "
                    "Put images, style sheets and fonts beside the template.",
                    file=request.template,
                ),
                code="letter-resource",
            ) from exc
        document.metadata.created = document.metadata.modified = f"{request.today}T00:00:00Z"
        return _written(document, _identifier(html))

    def record(self, request: RecordRequest) -> bytes:
        """Return facts as PDF/A-3b that carries its attachment; the same request, same bytes."""
        html = _records.get_template("record.html").render(record=request)
        day = datetime.combine(request.today, time(), UTC)
        carried = Attachment(
            string=request.attachment,
            name=request.attachment_name,
            relationship="Data",
            created=day,
            modified=day,
        )
        page = HTML(string=html, url_fetcher=_FolderOnly(SHARED_TEMPLATES))
        document = page.render(
            font_config=FontConfiguration(), pdf_variant="pdf/a-3b", pdf_tags=True
        )
        document.metadata.created = document.metadata.modified = f"{request.today}T00:00:00Z"
        return _written(document, _identifier(html), [carried])


def _identifier(html: str) -> bytes:
    return hashlib.sha256(html.encode()).hexdigest()[:32].encode()


def _written(document: Document, identifier: bytes, carried: Sequence[Attachment] = ()) -> bytes:
    with _WRITING, warnings.catch_warnings():
        # WeasyPrint leaves its colour profile for the garbage collector to close.
        warnings.simplefilter("ignore", ResourceWarning)
        pdf: bytes = document.write_pdf(
            pdf_variant="pdf/a-3b",
            pdf_tags=True,
            pdf_identifier=identifier,
            attachments=list(carried) or None,
            finisher=_with_stable_header_names,
        )
    return pdf


def _with_stable_header_names(_document: Document, pdf: pydyf.PDF) -> None:
    """Name table headers by their order: WeasyPrint names them by memory addresses."""
    elements = [o for o in pdf.objects if isinstance(o, pydyf.Dictionary)]
    names: dict[str, pydyf.String] = {}
    for element in elements:
        if isinstance(was := element.get("ID"), pydyf.String):
            element["ID"] = names.setdefault(str(was.string), pydyf.String(f"h{len(names) + 1}"))
    for element in elements:
        table = element.get("A")
        if isinstance(table, pydyf.Dictionary) and "Headers" in table:
            table["Headers"] = pydyf.Array(names[str(h.string)] for h in table["Headers"])


class _FolderOnly(URLFetcher):  # type: ignore[misc]
    """Reads files of one folder, and nothing else."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)
        self._folder = folder

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return what ``url`` names, or stop the letter."""
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or parts.netloc or not path.is_relative_to(self._folder):
            raise FatalURLFetchingError("outside the template's folder")
        if not path.is_file() or path.stat().st_size > MAX_RESOURCE_BYTES:
            raise FatalURLFetchingError("missing or too large")
        return URLFetcherResponse(url, path.read_bytes())


def _html(request: LetterRequest) -> str:
    if request.language not in LOCALES:
        raise DefinitionError(
            _("The letter's language must be fr or en, not {language}.", language=request.language),
            code="letter-language",
        )
    environment = _environment(request)
    try:
        template = environment.get_template(request.template.name)
        return template.render(_context(request))
    except _TEMPLATE_FAULTS as exc:
        file, line = _place(exc, request.template)
        # The tool's own words may quote a value of the document: only its kind is told.
        raise DefinitionError(
            _(
                "{file}, line {line}: the letter's template is wrong ({fault}). {advice}",
                file=file,
                line=line,
                fault=type(exc).__name__,
                advice=_advice(exc),
            ),
            code="letter-template",
        ) from None


def _environment(request: LetterRequest) -> SandboxedEnvironment:
    own = FileSystemLoader(request.template.parent)
    shared = PrefixLoader({"rpa": FileSystemLoader(SHARED_TEMPLATES)})
    environment = SandboxedEnvironment(
        loader=ChoiceLoader([own, shared]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "date": partial(date_view, language=request.language),
        "amount": partial(amount_view, language=request.language),
        "checkbox": partial(checkbox_view, language=request.language),
        "phone": phone_view,
        "masked": masked_view,
    }
    return environment


def _context(request: LetterRequest) -> dict[str, Any]:
    return {
        "f": field_views(request.values, request.kinds),
        "tables": table_views(request.values, request.kinds),
        "case_id": request.case_id,
        "receipt_number": request.receipt_number,
        "organization": request.organization,
        "language": request.language,
        "today": request.today,
    }


def _place(fault: Exception, template: Path) -> tuple[str, int]:
    if isinstance(fault, TemplateSyntaxError):
        return fault.filename or str(template), fault.lineno
    # Jinja rewrites the traceback, so that its frames are lines of templates.
    frames = traceback.extract_tb(fault.__traceback__)
    for frame in reversed(frames):
        if frame.filename.endswith(".html"):
            return frame.filename, frame.lineno or 0
    return str(template), 0


def _advice(fault: Exception) -> str:
    if isinstance(fault, TemplateSyntaxError):
        return _("The template's syntax is not right there.")
    if isinstance(fault, TemplateError):
        return _("Check the names of fields, tables, filters and files used there.")
    return _("Check that each value has the filter of its kind there.")
