"""What is drawn and not written, as field values: ticks, signatures, stamps."""

from collections.abc import Mapping, Sequence
from typing import Final

from rpa.domain.form import FieldDefinition
from rpa.domain.geometry import Box
from rpa.domain.reading import FieldValue, Method
from rpa.ocr.marks import Drawing, Loop, Meaning, meaning_of_loop, meanings
from rpa.ocr.traces import Trace, signature_of, stamp_of
from rpa.ocr.verdict import SURE

SURE_OF_INK: Final = 0.98
DOUBTED: Final = 0.5
NO_SIGNATURE: Final = "no-signature"
NO_STAMP: Final = "no-stamp"
CROSSED: Final = "crossed"
PROBLEMS: Final[Mapping[Meaning, str]] = {
    Meaning.CORRECTED: "corrected-mark",
    Meaning.UNCLEAR: "doubtful-mark",
}
SEEMS_TICKED: Final = 0.04
"""Share of a box that is inked from which an unclear one is more likely ticked than not."""


def tick_values(fields: Sequence[FieldDefinition], seen: Sequence[Drawing]) -> list[FieldValue]:
    """Return the values of a document's tick boxes, judged together."""
    return [
        _tick(field, meaning, drawing.share, seems=drawing.share >= SEEMS_TICKED)
        for field, drawing, meaning in zip(fields, seen, meanings(seen), strict=True)
    ]


def ringed_value(field: FieldDefinition, loop: Loop) -> FieldValue:
    """Return the value of an option that is chosen by a line around its word."""
    return _tick(field, meaning_of_loop(loop), loop.around, seems=loop.around >= DOUBTED)


def signature_value(field: FieldDefinition, trace: Trace) -> FieldValue:
    """Return whether the form was signed in this place."""
    is_there, problem = signature_of(trace)
    return _there(field, trace, is_there=is_there, problem=problem, lacking=NO_SIGNATURE)


def stamp_value(field: FieldDefinition, trace: Trace) -> FieldValue:
    """Return whether something was stamped in this place, and where."""
    is_there, problem = stamp_of(trace)
    return _there(field, trace, is_there=is_there, problem=problem, lacking=NO_STAMP)


def crossed(value: FieldValue) -> FieldValue:
    """Return the value of a field that a stamp or a signature runs across: a person must look."""
    confidence = min(value.confidence, DOUBTED)
    problems = (CROSSED, *value.problems)
    return value.model_copy(update={"problems": problems, "confidence": confidence})


def unseen(field: FieldDefinition) -> FieldValue:
    """Return the value of a signature or a stamp on a page that could not be looked at."""
    return told(field, value=False, reading="", problem=f"doubtful-{field.kind}")


def _there(
    field: FieldDefinition, trace: Trace, *, is_there: bool, problem: str, lacking: str
) -> FieldValue:
    problem = problem or ("" if is_there or not field.required else lacking)
    reading = f"{trace.length:.0f} pt" if trace.length >= 1 else ""
    return told(field, value=is_there, reading=reading, problem=problem, box=trace.box)


def told(
    field: FieldDefinition,
    *,
    value: bool,
    reading: str,
    problem: str = "",
    box: Box | None = None,
) -> FieldValue:
    """Return the value of a field whose ink was measured; a ``problem`` is asked about."""
    is_sure = not problem or problem in (NO_SIGNATURE, NO_STAMP)
    confidence = SURE_OF_INK if is_sure else DOUBTED
    level = SURE if field.threshold is None else field.threshold
    weak = "low-confidence" if confidence < level and not problem else ""
    return FieldValue(
        name=field.name,
        kind=field.kind,
        reading=reading,
        value=str(value).lower(),
        confidence=confidence,
        method=Method.MARK,
        page=field.page,
        box=box or field.zone,
        problems=tuple(code for code in (problem, weak) if code),
    )


def _tick(field: FieldDefinition, meaning: Meaning, share: float, *, seems: bool) -> FieldValue:
    is_ticked = meaning is Meaning.TICKED or (meaning is Meaning.UNCLEAR and seems)
    reading = f"{meaning.value} {share:.3f}"
    return told(field, value=is_ticked, reading=reading, problem=PROBLEMS.get(meaning, ""))
