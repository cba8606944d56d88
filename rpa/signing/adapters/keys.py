"""What the signing engine needs of a key, wherever the key lives."""

from typing import Protocol, runtime_checkable

from asn1crypto import algos, x509


class SigningKey(Protocol):
    """A private key with its certificate. Safe from several threads."""

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate."""
        ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The issuers' certificates, nearest first, the root left out."""
        ...

    @property
    def mechanism(self) -> algos.SignedDigestAlgorithm:
        """The signature algorithm, as a CMS names it."""
        ...

    @property
    def digest(self) -> str:
        """The digest that goes with it, for the document too: ``sha256``, ``sha384``, ``sha512``.

        Told apart, since Ed25519 names none (RFC 8419: SHA-512).
        """
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the raw signature over ``data``, which is digested first.

        Raises:
            ToolUnavailableError: The token or the remote service does not answer, or refuses.
        """
        ...


@runtime_checkable
class AgingKey(Protocol):
    """A key that must be opened anew after a while: a session or a service's word runs out."""

    @property
    def is_stale(self) -> bool:
        """True when it must be opened anew."""
        ...
