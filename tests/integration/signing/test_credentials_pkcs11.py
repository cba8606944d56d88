import multiprocessing
import threading
import traceback
from pathlib import Path

import pytest
from pkcs11 import TokenFlag

from rpa.domain.errors import ToolUnavailableError
from rpa.signing.adapters.credentials import Keyring
from rpa.signing.adapters.pkcs11_tokens import TOKENS, _check_tries
from rpa.signing.adapters.probing import is_signed_by
from rpa.signing.api import Pkcs11Credential
from rpa.testing.hsm import make_soft_token

DATA = b"the signed attributes"
PIN = "9471-pin"


def good(key, data=DATA):
    return is_signed_by(key.certificate, key.mechanism, data, key.sign(data))


def refused(said: Pkcs11Credential) -> str:
    with pytest.raises(ToolUnavailableError) as caught:
        Keyring().key(said).sign(DATA)
    told = "".join(traceback.format_exception(caught.value))
    assert said.pin not in told
    return caught.value.reason


def signs_in_a_child(key, answers):
    answers.put([good(key, str(number).encode()) for number in range(3)])


def reset(said):
    """Take the session away behind the keyring's back, as a token that is pulled does."""
    TOKENS.use(said, lambda token: token.session.close())


@pytest.mark.parametrize("kind", ["rsa", "pss", "pss-384", "p256", "p384", "p521"])
def test_keys_in_a_token_sign(kind, soft_token):
    key = Keyring().key(soft_token(kind, PIN))

    assert good(key)
    assert key.certificate.subject.native == {"common_name": kind}


def test_the_chain_comes_from_the_token_without_the_root(soft_token):
    key = Keyring().key(soft_token("sceau", PIN))

    names = [issuer.subject.native["common_name"] for issuer in key.chain]
    assert names == ["Autorité de certification de démonstration"]
    assert good(key)


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("nobody", "credential-no-key"),
        ("alone", "credential-no-certificate"),
        ("twins", "credential-several-keys"),
        ("stranger", "credential-mismatch"),
    ],
)
def test_what_a_token_lacks_is_told(label, code, soft_token):
    assert refused(soft_token(label, PIN)) == code


def test_a_token_that_is_not_there_is_told(soft_token):
    module = soft_token("rsa", PIN).module

    assert refused(Pkcs11Credential(module, "another", "rsa", PIN)) == "token-missing"
    assert refused(Pkcs11Credential(Path("/no/lib.so"), "t", "k", PIN)) == "token-module"
    libc = Path("/lib/x86_64-linux-gnu/libc.so.6")
    assert refused(Pkcs11Credential(libc, "t", "k", PIN)) == "token-module"


def test_a_wrong_pin_is_tried_once_and_then_not_again(soft_token):
    said = soft_token("rsa", "0000-wrong")
    keyring = Keyring()

    with pytest.raises(ToolUnavailableError) as first:
        keyring.key(said)
    with pytest.raises(ToolUnavailableError) as second:
        keyring.key(said)

    assert first.value.__cause__ is not None
    assert second.value.__cause__ is None  # nobody asked the token
    assert (first.value.reason, second.value.reason) == ("token-pin", "token-pin")
    assert good(keyring.key(soft_token("rsa", PIN)))


def test_the_last_try_is_left_to_a_person(soft_token):
    machine, person = soft_token("rsa", PIN), soft_token("rsa", PIN, is_typed=True)

    _check_tries(TokenFlag.USER_PIN_FINAL_TRY, person)
    _check_tries(TokenFlag.USER_PIN_COUNT_LOW, machine)
    for flags, said in (
        (TokenFlag.USER_PIN_FINAL_TRY, machine),
        (TokenFlag.USER_PIN_LOCKED, machine),
        (TokenFlag.USER_PIN_LOCKED, person),
    ):
        with pytest.raises(ToolUnavailableError) as caught:
            _check_tries(flags, said)
        assert caught.value.reason == "token-locked"


def test_an_open_token_does_not_make_a_wrong_pin_good(soft_token):
    keyring = Keyring()
    assert good(keyring.key(soft_token("rsa", PIN)))

    assert refused(soft_token("rsa", "8888-wrong")) == "token-pin"
    assert good(keyring.key(soft_token("rsa", PIN)))


def test_a_pin_that_was_typed_opens_the_token_for_one_signature(soft_token):
    said = soft_token("rsa", PIN, is_typed=True)
    keyring = Keyring()

    key = keyring.key(said)
    assert good(key)
    assert keyring.key(said) is not key
    module = TOKENS._module(said.module)
    assert module.kept(said) is None


def test_a_lost_session_is_opened_again(soft_token):
    said = soft_token("p256", PIN)
    key = Keyring().key(said)
    reset(said)

    assert good(key)


def test_a_restarted_library_is_logged_in_to_again(soft_token):
    said = soft_token("p256", PIN)
    key = Keyring().key(said)
    TOKENS._module(said.module)._restart()

    assert good(key)


def test_a_process_that_is_forked_off_opens_a_session_of_its_own(soft_token):
    key = Keyring().key(soft_token("p256", PIN))
    assert good(key)
    forking = multiprocessing.get_context("fork")
    answers = forking.Queue()
    child = forking.Process(target=signs_in_a_child, args=(key, answers))

    child.start()
    found = answers.get(timeout=60)
    child.join(60)
    assert found == [True, True, True]
    assert good(key)


def test_threads_share_one_session(soft_token):
    key = Keyring().key(soft_token("rsa", PIN))
    found: list[bool] = []

    def many():
        found.extend(good(key, str(number).encode()) for number in range(20))

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 80


def test_a_token_that_comes_later_is_found(soft_token, tmp_path_factory):
    said = soft_token("rsa", PIN)
    folder = tmp_path_factory.getbasetemp()
    later = Pkcs11Credential(said.module, "jeton-plus-tard", "rsa", PIN)
    assert refused(later) == "token-missing"

    config = next(folder.glob("token*/softhsm2.conf"))
    make_soft_token(config.parent, "jeton-plus-tard", PIN, [], module=said.module)
    TOKENS._module(said.module).close(said.token)

    assert refused(later) == "credential-no-key"


def test_nothing_shows_the_pin(soft_token, caplog):
    caplog.set_level("DEBUG")
    said = soft_token("rsa", PIN)
    key = Keyring().key(said)
    key.sign(DATA)

    opened = TOKENS.use(said, repr)
    assert PIN not in f"{said!r} {key!r} {opened} {caplog.text}"
