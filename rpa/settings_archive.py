"""What a home says of its archive."""

from pydantic import BaseModel, ConfigDict

from rpa.domain.signature import SignatureLevel


class ArchiveSettings(BaseModel):
    """How packages are sealed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seal: str | None = None
    """The credential that seals each transfer record; without one records are not sealed."""
    level: SignatureLevel = SignatureLevel.B_T
