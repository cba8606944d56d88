"""Certificates from files: PEM with one or many, or DER."""

from collections.abc import Iterable
from pathlib import Path

from asn1crypto import pem, x509

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.malformed import MALFORMED


def read_certificates(files: Iterable[Path]) -> list[x509.Certificate]:
    """Return the certificates in PEM or DER ``files``, in their order.

    Raises:
        ToolUnavailableError: A file is missing or holds no certificate.
    """
    return [certificate for file in files for certificate in _read(file)]


def _read(file: Path) -> list[x509.Certificate]:
    try:
        content = file.read_bytes()
        found = [x509.Certificate.load(der, strict=True) for der in _encoded(content)]
        for certificate in found:
            # asn1crypto reads late: what is malformed inside shows only now.
            _whole = certificate.native, certificate.self_signed
    except (OSError, *MALFORMED) as exc:
        raise ToolUnavailableError(
            _(
                "The certificates in {file} cannot be read ({fault}). "
                "Name a file that is there, in PEM or DER.",
                file=file.name,
                fault=type(exc).__name__,
            ),
            code="certificate-file",
        ) from exc
    return found


def _encoded(content: bytes) -> list[bytes]:
    if not pem.detect(content):
        return [content]
    blocks = pem.unarmor(content, multiple=True)
    found = [der for kind, _headers, der in blocks if kind == "CERTIFICATE"]
    if not found:
        raise ValueError("no certificate among the blocks")
    return found
