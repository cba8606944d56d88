"""Trusted services of a trust list: certificates that are trusted for a use, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rpa.signing.adapters.verification.moments import Moment


class Use(StrEnum):
    """What a service is trusted for."""

    SIGNING = "signing"
    """It issues signers' certificates."""
    STAMPING = "stamping"
    """It makes timestamps, or issues the certificates of those who do."""


@dataclass(frozen=True, slots=True)
class Period:
    """A time during which the list's operator granted the service its status."""

    begins: datetime
    ends: datetime | None = None
    """When another status began; None while it lasts."""

    def holds(self, at: datetime) -> bool:
        """Say whether it held at a time."""
        return self.begins <= at and (self.ends is None or at < self.ends)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One certificate of a trusted service."""

    certificate: bytes
    """In DER."""
    use: Use
    granted: tuple[Period, ...]


class Anchors:
    """All of them."""

    def __init__(self, anchors: Sequence[Anchor] = ()) -> None:
        """Keep them by certificate."""
        self._known: dict[bytes, list[Anchor]] = {}
        for one in anchors:
            self._known.setdefault(one.certificate, []).append(one)

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """Each certificate once, in DER."""
        return tuple(self._known)

    def trusts(self, certificate: bytes, moment: Moment, *, stamps_time: bool) -> bool:
        """Say whether a certificate is trusted at a moment, for what it is asked."""
        use = Use.STAMPING if stamps_time else Use.SIGNING
        return any(
            period.holds(moment.at)
            for one in self._known.get(certificate, ())
            if one.use is use
            for period in one.granted
        )
