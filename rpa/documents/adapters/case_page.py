"""A case on one HTML page: its documents, what the bot did step by step, the pictures.

No script, nothing fetched but the files beside it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import ChainableUndefined, Environment, FileSystemLoader

from rpa.domain.case import Case
from rpa.domain.ledger import LedgerEntry
from rpa.domain.words import state_word
from rpa.i18n import _, current_language

_TEMPLATES: Final = Path(__file__).parent.parent / "templates"
# A record that another version wrote may lack something: an empty cell is no reason to fail.
_pages: Final = Environment(
    loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=ChainableUndefined
)


@dataclass(frozen=True, slots=True)
class SavedPart:
    """A document of the case, and the file it was saved under."""

    role: str
    name: str
    digest: str
    file: str | None
    """None where the store does not hold it any more."""
    content: bytes = b""

    @property
    def is_picture(self) -> bool:
        """Say whether a browser shows it as a picture."""
        return self.file is not None and Path(self.file).suffix in {".png", ".jpg", ".webp"}


def case_page(case: Case, parts: Sequence[SavedPart], history: Sequence[LedgerEntry]) -> str:
    """Return the page of a case, in the language that is spoken."""
    return _pages.get_template("case.html").render(
        _=_,
        language=current_language(),
        case=case,
        state=state_word(case.state),
        parts=parts,
        records=[record for part in parts for record in _records(part)],
        history=history,
    )


def _records(part: SavedPart) -> list[dict[str, Any]]:
    """Return what a bot recorded, where ``part`` is such a record."""
    if not part.name.startswith("record") or not part.content:
        return []
    try:
        record = json.loads(part.content)
    except ValueError:
        return []
    has_steps = isinstance(record, dict) and isinstance(record.get("steps"), list)
    return [{**record, "name": part.file}] if has_steps else []
