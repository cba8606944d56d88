"""The development PKI by certomancer: one YAML file, generated keys, and a loopback server."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Final

import yaml
from asn1crypto import pem
from certomancer.config_utils import ConfigurationError
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _

ARCH: Final = "dev"
CREDENTIALS: Final[Mapping[str, str]] = {
    "sceau": "Organisme de démonstration – sceau",
    "superviseur": "Marie Tremblay (démonstration)",
}
"""File name and common name of each signing certificate."""

_AUTHORITIES: Final[Mapping[str, str]] = {
    "root": "Autorité racine de démonstration",
    "interm": "Autorité de certification de démonstration",
    "ocsp": "Répondeur OCSP de démonstration",
    "tsa": "Autorité d’horodatage de démonstration",
}
_ROUTES: Final[Mapping[str, str]] = {"/tsa": f"/{ARCH}/tsa/tsa", "/ocsp": f"/{ARCH}/ocsp/interm"}


def build_pki(
    folder: Path, phrases: Mapping[str, str], *, now: datetime, base_url: str | None
) -> None:
    """Write keys, configuration, root certificate and credentials into the empty ``folder``."""
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    for name in (*_AUTHORITIES, *CREDENTIALS):
        _write_secret(keys / f"{name}.pem", _new_key())
    (folder / "pki.yaml").write_text(
        yaml.safe_dump(_configuration(now, base_url), allow_unicode=True), encoding="utf-8"
    )
    arch = _architecture(folder)
    root = arch.get_cert(CertLabel("root")).dump()
    (folder / "root.pem").write_bytes(pem.armor("CERTIFICATE", root))
    for name, phrase in phrases.items():
        p12 = arch.package_pkcs12(CertLabel(name), password=phrase.encode())
        _write_secret(folder / f"{name}.p12", p12)
        _write_secret(folder / f"{name}.pass", phrase.encode())


def serve_pki(folder: Path, host: str, port: int, *, at: datetime | None = None) -> BaseWSGIServer:
    """Return a server, ready to run, of the PKI in ``folder``; port 0 takes a free one.

    ``at`` stops the clock of its answers; without it they carry the time of the machine.

    Raises:
        ToolUnavailableError: The PKI is not there, or the address is taken.
    """
    try:
        arch = _architecture(folder)
        server = make_server(host, port, _Services(arch, at), threaded=True, request_handler=_Quiet)
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


class _Services:
    """Certomancer's services under short addresses, without its pages that give out keys."""

    def __init__(self, arch: Any, at: datetime | None) -> None:
        store = AnimatorArchStore({ArchLabel(ARCH): arch})
        self._animator = Animator(store, at_time=at, with_web_ui=False, allow_time_override=False)
        # Certomancer makes its certificates on first use and keeps them without a lock.
        self._one_at_a_time = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        environ["PATH_INFO"] = _ROUTES.get(path, path)
        with self._one_at_a_time:
            answer: Iterable[bytes] = self._animator(environ, start_response)
        return answer


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of each request."""


def _architecture(folder: Path) -> Any:
    config = CertomancerConfig.from_file(
        str(folder / "pki.yaml"), key_search_dir=str(folder), allow_external_config=False
    )
    return config.get_pki_arch(ArchLabel(ARCH))


def _new_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_secret(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(content)


def _configuration(now: datetime, base_url: str | None) -> dict[str, Any]:
    names = {**_AUTHORITIES, **CREDENTIALS}
    certificates = {
        "root": _certificate("root", now, 20, _authority(path_length=None)),
        "interm": _certificate("root", now, 15, _authority(path_length=0), base_url),
        "ocsp": _certificate(
            "interm",
            now,
            10,
            [*_usage("digital_signature"), _purpose("ocsp_signing"), {"id": "ocsp_no_check"}],
        ),
        "tsa": _certificate(
            "root", now, 10, [*_usage("digital_signature"), _purpose("time_stamping")], base_url
        ),
    }
    for name in CREDENTIALS:
        usage = _usage("digital_signature", "non_repudiation")
        certificates[name] = _certificate("interm", now, 5, usage, base_url)
    return {
        "external-url-prefix": base_url or "http://127.0.0.1",
        "keysets": {
            ARCH: {"path-prefix": "keys", "keys": {n: {"path": f"{n}.pem"} for n in names}}
        },
        "pki-architectures": {
            ARCH: {
                "keyset": ARCH,
                "entity-defaults": {
                    "country-name": "CA",
                    "organization-name": "Organisme de démonstration",
                },
                "entities": {name: {"common-name": common} for name, common in names.items()},
                "certs": certificates,
                "services": _services(),
            }
        },
    }


def _services() -> dict[str, Any]:
    return {
        "ocsp": {
            "interm": {"for-issuer": "interm", "responder-cert": "ocsp", "signing-key": "ocsp"}
        },
        "crl-repo": {
            name: {
                "for-issuer": name,
                "signing-key": name,
                "simulated-update-schedule": "P30D",
            }
            for name in ("root", "interm")
        },
        "time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa"}},
    }


def _certificate(
    issuer: str,
    now: datetime,
    years: int,
    extensions: list[dict[str, Any]],
    base_url: str | None = None,
) -> dict[str, Any]:
    if base_url:
        lists = {"schema": "crl-dist-url", "params": {"crl-repo-names": [issuer]}}
        extensions = [*extensions, {"id": "crl_distribution_points", "smart-value": lists}]
    if base_url and issuer == "interm":
        responder = {"schema": "aia-urls", "params": {"ocsp-responder-names": ["interm"]}}
        extensions = [*extensions, {"id": "authority_information_access", "smart-value": responder}]
    start = now.replace(microsecond=0) - timedelta(days=1)
    return {
        "issuer": issuer,
        "validity": {
            "valid-from": start.isoformat(),
            "valid-to": (start + timedelta(days=365 * years)).isoformat(),
        },
        "extensions": extensions,
    }


def _authority(*, path_length: int | None) -> list[dict[str, Any]]:
    limits: dict[str, Any] = {"ca": True}
    if path_length is not None:
        limits["path-len-constraint"] = path_length
    constraints = {"id": "basic_constraints", "critical": True, "value": limits}
    return [constraints, *_usage("key_cert_sign", "crl_sign", "digital_signature")]


def _usage(*uses: str) -> list[dict[str, Any]]:
    value = {"schema": "key-usage", "params": list(uses)}
    return [{"id": "key_usage", "critical": True, "smart-value": value}]


def _purpose(purpose: str) -> dict[str, Any]:
    return {"id": "extended_key_usage", "critical": True, "value": [purpose]}
