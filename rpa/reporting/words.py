"""What the report calls things, in the language spoken at the moment."""

from rpa.domain.case import CaseState
from rpa.domain.paperless import Level, Medium, Touchpoint
from rpa.i18n import _
from rpa.reporting.adapters.numbers import Numbers
from rpa.reporting.figures import Flag, ProcessFigure, Reason, Verdict, Weight
from rpa.reporting.report import PaperlessReport


def level_name(level: Level) -> str:
    """Name a level."""
    return {
        Level.END_TO_END: _("digital from end to end"),
        Level.INSIDE: _("paperless inside"),
        Level.PAPER: _("on paper"),
    }[level]


def medium_name(medium: Medium) -> str:
    """Name how a touchpoint was passed."""
    return {
        Medium.NATIVE: _("native"),
        Medium.DIGITISED: _("digitised"),
        Medium.PAPER: _("paper"),
        Medium.NOT_APPLICABLE: _("not applicable"),
        Medium.UNKNOWN: _("unknown"),
    }[medium]


def point_name(point: Touchpoint) -> str:
    """Name a touchpoint."""
    return {
        Touchpoint.INTAKE: _("Intake"),
        Touchpoint.REKEYING: _("Re-keying"),
        Touchpoint.ROUTING: _("Routing"),
        Touchpoint.SIGNATURE: _("Signature"),
        Touchpoint.OUTPUT: _("Output"),
        Touchpoint.ARCHIVE: _("Archive"),
    }[point]


def state_name(state: CaseState) -> str:
    """Name where a case stands or how it ended."""
    return {
        CaseState.RECEIVED: _("Received, not read yet"),
        CaseState.RECOGNIZED: _("Read, to be decided"),
        CaseState.IN_REVIEW: _("With a reviewer"),
        CaseState.APPROVED: _("Approved, to be filed"),
        CaseState.REJECTED: _("Rejected"),
        CaseState.IN_DOUBT: _("Filing in doubt"),
        CaseState.FILED: _("Filed, letter to be written"),
        CaseState.COMPOSED: _("Letter written, to be signed"),
        CaseState.AWAITING_SIGNATURE: _("With a signer"),
        CaseState.SIGNED: _("Signed, to be archived"),
        CaseState.DECLINED: _("Declined by the signer"),
        CaseState.ARCHIVED: _("Archived"),
        CaseState.SET_ASIDE: _("Set aside"),
        CaseState.SUSPENDED: _("Suspended"),
    }[state]


def channel_name(channel: str) -> str:
    """Name a kind of channel; one we do not know keeps its own name."""
    return {
        "fax": _("Fax"),
        "scan": _("Scan"),
        "mail": _("Paper mail, scanned"),
        "counter": _("Counter, scanned"),
        "email": _("E-mail"),
        "web": _("Web form"),
    }.get(channel, channel)


def reason_text(figure: ProcessFigure, report: PaperlessReport, numbers: Numbers) -> str:
    """Say why a process has its level, with the numbers that decide."""
    rules = report.rules
    match figure.reason:
        case Reason.PROVEN:
            share = figure.end_to_end if figure.level is Level.END_TO_END else figure.paperless
            return _("{share} of its cases reach this level.", share=numbers.percent(share))
        case Reason.BELOW_REACH:
            return _(
                "Only {share} of its cases are free of paper; {least} are needed.",
                share=numbers.percent(figure.paperless),
                least=numbers.percent(rules.reach_percent),
            )
        case Reason.NO_CASES:
            return _("No case was seen: nothing shows that it is free of paper.")
        case Reason.NO_COUNT:
            return _("Nobody counted its cases independently: what was not seen is unknown.")
        case Reason.LOW_COVERAGE:
            covered = figure.coverage.share if figure.coverage else None
            return _(
                "Only {share} of the counted cases were seen; {least} are needed.",
                share=numbers.percent(covered),
                least=numbers.percent(rules.coverage_percent),
            )
        case Reason.TOO_FEW_CASES:
            return _(
                "Fewer than {least} cases, and not all of them were seen.",
                least=numbers.number(rules.least_cases),
            )


def flag_text(flag: Flag, figure: ProcessFigure, report: PaperlessReport) -> str:
    """Say what a reader must know beside a level."""
    match flag:
        case Flag.FEW_CASES:
            return _("Few cases: fewer than {least}, all seen.", least=report.rules.least_cases)
        case Flag.COUNT_TOO_LOW:
            return _("More cases seen than counted: the count is doubtful.")
        case Flag.PARTLY_COUNTED:
            return _(
                "Counted on {days} of {whole} days.",
                days=figure.coverage.days if figure.coverage else 0,
                whole=report.rules.window_days,
            )
        case Flag.BASELINE_UNDECLARED:
            return _("No baseline declared: no benefit is estimated.")


def weight_text(weight: Weight) -> str:
    """Say where a process's weight comes from."""
    return {
        Weight.COUNTED: _("counted"),
        Weight.SEEN: _("seen"),
        Weight.DECLARED: _("declared, estimate"),
        Weight.UNKNOWN: _("number unknown"),
    }[weight]


def verdict_text(report: PaperlessReport) -> str:
    """Say where the ratio stands against the target."""
    return {
        Verdict.REACHED: _("Target reached by processes that are digital from end to end."),
        Verdict.REACHED_INSIDE: _(
            "Target reached only if processes that are paperless inside are counted too."
        ),
        Verdict.NOT_REACHED: _("Target not reached, under either reading."),
        Verdict.NO_PROCESSES: _("The inventory counts no process: there is no ratio."),
    }[report.verdict]


def definition_notice() -> str:
    """Say whose definition this is; it stands wherever the figure stands."""
    return _(
        "The definition of “paperless” is this report's own: the official guide to interpreting "
        "the strategy's indicators could not be read. It is printed below with its thresholds."
    )


def headline(report: PaperlessReport, numbers: Numbers) -> str:
    """Say the ratio, both levels and the target in one sentence."""
    ratio = report.ratio
    if not ratio.paperless.whole:
        return verdict_text(report)
    return _(
        "Processes without paper: {part} of {whole} ({percent}); digital from end to end: {full}; "
        "target: {target}.",
        part=numbers.number(ratio.paperless.part),
        whole=numbers.number(ratio.paperless.whole),
        percent=numbers.percent(ratio.paperless),
        full=numbers.number(ratio.end_to_end.part),
        target=numbers.percent(report.target.percent),
    )
