"""Revocation lists that can be believed (RFC 5280, 5 and 6.3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import core, crl, x509

from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.constraints import end_of_signature, is_weak
from rpa.signing.adapters.verification.moments import Moment
from rpa.signing.adapters.verification.purposes import is_authority, may_list
from rpa.signing.adapters.verification.signed_objects import is_signed_by
from rpa.signing.adapters.verification.statements import Statement

_KNOWN: Final = frozenset(
    {
        "authority_key_identifier",
        "crl_number",
        "delta_crl_indicator",
        "freshest_crl",
        "issuing_distribution_point",
        "2.5.29.60",
    }
)
_KNOWN_OF_ENTRY: Final = frozenset(
    {"crl_reason", "hold_instruction_code", "invalidity_date", "certificate_issuer"}
)
_EXPIRED_TOO: Final = "2.5.29.60"
"""``expiredCertsOnCRL`` (X.509, 9.5.2.8): since when certificates that run out stay on the list."""
_HOLD: Final = "certificate_hold"
_RELEASED: Final = "remove_from_crl"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says of one certificate."""

    revoked_at: datetime
    reason: str


class RevocationList:
    """One list, its head parsed once; its entries are looked at for the serials in question."""

    def __init__(self, content: bytes) -> None:
        """Parse a list's head.

        Raises:
            MALFORMED: It can't be read, or holds an extension that must be understood and is not.
        """
        whole = crl.CertificateList.load(content, strict=True)
        head = whole["tbs_cert_list"]
        self._whole, self._head = whole, head
        self.issuer: x509.Name = head["issuer"]
        self.this_update: datetime = head["this_update"].native
        self.next_update: datetime | None = head["next_update"].native
        if head["signature"].dump() != whole["signature_algorithm"].dump():
            raise ValueError("two algorithms")
        if whole.critical_extensions - _KNOWN:
            raise ValueError("an extension that must be understood is not")
        self.number = _number(whole.crl_number_value)
        self.base = _number(whole.delta_crl_indicator_value)
        """For a delta, the number of the complete list that it adds to."""
        scope = whole.issuing_distribution_point_value
        self.scope_der: bytes = scope.dump() if scope is not None else b""
        self.scope: dict[str, Any] = dict(scope.native) if scope is not None else {}
        self._points = scope["distribution_point"] if scope is not None else None
        self.is_indirect = bool(self.scope.get("indirect_crl"))
        self._remembers_since = _expired_since(head)
        entries = head["revoked_certificates"]
        self._entries: bytes = b"" if isinstance(entries, core.Void) else bytes(entries.contents)
        self._is_own: dict[bytes, bool] = {}
        self._found: dict[tuple[bytes, bytes], Entry | None] = {}

    def is_signed_by(self, signer: x509.Certificate) -> bool:
        """Say whether a certificate that may sign lists made this one's signature."""
        if signer.subject != self.issuer or not may_list(signer):
            return False
        key = signer.public_key.sha256
        if key not in self._is_own:
            self._is_own[key] = is_signed_by(
                signer.public_key,
                self._head.dump(),
                self._whole["signature"].native,
                self._whole["signature_algorithm"],
            )
        return self._is_own[key]

    def is_weak(self, signer: x509.Certificate, moment: Moment) -> bool:
        """Say whether its signature could be forged at a moment."""
        end = end_of_signature(self._whole["signature_algorithm"], signer.public_key)
        return is_weak(end, moment.at)

    def entry(self, certificate: x509.Certificate) -> Entry | None:
        """Return what the list says of a certificate; None where it does not name it.

        Raises:
            MALFORMED: An entry can't be read, or must be understood and is not.
        """
        serial = certificate["tbs_certificate"]["serial_number"].dump()
        if serial not in self._entries:
            return None
        key = (certificate.issuer.dump(), serial)
        if key not in self._found:
            self._found[key] = self._sought(certificate)
        return self._found[key]

    def _sought(self, certificate: x509.Certificate) -> Entry | None:
        issuer = self.issuer  # RFC 5280, 5.3.3: until an entry names another
        for one in self._head["revoked_certificates"]:
            if self.is_indirect and one.issuer_name is not None:
                issuer = one.issuer_name
            if one["user_certificate"].native != certificate.serial_number:
                continue
            if issuer == certificate.issuer:
                return _read(one)
        return None

    def statement(self, certificate: x509.Certificate) -> Statement | None:
        """Return what it states of a certificate; None where it says nothing of it.

        A list that is not about all reasons and all certificates of its issuer names those that
        are revoked, but says nothing of the others, unless they are just its subject.

        Raises:
            MALFORMED: As :meth:`entry`.
        """
        found = self.entry(certificate)
        if found is not None and found.reason != _RELEASED:
            is_hold = found.reason == _HOLD
            return Statement(self.this_update, self.next_update, found.revoked_at, is_hold)
        return self._good() if self.base is None and self._covers(certificate) else None

    def is_updated_by(self, delta: "RevocationList") -> bool:
        """Say whether a delta adds to this complete list (RFC 5280, 5.2.4)."""
        if self.base is not None or delta.base is None or self.number is None:
            return False
        return (
            delta.issuer == self.issuer
            and delta.scope_der == self.scope_der
            and delta.base <= self.number <= (delta.number or 0)
        )

    def statement_with(
        self, delta: "RevocationList", certificate: x509.Certificate
    ) -> Statement | None:
        """Return what this list and a delta to it state of a certificate together."""
        own, later = self.entry(certificate), delta.entry(certificate)
        is_told = later is not None and later.reason != _RELEASED
        if is_told or (own is not None and later is None) or not self._covers(certificate):
            return None  # one of the two says it alone
        since = self._remembers_since
        return Statement(delta.this_update, delta.next_update, remembers_since=since)

    def _good(self) -> Statement:
        since = self._remembers_since
        return Statement(self.this_update, self.next_update, remembers_since=since)

    def _covers(self, certificate: x509.Certificate) -> bool:
        """Say whether the list would name a certificate if it were revoked (RFC 5280, 6.3.3 b)."""
        scope = self.scope
        if scope.get("only_some_reasons") or scope.get("only_contains_attribute_certs"):
            return False
        excluded = (
            "only_contains_user_certs" if is_authority(certificate) else ("only_contains_ca_certs")
        )
        if scope.get(excluded):
            return False
        wanted = _names_of(self._points) if self._points else set()
        named = _points_of(certificate)
        # An authority that splits its lists says in each certificate which part it is on.
        return not wanted or not named or bool(wanted & named)


def may_speak_of(found: RevocationList, certificate: x509.Certificate) -> bool:
    """Say whether a list is one of those that a certificate may be on (RFC 5280, 6.3.3 b).

    Its own issuer's is; another authority's, where the certificate names it.
    """
    return found.issuer == certificate.issuer or (
        found.is_indirect and _names_lister(certificate, found.issuer)
    )


def _names_lister(certificate: x509.Certificate, issuer: x509.Name) -> bool:
    """Say whether a certificate says that another authority lists it (``cRLIssuer``)."""
    points = certificate.crl_distribution_points_value
    return any(
        name.name == "directory_name" and name.chosen == issuer
        for point in points or ()
        for name in point["crl_issuer"] or ()
    )


def _points_of(certificate: x509.Certificate) -> set[bytes]:
    """Return where a certificate says that it is listed, and by whom."""
    names = set()
    for point in certificate.crl_distribution_points_value or ():
        names |= _names_of(point["distribution_point"])
        names |= {name.dump() for name in point["crl_issuer"] or ()}
    return names


def _names_of(point: Any) -> set[bytes]:
    """Return the full names of a distribution point, in DER."""
    if isinstance(point, core.Void) or point.name != "full_name":
        return set() if isinstance(point, core.Void) else {point.chosen.dump()}
    return {name.dump() for name in point.chosen}


def _read(entry: Any) -> Entry:
    if entry.critical_extensions - _KNOWN_OF_ENTRY:
        raise ValueError("an entry that must be understood is not")
    since = entry["revocation_date"].native
    invalid = entry.invalidity_date_value
    if invalid is not None:
        since = min(since, invalid.native)
    reason = entry.crl_reason_value
    return Entry(since, "" if reason is None else str(reason.native))


def _number(value: Any) -> int | None:
    return None if value is None else int(value.native)


def _expired_since(head: Any) -> datetime | None:
    for extension in head["crl_extensions"]:
        if extension["extn_id"].native == _EXPIRED_TOO:
            found = core.GeneralizedTime.load(extension["extn_value"].native).native
            return found if isinstance(found, datetime) else None
    return None


def parsed(content: bytes) -> RevocationList | None:
    """Return a list; None where the bytes are none that can be read."""
    try:
        return RevocationList(content)
    except MALFORMED:
        return None
