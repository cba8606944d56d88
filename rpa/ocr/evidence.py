"""What speaks for a reading and against it, as numbers that a probability can be fitted to."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rpa.domain.kinds import FieldKind
from rpa.domain.reading import Written
from rpa.ocr.choices import plain
from rpa.ocr.diacritics import Mark
from rpa.ocr.parsing.parsed import Parsed

FEATURES: Final = (
    "constant",
    "share",
    "first",
    "second",
    "second-nearly",
    "first-confidence",
    "first-weakest",
    "second-confidence",
    "corrections",
    "doubtful",
    "problem",
    "proven",
    "lost-marks",
    "touches-print",
    "unsure-point",
    "coarse",
    "twins",
    "length",
    "kind-text",
    "kind-name",
    "kind-number",
)
"""What each number of an evidence stands for, in this order."""
AGAINST: Final = frozenset(
    {"corrections", "doubtful", "problem", "lost-marks", "touches-print", "unsure-point", "coarse",
     "twins"}
)  # fmt: skip
"""What can only speak against a reading."""
NAMES: Final = frozenset({FieldKind.NAME, FieldKind.ADDRESS})
TEXTS: Final = frozenset({FieldKind.TEXT, FieldKind.EMAIL})
TWINS: Final = frozenset("0O1Il5S8B2Z6G")
_DECIMALS: Final = re.compile(r"\d[.,]\d")
LEAST, MOST = 1e-4, 1 - 1e-4


@dataclass(frozen=True, slots=True)
class Opinion:
    """One reading of an answer: what an engine made of one treatment of the picture."""

    text: str
    confidence: float
    by_second: bool = False
    """True where it comes from the engine that is asked for a second opinion."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an answer looks like, whoever reads it."""

    marks: tuple[Mark, ...] = ()
    """Dots and accents above the letters, left to right."""
    touches_print: bool = False
    """True where the answer runs into the form's own print."""
    written: Written | None = None
    """By hand or by a machine, where that can be told."""
    is_coarse: bool = False
    """True where the page has half the lines of a fine fax."""
    points: str | None = None
    """Points and commas at the foot of the letters, left to right; None where not looked for."""


@dataclass(frozen=True, slots=True)
class Vote:
    """An opinion, what a parser made of it, and how much it counts."""

    opinion: Opinion
    parsed: Parsed
    weight: float


def evidence_of(
    kind: FieldKind,
    chosen: Parsed,
    votes: Sequence[Vote],
    *,
    lost_marks: int,
    seen: Seen,
) -> tuple[float, ...]:
    """Return the numbers of :data:`FEATURES` for a value that was chosen among ``votes``."""
    value = chosen.value or ""
    firsts = [vote for vote in votes if not vote.opinion.by_second]
    seconds = [vote for vote in votes if vote.opinion.by_second]
    total = sum(vote.weight for vote in votes)
    agreeing = [vote for vote in votes if vote.parsed.value == chosen.value]
    first_agreeing = [v.opinion.confidence for v in firsts if v.parsed.value == chosen.value]
    second_agreeing = [v.opinion.confidence for v in seconds if v.parsed.value == chosen.value]
    nearly = [v for v in seconds if _bare(v.parsed.value or v.opinion.text) == _bare(value)]
    return (
        1.0,
        sum(vote.weight for vote in agreeing) / total if total else 0.0,
        len(first_agreeing) / max(1, len(firsts)),
        len(second_agreeing) / max(1, len(seconds)),
        len(nearly) / max(1, len(seconds)),
        _logit(max(first_agreeing, default=0.5)),
        _logit(min((v.opinion.confidence for v in firsts), default=0.5)),
        _logit(max(second_agreeing, default=0.5)),
        float(min(3, chosen.corrections)),
        float(chosen.is_doubtful),
        float(bool(chosen.problem)),
        float(chosen.is_proven),
        float(max(-2, min(2, lost_marks))),
        float(seen.touches_print),
        float(_is_unsure_point(kind, value, seen.points)),
        float(seen.is_coarse),
        float(_has_twins(kind, value)),
        math.log1p(len(value)) - 2.0,
        float(kind in TEXTS),
        float(kind in NAMES),
        float(kind not in TEXTS | NAMES),
    )


def _bare(text: str) -> str:
    return "".join(letter for letter in plain(text) if letter.isalnum())


def _is_unsure_point(kind: FieldKind, value: str, points: str | None) -> bool:
    """Say whether a free text has a number with decimals whose mark the picture does not show."""
    if kind not in TEXTS or points is None or not _DECIMALS.search(value):
        return False
    return "".join(sign for sign in value if sign in ".,") != points


def _has_twins(kind: FieldKind, value: str) -> bool:
    """Say whether a free text mixes letters and digits, one of which could be either."""
    if kind not in TEXTS | NAMES:
        return False
    return any(
        any(c.isdigit() for c in word) and any(c.isalpha() for c in word) and set(word) & TWINS
        for word in value.split()
    )


def _logit(share: float) -> float:
    bounded = min(MOST, max(LEAST, share))
    return math.log(bounded / (1 - bounded))
