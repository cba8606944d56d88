"""The development PKI, made and served."""

from pathlib import Path

from rpa.bootstrap.register import clock
from rpa.signing.devpki import create_development_pki
from rpa.signing.devpki import serve_development_pki as serve


def development_pki(folder: Path) -> Path:
    """Make the development PKI in ``folder`` unless it is there; returns its root certificate."""
    return create_development_pki(folder, now=clock())


def serve_development_pki(folder: Path, *, port: int) -> None:
    """Serve its timestamp authority on loopback until interrupted."""
    serve(folder, port=port)
