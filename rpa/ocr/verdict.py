"""From several readings of one answer to one value and how far it can be trusted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rpa.domain.form import FieldDefinition, FieldKind
from rpa.domain.reading import FieldValue, Method
from rpa.ocr.choices import matched
from rpa.ocr.diacritics import Mark, marks_above, restored, without_accents
from rpa.ocr.parsers import Parsed, folded, parse
from rpa.ocr.spelling import likelier

ACCENTED_KINDS: Final = frozenset((FieldKind.TEXT, FieldKind.NAME, FieldKind.ADDRESS))
LOST_A_MARK: Final = 0.25
"""Weight of a reading with fewer accents and dots than the picture shows."""
MARKS_AGREE: Final = 1.5
PER_EXTRA_MARK: Final = 0.9
MARK_UNREAD: Final = 0.7
"""Factor on a value that leaves out a mark that is in the picture."""
ALONE: Final = 0.6
"""Factor on a value that one reading alone stands for."""
TOUCHED: Final = 0.9
"""Factor on an answer that runs into the form's own print."""
PER_CORRECTION: Final = 0.97
DOUBTFUL: Final = 0.7
AMBIGUOUS: Final = 0.5
UNPARSED: Final = 0.3
PROVEN: Final = 0.3
"""Share of the remaining doubt that a passed check digit or an exact choice leaves."""
HIGHEST: Final = 0.995


@dataclass(frozen=True, slots=True)
class Opinion:
    """One reading of an answer: what an engine made of one treatment of the picture."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Vote:
    opinion: Opinion
    parsed: Parsed
    weight: float


def judged(
    field: FieldDefinition,
    opinions: Sequence[Opinion],
    *,
    marks: Sequence[Mark] = (),
    touches_print: bool = False,
) -> FieldValue:
    """Return the value that the readings of one answer stand for.

    ``marks`` are the dots and accents seen in the picture. A reading that is no value of its kind
    counts against the others. ``touches_print`` says that the answer runs into the form's print.
    """
    votes = [_vote(field, opinion) for opinion in opinions]
    if _shows_accents(field):
        votes = _with_marks(votes, marks)
    total = sum(vote.weight for vote in votes)
    support = _by_value(votes)
    if not support or total <= 0:
        return _unparsed(field, votes)
    value, group = max(support.items(), key=lambda item: _weight(item[1]))
    best = min(group, key=lambda vote: (vote.parsed.corrections, -vote.weight))
    trust = _weight(group) / total * (TOUCHED if touches_print else 1.0)
    trust *= 0.8 + 0.2 * max(vote.opinion.confidence for vote in group)
    if len(group) == 1 < len(votes):
        trust *= ALONE
    if _shows_accents(field) and marks_above(value) < len(marks):
        trust *= MARK_UNREAD
    return found(field, best.opinion.text, best.parsed, trust=trust, method=Method.OCR)


def native(field: FieldDefinition, text: str, method: Method) -> FieldValue:
    """Return the value of a text that the file itself holds; only its checks can lower it."""
    if not folded(text) and field.kind is not FieldKind.CHECKBOX:
        return absent(field, method)
    parsed = matched(
        parse(field.kind, text, from_pixels=False, writing=field), field, from_pixels=False
    )
    return found(field, text, parsed, trust=1.0, method=method)


def found(
    field: FieldDefinition,
    reading: str,
    parsed: Parsed,
    *,
    trust: float,
    method: Method,
) -> FieldValue:
    """Return a field's value with its confidence, lowered or raised by its checks."""
    kept = parsed.value
    confidence = (
        trust * PER_CORRECTION**parsed.corrections * (DOUBTFUL if parsed.is_doubtful else 1)
    )
    if parsed.problem or kept is None:
        confidence *= AMBIGUOUS if kept is not None else UNPARSED
    elif parsed.is_proven:
        confidence = 1 - (1 - confidence) * PROVEN
    if method is Method.OCR:
        confidence = min(confidence, HIGHEST)
    problems = (parsed.problem,) if parsed.problem else ()
    return _value(field, reading, kept, confidence, method, problems)


def absent(field: FieldDefinition, method: Method, *, confidence: float = 1.0) -> FieldValue:
    """Return the value of a field that was left empty."""
    problems = ("missing",) if field.required else ()
    return _value(field, "", None, confidence, method, problems)


def _shows_accents(field: FieldDefinition) -> bool:
    return field.kind in ACCENTED_KINDS and not field.choices


def _vote(field: FieldDefinition, opinion: Opinion) -> _Vote:
    text = folded(opinion.text)
    if not text:
        return _Vote(opinion, Parsed(None, "unreadable"), opinion.confidence)
    parsed = matched(
        parse(field.kind, text, from_pixels=True, writing=field), field, from_pixels=True
    )
    return _Vote(opinion, parsed, opinion.confidence)


def _with_marks(votes: Sequence[_Vote], marks: Sequence[Mark]) -> list[_Vote]:
    """Weigh votes by the marks in the picture, after settling accents they differ by."""
    votes = _respelled(votes)
    by_letters: dict[str, set[str]] = defaultdict(set)
    for vote in votes:
        if vote.parsed.value is not None:
            by_letters[without_accents(vote.parsed.value)].add(vote.parsed.value)
    settled = {
        letters: text
        for letters, readings in by_letters.items()
        if len(readings) > 1 and (text := restored(sorted(readings), marks))
    }
    return [_weighed(vote, settled, len(marks)) for vote in votes]


def _respelled(votes: Sequence[_Vote]) -> list[_Vote]:
    values = {vote.parsed.value for vote in votes}
    better = {
        value: text
        for value in values
        if value is not None
        for text in reversed(likelier(value))
        if text in values
    }
    return [
        replace(vote, parsed=replace(vote.parsed, value=better[vote.parsed.value]))
        if vote.parsed.value in better
        else vote
        for vote in votes
    ]


def _weighed(vote: _Vote, settled: Mapping[str, str], marks: int) -> _Vote:
    value = vote.parsed.value
    if value is None:
        return vote
    seen = settled.get(without_accents(value), value)
    missing = marks - marks_above(seen)
    if missing > 0:
        factor = LOST_A_MARK
    else:
        factor = MARKS_AGREE if missing == 0 else PER_EXTRA_MARK**-missing
    parsed = replace(vote.parsed, value=seen)
    return _Vote(vote.opinion, parsed, vote.weight * factor)


def _by_value(votes: Sequence[_Vote]) -> Mapping[str, list[_Vote]]:
    support: dict[str, list[_Vote]] = defaultdict(list)
    for vote in votes:
        if vote.parsed.value is not None:
            support[vote.parsed.value].append(vote)
    return support


def _weight(votes: Sequence[_Vote]) -> float:
    return sum(vote.weight for vote in votes)


def _unparsed(field: FieldDefinition, votes: Sequence[_Vote]) -> FieldValue:
    if not votes:
        return _value(field, "", None, 0.0, Method.OCR, ("unreadable",))
    best = max(votes, key=lambda vote: vote.opinion.confidence)
    parsed = Parsed(None, best.parsed.problem or "unreadable")
    return found(field, best.opinion.text, parsed, trust=best.opinion.confidence, method=Method.OCR)


def _value(
    field: FieldDefinition,
    reading: str,
    value: str | None,
    confidence: float,
    method: Method,
    problems: tuple[str, ...],
) -> FieldValue:
    if confidence < field.threshold:
        problems = (*problems, "low-confidence")
    return FieldValue(
        name=field.name,
        kind=field.kind,
        reading=reading,
        value=value,
        confidence=round(min(1.0, max(0.0, confidence)), 4),
        method=method,
        page=field.page,
        box=field.zone,
        problems=problems,
    )
