"""OCSP answers that can be believed (RFC 6960)."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from asn1crypto import ocsp, x509

from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.constraints import end_of_signature, is_weak
from rpa.signing.adapters.verification.moments import CLOCKS_DIFFER, Moment
from rpa.signing.adapters.verification.purposes import may_answer
from rpa.signing.adapters.verification.signed_objects import is_signed_by
from rpa.signing.adapters.verification.statements import Statement

_HASHES: Final = frozenset({"sha1", "sha224", "sha256", "sha384", "sha512"})
_KNOWN: Final = frozenset({"nonce", "extended_revoke", "1.3.6.1.5.5.7.48.1.9"})
_CertId = tuple[str, bytes, bytes, int]
"""Digest algorithm, digest of the issuer's name, of its key, and the serial number."""
_KNOWN_OF_ONE: Final = frozenset({"crl", "archive_cutoff", "crl_reason", "invalidity_date"})


class OcspAnswer:
    """One answer, parsed once; whose it is is found out for each issuer that is asked about."""

    def __init__(self, content: bytes) -> None:
        """Parse an answer.

        Raises:
            MALFORMED: It can't be read, or is none (RFC 6960, 4.2.1).
        """
        response = ocsp.OCSPResponse.load(content, strict=True)
        if response["response_status"].native != "successful":
            raise ValueError("no answer")
        basic = response.basic_ocsp_response
        data = basic["tbs_response_data"]
        self._basic, self._data = basic, data
        self._signed: bytes = data.dump()
        self.certificates: tuple[x509.Certificate, ...] = tuple(basic["certs"] or ())
        """What its responder sent along."""
        self.made_at: datetime = data["produced_at"].native
        latest = self.made_at + CLOCKS_DIFFER
        self._answers = tuple(_single(one, latest) for one in data["responses"])
        unknown = _critical(data["response_extensions"]) - _KNOWN
        if unknown:
            raise ValueError("an extension that must be understood is not")
        self._is_own: dict[bytes, bool] = {}

    def statements(
        self, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> Iterator[Statement]:
        """Yield what it states of a certificate of an issuer, its signature still to be asked."""
        for cert_id, statement in self._answers:
            if statement is not None and _is_about(cert_id, certificate, issuer):
                yield statement

    def signers(
        self, issuer: x509.Certificate, pool: Sequence[x509.Certificate]
    ) -> Iterator[x509.Certificate]:
        """Yield who signed it and may: the issuer, or a responder that the issuer appointed.

        RFC 6960, 4.2.2.2: a responder's certificate is issued directly by the authority that
        issued the certificate in question, and is for OCSP.
        """
        for one in (issuer, *self.certificates, *pool):
            if self._names(one) and self._is_allowed(one, issuer) and self._is_made_by(one):
                yield one

    def is_weak(self, signer: x509.Certificate, moment: Moment) -> bool:
        """Say whether its signature could be forged at a moment."""
        end = end_of_signature(self._basic["signature_algorithm"], signer.public_key)
        return is_weak(end, moment.at)

    def _names(self, signer: x509.Certificate) -> bool:
        """Say whether the responder's identifier is that of a certificate (RFC 6960, 4.2.1)."""
        named = self._data["responder_id"]
        if named.name == "by_name":
            return bool(named.chosen == signer.subject)
        return bool(named.chosen.native == signer.public_key.sha1)

    def _is_allowed(self, signer: x509.Certificate, issuer: x509.Certificate) -> bool:
        if signer.sha256 == issuer.sha256:
            return True
        begins, ends = signer.not_valid_before, signer.not_valid_after
        return (
            signer.issuer == issuer.subject
            and may_answer(signer)
            and begins - CLOCKS_DIFFER <= self.made_at <= ends
            and is_signed_by(
                issuer.public_key,
                signer["tbs_certificate"].dump(),
                signer["signature_value"].native,
                signer["signature_algorithm"],
            )
        )

    def _is_made_by(self, signer: x509.Certificate) -> bool:
        key = signer.public_key.sha256
        if key not in self._is_own:
            self._is_own[key] = is_signed_by(
                signer.public_key,
                self._signed,
                self._basic["signature"].native,
                self._basic["signature_algorithm"],
            )
        return self._is_own[key]


def _is_about(cert_id: _CertId, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Say whether an identifier is that of a certificate: name, key and serial number."""
    algorithm, name_hash, key_hash, serial = cert_id
    if serial != certificate.serial_number or algorithm not in _HASHES:
        return False
    names = {_hash(algorithm, name.dump()) for name in (certificate.issuer, issuer.subject)}
    return name_hash in names and key_hash == _hash(
        algorithm, bytes(issuer.public_key["public_key"])
    )


def _hash(algorithm: str, content: bytes) -> bytes:
    return hashlib.new(algorithm, content, usedforsecurity=False).digest()


def _single(answer: Any, latest: datetime) -> tuple[_CertId, Statement | None]:
    found = answer["cert_id"]
    cert_id = (
        str(found["hash_algorithm"]["algorithm"].native),
        found["issuer_name_hash"].native,
        found["issuer_key_hash"].native,
        found["serial_number"].native,
    )
    if _critical(answer["single_extensions"]) - _KNOWN_OF_ONE:
        return cert_id, None
    stated = _stated(answer)
    # What a responder tells of a time after it told it is nothing that it knew.
    return cert_id, stated if stated and stated.this_update <= latest else None


def _stated(answer: Any) -> Statement | None:
    status = answer["cert_status"]
    if status.name == "unknown":
        return None
    this, after = answer["this_update"].native, answer["next_update"].native
    if status.name == "good":
        cutoff = answer.archive_cutoff_value
        return Statement(this, after, remembers_since=cutoff.native if cutoff else None)
    revoked = status.chosen
    since = revoked["revocation_time"].native
    invalid = answer.invalidity_date_value
    if invalid is not None:
        since = min(since, invalid.native)
    is_hold = revoked["revocation_reason"].native == "certificate_hold"
    return Statement(this, after, since, is_hold)


def _critical(extensions: Any) -> set[str]:
    return {one["extn_id"].native for one in extensions or () if one["critical"].native}


def parsed(content: bytes) -> OcspAnswer | None:
    """Return an answer; None where the bytes are none that can be read."""
    try:
        return OcspAnswer(content)
    except MALFORMED:
        return None
