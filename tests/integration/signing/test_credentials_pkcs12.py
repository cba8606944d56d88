import os
import traceback
from pathlib import Path

import pytest
from asn1crypto import pem, pkcs12
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509 import load_pem_x509_certificate

from rpa.domain.errors import ToolUnavailableError
from rpa.signing.adapters.credentials import Keyring
from rpa.signing.adapters.probing import is_signed_by
from rpa.signing.api import Pkcs12Credential
from rpa.testing.keys import openssl
from rpa.testing.signatures import credential

PHRASE = "phrase-de-passe-très-secrète"
MECHANISMS = {
    "rsa": ("sha256_rsa", "sha256"),
    "pss": ("rsassa_pss", "sha256"),
    "pss-384": ("rsassa_pss", "sha384"),
    "p256": ("sha256_ecdsa", "sha256"),
    "p384": ("sha384_ecdsa", "sha384"),
    "p521": ("sha512_ecdsa", "sha512"),
    "ed25519": ("ed25519", "sha512"),
}


def opened(path: Path, phrase: str = PHRASE, **more):
    return Keyring().key(Pkcs12Credential(path, phrase, **more))


def refused(path: Path, phrase: str = PHRASE) -> str:
    with pytest.raises(ToolUnavailableError) as caught:
        opened(path, phrase)
    told = "".join(traceback.format_exception(caught.value))
    assert not phrase or phrase not in told
    assert path.name in caught.value.message or caught.value.reason == "credential-unsupported"
    return caught.value.reason


@pytest.mark.parametrize("kind", MECHANISMS)
def test_keys_of_every_supported_kind_sign(kind, keys, tmp_path):
    key = opened(keys[kind].exported(tmp_path / "key.p12", PHRASE))

    signature = key.sign(b"the signed attributes")
    assert (key.mechanism["algorithm"].native, key.digest) == MECHANISMS[kind]
    assert is_signed_by(key.certificate, key.mechanism, b"the signed attributes", signature)
    assert not is_signed_by(key.certificate, key.mechanism, b"other attributes", signature)


def test_a_pss_signature_keeps_to_what_its_certificate_asks(keys, tmp_path):
    key = opened(keys["pss-384"].exported(tmp_path / "key.p12", PHRASE))

    params = key.mechanism["parameters"].native
    assert params["salt_length"] == 48
    assert params["mask_gen_algorithm"]["parameters"]["algorithm"] == "sha384"


@pytest.mark.parametrize("kind", ["ed448", "brainpool", "p224"])
def test_keys_of_other_kinds_are_refused(kind, keys, tmp_path):
    assert refused(keys[kind].exported(tmp_path / "key.p12", PHRASE)) == "credential-unsupported"


@pytest.mark.parametrize(
    "options", [("-legacy",), ("-legacy", "-certpbe", "PBE-SHA1-RC2-40"), ("-nomac",)]
)
def test_old_encryptions_are_opened(options, keys, tmp_path):
    key = opened(keys["p256"].exported(tmp_path / "key.p12", PHRASE, *options))

    assert key.certificate.subject.native == {"common_name": "p256"}


def test_an_empty_passphrase_is_one(keys, tmp_path):
    path = keys["p256"].exported(tmp_path / "key.p12", "")

    assert opened(path, "").digest == "sha256"
    assert refused(path, "something") == "credential-closed"


def test_a_wrong_passphrase_opens_nothing(keys, tmp_path):
    path = keys["p256"].exported(tmp_path / "key.p12", PHRASE)

    assert refused(path, "a wrong one") == "credential-closed"


def test_a_key_without_its_certificate_is_refused(keys, tmp_path):
    path = keys["p256"].exported(tmp_path / "key.p12", PHRASE, "-nocerts")

    assert refused(path) == "credential-no-certificate"


def test_a_certificate_of_another_key_is_refused(keys, tmp_path):
    key = load_pem_private_key(keys["p256"].key.read_bytes(), None)
    stranger = load_pem_x509_certificate(keys["p384"].certificate.read_bytes())
    target = tmp_path / "key.p12"
    locked = BestAvailableEncryption(PHRASE.encode())
    target.write_bytes(serialize_key_and_certificates(None, key, None, [stranger], locked))

    assert refused(target) == "credential-no-certificate"


def test_of_several_keys_none_is_chosen(keys, tmp_path):
    path = keys["p256"].exported(tmp_path / "key.p12", PHRASE)
    pfx = pkcs12.Pfx.load(path.read_bytes())
    safe = pfx.authenticated_safe
    part = next(part for part in safe if part["content_type"].native == "data")
    bags = pkcs12.SafeContents.load(part["content"].native)
    bags.append(bags[0])
    part["content"] = bags.dump()
    pfx["auth_safe"]["content"] = safe.dump(force=True)
    path.write_bytes(pfx.dump())

    assert refused(path) == "credential-several-keys"


def test_certificates_without_a_key_are_refused(keys, tmp_path):
    path = keys["p256"].exported(tmp_path / "key.p12", PHRASE, "-nokeys")

    assert refused(path) == "credential-no-key"


def test_a_file_that_is_no_pkcs12_is_told_apart_from_a_wrong_passphrase(keys, tmp_path):
    path = keys["p256"].exported(tmp_path / "key.p12", PHRASE)
    whole = path.read_bytes()

    for content in (b"", b"garbage", keys["p256"].certificate.read_bytes(), whole[:-1], whole[:40]):
        path.write_bytes(content)
        assert refused(path) == "credential-malformed"


def test_a_damaged_file_ends_in_a_clear_error(keys, tmp_path):
    path = keys["p256"].exported(tmp_path / "key.p12", PHRASE)
    whole = path.read_bytes()

    reasons = set()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        reasons.add(refused(path))

    assert reasons <= {"credential-malformed", "credential-closed", "credential-no-key"}


def test_a_missing_file_is_told_as_such(tmp_path):
    assert refused(tmp_path / "nowhere.p12") == "credential-missing"


def test_the_chain_comes_nearest_first_without_the_root(pki):
    key = Keyring().key(credential(pki))

    names = [issuer.subject.native["common_name"] for issuer in key.chain]
    assert names == ["Autorité de certification de démonstration"]


def test_a_chain_that_the_file_lacks_is_taken_from_others(pki, tmp_path):
    whole = credential(pki)
    intermediate = Keyring().key(whole).chain[0]
    chain = tmp_path / "chain.pem"
    root = (pki / "root.pem").read_bytes()
    chain.write_bytes(root + pem.armor("CERTIFICATE", intermediate.dump()))
    bare, parts = tmp_path / "bare.p12", tmp_path / "parts.pem"
    files = ("-in", whole.path, "-out", parts)
    openssl("pkcs12", "-clcerts", "-nodes", *files, "-passin", f"pass:{whole.passphrase}")
    openssl("pkcs12", "-export", "-in", parts, "-out", bare, "-passout", f"pass:{PHRASE}")

    assert opened(bare).chain == ()
    (found,) = opened(bare, chain=(chain,)).chain
    assert found.dump() == intermediate.dump()


def test_a_key_is_opened_once_until_its_file_or_passphrase_changes(keys, tmp_path):
    path = keys["p256"].exported(tmp_path / "key.p12", PHRASE)
    keyring, said = Keyring(), Pkcs12Credential(path, PHRASE)

    first = keyring.key(said)
    assert keyring.key(said) is first
    with pytest.raises(ToolUnavailableError):
        keyring.key(Pkcs12Credential(path, "a wrong one"))
    keys["p384"].exported(path, PHRASE)
    os.utime(path, (1, 1))
    assert keyring.key(said).digest == "sha384"


def test_a_key_whose_passphrase_was_typed_is_not_kept(keys, tmp_path):
    path = keys["p256"].exported(tmp_path / "key.p12", PHRASE)
    keyring, said = Keyring(), Pkcs12Credential(path, PHRASE, is_typed=True)

    assert keyring.key(said) is not keyring.key(said)


def test_nothing_shows_the_passphrase(keys, tmp_path, caplog):
    caplog.set_level("DEBUG")
    said = Pkcs12Credential(keys["p256"].exported(tmp_path / "key.p12", PHRASE), PHRASE)
    keyring = Keyring()
    key = keyring.key(said)

    shown = f"{said!r} {key!r} {vars(keyring)!r} {caplog.text}"
    assert PHRASE not in shown
