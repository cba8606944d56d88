"""One connection to a mailbox, with its folder selected; each failure told in our words."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from rpa.domain.errors import RpaError, SetupError, ToolTimeoutError, ToolUnavailableError
from rpa.i18n import _
from rpa.intake.adapters.imap_account import MailAccount, Security
from rpa.intake.adapters.imap_login import log_in
from rpa.intake.adapters.imap_words import Answer, literal, quoted_folder, response_code

DONE_KEYWORD: Final = "RpaTaken"
"""Set on a mail whose case is stored, where there is no folder to move it to."""

_REFUSED: Final = frozenset({"mailbox-login", "mailbox-token"})
"""What is tried again later and later."""


class ImapSession:
    """A connection; not for several threads at once.

    Every method raises ``ToolUnavailableError`` or ``ToolTimeoutError`` when the server is away,
    cuts the connection or refuses; the connection is of no more use then.
    """

    def __init__(self, account: MailAccount) -> None:
        """Connect, log in and select the folder.

        Raises:
            SetupError: The password is wrong, or was so just now; there is no such folder, or it
                can't be written.
            ToolUnavailableError: The server is away, or its certificate isn't trusted.
            ToolTimeoutError: It did not answer in time.
        """
        self._account = account
        if account.patience is not None:
            account.patience.wait(account.host, account.identity)
        with told(account):
            self._client = _connected(account)
        try:
            with told(account):
                self._log_in()
                self._select()
        except RpaError:
            self.close()
            raise

    @property
    def uid_validity(self) -> int:
        """The folder's number; after a change its UIDs name other mails (RFC 3501, 2.3.1.1)."""
        return int(self._said("UIDVALIDITY") or 0)

    def waiting(self) -> list[int]:
        """Return the UIDs of what isn't done yet, oldest first."""
        criteria = ["UNDELETED"]
        if self._account.done_folder is None:
            criteria += ["UNKEYWORD", DONE_KEYWORD]
        return _numbers(self._asked("SEARCH", *criteria))

    def fetched(self, uid: int, what: str) -> Answer | None:
        """Ask for something of one mail; None where the server refuses this one."""
        with told(self._account):
            status, answer = self._client.uid("FETCH", str(uid), what)
        return answer if status == "OK" else None

    def set_done(self, uid: int) -> None:
        """Move the mail to the done folder, or flag it; a mail that is gone is no error.

        By one who does it alone: two who move a mail at once may leave it there twice. Who died
        between copying and deleting is taken up where the copy is found.
        """
        folder = self._account.done_folder
        if folder is None:
            self._asked("STORE", str(uid), "+FLAGS.SILENT", f"(\\Seen {DONE_KEYWORD})")
        elif not self._still_waits(uid):
            return
        elif "MOVE" in self._capabilities:
            self._into("MOVE", uid, folder)
        else:
            if not self._is_copied(uid, folder):
                self._into("COPY", uid, folder)
            self._asked("STORE", str(uid), "+FLAGS.SILENT", "(\\Deleted)")
            if "UIDPLUS" in self._capabilities:
                self._asked("EXPUNGE", str(uid))

    def close(self) -> None:
        """Log out; a connection that is broken already is let go."""
        with suppress(imaplib.IMAP4.error, OSError):
            self._client.logout()
        _shut(self._client)

    def _log_in(self) -> None:
        patience, identity = self._account.patience, self._account.identity
        try:
            log_in(self._client, self._account)
        except SetupError as error:
            if patience is not None and error.reason in _REFUSED:
                patience.refused(identity)
            raise
        if patience is not None:
            patience.let_in()
        _status, told_now = self._client.capability()
        words = b" ".join(item for item in told_now if isinstance(item, bytes))
        self._capabilities = frozenset(words.decode("ascii", "replace").upper().split())

    def _select(self) -> None:
        account = self._account
        try:
            status, _answer = self._client.select(quoted_folder(account.folder))
        except imaplib.IMAP4.readonly:
            raise _unfit(account, _("it can only be read")) from None
        if status != "OK":
            raise SetupError(
                _(
                    "The mailbox on {host} has no folder {folder}. Name it in rpa.yaml as the "
                    "server does.",
                    host=account.host,
                    folder=account.folder,
                ),
                code="mailbox-folder",
            )
        kept = self._said("PERMANENTFLAGS").split("(")[-1]
        if account.done_folder is None and not ("\\*" in kept or DONE_KEYWORD in kept):
            raise _unfit(account, _("it keeps no keywords"))

    def _still_waits(self, uid: int) -> bool:
        with told(self._account):
            self._client.noop()  # what others did since comes with its answer
        return bool(_numbers(self._asked("SEARCH", "UID", str(uid), "UNDELETED")))

    def _is_copied(self, uid: int, folder: str) -> bool:
        """Say whether the folder holds a mail of the same bytes."""
        mail = self._whole(uid)
        if mail is None:
            return False
        with told(self._account):
            status, _answer = self._client.select(quoted_folder(folder), readonly=True)
        is_there = status == "OK" and any(self._whole(uid) == mail for uid in self._sized(mail))
        with told(self._account):
            self._select()
        return is_there

    def _sized(self, mail: bytes) -> list[int]:
        """Return the mails that are as large, the newest first."""
        size = len(mail)
        words = ("UNDELETED", "LARGER", str(size - 1), "SMALLER", str(size + 1))
        return _numbers(self._asked("SEARCH", *words))[::-1]

    def _whole(self, uid: int) -> bytes | None:
        return literal(self.fetched(uid, "(BODY.PEEK[])") or ())

    def _into(self, verb: str, uid: int, folder: str) -> None:
        with told(self._account):
            status, answer = self._client.uid(verb, str(uid), quoted_folder(folder))
            if status != "OK" and response_code(answer) in ("TRYCREATE", "NONEXISTENT"):
                self._client.create(quoted_folder(folder))
                self._client.subscribe(quoted_folder(folder))
                status, answer = self._client.uid(verb, str(uid), quoted_folder(folder))
        self._check(verb, status, answer)

    def _asked(self, verb: str, *words: str) -> Answer:
        with told(self._account):
            status, answer = self._client.uid(verb, *words)
        self._check(verb, status, answer)
        return answer

    def _check(self, verb: str, status: str, answer: Answer) -> None:
        if status != "OK":
            raise ToolUnavailableError(
                _(
                    "The mail server {host} refused {verb} ({code}). It is tried again.",
                    host=self._account.host,
                    verb=verb,
                    code=response_code(answer) or status,
                ),
                code="mailbox-refused",
            )

    def _said(self, name: str) -> str:
        """Return what the folder's selection told under ``name``; empty where nothing."""
        _name, found = self._client.response(name)
        # imaplib gives an answer away once: keep it for the next question.
        self._client.untagged_responses.setdefault(name, [i for i in found if i is not None])
        last = found[-1] if found else None
        return last.decode("ascii", "replace") if isinstance(last, bytes) else ""


def _numbers(found: Answer) -> list[int]:
    """Return what a search found, the lowest first."""
    uids = b" ".join(item for item in found if isinstance(item, bytes))
    return sorted(map(int, uids.split()))


@contextmanager
def told(account: MailAccount) -> Iterator[None]:
    """Turn whatever goes wrong on the way to the server into an error for people."""
    try:
        yield
    except ssl.SSLCertVerificationError as problem:
        raise ToolUnavailableError(
            _(
                "The certificate of the mail server {host} isn't trusted: {why}. Check the host's "
                "name, or name its authority's certificate as ca_file.",
                host=account.host,
                why=problem.verify_message,
            ),
            code="mailbox-certificate",
        ) from problem
    except TimeoutError as problem:
        raise ToolTimeoutError(
            _("The mail server {host} did not answer in time. It is tried again.",
              host=account.host),
            code="mailbox-timeout",
        ) from problem  # fmt: skip
    except (OSError, EOFError, imaplib.IMAP4.error) as problem:
        cause = problem.strerror if isinstance(problem, OSError) else None
        raise ToolUnavailableError(
            _(
                "The mail server {host}, port {port}, can't be reached or broke off: {why}. It is "
                "tried again.",
                host=account.host,
                port=account.number,
                why=cause or type(problem).__name__,
            ),
            code="mailbox-unavailable",
        ) from problem


def _connected(account: MailAccount) -> imaplib.IMAP4:
    if account.security is Security.NONE:
        return imaplib.IMAP4(account.host, account.number, account.timeout_s)
    context = _trust(account)
    if account.security is Security.TLS:
        return imaplib.IMAP4_SSL(
            account.host, account.number, ssl_context=context, timeout=account.timeout_s
        )
    client = imaplib.IMAP4(account.host, account.number, account.timeout_s)
    try:
        client.starttls(context)
    except (imaplib.IMAP4.error, OSError):
        _shut(client)
        raise
    return client


def _shut(client: imaplib.IMAP4) -> None:
    """Close the connection, whatever imaplib has left of it."""
    with suppress(OSError):
        client.shutdown()


def _trust(account: MailAccount) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=account.ca_file)
    except OSError as problem:  # an SSLError is one, too
        raise SetupError(
            _("The certificates in {file} can't be read: {why}.", file=account.ca_file,
              why=problem.strerror or type(problem).__name__),
            code="mailbox-ca-file",
        ) from problem  # fmt: skip
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _unfit(account: MailAccount, why: str) -> SetupError:
    return SetupError(
        _(
            "Mails in the folder {folder} on {host} can't be marked as taken: {why}. Give this "
            "user the right to write, or name a done_folder in rpa.yaml.",
            folder=account.folder,
            host=account.host,
            why=why,
        ),
        code="mailbox-folder",
    )
