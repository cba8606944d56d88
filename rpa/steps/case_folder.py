"""A case written into a folder to look at, and its evidence thrown away once its time is over."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from rpa.documents.adapters.case_page import SavedPart, case_page
from rpa.domain.case import Case, CaseState
from rpa.domain.document import DocumentRef, DocumentRole
from rpa.domain.errors import LostLeaseError, NotFoundError
from rpa.domain.model import CaseId, Digest, ProcessId
from rpa.intake.names import safe_name
from rpa.register.register import Entry, Register
from rpa.steps.toolbox import Toolbox
from rpa.store.api import DocumentStore
from rpa.store.folder import FolderStore

SETTLED: Final = (
    CaseState.FILED,
    CaseState.COMPOSED,
    CaseState.SIGNED,
    CaseState.DECLINED,
    CaseState.REJECTED,
    CaseState.ARCHIVED,
)
"""States in which nobody needs a bot's evidence to go on."""
INDEX: Final = "index.html"


def save_case(case: Case, folder: Path, *, register: Register, store: DocumentStore) -> Path:
    """Write every document of a case into ``folder``, with a page that shows them; returns it.

    Raises:
        NotFoundError: The folder cannot be written.
        IntegrityError: A document is not what it was.
    """
    parts = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, document in enumerate(case.documents, start=1):
            parts.append(_saved(document, number, folder, store))
        page = folder / INDEX
        page.write_text(case_page(case, parts, register.history(case.case_id)), encoding="utf-8")
    except OSError as error:
        raise NotFoundError(f"{folder}: {error.strerror}") from error
    return page


def _saved(document: DocumentRef, number: int, folder: Path, store: DocumentStore) -> SavedPart:
    told = (document.role.value, document.name, document.digest)
    try:
        content = store.get(document.digest)
    except NotFoundError:
        return SavedPart(*told, file=None)
    name = f"{number:02d}-{safe_name(document.name)}"
    (folder / name).write_bytes(content)
    return SavedPart(*told, file=name, content=content)


def purge_evidence(
    register: Register,
    store: FolderStore,
    *,
    days_of: Callable[[ProcessId | None], int | None],
    now: datetime,
    owner: str,
) -> Mapping[CaseId, int]:
    """Throw away the exhibits of settled cases whose time is over; returns how many of each.

    The pictures before the commit and of the receipt stay, and so does every digest in the ledger.
    ``days_of`` says how long a process keeps exhibits; None keeps them.
    """
    purged = {}
    for case in _settled(register):
        days = days_of(case.process)
        exhibits = [d for d in case.documents if d.role is DocumentRole.EVIDENCE]
        if days is None or not exhibits or case.changed_at + timedelta(days=days) > now:
            continue
        if _purged(case.case_id, register, store, owner=owner):
            purged[case.case_id] = len(exhibits)
    return purged


def purge_due(tools: Toolbox) -> Mapping[CaseId, int]:
    """Throw away the exhibits that their process keeps no longer; returns how many of each case."""
    if not isinstance(tools.store, FolderStore):
        return {}
    days = {process.process_id: process.definition.evidence_days for process in tools.catalog}
    return purge_evidence(
        tools.register,
        tools.store,
        days_of=lambda process: days.get(process) if process else None,
        now=tools.now(),
        owner=tools.actor,
    )


def _settled(register: Register) -> Iterator[Case]:
    last: CaseId | None = None
    while page := register.cases(states=SETTLED, most=500, before=last):
        yield from (summary.case for summary in page)
        last = page[-1].case.case_id


def _purged(case_id: CaseId, register: Register, store: FolderStore, *, owner: str) -> bool:
    try:
        lease = register.hold(case_id, owner=owner)
    except LostLeaseError:
        return False  # a worker moves it on: next time
    try:
        kept = tuple(d for d in lease.case.documents if d.role is not DocumentRole.EVIDENCE)
        gone = [d.digest for d in lease.case.documents if d.role is DocumentRole.EVIDENCE]
        # Bytes first: a death in between leaves references that the next purge takes away.
        for digest in _only_here(gone, kept, case_id, register):
            store.remove(digest)
        entry = Entry("evidence-purged", {"evidence": gone})
        register.set_documents(lease, kept, entry)
    finally:
        register.release(lease)
    return True


def _only_here(
    gone: Sequence[Digest], kept: Sequence[DocumentRef], case_id: CaseId, register: Register
) -> Iterator[Digest]:
    mine = {document.digest for document in kept}
    for digest in gone:
        if digest not in mine and register.holders(digest) <= {case_id}:
            yield digest
