"""Whether a home has the persons and credentials that a process names for its signatures."""

from collections.abc import Iterator

from rpa.bootstrap.register import open_register
from rpa.domain.errors import NotFoundError
from rpa.domain.person import Person, PersonId
from rpa.i18n import _
from rpa.processes.folder import ProcessFolder
from rpa.register.register import Register
from rpa.settings import Settings


def signature_warnings(process: ProcessFolder, settings: Settings) -> tuple[str, ...]:
    """Say which signers and credentials of a process are missing in a home; nothing if all is well.

    Raises:
        ToolUnavailableError: The home's register can't be opened.
    """
    spec = process.definition.signature
    if spec is None:
        return ()
    known = settings.signing.credentials
    if spec.credential:
        named = _("rpa.yaml has no credential {name} under signing.", name=spec.credential)
        return () if spec.credential in known else (named,)
    register = open_register(settings)
    signers = (signer.person for signer in spec.signers)
    flaws = [flaw for one in signers for flaw in _flaws(one, register, settings)]
    missing = [_no_account(one) for one in spec.told if _person(one, register) is None]
    return tuple(dict.fromkeys([*flaws, *missing]))


def _flaws(person_id: PersonId, register: Register, settings: Settings) -> Iterator[str]:
    person = _person(person_id, register)
    if person is None:
        yield _no_account(person_id)
    elif not person.is_active:
        yield _("The account of {person} is closed.", person=person_id)
    elif not person.credential:
        yield _("{person} has no signing credential: `rpa person`.", person=person_id)
    elif person.credential not in settings.signing.credentials:
        yield _("rpa.yaml has no credential {name} under signing.", name=person.credential)


def _person(person_id: PersonId, register: Register) -> Person | None:
    try:
        return register.person(person_id)
    except NotFoundError:
        return None


def _no_account(person_id: PersonId) -> str:
    return _("{person} has no account: `rpa person add`.", person=person_id)
