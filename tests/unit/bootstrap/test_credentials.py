import traceback

import pytest

from rpa.bootstrap.credentials import credential_asks, credential_named
from rpa.bootstrap.key_files import credential_from_file
from rpa.domain.errors import SetupError
from rpa.settings import load_settings

SECRET = "hunter2"
HOME = """
signing:
  credentials:
    seal: {file: seal.p12, passphrase: "file:seal.pass", chain: [chain.pem]}
    marie: {file: marie.p12, passphrase: ask}
    card: {kind: pkcs11, module: /m.so, token: t, key: k, pin: "file:seal.pass"}
    own-card: {kind: pkcs11, module: /m.so, token: t, key: k, pin: ask}
    remote: {kind: csc, url: "https://s.example/csc/v1", credential_id: c, token: "file:seal.pass"}
    coded:
      kind: csc
      url: https://s.example/csc/v1
      credential_id: c
      token: file:seal.pass
      pin: file:seal.pass
      one_time_code: ask
    gone: {file: gone.p12, passphrase: "env:RPA_NO_SUCH_SECRET"}
"""


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "rpa.yaml").write_text(HOME)
    (tmp_path / "seal.pass").write_text(SECRET)
    return load_settings(tmp_path)


def test_a_reference_is_followed_when_the_credential_is_asked_for(settings, tmp_path):
    assert credential_named(settings, "seal").passphrase == SECRET

    (tmp_path / "seal.pass").write_text("another")
    assert credential_named(settings, "seal").passphrase == "another"
    assert credential_named(settings, "seal").chain == (tmp_path / "chain.pem",)
    assert credential_named(settings, "card").pin == "another"
    assert credential_named(settings, "remote").token == "another"
    assert credential_named(settings, "remote").pin is None


def test_what_a_person_types_is_taken_only_where_it_is_asked_for(settings):
    assert credential_named(settings, "marie", typed="mine").passphrase == "mine"
    assert credential_named(settings, "marie", typed="mine").is_typed
    assert credential_named(settings, "own-card", typed="1234").pin == "1234"
    assert credential_named(settings, "coded", typed="123456").one_time_code == "123456"
    assert credential_named(settings, "coded", typed="123456").pin == SECRET
    assert credential_named(settings, "seal", typed="mine").passphrase == SECRET
    assert credential_asks(settings, "marie")
    assert not credential_asks(settings, "seal")


@pytest.mark.parametrize(
    ("name", "code"),
    [("marie", "credential-asks"), ("gone", "secret-missing"), ("nobody", "no-credential")],
)
def test_a_credential_that_cannot_be_had_is_told_by_its_name(settings, name, code):
    with pytest.raises(SetupError) as caught:
        credential_named(settings, name)

    assert caught.value.reason == code


def test_a_file_that_no_settings_name_is_a_credential_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key.pass").write_text(SECRET)

    said = credential_from_file(tmp_path / "key.p12", "file:key.pass")
    typed = credential_from_file(tmp_path / "key.p12", "ask", typed="mine")
    assert (said.passphrase, said.is_typed) == (SECRET, False)
    assert (typed.passphrase, typed.is_typed) == ("mine", True)


def test_a_passphrase_on_the_command_line_is_refused_and_not_repeated(tmp_path):
    with pytest.raises(SetupError) as caught:
        credential_from_file(tmp_path / "key.p12", SECRET)

    assert caught.value.reason == "secret-in-clear"
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_no_credential_shows_its_secret(settings):
    shown = [credential_named(settings, name) for name in ("seal", "card", "remote")]

    assert SECRET not in repr(shown)
