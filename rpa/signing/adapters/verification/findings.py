"""What a revision did, with what it takes to permit it (ISO 32000-2, 12.8.2.2 and 12.8.2.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from rpa.domain.signature import ChangeKind


class Need(IntEnum):
    """The least of the signers' permissions that a change needs; none grants the last."""

    PRESERVE = 1
    """Validation data and document timestamps: allowed by every permission (P=1)."""
    FILL = 2
    """Signing and filling in forms (P=2)."""
    ANNOTATE = 3
    """Comments (P=3)."""
    SIGN_UNSEEN = 4
    """A new field to sign in that is seen, or stays empty: where nobody certified the document."""
    DRAW = 5
    """Annotations that can draw anything over a page: P=3 allows them, and nobody can say that
    what was signed is still what is read."""
    DOUBT = 6
    """Nobody can say whether it is a change: two analyses, or two ways to look, disagree."""
    NEVER = 7


class Finding(NamedTuple):
    """One change."""

    kind: ChangeKind
    where: str
    need: Need
    field: str = ""
    """The form field it concerns, for locks that name fields."""

    @property
    def is_doubtful(self) -> bool:
        """Say whether nobody can tell if what was signed is still what is read."""
        return self.need in (Need.DRAW, Need.DOUBT)


@dataclass(frozen=True, slots=True)
class Lock:
    """What one signature allows later."""

    level: int | None = None
    """DocMDP's P, or that of the field's lock."""
    is_certification: bool = False
    action: str = ""
    """Which fields must keep their values: ``All``, ``Include``, ``Exclude`` or none."""
    fields: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    """The fields that existed when it was made."""

    def permits(self, finding: Finding) -> bool:
        """Say whether it allows a change; without a level, signing and form filling are."""
        if finding.need is Need.SIGN_UNSEEN:
            return self.level is None
        if finding.need is Need.DRAW:
            return self.level == Need.ANNOTATE
        if finding.need is Need.DOUBT:
            return True
        level = Need.FILL if self.level is None else self.level
        if finding.need > level:
            return False
        return not (finding.field and self._locks(finding.field))

    def _locks(self, field: str) -> bool:
        if field not in self.known:
            return False
        if self.action == "All":
            return True
        is_named = any(field == one or field.startswith(f"{one}.") for one in self.fields)
        return is_named if self.action == "Include" else self.action == "Exclude" and not is_named


def permitted(finding: Finding, locks: Sequence[Lock]) -> bool:
    """Say whether every signature made before allows a change."""
    return finding.need is not Need.NEVER and all(lock.permits(finding) for lock in locks)
