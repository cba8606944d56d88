"""Signed documents that are looked after: levels to raise, archive timestamps to renew."""

from pydantic import AwareDatetime

from rpa.domain.document import DocumentRole
from rpa.domain.model import CaseId, Digest, Value
from rpa.domain.signature import SignatureLevel
from rpa.domain.signature_request import RequestId


class KeptSignature(Value):
    """A signed document, and until when its proof holds."""

    first: Digest
    """The bytes as they were signed."""
    digest: Digest
    """The newest bytes: the first with what was appended since."""
    role: DocumentRole
    case_id: CaseId | None = None
    request_id: RequestId | None = None
    wanted: SignatureLevel
    level: SignatureLevel
    due: AwareDatetime | None = None
    """Before this the archive timestamp must be renewed; None where there is none."""
    cause: str = ""
    """What runs out then."""
    seq: int
    """The ledger entry that told of it."""
    failure: str = ""
    """The code of what went wrong at the last try, or empty."""
    attempts: int = 0
    not_before: AwareDatetime | None = None
    """When it is tried again."""

    @property
    def is_lowered(self) -> bool:
        """True when the level wanted is not reached yet."""
        return not self.level.reaches(self.wanted)
