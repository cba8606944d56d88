"""People who use the console: who they are to the organisation, and how surely it was them."""

from enum import StrEnum
from typing import Annotated, Final, NewType

from pydantic import AwareDatetime, EmailStr, Field

from rpa.domain.model import Value
from rpa.i18n import Language

PersonId = NewType("PersonId", str)
"""A person's log-in name: lower-case letters, digits, dots and hyphens."""
PERSON_PATTERN: Final = r"^[a-z0-9][a-z0-9.-]{0,79}$"


class Role(StrEnum):
    """What a person may do in the console."""

    SIGNER = "signer"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"


class Person(Value):
    """Somebody who has an account."""

    person_id: Annotated[PersonId, Field(pattern=PERSON_PATTERN)]
    name: Annotated[str, Field(min_length=1, max_length=120)]
    email: EmailStr
    language: Language = "fr"
    roles: frozenset[Role] = frozenset({Role.SIGNER})
    credential: str = ""
    """The name of their own signing credential in ``rpa.yaml``."""
    is_active: bool = True


class Proof(StrEnum):
    """How somebody proved who they are."""

    PASSWORD = "password"  # noqa: S105 - the word, not a secret
    ONE_TIME_CODE = "one-time-code"
    KEY_PASSPHRASE = "key-passphrase"  # noqa: S105
    """They opened their own signing key with a secret that the organisation does not keep."""

    @property
    def factor(self) -> "Factor":
        """What kind of proof this is."""
        return Factor.POSSESSION if self is Proof.ONE_TIME_CODE else Factor.KNOWLEDGE


class Factor(StrEnum):
    """Kinds of proof (Implementing Regulation (EU) 2015/1502, annex, 1(2))."""

    KNOWLEDGE = "knowledge"
    POSSESSION = "possession"


class Assurance(StrEnum):
    """How sure the organisation is (after the levels of Regulation (EU) 910/2014, article 8)."""

    LOW = "low"
    """One proof."""
    SUBSTANTIAL = "substantial"
    """Two proofs of different kinds."""


class IdentityEvidence(Value):
    """That a person proved who they are, when, and how."""

    person: PersonId
    proofs: tuple[Proof, ...]
    at: AwareDatetime
    session: str = ""
    """A digest of the console's session, so that its other entries can be found."""

    @property
    def assurance(self) -> Assurance:
        """How sure the organisation is."""
        factors = {proof.factor for proof in self.proofs}
        return Assurance.SUBSTANTIAL if len(factors) > 1 else Assurance.LOW
