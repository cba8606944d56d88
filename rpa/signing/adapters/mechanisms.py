"""Which signature algorithm a certificate's key signs with, and the digest that goes with it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from asn1crypto import algos, keys

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _

DIGEST: Final = "sha256"
_DIGESTS: Final = frozenset({"sha256", "sha384", "sha512"})
_OF_CURVE: Final = {"secp256r1": "sha256", "secp384r1": "sha384", "secp521r1": "sha512"}
"""The digest as strong as the curve (ETSI TS 119 312, clause 7.2)."""
_FREE: Final = {
    "hash_algorithm": {"algorithm": DIGEST},
    "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": DIGEST}},
    "salt_length": 32,
}
"""The parameters of PSS where nothing asks for others."""


def mechanism_for(public_key: keys.PublicKeyInfo) -> algos.SignedDigestAlgorithm:
    """Return the algorithm to sign with, as a CMS names it.

    RSA keys sign with PKCS#1 v1.5 unless their certificate binds them to PSS (RFC 4055).

    Raises:
        ToolUnavailableError: Nobody signs documents with keys of this kind: DSA, other curves.
    """
    kind = public_key.algorithm
    found = _MECHANISMS[kind](public_key) if kind in _MECHANISMS else None
    if found is None:
        raise ToolUnavailableError(
            _(
                "Keys of this kind ({kind}) cannot sign documents here. "
                "Use RSA, EC on P-256, P-384 or P-521, or Ed25519.",
                kind=kind,
            ),
            code="credential-unsupported",
        )
    return found


def digest_of(mechanism: algos.SignedDigestAlgorithm) -> str:
    """Return the digest that goes with ``mechanism``; SHA-512 with Ed25519 (RFC 8419, clause 3)."""
    if mechanism["algorithm"].native == "ed25519":
        return "sha512"
    digest: str = mechanism.hash_algo
    return digest


def _rsa(_public_key: keys.PublicKeyInfo) -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": f"{DIGEST}_rsa"})


def _ec(public_key: keys.PublicKeyInfo) -> algos.SignedDigestAlgorithm | None:
    form, curve = public_key.curve
    # Curves told by their parameters instead of a name are no certificate's (RFC 5480, 2.1.1).
    if form != "named" or curve not in _OF_CURVE:
        return None
    return algos.SignedDigestAlgorithm({"algorithm": f"{_OF_CURVE[curve]}_ecdsa"})


def _ed25519(_public_key: keys.PublicKeyInfo) -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": "ed25519"})


def pss_mechanism() -> algos.SignedDigestAlgorithm:
    """Return RSA-PSS with SHA-256, for keys that may sign with it but need not."""
    params = algos.RSASSAPSSParams(_FREE)
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": params})


def _pss(public_key: keys.PublicKeyInfo) -> algos.SignedDigestAlgorithm | None:
    asked = public_key["algorithm"]["parameters"].native
    params = algos.RSASSAPSSParams(asked or _FREE)
    mask = params["mask_gen_algorithm"]["parameters"]["algorithm"].native
    used = {params["hash_algorithm"]["algorithm"].native, mask}
    if not used <= _DIGESTS:
        return None
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": params})


_MECHANISMS: Final[Mapping[str, Callable[[keys.PublicKeyInfo], Any]]] = {
    "rsa": _rsa,
    "rsassa_pss": _pss,
    "ec": _ec,
    "ed25519": _ed25519,
}
