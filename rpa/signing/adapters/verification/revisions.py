"""A file's revisions from the first signed one on, and what each of them did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rpa.domain.signature import Change, ChangeKind, Revision
from rpa.late import late
from rpa.signing.adapters.verification.findings import Finding, Lock, Need, permitted
from rpa.signing.adapters.verification.graph import UnreadablePdfError, opened
from rpa.signing.adapters.verification.lexer import Ref
from rpa.signing.adapters.verification.updates import Update, revision_ends, updates_after
from rpa.signing.adapters.verification.views import RevisionView

if TYPE_CHECKING:
    from rpa.signing.adapters.verification.comparison import differences
else:  # a file that nothing was appended to has nothing to compare
    differences = late("rpa.signing.adapters.verification.comparison", "differences")

_BLANK: Final = b"\0\t\n\f\r "
_MOST_CHANGES: Final = 200


@dataclass(frozen=True)
class Step:
    """One revision, with what it did to the one before."""

    number: int
    end: int
    view: RevisionView | None
    """None where it can't be read."""
    findings: tuple[Finding, ...] = ()
    touched: frozenset[int] = frozenset()
    """The numbers of all objects that it wrote."""


def steps_from(pdf: bytes, base: int, passwords: Sequence[str]) -> tuple[Step, ...]:
    """Return the revision that ends at ``base`` and all later ones.

    Raises:
        UnreadablePdfError: The first of them can't be read.
    """
    view = RevisionView.of(opened(pdf[:base], passwords))
    number = max(1, len(revision_ends(pdf, base)))
    steps = [Step(number, base, view)]
    for update in updates_after(pdf, base):
        number += 1
        step = _step(pdf, update, number, view, passwords)
        view = step.view or view
        steps.append(step)
    return tuple(steps)


def _step(
    pdf: bytes, update: Update, number: int, before: RevisionView, passwords: Sequence[str]
) -> Step:
    hidden = tuple(
        Finding(ChangeKind.HIDDEN_BYTES, f"byte {offset}", Need.NEVER)
        for offset in dict.fromkeys(update.hidden[:3])
    )
    try:
        view = RevisionView.of(opened(pdf[: update.end], passwords))
    except UnreadablePdfError:
        unread = Finding(ChangeKind.HIDDEN_BYTES, f"byte {update.start}", Need.NEVER)
        return Step(number, update.end, None, hidden or (unread,))
    if not hidden and _packs_more(update, view):
        hidden = (Finding(ChangeKind.HIDDEN_BYTES, "object stream", Need.NEVER),)
    if not hidden and _renumbers(update, before, view):
        hidden = (Finding(ChangeKind.HIDDEN_BYTES, "generation", Need.NEVER),)
    touched = update.touched or frozenset(view.graph.numbers())
    findings = hidden + differences(before, view, touched)
    return Step(number, update.end, view, findings, touched)


def _packs_more(update: Update, view: RevisionView) -> bool:
    """Say whether an object stream holds objects that no cross-reference finds in it.

    Readers that repair damaged files would show them.
    """
    for number, entry in update.entries.items():
        ref = Ref(number, entry.generation)
        if not entry.is_plain or view.graph.entries(ref).get("Type") != "ObjStm":
            continue
        first = view.graph.at(view.graph.entries(ref).get("First"))
        if not isinstance(first, int):
            return True
        packed = view.graph.decoded(ref)[:first].split()[::2]
        named = {n for n, one in update.entries.items() if one.stream == number}
        if not {int(one) for one in packed if one.isdigit()} <= named:
            return True
    return False


def _renumbers(update: Update, before: RevisionView, after: RevisionView) -> bool:
    """Say whether an object in use gets another generation than it had, or a new one any but 0.

    Some readers find it by its number alone, others not at all (ISO 32000-2, 7.3.10, 7.5.4). A
    number that nobody used and to which nothing leads is found by none (poppler leaves such).
    """
    others = {
        number
        for number, entry in update.entries.items()
        if entry.is_plain
        and entry.generation
        and before.graph.node(Ref(number, entry.generation)) is None
    }
    if not others:
        return False
    led_to = {number for _one, numbers in after.graph.references() for number in numbers}
    return bool(others & (led_to | set(before.graph.numbers())))


def index_of(pdf: bytes, steps: Sequence[Step], end: int) -> int | None:
    """Return which revision ends at ``end``, blanks apart; None where none does."""
    for index, step in enumerate(steps):
        low, high = sorted((step.end, end))
        if high - low <= 8 and not pdf[low:high].strip(_BLANK):
            return index
    return None


def as_revisions(steps: Sequence[Step], locks: Sequence[tuple[int, Lock]]) -> tuple[Revision, ...]:
    """Return the record of all steps; ``locks`` come with the index of the revision they close."""
    return tuple(
        Revision(
            number=step.number,
            end=step.end,
            changes=as_changes(step.findings, [lock for at, lock in locks if at < index]),
        )
        for index, step in enumerate(steps)
    )


def as_changes(findings: Sequence[Finding], locks: Sequence[Lock]) -> tuple[Change, ...]:
    """Return the record of changes, each with whether ``locks`` permit it."""
    return tuple(
        Change(kind=one.kind, permitted=permitted(one, locks), where=one.where[:200])
        for one in findings[:_MOST_CHANGES]
    )
