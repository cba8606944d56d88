"""The transfer record of a case: how its paper became data, composed as a document and sealed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from rpa.archive.api import PreservationCopy
from rpa.documents.api import RecordRequest
from rpa.domain.case import Case
from rpa.domain.channel import ChannelKind
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.model import Digest
from rpa.domain.pages import DocumentPages, PageFacts
from rpa.domain.paperless import Medium
from rpa.domain.transfer import (
    Fate,
    KeptFile,
    QualityCheck,
    SourcePage,
    TransferRecord,
    TransferResult,
    TransferSource,
)
from rpa.i18n import _
from rpa.signing.api import SigningRequest
from rpa.steps.toolbox import Toolbox
from rpa.steps.transfer_words import record_sections

ALIKE: Final = 0.9
"""The least correlation of a page with its copy at which both show the same."""
SOUND_LINES: Final = 0.9
"""The least share of a page that must have come over the line unspoiled."""
FIELD: Final = "Signature1"


@dataclass(frozen=True, slots=True)
class Transferred:
    """A document of the case, and the copy that was made of it."""

    original: DocumentRef
    source: DocumentPages
    """The whole file as it came."""
    copy: PreservationCopy | None
    copied: DocumentPages | None
    """The copy, opened again."""


def transferred(case: Case, copy: PreservationCopy | None, tools: Toolbox) -> Transferred:
    """Open what came in and what was made of it."""
    original = case.document(DocumentRole.ORIGINAL)
    return Transferred(
        original=original,
        source=tools.decoder.pages(tools.store.get(original.digest)),
        copy=copy,
        copied=tools.decoder.pages(copy.content) if copy else None,
    )


def transfer_record(
    case: Case,
    done: Transferred,
    *,
    files: tuple[KeptFile, ...],
    destroy_after: date,
    tools: Toolbox,
) -> TransferRecord:
    """Return the record of a case's transfer (LCCJTI, CQLR c. C-1.1, s. 17 and 20)."""
    now = tools.now()
    process = tools.catalog.get(case.process).definition
    rule = process.transfer
    kept_until = None
    if rule is not None and rule.paper is Fate.DESTROY:
        kept_until = now.astimezone(tools.timezone).date() + timedelta(days=rule.keep_days)
    return TransferRecord(
        case=case.case_id,
        process=process.process_id,
        process_name=process.name.into(tools.language),
        organization=tools.organization,
        source=_source(case, done, tools),
        software=tools.transfer.software(),
        result=_result(done, now),
        checks=tuple(_checks(case, done, tools)),
        files=files,
        retention_rule=process.retention_rule,
        destroy_after=destroy_after,
        rule=rule,
        paper_until=kept_until,
        seal=tools.transfer.seal.credential if tools.transfer.seal else "",
        made_at=now,
    )


def record_document(record: TransferRecord, tools: Toolbox) -> tuple[bytes, str]:
    """Return the record as PDF/A-3b that carries its own data, sealed where a seal is declared.

    With it comes the level that the seal reached, or an empty text.

    Raises:
        ToolUnavailableError: The seal's key can't be had.
    """
    composed = tools.composer.record(
        RecordRequest(
            title=_("Transfer record"),
            language=tools.language,
            organization=tools.organization,
            case_id=record.case,
            today=record.made_at.astimezone(tools.timezone).date(),
            sections=record_sections(record, tools.timezone),
            attachment=record.model_dump_json(indent=1).encode(),
            attachment_name="transfer.json",
        )
    )
    if tools.transfer.seal is None:
        return composed, ""
    sealed = tools.signer.sign(
        SigningRequest(
            pdf=composed,
            credential=tools.credential(tools.transfer.seal.credential),
            field=FIELD,
            level=tools.transfer.seal.level,
            reason=_("Transfer record"),
            location=tools.organization,
            signed_at=record.made_at.astimezone(tools.timezone),
            language=tools.language,
        )
    )
    return sealed.pdf, sealed.level.value


def kept_record(content: bytes, tools: Toolbox) -> DocumentRef:
    """Store the record's document and return its reference."""
    return DocumentRef(
        role=DocumentRole.TRANSFER,
        digest=tools.store.put(content),
        media_type=MediaType.PDF,
        name="transfer-record.pdf",
    )


def _source(case: Case, done: Transferred, tools: Toolbox) -> TransferSource:
    facts = tools.channel_facts.get(case.channel)
    original = done.original
    told = done.source.facts
    pages = tuple(map(_page, range(1, told.pages + 1), told.page_facts))
    return TransferSource(
        medium=_medium(facts.kind if facts else None),
        channel=case.channel,
        channel_kind=facts.kind.value if facts else "unknown",
        device=facts.device if facts else "",
        media_type=original.media_type.value,
        sha256=original.digest,
        size_bytes=len(tools.store.get(original.digest)),
        received_at=case.received_at,
        pages=pages,
        used_pages=original.pages or tuple(range(1, told.pages + 1)),
        blank_pages=original.blank_pages,
        separators=original.separators,
        carriers=tuple(
            document.digest
            for document in case.documents
            if document.role in (DocumentRole.MESSAGE, DocumentRole.AS_RECEIVED)
        ),
    )


def _medium(kind: ChannelKind | None) -> str:
    if kind is None:
        return "unknown"
    return "electronic" if kind.medium is Medium.NATIVE else "paper"


def _page(number: int, facts: PageFacts) -> SourcePage:
    return SourcePage(
        number=number,
        sha256=facts.pixels,
        width=facts.width,
        height=facts.height,
        dpi_x=facts.dpi_x,
        dpi_y=facts.dpi_y,
        bilevel=facts.bilevel,
        quality=facts.quality,
    )


def _result(done: Transferred, made_at: datetime) -> TransferResult | None:
    copy, copied = done.copy, done.copied
    if copy is None or copied is None:
        return None
    return TransferResult(
        path=copy.path,
        format=copy.format,
        sha256=Digest(hashlib.sha256(copy.content).hexdigest()),
        size_bytes=len(copy.content),
        pages=copied.facts.pages,
        made_at=made_at,
    )


def _checks(case: Case, done: Transferred, tools: Toolbox) -> Iterator[QualityCheck]:
    used = done.source.chosen(done.original.pages)
    yield _page_count(used, done.copied)
    yield _same_picture(used, done, tools)
    yield _line_errors(used)
    seen = any(entry.kind == "decided" for entry in tools.register.history(case.case_id))
    yield QualityCheck(what="seen-by-a-person", passed=True if seen else None)


def _page_count(used: DocumentPages, copied: DocumentPages | None) -> QualityCheck:
    if copied is None:
        return QualityCheck(what="page-count", passed=None)
    came, made = used.facts.pages, copied.facts.pages
    sign = "=" if came == made else "≠"
    return QualityCheck(what="page-count", passed=came == made, figure=f"{came} {sign} {made}")


def _same_picture(used: DocumentPages, done: Transferred, tools: Toolbox) -> QualityCheck:
    if done.copied is None:
        return QualityCheck(what="same-picture", passed=None)
    found = tools.archive.likeness(used.images, done.copied.images)
    if found is None:
        return QualityCheck(what="same-picture", passed=False)
    return QualityCheck(what="same-picture", passed=found >= ALIKE, figure=f"{found:.3f}")


def _line_errors(used: DocumentPages) -> QualityCheck:
    told = [page.quality for page in used.facts.page_facts if page.fax is not None]
    if not told:
        return QualityCheck(what="line-errors", passed=None)
    worst = min(told)
    return QualityCheck(what="line-errors", passed=worst >= SOUND_LINES, figure=f"{worst:.3f}")
