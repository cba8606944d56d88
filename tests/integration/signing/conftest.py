from datetime import UTC, datetime
from functools import partial

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from rpa.documents.adapters.weasy_composer import WeasyComposer
from rpa.signing.adapters.credentials import Keyring
from rpa.signing.api import Pkcs11Credential
from rpa.signing.devpki import create_development_pki
from rpa.testing.authorities import addressed_pki
from rpa.testing.hsm import VARIABLE, TokenEntry, make_soft_token, softhsm_module
from rpa.testing.keys import KINDS, make_key
from rpa.testing.letters import letter_request, letter_template
from rpa.testing.signatures import credential, served_pki

TOKEN, TOKEN_PIN = "jeton-essai", "9471-pin"
NOW = datetime(2026, 11, 24, 15, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def now():
    return NOW


@pytest.fixture(scope="session")
def pki(tmp_path_factory):
    folder = tmp_path_factory.mktemp("signing")
    create_development_pki(folder, now=NOW)
    return folder


@pytest.fixture(scope="session")
def authority(pki):
    with served_pki(pki, at=NOW) as address:
        yield f"{address}/tsa"


@pytest.fixture(scope="session")
def full_pki(tmp_path_factory):
    """A PKI whose certificates name their revocation services; they run when a test says so."""
    return addressed_pki(tmp_path_factory.mktemp("addressed"), now=NOW)


@pytest.fixture(scope="session")
def stamps(full_pki):
    """The address of its time-stamping authority, away from its revocation services."""
    with full_pki.serving_elsewhere() as address:
        yield f"{address}/tsa"


@pytest.fixture(scope="session")
def letter(tmp_path_factory):
    template = letter_template(tmp_path_factory.mktemp("process"), "<p>Bonjour</p>")
    return WeasyComposer().compose(letter_request(template))


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """Keys of every kind, with certificates of their own."""
    folder = tmp_path_factory.mktemp("keys")
    return {kind: make_key(folder, kind) for kind in KINDS}


@pytest.fixture(scope="session")
def soft_token(tmp_path_factory, keys, pki, missing):
    """Return a function that gives the credential of a key in a SoftHSM2 token."""
    module = softhsm_module()
    if module is None:
        missing("missing: softhsm2; `apt-get install softhsm2`")
    folder = tmp_path_factory.mktemp("token")
    config = make_soft_token(folder, TOKEN, TOKEN_PIN, _token_entries(keys, pki), module=module)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(config))
        yield partial(Pkcs11Credential, module, TOKEN)


def _token_entries(keys, pki):
    seal = Keyring().key(credential(pki))
    sealing = load_pem_private_key((pki / "pki" / "keys" / "sceau.pem").read_bytes(), None)
    pkcs8 = sealing.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    names = ("rsa", "pss", "pss-384", "p256", "p384", "p521")
    plain = {name: (keys[name].private_der(), keys[name].certificate_der()) for name in names}
    return [
        TokenEntry("sceau", [seal.certificate.dump(), seal.chain[0].dump()], pkcs8, "a0"),
        *(TokenEntry(n, [c], k, f"0{i}") for i, (n, (k, c)) in enumerate(plain.items(), 1)),
        TokenEntry("alone", [], plain["p256"][0], "b0"),
        TokenEntry("twins", [], plain["p256"][0], "b1"),
        TokenEntry("twins", [], plain["p384"][0], "b2"),
        TokenEntry("stranger", [plain["p384"][1]], plain["p256"][0], "b3"),
    ]
