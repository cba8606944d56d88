"""Step 7, archive: everything of the case in one package that proves itself."""

from dataclasses import replace
from datetime import date

from rpa.archive.api import ArchivePart, ArchiveRequest
from rpa.domain.case import Case, CaseState
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.process import ProcessDefinition
from rpa.i18n import _
from rpa.register.register import Entry
from rpa.register.rows import Lease
from rpa.steps.closing import closed
from rpa.steps.toolbox import Toolbox
from rpa.steps.transfer import kept_record, record_document, transfer_record, transferred


def archive(lease: Lease, tools: Toolbox) -> Lease:
    """Package a case and close it; needs all its documents, leaves transfer record and package.

    A second run packages again; only the package named in the case counts.

    Raises:
        ToolUnavailableError, ToolTimeoutError: The PDF/A converter failed, or the seal's key.
        IntegrityError: A stored document is not what it was.
    """
    case = lease.case
    request = _request(case, tools)
    destroy_after = date.fromisoformat(request.destroy_after)
    record = transfer_record(
        case,
        transferred(case, request.copy, tools),
        files=tools.archive.listed(request),
        destroy_after=destroy_after,
        tools=tools,
    )
    document, level = record_document(record, tools)
    told = kept_record(document, tools)
    package = tools.archive.package(
        replace(
            request,
            parts=(*request.parts, _part(told, tools)),
            transfer=record.model_dump(mode="json"),
        )
    )
    kept = _kept_package(case, package, tools)
    why = _("Archived; kept until {date}.", date=request.destroy_after)
    moved = case.moved(CaseState.ARCHIVED, at=tools.now(), because=why, adding=(told, kept))
    data = {
        "package": kept.digest,
        "destroy_after": request.destroy_after,
        "transfer": told.digest,
        "seal": level,
        "seal_wanted": tools.transfer.seal.level.value if tools.transfer.seal else "",
        "paper_until": str(record.paper_until) if record.may_destroy else "",
        "checks_failed": [check.what for check in record.checks if check.passed is False],
    }
    return tools.register.save(lease, moved, Entry("archived", data), closed(moved, tools))


def _request(case: Case, tools: Toolbox) -> ArchiveRequest:
    """Return what the package is made of, but for the transfer record."""
    process = tools.catalog.get(case.process).definition
    now = tools.now()
    today = now.astimezone(tools.timezone).date()
    history = tools.register.history(case.case_id)
    return ArchiveRequest(
        case_id=case.case_id,
        process_id=process.process_id,
        process_name=process.name.into(tools.language),
        channel=case.channel,
        received_at=case.received_at.isoformat(),
        archived_at=now.isoformat(),
        destroy_after=_years_later(today, process.keep_years).isoformat(),
        parts=tuple(_part(document, tools) for document in _kept(case, process)),
        history=tuple(entry.model_dump(mode="json") for entry in history),
        copy=tools.archive.copy_of(_part(case.document(DocumentRole.ORIGINAL), tools)),
    )


def _kept_package(case: Case, package: bytes, tools: Toolbox) -> DocumentRef:
    return DocumentRef(
        role=DocumentRole.PACKAGE,
        digest=tools.store.put(package),
        media_type=MediaType.ZIP,
        name=f"{case.case_id}.zip",
    )


def _kept(case: Case, process: ProcessDefinition) -> list[DocumentRef]:
    """Return what goes into the package: not what is to be thrown away before it."""
    goes = {DocumentRole.EVIDENCE} if process.evidence_days is not None else set()
    return [document for document in case.documents if document.role not in goes]


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)


def _part(document: DocumentRef, tools: Toolbox) -> ArchivePart:
    return ArchivePart(
        role=document.role,
        name=document.name,
        media_type=document.media_type,
        content=tools.store.get(document.digest),
        pages=document.pages,
    )
