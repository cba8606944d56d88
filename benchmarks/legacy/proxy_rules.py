"""What a proxy does to which requests: read from JSON, used up one by one."""

import random
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Deed(StrEnum):
    """What may happen to a request."""

    PASS = "pass"  # noqa: S105 - a request that goes on
    """Nothing: the request goes on, the answer comes back."""
    CUT_BEFORE = "cut-before"
    """The connection is cut; the application never sees the request."""
    CUT_AFTER = "cut-after"
    """Cut when the application has answered (or ``after_s`` has passed), with no answer."""
    CUT_WITHIN = "cut-within"
    """Half of the answer comes, then the connection is cut."""
    DELAY = "delay"
    """The answer comes ``after_s`` later than it was given."""
    GATEWAY_TIMEOUT = "504"
    """``after_s`` later comes a 504, whatever the application did and does."""
    LATE = "late"
    """The connection is cut at once; the application gets the request ``after_s`` later."""
    REFUSE = "refuse"
    """A 503 comes at once; the application never sees the request."""


@dataclass
class Rule:
    """One deed, and the requests that it is done to."""

    do: Deed
    method: str = "POST"
    path: str = ""
    """A pattern (regular expression) found somewhere in the path."""
    body: str = ""
    """A pattern found somewhere in the body, as it is sent (form fields percent-encoded)."""
    times: int | None = 1
    """How often; None: always."""
    skip: int = 0
    """How many fitting requests to let pass first."""
    share: float = 1.0
    """To which share of the fitting requests, by lot."""
    after_s: float | None = None

    def fits(self, method: str, path: str, body: bytes) -> bool:
        """Say whether a request is one of those meant."""
        if self.times == 0 or self.method not in {method, "*"}:
            return False
        found = re.search(self.path, path) and re.search(self.body.encode("latin-1"), body)
        return found is not None


@dataclass
class Rules:
    """All rules of a proxy; the first that fits is used."""

    seed: int = 1
    known: list[Rule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Begin the lots."""
        self._chance = random.Random(self.seed)  # noqa: S311 - lots, no secrets

    def replace(self, rules: Iterable[Rule | Mapping[str, Any]]) -> None:
        """Forget the old rules and take these."""
        new = [each if isinstance(each, Rule) else _read(each) for each in rules]
        with self._lock:
            self.known = new

    def choose(self, method: str, path: str, body: bytes) -> Rule:
        """Return the rule for a request, and count it as used."""
        with self._lock:
            for rule in self.known:
                if not rule.fits(method, path, body):
                    continue
                if rule.skip > 0:
                    rule.skip -= 1
                    continue
                if self._chance.random() >= rule.share:
                    continue
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return Rule(Deed.PASS)


def _read(said: Mapping[str, Any]) -> Rule:
    return Rule(**{**said, "do": Deed(said["do"])})
