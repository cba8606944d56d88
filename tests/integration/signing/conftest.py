from datetime import UTC, datetime

import pytest

from rpa.documents.adapters.weasy_composer import WeasyComposer
from rpa.signing.devpki import create_development_pki
from rpa.testing.letters import letter_request, letter_template
from rpa.testing.signatures import served_pki

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
def letter(tmp_path_factory):
    template = letter_template(tmp_path_factory.mktemp("process"), "<p>Bonjour</p>")
    return WeasyComposer().compose(letter_request(template))
