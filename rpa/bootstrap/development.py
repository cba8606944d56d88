"""The development PKI, made, served, looked at and changed."""

from collections.abc import Sequence
from pathlib import Path

from rpa.bootstrap.clock import clock
from rpa.signing.adapters.certomancer_pki import ListedCertificate
from rpa.signing.devpki import (
    PKI_FOLDER,
    SIGNERS,
    create_development_pki,
    development_address,
    development_certificates,
    revoke_in_development_pki,
)
from rpa.signing.devpki import serve_development_pki as serve

__all__ = [
    "SIGNERS",
    "ListedCertificate",
    "development_address",
    "development_list",
    "development_pki",
    "has_development_pki",
    "revoke_in_development",
    "serve_development_pki",
]


def development_pki(
    folder: Path, *, base_url: str | None = None, names: Sequence[str] = SIGNERS
) -> Path:
    """Make the development PKI in ``folder`` unless it is there; returns its root certificate."""
    return create_development_pki(folder, now=clock(), base_url=base_url, names=names)


def has_development_pki(folder: Path) -> bool:
    """Say whether ``folder`` holds a development PKI."""
    return (folder / PKI_FOLDER).is_dir()


def development_list(folder: Path) -> tuple[ListedCertificate, ...]:
    """Return the certificates of the development PKI in ``folder``."""
    return development_certificates(folder, now=clock())


def revoke_in_development(folder: Path, name: str) -> None:
    """Revoke a signing certificate of the development PKI in ``folder``."""
    revoke_in_development_pki(folder, name, now=clock())


def serve_development_pki(folder: Path, *, port: int) -> None:
    """Serve its timestamps, OCSP and revocation lists on loopback until interrupted."""
    serve(folder, port=port)
