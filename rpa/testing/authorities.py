"""A development PKI with an address of its own, whose services run when a test says so."""

import dataclasses
import socket
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from rpa.signing.adapters.verification.given import ValidationData
from rpa.signing.api import SigningRequest
from rpa.signing.devpki import create_development_pki
from rpa.testing.signatures import credential, served_pki, signing_request


@dataclass(frozen=True, slots=True)
class AddressedPki:
    """A PKI whose certificates say where their revocation is told: at a port of this machine."""

    folder: Path
    root: Path
    port: int
    made_at: datetime

    def serving(self, *, at: datetime | None = None) -> AbstractContextManager[str]:
        """Run its services inside the block, their clock stopped at ``at``, else when made."""
        return served_pki(self.folder, port=self.port, at=at or self.made_at)

    def serving_elsewhere(self, *, at: datetime | None = None) -> AbstractContextManager[str]:
        """Run its services where no certificate looks for them."""
        return served_pki(self.folder, at=at or self.made_at)

    def request(
        self, pdf: bytes, at: datetime, name: str = "sceau", **changes: Any
    ) -> SigningRequest:
        """Return a request to sign ``pdf`` with one of its credentials."""
        request = signing_request(pdf, credential(self.folder, name), at)
        return dataclasses.replace(request, **changes)


def addressed_pki(folder: Path, *, now: datetime, names: Sequence[str] = ()) -> AddressedPki:
    """Make a PKI in ``folder``, with signers of these ``names`` beside those it always has."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    root = create_development_pki(folder, now=now, base_url=address, names=names)
    return AddressedPki(folder, root, port, now)


def held_lists(folder: Path, *, at: datetime) -> ValidationData:
    """Return the revocation lists of the development PKI in ``folder``, as of a time."""
    with served_pki(folder, at=at) as address:
        urls = [f"{address}/dev/crls/{name}/latest.crl" for name in ("root", "interm")]
        found = [requests.get(url, timeout=10).content for url in urls]
    return ValidationData(revocation_lists=tuple(found))


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
