"""From several readings of one answer to one value and the probability that it is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rpa.domain.form import FieldDefinition
from rpa.domain.kinds import DRAWN
from rpa.domain.reading import FieldValue, Method, Written
from rpa.ocr.calibration import Calibration, Engines, shipped_calibration
from rpa.ocr.choices import matched
from rpa.ocr.diacritics import marks_above
from rpa.ocr.evidence import Opinion, Seen, Vote, evidence_of
from rpa.ocr.handwriting import HANDWRITTEN, needs_person
from rpa.ocr.parsers import Parsed, folded, parse
from rpa.ocr.voting import shows_accents, strongest, votes_of

PROMISE: Final = 0.005
"""Field error that a form promises unless it says otherwise: one value in two hundred."""
NOTHING_SEEN: Final = Seen()
SURE: Final = 0.80
"""Below this confidence a person is asked about what was not recognized but found or measured."""
DOUBTFUL: Final = 0.7
AMBIGUOUS: Final = 0.5
UNPARSED: Final = 0.3


@dataclass(frozen=True, slots=True)
class Judge:
    """Says how far a value can be trusted, and whether far enough."""

    calibration: Calibration
    engines: Engines = "two"
    promise: float = PROMISE

    def level(self, field: FieldDefinition) -> float:
        """Return the probability below which a person is asked about ``field``."""
        if field.threshold is not None:
            return field.threshold
        return self.calibration.threshold(self.promise, engines=self.engines)


def usual_judge() -> Judge:
    """Return the judge of machines with two engines, by the calibration that is shipped."""
    return Judge(shipped_calibration())


def judged(
    field: FieldDefinition,
    opinions: Sequence[Opinion],
    *,
    seen: Seen = NOTHING_SEEN,
    judge: Judge | None = None,
) -> FieldValue:
    """Return the value that the readings of one answer stand for.

    A reading that is no value of its kind counts against the others; so do marks that are seen in
    the picture and not read.
    """
    by = judge or usual_judge()
    votes = votes_of(field, opinions, seen.marks)
    group = strongest(votes)
    if not group:
        return _unread(field, votes, seen.written)
    best = min(group, key=lambda vote: (vote.parsed.corrections, -vote.weight))
    lost = len(seen.marks) - marks_above(best.parsed.value or "") if shows_accents(field) else 0
    evidence = evidence_of(field.kind, best.parsed, votes, lost_marks=lost, seen=seen)
    chance = by.calibration.probability(evidence, engines=by.engines)
    problems = (best.parsed.problem,) if best.parsed.problem else ()
    if seen.written is Written.HAND and needs_person(field.kind, best.parsed, votes, by.engines):
        problems = (*problems, HANDWRITTEN)
    value = _value(field, best.opinion.text, best.parsed.value, Method.OCR, seen.written)
    return _weighed(value, chance, problems, level=by.level(field), evidence=evidence)


def native(field: FieldDefinition, text: str, method: Method) -> FieldValue:
    """Return the value of a text that the file itself holds; only its checks can lower it."""
    if not folded(text) and field.kind not in DRAWN:
        return absent(field, method)
    parsed = matched(
        parse(field.kind, text, from_pixels=False, writing=field), field, from_pixels=False
    )
    return found(field, text, parsed, trust=1.0, method=method)


def found(
    field: FieldDefinition, reading: str, parsed: Parsed, *, trust: float, method: Method
) -> FieldValue:
    """Return a value that was not recognized letter by letter, lowered by its checks."""
    confidence = trust * (DOUBTFUL if parsed.is_doubtful else 1)
    if parsed.problem or parsed.value is None:
        confidence *= AMBIGUOUS if parsed.value is not None else UNPARSED
    problems = (parsed.problem,) if parsed.problem else ()
    value = _value(field, reading, parsed.value, method)
    return _weighed(value, confidence, problems, level=_usual_level(field))


def absent(field: FieldDefinition, method: Method, *, confidence: float = 1.0) -> FieldValue:
    """Return the value of a field that was left empty."""
    problems = ("missing",) if field.required else ()
    value = _value(field, "", None, method)
    return _weighed(value, confidence, problems, level=_usual_level(field))


def _usual_level(field: FieldDefinition) -> float:
    return SURE if field.threshold is None else field.threshold


def _unread(field: FieldDefinition, votes: Sequence[Vote], written: Written | None) -> FieldValue:
    """Return a field with ink that is no value of its kind."""
    best = max(votes, key=lambda vote: vote.opinion.confidence, default=None)
    problem = (best.parsed.problem if best else "") or "unreadable"
    value = _value(field, best.opinion.text if best else "", None, Method.OCR, written)
    return _weighed(value, 0.0, (problem,), level=_usual_level(field))


def _weighed(
    value: FieldValue,
    confidence: float,
    problems: tuple[str, ...],
    *,
    level: float,
    evidence: tuple[float, ...] = (),
) -> FieldValue:
    if confidence < level:
        problems = (*problems, "low-confidence")
    bounded = round(min(1.0, max(0.0, confidence)), 4)
    told = tuple(round(number, 4) for number in evidence)
    return value.model_copy(update={"confidence": bounded, "problems": problems, "evidence": told})


def _value(
    field: FieldDefinition,
    reading: str,
    value: str | None,
    method: Method,
    written: Written | None = None,
) -> FieldValue:
    return FieldValue(
        name=field.name,
        kind=field.kind,
        reading=reading,
        value=value,
        confidence=0.0,
        method=method,
        page=field.page,
        box=field.zone,
        written=written,
    )
