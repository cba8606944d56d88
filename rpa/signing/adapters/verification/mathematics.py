"""Whether a signature verifies, whoever made it: digests and the arithmetic of RFC 5652."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from asn1crypto import cms, core, tsp, x509
from asn1crypto.parser import peek
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pyhanko.sign.general import CMSExtractionError, CMSStructuralError, extract_certificate_info
from pyhanko.sign.validation.errors import DisallowedAlgorithmError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.utils import extract_message_digest
from pyhanko_certvalidator.errors import AlgorithmNotSupported

from rpa.domain.signature import Integrity
from rpa.signing.adapters.cms_shape import envelope_is_doubtful
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.signature_values import (
    OTHER_KEY,
    Readings,
    digest_name,
    is_no_signature_algorithm,
    scheme_of,
    suits,
    with_positive_modulus,
)

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
_NOISE: Final = "bytes-after-signature"
_EDWARDS: Final = {"ed25519": "sha512", "ed448": "shake256"}
"""The digest that goes with each Edwards curve (RFC 8419, 3.1)."""


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
    remarks: tuple[str, ...] = ()
    """Codes of what is odd about it, though it verifies."""

    @property
    def info(self) -> Any:
        """The one SignerInfo."""
        return self.signed["signer_infos"][0] if self.signed is not None else None


def _bad(reason: str, **known: Any) -> Mathematics:
    return Mathematics(Integrity.INVALID, reason, **known)


def _unknown(reason: str, **known: Any) -> Mathematics:
    """What can't be worked out here is no proof either way (EN 319 102-1, 5.1.3)."""
    return Mathematics(Integrity.INDETERMINATE, reason, **known)


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
        return _bare(contents, pieces, chain)
    if sub_filter not in _DETACHED:
        # An evidence record, or another maker's own encoding: nothing says that it is broken.
        return _unknown("SIGNATURE_PROCESSING_ERROR")
    try:
        end = peek(contents)
        found = _verified(contents[:end], pieces, sub_filter)
        noise = (_NOISE,) if contents[end:].strip(b"\0") else ()
        return _judged(replace(found, remarks=found.remarks + noise))
    except UnsupportedAlgorithm:
        return _unknown("CRYPTO_CONSTRAINTS_FAILURE")
    except _FAULTS:
        return _bad("FORMAT_FAILURE")


def _judged(found: Mathematics) -> Mathematics:
    """Call in doubt what verifies, and yet other careful judges refuse, or can't be read whole."""
    if found.integrity is not Integrity.VALID:
        return found
    unsure = Integrity.INDETERMINATE
    if found.remarks:
        return replace(found, integrity=unsure, sub_indication="SIG_CONSTRAINTS_FAILURE")
    if envelope_is_doubtful(found.signed):
        return replace(found, integrity=unsure, sub_indication="SIGNATURE_PROCESSING_ERROR")
    return found


def _bare(contents: bytes, pieces: tuple[bytes, ...], chain: Sequence[bytes]) -> Mathematics:
    """Check a bare RSA signature with its certificates beside it (ISO 32000-1, 12.8.3.2)."""
    try:
        return _bare_value(contents[: peek(contents)], pieces, chain)
    except _FAULTS:
        return _bad("SIG_CRYPTO_FAILURE")


def _bare_value(contents: bytes, pieces: tuple[bytes, ...], chain: Sequence[bytes]) -> Mathematics:
    certificates = tuple(x509.Certificate.load(one) for one in chain)
    if not certificates:
        return _bad("NO_SIGNING_CERTIFICATE_FOUND")
    value = core.OctetString.load(contents, strict=True).native
    public = with_positive_modulus(certificates[0].public_key)
    key = serialization.load_der_public_key(public.dump())
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
    """Check a time-stamp token (RFC 3161, 2.4.2) over some bytes.

    An authority that names an algorithm which its key can't have is not believed.
    """
    try:
        found = _judged(_token(token, (imprint_of,)))
        return _bad("FORMAT_FAILURE") if OTHER_KEY in found.remarks else found
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
    name = digest_name(signed["signer_infos"][0])
    return _arithmetic(signed, "data", _digest(name, pieces))


def _holds_token(signed: cms.SignedData) -> bool:
    return bool(signed["encap_content_info"]["content_type"].native == "tst_info")


def _token(signed: cms.SignedData, pieces: tuple[bytes, ...]) -> Mathematics:
    if not _holds_token(signed) or len(signed["signer_infos"]) != 1:
        return _bad("FORMAT_FAILURE")
    content = signed["encap_content_info"]["content"]
    token = content.parsed
    imprint = token["message_imprint"]
    name = digest_name(signed["signer_infos"][0])
    try:
        covered = _digest(imprint["hash_algorithm"]["algorithm"].native, pieces)
        own = _digest(name, (bytes(content),))
    except UnsupportedAlgorithm:
        return _unknown("CRYPTO_CONSTRAINTS_FAILURE", signed=signed, token=token)
    if imprint["hashed_message"].native != covered:
        return _bad("HASH_FAILURE", signed=signed, token=token)
    return replace(_arithmetic(signed, "tst_info", own), token=token)


def _arithmetic(signed: cms.SignedData, content_type: str, digest: bytes) -> Mathematics:
    info = signed["signer_infos"][0]
    try:
        found = extract_certificate_info(signed)
        signer = found.signer_cert
        # The parser reads late: what is malformed in the parts that matter shows here.
        _read = signer.subject.native, signer.issuer.native, signer.public_key.native
    except CMSExtractionError:
        return _bad("NO_SIGNING_CERTIFICATE_FOUND", signed=signed)
    readings = Readings(info)
    integrity, reason = _answer(info, signer, (content_type, digest), readings)
    return Mathematics(
        integrity,
        reason,
        signer,
        (signer, *found.other_certs),
        signed,
        is_weak=digest_name(info) in _WEAK,
        remarks=readings.remarks,
    )


def _answer(
    info: Any, signer: x509.Certificate, content: tuple[str, bytes], readings: Readings
) -> tuple[Integrity, str]:
    objection = _objection(info, signer)
    if objection is not None:
        is_other = objection[0] is Integrity.INDETERMINATE and _is_of_another(info, content[1])
        return (Integrity.INVALID, "HASH_FAILURE") if is_other else objection
    try:
        intact, valid = validate_sig_integrity(info, signer, *content, sig_validator=readings)
    except (DisallowedAlgorithmError, AlgorithmNotSupported, UnsupportedAlgorithm):
        return Integrity.INDETERMINATE, "CRYPTO_CONSTRAINTS_FAILURE"
    except SignatureValidationError as fault:
        return Integrity.INVALID, getattr(fault.ades_subindication, "standard_name", "GENERIC")
    except _FAULTS:
        return Integrity.INVALID, "SIG_CRYPTO_FAILURE"
    if intact and valid:
        return Integrity.VALID, ""
    return Integrity.INVALID, "SIG_CRYPTO_FAILURE" if intact else "HASH_FAILURE"


def _is_of_another(info: Any, digest: bytes) -> bool:
    """Say whether the signed attributes name another document, whoever signed them."""
    attributes = info["signed_attrs"]
    return not isinstance(attributes, core.Void) and extract_message_digest(info) != digest


def _objection(info: Any, signer: x509.Certificate) -> tuple[Integrity, str] | None:
    """Return why the arithmetic need not even be done; None where it must."""
    algorithm = info["signature_algorithm"]
    scheme = scheme_of(algorithm)
    try:
        suits(algorithm, signer.public_key)
    except ValueError:
        if is_no_signature_algorithm(algorithm):
            return Integrity.INVALID, "FORMAT_FAILURE"
        return Integrity.INDETERMINATE, "CRYPTO_CONSTRAINTS_FAILURE"
    # RFC 8933, 2: one digest for the document and for the attributes.
    if scheme is not None and scheme.digest not in ("", digest_name(info)):
        return Integrity.INVALID, "FORMAT_FAILURE"
    if _is_forbidden(info):
        return Integrity.INDETERMINATE, "CRYPTO_CONSTRAINTS_FAILURE"
    return None


def _is_forbidden(info: Any) -> bool:
    wanted = _EDWARDS.get(info["signature_algorithm"]["algorithm"].native)
    return wanted is not None and not digest_name(info).startswith(wanted)


def _digest(name: str, pieces: tuple[bytes, ...]) -> bytes:
    bits = {"shake256_len": 64, "shake256": 64}.get(name)
    try:
        made = hashlib.new("shake_256" if bits else name, usedforsecurity=False)
    except ValueError:
        raise UnsupportedAlgorithm(name) from None
    for piece in pieces:
        made.update(piece)
    return made.digest(bits) if bits else made.digest()  # type: ignore[call-arg]
