"""How well a form is read, on samples whose truth is known."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from rpa.domain.errors import DefinitionError
from rpa.domain.form import FormDefinition
from rpa.domain.kinds import DRAWN
from rpa.domain.reading import Reading
from rpa.i18n import _
from rpa.ocr.parsers import parse


@dataclass(frozen=True, slots=True)
class Score:
    """What was right and what was not, counted by fields."""

    fields: int = 0
    right: int = 0
    accepted: int = 0
    """Fields that no person is asked about."""
    accepted_wrong: int = 0
    wrong: Mapping[str, int] = field(default_factory=dict)
    """By field: how often it was not right."""

    def __add__(self, other: Self) -> "Score":
        """Return both together."""
        names = self.wrong.keys() | other.wrong.keys()
        return Score(
            self.fields + other.fields,
            self.right + other.right,
            self.accepted + other.accepted,
            self.accepted_wrong + other.accepted_wrong,
            {name: self.wrong.get(name, 0) + other.wrong.get(name, 0) for name in names},
        )


def scored(reading: Reading, form: FormDefinition, truth: Mapping[str, str]) -> Score:
    """Return the score of a reading; ``truth`` has a text by field, none for those left empty.

    A box without a truth is one that was not ticked.
    """
    total = Score()
    definitions = {definition.name: definition for definition in form.all_fields()}
    for value in reading.fields:
        definition = definitions[value.name]
        said = truth.get(value.name, "")
        is_told = bool(said) or definition.kind in DRAWN
        meant = (
            parse(definition.kind, said, from_pixels=False, writing=definition) if is_told else None
        )
        wanted = (meant.value or said) if meant else None
        is_right = (value.value or None) == wanted
        is_accepted = not value.problems
        wrong = {} if is_right else {value.name: 1}
        total += Score(1, int(is_right), int(is_accepted), int(is_accepted and not is_right), wrong)
    return total


def samples_in(folder: Path) -> dict[Path, Mapping[str, str]]:
    """Return the samples of a folder with their truth: ``NAME.tif`` and ``NAME.json``.

    Raises:
        DefinitionError: There is none, or a truth is no JSON object of texts.
    """
    found: dict[Path, Mapping[str, str]] = {}
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        truth = path.with_suffix(".json")
        if path.suffix != ".json" and truth.is_file():
            found[path] = _truth(truth)
    if not found:
        raise DefinitionError(
            _(
                "{folder} holds no samples: put a filled form there as NAME.tif or NAME.pdf, and"
                " what its fields say as NAME.json.",
                folder=folder,
            ),
            code="no-samples",
        )
    return found


def _truth(path: Path) -> Mapping[str, str]:
    try:
        said: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DefinitionError(_("{file} is no JSON.", file=path), code="not-json") from error
    if not isinstance(said, dict):
        raise DefinitionError(
            _("{file} must hold fields and their values.", file=path), code="not-json"
        )
    return {str(name): "" if text is None else str(text) for name, text in said.items()}
