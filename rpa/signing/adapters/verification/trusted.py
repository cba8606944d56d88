"""Whose certificate it is: chains, dates, usage and revocation, from what is at hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
)

from rpa.domain.signature import Indication, Trust
from rpa.signing.adapters.awaiting import awaited
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.naming import common_name
from rpa.signing.adapters.verification.validation_data import ValidationData

_SIGNING: Final = frozenset({"digital_signature", "non_repudiation"})
_STAMPING: Final = ("time_stamping",)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a certificate at one moment."""

    trust: Trust
    indication: Indication
    sub_indication: str = ""
    root: str = ""
    is_revocation_known: bool = False


class Authorities:
    """Judges certificates by given roots and by what the documents carry; fetches nothing."""

    def __init__(self, roots: Sequence[x509.Certificate], lists: Sequence[bytes] = ()) -> None:
        """Keep the roots, and revocation lists that the caller holds."""
        self._roots = list(roots)
        self._lists = tuple(lists)

    def standing(
        self,
        certificate: x509.Certificate,
        others: Iterable[x509.Certificate],
        known: ValidationData,
        *,
        at: datetime,
        is_proved: bool,
        stamps_time: bool = False,
    ) -> Standing:
        """Say whether ``certificate`` can be believed ``at`` a moment.

        Args:
            certificate: The signer's.
            others: What may lead from it to a root.
            known: Certificates and revocation data of the document.
            at: When it was used, as far as that is proved; else now.
            is_proved: Whether a trusted timestamp proves that moment.
            stamps_time: Whether it must be a time-stamping authority's.
        """
        lists = _parsed(crl.CertificateList, (*known.revocation_lists, *self._lists))
        answers = _parsed(ocsp.OCSPResponse, known.ocsp_answers)
        question = _Question(
            certificate, [*filter(_is_sound, others), *_certificates(known)], at, stamps_time
        )
        try:
            path, is_fresh = self._path(question, lists, answers)
        except (PathBuildingError, PathValidationError, InvalidCertificateError) as fault:
            if self._is_stranger(certificate):
                return _fallen(PathBuildingError(), is_proved=is_proved)
            return _fallen(fault, is_proved=is_proved)
        except MALFORMED:
            return Standing(
                Trust.UNCHECKED, Indication.INDETERMINATE, "CERTIFICATE_CHAIN_GENERAL_FAILURE"
            )
        if not certificate.not_valid_before <= at <= certificate.not_valid_after:
            # The library asks no dates of a root; as a signer's own, they count.
            return Standing(Trust.EXPIRED, Indication.INDETERMINATE, "OUT_OF_BOUNDS_NO_POE")
        anchor = path.trust_anchor.authority
        root = common_name(anchor.certificate) if hasattr(anchor, "certificate") else ""
        is_known = is_fresh and _is_revocation_known(certificate, lists, answers)
        return Standing(
            Trust.TRUSTED, Indication.TOTAL_PASSED, "", root, is_revocation_known=is_known
        )

    def _path(
        self, question: "_Question", lists: Sequence[Any], answers: Sequence[Any]
    ) -> tuple[Any, bool]:
        """Return the way to a root, and whether revocation data were fresh enough to be asked.

        Data that are out of date say no more than none would, which nobody holds against a
        document; but a revocation that they tell of is believed.
        """
        try:
            return question.asked(self._roots, lists, answers), True
        except InsufficientRevinfoError:
            path = question.asked(self._roots, (), ())
            asked = path.iter_certs(include_root=False)
            if any(_is_told_revoked(one, lists, answers) for one in asked):
                raise _ToldRevokedError("revoked") from None
            return path, False

    def _is_stranger(self, certificate: x509.Certificate) -> bool:
        """Say whether nobody but the signer vouches for the certificate."""
        is_own_issuer = certificate.subject == certificate.issuer
        return is_own_issuer and certificate not in self._roots


class _ToldRevokedError(InvalidCertificateError):
    """Data that are out of date tell of a revocation."""


@dataclass(frozen=True, slots=True)
class _Question:
    """Which certificate is asked about, with what may lead to a root, and as of when."""

    certificate: x509.Certificate
    others: Sequence[x509.Certificate]
    at: datetime
    stamps_time: bool

    def asked(
        self, roots: Sequence[x509.Certificate], lists: Sequence[Any], answers: Sequence[Any]
    ) -> Any:
        """Return the way to one of ``roots``; raises as certvalidator does where there is none."""
        context = ValidationContext(
            trust_roots=list(roots),
            other_certs=list(self.others),
            moment=self.at,
            best_signature_time=self.at,
            allow_fetching=False,
            crls=list(lists),
            ocsps=list(answers),
            revocation_mode="soft-fail",
            retroactive_revinfo=True,
        )
        checker = CertificateValidator(self.certificate, validation_context=context)
        return awaited(self._path(checker))

    async def _path(self, checker: CertificateValidator) -> Any:
        if self.stamps_time:
            return await checker.async_validate_usage(  # type: ignore[no-untyped-call]
                set(), set(_STAMPING)
            )
        usage = self.certificate.key_usage_value
        path = await checker.async_validate_path()
        if usage is not None and not usage.native & _SIGNING:
            raise InvalidCertificateError("key usage")
        return path


def _fallen(fault: Exception, *, is_proved: bool) -> Standing:
    """Return what a failed path means (EN 319 102-1, 5.2.6 and 5.5)."""
    undecided = Indication.INDETERMINATE
    if isinstance(fault, RevokedError | _ToldRevokedError):
        # With a proof that it was used after its revocation the answer is certain.
        if is_proved:
            return Standing(Trust.REVOKED, Indication.TOTAL_FAILED, "REVOKED")
        return Standing(Trust.REVOKED, undecided, "REVOKED_NO_POE")
    for kind, trust, reason in _FALLS:
        if isinstance(fault, kind):
            if kind is ExpiredError and is_proved:
                return Standing(Trust.EXPIRED, Indication.TOTAL_FAILED, "EXPIRED")
            return Standing(trust, undecided, reason)
    return Standing(Trust.UNCHECKED, undecided, "CERTIFICATE_CHAIN_GENERAL_FAILURE")


_FALLS: Final[tuple[tuple[type[Exception], Trust, str], ...]] = (
    (PathBuildingError, Trust.UNKNOWN_ISSUER, "NO_CERTIFICATE_CHAIN_FOUND"),
    (ExpiredError, Trust.EXPIRED, "OUT_OF_BOUNDS_NO_POE"),
    (NotYetValidError, Trust.NOT_YET_VALID, "OUT_OF_BOUNDS_NO_POE"),
    (DisallowedAlgorithmError, Trust.UNSUITABLE, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
    (InsufficientRevinfoError, Trust.UNCHECKED, "TRY_LATER"),
    (InvalidCertificateError, Trust.UNSUITABLE, "CHAIN_CONSTRAINTS_FAILURE"),
)


def covers(known: ValidationData, certificate: x509.Certificate) -> bool:
    """Say whether validation data speak of a certificate.

    Revocation data of its own do; where it names no source of such, its issuer's certificate does.
    """
    lists = _parsed(crl.CertificateList, known.revocation_lists)
    if _is_revocation_known(certificate, lists, _parsed(ocsp.OCSPResponse, known.ocsp_answers)):
        return True
    try:
        has_source = bool(certificate.ocsp_urls or certificate.crl_distribution_points)
        certificates = _certificates(known)
        return not has_source and any(one.subject == certificate.issuer for one in certificates)
    except MALFORMED:
        return False


def _is_revocation_known(
    certificate: x509.Certificate, lists: Sequence[Any], answers: Sequence[Any]
) -> bool:
    try:
        return any(one.issuer == certificate.issuer for one in lists) or any(
            answer["cert_id"]["serial_number"].native == certificate.serial_number
            for response in answers
            if response["response_status"].native == "successful"
            for answer in response.response_data["responses"]
        )
    except MALFORMED:
        return False


def _is_told_revoked(
    certificate: x509.Certificate, lists: Sequence[Any], answers: Sequence[Any]
) -> bool:
    """Say whether any list or answer, however old, names the certificate as revoked."""
    serial = certificate.serial_number
    try:
        listed = any(
            entry["user_certificate"].native == serial
            for one in lists
            if one.issuer == certificate.issuer
            for entry in one["tbs_cert_list"]["revoked_certificates"]
        )
        return listed or any(
            answer["cert_id"]["serial_number"].native == serial
            and answer["cert_status"].name == "revoked"
            for response in answers
            if response["response_status"].native == "successful"
            for answer in response.response_data["responses"]
        )
    except MALFORMED:
        return True


def _is_sound(certificate: x509.Certificate) -> bool:
    """Say whether the parts that chains are built by can be read; odd extensions are left."""
    try:
        _read = certificate.subject.native, certificate.issuer.native, certificate.public_key.native
    except MALFORMED:
        return False
    return True


def _certificates(known: ValidationData) -> list[x509.Certificate]:
    found = []
    for content in known.certificates:
        try:
            one = x509.Certificate.load(content)
        except MALFORMED:
            continue
        if _is_sound(one):
            found.append(one)
    return found


def _parsed(kind: Any, contents: Iterable[bytes]) -> list[Any]:
    found = []
    for content in contents:
        try:
            one = kind.load(content)
            one.native  # noqa: B018 - parses every part now, where a fault is caught
        except MALFORMED:
            continue
        found.append(one)
    return found
