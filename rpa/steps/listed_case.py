"""One case of a list: opened in the register, approved, filed by a bot without a process.

The case is known by the name that the list gives it. Where it stands in the register is all that
counts: a run that died is gone on with by the next one.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from rpa.bots.api import Bot, FilingRequest, Target
from rpa.domain.case import Case, CaseState
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.errors import BusinessError
from rpa.domain.form import FieldKind
from rpa.domain.ledger import canonical
from rpa.domain.model import Digest, Value
from rpa.i18n import _
from rpa.intake.names import safe_name
from rpa.register.arrivals import Arrival
from rpa.register.register import Entry, Register
from rpa.register.rows import Lease
from rpa.steps.case_lines import CaseLine, HandedFile
from rpa.steps.exhibits import told_of
from rpa.steps.filing import Filing, file_once, look_again, rehearse
from rpa.steps.targets import DeclaredTarget, Logins
from rpa.steps.timer import Timer
from rpa.steps.values import ApprovedValues, kept_values
from rpa.store.api import DocumentStore

CHANNEL: Final = "list"
SHOWN: Final = (DocumentRole.SCREEN, DocumentRole.RECEIPT, DocumentRole.EVIDENCE)
PAST_FILING: Final = frozenset(
    {CaseState.FILED, CaseState.COMPOSED, CaseState.SIGNED, CaseState.ARCHIVED}
)
TO_APPROVED: Final[Mapping[CaseState, tuple[CaseState, ...]]] = {
    CaseState.RECEIVED: (CaseState.RECOGNIZED,),
    CaseState.APPROVED: (CaseState.IN_REVIEW,),
}
"""What a case passes through on its way to *approved*."""
Outcome = Literal["filed", "rehearsed", "in-doubt", "business-error", "application-error"]


class Result(Value):
    """What became of one line."""

    case: str
    line: int
    outcome: Outcome
    receipt: str | None = None
    how: str | None = None
    """``filed``, ``found`` in the target after a doubt, or settled ``by-person``."""
    code: str | None = None
    message: str = ""
    evidence: tuple[Digest, ...] = ()
    seconds: float = 0.0
    number: str | None = None
    """The case's number in the register."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that filing a list needs."""

    now: Callable[[], datetime]
    timezone: ZoneInfo
    register: Register
    store: DocumentStore
    bot: Bot
    logins: Logins
    timer: Timer
    retries: int
    """How often what a tool failed at is tried again."""
    actor: str
    target: DeclaredTarget
    definition: Path
    kinds: Mapping[str, FieldKind]
    sensitive: frozenset[str]
    grace_s: float
    patience_s: float
    """How long to wait, since something last worked, for a target that is closed or at rest."""
    dry_run: bool = False

    def close(self) -> None:
        """End the bot's sessions, and give back the log-ins."""
        self.bot.close()
        self.logins.close()


def case_of(line: CaseLine, desk: Desk) -> Case:
    """Return the case of a line, opened if the register does not know it."""
    known = desk.register.received(CHANNEL, line.case)
    if known is not None:
        return known
    original = _original(line, desk)
    arrival = Arrival(
        channel=CHANNEL,
        source_id=line.case,
        name=safe_name(line.case),
        digest=original.digest,
        pixels_digest=None,
        documents=(original,),
        process=None,
        reason=_("On the list."),
        medium="list",
    )
    case, _outcome = desk.register.receive(arrival, actor=desk.actor)
    return case


def known_result(line: CaseLine, desk: Desk) -> Result | None:
    """Return the result of a case that is filed already, or None where there is work to do.

    Nothing is opened for it but the register.
    """
    case = desk.register.received(CHANNEL, line.case)
    if case is None:
        return None
    if _has_changed(case, line) and _may_be_filed(case, desk):
        said = _(
            "Line {line}: the case was filed, or may have been, with other values; nothing was "
            "done. Correct it in the target, or give the line another case number.",
            line=line.line,
        )
        return result_of(case, line, "business-error", code="case-changed", message=said)
    if case.state is CaseState.REJECTED:
        return result_of(case, line, "business-error", code="rejected", message=case.reason)
    return _filed_result(case, line, desk) if case.state in PAST_FILING else None


def work(lease: Lease, line: CaseLine, desk: Desk) -> Result:
    """File the case of a line, or find out what became of an earlier filing.

    Raises:
        As :func:`rpa.steps.filing.file_once`.
    """
    known = known_result(line, desk)
    if known is not None:
        return known
    if desk.dry_run:
        return _rehearsed(lease, line, desk)
    if lease.case.state is CaseState.IN_DOUBT:
        lease = look_again(lease, _filing(lease.case, line, desk), desk)
    elif lease.case.state is not CaseState.APPROVED or _has_changed(lease.case, line):
        lease = _approved(lease, line, desk)
    if lease.case.state is CaseState.APPROVED:
        check_files(line.files)
        lease = file_once(lease, _filing(lease.case, line, desk), desk)
    return _reached(lease.case, line, desk)


def result_of(
    case: Case, line: CaseLine, outcome: Outcome, *, code: str | None = None, message: str = ""
) -> Result:
    """Return a result with the evidence that the case has."""
    return Result(
        case=line.case,
        line=line.line,
        outcome=outcome,
        code=code,
        message=message,
        evidence=tuple(d.digest for d in case.documents if d.role in SHOWN),
        number=case.case_id,
    )


def check_files(files: Mapping[str, HandedFile]) -> None:
    """Raise :class:`BusinessError` where a file is not what it was when the list was read."""
    for name, file in files.items():
        try:
            with file.path.open("rb") as content:
                same = hashlib.file_digest(content, "sha256").hexdigest() == file.digest
        except OSError:
            same = False
        if not same:
            raise BusinessError(
                _("The file “{name}” changed while the list was filed.", name=name),
                code="file-changed",
            )


def _original(line: CaseLine, desk: Desk) -> DocumentRef:
    """Return what tells the case, and what it says, from every other one."""
    content = _identity(line)
    return DocumentRef(
        role=DocumentRole.ORIGINAL,
        digest=desk.store.put(content),
        media_type=MediaType.JSON,
        name="line.json",
    )


def _identity(line: CaseLine) -> bytes:
    files = {name: file.digest for name, file in line.files.items()}
    told = {"case": line.case, "key": line.key, "said": line.digest, "files": files}
    return canonical(told).encode()


def _has_changed(case: Case, line: CaseLine) -> bool:
    newest = case.document(DocumentRole.ORIGINAL).digest
    return newest != hashlib.sha256(_identity(line)).hexdigest()


def _may_be_filed(case: Case, desk: Desk) -> bool:
    if case.state in PAST_FILING or case.state is CaseState.IN_DOUBT:
        return True
    return desk.register.intent(case.case_id) is not None


def _filed_result(case: Case, line: CaseLine, desk: Desk) -> Result:
    filed = [entry for entry in desk.register.history(case.case_id) if entry.kind == "filed"]
    told = {"receipt": str(filed[-1].data["receipt"]), "how": str(filed[-1].data["how"])}
    return result_of(case, line, "filed", message=case.reason).model_copy(update=told)


def _approved(lease: Lease, line: CaseLine, desk: Desk) -> Lease:
    """Approve a case with what the line says now."""
    case, why = lease.case, _("As the list says.")
    for state in TO_APPROVED.get(case.state, ()):
        case = case.moved(state, at=desk.now(), because=why)
    values = kept_values(ApprovedValues(values=line.values), desk)
    original = (_original(line, desk),) if _has_changed(lease.case, line) else ()
    new = (*original, values)
    case = case.moved(CaseState.APPROVED, at=desk.now(), because=why, adding=new)
    data = {"from": lease.case.state.value, "values": values.digest}
    return desk.register.save(lease, case, Entry("approved", data), settle_by=desk.actor)


def _filing(case: Case, line: CaseLine, desk: Desk) -> Filing:
    values = line.values
    if case.has(DocumentRole.VALUES):
        kept = desk.store.get(case.document(DocumentRole.VALUES).digest)
        values = ApprovedValues.model_validate_json(kept).values

    def asked(target: Target) -> FilingRequest:
        return FilingRequest(
            key=line.key,
            values=values,
            kinds={**dict.fromkeys(values, FieldKind.TEXT), **desk.kinds},
            definition=desk.definition,
            target=target,
            files={name: file.path for name, file in line.files.items()},
            sensitive=desk.sensitive,
        )

    return Filing(desk.target, asked, desk.grace_s)


def _reached(case: Case, line: CaseLine, desk: Desk) -> Result:
    if case.state is CaseState.FILED:
        return _filed_result(case, line, desk)
    kinds = {CaseState.IN_DOUBT: ("doubted", "presence"), CaseState.IN_REVIEW: ("refused", "code")}
    kind, name = kinds[case.state]
    entries = [entry for entry in desk.register.history(case.case_id) if entry.kind == kind]
    outcome: Outcome = "in-doubt" if case.state is CaseState.IN_DOUBT else "business-error"
    code = str(entries[-1].data[name])
    return result_of(case, line, outcome, code=code, message=case.reason)


def _rehearsed(lease: Lease, line: CaseLine, desk: Desk) -> Result:
    if _may_be_filed(lease.case, desk):
        message = _("The case may have been filed: a run without --dry-run looks it up.")
        return result_of(lease.case, line, "in-doubt", code="open-intent", message=message)
    check_files(line.files)
    kept = rehearse(lease, _filing(lease.case, line, desk), desk)
    entry = Entry("rehearsed", told_of(kept))
    documents = (*lease.case.documents, *kept)
    case = desk.register.set_documents(lease, documents, entry).case
    return result_of(case, line, "rehearsed", message=_("Everything but the commit."))
