"""What is wrong, or soon will be, with a certificate and those above it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from asn1crypto import x509

from rpa.domain.errors import SignatureRefusedError, ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.issuers import is_root, issuers_of
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.proofs import TIME_STAMPING, ProofKeeper
from rpa.signing.health import HealthFinding, Severity

DAY: Final = timedelta(days=1)
LEAST_RSA_BITS: Final = 2048
LEAST_EC_BITS: Final = 256
_OLD_HASHES: Final = frozenset({"md2", "md5", "sha1"})
_FOR_DOCUMENTS: Final = frozenset(
    {
        "any_extended_key_usage",
        "client_auth",
        "email_protection",
        "1.2.840.113583.1.1.5",  # Adobe's, for PDF
        "1.3.6.1.4.1.311.10.3.12",  # Microsoft's, for documents
        "microsoft_document_signing",
        "1.3.6.1.5.5.7.3.36",  # RFC 9336, documentSigning
        "document_signing",
    }
)


@dataclass(frozen=True, slots=True)
class CertificateCheck:
    """Checks certificates as they stand at ``now``."""

    proofs: ProofKeeper
    now: datetime
    warn_days: int

    def of_signer(
        self, about: str, certificate: x509.Certificate, others: Sequence[x509.Certificate]
    ) -> Iterator[HealthFinding]:
        """Find what is wrong with a certificate to sign with."""
        yield from self._of_chain(about, certificate, others)
        yield from _signing_usage(about, certificate)
        yield from self._revocation(about, certificate, others)

    def of_authority(
        self, about: str, certificate: x509.Certificate, others: Sequence[x509.Certificate]
    ) -> Iterator[HealthFinding]:
        """Find what is wrong with a time-stamping authority's certificate."""
        yield from self._of_chain(about, certificate, others)
        yield from _stamping_usage(about, certificate)
        yield from self._revocation(about, certificate, others, purpose=TIME_STAMPING)

    def dates(
        self, about: str, certificates: Iterable[x509.Certificate]
    ) -> Iterator[HealthFinding]:
        """Find certificates that ended, end soon, or do not begin yet."""
        for one in certificates:
            left = (one.not_valid_after - self.now) // DAY
            name, day = one.subject.human_friendly, f"{one.not_valid_after:%Y-%m-%d}"
            if one.not_valid_after < self.now:
                message = _(
                    "The certificate of {name} ended on {day}: renew it.", name=name, day=day
                )
                yield HealthFinding(about, Severity.ERROR, "certificate-expired", message, left)
            elif one.not_valid_before > self.now:
                message = _(
                    "The certificate of {name} is good from {day} only.",
                    name=name,
                    day=f"{one.not_valid_before:%Y-%m-%d}",
                )
                yield HealthFinding(about, Severity.ERROR, "certificate-early", message)
            elif left < self.warn_days:
                message = _(
                    "The certificate of {name} ends on {day}, in {days} days: renew it in time.",
                    name=name,
                    day=day,
                    days=left,
                )
                yield HealthFinding(about, Severity.WARNING, "certificate-ends", message, left)

    def days_left(self, certificates: Iterable[x509.Certificate]) -> int | None:
        """Return the whole days until the first of ``certificates`` ends."""
        ends = (one.not_valid_after for one in certificates)
        return min(((end - self.now) // DAY for end in ends), default=None)

    def path(
        self, certificate: x509.Certificate, others: Sequence[x509.Certificate]
    ) -> tuple[x509.Certificate, ...]:
        """Return a certificate and those above it, as far as known."""
        return (certificate, *issuers_of(certificate, [*others, *self.proofs.roots]))

    def _of_chain(
        self, about: str, certificate: x509.Certificate, others: Sequence[x509.Certificate]
    ) -> Iterator[HealthFinding]:
        path = self.path(certificate, others)
        yield from self.dates(about, path)
        yield from self._trust(about, path)
        for one in path:
            yield from _strength(about, one)

    def _trust(self, about: str, path: Sequence[x509.Certificate]) -> Iterator[HealthFinding]:
        trusted = {root.sha256 for root in self.proofs.roots}
        if any(one.sha256 in trusted for one in path):
            return
        message = _(
            "The certificate of {name} leads to no trusted root: signatures are held to be a "
            "stranger's. Add its root to signing.trust, and its issuers to chain.",
            name=path[0].subject.human_friendly,
        )
        yield HealthFinding(about, Severity.ERROR, "chain-untrusted", message)

    def _revocation(
        self,
        about: str,
        certificate: x509.Certificate,
        others: Sequence[x509.Certificate],
        *,
        purpose: str = "",
    ) -> Iterator[HealthFinding]:
        """Ask the issuers, where the certificate says how; other faults were told already."""
        if certificate.not_valid_after < self.now:
            return
        try:
            self.proofs.proof(certificate, others, at=self.now, purpose=purpose)
        except SignatureRefusedError as error:
            if error.reason == "certificate-revoked":
                yield HealthFinding(about, Severity.ERROR, error.reason, error.message)
        except MALFORMED as error:
            message = _(
                "What the issuers say of the revocation of {name} cannot be read ({fault}).",
                name=certificate.subject.human_friendly,
                fault=type(error).__name__,
            )
            yield HealthFinding(about, Severity.WARNING, "revocation-malformed", message)
        except ToolUnavailableError as error:
            yield HealthFinding(about, Severity.WARNING, error.reason, error.message)


def _strength(about: str, certificate: x509.Certificate) -> Iterator[HealthFinding]:
    key, name = certificate.public_key, certificate.subject.human_friendly
    is_rsa = key.algorithm in ("rsa", "rsassa_pss")
    if (is_rsa and key.bit_size < LEAST_RSA_BITS) or (
        key.algorithm == "ec" and key.bit_size < LEAST_EC_BITS
    ):
        message = _(
            "The key of {name} is too weak ({kind}, {bits} bits): have a certificate made for a "
            "stronger one.",
            name=name,
            kind=key.algorithm.upper(),
            bits=key.bit_size,
        )
        yield HealthFinding(about, Severity.ERROR, "key-weak", message)
    if not is_root(certificate) and _hash_of(certificate) in _OLD_HASHES:
        message = _(
            "The certificate of {name} is itself signed with {hash}, which can be forged: have it "
            "made anew.",
            name=name,
            hash=_hash_of(certificate).upper(),
        )
        yield HealthFinding(about, Severity.ERROR, "hash-weak", message)


def _hash_of(certificate: x509.Certificate) -> str:
    try:
        return str(certificate["signature_algorithm"].hash_algo)
    except MALFORMED:
        return ""  # an algorithm that names none, as Ed25519


def _signing_usage(about: str, certificate: x509.Certificate) -> Iterator[HealthFinding]:
    name = certificate.subject.human_friendly
    usage = certificate.key_usage_value
    if usage is not None and not {"digital_signature", "non_repudiation"} & usage.native:
        message = _("The certificate of {name} is not for signing (key usage).", name=name)
        yield HealthFinding(about, Severity.ERROR, "key-usage", message)
    purposes = certificate.extended_key_usage_value
    if purposes is not None and not _FOR_DOCUMENTS & set(purposes.native):
        message = _(
            "The certificate of {name} is meant for something else than documents (extended key "
            "usage): some readers will not accept its signatures.",
            name=name,
        )
        yield HealthFinding(about, Severity.WARNING, "extended-key-usage", message)


def _stamping_usage(about: str, certificate: x509.Certificate) -> Iterator[HealthFinding]:
    """RFC 3161, clause 2.3: time stamping, nothing else, and critical."""
    purposes = certificate.extended_key_usage_value
    said = purposes.native if purposes is not None else []
    if said != ["time_stamping"] or "extended_key_usage" not in certificate.critical_extensions:
        message = _(
            "The certificate of {name} is not one of a time-stamping authority (extended key "
            "usage): its timestamps prove nothing. Use another authority.",
            name=certificate.subject.human_friendly,
        )
        yield HealthFinding(about, Severity.ERROR, "timestamp-usage", message)
