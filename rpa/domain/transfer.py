"""The transfer record: how a document went from one medium to another, and what vouches for it.

The Act to establish a legal framework for information technology (LCCJTI, CQLR c. C-1.1) asks, in
its section 17, that a transfer be documented: the format that was given up, the process, and the
guarantees of integrity that it is said to give; and that this be kept as long as the result. Its
section 20 lets the source be destroyed by written rules that protect personal data. What is kept
here is a record, not legal advice.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from rpa.domain.model import CaseId, Digest, ProcessId, Value


class Fate(StrEnum):
    """What becomes of the paper once it is transferred."""

    KEEP = "keep"
    """It stays with the organisation."""
    RETURN = "return"
    """It goes back to whoever sent it."""
    DESTROY = "destroy"


class TransferRule(Value):
    """What an organisation's written rules say of a process's paper (``transfer`` in the YAML)."""

    procedure: str
    """The written procedure, with its version or date."""
    approved_by: Annotated[str, Field(min_length=1)]
    """Who approved it, by office: ``Secrétaire générale``."""
    approved_on: date
    paper: Fate = Fate.KEEP
    method: str = ""
    """How the paper is destroyed, with the standard: ``déchiquetage, DIN 66399, P-4``."""
    keep_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    """Days after the archiving in which the paper is kept all the same."""

    @model_validator(mode="after")
    def _destroyed_somehow(self) -> Self:
        if (self.paper is Fate.DESTROY) != bool(self.method):
            msg = "method goes with paper: destroy, and only with it"
            raise ValueError(msg)
        return self


class SourcePage(Value):
    """One page as it came."""

    number: Annotated[int, Field(ge=1)]
    sha256: Digest | None
    """Over the page's pixels; None where the page is more than one image."""
    width: int
    """Pixels."""
    height: int
    dpi_x: float
    dpi_y: float
    bilevel: bool
    quality: float
    """From 0 to 1: how much of the page came over the line unspoiled."""


class TransferSource(Value):
    """What came in."""

    medium: Literal["paper", "electronic", "unknown"]
    """What the sender wrote on."""
    channel: str
    channel_kind: str
    device: str = ""
    """The fax machine, scanner or server that made the file, as the settings name it."""
    media_type: str
    sha256: Digest
    size_bytes: int
    received_at: AwareDatetime
    pages: tuple[SourcePage, ...]
    """Every page of the file; empty for an e-mail."""
    used_pages: tuple[int, ...]
    """Those that are this case's, in reading order."""
    blank_pages: tuple[int, ...] = ()
    separators: tuple[int, ...] = ()
    carriers: tuple[Digest, ...] = ()
    """What the file was taken out of: an e-mail, a locked PDF, a side of a pile."""


class Software(Value):
    """A program that the transfer rests on."""

    purpose: str
    """A stable word: ``decoding``, ``recognition``, ``searchable-copy``, ``seal``."""
    name: str
    version: str
    settings: tuple[tuple[str, str], ...] = ()


class TransferResult(Value):
    """The copy that is kept for reading."""

    path: str
    """In the archive package."""
    format: str
    sha256: Digest
    size_bytes: int
    pages: int
    made_at: AwareDatetime


class QualityCheck(Value):
    """One thing that was looked at before the transfer counted as done."""

    what: str
    """A stable word: ``page-count``, ``same-picture``, ``line-errors``, ``seen-by-a-person``."""
    passed: bool | None
    """None where it does not apply."""
    figure: str = ""
    """What was measured, as text: ``2 = 2``, ``0.981``."""


class KeptFile(Value):
    """A file of the archive package."""

    path: str
    sha256: Digest


class TransferRecord(Value):
    """Everything about one case's transfer; sealed, and kept with the case."""

    case: CaseId
    process: ProcessId
    process_name: str
    organization: str
    source: TransferSource
    software: tuple[Software, ...]
    result: TransferResult | None
    """None where the original has no pages to copy."""
    checks: tuple[QualityCheck, ...]
    files: tuple[KeptFile, ...]
    """Every other file of the package but its lists: the record's seal holds for them all."""
    retention_rule: str
    """The rule of the retention schedule, or empty."""
    destroy_after: date
    """The day from which the package may be destroyed."""
    rule: TransferRule | None
    """None where the process declares none: the paper must then be kept."""
    paper_until: date | None
    """The day until which the paper is kept; None where it is never destroyed."""
    seal: str
    """Name of the credential that seals the record, or empty."""
    made_at: AwareDatetime

    @property
    def is_sound(self) -> bool:
        """True when no check failed."""
        return all(check.passed is not False for check in self.checks)

    @property
    def may_destroy(self) -> bool:
        """True when written rules let the paper go and no check speaks against it."""
        return self.paper_until is not None and self.is_sound
