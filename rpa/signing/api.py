"""What the signing room promises: signers, validators, keepers of old signatures, authorities."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rpa.domain.signature_level import SignatureLevel

if TYPE_CHECKING:  # what a check says is no part of signing
    from rpa.domain.model import Digest
    from rpa.domain.signature import ValidationReport


@dataclass(frozen=True, slots=True)
class Pkcs12Credential:
    """A key with its certificate and chain, as a PKCS#12 file."""

    path: Path
    passphrase: str = dataclasses.field(repr=False)
    chain: tuple[Path, ...] = ()
    """Certificates of the issuers, where the file does not hold them."""
    is_typed: bool = False
    """A person typed the passphrase: the key is closed again after its signature."""


@dataclass(frozen=True, slots=True)
class Pkcs11Credential:
    """A key that stays inside a token (smart card, HSM), reached by PKCS#11."""

    module: Path
    """The maker's library."""
    token: str
    """The token's label."""
    key: str
    """The label that key and certificate bear in the token."""
    pin: str = dataclasses.field(repr=False)
    chain: tuple[Path, ...] = ()
    """Certificates of the issuers, where the token does not hold them."""
    is_typed: bool = False
    """A person typed the PIN: the token is closed again after its signature."""


@dataclass(frozen=True, slots=True)
class CscCredential:
    """A key at a remote signing service (Cloud Signature Consortium API, version 1.0.4)."""

    url: str
    """The service's base address, up to and including ``/csc/v1``."""
    credential_id: str
    token: str = dataclasses.field(repr=False)
    """The OAuth 2 access token of the service."""
    pin: str | None = dataclasses.field(default=None, repr=False)
    one_time_code: str | None = dataclasses.field(default=None, repr=False)
    ca_file: Path | None = None
    """Certificates to trust in place of the system's."""
    is_typed: bool = False
    """A person typed the PIN or the code: it serves this signature alone."""


Credential = Pkcs12Credential | Pkcs11Credential | CscCredential


@dataclass(frozen=True, slots=True)
class Place:
    """Where a signature is seen: a box in the page's default user space, in points."""

    page: int
    """From 1; -1 is the last."""
    box: tuple[float, float, float, float]
    """Left, bottom, right, top, before the page's own rotation."""


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """One signature field to create before the first signature."""

    name: str
    place: Place | None = None
    """None lets it stand in the lower margin of the last page, beside the others."""
    tooltip: str = ""
    """Who signs here, for people who hear the page (``/TU``)."""


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """One signature to make."""

    pdf: bytes
    credential: Credential
    field: str
    """An empty field of the document, or a new one's name."""
    level: SignatureLevel
    reason: str
    location: str
    signed_at: datetime
    visible: bool = True
    """Draw the signature's appearance, in the document's language."""
    language: str = "fr"
    role: str = ""
    """In what quality the signer signs: shown, and kept in the signature."""
    place: Place | None = None
    """Where a new field stands; None lets it stand in the last page's lower margin."""
    verify_url: str | None = None
    """What the QR code of the appearance holds; without it no code is drawn."""
    certify: bool = False
    """Make it a certification: later only form filling and signing are allowed (DocMDP, P=2)."""
    password: str | None = dataclasses.field(default=None, repr=False)
    """Opens an encrypted document."""
    wait: bool = False
    """Raise instead of lowering the level where an authority does not answer."""


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document that is ready to be signed."""

    pdf: bytes
    repairs: tuple[str, ...] = ()
    """What was mended to make it signable, in words for the record; empty: same first bytes."""


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """What a signature made of a document."""

    pdf: bytes
    level: SignatureLevel
    """The level reached."""
    wanted: SignatureLevel
    shortfall: str = ""
    """Why the level reached is lower than wanted: which authority, what it did; empty if not."""
    repairs: tuple[str, ...] = ()
    """What was mended before signing; the signed bytes then begin with the mended document."""
    shortfall_code: str = ""
    """Why it is lower, as a stable code that names nobody."""

    @property
    def is_lowered(self) -> bool:
        """True when a later pass must raise the level."""
        return not self.level.reaches(self.wanted)


@dataclass(frozen=True, slots=True)
class SignerCertificate:
    """Whose certificate a signature bears."""

    subject: str
    """The subject's distinguished name (RFC 4514)."""
    sha256: "Digest"
    """Of the certificate's DER."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """When a signed document must be looked after again."""

    level: SignatureLevel | None
    """The lowest level that its signatures have."""
    due: datetime | None
    """Before this its proof must be renewed; None where no archive timestamp holds it."""
    reason: str
    """What runs out then: the authority's certificate, or an algorithm."""


class Signer(Protocol):
    """Makes PAdES signatures. Safe from several threads."""

    def prepare(
        self, pdf: bytes, fields: Sequence[FieldPlan], *, password: str | None = None
    ) -> PreparedDocument:
        """Return the document with empty signature fields, mended where it had to be.

        A document that carries a signature is never mended, and gets fields only where its locks
        allow them.

        Raises:
            SignatureRefusedError: It can't be signed; says why.
        """
        ...

    def sign(self, request: SigningRequest) -> SignedDocument:
        """Return the signed document: the given (or mended) bytes plus incremental updates.

        Where an authority does not answer the level is lowered on the record, unless the request
        says to wait.

        Raises:
            SignatureRefusedError: The document can't be signed: damaged, locked, field taken.
            ToolUnavailableError: The key can't be had; or an authority, where the request waits.
        """
        ...


class Preserver(Protocol):
    """Keeps signatures provable: raises levels and renews archive timestamps."""

    def raised(self, pdf: bytes, *, to: SignatureLevel) -> SignedDocument:
        """Return the document with its signatures brought up to ``to`` by incremental updates.

        Raises:
            SignatureRefusedError: A signature is broken: there is nothing to preserve.
            ToolUnavailableError: An authority does not answer; nothing was changed.
        """
        ...

    def upkeep(self, pdf: bytes) -> Upkeep:
        """Say when the document must be renewed.

        Raises:
            SignatureRefusedError: It holds no signature that can be read.
        """
        ...


class SignatureValidator(Protocol):
    """Checks PAdES signatures. Safe from several threads."""

    def validate(self, pdf: bytes, *, at: datetime) -> "ValidationReport":
        """Check every signature of ``pdf``; whatever the bytes are, the answer is a report."""
        ...


class TimestampAuthority(Protocol):
    """Gives RFC 3161 timestamps."""

    def stamp(self, digest: bytes) -> bytes:
        """Return a DER time-stamp token over a SHA-256 ``digest`` (32 bytes).

        Raises:
            ToolUnavailableError: The authority does not answer, or refuses.
        """
        ...
