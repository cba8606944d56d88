"""A mailbox that people send documents to, read by IMAP (RFC 3501)."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rpa.domain.errors import ApplicationError, RpaError, ToolUnavailableError
from rpa.i18n import _
from rpa.intake.adapters.imap_account import MailAccount
from rpa.intake.adapters.imap_session import ImapSession
from rpa.intake.adapters.imap_words import Answer, date_told, literal, message_id, size_told
from rpa.intake.api import Delivery
from rpa.intake.names import safe_name
from rpa.intake.refusals import refusal

_ABOUT: Final = "(RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
_WHOLE: Final = "(BODY.PEEK[])"
_MOST_WITHHELD: Final = 20
"""So many mails that can't be fetched, and a look is broken off."""


class _Open(threading.local):
    """The connection of a look that goes on in this thread."""

    session: ImapSession | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a mail stands: the folder's number and the mail's in it."""

    uid_validity: int
    uid: int


class MailboxChannel:
    """Holds out each mail of one folder, oldest first, as it came (``message/rfc822``).

    A delivery is named by the mailbox, its UIDVALIDITY and the mail's UID. Reading sets no flag:
    only :meth:`settle` tells the mailbox that a mail is done. Several processes may read one
    mailbox.
    """

    def __init__(self, name: str, account: MailAccount, *, max_bytes: int = 50_000_000) -> None:
        self.name = name
        self.account = account
        self._max_bytes = max_bytes
        self._open = _Open()

    def deliveries(self) -> Iterator[Delivery]:
        """Yield what waits, with one mail in memory at a time; a mail too large is refused unread.

        Raises:
            SetupError: The user, the password or the folder is wrong.
            ApplicationError: The server is away, cut the connection, or would not give out some
                of the mails; those come again at the next look.
        """
        self._open.session = ImapSession(self.account)
        try:
            yield from self._each(self._open.session)
        finally:
            self._let_go()

    def settle(self, delivery: Delivery) -> None:
        """Move the mail to the done folder, or flag it as seen and taken.

        May be called twice, and by another process than the one that held it out, but not by two
        at once where mails are moved (``Delivery.settle_once``). Where the folder's UIDVALIDITY
        changed since, the mail stays, and is known by its digest when it comes again.

        Raises:
            ApplicationError: The server is away.
            SetupError: As :meth:`deliveries`.
        """
        place = self._place(delivery.source_id)
        if self._open.session is not None:
            try:
                _set_done(self._open.session, place)
            except ApplicationError:
                self._let_go()  # it broke since: once more with a fresh one
            else:
                return
        session = ImapSession(self.account)
        try:
            _set_done(session, place)
        finally:
            session.close()

    def waiting(self) -> int:
        """Return how many mails wait; raises as :meth:`deliveries`."""
        session = ImapSession(self.account)
        try:
            return len(session.waiting())
        finally:
            session.close()

    def _each(self, session: ImapSession) -> Iterator[Delivery]:
        withheld = 0
        validity = session.uid_validity
        for uid in session.waiting():
            try:
                delivery = self._tried(_Place(validity, uid))
            except _WithheldError:
                withheld += 1
                if withheld >= _MOST_WITHHELD:
                    break
                continue
            if delivery:
                yield delivery
        if withheld:
            raise self._withheld(withheld)

    def _tried(self, place: _Place) -> Delivery | None:
        """Fetch one mail, twice if the connection is cut: a spoiled mail must not stop the rest.

        Dovecot breaks off where it can't read a mail from its disk.
        """
        for _attempt in range(2):
            try:
                return self._delivery(self._open.session or self._connected_again(place), place.uid)
            except ApplicationError:
                self._let_go()
        self._connected_again(place)
        raise _WithheldError

    def _connected_again(self, place: _Place) -> ImapSession:
        session = self._open.session = ImapSession(self.account)
        if session.uid_validity != place.uid_validity:
            raise self._withheld(1)
        return session

    def _let_go(self) -> None:
        session, self._open.session = self._open.session, None
        if session is not None:
            session.close()

    def _delivery(self, session: ImapSession, uid: int) -> Delivery | None:
        about = _given(session.fetched(uid, _ABOUT))
        size = size_told(about)
        if size is None:
            return None  # gone since the search
        named = message_id(literal(about) or b"") or f"message-{uid}"
        content = b""
        if size <= self._max_bytes:
            whole = literal(_given(session.fetched(uid, _WHOLE)))
            if whole is None:
                return None
            content, size = whole, len(whole)
        is_refused = not content or size > self._max_bytes
        why = self._refusal(size) if is_refused else None
        return Delivery(
            source_id=self._source_id(_Place(session.uid_validity, uid)),
            name=safe_name(f"{named.replace('/', '_')}.eml"),
            content=b"" if is_refused else content,
            refused=why.message if why else "",
            refused_code=why.reason if why else "",
            came_at=date_told(about),
            settle_once=self.account.done_folder is not None,
        )

    def _refusal(self, size: int) -> RpaError:
        if size > self._max_bytes:
            return refusal("too-large", limit=self._max_bytes // 1_000_000)
        return refusal("empty")

    def _source_id(self, place: _Place) -> str:
        return f"imap:{self.account.identity}:{place.uid_validity}:{place.uid}"

    def _place(self, source_id: str) -> _Place:
        _scheme, _mailbox, uid_validity, uid = source_id.split(":")
        return _Place(int(uid_validity), int(uid))

    def _withheld(self, count: int) -> ToolUnavailableError:
        return ToolUnavailableError(
            _(
                "The mail server {host} would not give out {count} mails of the channel {name}. "
                "They are tried again; look at them in the mailbox if this goes on.",
                host=self.account.host,
                count=count,
                name=self.name,
            ),
            code="mailbox-withheld",
        )


class _WithheldError(Exception):
    """The server answered NO for one mail."""


def _given(answer: Answer | None) -> Answer:
    if answer is None:
        raise _WithheldError
    return answer


def _set_done(session: ImapSession, place: _Place) -> None:
    if session.uid_validity == place.uid_validity:
        session.set_done(place.uid)
