import shutil
import stat
import subprocess
import threading
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import requests
import yaml
from asn1crypto import cms, crl, pem, x509

from rpa.domain.errors import IntegrityError, NotFoundError, SetupError, ToolUnavailableError
from rpa.signing.adapters.certificates import read_certificates
from rpa.signing.adapters.certomancer_pki import Standing, is_development
from rpa.signing.adapters.certomancer_server import serve_pki
from rpa.signing.adapters.tsa import HttpTimestampAuthority, verify_token
from rpa.signing.devpki import (
    create_development_pki,
    development_certificates,
    revoke_in_development_pki,
)
from rpa.testing.signatures import served_pki


def roots_of(folder):
    _name, _headers, der = pem.unarmor((folder / "root.pem").read_bytes())
    return [x509.Certificate.load(der)]


def test_secrets_are_for_the_owner_alone(pki):
    secrets = [*(pki / "pki" / "keys").glob("*.pem"), *pki.glob("*.p12"), *pki.glob("*.pass")]

    assert len(secrets) == 28
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


@pytest.fixture(scope="module")
def made(tmp_path_factory, now):
    folder = tmp_path_factory.mktemp("made")
    create_development_pki(folder, now=now, base_url="http://127.0.0.1:8318")
    return folder


@pytest.fixture
def own(made, tmp_path):
    """A PKI to change."""
    return Path(shutil.copytree(made, tmp_path / "own", symlinks=True))


def revocation_list(address, name="interm"):
    answer = requests.get(f"{address}/dev/crls/{name}/latest.crl", timeout=10)
    return crl.CertificateList.load(answer.content)["tbs_cert_list"]


def ocsp_says(address, folder, name, tmp_path):
    certificates = folder / "pki" / "certs"
    asked = ["-issuer", certificates / "interm.pem", "-cert", certificates / f"{name}.pem"]
    trust = ["-CAfile", folder / "root.pem", "-noverify", "-url", f"{address}/ocsp"]
    # The server's clock stands still, openssl's does not.
    trust += ["-validity_period", "999999999"]
    command = ["openssl", "ocsp", *asked, *trust]
    run = subprocess.run(command, capture_output=True, check=False, text=True, cwd=tmp_path)
    return run.stdout + run.stderr


def test_every_name_says_that_it_is_for_development(own):
    for path in (own / "pki" / "certs").glob("*.pem"):
        (certificate,) = read_certificates([path])
        assert certificate.subject.native["organizational_unit_name"].startswith("Développement")
        assert is_development(certificate)


def test_a_pki_of_an_older_version_is_known_and_served(own, now):
    for path in (own / "pki" / "certs").iterdir():
        path.unlink()
    (own / "pki" / "certs").rmdir()
    said = yaml.safe_load((own / "pki" / "pki.yaml").read_text())
    del said["pki-architectures"]["dev"]["entity-defaults"]["organizational-unit-name"]
    (own / "pki" / "pki.yaml").write_text(yaml.safe_dump(said))

    with served_pki(own, at=now) as address:
        token = HttpTimestampAuthority(f"{address}/tsa").stamp(bytes(32))
    signer = cms.ContentInfo.load(token)["content"]["certificates"][0].chosen
    assert is_development(signer)
    assert len(development_certificates(own, now=now)) == 12


def test_what_is_revoked_and_expired_is_told(own, now):
    standing = {one.name: one.standing for one in development_certificates(own, now=now)}

    assert standing["revoque"] is Standing.REVOKED
    assert standing["expire"] is Standing.EXPIRED
    assert standing["claire"] is Standing.GOOD


def test_ocsp_and_the_lists_agree_about_who_is_revoked(own, now, tmp_path):
    with served_pki(own, at=now) as address:
        revoked = revocation_list(address)["revoked_certificates"]
        said = {name: ocsp_says(address, own, name, tmp_path) for name in ("revoque", "claire")}
        of_root = revocation_list(address, "root")["revoked_certificates"].native

    (bad,) = read_certificates([own / "pki" / "certs" / "revoque.pem"])
    assert [entry["user_certificate"].native for entry in revoked] == [bad.serial_number]
    assert not of_root
    assert "revoque.pem: revoked" in said["revoque"]
    assert "claire.pem: good" in said["claire"]


def test_a_revocation_is_told_at_once_by_a_server_that_runs(own, now, tmp_path):
    with served_pki(own, at=now) as address:
        before = len(revocation_list(address)["revoked_certificates"])
        revoke_in_development_pki(own, "claire", now=now)
        revoke_in_development_pki(own, "claire", now=now + timedelta(hours=1))
        after = len(revocation_list(address)["revoked_certificates"])
        said = ocsp_says(address, own, "claire", tmp_path)

    assert (before, after) == (1, 2)
    assert "claire.pem: revoked" in said


@pytest.mark.parametrize("name", ["root", "tsa", "nobody", "../sceau"])
def test_only_signing_certificates_are_revoked(own, now, name):
    with pytest.raises(NotFoundError, match="claire"):
        revoke_in_development_pki(own, name, now=now)


def test_the_server_gives_out_no_key_and_takes_no_nonsense(own, now):
    paths = ["/", "/pki.yaml", "/keys/sceau.pem", "/sceau.p12", "/certomancer/pfx-download/dev"]
    with served_pki(own, at=now) as address:
        got = [requests.get(address + path, timeout=10).status_code for path in paths]
        odd = [
            requests.post(f"{address}/{place}", data=data, timeout=10).status_code
            for place in ("tsa", "ocsp")
            for data in (b"", b"nonsense", bytes(200_000), b"0\x80" * 20_000)
        ]
        still = revocation_list(address)["issuer"].native

    assert got == [404] * len(paths)
    assert {code // 100 for code in odd} == {4}
    assert still["common_name"] == "Autorité de certification de démonstration"


def test_an_authority_s_certificates_are_the_same_after_a_restart(own, now):
    def certificate():
        with served_pki(own, at=now) as address:
            token = HttpTimestampAuthority(f"{address}/tsa").stamp(bytes(32))
        return cms.ContentInfo.load(token)["content"]["certificates"][0].chosen.dump()

    assert certificate() == certificate()


def test_persons_can_be_named(tmp_path, now):
    create_development_pki(tmp_path, now=now, names=["Zoé Roy", "Jean-Luc Côté"])

    assert (tmp_path / "zoe.p12").is_file()
    assert (tmp_path / "jean-luc.p12").is_file()
    assert not (tmp_path / "claire.p12").exists()


@pytest.mark.parametrize(
    "names", [["Zoé Roy", "Zoe Côté"], ["Root Roy"], ["Expire X"], ["…"], [""]]
)
def test_names_that_would_meet_are_refused(tmp_path, now, names):
    with pytest.raises(SetupError):
        create_development_pki(tmp_path, now=now, names=names)

    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_told(tmp_path, now):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(ToolUnavailableError) as caught:
        create_development_pki(tmp_path / "file" / "pki", now=now)
    assert caught.value.reason == "pki-folder"


def test_a_port_in_use_is_told(own, now):
    with served_pki(own, at=now) as address, pytest.raises(ToolUnavailableError) as caught:
        serve_pki(own / "pki", "127.0.0.1", int(address.rpartition(":")[2]))

    assert caught.value.reason == "pki-server"
