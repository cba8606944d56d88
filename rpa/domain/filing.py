"""Filing: the one act that must happen exactly once."""

from enum import StrEnum

from pydantic import AwareDatetime

from rpa.domain.model import CaseId, Digest, Value


class Receipt(Value):
    """The legacy application's word that it holds the case."""

    number: str
    """The receipt number as the application shows it."""
    text: str
    """The sentence it stood in, without personal data where the application allows it."""
    screen: Digest | None = None
    """The page that showed it (PNG), where it was kept."""


class Intent(Value):
    """Written before the commit: from here on the filing may have happened."""

    case_id: CaseId
    key: str
    fence: int
    """The lease number of the worker that was about to commit."""
    opened_at: AwareDatetime
    screen: Digest | None
    """What was on the screen just before."""
    closed_at: AwareDatetime | None = None
    receipt: Receipt | None = None


class Presence(StrEnum):
    """What a search of the target for a filing key found."""

    FOUND_ONCE = "found-once"
    ABSENT = "absent"
    SEVERAL = "several"
    UNKNOWN = "unknown"
    """The bot has no ``find`` steps, or the target did not answer them."""


class Finding(Value):
    """The answer of a search for a filing key."""

    presence: Presence
    receipt: Receipt | None = None
    """Given exactly when found once."""
    detail: str = ""
    """For a person: what was searched, and what the target showed."""
