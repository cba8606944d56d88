"""``rpa verify`` as anybody runs it: with no home, no register and no account."""

import json
from datetime import UTC, datetime

import pikepdf
import pytest
from typer.testing import CliRunner

from rpa.cli.main import build_app
from rpa.domain.errors import RpaError
from rpa.testing import signed_samples as samples

NOWHERE = "/nowhere/to/be/found"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder with a signed, a changed and an unsigned PDF, and the signer's own certificate."""
    folder = tmp_path_factory.mktemp("verify")
    signed = samples.signed(samples.whole_pdf())
    inner = folder / "inner"
    inner.mkdir()
    (folder / "signed.pdf").write_bytes(signed)
    (inner / "changed.PDF").write_bytes(
        samples.updated(signed, {samples.CONTENTS: samples.stream(b"q Q")})
    )
    (inner / "plain.pdf").write_bytes(samples.whole_pdf())
    (inner / "note.txt").write_text("no PDF")
    (folder / "signer.pem").write_bytes(samples.stranger().signing_cert.dump())
    filled = {
        samples.NAME: samples.text_field(b"name", b"Bob", samples.NAME_LOOK),
        samples.NAME_LOOK: samples.look(b"Bob"),
    }
    (folder / "filled.pdf").write_bytes(samples.updated(signed, filled))
    return folder


@pytest.fixture
def verify():
    def run(*words):
        line = ["verify", *map(str, words)]
        env = {"COLUMNS": "80", "RPA_HOME": NOWHERE}
        done = CliRunner().invoke(build_app(line), line, env=env)
        if isinstance(done.exception, RpaError):
            return done.exception.exit_status, done.exception.message
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


def records(out):
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def test_without_roots_a_whole_document_is_of_a_stranger_and_a_person_must_decide(verify, files):
    status, out = verify(files / "signed.pdf", "--json")

    (told,) = records(out)
    assert status == 3
    assert (told["integrity"], told["verdict"]) == ("valid", "indeterminate")
    (signature,) = told["signatures"]
    assert signature["trust"] == "unknown-issuer"
    assert signature["coverage"] == "whole-document"
    assert told["sentence"].startswith("Signed by somebody who gives the name Stranger")
    assert len(told["sha256"]) == 64


def test_with_the_root_it_is_total_passed(verify, files):
    status, out = verify(files / "signed.pdf", "--trust", files / "signer.pem", "--json")

    assert status == 0
    assert records(out)[0]["signatures"][0]["root"] == "Stranger"


def test_a_folder_is_checked_whole_one_line_a_file_and_the_worst_gives_the_status(verify, files):
    status, out = verify(files / "inner", "--json")

    told = {record["file"].rsplit("/", 1)[1]: record["integrity"] for record in records(out)}
    assert status == 4
    assert told == {"changed.PDF": "modified", "plain.pdf": "unsigned"}


def test_a_file_that_is_not_there_does_not_stop_the_others(verify, files):
    status, out = verify(files / "none.pdf", files / "inner" / "changed.PDF", "--json")

    missing, changed = records(out)
    assert status == 4
    assert missing["error"] == "not-found"
    assert changed["integrity"] == "modified"
    change = changed["signatures"][0]["changes_after"][0]
    assert change == {"kind": "content", "permitted": False, "where": "page 1"}


def test_a_missing_file_alone_ends_with_the_status_of_a_wrong_command(verify, files):
    assert verify(files / "none.pdf")[0] == 2


def test_a_person_reads_a_short_block(verify, files):
    status, out = verify(files / "inner" / "changed.PDF", files / "inner" / "plain.pdf")

    assert status == 4
    assert "changed.PDF: total-failed (MODIFIED_AFTER_SIGNING)" in out
    assert "after it: what a page shows (page 1) (forbidden)" in out
    assert "This document bears no signature." in out
    assert max(map(len, out.splitlines())) <= 80


def test_the_language_can_be_chosen(verify, files):
    _status, out = verify(files / "inner" / "plain.pdf", "--lang", "fr", "--json")

    assert records(out)[0]["sentence"] == "Ce document ne porte aucune signature."
    assert verify(files / "signed.pdf", "--lang", "de")[0] == 2


def test_filled_fields_pass_only_where_they_are_expected(verify, files):
    asked = (files / "filled.pdf", "--trust", files / "signer.pem", "--json")

    doubted = verify(*asked)
    expected = verify(*asked, "--expect-form-filling")

    assert (doubted[0], expected[0]) == (3, 0)
    assert records(doubted[1])[0]["sub_indication"] == "FORM_FILLED_AFTER_SIGNING"
    assert "form-filled" in records(expected[1])[0]["warnings"]
    assert "Bob" not in doubted[1] + expected[1]


def test_an_encrypted_file_opens_by_a_password_behind_a_reference(verify, files, tmp_path):
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(files / "inner" / "plain.pdf") as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="geheim", R=6))
    phrase = tmp_path / "phrase"
    phrase.write_text("geheim")

    _status, closed = verify(locked, "--json")
    _status, opened = verify(locked, "--password", f"file:{phrase}", "--json")

    assert records(closed)[0]["warnings"] == ["pdf-encrypted"]
    assert records(opened)[0]["integrity"] == "unsigned"
    assert verify(locked, "--password", "geheim")[0] == 2


def test_certificates_can_be_judged_as_of_another_time(verify, files):
    asked = (files / "signed.pdf", "--trust", files / "signer.pem", "--json")

    _status, out = verify(*asked, "--at", "2060-01-01")

    assert records(out)[0]["signatures"][0]["trust"] == "expired"
    assert datetime.fromisoformat(records(out)[0]["checked_at"]) == datetime(2060, 1, 1, tzinfo=UTC)


def test_an_empty_folder_and_a_missing_root_are_said(verify, files, tmp_path):
    assert verify(tmp_path)[0] == 3
    assert verify(files / "signed.pdf", "--trust", tmp_path / "none.pem")[0] == 5
    assert verify(files / "signed.pdf", "--crl", tmp_path / "none.crl")[0] == 2


def test_a_report_in_xml_is_printed_for_one_file_and_kept_in_a_folder_for_several(
    verify, files, tmp_path
):
    alone = verify(files / "signed.pdf", "--report", "etsi")
    several = verify(files, "--report", "etsi", "--out", tmp_path / "reports")
    homeless = verify(files, "--report", "etsi")

    assert alone[0] == 3
    assert alone[1].startswith("<?xml")
    assert "total-failed" in several[1]
    kept = sorted(path.name for path in (tmp_path / "reports").iterdir())
    assert kept == [
        "changed.PDF.report.xml",
        "filled.pdf.report.xml",
        "plain.pdf.report.xml",
        "signed.pdf.report.xml",
    ]
    assert homeless[0] == 2
    assert "--out" in homeless[1]


def test_a_trust_list_that_nobody_named_signed_is_refused(verify, files, tmp_path):
    (tmp_path / "list.xml").write_text("<TrustServiceStatusList/>")

    status, message = verify(files / "signed.pdf", "--trust-list", tmp_path / "list.xml")

    assert status == 5
    assert "list.xml" in message


@pytest.mark.parametrize("option", ["--crl", "--ocsp"])
def test_a_file_that_holds_no_revocation_data_is_said(verify, files, option):
    status, message = verify(files / "signed.pdf", option, files / "inner" / "note.txt")

    assert status == 2
    assert "note.txt" in message
