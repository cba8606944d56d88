"""``rpa seal``, as a program."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pikepdf
import pytest

from rpa.cli.seal import seal
from rpa.domain.errors import SetupError
from rpa.testing.signatures import credential


@pytest.fixture
def letters(tmp_path):
    folder = tmp_path / "letters"
    (folder / "sub").mkdir(parents=True)
    for number in range(12):
        pdf = pikepdf.new()
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = f"Letter {number}"
        pdf.save(folder / ("sub" if number % 3 == 0 else "") / f"letter-{number:02}.pdf")
    return folder


@pytest.fixture
def command(pki, letters, tmp_path):
    phrase = tmp_path / "phrase"
    phrase.write_text(credential(pki).passphrase, encoding="utf-8")
    key = ["--key", str(pki / "sceau.p12"), "--passphrase", f"file:{phrase}"]
    return [
        *(sys.executable, "-m", "rpa", "seal", str(letters), str(tmp_path / "out")),
        *(*key, "--json", "--invisible", "--workers", "2"),
    ]


def run(command):
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def states(told):
    return Counter(one.get("state") or one["error"]["code"] for one in told)


def test_bad_documents_are_set_apart_and_the_others_sealed_once(command, letters, tmp_path):
    (letters / "bad.pdf").write_bytes(b"no PDF at all")
    (letters / "note.txt").write_text("left alone", encoding="utf-8")

    status, told, _errors = run(command)

    assert status == 3
    assert states(told) == {"sealed": 12, "not-a-pdf": 1, "left": 1}
    one = next(fact for fact in told if fact.get("state") == "sealed")
    assert (one["level"], one["wanted"], one["shortfall"], one["repairs"]) == ("B-B", "B-B", "", [])
    assert one["seconds"] > 0
    said = subprocess.run(["pdfsig", one["out"]], capture_output=True, check=False, text=True)
    assert "Signature is Valid" in said.stdout
    assert not (tmp_path / "out" / "bad.pdf").exists()


def test_faces_are_drawn_by_every_worker_with_the_font_that_was_loaded_once(command):
    command.remove("--invisible")

    status, told, _errors = run([*command, "--lang", "fr"])

    assert status == 0
    assert states(told) == {"sealed": 12}
    for one in told:
        text = subprocess.run(["pdftotext", one["out"], "-"], capture_output=True, check=True)
        assert "Scellé par" in text.stdout.decode()
        assert "démonstration" in text.stdout.decode()


def test_a_run_killed_half_way_is_ended_by_the_next_and_nothing_is_sealed_twice(command, tmp_path):
    out = tmp_path / "out"
    process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    deadline = time.monotonic() + 120
    while not list(out.rglob("letter-*.pdf")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    early = {path: path.read_bytes() for path in out.rglob("letter-*.pdf")}

    status, told, _errors = run(command)

    sealed = sorted(out.rglob("letter-*.pdf"))
    assert early
    assert status == 0
    assert len(sealed) == 12
    assert states(told)["already-sealed"] >= len(early)
    assert all(path.read_bytes() == content for path, content in early.items())
    assert all(path.read_bytes().count(b"/ByteRange") == 1 for path in sealed)
    assert not [path for path in (out / ".sealed").iterdir() if path.suffix in (".pdf", ".tmp")]


def test_the_command_says_what_is_wrong_with_it(letters, tmp_path):
    key, out = tmp_path / "seal.p12", tmp_path / "out"

    told = []
    for said in (
        (letters, letters, {"key": key}),
        (letters, out, {}),
        (letters, out, {"key": key, "credential": "sceau"}),
        (tmp_path / "nowhere", out, {"key": key}),
        (letters, out, {"key": key, "lang": "de"}),
    ):
        with pytest.raises(SetupError) as caught:
            seal(said[0], said[1], **said[2])
        told.append(caught.value.reason)

    assert told == ["same-folder", "seal-credential", "seal-credential", "no-folder", "language"]
    assert not out.exists()
