"""The base of every domain value, and the names of identifiers."""

from typing import NewType

from pydantic import BaseModel, ConfigDict

CaseId = NewType("CaseId", str)
"""A case number such as ``2026-000042``: shown to people, written into targets."""

ProcessId = NewType("ProcessId", str)
"""The folder name of a process: lower-case letters, digits and hyphens."""

Digest = NewType("Digest", str)
"""The SHA-256 of some bytes, 64 lower-case hexadecimal digits."""


class Value(BaseModel):
    """A frozen record that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(Value):
    """A name in both official languages of the interface."""

    fr: str
    en: str

    def into(self, language: str) -> str:
        """Return the name in ``language`` (``"fr"`` or ``"en"``)."""
        return self.en if language == "en" else self.fr
