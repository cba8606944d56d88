"""Whether a key made the signature over a certificate, an OCSP answer or a revocation list."""

from typing import Any

from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.keys import PublicKeyInfo
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko_certvalidator.sig_validate import (
    DefaultSignatureValidator,
    SignatureValidationContext,
)

from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.signature_values import with_positive_modulus


class AuthoritySignatures(DefaultSignatureValidator):
    """Verifies what authorities sign, also with keys whose modulus lost its leading zero."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: PublicKeyInfo,
        signature_algorithm: SignedDigestAlgorithm,
        context: SignatureValidationContext = SignatureValidationContext(),  # noqa: B008 - frozen
    ) -> None:
        """Verify; as the base class says."""
        key = with_positive_modulus(public_key_info)
        super().validate_signature(signature, signed_data, key, signature_algorithm, context)


def is_signed_by(key: PublicKeyInfo, signed: bytes, signature: bytes, algorithm: Any) -> bool:
    """Say whether a key made a signature over some bytes."""
    try:
        AuthoritySignatures().validate_signature(signature, signed, key, algorithm)
    except (InvalidSignature, UnsupportedAlgorithm, *MALFORMED):
        return False
    return True
