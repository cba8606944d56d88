import json
from pathlib import Path
from threading import Event, Thread, Timer

import pytest

from rpa.domain.errors import DocumentRefusedError, SetupError, ToolUnavailableError
from rpa.domain.signature import SignatureLevel
from rpa.signing.api import SignedDocument
from rpa.signing.bulk import RECORDS, SealTask, alone, found_files, sealed


class CountingSeal:
    """Seals by saying so, and counts."""

    def __init__(self) -> None:
        self.sealed: list[bytes] = []

    def __call__(self, pdf: bytes) -> SignedDocument:
        self.sealed.append(pdf)
        made = pdf + f" sealed {len(self.sealed)}".encode()
        level = SignatureLevel.B_B
        return SignedDocument(made, level=level, wanted=SignatureLevel.B_T, shortfall="no time")


@pytest.fixture
def seal():
    return CountingSeal()


@pytest.fixture
def task(tmp_path):
    source = tmp_path / "in" / "a" / "letter.pdf"
    source.parent.mkdir(parents=True)
    source.write_bytes(b"%PDF-1.7 letter")
    return SealTask(source, tmp_path / "out", "a/letter.pdf")


def test_a_document_is_sealed_into_the_same_place_of_the_other_folder(task, seal):
    facts = sealed(task, seal)

    assert task.target.read_bytes() == b"%PDF-1.7 letter sealed 1"
    assert facts["state"] == "sealed"
    assert (facts["level"], facts["wanted"], facts["shortfall"]) == ("B-B", "B-T", "no time")
    assert task.source.read_bytes() == b"%PDF-1.7 letter"


def test_a_second_run_seals_nothing_again_and_tells_the_same(task, seal):
    first = sealed(task, seal)

    second = sealed(task, seal)

    assert len(seal.sealed) == 1
    assert second == {**first, "state": "already-sealed"}


def test_a_run_that_died_before_the_last_move_is_ended_without_a_second_seal(task, seal):
    sealed(task, seal)
    task.target.rename(task.record.with_suffix(".pdf"))

    facts = sealed(task, seal)

    assert facts["state"] == "sealed"
    assert task.target.read_bytes() == b"%PDF-1.7 letter sealed 1"
    assert len(seal.sealed) == 1


def test_a_run_that_died_before_the_record_leaves_nothing_that_counts(task, seal):
    sealed(task, seal)
    task.target.rename(task.record.with_suffix(".pdf"))
    task.record.unlink()

    sealed(task, seal)

    assert task.target.read_bytes() == b"%PDF-1.7 letter sealed 2"


def test_a_half_written_record_is_none(task, seal):
    sealed(task, seal)
    task.target.unlink()
    task.record.write_text('{"sha256_before": "', encoding="utf-8")

    assert sealed(task, seal)["state"] == "sealed"


@pytest.mark.parametrize("spoil", ["source", "target", "stranger"])
def test_a_place_that_something_else_has_taken_is_left_as_it_is(task, seal, spoil):
    if spoil == "stranger":
        task.target.parent.mkdir(parents=True)
        task.target.write_bytes(b"not ours")
    else:
        sealed(task, seal)
        getattr(task, spoil).write_bytes(b"%PDF-1.7 other")
    before, done = task.target.read_bytes(), len(seal.sealed)

    with pytest.raises(DocumentRefusedError) as caught:
        sealed(task, seal)

    assert caught.value.reason == "name-taken"
    assert task.target.read_bytes() == before
    assert len(seal.sealed) == done


def test_what_cannot_be_read_is_refused(task, seal):
    task.source.unlink()

    with pytest.raises(DocumentRefusedError) as caught:
        sealed(task, seal)

    assert caught.value.reason == "unreadable"


def test_a_folder_that_cannot_be_written_is_a_tool_that_failed(task, seal):
    task.out.mkdir()
    (task.out / RECORDS).write_bytes(b"a file, no folder")

    with pytest.raises(ToolUnavailableError) as caught:
        sealed(task, seal)

    assert caught.value.reason == "seal-folder"


def test_records_hold_digests_and_names_and_nothing_of_the_document(task, seal):
    sealed(task, seal)

    said = json.loads(task.record.read_bytes())
    assert set(said) == {
        *("name", "sha256_before", "sha256_after", "level", "wanted", "shortfall", "repairs"),
    }


def test_a_folder_is_held_by_one_run_at_a_time(tmp_path):
    with alone(tmp_path / "out"), pytest.raises(SetupError) as caught, alone(tmp_path / "out"):
        pass

    with alone(tmp_path / "out"):
        assert caught.value.reason == "seal-busy"


def test_a_run_waits_for_the_document_that_a_dead_one_was_at(task, seal):
    begun, may_end = Event(), Event()

    def slow(pdf: bytes) -> SignedDocument:
        begun.set()
        may_end.wait(10)
        return seal(pdf)

    worker = Thread(target=sealed, args=(task, slow))
    worker.start()
    begun.wait(10)
    Timer(0.2, may_end.set).start()
    with alone(task.out):
        facts = sealed(task, seal)
    worker.join()

    assert facts["state"] == "already-sealed"
    assert len(seal.sealed) == 1


def test_pdfs_are_told_from_other_files_by_name_or_by_their_first_bytes(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "old.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "a.PDF").write_bytes(b"whatever")
    (tmp_path / "b").write_bytes(b"\n%PDF-1.4")
    (tmp_path / "c.txt").write_bytes(b"text")
    (tmp_path / "d.pdf").symlink_to(tmp_path / "a.PDF")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "e.pdf").write_bytes(b"%PDF-1.7")

    found = [
        (str(path.relative_to(tmp_path)), is_pdf) for path, is_pdf in found_files(tmp_path, out)
    ]

    assert found == [
        ("a.PDF", True),
        ("b", True),
        ("c.txt", False),
        ("d.pdf", False),
        (str(Path("sub", "e.pdf")), True),
    ]
