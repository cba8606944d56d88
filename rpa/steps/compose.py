"""Step 5, compose: what goes out is made from the approved values."""

from rpa.documents.api import LetterRequest
from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.i18n import _
from rpa.register.register import Entry
from rpa.register.rows import Lease
from rpa.steps.toolbox import Toolbox
from rpa.steps.values import values_of


def compose(lease: Lease, tools: Toolbox) -> Lease:
    """Make the letter of a filed case; needs values and receipt, leaves the PDF.

    A second run makes it again; only the one named in the case counts.

    Raises:
        DefinitionError: The process's template is wrong.
    """
    process = tools.catalog.get(lease.case.process)
    request = LetterRequest(
        template=process.letter,
        language=process.definition.language,
        case_id=lease.case.case_id,
        organization=tools.organization,
        values=values_of(lease.case, tools).values,
        kinds=process.kinds,
        receipt_number=_receipt_number(lease, tools),
        today=tools.now().astimezone(tools.timezone).date(),
    )
    letter = DocumentRef(
        role=DocumentRole.LETTER,
        digest=tools.store.put(tools.composer.compose(request)),
        media_type=MediaType.PDF,
        name="letter.pdf",
    )
    case = lease.case.moved(
        CaseState.COMPOSED, at=tools.now(), because=_("The letter is ready."), adding=(letter,)
    )
    return tools.register.save(lease, case, Entry("composed", {"letter": letter.digest}))


def _receipt_number(lease: Lease, tools: Toolbox) -> str:
    for entry in reversed(tools.register.history(lease.case.case_id)):
        if entry.kind == "filed":
            return str(entry.data["receipt"])
    return ""
