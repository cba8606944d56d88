"""Everything that is kept, checked against what the register says of it."""

from dataclasses import dataclass

from rpa.archive.api import ArchiveFlaw
from rpa.domain.document import DocumentRef, DocumentRole
from rpa.domain.errors import ApplicationError, IntegrityError, NotFoundError
from rpa.domain.model import CaseId
from rpa.domain.signature import Integrity
from rpa.steps.toolbox import Toolbox


def stored_flaws(tools: Toolbox) -> tuple[int, dict[str, list[ArchiveFlaw]]]:
    """Check every document of every case; returns how many, and the flaws by case number.

    A document is named by its role and digest; a flaw inside an archive package by its file.
    """
    checked, found = 0, {}
    last: CaseId | None = None
    while page := tools.register.cases(most=500, before=last):
        for summary in page:
            documents = summary.case.documents
            checked += len(documents)
            flaws = [flaw for document in documents for flaw in _flaws_of(document, tools)]
            if flaws:
                found[str(summary.case.case_id)] = flaws
        last = page[-1].case.case_id
    return checked, found


def _flaws_of(document: DocumentRef, tools: Toolbox) -> list[ArchiveFlaw]:
    name = f"{document.role.value} {document.digest}"
    try:
        content = tools.store.get(document.digest)
    except IntegrityError:
        return [ArchiveFlaw(file=name, problem="changed")]
    except NotFoundError:
        return [ArchiveFlaw(file=name, problem="missing")]
    except ApplicationError:
        return [ArchiveFlaw(file=name, problem="unreadable")]
    if document.role is DocumentRole.PACKAGE:
        return list(tools.archive.verify(content))
    return []


@dataclass(frozen=True, slots=True)
class CheckedPackage:
    """What the check of one package says."""

    flaws: tuple[ArchiveFlaw, ...]
    sealed_by: str = ""
    """The subject of the seal on its transfer record; empty where there is none that holds."""


def checked_package(package: bytes, tools: Toolbox) -> CheckedPackage:
    """Check a package against its lists, its transfer record, and the record's seal.

    The record names every file by its digest, so that its seal holds for the whole package. A
    package without a seal proves itself only inside: see ``docs/archive.md``.
    """
    flaws = list(tools.archive.verify(package))
    record = tools.archive.record_of(package)
    if record is None:
        return CheckedPackage(tuple(flaws))
    if not record.is_readable:
        flaws.append(ArchiveFlaw(file=record.path, problem="unreadable"))
    flaws += [ArchiveFlaw(file=path, problem="not-in-record") for path in record.differing]
    report = tools.validator.validate(record.content, at=tools.now())
    if report.integrity is Integrity.VALID:
        return CheckedPackage(tuple(flaws), sealed_by=report.signatures[0].signer)
    if record.seal or report.integrity is not Integrity.UNSIGNED:
        flaws.append(ArchiveFlaw(file=record.path, problem="seal-broken"))
    return CheckedPackage(tuple(flaws))
