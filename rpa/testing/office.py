"""An office that signs with real keys: people with credentials of a development PKI."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rpa.domain.signature import RevocationRule
from rpa.processes.folder import load_process
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.adapters.signer_certificates import signer_certificate
from rpa.steps.toolbox import Toolbox
from rpa.store.folder import FolderStore
from rpa.testing.clock import FrozenClock
from rpa.testing.legacy import EXAMPLES
from rpa.testing.requests import a_person, credential_file
from rpa.testing.toolbox import fake_toolbox

KEYS: Final[Mapping[str, str]] = {"marie": "superviseur", "claire": "claire", "jean": "jean"}
"""Who has which credential of the PKI; ``paul`` has one that was revoked."""


def signing_office(
    folder: Path, pki: Path, clock: FrozenClock, *, timestamp_url: str | None, **chosen: Any
) -> Toolbox:
    """Return a toolbox whose signer, validator and store are real, over a register in ``folder``.

    May be called again, from another process, too.
    """
    roots = [pki / "root.pem"]
    real = {
        "signer": PyHankoSigner(
            timestamp_url=timestamp_url, trust_roots=roots, kept_answers=folder / "answers"
        ),
        "validator": PyHankoValidator(trust_roots=roots, revocation=RevocationRule.IF_AVAILABLE),
        "store": FolderStore(folder / "store"),
        "signer_certificate": signer_certificate,
        "credential": credential_file(pki),
    }
    process = load_process(EXAMPLES / "processes" / "avis-absence")
    return fake_toolbox(folder, process, clock, **{**real, **chosen})


def employ(tools: Toolbox, names: Sequence[str] = tuple(KEYS)) -> None:
    """Open the accounts of people who have keys, and of ``chef``, who asks."""
    for name in names:
        tools.register.add_person(a_person(name, credential=KEYS.get(name, name)), actor="test")
    tools.register.add_person(a_person("chef"), actor="test")
