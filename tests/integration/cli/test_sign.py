import json
import subprocess

import pytest
from typer.testing import CliRunner

from rpa.bootstrap.clock import clock
from rpa.cli.main import build_app
from rpa.domain.errors import RpaError
from rpa.signing.devpki import create_development_pki
from rpa.testing.hostile_pdfs import locked_pdf, one_page_pdf


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    create_development_pki(folder, now=clock())
    return folder / "pki"


@pytest.fixture
def rpa(keys):
    key = ("--key", str(keys / "sceau.p12"), "--passphrase", f"file:{keys / 'sceau.pass'}")

    def run(*words):
        result = CliRunner().invoke(build_app(["sign"]), ["sign", *key, *map(str, words)])
        if isinstance(result.exception, RpaError):
            return result.exception.exit_status, result.exception.reason, ""
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture
def pdf(tmp_path):
    path = tmp_path / "lettre.pdf"
    path.write_bytes(one_page_pdf())
    return path


def test_a_pdf_is_signed_with_a_key_of_ones_own_and_no_home(rpa, pdf):
    status, _out, _told = rpa(pdf, "--role", "Direction", "--verify-url", "https://example.org/1")

    signed = pdf.with_name("lettre-signed.pdf")
    told = subprocess.run(["pdfsig", signed], capture_output=True, check=True).stdout
    assert status == 0
    assert signed.read_bytes().startswith(pdf.read_bytes())
    assert b"Signature is Valid" in told
    assert b"Total document signed" in told


def test_one_bad_file_does_not_stop_the_others_and_gives_the_status(rpa, pdf, tmp_path):
    empty = tmp_path / "vide.pdf"
    empty.write_bytes(b"")

    status, out, _told = rpa(empty, pdf, "--out", tmp_path / "signed", "--json")

    facts = [json.loads(line) for line in out.splitlines()]
    assert status == 3
    assert facts[0]["error"]["code"] == "pdf-empty"
    assert facts[1]["level"] == "B-B"
    assert (tmp_path / "signed" / "lettre-signed.pdf").is_file()


def test_a_missing_file_and_an_existing_output_are_told_and_nothing_is_written(rpa, pdf, tmp_path):
    there = tmp_path / "there.pdf"
    there.write_bytes(b"kept")

    assert rpa(tmp_path / "no.pdf")[0] == 2
    status, _out, told = rpa(pdf, "--out", there)
    assert (status, there.read_bytes()) == (2, b"kept")
    assert "out-exists" in told
    assert rpa(pdf, "--out", there, "--force")[0] == 0
    assert there.read_bytes().startswith(b"%PDF")


def test_the_input_is_never_written_over(rpa, pdf):
    before = pdf.read_bytes()

    status, _out, told = rpa(pdf, "--out", pdf, "--force")

    assert status == 2
    assert "out-is-input" in told
    assert pdf.read_bytes() == before


def test_a_silent_authority_lowers_the_level_and_says_so_or_the_command_waits(rpa, pdf, tmp_path):
    silent = ("--tsa", "http://127.0.0.1:9/tsa")

    status, _out, told = rpa(pdf, *silent)
    waited = rpa(pdf, *silent, "--wait", "--out", tmp_path / "waited.pdf")

    assert status == 0
    assert "B-B" in told
    assert waited[0] == 5
    assert not (tmp_path / "waited.pdf").exists()


def test_repairs_are_said(rpa, tmp_path):
    damaged = tmp_path / "d.pdf"
    damaged.write_bytes(one_page_pdf().replace(b"startxref", b"startxerf"))

    status, out, _told = rpa(damaged, "--json")

    assert status == 0
    assert json.loads(out)["repairs"]


def test_a_password_comes_by_reference(rpa, tmp_path, monkeypatch):
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(locked_pdf(user="user"))
    monkeypatch.setenv("PDF_PASSWORD", "owner")

    assert rpa(locked)[0] == 3
    assert rpa(locked, "--password", "env:PDF_PASSWORD")[0] == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--box", "1,2,3"), "box-wrong"),
        (("--page", "2"), "no-box"),
        (("--lang", "de"), "language"),
        (("--credential", "sceau"), "which-key"),
    ],
)
def test_options_that_will_not_do_are_told(rpa, pdf, words, code):
    assert rpa(pdf, *words)[:2] == (2, code)
