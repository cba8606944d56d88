"""One console and one browser for all tests of the console."""

import re
from datetime import timedelta
from functools import partial

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import sync_playwright

from rpa.bootstrap.register import clock
from rpa.console.visit import FORM_FIELD
from rpa.doctor import browser_path
from rpa.testing.console import LUCIE, PASSWORDS, running_console

TOKEN = re.compile(rf'name="{FORM_FIELD}" value="([0-9a-f]{{64}})"')


@pytest.fixture(scope="session")
def console(tmp_path_factory, pki):
    folder, address = pki
    home = tmp_path_factory.mktemp("console")
    with running_console(home, pki=folder, timestamp_url=address) as console:
        yield console


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate of this test's own for localhost, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    certfile, keyfile = folder / "chain.pem", folder / "key.pem"
    certfile.write_bytes(made.public_bytes(Encoding.PEM))
    keyfile.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certfile, keyfile


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(browser_path(None)))
        yield browser
        browser.close()


class Visitor(httpx.Client):
    """A browser of the simplest kind: keeps cookies, sends forms with their mark."""

    def mark(self, path):
        return TOKEN.search(self.get(path, follow_redirects=True).text).group(1)

    def submit(self, path, *, seen_on="/compte", **fields):
        return self.post(path, data={FORM_FIELD: self.mark(seen_on), **fields})

    def log_in(self, person=LUCIE, password=None, **more):
        fields = {"nom": person, "motdepasse": password or PASSWORDS[person], **more}
        return self.submit("/connexion", seen_on="/connexion", **fields)

    def sign(self, number, document):
        self.get(f"/demandes/{number}/document.pdf")
        said = {"oui": "oui", "motdepasse": PASSWORDS[LUCIE], "document": document}
        return self.submit(f"/demandes/{number}/signer", **said)


@pytest.fixture
def visit():
    """Open the simplest browser at an address."""
    return partial(Visitor, timeout=60)


@pytest.fixture
def visitor(console):
    with Visitor(base_url=console.url, timeout=60) as visitor:
        yield visitor


@pytest.fixture
def other(console):
    with Visitor(base_url=console.url, timeout=60) as visitor:
        yield visitor


@pytest.fixture
def lucie(visitor):
    assert visitor.log_in().status_code == 303
    return visitor
