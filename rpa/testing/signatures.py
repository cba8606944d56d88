"""A small development PKI, served on loopback, and signing requests for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread

from rpa.domain.signature import SignatureLevel
from rpa.signing.adapters.certomancer_server import serve_pki
from rpa.signing.api import Credential, Pkcs12Credential, Signer, SigningRequest
from rpa.signing.devpki import PKI_FOLDER


def credential(folder: Path, name: str = "sceau") -> Pkcs12Credential:
    """Return a credential of the development PKI in ``folder``."""
    phrase = (folder / f"{name}.pass").read_text(encoding="utf-8")
    return Pkcs12Credential(folder / f"{name}.p12", phrase)


def signing_request(
    pdf: bytes,
    signer: Credential,
    at: datetime,
    *,
    level: SignatureLevel = SignatureLevel.B_B,
    field: str = "Signature1",
    visible: bool = True,
) -> SigningRequest:
    """Return a request to sign ``pdf`` at the time ``at``."""
    return SigningRequest(
        pdf=pdf,
        credential=signer,
        field=field,
        level=level,
        reason="Confirmation",
        location="Québec",
        signed_at=at,
        visible=visible,
    )


@contextmanager
def served_pki(folder: Path, *, port: int = 0, at: datetime | None = None) -> Iterator[str]:
    """Serve the development PKI of ``folder`` inside the block; yield its base address."""
    server = serve_pki(folder / PKI_FOLDER, "127.0.0.1", port, at=at)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def signed_pdf(signer: Signer, request: SigningRequest) -> bytes:
    """Return the signed bytes alone."""
    return signer.sign(request).pdf
