"""Ways in which honest makers write keys and signature values; none gives a forger a choice.

Whatever the reading, the same numbers must satisfy the same equation of RFC 8017 or FIPS 186-5 with
the same key, over the same bytes: only who holds the key can make them.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple

from asn1crypto import algos, core, keys
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator.sig_validate import (
    DefaultSignatureValidator,
    SignatureValidationContext,
    SignatureValidator,
)

NOT_SORTED: Final = "attributes-not-sorted"
OTHER_KEY: Final = "algorithm-of-another-key"
_PLAIN: Final = "0.4.0.127.0.7.1.1.4.1."
"""BSI TR-03111, 5.2.1.1: ECDSA whose value is r and s side by side."""
_OF_KEYS: Final = {"rsa": "rsassa_pkcs1v15", "ec": "ecdsa", "dsa": "dsa"}
"""The algorithm of a kind of key where nothing more is said."""
_FAMILIES: Final = {
    "rsassa_pkcs1v15": ("rsa",),
    "rsassa_pss": ("rsa", "rsassa_pss"),
    "ecdsa": ("ec",),
    "dsa": ("dsa",),
}
_NIST: Final = "2.16.840.1.101.3.4.3."
_SHA_3: Final = ("sha3_224", "sha3_256", "sha3_384", "sha3_512")


_OTHERS: Final = (
    keys.NamedCurve,
    keys.PublicKeyAlgorithmId,
    algos.DigestAlgorithmId,
    algos.HmacAlgorithmId,
)


class Scheme(NamedTuple):
    """A signature algorithm whose number the parser does not know."""

    family: str
    digest: str = ""
    """Empty where the number names none: the signer's part does."""
    is_plain: bool = False


SCHEMES: Final[dict[str, Scheme]] = {
    **{
        _PLAIN + str(last): Scheme("ecdsa", digest, is_plain=True)
        for last, digest in (
            (1, "sha1"), (2, "sha224"), (3, "sha256"), (4, "sha384"), (5, "sha512"),
            *enumerate(_SHA_3, 8),
        )
    },
    **{_NIST + str(last): Scheme("rsassa_pkcs1v15", name) for last, name in enumerate(_SHA_3, 13)},
    **{_NIST + str(last): Scheme("ecdsa", name) for last, name in enumerate(_SHA_3, 9)},
    "1.2.840.10045.2.1": Scheme("ecdsa"),
    _NIST + "3": Scheme("dsa", "sha384"),
    _NIST + "4": Scheme("dsa", "sha512"),
    "1.2.840.113549.1.1.15": Scheme("rsassa_pkcs1v15", "sha512_224"),
    "1.2.840.113549.1.1.16": Scheme("rsassa_pkcs1v15", "sha512_256"),
}  # fmt: skip


def scheme_of(algorithm: algos.SignedDigestAlgorithm) -> Scheme | None:
    """Return a scheme that the parser has no name for; None where it has, or nobody knows it."""
    return SCHEMES.get(algorithm["algorithm"].dotted)


def is_no_signature_algorithm(algorithm: algos.SignedDigestAlgorithm) -> bool:
    """Say whether a number is known to name something else: a curve, a digest, a kind of key.

    A number that nobody here knows may be a signature algorithm of tomorrow, or of another land.
    """
    number = algorithm["algorithm"].dotted
    return any(kind(number).native != number for kind in _OTHERS)


def suits(algorithm: algos.SignedDigestAlgorithm, key: keys.PublicKeyInfo) -> bool:
    """Say whether a signature algorithm is one for a kind of key; unknown ones are taken to be.

    Some makers write RSA's number whatever the key is. The key leaves one equation to try, so that
    nobody gains a choice; judges disagree on such files (OpenSSL accepts them, NSS does not).

    Raises:
        ValueError: Nobody here knows the algorithm.
    """
    scheme = scheme_of(algorithm)
    kinds = _FAMILIES.get(scheme.family if scheme else algorithm.signature_algo)
    return kinds is None or key.algorithm in kinds


def digest_name(info: Any) -> str:
    """Return the name of the digest algorithm of a signer's part.

    Some makers write the number of a signature algorithm there, which names its digest, too.
    """
    algorithm = info["digest_algorithm"]["algorithm"]
    signing = algos.SignedDigestAlgorithm({"algorithm": algorithm.dotted})
    try:
        return str(signing.hash_algo)
    except ValueError:
        return str(algorithm.native)


class Readings(SignatureValidator):
    """Verifies one signature in each way in which its maker may have meant its value and its key.

    The signed attributes are read in one way, as they stand. RFC 5652, 5.4 has them hashed in DER,
    whose sets are sorted (X.690, 11.6); makers who send them in another order hash what they send.
    Judges disagree on those (DSS refuses them), so that they are remarked on, and never sorted.
    """

    def __init__(self, info: Any) -> None:
        """Take a signer's part of a CMS."""
        self._info = info
        self.remarks: tuple[str, ...] = ()
        """What is to be said of a signature that verified."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: keys.PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = SignatureValidationContext(),  # noqa: B008 - frozen
    ) -> None:
        """Verify; as the base class says.

        Raises:
            InvalidSignature: It verifies in no reading.
        """
        key = with_positive_modulus(public_key_info)
        context = replace(context, contextual_md_algorithm=digest_name(self._info))
        scheme = scheme_of(signature_algorithm)
        is_other = not suits(signature_algorithm, key)
        if is_other or scheme is not None:
            family = _OF_KEYS.get(key.algorithm, "") if is_other or not scheme else scheme.family
            signature_algorithm = algos.SignedDigestAlgorithm({"algorithm": family})
        for value in _values(signature, key, is_plain=scheme is not None and scheme.is_plain):
            if _verifies(value, signed_data, key, signature_algorithm, context):
                odd = {NOT_SORTED: not is_sorted(self._info["signed_attrs"]), OTHER_KEY: is_other}
                self.remarks = tuple(code for code, holds in odd.items() if holds)
                return
        raise InvalidSignature


def _verifies(
    value: bytes,
    data: bytes,
    key: keys.PublicKeyInfo,
    algorithm: algos.SignedDigestAlgorithm,
    context: SignatureValidationContext,
) -> bool:
    try:
        DefaultSignatureValidator().validate_signature(value, data, key, algorithm, context)
    except InvalidSignature:
        return False
    return True


def is_sorted(attributes: Any) -> bool:
    """Say whether signed attributes stand in DER's order, as RFC 5652, 5.3 demands of them."""
    if isinstance(attributes, core.Void):
        return True
    written = [attribute.dump() for attribute in attributes]
    return written == sorted(written)


def with_positive_modulus(key: keys.PublicKeyInfo) -> keys.PublicKeyInfo:
    """Return an RSA key whose modulus lost its leading zero with the modulus that was meant.

    A modulus is a positive number (RFC 8017, 3.1): as a negative one it has no meaning, so there is
    no second reading to choose from.
    """
    if key.algorithm not in ("rsa", "rsassa_pss"):
        return key
    numbers = key["public_key"].parsed
    modulus = numbers["modulus"]
    if modulus.native >= 0:
        return key
    meant = int.from_bytes(modulus.contents, "big")
    mended = keys.RSAPublicKey(
        {"modulus": meant, "public_exponent": numbers["public_exponent"].native}
    )
    return keys.PublicKeyInfo({"algorithm": key["algorithm"], "public_key": mended})


def _values(signature: bytes, key: keys.PublicKeyInfo, *, is_plain: bool) -> Iterator[bytes]:
    """Yield a signature's value in DER, as it is written first.

    The value of ECDSA is two numbers, in DER (RFC 5753, 7.2) or side by side, each as long as the
    curve's order (BSI TR-03111, 5.2.1). Makers take one for the other; the numbers are the same.
    """
    if key.algorithm != "ec":
        yield signature
        return
    point = bytes(key["public_key"].native)
    half = (len(point) - 1) // (2 if point[:1] == b"\x04" else 1)
    plain = _as_der(signature) if len(signature) == 2 * half else None
    found = (plain, signature) if is_plain else (signature, plain)
    yield from (value for value in found if value is not None)


def _as_der(signature: bytes) -> bytes:
    half = len(signature) // 2
    pair = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    return bytes(algos.DSASignature(dict(zip(("r", "s"), pair, strict=True))).dump())
