"""Whom notices of a request can't reach: they must be told by somebody, and somebody must know."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rpa.domain.notice import Notice, NoticeState
from rpa.domain.person import Person, PersonId
from rpa.domain.signature_request import SignatureRequest
from rpa.i18n import _
from rpa.register.register import Register


class OutOfReach(StrEnum):
    """Why no notice reaches somebody."""

    NO_ACCOUNT = "no-account"
    CLOSED = "account-closed"
    NO_MAIL_SERVER = "no-mail-server"
    REFUSED = "mail-refused"
    """The mail server gave the last notice to them back for good, or failed for too long."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody whom no notice reaches."""

    person: PersonId
    why: OutOfReach


@dataclass(frozen=True, slots=True)
class Reach:
    """What it takes to say whom notices reach, read once for any number of requests."""

    people: Mapping[PersonId, Person]
    last: Mapping[PersonId, Notice]
    """The newest notice to each that was sent or given up."""
    has_mail: bool
    """``rpa.yaml`` names a mail server."""

    @classmethod
    def of(cls, register: Register, *, has_mail: bool, among: Collection[PersonId] = ()) -> "Reach":
        """Read it from the register, of everybody or of those named."""
        people = {person.person_id: person for person in register.people()}
        return cls(people, register.last_notices(among), has_mail)

    def why_not(self, person: PersonId) -> OutOfReach | None:
        """Return why no notice reaches ``person``; None where one can."""
        known, last = self.people.get(person), self.last.get(person)
        if known is None:
            return OutOfReach.NO_ACCOUNT
        if not known.is_active:
            return OutOfReach.CLOSED
        if not self.has_mail:
            return OutOfReach.NO_MAIL_SERVER
        if last is not None and last.state is NoticeState.GIVEN_UP:
            return OutOfReach.REFUSED
        return None

    def unreached(self, people: Collection[PersonId]) -> tuple[Unreached, ...]:
        """Return those of ``people`` whom no notice reaches."""
        found = ((person, self.why_not(person)) for person in dict.fromkeys(people))
        return tuple(Unreached(person, why) for person, why in found if why is not None)

    def unreached_of(self, request: SignatureRequest) -> tuple[Unreached, ...]:
        """Return whom no notice of an open request will reach; of one that ended, whom none did."""
        if request.state.is_final:
            return self.unreached(request.told_of_end)
        due = [signer.person for signer in request.signers if signer.is_due]
        return self.unreached([*due, *request.told_of_end])


def told_later(request: SignatureRequest) -> tuple[PersonId, ...]:
    """Return who will be told how an open request ends: the asker, all signers, watchers."""
    signers = [signer.person for signer in request.signers]
    return tuple(dict.fromkeys([*request.told_of_end, *signers]))


def reason_words(why: OutOfReach) -> str:
    """Return why no notice reaches somebody, and what can be done."""
    words = {
        OutOfReach.NO_ACCOUNT: _("nobody here has this log-in name"),
        OutOfReach.CLOSED: _("the account is closed"),
        OutOfReach.NO_MAIL_SERVER: _("no mail server is set up here"),
        OutOfReach.REFUSED: _("the mail server gave the last notice back"),
    }
    return words[why]
