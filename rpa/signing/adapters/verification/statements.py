"""What authorities state of one certificate's revocation, and what follows from all of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from asn1crypto import x509

from rpa.signing.adapters.verification.moments import CLOCKS_DIFFER, Moment

_UNSAID: Final = timedelta(hours=72)
"""How long data that name no next update are held to be fresh."""


class Revocation(Enum):
    """Whether a certificate was revoked."""

    UNKNOWN = auto()
    """Nothing that can be believed and is fresh says so or otherwise."""
    GOOD = auto()
    ON_HOLD = auto()
    """Suspended (``certificateHold``, RFC 5280, 5.3.1): it may come back."""
    REVOKED = auto()


@dataclass(frozen=True, slots=True)
class Statement:
    """What one answer or list says of the certificate, its signature and signer checked."""

    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None = None
    """Since when it is revoked or on hold; None says that it is not."""
    is_hold: bool = False
    remembers_since: datetime | None = None
    """It still names certificates that ran out at this time or later."""

    def is_fresh(self, moment: Moment, certificate: x509.Certificate) -> bool:
        """Say whether it tells how the certificate stood at a moment (EN 319 102-1, 5.2.5).

        Data from after the moment tell it best, unless they were made after the certificate
        ran out, when authorities may forget it (RFC 5280, 3.3).
        """
        if self.this_update > moment.now + CLOCKS_DIFFER:
            return False
        if not self._remembers(certificate):
            return False
        last = self.next_update or self.this_update + _UNSAID
        return last >= moment.fresh_at

    def _remembers(self, certificate: x509.Certificate) -> bool:
        ended = certificate.not_valid_after
        if self.this_update <= ended:
            return True
        return self.remembers_since is not None and self.remembers_since <= ended

    def tells_against(self, moment: Moment) -> bool:
        """Say whether a revocation that it tells of counts at a moment.

        One that begins after a proved use does not (EN 319 102-1, 5.5.4). Without a proof, what
        an authority has announced by then counts from whenever it begins.
        """
        if self.revoked_at is None:
            return False
        is_announced = not moment.is_proved and self.this_update <= moment.at
        return is_announced or self.revoked_at <= moment.at


def concluded(
    statements: Sequence[Statement], moment: Moment, certificate: x509.Certificate
) -> Revocation:
    """Return what all statements together say of a certificate at a moment.

    A revocation holds for ever, whichever statement tells of it and however old that is; a hold,
    until a later statement no longer tells of it.
    """
    if any(one.tells_against(moment) and not one.is_hold for one in statements):
        return Revocation.REVOKED
    known = [one for one in statements if one.this_update <= moment.now + CLOCKS_DIFFER]
    holds = [one for one in known if one.is_hold and one.tells_against(moment)]
    released = _latest(one for one in known if one.revoked_at is None)
    held = _latest(holds)
    if held and (released is None or held.this_update >= released.this_update):
        return Revocation.ON_HOLD
    if any(one.is_fresh(moment, certificate) for one in statements):
        return Revocation.GOOD
    return Revocation.UNKNOWN


def _latest(statements: Iterable[Statement]) -> Statement | None:
    return max(statements, key=lambda one: one.this_update, default=None)
