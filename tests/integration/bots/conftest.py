import shutil
import socket
from pathlib import Path

import pytest
import requests

from rpa.bots.adapters.playwright_bot import PlaywrightBot
from rpa.testing.legacy import running_legacy

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium_path():
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium")
    return Path(found)


@pytest.fixture(scope="session")
def bot(chromium_path):
    bot = PlaywrightBot(executable=chromium_path)
    yield bot
    bot.close()


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    with running_legacy(tmp_path_factory.mktemp("legacy")) as legacy:
        yield legacy


@pytest.fixture
def legacy(running):
    yield running
    running.misbehave("none")


@pytest.fixture
def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def post(running):
    """Keep a deposit without a browser."""
    session = requests.Session()
    session.post(f"{running.url}/ouverture", data={"USAGER": "commis", "MDP": "papier"}, timeout=9)

    def send(reference):
        fields = {"REF": reference, "NATURE": "Essai", "DEMANDEUR": "Une personne"}
        answer = session.post(f"{running.url}/demande", data=fields, timeout=9)
        assert "ACC-" in answer.text

    yield send
    session.close()
