"""Filing: the one act that must happen exactly once."""

from collections.abc import Collection
from enum import StrEnum
from typing import Self

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
    unique: bool = True
    """No other case filed in the same target may have this number."""


class Intent(Value):
    """Written before the commit: from here on the filing may have happened."""

    case_id: CaseId
    key: str
    target: str = ""
    """Name of the target it is filed into."""
    fence: int
    """The lease number of the worker that was about to commit."""
    opened_at: AwareDatetime
    screen: Digest | None
    """What was on the screen just before."""
    present: tuple[str, ...] = ()
    """Receipt numbers of records that were equal to the case before it was committed."""
    closed_at: AwareDatetime | None = None
    receipt: Receipt | None = None


class Presence(StrEnum):
    """What a search of the target for a case found."""

    FOUND_ONCE = "found-once"
    ABSENT = "absent"
    SEVERAL = "several"
    UNKNOWN = "unknown"
    """The bot has no ``find`` steps, or the target did not answer them."""


class Finding(Value):
    """The answer of a search for a case."""

    presence: Presence
    receipts: tuple[Receipt, ...] = ()
    """Of every record that equals what was asked for."""
    is_whole: bool = True
    """The list was not cut off: what is not in it is not in the target."""
    may_lack: bool = False
    """What the bot enters after the commit may be missing: nobody knows whether it got there."""
    detail: str = ""
    """For a person: what was searched, and what the target showed."""

    @property
    def receipt(self) -> Receipt | None:
        """The receipt of the record found; given exactly when found once."""
        return self.receipts[0] if self.presence is Presence.FOUND_ONCE else None

    def without(self, numbers: Collection[str]) -> Self:
        """Return the finding without the records known to be other cases'."""
        left = tuple(one for one in self.receipts if one.number not in numbers)
        if len(left) == len(self.receipts):
            return self
        presence = found(len(left), is_whole=self.is_whole)
        return self.model_copy(update={"receipts": left, "presence": presence})


def found(count: int, *, is_whole: bool) -> Presence:
    """Return what ``count`` equal records mean, in a list that is whole or cut off."""
    if count > 1:
        return Presence.SEVERAL
    if not is_whole:
        return Presence.UNKNOWN
    return Presence.FOUND_ONCE if count else Presence.ABSENT
