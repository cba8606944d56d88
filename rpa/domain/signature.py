"""Signatures: who signs with what, and what a check of a signed document says."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime

from rpa.domain.model import Digest, Value
from rpa.domain.signature_level import SignatureLevel

__all__ = [
    "Change",
    "ChangeKind",
    "Coverage",
    "Indication",
    "Integrity",
    "Revision",
    "RevocationRule",
    "SignatureEvidence",
    "SignatureKind",
    "SignatureLevel",
    "SignatureStatus",
    "Trust",
    "ValidationReport",
    "worst_indication",
    "worst_integrity",
]


class Indication(StrEnum):
    """Main status of a validation (ETSI EN 319 102-1, clause 5.1.3)."""

    TOTAL_PASSED = "total-passed"
    INDETERMINATE = "indeterminate"
    TOTAL_FAILED = "total-failed"


class Integrity(StrEnum):
    """Whether the document is the one that was signed, whoever signed it; best first."""

    VALID = "valid"
    """Every signature verifies, and what came later is of a permitted kind."""
    INDETERMINATE = "indeterminate"
    """No certain answer: a forbidden algorithm, a broken timestamp on a sound signature."""
    MODIFIED = "modified"
    """What was signed still verifies, but it is not the document that is shown."""
    INVALID = "invalid"
    """A signature does not verify, does not cover what it must, or is a forgery."""
    UNSIGNED = "unsigned"
    """The document holds no signature."""
    UNREADABLE = "unreadable"
    """No PDF that can be read: damaged beyond reading, or locked by an unknown password."""


class Trust(StrEnum):
    """Whether the signer's certificate can be believed, whatever became of the document."""

    TRUSTED = "trusted"
    UNKNOWN_ISSUER = "unknown-issuer"
    """No chain leads to a root that is trusted here."""
    REVOCATION_UNKNOWN = "revocation-unknown"
    """A chain leads to a root, but nothing that can be believed says whether it was revoked."""
    REVOKED = "revoked"
    ON_HOLD = "on-hold"
    """Suspended by its issuer: it may come back."""
    EXPIRED = "expired"
    """Out of date now, and nothing proves that the signature was made before."""
    NOT_YET_VALID = "not-yet-valid"
    UNSUITABLE = "unsuitable"
    """The certificate is not for signing: its key usage or a constraint of its issuer says so."""
    WEAK = "weak"
    """A key or a digest algorithm in the chain could be forged when it was used."""
    UNCHECKED = "unchecked"
    """The signature could not be read far enough to ask."""


class RevocationRule(StrEnum):
    """What is said where nothing that can be believed tells whether a certificate was revoked."""

    REQUIRED = "required"
    """That it is not decided: indeterminate, TRY_LATER (ETSI EN 319 102-1, 5.2.6)."""
    IF_AVAILABLE = "if-available"
    """That it passes, with the remark that revocation was not checked."""


class SignatureKind(StrEnum):
    """What a signature is for."""

    SIGNATURE = "signature"
    """A person's."""
    SEAL = "seal"
    """An organisation's."""
    TIMESTAMP = "timestamp"
    """A document timestamp: an authority's word on when the document existed."""


class Coverage(StrEnum):
    """How much of the file a signature's byte range covers."""

    WHOLE_DOCUMENT = "whole-document"
    REVISION = "revision"
    """All of a revision; something was appended later."""
    PARTIAL = "partial"
    """Not even a whole revision: a forgery's sign."""


class ChangeKind(StrEnum):
    """What a later revision did to the document."""

    SIGNATURE = "signature"
    TIMESTAMP = "timestamp"
    VALIDATION_DATA = "validation-data"
    SIGNATURE_FIELD = "signature-field"
    """A new, empty field to sign in."""
    FORM_VALUE = "form-value"
    ANNOTATION = "annotation"
    PAGE = "page"
    """Pages added, removed or put in another order."""
    CONTENT = "content"
    """What pages show was replaced or overlaid."""
    METADATA = "metadata"
    STRUCTURE = "structure"
    """Anything else in the document's objects."""
    HIDDEN_BYTES = "hidden-bytes"
    """Bytes that belong to no revision a reader can tell."""


class Change(Value):
    """One thing that a revision did; names places, never a value."""

    kind: ChangeKind
    permitted: bool
    """Whether the signatures before it, with their locks, allow it."""
    where: str = ""
    """The field's name, ``page 2`` or ``object 14``."""


class Revision(Value):
    """One revision of the file: an incremental update, from its end back to the one before."""

    number: int
    """From 1."""
    end: int
    """Byte offset of its end."""
    changes: tuple[Change, ...] = ()
    """What it did to the revision before; nothing for the first."""


class SignatureEvidence(Value):
    """What a report on a signature refers to; binary parts in base64."""

    signature_value: str = ""
    signed_digest: str = ""
    """SHA-256 of the bytes that it covers."""
    sub_filter: str = ""
    byte_range: tuple[int, ...] = ()
    chain: tuple[str, ...] = ()
    """Certificates, the signer's first."""
    is_anchored: bool = False
    """Whether the last of the chain is a trusted root."""


class SignatureStatus(Value):
    """What the check of one signature says."""

    field: str
    kind: SignatureKind = SignatureKind.SIGNATURE
    signer: str
    """The subject's common name."""
    issuer: str = ""
    root: str = ""
    """The trusted root that the chain leads to; empty where none does."""
    integrity: Integrity
    trust: Trust
    indication: Indication
    sub_indication: str = ""
    """As ETSI EN 319 102-1 names it, or empty."""
    coverage: Coverage
    revision: int | None = None
    """The revision that it closes."""
    level: SignatureLevel | None
    """The level reached; None for timestamps and for signatures that are not PAdES."""
    permission: str = ""
    """What it allows later: ``no-changes``, ``fill-forms``, ``annotate`` (DocMDP), or empty."""
    claimed_at: AwareDatetime | None = None
    """The time that the signer states."""
    proved_at: AwareDatetime | None = None
    """The time that a trusted timestamp proves."""
    changes_after: tuple[Change, ...] = ()
    """What later revisions did."""
    evidence: SignatureEvidence | None = None
    """Only where it was asked for."""

    @property
    def is_timestamped(self) -> bool:
        """True when a trusted timestamp proves when it was there."""
        return self.proved_at is not None

    @property
    def signed_at(self) -> AwareDatetime | None:
        """The time proved by a timestamp, else the signer's own claim."""
        return self.proved_at or self.claimed_at


_WORST_FIRST: Final = (
    Integrity.UNREADABLE,
    Integrity.INVALID,
    Integrity.MODIFIED,
    Integrity.INDETERMINATE,
)


class ValidationReport(Value):
    """What the check of a document says, signature by signature."""

    document: Digest
    checked_at: AwareDatetime
    integrity: Integrity
    indication: Indication
    sub_indication: str = ""
    signatures: tuple[SignatureStatus, ...] = ()
    revisions: tuple[Revision, ...] = ()
    warnings: tuple[str, ...] = ()
    """Codes of what a reader should know though nothing is wrong: ``form-filled``, …"""

    @property
    def changed_values(self) -> tuple[str, ...]:
        """The form fields whose values were changed after a signature."""
        found = {
            change.where
            for status in self.signatures
            for change in status.changes_after
            if change.kind is ChangeKind.FORM_VALUE
        }
        return tuple(sorted(found))


def worst_indication(statuses: Sequence[SignatureStatus]) -> Indication:
    """Return the worst of all; a document without signature is indeterminate."""
    found = {status.indication for status in statuses}
    for worst in (Indication.TOTAL_FAILED, Indication.INDETERMINATE):
        if worst in found or not found:
            return worst if found else Indication.INDETERMINATE
    return Indication.TOTAL_PASSED


def worst_integrity(statuses: Sequence[SignatureStatus]) -> Integrity:
    """Return the worst of all; a document without signature is unsigned."""
    found = {status.integrity for status in statuses}
    if not found:
        return Integrity.UNSIGNED
    return next((worst for worst in _WORST_FIRST if worst in found), Integrity.VALID)
