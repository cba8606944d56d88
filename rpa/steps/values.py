"""Approved values: what is filed, and who said each of them."""

from collections.abc import Mapping
from typing import Protocol

from rpa.domain.case import Case
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.model import Value
from rpa.domain.reading import Reading
from rpa.processes.folder import ProcessFolder
from rpa.steps.toolbox import Toolbox
from rpa.store.api import DocumentStore


class ApprovedValues(Value):
    """The values of a case as approved, canonical texts by field name."""

    values: Mapping[str, str]
    by_person: tuple[str, ...] = ()
    """Names of the fields that a person decided."""
    person: str | None = None


def reading_of(case: Case, tools: Toolbox) -> Reading:
    """Return the newest reading of ``case``."""
    kept = case.document(DocumentRole.READING)
    return Reading.model_validate_json(tools.store.get(kept.digest))


def values_of(case: Case, tools: Toolbox) -> ApprovedValues:
    """Return the newest approved values of ``case``."""
    kept = case.document(DocumentRole.VALUES)
    return ApprovedValues.model_validate_json(tools.store.get(kept.digest))


class Keeper(Protocol):
    """Whoever has a store."""

    @property
    def store(self) -> DocumentStore:
        """Where documents are kept."""
        ...


def kept_values(values: ApprovedValues, tools: Keeper) -> DocumentRef:
    """Store approved values and return their reference."""
    return DocumentRef(
        role=DocumentRole.VALUES,
        digest=tools.store.put(values.model_dump_json(indent=1).encode()),
        media_type=MediaType.JSON,
        name="values.json",
    )


def filing_key(case: Case, process: ProcessFolder, values: Mapping[str, str]) -> str:
    """Return what the case is found again by in the target: its key fields, else its number."""
    keys = [field.name for field in process.definition.form.all_fields() if field.key]
    parts = [values[name] for name in keys if name in values]
    return "/".join(parts) if keys and len(parts) == len(keys) else case.case_id
