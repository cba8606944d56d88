"""CMS signatures as other makers write them, right or wrong, put into a PDF by hand."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from asn1crypto import algos, cms, core, keys, x509
from asn1crypto.parser import emit
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from rpa.testing import signed_samples as s

_SIZE: Final = 16000
_DETACHED: Final = "adbe.pkcs7.detached"
_NUMBERS: Final = "0000000000 0000000000 0000000000"
_RSA: Final = "1.2.840.113549.1.1.11"
_ECDSA: Final = "1.2.840.10045.4.3.2"


@dataclass(frozen=True)
class Maker:
    """How a maker signs."""

    curve: str = "secp256r1"
    """Empty for RSA."""
    digest: str = "sha256"
    algorithm: str = ""
    """The number of the signature algorithm; empty for the usual one."""
    is_plain: bool = False
    """The two numbers of ECDSA side by side, not in DER."""
    sends_sorted: bool = True
    signs_sorted: bool = True
    """Whether the attributes are in DER's order where they are sent, and where they are signed."""
    has_negative_modulus: bool = False
    unsigned: tuple[tuple[str, bytes], ...] = ()
    """Unsigned attributes: number, and value in DER."""
    digest_set: tuple[str, ...] | None = None
    """The set of digest algorithms; None for the one that was used."""
    digest_number: str = ""
    """What stands for the digest algorithm; empty for its own number."""


@cache
def _key(curve: str) -> Any:
    if not curve:
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(getattr(ec, curve)())


_CURVES: Final[Mapping[str, str]] = {
    "": "",
    "secp256r1": "SECP256R1",
    "secp521r1": "SECP521R1",
    "brainpool": "BrainpoolP256R1",
}


def _certificate(key: Any, *, negative: bool) -> x509.Certificate:
    name = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, "Other maker")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        pyca.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=7300))
        .sign(key, hashes.SHA256())
    )
    found = x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))
    return _with_negative_modulus(found, key) if negative else found


def _with_negative_modulus(found: x509.Certificate, key: Any) -> x509.Certificate:
    """Leave out the modulus's leading zero, as some cards' certificates do."""
    numbers = key.public_key().public_numbers()
    meant = keys.RSAPublicKey(
        {"modulus": numbers.n - (1 << key.key_size), "public_exponent": numbers.e}
    )
    body = found["tbs_certificate"].copy()
    body["subject_public_key_info"] = keys.PublicKeyInfo(
        {"algorithm": {"algorithm": "rsa"}, "public_key": meant}
    )
    return x509.Certificate(
        {
            "tbs_certificate": body,
            "signature_algorithm": found["signature_algorithm"],
            "signature_value": key.sign(body.dump(), padding.PKCS1v15(), hashes.SHA256()),
        }
    )


def _piece(kind: int, tag: int, content: bytes) -> bytes:
    """Return a constructed piece of DER: universal (kind 0) or context-specific (2)."""
    return bytes(emit(kind, 1, tag, content))


def _attribute(number: str, value: bytes) -> bytes:
    return _piece(0, 16, core.ObjectIdentifier(number).dump() + _piece(0, 17, value))


def envelope(covered: bytes, maker: Maker) -> bytes:
    """Return a detached CMS signature over ``covered``."""
    key = _key(_CURVES[maker.curve])
    certificate = _certificate(key, negative=maker.has_negative_modulus)
    digest = core.OctetString(hashlib.new(maker.digest, covered).digest()).dump()
    data = core.ObjectIdentifier("1.2.840.113549.1.7.1").dump()
    made = sorted(
        [_attribute("1.2.840.113549.1.9.3", data), _attribute("1.2.840.113549.1.9.4", digest)]
    )
    sent = made if maker.sends_sorted else made[::-1]
    signed = made if maker.signs_sorted else made[::-1]
    value = _value(key, _piece(0, 17, b"".join(signed)), maker)
    parts = [
        core.Integer(1).dump(),
        _identifier(certificate),
        _named(maker.digest_number or maker.digest),
        _piece(2, 0, b"".join(sent)),
        _piece(0, 16, core.ObjectIdentifier(maker.algorithm or _usual(maker)).dump()),
        core.OctetString(value).dump(),
    ]
    if maker.unsigned:
        parts.append(_piece(2, 1, b"".join(_attribute(*one) for one in maker.unsigned)))
    known = (maker.digest_number or maker.digest,) if maker.digest_set is None else maker.digest_set
    whole = (
        core.Integer(1).dump()
        + _piece(0, 17, b"".join(_named(one) for one in known))
        + _piece(0, 16, data)
        + _piece(2, 0, certificate.dump())
        + _piece(0, 17, _piece(0, 16, b"".join(parts)))
    )
    kind = core.ObjectIdentifier("1.2.840.113549.1.7.2").dump()
    return _piece(0, 16, kind + _piece(2, 0, _piece(0, 16, whole)))


def _usual(maker: Maker) -> str:
    return _ECDSA if maker.curve else _RSA


def _named(digest: str) -> bytes:
    return bytes(algos.DigestAlgorithm({"algorithm": digest}).dump())


def _identifier(certificate: x509.Certificate) -> bytes:
    found = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    return bytes(cms.IssuerAndSerialNumber(found).dump())


def _value(key: Any, signed: bytes, maker: Maker) -> bytes:
    algorithm = getattr(hashes, maker.digest.upper())()
    if not maker.curve:
        return bytes(key.sign(signed, padding.PKCS1v15(), algorithm))
    found = key.sign(signed, ec.ECDSA(algorithm))
    if not maker.is_plain:
        return bytes(found)
    half = (key.key_size + 7) // 8
    return b"".join(one.to_bytes(half, "big") for one in decode_dss_signature(found))


def signed_by(maker: Maker, pdf: bytes | None = None) -> bytes:
    """Return a PDF with a maker's signature in a new field that nobody sees."""
    return signed_with(
        lambda covered: envelope(covered, maker), s.whole_pdf() if pdf is None else pdf
    )


def signed_with(sign: Callable[[bytes], bytes], pdf: bytes, encoding: str = _DETACHED) -> bytes:
    """Return a PDF of ours with a signature that ``sign`` makes of what it covers."""
    field, value = s.size_of(pdf), s.size_of(pdf) + 1
    objects = {
        s.FORM: s.with_items(pdf, s.FORM, b"/Fields", b"%d 0 R" % field)[:-2] + b"/SigFlags 3>>",
        field: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Other%d)/V %d 0 R/F 132/P 3 0 R"
        b"/Rect[0 0 0 0]>>" % (field, value),
        value: b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/%s/ByteRange[0 %s]"
        b"/Contents<%s>>>" % (encoding.encode(), _NUMBERS.encode(), b"0" * _SIZE),
    }
    made = s.updated(pdf, objects)
    start = made.rindex(b"/Contents<") + len(b"/Contents")
    end = start + _SIZE + 2
    numbers = f"{start} {end} {len(made) - end}".ljust(len(_NUMBERS)).encode()
    at = made.rindex(_NUMBERS.encode())
    made = made[:at] + numbers + made[at + len(numbers) :]
    contents = sign(made[:start] + made[end:]).hex().encode()
    return made[: start + 1] + contents.ljust(_SIZE, b"0") + made[end - 1 :]


def spoiled(pdf: bytes) -> bytes:
    """Return a signed PDF with another sum, in the bytes that are signed."""
    return pdf.replace(b"100 dollars", b"900 dollars")
