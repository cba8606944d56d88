"""The protocol around a bot: a case is filed exactly once, whatever dies and whenever.

The promise rests on three things in this order: the intent is durable before the commit is sent;
the receipt is written in one transaction with the move to *filed*; and an intent without a receipt
is never filed again before the target was searched for it and surely did not hold it.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from rpa.bots.api import Bot, Filed, FilingRequest, Seen, Target
from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.errors import (
    ApplicationError,
    OutcomeUnknownError,
    RpaError,
    TargetRefusedError,
    TargetUnavailableError,
)
from rpa.domain.filing import Finding, Intent, Presence, Receipt
from rpa.i18n import _
from rpa.register.register import Entry, Question
from rpa.register.rows import Lease, LoginLease
from rpa.steps.exhibits import Exhibits
from rpa.steps.targets import DeclaredTarget, Turns, turn_on
from rpa.store.api import DocumentStore

Answer = TypeVar("Answer")

ASLEEP_S: Final = 5.0
"""More than this between the intent and the commit: the process slept, others may have gone on."""
SHORT_NAP_S: Final = 15.0
"""How long to sleep at most before the leases are lengthened."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What is to be filed, and where."""

    target: DeclaredTarget
    asked: Callable[[Target], FilingRequest]
    grace_s: float
    """How long a target may still be storing what was sent to it."""


class Tools(Turns, Protocol):
    """What a filing needs of the toolbox."""

    @property
    def store(self) -> DocumentStore:
        """Where evidence is kept."""
        ...

    @property
    def bot(self) -> Bot:
        """What keys the values in."""
        ...

    @property
    def retries(self) -> int:
        """Failures after which a person is asked."""
        ...


@dataclass(slots=True)
class Job:
    """One turn on the target for one case."""

    lease: Lease
    login: LoginLease
    filing: Filing
    request: FilingRequest
    tools: Tools
    began: float
    """When the case's lease was surely held, by the timer."""
    exhibits: Exhibits
    intent: Intent | None = field(default=None)
    may_have_committed: bool = False

    @property
    def target(self) -> str:
        """The target's name."""
        return self.filing.target.name


def file_once(lease: Lease, filing: Filing, tools: Tools) -> Lease:
    """File an approved case, or find out what became of an earlier filing; leaves the receipt.

    Raises:
        TargetPausedError: The target must not be worked now.
        TargetUnavailableError: It failed before the commit; nothing was filed.
        OutcomeUnknownError: It failed after; the next run searches for it.
    """
    return _with_job(lease, filing, tools, _filed_or_resolved)


def look_again(lease: Lease, filing: Filing, tools: Tools) -> Lease:
    """Search the target for a case in doubt: filed, approved to be filed again, or as it was."""
    return _with_job(lease, filing, tools, _looked_again)


def rehearse(lease: Lease, filing: Filing, tools: Tools) -> tuple[DocumentRef, ...]:
    """Do everything but the commit; returns the evidence, the screen before the commit first."""

    def rehearsed(job: Job) -> tuple[DocumentRef, ...]:
        seen = _counted(job, lambda: tools.bot.rehearse(job.request, keep=job.exhibits.keep))
        screen = _picture(DocumentRole.SCREEN, "before-commit.png", tools.store.put(seen.screen))
        return (screen, *job.exhibits.documents)

    return _with_job(lease, filing, tools, rehearsed)


def _with_job(lease: Lease, filing: Filing, tools: Tools, do: Callable[[Job], Answer]) -> Answer:
    began = tools.timer.lived()
    exhibits = Exhibits(tools.store)
    try:
        with turn_on(filing.target, tools) as (target, login):
            request = filing.asked(target)
            return do(Job(lease, login, filing, request, tools, began, exhibits))
    except RpaError as error:
        error.evidence = exhibits.documents
        raise


def _filed_or_resolved(job: Job) -> Lease:
    job.intent = job.tools.register.intent(job.lease.case.case_id)
    return _filed(job) if job.intent is None else _resolved(job, job.intent)


def _looked_again(job: Job) -> Lease:
    intent = job.tools.register.intent(job.lease.case.case_id)
    if intent is None:
        return _approved_again(job, "voided-before")
    job.intent = intent
    finding = _looked(job, intent)
    if finding.receipt is not None:
        return job.lease if finding.may_lack else _adopted(job, finding.receipt)
    if finding.presence is Presence.ABSENT:
        job.tools.register.void_intent(job.lease, outcome="surely-absent")
        return _approved_again(job, "surely-absent")
    return job.lease


def _approved_again(job: Job, how: str) -> Lease:
    why = _("The target surely does not hold it. Files again.")
    case = job.lease.case.moved(
        CaseState.APPROVED, at=job.tools.now(), because=why, adding=job.exhibits.documents
    )
    data = {"found": 0, "how": how, **job.exhibits.told()}
    return job.tools.register.save(job.lease, case, Entry("doubt-settled", data))


def _filed(job: Job) -> Lease:
    try:
        filed = _counted(job, lambda: _committed(job))
    except TargetRefusedError as error:
        if job.intent is not None:
            job.tools.register.void_intent(job.lease, outcome="refused")
        return _refused(job, error)
    except OutcomeUnknownError as error:
        if error.reason == "not-found-yet" and job.intent is not None:
            return _answered_but_absent(job, job.intent)
        raise
    return _receipted(job, filed)


def _answered_but_absent(job: Job, intent: Intent) -> Lease:
    """Look again; where a commit was answered well, absence is no reason to commit again.

    A target that stores another text than was typed would be filed into without end.
    """
    finding = _looked(job, intent)
    if finding.receipt is not None and not finding.may_lack:
        return _adopted(job, finding.receipt)
    return _doubted(job, finding)


def _committed(job: Job) -> Filed:
    try:
        return job.tools.bot.file(
            job.request,
            before_commit=lambda seen: _before_commit(job, seen),
            keep=job.exhibits.keep,
        )
    except RpaError:
        if job.intent is not None and not job.may_have_committed:
            # Where this fails, too, the next run searches the target, and finds nothing.
            with suppress(ApplicationError):
                job.tools.register.void_intent(job.lease, outcome="not-committed")
        raise


def _before_commit(job: Job, seen: Seen) -> None:
    """Write the intent, then look last whether the case and the log-in are still ours."""
    register, timer = job.tools.register, job.tools.timer
    before = register.present_before(job.lease.case.case_id)
    job.intent = register.open_intent(
        job.lease,
        key=job.request.key,
        screen=job.tools.store.put(seen.screen),
        present=seen.present if before is None else before,
        target=job.target,
        login=job.login,
    )
    written = timer.passed()
    if before is not None:
        _check_none_came_late(job, seen, before)
    register.confirm(job.lease, job.login)
    if timer.passed() - written > ASLEEP_S:
        raise TargetUnavailableError(
            _("The machine slept before the commit; nothing was sent."), code="asleep"
        )
    job.may_have_committed = True


def _check_none_came_late(job: Job, seen: Seen, before: tuple[str, ...]) -> None:
    """Refuse to commit again where what an earlier filing sent has come after all."""
    new = set(seen.present) - set(before)
    if new - _others(job, new):
        job.may_have_committed = True
        raise OutcomeUnknownError(
            _("The target shows a record that equals the case since it was filed before."),
            code="came-late",
        )


def _resolved(job: Job, intent: Intent) -> Lease:
    finding = _looked(job, intent)
    if finding.receipt is not None:
        return _doubted(job, finding) if finding.may_lack else _adopted(job, finding.receipt)
    if finding.presence is Presence.ABSENT:
        job.tools.register.void_intent(job.lease, outcome="surely-absent")
        job.intent = None
        return _filed(job)
    last_try = job.lease.attempts + 1 >= job.tools.retries
    if finding.presence is Presence.SEVERAL or last_try:
        return _doubted(job, finding)
    raise OutcomeUnknownError(
        _("It can't be told whether the case was filed: {detail}", detail=finding.detail),
        code="not-searchable",
    )


def _looked(job: Job, intent: Intent) -> Finding:
    """Search the target; that it holds nothing is believed once it has been quiet for a while.

    The while begins when this worker took the case, since the one before it, whose lease was taken
    over, may have been about to commit at that moment.
    """
    finding = _searched(job, intent)
    if finding.presence is not Presence.ABSENT:
        return finding
    quiet = job.began + job.filing.grace_s
    if job.tools.timer.lived() >= quiet:
        return finding
    while (left := quiet - job.tools.timer.lived()) > 0:
        job.tools.timer.sleep(min(left, SHORT_NAP_S))
        job.tools.register.renew(job.lease)
        job.tools.logins.keep(job.login)
    return _searched(job, intent)


def _searched(job: Job, intent: Intent) -> Finding:
    finding = job.tools.bot.find(job.request, keep=job.exhibits.keep)
    others = _others(job, {receipt.number for receipt in finding.receipts})
    return finding.without({*others, *intent.present})


def _others(job: Job, numbers: set[str]) -> frozenset[str]:
    case_id = job.lease.case.case_id
    return job.tools.register.receipts_of_others(job.target, numbers, case_id)


def _counted(job: Job, do: Callable[[], Answer]) -> Answer:
    """Do something in the target, and count for all workers whether it worked."""
    target, register = job.filing.target, job.tools.register
    try:
        answer = do()
    except (TargetUnavailableError, OutcomeUnknownError):
        with suppress(ApplicationError):  # what the target did matters more
            register.target_failed(target.name, target.spec)
        raise
    except TargetRefusedError:
        with suppress(ApplicationError):
            register.target_answered(target.name)
        raise
    with suppress(ApplicationError):
        register.target_answered(target.name)
    return answer


def _receipted(job: Job, filed: Filed) -> Lease:
    documents: tuple[DocumentRef, ...] = ()
    receipt = filed.receipt
    try:
        digest = job.tools.store.put(filed.screen)
    except ApplicationError:
        job.exhibits.lost.append("receipt.png")
    else:
        documents = (_picture(DocumentRole.RECEIPT, "receipt.png", digest),)
        receipt = receipt.model_copy(update={"screen": digest})
    return _saved(job, receipt, documents, how="filed")


def _adopted(job: Job, receipt: Receipt) -> Lease:
    return _saved(job, receipt, (), how="found")


def _saved(job: Job, receipt: Receipt, documents: tuple[DocumentRef, ...], *, how: str) -> Lease:
    case = job.lease.case.moved(
        CaseState.FILED,
        at=job.tools.now(),
        because=_("Receipt {number}.", number=receipt.number),
        adding=(*_before(job), *documents, *job.exhibits.documents),
    )
    data = {"receipt": receipt.number, "how": how, "screen": receipt.screen}
    entry = Entry("filed", {**data, **job.exhibits.told()})
    try:
        return job.tools.register.save(job.lease, case, entry, receipt=receipt, target=job.target)
    except OutcomeUnknownError:
        job.exhibits.kept.extend(documents)
        raise


def _refused(job: Job, error: TargetRefusedError) -> Lease:
    case = job.lease.case.moved(
        CaseState.IN_REVIEW,
        at=job.tools.now(),
        because=error.message,
        adding=(*_before(job), *job.exhibits.documents),
    )
    entry = Entry("refused", {"code": error.reason, **job.exhibits.told()})
    question = Question("target", error.reason)
    return job.tools.register.save(job.lease, case, entry, questions=(question,))


def _doubted(job: Job, finding: Finding) -> Lease:
    why = _(
        "In doubt: the target was worked on, and a search of it says {presence}. {detail}",
        presence=finding.presence.value,
        detail=finding.detail,
    )
    case = job.lease.case.moved(
        CaseState.IN_DOUBT,
        at=job.tools.now(),
        because=why,
        adding=(*_before(job), *job.exhibits.documents),
    )
    data: dict[str, Any] = {"presence": finding.presence.value, **job.exhibits.told()}
    return job.tools.register.save(job.lease, case, Entry("doubted", data))


def _before(job: Job) -> tuple[DocumentRef, ...]:
    """Return the picture of the screen before the commit."""
    if job.intent is None or job.intent.screen is None:
        return ()
    known = any(document.digest == job.intent.screen for document in job.lease.case.documents)
    screen = _picture(DocumentRole.SCREEN, "before-commit.png", job.intent.screen)
    return () if known else (screen,)


def _picture(role: DocumentRole, name: str, digest: Any) -> DocumentRef:
    return DocumentRef(role=role, digest=digest, media_type=MediaType.PNG, name=name)
