"""What the other judges say of what followed each signature, where our own comparison has no word.

The worse answer holds. A second analysis that objects alone leaves a doubt: it is known to err on
sound files, and a doubt is no accusation. What readers show differently is a change.
"""

from collections.abc import Iterator, Sequence

from rpa.domain.signature import ChangeKind
from rpa.signing.adapters.verification.drawing.judge import DrawnJudge
from rpa.signing.adapters.verification.findings import Finding, Need
from rpa.signing.adapters.verification.questions import Question
from rpa.signing.adapters.verification.revisions import Step
from rpa.signing.adapters.verification.second.analysis import Opinion, SecondAnalysis
from rpa.signing.adapters.verification.views import RevisionView


def later_opinions(
    pdf: bytes, steps: Sequence[Step], questions: Sequence[Question], passwords: Sequence[str]
) -> Iterator[tuple[int, Finding]]:
    """Yield what counts against a signature, with its place.

    Signatures of people are compared by drawing each for itself. A timestamp vouches for bytes and
    nobody read what it closes: only the oldest of all is drawn.
    """
    second = SecondAnalysis(pdf, passwords)
    for one in questions:
        opinion = second.opinion(one)
        if opinion is not Opinion.AGREES:
            where = f"second analysis {opinion.value}"
            yield one.place, Finding(ChangeKind.STRUCTURE, where, Need.DOUBT)
    now = next((step.view for step in reversed(steps) if step.view is not None), None)
    if now is None or not questions:
        return
    judge = DrawnJudge(now)
    oldest = min(one.place for one in questions)
    drawn = {one.place for one in questions if not one.is_timestamp} | {oldest}
    for place in sorted(drawn):
        for finding in _drawn(judge, steps, place):
            yield place, finding


def _drawn(judge: DrawnJudge, steps: Sequence[Step], place: int) -> Sequence[Finding]:
    signed: RevisionView | None = steps[place].view
    if signed is None:
        return ()
    touched = frozenset().union(*(step.touched for step in steps[place + 1 :]))
    return judge.findings(signed, touched)
