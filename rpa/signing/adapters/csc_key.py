"""Keys at a remote signing service (CSC API, version 1.0.4, chapter 11)."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final

from asn1crypto import algos, x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import Hash

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.csc_service import CscService
from rpa.signing.adapters.issuers import is_root, issuers_of
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.mechanisms import digest_of, mechanism_for, pss_mechanism
from rpa.signing.adapters.probing import HASHES, is_signed_by
from rpa.signing.api import CscCredential

_RSA: Final = "1.2.840.113549.1.1.1"
_PSS: Final = "1.2.840.113549.1.1.10"


class CscKey:
    """A key that a remote service signs with.

    Every call has its signatures authorised for itself, and no more of them: an authorisation in
    store would be a signature that nobody asked for.
    """

    def __init__(self, credential: CscCredential) -> None:
        """Ask the service for the credential's certificates and rules.

        Raises:
            ToolUnavailableError: The service does not answer, or can't sign with it this way.
        """
        self._credential = credential
        self._service = CscService(credential)
        info = self._service.call(
            "credentials/info",
            {
                "credentialID": credential.credential_id,
                "certificates": "chain",
                "certInfo": True,
                "authInfo": True,
            },
        )
        try:
            self._read(info)
        except MALFORMED as exc:
            raise self._unusable("credential-malformed") from exc
        self.digest: Final = digest_of(self.mechanism)
        self.is_stale = False
        """True once the service was seen to sign with another key than the certificate's."""
        self._is_refused = False

    def sign(self, data: bytes) -> bytes:
        """Return the raw signature over ``data``, checked before it is given out.

        Raises:
            ToolUnavailableError: The service does not answer, or refuses PIN, code or token.
        """
        return self.sign_all([data])[0]

    def sign_all(self, data: Sequence[bytes]) -> list[bytes]:
        """Return the raw signatures over each of ``data``, as many at once as the service allows.

        Raises:
            ToolUnavailableError: The service does not answer, or refuses PIN, code or token; or one
                code would have to serve for more signatures than it may.
        """
        most = self._most
        if self._credential.is_typed and len(data) > most:
            raise ToolUnavailableError(
                _(
                    "The signing service allows {most} signatures at once, and {count} are wanted. "
                    "Sign fewer documents together.",
                    most=most,
                    count=len(data),
                ),
                code="remote-too-many",
            )
        parts = [data[start : start + most] for start in range(0, len(data), most)]
        return [signature for part in parts for signature in self._signed(part)]

    def _read(self, info: Mapping[str, Any]) -> None:
        kept = [base64.b64decode(one) for one in info["cert"]["certificates"]]
        certificate, *pool = (x509.Certificate.load(der, strict=True) for der in kept)
        _whole = certificate.native, certificate.self_signed
        if info["key"]["status"] != "enabled" or info["cert"].get("status", "valid") != "valid":
            raise self._unusable("credential-disabled")
        if info["authMode"] == "oauth2code":
            raise self._unusable("credential-unsupported")
        self.certificate = certificate
        self.chain = tuple(i for i in issuers_of(certificate, pool) if not is_root(i))
        self.mechanism, self._algorithm = self._chosen(info["key"]["algo"])
        self._most = max(1, int(info.get("multisign", 1)))
        self._is_bound = str(info.get("SCAL", "1")) == "2"

    def _chosen(self, allowed: Sequence[str]) -> tuple[algos.SignedDigestAlgorithm, str]:
        """Return the mechanism, and the identifier that the service knows it by.

        Ed25519 signs whole messages, and the service is given digests alone.
        """
        mechanism = mechanism_for(self.certificate.public_key)
        identifier = mechanism["algorithm"].dotted
        if identifier in allowed and self.certificate.public_key.algorithm != "ed25519":
            return mechanism, identifier
        if self.certificate.public_key.algorithm == "rsa":
            if _RSA in allowed:
                return mechanism, _RSA
            if _PSS in allowed:
                return pss_mechanism(), _PSS
        raise self._unusable("credential-unsupported")

    def _signed(self, data: Sequence[bytes]) -> list[bytes]:
        hashes = [base64.b64encode(self._hashed(one)).decode() for one in data]
        said = self._service.call(
            "signatures/signHash",
            {
                "credentialID": self._credential.credential_id,
                "SAD": self._activated(hashes),
                "hash": hashes,
                "hashAlgo": algos.DigestAlgorithmId(self.digest).dotted,
                "signAlgo": self._algorithm,
                **self._parameters(),
            },
        )
        try:
            raw = [base64.b64decode(one, validate=True) for one in said["signatures"]]
        except (KeyError, TypeError, ValueError) as exc:
            raise self._unusable("credential-malformed") from exc
        signatures = [self._encoded(one) for one in raw]
        good = len(signatures) == len(data) and all(
            is_signed_by(self.certificate, self.mechanism, one, signature)
            for one, signature in zip(data, signatures, strict=True)
        )
        if not good:
            self.is_stale = True
            raise self._unusable("credential-mismatch")
        return signatures

    def _activated(self, hashes: Sequence[str]) -> str:
        """Return signature activation data for as many signatures as there are ``hashes``."""
        said = self._credential
        if self._is_refused:
            raise self._unusable("remote-pin")
        body: dict[str, object] = {
            "credentialID": said.credential_id,
            "numSignatures": len(hashes),
            "hash": list(hashes) if self._is_bound else None,
            "PIN": said.pin,
            "OTP": said.one_time_code,
        }
        try:
            answer = self._service.call(
                "credentials/authorize", {k: v for k, v in body.items() if v is not None}
            )
        except ToolUnavailableError as exc:
            # A service locks a credential after a few wrong PINs, as a token does.
            self._is_refused = exc.reason == "remote-pin"
            raise
        activation = answer.get("SAD")
        if not isinstance(activation, str) or not activation:
            raise self._unusable("credential-malformed")
        return activation

    def _hashed(self, data: bytes) -> bytes:
        hasher = Hash(HASHES[self.digest]())
        hasher.update(data)
        return hasher.finalize()

    def _parameters(self) -> dict[str, str]:
        if self._algorithm != _PSS:
            return {}
        return {"signAlgoParams": base64.b64encode(self.mechanism["parameters"].dump()).decode()}

    def _encoded(self, signature: bytes) -> bytes:
        """Return an ECDSA signature as DER: some services give its two numbers side by side."""
        key = self.certificate.public_key
        width = (key.bit_size + 7) // 8 if key.algorithm == "ec" else 0
        if not width or len(signature) != 2 * width:
            return signature
        r, s = (int.from_bytes(half) for half in (signature[:width], signature[width:]))
        return encode_dss_signature(r, s)

    def _unusable(self, code: str) -> ToolUnavailableError:
        words = {
            "credential-malformed": _("It answers what the CSC API 1.0.4 does not foresee."),
            "credential-disabled": _("The key is disabled there, or its certificate is not valid."),
            "credential-unsupported": _("It wants a log-in or an algorithm that cannot be given."),
            "credential-mismatch": _("It did not sign with the key of the certificate."),
            "remote-pin": _("It refused the PIN, which is not tried again as it is."),
        }
        return ToolUnavailableError(
            _(
                "The credential {name} at the signing service cannot be used. {why}",
                name=self._credential.credential_id,
                why=words[code],
            ),
            code=code,
        )


def send_code(credential: CscCredential) -> None:
    """Have the service send its one-time code to the signer (``credentials/sendOTP``).

    Raises:
        ToolUnavailableError: The service does not answer, or sends no codes.
    """
    CscService(credential).call("credentials/sendOTP", {"credentialID": credential.credential_id})
