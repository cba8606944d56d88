"""What reviewed cases tell of how far readings can be trusted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rpa.domain.case import Case
from rpa.domain.document import DocumentRole
from rpa.ocr.evidence import FEATURES
from rpa.steps.toolbox import Toolbox
from rpa.steps.values import reading_of, values_of

PAGE: Final = 500
"""Cases asked of the register at a time."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One value that was read, and whether the person who looked at it left it as it was."""

    evidence: tuple[float, ...]
    is_right: bool


def reviewed_values(tools: Toolbox) -> Iterator[Reviewed]:
    """Yield every recognized value that a person has decided on, of all cases.

    Those read before an update that weighs other evidence are left out. So are values that were
    accepted without a person: nobody knows whether they are right.
    """
    before = None
    while page := tools.register.cases(most=PAGE, before=before):
        for summary in page:
            yield from _of(summary.case, tools)
        before = page[-1].case.case_id


def _of(case: Case, tools: Toolbox) -> Iterator[Reviewed]:
    if not (case.has(DocumentRole.READING) and case.has(DocumentRole.VALUES)):
        return
    approved = values_of(case, tools)
    for field in reading_of(case, tools).fields:
        if len(field.evidence) == len(FEATURES) and field.name in approved.by_person:
            yield Reviewed(field.evidence, field.value == approved.values.get(field.name))
