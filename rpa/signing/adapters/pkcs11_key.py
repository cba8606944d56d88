"""Keys inside tokens, reached by PKCS#11 (version 2.40)."""

from functools import partial
from typing import Any, Final

from asn1crypto import algos, x509
from pkcs11 import Attribute, ObjectClass
from pkcs11.exceptions import PKCS11Error
from pyhanko.sign.pkcs11 import RSA_MECH_MAP, select_pkcs11_signing_params

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.certificates import read_certificates
from rpa.signing.adapters.issuers import is_root, issuers_of
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.mechanisms import digest_of, mechanism_for
from rpa.signing.adapters.pkcs11_tokens import TOKENS, OpenToken
from rpa.signing.adapters.probing import is_signed_by
from rpa.signing.api import Pkcs11Credential


class Pkcs11Key:
    """A key that a token signs with; its session is opened again where it was lost."""

    def __init__(
        self,
        credential: Pkcs11Credential,
        certificate: x509.Certificate,
        chain: tuple[x509.Certificate, ...],
    ) -> None:
        """Keep where the key is, and what its certificate says."""
        self.certificate: Final = certificate
        self.chain: Final = chain
        self.mechanism: Final = mechanism_for(certificate.public_key)
        self.digest: Final = digest_of(self.mechanism)
        self.is_stale = False
        """True once the token was seen to sign with another key than the certificate's."""
        self._credential = credential

    def sign(self, data: bytes) -> bytes:
        """Return the raw signature over ``data``, checked before it is given out.

        Raises:
            ToolUnavailableError: The token does not answer, or signs with another key.
        """
        signature = TOKENS.use(self._credential, partial(self._signed, data))
        if not is_signed_by(self.certificate, self.mechanism, data, signature):
            self.is_stale = True
            raise ToolUnavailableError(
                _(
                    "The token {token} did not sign with the key of its certificate. "
                    "Check key and certificate {key} in the token.",
                    token=self._credential.token,
                    key=self._credential.key,
                ),
                code="credential-mismatch",
            )
        return signature

    def _signed(self, data: bytes, token: OpenToken) -> bytes:
        asked = select_pkcs11_signing_params(
            self.mechanism, self.digest, _is_raw(self.mechanism, self.digest, token), {}
        )
        before, after = asked.pre_sign_transform, asked.post_sign_transform
        key = _private_key(self._credential, token)
        options = dict(asked.sign_kwargs)
        if _asks_each_time(key):
            options["pin"] = self._credential.pin
        signature: bytes = key.sign(before(data) if before else data, **options)
        return after(signature) if after else signature


def open_pkcs11(credential: Pkcs11Credential) -> Pkcs11Key:
    """Find a key with its certificate and chain in its token.

    Raises:
        ToolUnavailableError: The token can't be had, holds no such key or several, or no
            certificate of the key.
    """
    read = TOKENS.use(credential, partial(_read, credential))
    certificate, pool = read
    issuers = issuers_of(certificate, [*pool, *read_certificates(credential.chain)])
    return Pkcs11Key(credential, certificate, tuple(i for i in issuers if not is_root(i)))


def _read(
    credential: Pkcs11Credential, token: OpenToken
) -> tuple[x509.Certificate, list[x509.Certificate]]:
    key = _private_key(credential, token)
    kept = list(token.session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}))
    # The certificate bears the key's CKA_ID, by convention; else, by ours, its label.
    own = [one for one in kept if _has(one, Attribute.ID, _value(key, Attribute.ID))]
    own = own or [one for one in kept if _has(one, Attribute.LABEL, credential.key)]
    if not own:
        raise ToolUnavailableError(
            _(
                "The token {token} holds no certificate of the key {key}. "
                "Import it with the key's identifier or label.",
                token=credential.token,
                key=credential.key,
            ),
            code="credential-no-certificate",
        )
    found = [_certificate(one, credential) for one in own]
    newest = max(found, key=lambda one: one.not_valid_after)
    others = [one for one in kept if one not in own]
    return newest, [_certificate(one, credential) for one in others]


def _private_key(credential: Pkcs11Credential, token: OpenToken) -> Any:
    if credential.key not in token.keys:
        asked = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: credential.key}
        found = list(token.session.get_objects(asked))
        if len(found) != 1:
            raise ToolUnavailableError(
                _(
                    "The token {token} holds {count} private keys with the label {key}; one is "
                    "wanted. Correct the label, or remove what is not needed.",
                    token=credential.token,
                    key=credential.key,
                    count=len(found),
                ),
                code="credential-several-keys" if found else "credential-no-key",
            )
        token.keys[credential.key] = found[0]
    return token.keys[credential.key]


def _certificate(kept: Any, credential: Pkcs11Credential) -> x509.Certificate:
    try:
        certificate = x509.Certificate.load(bytes(kept[Attribute.VALUE]), strict=True)
        _whole = certificate.native, certificate.self_signed
    except MALFORMED as exc:
        raise ToolUnavailableError(
            _("A certificate in the token {token} is damaged.", token=credential.token),
            code="credential-malformed",
        ) from exc
    return certificate


def _has(kept: Any, attribute: Attribute, wanted: object) -> bool:
    return bool(wanted) and _value(kept, attribute) == wanted


def _value(kept: Any, attribute: Attribute) -> Any:
    try:
        return kept[attribute]
    except PKCS11Error:
        return None


def _is_raw(mechanism: algos.SignedDigestAlgorithm, digest: str, token: OpenToken) -> bool:
    """Say whether the digest is made here: nearly no token digests for EC, some not for RSA."""
    kind = mechanism.signature_algo if mechanism["algorithm"].native != "ed25519" else ""
    if kind == "ecdsa":
        return True
    return kind == "rsassa_pkcs1v15" and RSA_MECH_MAP[digest] not in token.mechanisms


def _asks_each_time(key: Any) -> bool:
    """Say whether the token wants the PIN with every signature, as qualified ones do."""
    return bool(_value(key, Attribute.ALWAYS_AUTHENTICATE))
