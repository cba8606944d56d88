import pytest

from rpa.documents.adapters.weasy_composer import WeasyComposer
from rpa.testing.authorities import addressed_pki
from rpa.testing.clock import FrozenClock
from rpa.testing.letters import letter_request, letter_template
from rpa.testing.office import employ, signing_office


@pytest.fixture(scope="session")
def addressed(tmp_path_factory):
    """A PKI whose certificates say where their revocation is told."""
    folder, names = tmp_path_factory.mktemp("pki"), ("Claire Gagnon", "Jean Bouchard")
    return addressed_pki(folder, now=FrozenClock()(), names=names)


@pytest.fixture(scope="session")
def served(addressed):
    """The PKI while its services run: its folder, and the address of its timestamp authority."""
    with addressed.serving() as address:
        yield addressed.folder, f"{address}/tsa"


@pytest.fixture(scope="session")
def letter(tmp_path_factory):
    template = letter_template(tmp_path_factory.mktemp("process"), "<p>Bail</p>")
    return WeasyComposer().compose(letter_request(template))


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def office(tmp_path, served, clock):
    folder, timestamp_url = served
    tools = signing_office(tmp_path, folder, clock, timestamp_url=timestamp_url)
    employ(tools)
    return tools
