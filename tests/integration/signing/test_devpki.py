import stat
import subprocess
import threading
from hashlib import sha256

import pytest
from asn1crypto import pem, x509

from rpa.domain.errors import IntegrityError, ToolUnavailableError
from rpa.signing.adapters.certomancer_pki import serve_pki
from rpa.signing.adapters.tsa import HttpTimestampAuthority, verify_token
from rpa.signing.devpki import create_development_pki


def roots_of(folder):
    _name, _headers, der = pem.unarmor((folder / "root.pem").read_bytes())
    return [x509.Certificate.load(der)]


def test_secrets_are_for_the_owner_alone(pki):
    secrets = [*(pki / "pki" / "keys").glob("*.pem"), *pki.glob("*.p12"), *pki.glob("*.pass")]

    assert len(secrets) == 10
    assert {stat.S_IMODE(file.stat().st_mode) for file in secrets} == {0o600}


def test_making_it_again_changes_nothing(tmp_path, now):
    create_development_pki(tmp_path, now=now)
    before = {file.name: file.read_bytes() for file in tmp_path.glob("*.p*") if file.is_file()}

    create_development_pki(tmp_path, now=now)

    after = {file.name: file.read_bytes() for file in tmp_path.glob("*.p*") if file.is_file()}
    assert after == before


def test_a_crash_before_the_last_step_is_made_good(tmp_path, now):
    create_development_pki(tmp_path, now=now)
    (tmp_path / "sceau.p12").unlink()
    (tmp_path / ".pki-left-over").mkdir()

    create_development_pki(tmp_path, now=now)

    assert (tmp_path / "sceau.p12").is_file()


def test_two_at_once_make_one_pki(tmp_path, now):
    threads = [
        threading.Thread(target=create_development_pki, args=(tmp_path,), kwargs={"now": now})
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    phrase = (tmp_path / "sceau.pass").read_text()
    run = subprocess.run(
        ["openssl", "pkcs12", "-in", tmp_path / "sceau.p12", "-nodes", "-passin", f"pass:{phrase}"],
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0
    assert not list(tmp_path.glob(".pki-*"))


def test_the_chain_verifies_with_openssl(pki, tmp_path):
    phrase = (pki / "superviseur.pass").read_text()
    common = ["openssl", "pkcs12", "-in", str(pki / "superviseur.p12"), "-nokeys"]
    for option, name in (("-clcerts", "leaf.pem"), ("-cacerts", "chain.pem")):
        run = subprocess.run(
            [*common, option, "-passin", f"pass:{phrase}"], capture_output=True, check=True
        )
        (tmp_path / name).write_bytes(run.stdout)

    verified = subprocess.run(
        [
            "openssl",
            "verify",
            "-attime",
            "1795500000",
            "-CAfile",
            pki / "root.pem",
            "-untrusted",
            tmp_path / "chain.pem",
            tmp_path / "leaf.pem",
        ],
        capture_output=True,
        check=False,
    )
    assert b"leaf.pem: OK" in verified.stdout, verified.stderr


def test_a_stamp_proves_its_time_and_only_for_its_digest(authority, pki, now):
    digest = sha256(b"head of the ledger").digest()
    token = HttpTimestampAuthority(authority).stamp(digest)

    assert verify_token(token, digest, roots_of(pki)) == now
    with pytest.raises(IntegrityError):
        verify_token(token, sha256(b"another head").digest(), roots_of(pki))
    with pytest.raises(IntegrityError):
        verify_token(token, digest, [])
    with pytest.raises(IntegrityError):
        verify_token(token[:-1] + bytes([token[-1] ^ 1]), digest, roots_of(pki))
    with pytest.raises(IntegrityError):
        verify_token(b"no token", digest, roots_of(pki))


def test_an_address_that_is_no_authority_gives_no_stamp(authority):
    with pytest.raises(ToolUnavailableError):
        HttpTimestampAuthority(authority.replace("/tsa", "/nowhere")).stamp(bytes(32))


def test_a_pki_that_was_not_made_cannot_be_served(tmp_path):
    with pytest.raises(ToolUnavailableError):
        serve_pki(tmp_path, "127.0.0.1", 0)
