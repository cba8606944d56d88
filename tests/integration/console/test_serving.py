"""``rpa console``: where it listens, and where it refuses to."""

import socket
import ssl

import pytest

from rpa.cli.console import console
from rpa.console.serving import Listening
from rpa.domain.errors import SetupError, ToolUnavailableError
from rpa.settings import HOME_FILE
from rpa.testing.console import LUCIE, running_console


@pytest.fixture
def home(tmp_path):
    (tmp_path / HOME_FILE).write_text("organization: Ville\n", encoding="utf-8")
    return tmp_path


def test_passwords_never_cross_a_network_in_the_clear(home):
    with pytest.raises(SetupError) as caught:
        console(host="0.0.0.0", home=home)  # noqa: S104 - which is what is refused

    assert caught.value.reason == "console-https"


def test_a_certificate_needs_its_key(home, certificate):
    with pytest.raises(SetupError, match=r"together|ensemble"):
        console(certfile=certificate[0], home=home)


def test_a_port_that_is_taken_is_said(home):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ToolUnavailableError, match=str(port)):
            console(port=port, home=home)


@pytest.fixture(scope="module")
def by_https(tmp_path_factory, pki, certificate):
    """A console that speaks HTTPS itself, and whose time-stamping authority does not answer."""
    certfile, keyfile = certificate
    at = Listening("127.0.0.1", 0, certfile=certfile, keyfile=keyfile)
    home = tmp_path_factory.mktemp("https")
    nowhere = "http://127.0.0.1:9/tsa"
    with running_console(home, pki=pki[0], timestamp_url=nowhere, at=at) as running:
        yield running


def test_it_speaks_https_itself_and_a_lowered_level_is_said_with_its_reason(
    by_https, certificate, visit
):
    number = by_https.ask(LUCIE)
    trusted = ssl.create_default_context(cafile=certificate[0])
    with visit(base_url=by_https.url, verify=trusted) as browser:
        assert "; Secure" in browser.log_in().headers["set-cookie"]
        done = browser.sign(number, by_https.request(number).current)
        page = browser.get(done.headers["location"])

    assert "PAdES B-B" in page.text
    assert "PAdES B-T" in page.text
    assert "Abaissé parce que" in page.text


def test_a_key_of_another_certificate_is_refused(tmp_path, pki, certificate):
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no key", encoding="utf-8")
    at = Listening("127.0.0.1", 0, certfile=certificate[0], keyfile=wrong)
    home = tmp_path / "console"
    home.mkdir()

    with (
        pytest.raises(SetupError, match=r"wrong\.pem"),
        running_console(home, pki=pki[0], timestamp_url=pki[1], at=at),
    ):
        pass
