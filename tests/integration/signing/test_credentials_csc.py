import multiprocessing
import traceback

import pytest
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key
from werkzeug.wrappers import Response

from rpa.domain.errors import ToolUnavailableError
from rpa.signing.adapters.credentials import Keyring
from rpa.signing.adapters.csc_key import send_code
from rpa.signing.adapters.probing import is_signed_by
from rpa.signing.api import CscCredential
from rpa.testing.csc_server import PSS_ALGORITHM, CscServer, RemoteCredential, running_csc_server
from rpa.testing.signatures import credential

DATA = b"the signed attributes"
TOKEN, PIN = "jeton-d-acces-secret", "84-pin-secret-31"
RSA, RSA_SHA256, EC_SHA256 = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"
EC_SHA384 = "1.2.840.10045.4.3.3"


class Clock:
    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture(scope="module")
def opened(keys, pki):
    """Keys with their certificates, read once: RSA keys take long to read."""
    sealing = load_pem_private_key((pki / "pki" / "keys" / "sceau.pem").read_bytes(), None)
    seal = Keyring().key(credential(pki))
    chain = (seal.certificate.dump(), *(issuer.dump() for issuer in seal.chain))
    others = {kind: keys[kind] for kind in ("rsa", "p384")}
    return {
        "seal": (sealing, chain),
        **{
            kind: (load_der_private_key(one.private_der(), None), (one.certificate_der(),))
            for kind, one in others.items()
        },
    }


@pytest.fixture
def server(opened):
    def remote(kind, *algorithms, **more):
        return RemoteCredential(*opened[kind], algorithms, **more)

    known = {
        "seal": remote("seal", EC_SHA256, pin=PIN, multisign=10),
        "bound": remote("rsa", RSA_SHA256, pin=PIN, scal="2", multisign=3),
        "plain-rsa": remote("rsa", RSA),
        "pss": remote("rsa", PSS_ALGORITHM),
        "raw": remote("p384", EC_SHA384, is_raw=True),
        "coded": remote("rsa", RSA_SHA256, pin=PIN, has_codes=True),
        "implicit": remote("rsa", RSA_SHA256, mode="implicit"),
        "browser": remote("rsa", RSA_SHA256, mode="oauth2code"),
        "disabled": remote("rsa", RSA_SHA256, status="disabled"),
        "other": remote("rsa", "1.2.840.113549.1.1.13"),
    }
    return CscServer(known, TOKEN, Clock())


@pytest.fixture
def said(server):
    """Return a function that gives the credential of a key at the service."""
    with running_csc_server(server) as url:

        def named(name, *, token=TOKEN, pin=PIN, **more):
            return CscCredential(url, name, token, pin=pin, **more)

        yield named


def good(key, data=DATA):
    return is_signed_by(key.certificate, key.mechanism, data, key.sign(data))


def refused(credential):
    with pytest.raises(ToolUnavailableError) as caught:
        Keyring().key(credential).sign(DATA)
    told = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in told
    assert PIN not in told
    return caught.value.reason


def signs_in_a_child(key, answers):
    answers.put(good(key))


@pytest.mark.parametrize("name", ["seal", "bound", "plain-rsa", "pss", "raw", "implicit"])
def test_a_remote_key_signs(name, said):
    assert good(Keyring().key(said(name)))


def test_the_chain_comes_from_the_service(said):
    (issuer,) = Keyring().key(said("seal")).chain

    assert issuer.subject.native["common_name"] == "Autorité de certification de démonstration"


def test_each_signature_is_authorised_for_itself(said, server):
    key = Keyring().key(said("seal"))

    key.sign(DATA)
    key.sign(DATA)
    assert server.calls == [
        "credentials/info",
        *["credentials/authorize", "signatures/signHash"] * 2,
    ]
    assert server._activations == {}


def test_several_signatures_share_an_authorisation_as_far_as_allowed(said, server):
    key = Keyring().key(said("bound"))
    data = [str(number).encode() for number in range(7)]

    signatures = key.sign_all(data)

    assert all(
        is_signed_by(key.certificate, key.mechanism, one, signature)
        for one, signature in zip(data, signatures, strict=True)
    )
    assert server.calls.count("credentials/authorize") == 3


def test_a_one_time_code_serves_once(said, server):
    send_code(said("coded"))
    (code,) = server.credentials["coded"].codes
    typed = said("coded", one_time_code=code, is_typed=True)

    key = Keyring().key(typed)
    assert good(key)
    with pytest.raises(ToolUnavailableError) as again:
        key.sign(DATA)
    with pytest.raises(ToolUnavailableError) as many:
        key.sign_all([DATA, DATA])
    assert again.value.reason == "remote-code"
    assert many.value.reason == "remote-too-many"
    assert code not in "".join(traceback.format_exception(again.value))


def test_a_wrong_pin_is_tried_once(said, server):
    keyring, wrong = Keyring(), said("seal", pin="00-wrong")

    for _try in range(5):
        with pytest.raises(ToolUnavailableError) as caught:
            keyring.key(wrong).sign(DATA)
        assert caught.value.reason == "remote-pin"

    assert server.credentials["seal"].wrong == 1
    assert good(keyring.key(said("seal")))


def test_a_token_that_ran_out_is_told_and_a_new_one_taken(said, server):
    keyring = Keyring()
    key = keyring.key(said("seal"))
    server.token = "another"

    with pytest.raises(ToolUnavailableError) as caught:
        key.sign(DATA)
    assert caught.value.reason == "remote-token"
    assert good(keyring.key(said("seal", token="another")))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("nobody", "remote-refused"),
        ("browser", "credential-unsupported"),
        ("other", "credential-unsupported"),
        ("disabled", "credential-disabled"),
    ],
)
def test_what_cannot_sign_is_told(name, code, said):
    assert refused(said(name)) == code


@pytest.mark.parametrize("method", ["credentials/info", "signatures/signHash"])
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response("<html>", 200), "remote-unavailable"),
        (Response("[]", 200), "remote-unavailable"),
        (Response("[" * 100_000, 200), "remote-unavailable"),
        (Response("x" * 3_000_000, 200), "remote-unavailable"),
        (Response("gone", 503), "remote-unavailable"),
        (Response("{}", 200), "credential-malformed"),
        (Response('{"cert": {"certificates": ["AAAA"]}}', 200), "credential-malformed"),
        (Response('{"signatures": ["!"]}', 200), "credential-malformed"),
        (Response("<html>", 403), "remote-token"),
        (Response("", 302, {"Location": "http://127.0.0.1:1/"}), "remote-refused"),
        (Response(f'{{"error": "{TOKEN} in words"}}', 400), "remote-refused"),
    ],
)
def test_a_service_that_misbehaves_ends_in_a_clear_error(method, answer, code, said, server):
    server.faults[method] = answer

    assert refused(said("seal")) == code


def test_a_signature_of_another_key_never_gets_out(said, server, keys):
    keyring = Keyring()
    key = keyring.key(said("plain-rsa"))
    stranger = load_der_private_key(keys["rsa-1024"].private_der(), None)
    own = server.credentials["plain-rsa"].key
    server.credentials["plain-rsa"].key = stranger

    with pytest.raises(ToolUnavailableError) as caught:
        key.sign(DATA)
    server.credentials["plain-rsa"].key = own
    assert caught.value.reason == "credential-mismatch"
    assert keyring.key(said("plain-rsa")) is not key


def test_a_service_that_is_not_there_is_told():
    assert refused(CscCredential("http://127.0.0.1:1/csc/v1", "seal", TOKEN, pin=PIN)) == (
        "remote-unavailable"
    )


def test_a_token_goes_nowhere_without_tls():
    far = CscCredential("http://sign.example/csc/v1", "seal", TOKEN, pin=PIN)

    assert refused(far) == "remote-address"


def test_a_process_that_is_forked_off_connects_anew(said):
    key = Keyring().key(said("seal"))
    assert good(key)
    forking = multiprocessing.get_context("fork")
    answers = forking.Queue()
    child = forking.Process(target=signs_in_a_child, args=(key, answers))

    child.start()
    assert answers.get(timeout=60)
    child.join(60)
    assert good(key)


def test_nothing_shows_token_pin_or_activation(said, caplog, monkeypatch):
    caplog.set_level("DEBUG")
    given = []
    monkeypatch.setattr(
        "rpa.testing.csc_server.secrets.token_urlsafe",
        lambda _bytes: given.append("activation-secrète") or given[0],
    )
    keyring = Keyring()
    key = keyring.key(said("seal"))
    key.sign(DATA)

    assert given
    shown = f"{said('seal')!r} {key!r} {vars(keyring)!r} {caplog.text}"
    for secret in (TOKEN, PIN, *given):
        assert secret not in shown
