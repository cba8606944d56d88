"""Everything that is kept, checked against what the register says of it."""

from rpa.archive.api import ArchiveFlaw
from rpa.domain.document import DocumentRef, DocumentRole
from rpa.domain.errors import ApplicationError, IntegrityError, NotFoundError
from rpa.domain.model import CaseId
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
