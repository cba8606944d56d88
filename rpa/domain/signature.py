"""Signatures: who signs with what, and what a check of a signed document says."""

from enum import StrEnum

from pydantic import AwareDatetime

from rpa.domain.model import Digest, Value


class SignatureLevel(StrEnum):
    """PAdES baseline levels (ETSI EN 319 142-1, clause 6)."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"


class Indication(StrEnum):
    """Main status of a validation (ETSI EN 319 102-1, clause 5.1.3)."""

    TOTAL_PASSED = "total-passed"
    INDETERMINATE = "indeterminate"
    TOTAL_FAILED = "total-failed"


class SignatureStatus(Value):
    """What the check of one signature says."""

    field: str
    signer: str
    """The subject's common name."""
    indication: Indication
    reason: str
    """The sub-indication or, passed, an empty text."""
    signed_at: AwareDatetime | None
    """The time proved by a timestamp, else the signer's own claim."""
    timestamped: bool
    covers_whole_document: bool
    """False when something was appended after this signature."""
    level: SignatureLevel | None


class ValidationReport(Value):
    """What the check of a document says, signature by signature."""

    document: Digest
    checked_at: AwareDatetime
    signatures: tuple[SignatureStatus, ...]

    @property
    def indication(self) -> Indication:
        """The worst of all; a document without signature is indeterminate."""
        found = {status.indication for status in self.signatures}
        for worst in (Indication.TOTAL_FAILED, Indication.INDETERMINATE):
            if worst in found or not found:
                return worst if found else Indication.INDETERMINATE
        return Indication.TOTAL_PASSED
