"""Killed anywhere, or with others at the same moment: each signature is on record once, or not."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rpa.domain.notice import NoticeKind
from rpa.domain.signature import Indication, SignatureLevel
from rpa.domain.signature_request import RequestState, SigningRecord
from rpa.steps.signature_requests import create_request
from rpa.testing.requests import a_draft

HERE = Path(__file__).parent
SIGNING = {
    "after sign#1",
    "before put#1",
    "after put#3",
    "before change_request#2",
    "before append#2",
    "after append#2",
    "after change_request#2",
}
"""Where a life must have ended that was about to put a signature on record."""


def run(program, *words):
    return subprocess.Popen(
        [sys.executable, str(HERE / program), *map(str, words)], stdout=subprocess.PIPE, text=True
    )


def must_be_one_chain(made, tools, count):
    """Assert that each record begins where another ended, and that the newest is current."""
    kept = [s.record for s in made.signers if s.record is not None]
    records = [SigningRecord.model_validate_json(tools.store.get(digest)) for digest in kept]
    assert len(records) == count
    after = {record.digest_after: record for record in records}
    newest, steps = made.current, 0
    while newest in after:
        newest, steps = after[newest].digest_before, steps + 1
    assert steps == count
    report = tools.validator.validate(tools.store.get(made.current), at=tools.now())
    assert [s.indication for s in report.signatures] == [Indication.TOTAL_PASSED] * count
    entries = tools.register.request_history(made.request_id)
    assert [e.kind for e in entries].count("signed") == count
    assert list(tools.register.flaws()) == []


@pytest.mark.slow
def test_a_signer_killed_at_every_write_signs_each_field_once(office, tmp_path, served, letter):
    folder, _tsa = served
    path = tmp_path / "letter.pdf"
    path.write_bytes(letter)
    done = run("killed_signer.py", tmp_path, folder, path)
    done.communicate(timeout=280)
    assert done.returncode == 0
    deaths = set((tmp_path / "deaths").read_text().split("\n"))
    assert deaths >= SIGNING
    (made,) = office.register.requests()
    assert made.state is RequestState.COMPLETED
    must_be_one_chain(made, office, 2)
    kinds = [notice.kind for notice in office.register.notices_of(made.request_id)]
    assert kinds.count(NoticeKind.ASKED) == 2
    assert kinds.count(NoticeKind.COMPLETED) == 3


@pytest.mark.slow
def test_of_two_who_sign_the_same_bytes_at_once_one_is_recorded(office, served, letter, tmp_path):
    folder, _tsa = served
    draft = a_draft(office, "marie", "claire", pdf=letter, level=SignatureLevel.B_B)
    made = create_request(draft, by="person:chef", tools=office)
    racers = [
        run("racing_signer.py", tmp_path, folder, made.request_id, person)
        for person in ("marie", "claire")
    ]
    until = time.monotonic() + 60
    while not all((tmp_path / f"ready-{p}").exists() for p in ("marie", "claire")):
        assert time.monotonic() < until
        time.sleep(0.02)
    (tmp_path / "go").touch()
    ended = [json.loads(racer.communicate(timeout=60)[0])["ended"] for racer in racers]
    assert sorted(ended) == ["document-moved-on", "signed"]
    must_be_one_chain(office.register.request(made.request_id), office, 1)
