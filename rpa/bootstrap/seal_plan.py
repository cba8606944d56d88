"""How the documents of a folder are sealed; light, so that the command starts at once."""

from dataclasses import dataclass, field
from pathlib import Path

from rpa.domain.signature_level import SignatureLevel
from rpa.i18n import Language


@dataclass(frozen=True, slots=True)
class SealPlan:
    """How the documents of a folder are sealed."""

    level: SignatureLevel | None
    """None is B-T where a time-stamping authority is known, else B-B."""
    language: Language
    home: Path | None = None
    credential: str = ""
    """Its name in the home's settings; empty where ``key`` is given."""
    key: Path | None = None
    passphrase: str = field(default="", repr=False)
    """A reference."""
    timestamp_url: str | None = None
    roots: tuple[Path, ...] = ()
    reason: str = ""
    visible: bool = True
    wait: bool = False

    def level_with(self, timestamp_url: str | None) -> SignatureLevel:
        """Return the level that is wanted where timestamps come from ``timestamp_url``."""
        return self.level or (SignatureLevel.B_T if timestamp_url else SignatureLevel.B_B)
