"""Step 4, file: the values are keyed into the legacy application, exactly once.

The promise rests on three things in this order: the intent is durable before the commit is sent;
the receipt is written in one transaction with the move to *filed*; and an intent without a receipt
is never filed again before the target was searched for it and surely did not hold it.
"""

from datetime import timedelta

from rpa.bots.api import Filed, FilingRequest
from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.errors import OutcomeUnknownError, TargetRefusedError
from rpa.domain.filing import Finding, Intent, Presence, Receipt
from rpa.domain.process import FilingSpec
from rpa.i18n import _
from rpa.processes.folder import ProcessFolder
from rpa.register.register import Entry, Question
from rpa.register.rows import Lease
from rpa.steps.toolbox import Toolbox
from rpa.steps.values import filing_key, values_of


def file_case(lease: Lease, tools: Toolbox) -> Lease:
    """File an approved case; needs its values, leaves the receipt.

    A second run after a death in between searches the target first, by the filing key.

    Raises:
        TargetUnavailableError: The target failed before the commit; nothing was filed.
        OutcomeUnknownError: It failed after; the next run searches for it.
    """
    process = tools.catalog.get(lease.case.process)
    spec = _spec(process)
    request = _request(lease, process, spec, tools)
    with tools.filing_slot(spec):
        intent = tools.register.intent(lease.case.case_id)
        if intent is not None:
            return _resolved(lease, intent, request, spec, tools)
        return _filed(lease, request, tools)


def _spec(process: ProcessFolder) -> FilingSpec:
    spec = process.definition.filing
    if spec is None:  # the definition's own check makes this impossible
        raise AssertionError(process.process_id)
    return spec


def _request(
    lease: Lease, process: ProcessFolder, spec: FilingSpec, tools: Toolbox
) -> FilingRequest:
    values = values_of(lease.case, tools).values
    return FilingRequest(
        key=filing_key(lease.case, process, values),
        values=values,
        kinds=process.kinds,
        definition=process.bot,
        target=tools.target(spec.target),
    )


def _filed(lease: Lease, request: FilingRequest, tools: Toolbox) -> Lease:
    def intend(screen: bytes) -> None:
        shown = tools.store.put(screen)
        tools.register.open_intent(lease, key=request.key, screen=shown)

    try:
        filed = tools.bot.file(request, before_commit=intend)
    except TargetRefusedError as error:
        if tools.register.intent(lease.case.case_id) is not None:
            tools.register.void_intent(lease, outcome="refused")
        return _refused(lease, error, tools)
    return _receipted(lease, filed, tools)


def _resolved(
    lease: Lease, intent: Intent, request: FilingRequest, spec: FilingSpec, tools: Toolbox
) -> Lease:
    finding = tools.bot.find(request)
    if finding.presence is Presence.FOUND_ONCE and finding.receipt is not None:
        return _adopted(lease, finding.receipt, tools)
    if finding.presence is Presence.ABSENT:
        quiet_at = intent.opened_at + timedelta(seconds=spec.grace_s)
        if tools.now() < quiet_at:
            raise OutcomeUnknownError(
                _("Not found in the target yet; it may still be storing the case."),
                code="within-grace",
            )
        tools.register.void_intent(lease, outcome="surely-absent")
        return _filed(lease, request, tools)
    last_try = lease.attempts + 1 >= tools.retries
    if finding.presence is Presence.SEVERAL or last_try:
        return _doubted(lease, finding, tools)
    raise OutcomeUnknownError(
        _("It can't be told whether the case was filed: {detail}", detail=finding.detail),
        code="not-searchable",
    )


def _receipted(lease: Lease, filed: Filed, tools: Toolbox) -> Lease:
    screen = DocumentRef(
        role=DocumentRole.RECEIPT,
        digest=tools.store.put(filed.screen),
        media_type=MediaType.PNG,
        name="receipt.png",
    )
    receipt = filed.receipt.model_copy(update={"screen": screen.digest})
    return _saved(lease, receipt, (screen,), how="filed", tools=tools)


def _adopted(lease: Lease, receipt: Receipt, tools: Toolbox) -> Lease:
    return _saved(lease, receipt, (), how="found", tools=tools)


def _saved(
    lease: Lease,
    receipt: Receipt,
    documents: tuple[DocumentRef, ...],
    *,
    how: str,
    tools: Toolbox,
) -> Lease:
    intent = tools.register.intent(lease.case.case_id)
    before = (
        (
            DocumentRef(
                role=DocumentRole.SCREEN,
                digest=intent.screen,
                media_type=MediaType.PNG,
                name="before-commit.png",
            ),
        )
        if intent and intent.screen
        else ()
    )
    case = lease.case.moved(
        CaseState.FILED,
        at=tools.now(),
        because=_("Receipt {number}.", number=receipt.number),
        adding=(*before, *documents),
    )
    data = {"receipt": receipt.number, "how": how, "screen": receipt.screen}
    return tools.register.save(lease, case, Entry("filed", data), receipt=receipt)


def _refused(lease: Lease, error: TargetRefusedError, tools: Toolbox) -> Lease:
    case = lease.case.moved(CaseState.IN_REVIEW, at=tools.now(), because=error.message)
    entry = Entry("refused", {"code": error.reason})
    question = Question("target", error.reason)
    return tools.register.save(lease, case, entry, questions=(question,))


def _doubted(lease: Lease, finding: Finding, tools: Toolbox) -> Lease:
    why = _(
        "In doubt: the target was worked on, and a search of it says {presence}. {detail}",
        presence=finding.presence.value,
        detail=finding.detail,
    )
    case = lease.case.moved(CaseState.IN_DOUBT, at=tools.now(), because=why)
    entry = Entry("doubted", {"presence": finding.presence.value})
    return tools.register.save(lease, case, entry)
