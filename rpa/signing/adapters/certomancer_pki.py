"""The development PKI by certomancer: one YAML file, generated keys."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import yaml
from asn1crypto import pem, x509
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ARCH: Final = "dev"
CONFIGURATION: Final = "pki.yaml"
CERTIFICATES: Final = "certs"
UNIT: Final = "Développement seulement – sans valeur"
"""In the name of every certificate, so that none is taken for more than it is."""

AUTHORITIES: Final[Mapping[str, str]] = {
    "root": "Autorité racine de démonstration",
    "interm": "Autorité de certification de démonstration",
    "ocsp": "Répondeur OCSP de démonstration",
    "tsa": "Autorité d’horodatage de démonstration",
}
_BEFORE: Final = timedelta(days=3 * 365)
"""The authorities are that old, so that a certificate of theirs may have run out."""


class Standing(StrEnum):
    """Whether a certificate is good."""

    GOOD = "good"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class DevelopmentCredential:
    """A signing certificate to make."""

    common_name: str
    standing: Standing = Standing.GOOD
    is_rsa: bool = False


@dataclass(frozen=True, slots=True)
class ListedCertificate:
    """A certificate of a development PKI."""

    name: str
    common_name: str
    not_after: datetime
    standing: Standing
    is_authority: bool


def is_development(certificate: x509.Certificate) -> bool:
    """Say whether ``certificate`` comes from a development PKI, of this or an older version."""
    named = certificate.subject.native
    return named.get("organizational_unit_name") == UNIT or (
        named.get("common_name") in AUTHORITIES.values()
    )


def build_pki(
    folder: Path,
    credentials: Mapping[str, DevelopmentCredential],
    phrases: Mapping[str, str],
    *,
    now: datetime,
    base_url: str | None,
) -> None:
    """Write keys, configuration, certificates and credentials into the empty ``folder``."""
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    for name in (*AUTHORITIES, *credentials):
        is_rsa = name in credentials and credentials[name].is_rsa
        _write_secret(keys / f"{name}.pem", _new_key(is_rsa=is_rsa))
    _write_configuration(folder, _configuration(credentials, now, base_url))
    arch = architecture(folder)
    (folder / CERTIFICATES).mkdir()
    for name in (*AUTHORITIES, *credentials):
        armored = pem.armor("CERTIFICATE", arch.get_cert(CertLabel(name)).dump())
        (folder / CERTIFICATES / f"{name}.pem").write_bytes(armored)
    root = (folder / CERTIFICATES / "root.pem").read_bytes()
    (folder / "root.pem").write_bytes(root)
    for name, phrase in phrases.items():
        p12 = arch.package_pkcs12(CertLabel(name), password=phrase.encode())
        _write_secret(folder / f"{name}.p12", p12)
        _write_secret(folder / f"{name}.pass", phrase.encode())


def architecture(folder: Path) -> Any:
    """Return the PKI of ``folder`` as certomancer knows it."""
    config = CertomancerConfig.from_file(
        str(folder / CONFIGURATION), key_search_dir=str(folder), allow_external_config=False
    )
    return config.get_pki_arch(ArchLabel(ARCH))


def served_at(folder: Path) -> str | None:
    """Return the address that the certificates of ``folder`` name for revocation, or None."""
    said = _read_configuration(folder)
    named = any(
        extension["id"] == "crl_distribution_points"
        for certificate in _certificates(said).values()
        for extension in certificate["extensions"]
    )
    return str(said["external-url-prefix"]) if named else None


def listed_certificates(folder: Path, *, now: datetime) -> tuple[ListedCertificate, ...]:
    """Return every certificate of the PKI in ``folder``, authorities first."""
    said = _read_configuration(folder)
    names = said["pki-architectures"][ARCH]["entities"]
    return tuple(
        ListedCertificate(
            name=name,
            common_name=names[name]["common-name"],
            not_after=datetime.fromisoformat(certificate["validity"]["valid-to"]),
            standing=_standing(certificate, now),
            is_authority=name in AUTHORITIES,
        )
        for name, certificate in _certificates(said).items()
    )


def revoke_certificate(folder: Path, name: str, *, now: datetime) -> None:
    """Put the revocation of a certificate into the configuration, which a server reads anew.

    Raises:
        KeyError: There is no such certificate.
    """
    said = _read_configuration(folder)
    _certificates(said)[name].setdefault("revocation", _revocation(now))
    _write_configuration(folder, said)


def _standing(certificate: Mapping[str, Any], now: datetime) -> Standing:
    if "revocation" in certificate:
        return Standing.REVOKED
    ends = datetime.fromisoformat(certificate["validity"]["valid-to"])
    return Standing.EXPIRED if ends < now else Standing.GOOD


def _certificates(said: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = said["pki-architectures"][ARCH]["certs"]
    return found


def _read_configuration(folder: Path) -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load((folder / CONFIGURATION).read_text(encoding="utf-8"))
    return said


def _write_configuration(folder: Path, said: Mapping[str, Any]) -> None:
    written = folder / f".{CONFIGURATION}"
    written.write_text(
        yaml.safe_dump(dict(said), allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    written.replace(folder / CONFIGURATION)


def _new_key(*, is_rsa: bool) -> bytes:
    key = rsa.generate_private_key(65537, 2048) if is_rsa else ec.generate_private_key(_CURVE)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


_CURVE: Final = ec.SECP256R1()


def _write_secret(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(content)


def _configuration(
    credentials: Mapping[str, DevelopmentCredential], now: datetime, base_url: str | None
) -> dict[str, Any]:
    names = {**AUTHORITIES, **{name: one.common_name for name, one in credentials.items()}}
    certificates = _authorities(now, base_url)
    for name, one in credentials.items():
        certificates[name] = _signing(one, now, base_url)
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
                    "organizational-unit-name": UNIT,
                },
                "entities": {name: {"common-name": common} for name, common in names.items()},
                "certs": certificates,
                "services": _services(),
            }
        },
    }


def _authorities(now: datetime, base_url: str | None) -> dict[str, Any]:
    old, new = now - _BEFORE, now - timedelta(days=1)
    answering = [*_usage("digital_signature"), _purpose("ocsp_signing"), {"id": "ocsp_no_check"}]
    stamping = [*_usage("digital_signature"), _purpose("time_stamping")]
    return {
        "root": _certificate("root", old, 23, _authority(path_length=None)),
        "interm": _certificate("root", old, 18, _authority(path_length=0), base_url),
        "ocsp": _certificate("interm", new, 10, answering),
        "tsa": _certificate("root", new, 10, stamping, base_url),
    }


def _signing(
    credential: DevelopmentCredential, now: datetime, base_url: str | None
) -> dict[str, Any]:
    usage = _usage("digital_signature", "non_repudiation")
    if credential.standing is Standing.EXPIRED:
        return _certificate("interm", now - timedelta(days=395), 1, usage, base_url)
    made = _certificate("interm", now - timedelta(days=1), 5, usage, base_url)
    if credential.standing is Standing.REVOKED:
        made["revocation"] = _revocation(now - timedelta(hours=12))
    return made


def _revocation(at: datetime) -> dict[str, str]:
    return {"revoked-since": at.replace(microsecond=0).isoformat(), "reason": "key_compromise"}


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
    start: datetime,
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
    begins = start.replace(microsecond=0)
    return {
        "issuer": issuer,
        "validity": {
            "valid-from": begins.isoformat(),
            "valid-to": (begins + timedelta(days=365 * years)).isoformat(),
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
