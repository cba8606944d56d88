"""What a composer promises."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from rpa.domain.form import FieldKind


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """What a letter is made of."""

    template: Path
    """The process's ``letter.html`` (Jinja, autoescaped, sandboxed)."""
    language: str
    case_id: str
    organization: str
    values: Mapping[str, str]
    """Canonical texts by field name."""
    kinds: Mapping[str, FieldKind]
    receipt_number: str
    today: date


@dataclass(frozen=True, slots=True)
class RecordSection:
    """Facts under one heading."""

    heading: str
    rows: tuple[tuple[str, str], ...]
    """What it is, and what it says."""


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """What a document of record is made of."""

    title: str
    language: str
    organization: str
    case_id: str
    today: date
    sections: tuple[RecordSection, ...]
    attachment: bytes
    """The same facts for programs, carried in the file."""
    attachment_name: str


class Composer(Protocol):
    """Makes the PDFs that the organisation writes itself."""

    def compose(self, request: LetterRequest) -> bytes:
        """Return the letter as PDF/A-3b with every font embedded, ready to be signed.

        The same request gives the same text; nothing is fetched from a network.

        Raises:
            DefinitionError: The template is wrong; file and line are said.
        """
        ...

    def record(self, request: RecordRequest) -> bytes:
        """Return facts as PDF/A-3b that carries its attachment, ready to be sealed."""
        ...
