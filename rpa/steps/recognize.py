"""Step 2, recognize: the form is known, its fields are read."""

from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.errors import DocumentRefusedError, RecognitionError
from rpa.domain.model import ProcessId
from rpa.domain.pages import DocumentPages
from rpa.domain.reading import Reading
from rpa.i18n import _
from rpa.ocr.api import KnownForm
from rpa.processes.folder import ProcessFolder
from rpa.register.register import Entry, Question
from rpa.register.rows import Lease
from rpa.steps.toolbox import Toolbox

PROCESS_QUESTION = "process"
"""The field name of the question which process a document belongs to."""


def recognize(lease: Lease, tools: Toolbox) -> Lease:
    """Read a received case; needs its original, leaves its reading.

    A form that no process knows, or that can't be read as its process's form, is asked of a person.
    A second run reads again and writes the same.
    """
    original = lease.case.document(DocumentRole.ORIGINAL)
    try:
        document = tools.decoder.pages(tools.store.get(original.digest)).chosen(original.pages)
    except DocumentRefusedError as error:
        return _unreadable(lease, error, tools)
    process = _process(lease, document, tools)
    if process is None:
        return _unknown(lease, tools)
    try:
        reading = tools.reader.read(document, known_form(process))
    except RecognitionError as error:
        return _another_form(lease, process, error, tools)
    return _recognized(lease, process, reading, tools)


def known_form(process: ProcessFolder) -> KnownForm:
    """Return what the reader must know of a process."""
    form = process.definition.form
    return KnownForm(process=process.process_id, form=form, blank=process.blank)


def _process(lease: Lease, document: DocumentPages, tools: Toolbox) -> ProcessFolder | None:
    if lease.case.process is not None:
        return tools.catalog.get(lease.case.process)
    found = tools.reader.identify(document, [known_form(process) for process in tools.catalog])
    return tools.catalog.get(found.process) if found else None


def _recognized(lease: Lease, process: ProcessFolder, reading: Reading, tools: Toolbox) -> Lease:
    original = lease.case.document(DocumentRole.ORIGINAL)
    said = reading.model_copy(update={"source": original.digest})
    kept = DocumentRef(
        role=DocumentRole.READING,
        digest=tools.store.put(said.model_dump_json(indent=1).encode()),
        media_type=MediaType.JSON,
        name="reading.json",
    )
    case = lease.case.moved(
        CaseState.RECOGNIZED,
        at=tools.now(),
        because=_("{fields} fields read.", fields=len(reading.fields)),
        adding=(kept,),
        process=process.process_id,
    )
    data = {
        "process": process.process_id,
        "version": process.definition.version,
        "reading": kept.digest,
        "fields": len(reading.fields),
        "native": reading.is_native,
    }
    return tools.register.save(lease, case, Entry("recognized", data))


def _unknown(lease: Lease, tools: Toolbox) -> Lease:
    why = _("No process knows this form. Say which it is, or reject it.")
    return _asked(lease, why, problem="unknown-form", process=None, tools=tools)


def _another_form(
    lease: Lease, process: ProcessFolder, error: RecognitionError, tools: Toolbox
) -> Lease:
    process_id = process.process_id
    return _asked(lease, error.message, problem=error.reason, process=process_id, tools=tools)


def _asked(
    lease: Lease, why: str, *, problem: str, process: ProcessId | None, tools: Toolbox
) -> Lease:
    case = lease.case.moved(CaseState.IN_REVIEW, at=tools.now(), because=why, process=process)
    asked = (Question(PROCESS_QUESTION, problem),)
    entry = Entry("asked", {"problem": problem, "questions": 1})
    return tools.register.save(lease, case, entry, questions=asked)


def _unreadable(lease: Lease, error: DocumentRefusedError, tools: Toolbox) -> Lease:
    case = lease.case.moved(CaseState.SET_ASIDE, at=tools.now(), because=error.message)
    return tools.register.save(lease, case, Entry("set-aside", {"code": error.reason}))
