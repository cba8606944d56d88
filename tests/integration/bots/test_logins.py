"""Ways to be let in: passwords in two steps, HTTP Basic, client certificates, a kept log-in."""

import datetime as dt
import json
import ssl
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rpa.bots.adapters.playwright_bot import PlaywrightBot
from rpa.bots.api import ClientCertificate, FilingRequest, Target
from rpa.bots.errors import LoginRefusedError
from rpa.domain.errors import SetupError, TargetUnavailableError
from rpa.testing.filings import PROCESSES, filing_request
from rpa.testing.legacy import running_legacy
from rpa.testing.old_pages import serving

pytestmark = pytest.mark.browser

SECRET = "JBSWY3DPEHPK3PXP"
TOTP_STEPS = """
  - fill: {selector: "input[type=text]", value: "{totp}"}
  - click: {selector: "input[type=submit]"}
"""


@pytest.fixture
def own_bot(chromium_path):
    bot = PlaywrightBot(executable=chromium_path)
    yield bot
    bot.close()


def file(bot, request):
    exhibits = []
    filed = bot.file(request, before_commit=lambda _seen: None, keep=exhibits.append)
    return filed, exhibits


def test_one_log_in_serves_many_cases(own_bot, tmp_path):
    with running_legacy(tmp_path) as legacy:
        for _case in range(3):
            file(own_bot, filing_request("avis-absence", legacy.target()))

        assert len(legacy.deposits()) == 3
        assert len(legacy.log_ins()) == 1


def test_a_session_that_another_log_in_ends_is_opened_again(own_bot, tmp_path):
    with running_legacy(tmp_path, options=["--single-session"]) as legacy:
        file(own_bot, filing_request("avis-absence", legacy.target()))
        legacy.misbehave("stolen", path="/absence")
        file(own_bot, filing_request("avis-absence", legacy.target()))

        assert len(legacy.deposits()) == 2


def test_http_basic_and_one_time_codes_let_the_bot_in(own_bot, tmp_path):
    options = ["--basic", "commis:papier", "--totp", SECRET]
    with running_legacy(tmp_path, options=options) as legacy:
        request = totp_request(legacy, tmp_path, totp=SECRET)

        filed, exhibits = file(own_bot, request)

        assert legacy.deposits()[0].number == filed.receipt.number
        said = b"".join(one.content for one in exhibits)
        assert b"papier" not in said
        record = json.loads(exhibits[-1].content)
        covered = [step["value"] for step in record["steps"][:6] if step["value"]]
        assert covered == ["commis", "•••", "•••"]


SLOW_LOGIN = """
<p>Un instant</p><script>for (const start = Date.now(); Date.now() - start < 300;);</script>
<form action=/{next} method=post><input name=u><input name=p type=password>
<input type=button value=Entrer onclick="setTimeout(() => form.submit(), 400)"></form>
"""
SLOW_BOT = """
login:
  - goto: "{url}/login"
  - fill: {name: u, value: "{username}"}
  - fill: {name: p, value: "{password}"}
  - click: {button: Entrer}
doubt: person
file:
  - goto: "{url}/form"
  - fill: {name: n, value: "{nom}"}
  - click: {button: OK, commits: true}
  - receipt: {selector: "#r", pattern: 'R-\\d+'}
"""


@pytest.fixture
def slow_request(tmp_path):
    """Ask for a filing with a bot that logs in on a page which thinks first."""

    def asked(target):
        definition = tmp_path / "bot.yaml"
        definition.write_text(SLOW_BOT, encoding="utf-8")
        where = Target(target.url, username="commis", password="papier")
        return replace(filing_request("avis-absence", where), definition=definition)

    return asked


def test_a_log_in_that_the_page_sends_a_moment_later_is_not_taken_for_a_refused_one(
    own_bot, slow_request
):
    form = "<form method=post action=/sent><input name=n><input type=submit value=OK></form>"
    login = SLOW_LOGIN.format(next="form")
    with serving(login=login, form=form, sent="<p id=r>R-1</p>") as target:
        filed, _exhibits = file(own_bot, slow_request(target))

    assert filed.receipt.number == "R-1"


def test_a_log_in_that_is_refused_a_moment_later_is_tried_once(own_bot, slow_request):
    with serving(login=SLOW_LOGIN.format(next="login")) as target:
        with pytest.raises(LoginRefusedError):
            file(own_bot, slow_request(target))

        assert target.posted == [{"u": "commis", "p": "papier"}]


@pytest.mark.parametrize(("secret", "error"), [(None, SetupError), ("!!", SetupError)])
def test_a_login_without_a_good_one_time_secret_is_told(own_bot, tmp_path, secret, error):
    with running_legacy(tmp_path, options=["--totp", SECRET]) as legacy:
        request = totp_request(legacy, tmp_path, totp=secret)

        with pytest.raises(error, match="totp"):
            file(own_bot, request)


def test_a_wrong_one_time_code_is_a_refused_log_in(own_bot, tmp_path):
    with running_legacy(tmp_path, options=["--totp", SECRET]) as legacy:
        request = totp_request(legacy, tmp_path, totp="GEZDGNBVGY3TQOJQ")

        with pytest.raises(LoginRefusedError):
            file(own_bot, request)


def totp_request(legacy, folder, totp):
    request = filing_request("avis-absence", legacy.target(timeout_s=4))
    text = (PROCESSES / "avis-absence" / "bot.yaml").read_text(encoding="utf-8")
    path = folder / "bot.yaml"
    button = "  - click: {button: Entrer}\n"
    path.write_text(text.replace(button, button + TOTP_STEPS.lstrip("\n"), 1), encoding="utf-8")
    target = replace(request.target, totp=totp, http_basic=True)
    return replace(request, definition=path, target=target)


# ---- client certificates ---------------------------------------------------------------------

BOT = """
file:
  - goto: "{url}/"
  - fill: {name: n, value: "{nom}"}
  - click: {button: OK, commits: true}
  - receipt: {selector: "#r", pattern: 'R-\\d+'}
"""


class Office(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer("<form method=post><input name=n><input type=submit value=OK></form>")

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        name = dict(one[0] for one in self.connection.getpeercert()["subject"])["commonName"]
        self.server.seen.append(name)
        self._answer("<p id=r>R-1</p>")

    def _answer(self, page):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_arguments):
        pass


class Certified:
    """A certificate authority of its own, and what it certified."""

    def __init__(self, folder):
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = name_of("Autorité d'essai")
        self.root = self._signed(self._name, self._key, is_authority=True)
        self.file("root", self.root)

    def file(self, name, certificate, key=None):
        path = self.folder / f"{name}.pem"
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        if key is not None:
            plain = serialization.NoEncryption()
            form = serialization.PrivateFormat.PKCS8
            path.with_suffix(".key").write_bytes(
                key.private_bytes(serialization.Encoding.PEM, form, plain)
            )
        return path

    def certificate(self, name, host=None):
        key = ec.generate_private_key(ec.SECP256R1())
        return self.file(name, self._signed(name_of(name), key, host=host), key)

    def _signed(self, subject, key, *, host=None, is_authority=False):
        now = dt.datetime.now(dt.UTC)  # noqa: TID251 - TLS asks the real clock
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        )
        if host:
            names = x509.SubjectAlternativeName([x509.DNSName(host)])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self._key, hashes.SHA256())


def name_of(common):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@pytest.fixture
def authority(tmp_path, monkeypatch):
    certified = Certified(tmp_path)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(tmp_path / "root.pem"))
    return certified


@pytest.fixture
def closed_office(authority):
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    path = authority.certificate("server", host="localhost")
    settings.load_cert_chain(path, path.with_suffix(".key"))
    settings.load_verify_locations(authority.folder / "root.pem")
    settings.verify_mode = ssl.CERT_REQUIRED
    HTTPServer.allow_reuse_address = True
    with ThreadingHTTPServer(("127.0.0.1", 0), Office) as server:
        server.seen = []
        server.handle_error = lambda *_arguments: None
        server.socket = settings.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def certified_request(office, folder, certificate):
    path = folder / "bot.yaml"
    path.write_text(BOT, encoding="utf-8")
    url = f"https://localhost:{office.server_port}"
    target = Target(url, "", "", timeout_s=4, client_certificate=certificate)
    return FilingRequest("K", {"nom": "Roy"}, {"nom": "text"}, path, target)


def test_a_client_certificate_lets_the_bot_in(own_bot, authority, closed_office, tmp_path):
    path = authority.certificate("greffe")
    certificate = ClientCertificate(path, path.with_suffix(".key"))

    filed, _exhibits = file(own_bot, certified_request(closed_office, tmp_path, certificate))

    assert (filed.receipt.number, closed_office.seen) == ("R-1", ["greffe"])


def test_without_its_certificate_the_target_is_out_of_reach(own_bot, closed_office, tmp_path):
    with pytest.raises(TargetUnavailableError):
        file(own_bot, certified_request(closed_office, tmp_path, None))

    assert closed_office.seen == []
