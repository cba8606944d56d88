"""Which algorithms and keys could be relied on, and until when (ETSI TS 119 312).

A date is the last day on which the standard, or the ALGO paper before it (SR 002 176), held the
algorithm to be fit for signatures. What is not in the table holds until further notice: dates in
the future, which the standard gives to plan by, are no reason to doubt what was signed before.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from asn1crypto import x509

from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.signature_values import digest_name, with_positive_modulus

_NEVER: Final = datetime(1990, 1, 1, tzinfo=UTC)
DIGESTS: Final = {
    "md2": _NEVER,
    "md4": _NEVER,
    "md5": datetime(2004, 8, 1, tzinfo=UTC),
    "sha1": datetime(2012, 8, 1, tzinfo=UTC),
    "ripemd160": datetime(2014, 8, 1, tzinfo=UTC),
}
"""The last day of each digest algorithm."""
KEYS: Final = (
    ("rsa", 768, _NEVER),
    ("rsa", 1024, datetime(2010, 8, 1, tzinfo=UTC)),
    ("rsa", 1900, datetime(2019, 10, 1, tzinfo=UTC)),
    ("dsa", 1024, _NEVER),
    ("dsa", 2048, datetime(2015, 12, 1, tzinfo=UTC)),
    ("ec", 160, _NEVER),
    ("ec", 224, datetime(2012, 8, 1, tzinfo=UTC)),
    ("ec", 256, datetime(2021, 10, 1, tzinfo=UTC)),
)
"""Kind of key, bits that it must have to outlive the date, the last day of shorter ones."""


def end_of_digest(name: str) -> datetime | None:
    """Return the last day of a digest algorithm; None where it still holds."""
    return DIGESTS.get(name.lower().replace("-", ""))


def end_of_key(key: Any) -> datetime | None:
    """Return the last day of a public key's kind and length; None where it still holds."""
    algorithm = str(key.algorithm)
    if not algorithm.startswith(("rsa", "dsa", "ec")):
        return None
    if algorithm.startswith("ec"):
        bits = _bits_of_point(key)
    else:
        bits = int(with_positive_modulus(key).bit_size)
    ends = [end for kind, least, end in KEYS if algorithm.startswith(kind) and bits < least]
    return min(ends, default=None)


def end_of_signature(algorithm: Any, key: Any, digest: str = "") -> datetime | None:
    """Return the last day of a signature algorithm used with a key.

    Args:
        algorithm: The algorithm's identifier.
        key: The public key.
        digest: The digest's name, where the identifier does not name it.
    """
    return _earliest([end_of_digest(digest or _digest_of(algorithm)), end_of_key(key)])


def end_of_chain(path: Iterable[x509.Certificate]) -> datetime | None:
    """Return the last day of the weakest part of a chain, its root first.

    A root is trusted by decision, so how it signed itself is not asked; its key is.
    """
    ends: list[datetime | None] = []
    above: x509.Certificate | None = None
    for certificate in path:
        if above is None:
            ends.append(end_of_key(certificate.public_key))
        else:
            algorithm = certificate["signature_algorithm"]
            ends += [end_of_digest(_digest_of(algorithm)), end_of_key(certificate.public_key)]
        above = certificate
    return _earliest(ends)


def end_of_signer_info(info: Any, signer: x509.Certificate) -> datetime | None:
    """Return the last day of what a CMS signature was made with (RFC 5652, 5.3)."""
    try:
        digest = digest_name(info)
        inner = _digest_of(info["signature_algorithm"])
        ends = [end_of_digest(one) for one in (digest, inner) if one]
        return _earliest([*ends, end_of_key(signer.public_key)])
    except MALFORMED:
        return _NEVER


def is_weak(end: datetime | None, at: datetime) -> bool:
    """Say whether something that ended then could not be relied on any more ``at`` a time."""
    return end is not None and at > end


def _bits_of_point(key: Any) -> int:
    """Return the size of a curve's field, told by a point of it (SEC 1, 2.3.3)."""
    point = key["public_key"].native
    length = (len(point) - 1) * 8
    return length if point[0] in (2, 3) else length // 2


def _digest_of(algorithm: Any) -> str:
    try:
        return str(algorithm.hash_algo)
    except ValueError:
        return ""  # Edwards curves bring their own; plain RSA and ECDSA name it elsewhere


def _earliest(ends: Iterable[datetime | None]) -> datetime | None:
    return min((end for end in ends if end is not None), default=None)
