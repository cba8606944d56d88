"""The signing section of settings: credentials of three kinds, all secrets by reference."""

import traceback

import pytest

from rpa.domain.errors import SetupError
from rpa.domain.signature import RevocationRule
from rpa.settings import load_settings

TOKEN = "{kind: pkcs11, module: /usr/lib/m.so, token: t, key: k, pin: %s}"
REMOTE = "{kind: csc, url: 'https://sign.example/csc/v1', credential_id: c, token: %s}"


@pytest.fixture
def credential(tmp_path):
    def load(said):
        (tmp_path / "rpa.yaml").write_text(f"signing: {{credentials: {{one: {said}}}}}")
        return load_settings(tmp_path).signing.credentials["one"]

    return load


def test_a_file_with_its_passphrase_is_the_plain_form(credential, tmp_path):
    said = credential("{file: pki/sceau.p12, passphrase: 'file:pki/sceau.pass'}")

    assert (said.kind, said.file, said.asks) == ("pkcs12", tmp_path / "pki" / "sceau.p12", False)


def test_a_person_s_own_passphrase_is_asked_for(credential):
    assert credential("{file: marie.p12, passphrase: ask}").asks
    assert credential(TOKEN % "ask").asks
    assert credential(REMOTE % "env:T, pin: ask").asks
    assert credential(REMOTE % "env:T, pin: 'env:P', one_time_code: ask").asks
    assert not credential(REMOTE % "env:T, pin: 'env:P'").asks


def test_paths_are_inside_the_home_and_a_token_s_library_where_it_says(credential, tmp_path):
    token = credential(
        "{kind: pkcs11, module: /usr/lib/m.so, token: t, key: k, pin: 'env:P', chain: [c.pem]}"
    )

    assert str(token.module) == "/usr/lib/m.so"
    assert token.chain == (tmp_path / "c.pem",)
    assert credential(REMOTE % "env:T, ca_file: ca.pem").ca_file == tmp_path / "ca.pem"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{file: a.p12, passphrase: hunter2}", "credentials.one.pkcs12.passphrase"),
        ("{file: a.p12}", "credentials.one.pkcs12.passphrase"),
        (TOKEN % "hunter2", "reference"),
        (REMOTE % "hunter2", "reference"),
        (REMOTE % "ask", "reference"),
        (REMOTE % "env:T, pin: hunter2", "reference"),
        (REMOTE % "env:T, pin: ask, one_time_code: ask", "only one of"),
        (REMOTE % "env:T, one_time_code: hunter2", "credentials.one.csc.one_time_code"),
        (REMOTE.replace("https", "http") % "env:T", "https://"),
        (REMOTE.replace("//", "//me:hunter2@") % "env:T", "no user or password"),
        ("{kind: hunter2}", "kind must be pkcs12, pkcs11 or csc"),
        ("{file: a.p12, passphrase: 'env:P', pin: hunter2}", "credentials.one.pkcs12.pin"),
        ("hunter2", "credentials.one"),
        ("{file: a.p12, passphrase: hunter2: hunter2}", "rpa.yaml"),
    ],
)
def test_a_secret_in_clear_is_refused_and_never_repeated(credential, said, told):
    with pytest.raises(SetupError) as caught:
        credential(said)

    assert told in caught.value.message
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_a_service_on_this_machine_may_do_without_tls(credential):
    said = "{kind: csc, url: 'http://127.0.0.1:8400/csc/v1', credential_id: c, token: 'env:T'}"

    assert credential(said).kind == "csc"


def test_revocation_is_required_unless_it_is_said_otherwise_and_lists_are_inside_the_home(tmp_path):
    said = "signing: {revocation: if-available, trust_lists: [l.xml], trust_list_signers: [s.pem]}"

    (tmp_path / "rpa.yaml").write_text("signing: {}")
    plain = load_settings(tmp_path).signing
    (tmp_path / "rpa.yaml").write_text(said)
    chosen = load_settings(tmp_path).signing

    assert plain.revocation is RevocationRule.REQUIRED
    assert chosen.revocation is RevocationRule.IF_AVAILABLE
    assert chosen.trust_lists == (tmp_path / "l.xml",)
    assert chosen.trust_list_signers == (tmp_path / "s.pem",)
