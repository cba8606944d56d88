"""What every parser gives back, and the texts they compare."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, NamedTuple

APOSTROPHES: Final = re.compile("[‘’´`′ʼ]")
DASHES: Final = re.compile("[‐‑‒–—−]")


class Change(NamedTuple):
    """One correction of a reading."""

    place: int
    """Where, from 0, in the reading as the parser compared it, separators left out."""
    read: str
    """What was read; empty where something was put in."""
    meant: str
    """What it is taken for; empty where something was taken out."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser made of a text."""

    value: str | None
    """Canonical text, or None if the text is no value of its kind."""
    problem: str = ""
    """Code of what is wrong, if anything."""
    changes: tuple[Change, ...] = ()
    """What was taken for its look-alike; empty where the text was right as it stood."""
    is_doubtful: bool = False
    """True where the text is a value of its kind, but a likely misreading."""
    is_proven: bool = False
    """True where the value carries its own check digit and passes it."""

    @property
    def corrections(self) -> int:
        """How many corrections were made."""
        return len(self.changes)


def folded(text: str) -> str:
    """Return the text with one kind of blank, apostrophe and hyphen, and none at its ends."""
    plain = DASHES.sub("-", APOSTROPHES.sub("'", text))
    return re.sub(r"\s+", " ", plain).strip()


def changes_between(read: str, meant: str) -> tuple[Change, ...]:
    """Return what turns one text into the other, sign by sign."""
    if len(read) == len(meant):
        pairs = enumerate(zip(read, meant, strict=True))
        return tuple(Change(place, a, b) for place, (a, b) in pairs if a != b)
    steps = SequenceMatcher(None, read, meant, autojunk=False).get_opcodes()
    return tuple(
        Change(i1 + place, a, b)
        for tag, i1, i2, j1, j2 in steps
        if tag != "equal"
        for place, (a, b) in enumerate(zip_longest(read[i1:i2], meant[j1:j2], fillvalue=""))
    )


def replaced(
    text: str, patterns: Iterable[tuple[re.Pattern[str], str]]
) -> tuple[str, tuple[Change, ...]]:
    """Return the text with each pattern replaced, and every replacement that changed something."""
    changes: list[Change] = []
    for pattern, right in patterns:
        found = [(m.start(), m[0], m.expand(right)) for m in pattern.finditer(text)]
        changes += [Change(*change) for change in found if change[1] != change[2]]
        text = pattern.sub(right, text)
    return text, tuple(changes)
