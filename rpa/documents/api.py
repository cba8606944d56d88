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


class Composer(Protocol):
    """Makes the outgoing PDF."""

    def compose(self, request: LetterRequest) -> bytes:
        """Return the letter as PDF/A-3b with every font embedded, ready to be signed.

        The same request gives the same text; nothing is fetched from a network.

        Raises:
            DefinitionError: The template is wrong; file and line are said.
        """
        ...
