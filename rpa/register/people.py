"""Who has an account, and what proves that it is them: hashes and sealed secrets, never more."""

import dataclasses
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from rpa.domain.errors import NotFoundError, SetupError
from rpa.domain.person import Person, PersonId
from rpa.i18n import _
from rpa.register import ledger
from rpa.register.database import Database
from rpa.register.ledger import instant
from rpa.register.tables import one_time_secrets, people, sessions


class SecretKind(StrEnum):
    """What a secret that works once is for."""

    RECOVERY = "recovery"
    """In place of a one-time code, where the telephone is lost."""
    FIRST_PASSWORD = "first-password"  # noqa: S105 - the word, not a secret
    """Lets its bearer choose the account's password."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person with what the proofs of who they are can be checked against."""

    person: Person
    password_hash: str | None = dataclasses.field(repr=False)
    totp: str | None = dataclasses.field(repr=False)
    """The sealed key of their one-time codes."""
    totp_step: int
    """The newest half minute whose code was used."""


class PeopleRegister:
    """The register's part that is about the people of the console."""

    _database: Database
    _now: Callable[[], datetime]

    def person(self, person_id: PersonId) -> Person:
        """Return a person; raises :class:`NotFoundError` if nobody has this log-in name."""
        return self.account(person_id).person

    def people(self) -> list[Person]:
        """Return everybody, by log-in name; those who left, too."""
        with self._database.reading() as connection:
            rows = connection.execute(select(people).order_by(people.c.person_id))
            return [_account(row).person for row in rows]

    def account(self, person_id: PersonId) -> Account:
        """Return a person's account; raises :class:`NotFoundError` if there is none."""
        with self._database.reading() as connection:
            query = select(people).where(people.c.person_id == person_id)
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(
                _("Nobody has the log-in name {person}. `rpa person list`.", person=person_id),
                code="no-person",
            )
        return _account(row)

    def add_person(self, person: Person, *, actor: str) -> None:
        """Open an account that has no password yet.

        Raises:
            SetupError: Somebody has this log-in name.
        """
        with self._database.writing() as connection:
            mine = people.c.person_id == person.person_id
            if connection.execute(select(people.c.person_id).where(mine)).one_or_none():
                raise SetupError(
                    _("The log-in name {person} is taken.", person=person.person_id),
                    code="person-taken",
                )
            made = {"created_at": instant(self._now()), "totp_step": 0}
            connection.execute(insert(people).values(**_values(person), **made))
            told = {"person": person.person_id, "roles": sorted(person.roles)}
            self._told(connection, "person-added", told, actor=actor)

    def change_person(self, person: Person, *, actor: str) -> None:
        """Write a person anew; one who is no longer active is logged out everywhere."""
        with self._database.writing() as connection:
            mine = people.c.person_id == person.person_id
            connection.execute(update(people).where(mine).values(**_values(person)))
            if not person.is_active:
                self._end_sessions(connection, person.person_id)
            told = {
                "person": person.person_id,
                "roles": sorted(person.roles),
                "is_active": person.is_active,
            }
            self._told(connection, "person-changed", told, actor=actor)

    def choose_language(self, person: Person) -> None:
        """Keep a person's language; nothing that the ledger need tell."""
        with self._database.writing() as connection:
            mine = people.c.person_id == person.person_id
            connection.execute(update(people).where(mine).values(language=person.language))

    def set_password(self, person_id: PersonId, hashed: str, *, actor: str) -> None:
        """Keep a new password's hash; ends every session and every link to a first password."""
        with self._database.writing() as connection:
            mine = people.c.person_id == person_id
            connection.execute(update(people).where(mine).values(password_hash=hashed))
            self._end_sessions(connection, person_id)
            _drop_secrets(connection, person_id, SecretKind.FIRST_PASSWORD)
            self._told(connection, "password-set", {"person": person_id}, actor=actor)

    def rehash_password(self, person_id: PersonId, hashed: str, *, was: str) -> None:
        """Keep the same password under a newer hash, unless it was changed meanwhile."""
        with self._database.writing() as connection:
            same = (people.c.person_id == person_id) & (people.c.password_hash == was)
            connection.execute(update(people).where(same).values(password_hash=hashed))

    def set_totp(
        self, person_id: PersonId, sealed: str | None, recovery: Collection[str], *, actor: str
    ) -> None:
        """Keep the sealed key of one-time codes, with the digests of new recovery codes."""
        with self._database.writing() as connection:
            mine = people.c.person_id == person_id
            connection.execute(update(people).where(mine).values(totp=sealed))
            _drop_secrets(connection, person_id, SecretKind.RECOVERY)
            for digest in recovery:
                _add_secret(connection, person_id, SecretKind.RECOVERY, digest)
            kind = "one-time-codes-on" if sealed else "one-time-codes-off"
            self._told(connection, kind, {"person": person_id}, actor=actor)

    def use_step(self, person_id: PersonId, step: int) -> bool:
        """Use up the one-time code of a half minute; False where it, or a newer one, was used."""
        with self._database.writing() as connection:
            newer = (people.c.person_id == person_id) & (people.c.totp_step < step)
            return (
                connection.execute(update(people).where(newer).values(totp_step=step)).rowcount > 0
            )

    def give_first_password(
        self, person_id: PersonId, digest: str, *, until: datetime, actor: str
    ) -> None:
        """Keep the digest of a link by which a password can be chosen; older links end."""
        with self._database.writing() as connection:
            _drop_secrets(connection, person_id, SecretKind.FIRST_PASSWORD)
            _add_secret(connection, person_id, SecretKind.FIRST_PASSWORD, digest, until=until)
            self._told(connection, "password-link-made", {"person": person_id}, actor=actor)

    def first_password_of(self, digest: str) -> PersonId | None:
        """Return whose link this is, if it still works."""
        with self._database.reading() as connection:
            query = select(one_time_secrets).where(one_time_secrets.c.digest == digest)
            row = connection.execute(query).one_or_none()
        if row is None or row.kind != SecretKind.FIRST_PASSWORD or row.used_at is not None:
            return None
        return PersonId(row.person_id) if row.until > instant(self._now()) else None

    def use_secret(self, person_id: PersonId, kind: SecretKind, digest: str) -> bool:
        """Use up a secret; False where it is not theirs, was used, or its time is over."""
        now = instant(self._now())
        unused = (
            (one_time_secrets.c.digest == digest)
            & (one_time_secrets.c.person_id == person_id)
            & (one_time_secrets.c.kind == kind.value)
            & one_time_secrets.c.used_at.is_(None)
            & (one_time_secrets.c.until.is_(None) | (one_time_secrets.c.until > now))
        )
        with self._database.writing() as connection:
            used = update(one_time_secrets).where(unused).values(used_at=now)
            return connection.execute(used).rowcount > 0

    def _end_sessions(self, connection: Connection, person_id: PersonId) -> None:
        connection.execute(delete(sessions).where(sessions.c.person_id == person_id))

    def _told(self, connection: Connection, kind: str, data: dict[str, Any], *, actor: str) -> None:
        ledger.append(connection, at=self._now(), kind=kind, actor=actor, data=data)


def _account(row: Row[Any]) -> Account:
    person = Person(
        person_id=row.person_id,
        name=row.name,
        email=row.email,
        language=row.language,
        roles=frozenset(json.loads(row.roles)),
        credential=row.credential,
        is_active=bool(row.is_active),
    )
    return Account(person, row.password_hash, row.totp, row.totp_step)


def _values(person: Person) -> dict[str, Any]:
    columns = person.model_dump(exclude={"roles", "is_active"})
    roles = json.dumps(sorted(role.value for role in person.roles))
    return {**columns, "roles": roles, "is_active": int(person.is_active)}


def _add_secret(
    connection: Connection,
    person_id: PersonId,
    kind: SecretKind,
    digest: str,
    *,
    until: datetime | None = None,
) -> None:
    row = {"digest": digest, "person_id": person_id, "kind": kind.value}
    connection.execute(
        insert(one_time_secrets).values(**row, until=instant(until) if until else None)
    )


def _drop_secrets(connection: Connection, person_id: PersonId, kind: SecretKind) -> None:
    theirs = (one_time_secrets.c.person_id == person_id) & (one_time_secrets.c.kind == kind.value)
    connection.execute(delete(one_time_secrets).where(theirs))
