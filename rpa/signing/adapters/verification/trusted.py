"""Whose certificate it is: chains, algorithms, dates, purpose and revocation."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from asn1crypto import x509

from rpa.domain.signature import Indication, RevocationRule, Trust
from rpa.signing.adapters.issuers import is_issued_by
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.naming import common_name
from rpa.signing.adapters.verification.anchors import Anchor, Anchors
from rpa.signing.adapters.verification.constraints import end_of_chain, is_weak
from rpa.signing.adapters.verification.given import ValidationData
from rpa.signing.adapters.verification.holdings import Holdings, Shelf
from rpa.signing.adapters.verification.moments import Moment
from rpa.signing.adapters.verification.paths import Path, Paths
from rpa.signing.adapters.verification.purposes import (
    needs_no_status,
    unfit_to_sign,
    unfit_to_stamp,
)
from rpa.signing.adapters.verification.statements import Revocation

_UNDECIDED: Final = Indication.INDETERMINATE
_FAILED: Final = Indication.TOTAL_FAILED
NOT_CHECKED: Final = "revocation-not-checked"
NOT_NEEDED: Final = "revocation-not-needed"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a certificate at one moment."""

    trust: Trust
    indication: Indication
    sub_indication: str = ""
    root: str = ""
    remarks: tuple[str, ...] = ()
    """Codes of what should be said besides."""
    path: Path = field(default=(), repr=False)
    """The way to the root, from the root down; empty where none was found."""


class Authorities:
    """Judges certificates by given roots and by what is at hand; fetches nothing."""

    def __init__(
        self,
        roots: Sequence[x509.Certificate],
        given: ValidationData | None = None,
        *,
        anchors: Sequence[Anchor] = (),
        rule: RevocationRule = RevocationRule.REQUIRED,
    ) -> None:
        """Keep whom to trust, and what the caller holds, parsed once for all documents.

        Args:
            roots: Trusted for everything, at all times.
            given: Certificates and revocation data beside those of the documents.
            anchors: Services of trust lists, trusted for what and when they say.
            rule: What is said where nothing tells of a revocation.
        """
        self.roots = tuple(roots)
        self.anchors = Anchors(anchors)
        self.rule = rule
        self._given = Shelf().holdings(given or ValidationData())

    def court(self, known: Holdings) -> "Court":
        """Return what judges the certificates of one document that holds ``known``."""
        return Court(self, known.joined(self._given))


class Court:
    """Judges certificates by the roots, by one document's data and by the caller's."""

    def __init__(self, authorities: Authorities, known: Holdings) -> None:
        """Keep what may be judged by."""
        self._roots, self._rule = authorities.roots, authorities.rule
        self._anchors = authorities.anchors
        services = [x509.Certificate.load(one) for one in self._anchors.certificates]
        self._ends = (*self._roots, *services)
        self._certain = {one.sha256 for one in self._roots}
        self._trusted = self._certain | {one.sha256 for one in services}
        self._known = known
        self._paths = Paths(self._ends, known.certificates)
        self._judged: dict[tuple[bytes, Moment, bool], Standing] = {}

    def standing(
        self, certificate: x509.Certificate, moment: Moment, *, stamps_time: bool = False
    ) -> Standing:
        """Say whether ``certificate`` can be believed at a moment.

        Args:
            certificate: The signer's.
            moment: When it was used.
            stamps_time: Whether it must be a time-stamping authority's.
        """
        key = (certificate.sha256, moment, stamps_time)
        if key not in self._judged:
            try:
                self._judged[key] = self._standing(certificate, moment, stamps_time=stamps_time)
            except MALFORMED:
                self._judged[key] = _UNREAD
        return self._judged[key]

    def covers(self, data: Holdings, certificate: x509.Certificate, moment: Moment) -> bool:
        """Say whether ``data`` alone tell how a certificate stood at a moment.

        Only what can be believed counts, as everywhere; a root needs none.
        """
        try:
            if certificate.sha256 in self._trusted or needs_no_status(certificate):
                return True
            pool = (*self._known.certificates, *self._ends)
            return any(
                data.revocation.status(certificate, one, moment, pool) is not Revocation.UNKNOWN
                for one in pool
                if is_issued_by(certificate, one)
            )
        except MALFORMED:
            return False

    def _standing(
        self, certificate: x509.Certificate, moment: Moment, *, stamps_time: bool
    ) -> Standing:
        found = []
        for path in self._paths.of(certificate, moment.at):
            if isinstance(path, Exception):
                found.append(_UNREAD)
                continue
            if not self._is_anchored(path, moment, stamps_time=stamps_time):
                continue
            standing = self._of_path(path, moment, stamps_time=stamps_time)
            if standing.trust is Trust.TRUSTED:
                return standing
            found.append(standing)
        is_stranger = (
            certificate.subject == certificate.issuer and certificate.sha256 not in self._trusted
        )
        if not found or is_stranger:
            return _STRANGER
        return min(found, key=lambda one: _ORDER.index(one.trust))

    def _is_anchored(self, path: Path, moment: Moment, *, stamps_time: bool) -> bool:
        """Say whether the end of a way is trusted for this use and at this moment."""
        if path[0].sha256 in self._certain:
            return True
        return self._anchors.trusts(path[0].dump(), moment, stamps_time=stamps_time)

    def _of_path(self, path: Path, moment: Moment, *, stamps_time: bool) -> Standing:
        certificate = path[-1]
        statuses = self._statuses(path, moment)
        unfit = (unfit_to_stamp if stamps_time else unfit_to_sign)(certificate)
        is_unknown = Revocation.UNKNOWN in statuses
        doubts = (
            (Revocation.REVOKED in statuses, _revoked(statuses, moment)),
            (is_weak(end_of_chain(path), moment.at), _WEAK),
            (_is_over(path, moment), _over(moment)),
            (_is_early(path, moment), _early(moment)),
            (unfit != "", Standing(Trust.UNSUITABLE, _UNDECIDED, _CONSTRAINTS, remarks=(unfit,))),
            (Revocation.ON_HOLD in statuses, _HELD),
            (is_unknown and self._rule is RevocationRule.REQUIRED, _LATER),
        )
        fallen = next((standing for holds, standing in doubts if holds), None)
        if fallen is not None:
            return replace(fallen, path=path)
        remarks = (NOT_CHECKED,) if is_unknown else ()
        if certificate.sha256 not in self._trusted and needs_no_status(certificate):
            remarks = (*remarks, NOT_NEEDED)
        root = common_name(path[0])
        return Standing(Trust.TRUSTED, Indication.TOTAL_PASSED, "", root, remarks, path)

    def _statuses(self, path: Path, moment: Moment) -> tuple[Revocation, ...]:
        """Return how each certificate below the root stood, the signer's last."""
        return tuple(
            self._status(below, issuer, path[0], moment) for issuer, below in pairwise(path)
        )

    def _status(
        self,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        root: x509.Certificate,
        moment: Moment,
    ) -> Revocation:
        def vouched(one: x509.Certificate) -> bool:
            ways = self._paths.of(one, moment.at)
            return any(isinstance(way, tuple) and way[0].sha256 == root.sha256 for way in ways)

        known = self._known
        said = known.revocation.status(
            certificate, issuer, moment, known.certificates, vouch=vouched
        )
        if said is Revocation.UNKNOWN and needs_no_status(certificate):
            return Revocation.GOOD
        return said


def _is_over(path: Path, moment: Moment) -> bool:
    return any(moment.at > one.not_valid_after for one in path[1:] or path)


def _is_early(path: Path, moment: Moment) -> bool:
    return any(moment.at < one.not_valid_before for one in path[1:] or path)


def _revoked(statuses: Sequence[Revocation], moment: Moment) -> Standing:
    """Return what a revocation means (EN 319 102-1, 5.2.6.4 and 5.3.4).

    With a proof that the certificate was used after its revocation the answer is certain.
    """
    if not statuses or statuses[-1] is not Revocation.REVOKED:
        return Standing(Trust.REVOKED, _UNDECIDED, "REVOKED_CA_NO_POE")
    if moment.is_proved:
        return Standing(Trust.REVOKED, _FAILED, "REVOKED")
    return Standing(Trust.REVOKED, _UNDECIDED, "REVOKED_NO_POE")


def _over(moment: Moment) -> Standing:
    if moment.is_proved:
        return Standing(Trust.EXPIRED, _FAILED, "EXPIRED")
    return Standing(Trust.EXPIRED, _UNDECIDED, "OUT_OF_BOUNDS_NO_POE")


def _early(moment: Moment) -> Standing:
    if moment.is_proved:
        return Standing(Trust.NOT_YET_VALID, _FAILED, "NOT_YET_VALID")
    return Standing(Trust.NOT_YET_VALID, _UNDECIDED, "OUT_OF_BOUNDS_NO_POE")


_CONSTRAINTS: Final = "CHAIN_CONSTRAINTS_FAILURE"
_WEAK: Final = Standing(Trust.WEAK, _UNDECIDED, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE")
_HELD: Final = Standing(Trust.ON_HOLD, _UNDECIDED, "TRY_LATER")
_LATER: Final = Standing(Trust.REVOCATION_UNKNOWN, _UNDECIDED, "TRY_LATER", remarks=(NOT_CHECKED,))
_STRANGER: Final = Standing(Trust.UNKNOWN_ISSUER, _UNDECIDED, "NO_CERTIFICATE_CHAIN_FOUND")
_UNREAD: Final = Standing(Trust.UNCHECKED, _UNDECIDED, "CERTIFICATE_CHAIN_GENERAL_FAILURE")
_ORDER: Final = (
    Trust.REVOKED,
    Trust.ON_HOLD,
    Trust.REVOCATION_UNKNOWN,
    Trust.EXPIRED,
    Trust.NOT_YET_VALID,
    Trust.WEAK,
    Trust.UNSUITABLE,
    Trust.UNCHECKED,
)
"""Of several ways that fail, the one whose fault is told: the first here."""
