import pytest

from rpa.bots.adapters.playwright_bot import PlaywrightBot
from rpa.doctor import browser_path
from rpa.testing.legacy import running_legacy


@pytest.fixture(scope="session")
def chromium():
    return browser_path(None)


@pytest.fixture(scope="module")
def guichet(tmp_path_factory):
    with running_legacy(tmp_path_factory.mktemp("guichet")) as application:
        yield application


@pytest.fixture(scope="module")
def worker(chromium):
    bot = PlaywrightBot(executable=chromium)
    yield bot
    bot.close()
