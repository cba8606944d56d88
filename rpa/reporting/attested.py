"""People's word: which attestation holds on which day, and how it changes a case's level.

A word fills what is unknown and may admit paper; it never makes an observation better than it was.
Where two attestations tell of the same process and day, the later entry holds.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from rpa.domain.evidence import ATTESTED, POINTS, Attestation, ClosedCase, Media, level_of_media
from rpa.domain.paperless import Level, Medium
from rpa.reporting.window import Window

_NO_NAMES: Final = ("",) * len(POINTS)


class Judgment(NamedTuple):
    """A closed case as it counts."""

    media: Media
    level: Level
    is_on_word: bool
    names: tuple[str, ...]
    """For each touchpoint, who gave the word that holds instead of the ledger; empty otherwise."""

    def proofs(self, case: ClosedCase) -> tuple[str, ...]:
        """Return what proves each touchpoint."""
        if self.names == _NO_NAMES:
            return case.proofs
        pairs = zip(self.names, case.proofs, strict=True)
        return tuple(f"{ATTESTED}{name}" if name else proof for name, proof in pairs)


class Judge:
    """Judges closed cases in the light of what people attest about touchpoints."""

    def __init__(self, attestations: Iterable[Attestation], window: Window) -> None:
        """Keep the words on touchpoints (those without cases of their own)."""
        self._words: dict[str, list[tuple[range, Attestation]]] = defaultdict(list)
        for word in _newest_first(attestations):
            days = window.overlap(word.period_start, word.period_end)
            if days and not word.cases:
                self._words[word.process].append((days, word))
        self._known: dict[tuple[str, int, Media, bool], Judgment] = {}

    def judged(self, case: ClosedCase, day: int) -> Judgment:
        """Return how ``case``, closed on ``day`` of the window, counts."""
        # Without a word on touchpoints the day makes no difference: fewer judgments to keep.
        if case.process not in self._words:
            day = -1
        key = (case.process, day, case.media, case.is_attested)
        if key not in self._known:
            self._known[key] = self._judged(*key)
        return self._known[key]

    def _judged(self, process: str, day: int, media: Media, is_attested: bool) -> Judgment:  # noqa: FBT001 - the parts of a key
        names, heard = list(_NO_NAMES), list(media)
        words = [word for days, word in self._words.get(process, []) if day in days]
        for place, point in enumerate(POINTS):
            word = next((word for word in words if point in word.touchpoints), None)
            if word is None:
                continue
            said = word.touchpoints[point]
            fills = media[place] is Medium.UNKNOWN and said is not Medium.UNKNOWN
            if fills or said is Medium.PAPER:
                names[place], heard[place] = word.by, said
        now = tuple(heard)
        return Judgment(now, level_of_media(now), is_attested or any(names), tuple(names))

    def voices(self, process: str) -> tuple[Attestation, ...]:
        """Return the words on touchpoints of ``process`` that the window meets, oldest first."""
        return tuple(word for _, word in reversed(self._words.get(process, [])))


@dataclass(frozen=True, slots=True)
class AttestedCases:
    """Cases outside the register, told by one attestation, on the days on which it holds."""

    word: Attestation
    days: frozenset[int]

    @property
    def level(self) -> Level:
        """The level of each of these cases."""
        return level_of_media(self.word.media)

    def cases(self, within: frozenset[int] | None = None) -> int:
        """Return how many fall on these days (and ``within``), spread evenly, rounded down."""
        days = self.days if within is None else self.days & within
        length = (self.word.period_end - self.word.period_start).days + 1
        return int(Fraction(self.word.cases * len(days), length))


def attested_cases(
    attestations: Iterable[Attestation], window: Window
) -> dict[str, tuple[AttestedCases, ...]]:
    """Return the attested cases of each process; no day of a process is told twice."""
    told: dict[str, list[AttestedCases]] = defaultdict(list)
    for word in _newest_first(attestations):
        if not word.cases:
            continue
        taken = frozenset[int]().union(*(other.days for other in told[word.process]))
        days = frozenset(window.overlap(word.period_start, word.period_end)) - taken
        if days:
            told[word.process].append(AttestedCases(word, days))
    return {process: tuple(words) for process, words in told.items() if words}


def _newest_first(attestations: Iterable[Attestation]) -> list[Attestation]:
    return sorted(attestations, key=lambda word: (word.at, word.seq), reverse=True)
