"""A Dovecot of a test's own on loopback, with a certificate of its own; it ends with the test."""

import datetime as dt
import getpass
import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rpa.domain.errors import ToolUnavailableError

USER: Final = "bureau"
PASSWORD: Final = 'pa"pi\\er é'  # noqa: S105 - of this test's server
_START_S: Final = 20
_VALID: Final = (dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2050, 1, 1, tzinfo=dt.UTC))

_SERVICES: Final = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = 127.0.0.1
ssl = yes
auth_mechanisms = plain login
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = {uid}
first_valid_gid = {gid}
mail_fsync = never
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
"""

_SETTINGS: Final = {
    "2.3": """\
protocols = imap
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
""",
    "2.4": """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols = imap
ssl_server_cert_file = {folder}/server.pem
ssl_server_key_file = {folder}/server.key
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
passdb passwd-file {{
  passwd_file_path = {folder}/users
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/mail/%{{user}}
  }}
}}
""",
}
"""By the program's version: from 2.4 on, settings have other names."""

_TOKENS: Final = """\
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
"""
_INTROSPECTION: Final = """\
introspection_url = {issuer}/introspect
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The running server."""

    folder: Path
    port: int
    """Of IMAP over TLS."""
    plain_port: int
    """Of IMAP that offers STARTTLS."""
    ca_file: Path
    host: str = "localhost"
    username: str = USER
    password: str = PASSWORD

    @contextmanager
    def opened(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """Give a connection of its own, with ``folder`` selected."""
        context = ssl.create_default_context(cafile=self.ca_file)
        with imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=30) as client:
            secret = f"\0{self.username}\0{self.password}".encode()
            client.authenticate("PLAIN", lambda _challenge: secret)
            client.select(f'"{folder}"')
            yield client

    def deliver(self, *messages: bytes, folder: str = "INBOX") -> None:
        """Lay messages into a folder, as a mail server would."""
        with self.opened() as client:
            for message in messages:
                client.append(f'"{folder}"', "", "", message)

    def count(self, folder: str = "INBOX", criterion: str = "ALL") -> int:
        """Return how many messages of a folder fit an IMAP search."""
        with self.opened(folder) as client:
            if client.state != "SELECTED":
                return 0
            _status, found = client.search(None, criterion)
        return len((found[0] or b"").split())

    def forget_uids(self) -> None:
        """Lose the record of the inbox's UIDs, as a restored mailbox does: UIDVALIDITY changes."""
        for kept in ("dovecot-uidlist", "dovecot.index*"):
            for lost in (self.folder / "mail" / self.username).glob(kept):
                lost.unlink()


def dovecot_program() -> Path | None:
    """Return the server's program, if it is there in a version that is known here."""
    found = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    return Path(found) if found and dovecot_version(Path(found)) in _SETTINGS else None


def dovecot_version(program: Path) -> str:
    """Return the first two numbers of the program's version, as ``2.3``."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    return ".".join(done.stdout.split(".")[:2])


@contextmanager
def running_mailbox(settings: str = "", *, issuer: str = "") -> Iterator[MailServer]:
    """Run Dovecot with one user, all its files in a folder of its own; ``settings`` come last.

    With the address of an ``issuer`` it takes access tokens, too, by the ways that
    ``auth_mechanisms`` in ``settings`` names; in version 2.3 only.

    The folder's name is short, because those of sockets must be.

    Raises:
        ToolUnavailableError: Dovecot is not installed, or did not start.
    """
    program = dovecot_program()
    if program is None:
        raise ToolUnavailableError("Dovecot is not installed: apt-get install dovecot-imapd")
    with TemporaryDirectory(prefix="rpa-", ignore_cleanup_errors=True) as folder:
        server = MailServer(Path(folder), _free_port(), _free_port(), Path(folder, "ca.pem"))
        user = _server_user()
        if issuer:
            introspection = _INTROSPECTION.format(issuer=issuer)
            (server.folder / "oauth2.conf").write_text(introspection, encoding="utf-8")
        tokens = _TOKENS if issuer else ""
        ours = _SETTINGS[dovecot_version(program)] + tokens + _SERVICES + settings
        _prepare(server, user, ours)
        process = _started(program, server, user)
        try:
            _wait_for(server, process)
            yield server
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # its own way to stop takes seconds
            process.wait()


def _started(program: Path, server: MailServer, user: pwd.struct_passwd) -> subprocess.Popen[bytes]:
    # As root, as nobody: the server refuses to keep mail as root.
    who: Sequence[str] = (
        ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
        if os.getuid() == 0
        else ()
    )
    words = [*who, str(program), "-F", "-c", str(server.folder / "dovecot.conf")]
    return subprocess.Popen(  # noqa: S603 - the program found above
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _server_user() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody" if os.getuid() == 0 else getpass.getuser())


def _prepare(server: MailServer, user: pwd.struct_passwd, settings: str) -> None:
    folder = server.folder
    (folder / "mail").mkdir()
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
    write_certificate(folder)
    said = settings.format(
        folder=folder,
        user=user.pw_name,
        group=grp.getgrgid(user.pw_gid).gr_name,
        uid=user.pw_uid,
        gid=user.pw_gid,
        port=server.port,
        plain_port=server.plain_port,
    )
    (folder / "dovecot.conf").write_text(said, encoding="utf-8")
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, user.pw_uid, user.pw_gid)


def write_certificate(folder: Path, *, host: str = "localhost") -> None:
    """Write ``ca.pem``, and ``server.pem`` with ``server.key`` that it issued for ``host``."""
    root, root_key = _certificate("Autorité d'essai", None, host="")
    issued, key = _certificate(host, (root, root_key), host=host)
    (folder / "ca.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (folder / "server.pem").write_bytes(issued.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


_Issuer = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def _certificate(name: str, issuer: _Issuer | None, *, host: str) -> _Issuer:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer_key = issuer[1] if issuer else key
    identifier = x509.SubjectKeyIdentifier.from_public_key
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALID[0])
        .not_valid_after(_VALID[1])
        .add_extension(x509.BasicConstraints(ca=not issuer, path_length=None), critical=True)
        .add_extension(identifier(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if host:
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        built = built.add_extension(names, critical=False)
    return built.sign(issuer_key, hashes.SHA256()), key


def _wait_for(server: MailServer, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", server.port)) == 0:
                return
        time.sleep(0.05)
    log = server.folder / "log"
    said = log.read_text(encoding="utf-8") if log.exists() else ""
    raise ToolUnavailableError(f"Dovecot did not start: {said[-500:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
