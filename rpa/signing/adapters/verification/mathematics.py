"""Whether a signature verifies, whoever made it: digests and the arithmetic of RFC 5652."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import cms, core, tsp, x509
from asn1crypto.parser import peek
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pyhanko.sign.general import CMSExtractionError, CMSStructuralError, extract_certificate_info
from pyhanko.sign.validation.errors import DisallowedAlgorithmError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from rpa.domain.signature import Integrity
from rpa.signing.adapters.malformed import MALFORMED

_FAULTS: Final = (
    SignatureValidationError,
    InvalidSignature,
    UnsupportedAlgorithm,
    CMSStructuralError,
    CMSExtractionError,
    *MALFORMED,
)
_DETACHED: Final = frozenset(
    {"adbe.pkcs7.detached", "ETSI.CAdES.detached", "adbe.pkcs7.sha1", "ETSI.RFC3161", ""}
)
_WEAK: Final = frozenset({"md2", "md5", "sha1"})
_EDWARDS: Final = {"ed25519": "sha512", "ed448": "shake256"}
"""The digest that goes with each Edwards curve (RFC 8419, 3.1)."""
_KEYS: Final = {"rsassa_pkcs1v15": "rsa", "rsassa_pss": "rsa", "ecdsa": "ec", "dsa": "dsa"}


@dataclass(frozen=True)
class Mathematics:
    """What the arithmetic says of one signature."""

    integrity: Integrity
    sub_indication: str = ""
    signer: x509.Certificate | None = None
    certificates: tuple[x509.Certificate, ...] = ()
    signed: cms.SignedData | None = None
    token: tsp.TSTInfo | None = None
    """What a document timestamp says."""
    is_weak: bool = False
    """Its digest algorithm is one that forgers have mastered (MD5, SHA-1)."""

    @property
    def info(self) -> Any:
        """The one SignerInfo."""
        return self.signed["signer_infos"][0] if self.signed is not None else None


def _bad(reason: str, **known: Any) -> Mathematics:
    return Mathematics(Integrity.INVALID, reason, **known)


def verified(
    contents: bytes, pieces: tuple[bytes, ...], sub_filter: str, chain: Sequence[bytes] = ()
) -> Mathematics:
    """Check a signature's bytes against the pieces of the document that it covers.

    Args:
        contents: The signature's own bytes, blanks after them.
        pieces: What it covers.
        sub_filter: How it is encoded.
        chain: The certificates beside it, which only the oldest encoding uses.
    """
    if sub_filter == "adbe.x509.rsa_sha1":
        try:
            return _bare(contents[: peek(contents)], pieces, chain)
        except _FAULTS:
            return _bad("SIG_CRYPTO_FAILURE")
    if sub_filter not in _DETACHED:
        # An evidence record, or another maker's own encoding: nothing says that it is broken.
        return Mathematics(Integrity.INDETERMINATE, "SIGNATURE_PROCESSING_ERROR")
    try:
        return _verified(contents[: peek(contents)], pieces, sub_filter)
    except _FAULTS:
        return _bad("FORMAT_FAILURE")


def _bare(contents: bytes, pieces: tuple[bytes, ...], chain: Sequence[bytes]) -> Mathematics:
    """Check a bare RSA signature with its certificates beside it (ISO 32000-1, 12.8.3.2)."""
    certificates = tuple(x509.Certificate.load(one) for one in chain)
    if not certificates:
        return _bad("NO_SIGNING_CERTIFICATE_FOUND")
    value = core.OctetString.load(contents, strict=True).native
    key = serialization.load_der_public_key(certificates[0].public_key.dump())
    if not isinstance(key, rsa.RSAPublicKey):
        return _bad("FORMAT_FAILURE", signer=certificates[0])
    # The digest is named inside the signature; SHA-1 was the only one until PDF 1.7.
    for algorithm in (hashes.SHA1(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()):  # noqa: S303 - to check, not to trust
        try:
            key.verify(value, b"".join(pieces), padding.PKCS1v15(), algorithm)
        except InvalidSignature:
            continue
        is_weak = isinstance(algorithm, hashes.SHA1)
        return Mathematics(Integrity.VALID, "", certificates[0], certificates, is_weak=is_weak)
    return _bad("HASH_FAILURE", signer=certificates[0], certificates=certificates)


def stamped(token: cms.SignedData, imprint_of: bytes) -> Mathematics:
    """Check a time-stamp token (RFC 3161, 2.4.2) over some bytes."""
    try:
        return _token(token, (imprint_of,))
    except _FAULTS:
        return _bad("FORMAT_FAILURE")


def _verified(contents: bytes, pieces: tuple[bytes, ...], sub_filter: str) -> Mathematics:
    info = cms.ContentInfo.load(contents)
    signed = info["content"]
    if info["content_type"].native != "signed_data" or len(signed["signer_infos"]) != 1:
        return _bad("FORMAT_FAILURE")
    if sub_filter == "ETSI.RFC3161" or _holds_token(signed):
        return _token(signed, pieces)
    inside = signed["encap_content_info"]["content"]
    content = None if isinstance(inside, core.Void) else inside.native
    if sub_filter == "adbe.pkcs7.sha1":
        if content != _digest("sha1", pieces):
            return _bad("HASH_FAILURE")
        pieces, content = (content,), None
    if content is not None:
        return _bad("FORMAT_FAILURE")  # a detached signature holds no content of its own
    name = signed["signer_infos"][0]["digest_algorithm"]["algorithm"].native
    return _arithmetic(signed, "data", _digest(name, pieces))


def _holds_token(signed: cms.SignedData) -> bool:
    return bool(signed["encap_content_info"]["content_type"].native == "tst_info")


def _token(signed: cms.SignedData, pieces: tuple[bytes, ...]) -> Mathematics:
    if not _holds_token(signed) or len(signed["signer_infos"]) != 1:
        return _bad("FORMAT_FAILURE")
    content = signed["encap_content_info"]["content"]
    token = content.parsed
    imprint = token["message_imprint"]
    if imprint["hashed_message"].native != _digest(
        imprint["hash_algorithm"]["algorithm"].native, pieces
    ):
        return _bad("HASH_FAILURE", signed=signed, token=token)
    name = signed["signer_infos"][0]["digest_algorithm"]["algorithm"].native
    inner = _arithmetic(signed, "tst_info", _digest(name, (bytes(content),)))
    return Mathematics(
        inner.integrity,
        inner.sub_indication,
        inner.signer,
        inner.certificates,
        inner.signed,
        token,
        inner.is_weak,
    )


def _arithmetic(signed: cms.SignedData, content_type: str, digest: bytes) -> Mathematics:
    info = signed["signer_infos"][0]
    try:
        found = extract_certificate_info(signed)
        signer = found.signer_cert
        # The parser reads late: what is malformed in the parts that matter shows here.
        _read = signer.subject.native, signer.issuer.native, signer.public_key.native
    except CMSExtractionError:
        return _bad("NO_SIGNING_CERTIFICATE_FOUND", signed=signed)
    integrity, reason = _answer(info, signer, content_type, digest)
    return Mathematics(
        integrity,
        reason,
        signer,
        (signer, *found.other_certs),
        signed,
        is_weak=info["digest_algorithm"]["algorithm"].native in _WEAK,
    )


def _answer(
    info: Any, signer: x509.Certificate, content_type: str, digest: bytes
) -> tuple[Integrity, str]:
    objection = _objection(info, signer)
    if objection is not None:
        return objection
    try:
        intact, valid = validate_sig_integrity(info, signer, content_type, digest)
    except DisallowedAlgorithmError:
        return Integrity.INDETERMINATE, "CRYPTO_CONSTRAINTS_FAILURE"
    except SignatureValidationError as fault:
        return Integrity.INVALID, getattr(fault.ades_subindication, "standard_name", "GENERIC")
    except _FAULTS:
        return Integrity.INVALID, "SIG_CRYPTO_FAILURE"
    if intact and valid:
        return Integrity.VALID, ""
    return Integrity.INVALID, "SIG_CRYPTO_FAILURE" if intact else "HASH_FAILURE"


def _objection(info: Any, signer: x509.Certificate) -> tuple[Integrity, str] | None:
    """Return why the arithmetic need not even be done; None where it must."""
    if not _is_der(info["signed_attrs"]):
        return Integrity.INVALID, "SIG_CRYPTO_FAILURE"
    if not _fits(info, signer):
        return Integrity.INVALID, "FORMAT_FAILURE"
    if _is_forbidden(info):
        return Integrity.INDETERMINATE, "CRYPTO_CONSTRAINTS_FAILURE"
    return None


def _is_der(attributes: Any) -> bool:
    """Say whether signed attributes stand in DER's order, as RFC 5652, 5.3 demands of them."""
    if isinstance(attributes, core.Void):
        return True
    written = [attribute.dump() for attribute in attributes]
    return written == sorted(written)


def _fits(info: Any, signer: x509.Certificate) -> bool:
    """Say whether the signature's algorithm is one for the certificate's kind of key."""
    try:
        wanted = _KEYS.get(info["signature_algorithm"].signature_algo)
    except ValueError:
        return False
    return wanted is None or str(signer.public_key.algorithm).startswith(wanted)


def _is_forbidden(info: Any) -> bool:
    wanted = _EDWARDS.get(info["signature_algorithm"]["algorithm"].native)
    return wanted is not None and not info["digest_algorithm"]["algorithm"].native.startswith(
        wanted
    )


def _digest(name: str, pieces: tuple[bytes, ...]) -> bytes:
    bits = {"shake256_len": 64, "shake256": 64}.get(name)
    made = hashlib.new("shake_256" if bits else name, usedforsecurity=False)
    for piece in pieces:
        made.update(piece)
    return made.digest(bits) if bits else made.digest()  # type: ignore[call-arg]
