"""When a certificate is judged, and as of when what is said of it must be fresh."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""How far the clocks of two honest programs may be apart."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The times that count for one certificate (ETSI EN 319 102-1, 5.2.5 and 5.5)."""

    at: datetime
    """When it was used, as far as that is proved; else the time of the check."""
    now: datetime
    """The time of the check."""
    is_proved: bool = False
    """Whether a trusted timestamp proves ``at``."""
    stated: datetime | None = None
    """What a timestamp says of its own time: revocation data that were fresh then are enough."""

    @property
    def fresh_at(self) -> datetime:
        """As of when revocation data must be fresh."""
        return self.stated or self.at
