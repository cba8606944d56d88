"""The services of a development PKI on loopback: timestamps, OCSP, revocation lists."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Final

import yaml
from asn1crypto import tsp, x509
from certomancer.config_utils import ConfigurationError
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, KeyLabel
from certomancer.services import (
    CertomancerServiceError,
    CRLBuilder,
    TimeStamper,
    choose_signed_digest,
)
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.certificates import read_certificates
from rpa.signing.adapters.certomancer_pki import ARCH, CERTIFICATES, CONFIGURATION, architecture

LIST_LIFE: Final = timedelta(days=7)
"""How long a revocation list may be used; each is made anew at most once a second."""
MAX_REQUEST_BYTES: Final = 100_000
_OCSP: Final = ("/ocsp", f"/{ARCH}/ocsp/interm")
_TSA: Final = ("/tsa", f"/{ARCH}/tsa/tsa")
_LISTS: Final = {f"/{ARCH}/crls/{name}/latest.crl": name for name in ("root", "interm")}


def serve_pki(folder: Path, host: str, port: int, *, at: datetime | None = None) -> BaseWSGIServer:
    """Return a server, ready to run, of the PKI in ``folder``; port 0 takes a free one.

    ``at`` stops the clock of its answers; without it they carry the time of the machine.

    Raises:
        ToolUnavailableError: The PKI is not there, or the address is taken.
    """
    try:
        services = PkiServices(folder, at)
        server = make_server(host, port, services, threaded=True, request_handler=_Quiet)
    except (OSError, ConfigurationError, yaml.YAMLError, SystemExit) as exc:
        raise ToolUnavailableError(
            _(
                "The development PKI of {folder} cannot be served at {host}:{port}. "
                "Create it first, and check that the port is free.",
                folder=folder,
                host=host,
                port=port,
            ),
            code="pki-server",
        ) from exc
    return server


class PkiServices:
    """The services as a WSGI application; never gives out a key.

    Certomancer answers OCSP requests. Timestamps and revocation lists are made here from its parts:
    ten times as fast, and a revocation is on the list at once.
    """

    def __init__(self, folder: Path, at: datetime | None) -> None:
        """Load the PKI; it is loaded again where its configuration changes."""
        self._folder = folder
        self._at = at
        self._lock = Lock()
        self._loaded: object = None
        self._load()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        if (request.content_length or 0) > MAX_REQUEST_BYTES:
            answer: Any = Response("too long", 413)
        else:
            body = request.get_data(cache=True)
            # What certomancer and asn1crypto hold is made on first use, without a lock of theirs.
            with self._lock:
                answer = self._answered(request, body)
        replied: Iterable[bytes] = answer(environ, start_response)
        return replied

    def _answered(self, request: Request, body: bytes) -> Any:
        self._load()
        path = request.path
        try:
            if path in _TSA and request.method == "POST":
                return Response(self._stamped(body), mimetype="application/timestamp-reply")
            if path in _LISTS and request.method == "GET":
                return Response(self._listed(_LISTS[path]), mimetype="application/pkix-crl")
            if path in _OCSP:
                request.environ["PATH_INFO"] = _OCSP[1]
            # The body was read before the lock was taken, so that a slow client holds up nobody.
            return self._animator.dispatch(
                Request({**request.environ, "wsgi.input": BytesIO(body)})
            )
        except (ValueError, TypeError, KeyError, AttributeError, CertomancerServiceError):
            return Response("malformed", 400)

    def _load(self) -> None:
        """Read the PKI, unless it is what it was."""
        stat = (self._folder / CONFIGURATION).stat()
        state = (stat.st_mtime_ns, stat.st_ino)
        if state == self._loaded:
            return
        self._arch = architecture(self._folder)
        store = AnimatorArchStore({ArchLabel(ARCH): self._arch})
        self._animator = Animator(
            store, at_time=self._at, with_web_ui=False, allow_time_override=False
        )
        self._stamper = self._new_stamper()
        self._lists: dict[str, tuple[datetime, bytes]] = {}
        self._loaded = state

    def _new_stamper(self) -> TimeStamper:
        return TimeStamper(
            tsa_cert=self._certificate("tsa"),
            tsa_key=self._arch.key_set.get_private_key(KeyLabel("tsa")),
            fixed_dt=self._at,
        )

    def _certificate(self, name: str) -> x509.Certificate:
        """Return a certificate as it was written: encoded once, and the same after a restart."""
        kept = self._folder / CERTIFICATES / f"{name}.pem"
        if kept.is_file():
            return read_certificates([kept])[0]
        made: bytes = self._arch.get_cert(CertLabel(name)).dump()
        return x509.Certificate.load(made)

    def _stamped(self, body: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(body, strict=True)
        answer: bytes = self._stamper.request_tsa_response(asked).dump()
        return answer

    def _listed(self, name: str) -> bytes:
        now = (self._at or datetime.now(tz=UTC)).replace(microsecond=0)  # noqa: TID251
        made = self._lists.get(name)
        if made is None or made[0] != now:
            made = now, self._new_list(name, now)
            self._lists[name] = made
        return made[1]

    def _new_list(self, name: str, now: datetime) -> bytes:
        registry = self._arch.service_registry
        about = registry.get_crl_repo_info(name)
        key = self._arch.key_set.get_asym_key(KeyLabel(name))
        issuer = self._certificate(name)
        builder = CRLBuilder(
            issuer_name=issuer.subject,
            issuer_key=key.private,
            signature_algo=choose_signed_digest(about.digest_algo, key.public),
            authority_key_identifier=issuer.key_identifier_value,
        )
        revoked = self._arch.get_revoked_certs_at_time(at_time=now, crl_info=about)
        made: bytes = builder.build_crl(
            crl_number=int(now.timestamp()),
            this_update=now,
            next_update=now + LIST_LIFE,
            revoked_certs=list(revoked),
            distpoint=about.format_idp(self._arch.entities),
        ).dump()
        return made


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of each request."""
