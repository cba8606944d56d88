"""``rpa console``: where it listens, and where it refuses to."""

import socket
import ssl

import pytest
import uvicorn

from rpa.cli.console import console
from rpa.console.gate.acceptor import Tally
from rpa.console.gate.limits import GateLimits
from rpa.console.gate.server import GatedServer
from rpa.console.serving import Listening
from rpa.domain.errors import SetupError, ToolUnavailableError
from rpa.settings import HOME_FILE
from rpa.steps.log_in import BY_ADDRESS
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


def test_without_a_proxy_of_the_house_a_visitor_can_t_say_which_address_is_theirs(
    by_https, certificate, visit
):
    trusted = ssl.create_default_context(cafile=certificate[0])
    with visit(base_url=by_https.url, verify=trusted) as browser:
        for number in range(BY_ADDRESS.free + 1):
            browser.headers["x-forwarded-for"] = f"192.0.2.{number}"
            last = browser.log_in(f"name{number}", "faux faux faux")

    assert last.status_code == 429


def test_what_the_proxy_of_the_house_says_is_believed(console, visit):
    with visit(base_url=console.url) as browser:
        for number in range(BY_ADDRESS.free + 1):
            browser.headers["x-forwarded-for"] = f"198.51.100.{number}"
            last = browser.log_in(f"other{number}", "faux faux faux")

    assert last.status_code == 422


def test_what_the_gate_had_to_do_is_told_without_addresses(caplog):
    server = GatedServer(uvicorn.Config(None, log_config=None), GateLimits(connections=16, each=4))
    server._acceptors = [Told(Tally(sent_away=7, too_slow=3)), Told(Tally())]

    server._tell()

    (line,) = caplog.messages
    assert "7 sent away, 3 too slow" in line


class Told:
    """An acceptor that did what it is told it did."""

    def __init__(self, tally):
        self.take_tally = lambda: tally
