"""Which of several readings of one answer is to be believed: they vote, the picture has a say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from rpa.domain.form import FieldDefinition, FieldKind
from rpa.ocr.choices import matched
from rpa.ocr.diacritics import Mark, marks_above, restored, without_accents
from rpa.ocr.evidence import Opinion, Vote
from rpa.ocr.parsers import Parsed, folded, parse
from rpa.ocr.spelling import likelier

ACCENTED_KINDS: Final = frozenset((FieldKind.TEXT, FieldKind.NAME, FieldKind.ADDRESS))
LOST_A_MARK: Final = 0.25
"""Weight of a reading with fewer accents and dots than the picture shows."""
MARKS_AGREE: Final = 1.5
PER_EXTRA_MARK: Final = 0.9


def shows_accents(field: FieldDefinition) -> bool:
    """Say whether the marks above a field's letters matter to its value."""
    return field.kind in ACCENTED_KINDS and not field.choices


def votes_of(
    field: FieldDefinition, opinions: Sequence[Opinion], marks: Sequence[Mark]
) -> list[Vote]:
    """Return what each opinion stands for; ``marks`` are the dots and accents in the picture."""
    votes = [_vote(field, opinion) for opinion in opinions]
    return _with_marks(votes, marks) if shows_accents(field) else votes


def strongest(votes: Sequence[Vote]) -> list[Vote]:
    """Return the votes for the value that most speaks for; none if no reading is a value."""
    support: dict[str, list[Vote]] = defaultdict(list)
    for vote in votes:
        if vote.parsed.value is not None:
            support[vote.parsed.value].append(vote)
    return max(support.values(), key=lambda group: sum(v.weight for v in group), default=[])


def _vote(field: FieldDefinition, opinion: Opinion) -> Vote:
    text = folded(opinion.text)
    if not text:
        return Vote(opinion, Parsed(None, "unreadable"), opinion.confidence)
    parsed = matched(
        parse(field.kind, text, from_pixels=True, writing=field), field, from_pixels=True
    )
    return Vote(opinion, parsed, opinion.confidence)


def _with_marks(votes: Sequence[Vote], marks: Sequence[Mark]) -> list[Vote]:
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


def _respelled(votes: Sequence[Vote]) -> list[Vote]:
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


def _weighed(vote: Vote, settled: Mapping[str, str], marks: int) -> Vote:
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
    return Vote(vote.opinion, parsed, vote.weight * factor)
