"""What is to go wrong in a campaign: incidents, shuffled, dealt to commits as they come."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

BEFORE_CLICK, SENT = "before click", "POST sent"
COMMITTED, RECEIVED, UNSAVED = "target committed", "answer received", "receipt unsaved"
RANDOM = "at random"
POINTS = (BEFORE_CLICK, SENT, COMMITTED, RECEIVED, UNSAVED)
WAYS = ("worker", "worker", "browser", "group", "command", "everything")
SOON = 3
DEEDS = ("cut-before", "cut-after", "cut-within", "504", "late", "delay", "refuse")


@dataclass(frozen=True)
class Incident:
    """One thing that goes wrong."""

    kind: str
    """``kill``, ``stop``, ``deed`` (of the proxy), ``fault`` (of the application), ``steal``,
    ``disk`` or ``clock``."""
    point: str
    """When, in the life of a commit."""
    how: str = ""

    @property
    def name(self) -> str:
        """What it is counted as."""
        what = {"kill": "kill -9", "deed": "proxy", "fault": "application", "steal": "log-in"}
        told = f" {self.how}" if self.kind in {"deed", "fault"} else f", {self.point}"
        return what.get(self.kind, self.kind) + told


@dataclass
class Deck:
    """Incidents that are still to happen; those at random have a pile of their own."""

    chance: random.Random
    at_commits: list[Incident] = field(default_factory=list)
    at_random: list[Incident] = field(default_factory=list)

    def draw(self, cases_left: int) -> Incident | None:
        """Draw for a commit, so often that the deck and the cases end together."""
        if not self.at_commits:
            return None
        if self.chance.random() * max(cases_left, 1) > len(self.at_commits):
            return None
        return self.at_commits.pop()

    def put_back(self, incident: Incident) -> None:
        """Deal an incident again soon: another of its kind is waited for."""
        self.at_commits.insert(max(0, len(self.at_commits) - SOON), incident)

    @property
    def left(self) -> int:
        """How many incidents are still to happen."""
        return len(self.at_commits) + len(self.at_random)


def short(chance: random.Random) -> Deck:
    """Make a deck of a dozen: every named point once, and one of most of the rest."""
    ways = ("worker", "worker", "browser", "command", "everything")
    kills = [Incident("kill", point, way) for point, way in zip(POINTS, ways, strict=True)]
    rest = [
        Incident("deed", SENT, "cut-after"),
        Incident("deed", SENT, "late"),
        Incident("fault", SENT, "session-after"),
        Incident("disk", COMMITTED),
        Incident("steal", SENT),
    ]
    chance.shuffle(rest)
    return Deck(chance, [*rest, *reversed(kills)], [Incident("clock", RANDOM)])


def shuffled(kills: int, others: float, faults: Sequence[str], chance: random.Random) -> Deck:
    """Make a deck: a share of kills at each named point, a fifth of them at random.

    ``others`` is how much of everything else, 1.0 for a campaign of 200 cases.
    """
    per_point = max(1, round(kills * 0.8 / len(POINTS)))
    deck = [
        Incident("kill", point, WAYS[(number + place) % len(WAYS)])
        for place, point in enumerate(POINTS)
        for number in range(per_point)
    ]
    deck += [Incident("deed", SENT, deed) for deed in DEEDS for _n in range(_some(5, others))]
    deck += [Incident("fault", SENT, fault) for fault in faults for _n in range(_some(4, others))]
    deck += [Incident("steal", point) for point in (SENT, COMMITTED) for _n in _times(4, others)]
    deck += [Incident("disk", point) for point in (SENT, COMMITTED) for _n in _times(3, others)]
    deck += [Incident("stop", BEFORE_CLICK) for _n in _times(6, others)]
    chance.shuffle(deck)
    rest = [Incident("kill", RANDOM, WAYS[n % len(WAYS)]) for n in range(kills - 5 * per_point)]
    rest += [Incident("clock", RANDOM) for _n in _times(14, others)]
    rest += [Incident("disk", RANDOM) for _n in _times(3, others)]
    rest += [Incident("steal", RANDOM) for _n in _times(4, others)]
    chance.shuffle(rest)
    return Deck(chance, deck, rest)


def _some(count: int, share: float) -> int:
    return max(1, round(count * share))


def _times(count: int, share: float) -> range:
    return range(_some(count, share))
