"""The record of what a bot did for one case: the exhibit ``record.json``."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from rpa import __version__
from rpa.bots.api import Exhibit
from rpa.domain.document import MediaType

COVERED: Final = "•••"
"""Stands in evidence for what must not be seen."""


@dataclass(slots=True)
class StepDone:
    """One step as it went."""

    place: str
    """Section and number, from 1: ``file/3``."""
    kind: str
    element: str = ""
    """As the definition tells it, placeholders unfilled."""
    used: str = ""
    """The way by which it was found."""
    fallback: bool = False
    """It was not the first way told."""
    value: str = ""
    """What was typed, chosen or read; covered where it is sensitive."""
    ms: int = 0
    error: str | None = None
    """Code of what went wrong."""

    def facts(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {name: getattr(self, name) for name in StepDone.__slots__}


@dataclass(slots=True)
class Answer:
    """What the target answered to a request."""

    method: str
    path: str
    """Without the query, which may hold values."""
    status: int
    ms: int

    def facts(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {name: getattr(self, name) for name in Answer.__slots__}


@dataclass(slots=True)
class Record:
    """Everything a bot did for one case, in order."""

    bot: str
    """SHA-256 of the definition."""
    version: str = ""
    browser: str = ""
    outcome: str = "unfinished"
    steps: list[StepDone] = field(default_factory=list)
    answers: Sequence[Answer] = ()
    """To the commit and what came after it."""
    read: dict[str, str] = field(default_factory=dict)
    """What ``read`` steps read."""
    ms: int = 0

    def exhibit(self) -> Exhibit:
        """Return the record as a piece of evidence."""
        facts = {
            "bot": self.bot,
            "version": self.version,
            "engine": __version__,
            "browser": self.browser,
            "outcome": self.outcome,
            "ms": self.ms,
            "steps": [step.facts() for step in self.steps],
            "answers": [answer.facts() for answer in self.answers],
            "read": self.read,
        }
        content = json.dumps(facts, ensure_ascii=False, indent=1).encode()
        return Exhibit("record.json", MediaType.JSON, content)


def digest_of(content: bytes) -> str:
    """Return the digest that names a version of a definition."""
    return sha256(content).hexdigest()
