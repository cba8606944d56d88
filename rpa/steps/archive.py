"""Step 7, archive: everything of the case in one package that proves itself."""

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
from rpa.steps.values import reading_of


def archive(lease: Lease, tools: Toolbox) -> Lease:
    """Package a case and close it; needs all its documents, leaves the package.

    A second run packages again; only the package named in the case counts.

    Raises:
        ToolUnavailableError, ToolTimeoutError: The PDF/A converter failed.
        IntegrityError: A stored document is not what it was.
    """
    process = tools.catalog.get(lease.case.process).definition
    now = tools.now()
    today = now.astimezone(tools.timezone).date()
    kept_until = _years_later(today, process.keep_years)
    package = tools.archive.package(
        ArchiveRequest(
            case_id=lease.case.case_id,
            process_id=process.process_id,
            process_name=process.name.into(tools.language),
            channel=lease.case.channel,
            received_at=lease.case.received_at.isoformat(),
            archived_at=now.isoformat(),
            destroy_after=kept_until.isoformat(),
            parts=tuple(_part(document, tools) for document in _kept(lease.case, process)),
            history=tuple(
                entry.model_dump(mode="json")
                for entry in tools.register.history(lease.case.case_id)
            ),
            transfer=_transfer(lease.case, tools),
        )
    )
    kept = DocumentRef(
        role=DocumentRole.PACKAGE,
        digest=tools.store.put(package),
        media_type=MediaType.ZIP,
        name=f"{lease.case.case_id}.zip",
    )
    why = _("Archived; kept until {date}.", date=kept_until.isoformat())
    case = lease.case.moved(CaseState.ARCHIVED, at=tools.now(), because=why, adding=(kept,))
    data = {"package": kept.digest, "destroy_after": kept_until.isoformat()}
    return tools.register.save(lease, case, Entry("archived", data), closed(case, tools))


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


def _transfer(case: Case, tools: Toolbox) -> dict[str, object]:
    """Return the record of the transfer from paper (LCCJTI, CQLR c. C-1.1, s. 17)."""
    original = case.document(DocumentRole.ORIGINAL)
    facts = tools.channel_facts.get(case.channel)
    reading = reading_of(case, tools) if case.has(DocumentRole.READING) else None
    return {
        "source": {
            "channel": case.channel,
            "kind": facts.kind.value if facts else "unknown",
            "media_type": original.media_type.value,
            "sha256": original.digest,
        },
        "process": {
            "read_by": sorted({f.method.value for f in reading.fields}) if reading else [],
            "pages": reading.pages if reading else 0,
        },
        "guarantees": [
            "original bytes kept unchanged under their SHA-256",
            "every step in an append-only hash-chained ledger",
        ],
    }
