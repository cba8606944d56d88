"""How the folder store keeps its files."""

import fcntl
import stat

import pytest

from rpa.domain.errors import ToolUnavailableError
from rpa.store.faults import FaultKind, StoreFault
from rpa.store.folder import FolderStore


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "documents")


def test_a_document_lies_two_folders_deep_and_is_read_only(store):
    digest = store.put(b"x")
    path = store.path_of(digest)

    assert path.relative_to(store.root).parts == (digest[:2], digest[2:4], digest)
    assert stat.S_IMODE(path.stat().st_mode) == 0o440


def test_putting_again_writes_nothing(store):
    path = store.path_of(store.put(b"x"))
    before = path.stat()

    store.put(b"x")

    assert path.stat() == before


def test_nothing_unfinished_is_left_after_a_put(store):
    store.put(b"x")

    assert list((store.root / ".incoming").iterdir()) == []


def test_putting_over_altered_bytes_keeps_both_the_right_and_the_altered(store):
    digest = store.put(b"right")
    path = store.path_of(digest)
    path.chmod(0o640)
    path.write_bytes(b"wrong")

    store.put(b"right")

    assert store.get(digest) == b"right"
    assert [kept.read_bytes() for kept in (store.root / ".altered").iterdir()] == [b"wrong"]
    assert list(store.verify_all()) == [StoreFault(FaultKind.ALTERED, digest)]


def test_a_dead_writers_file_is_cleaned_and_a_living_ones_is_not(store):
    incoming = store.root / ".incoming"
    incoming.mkdir(parents=True)
    (incoming / "dead").write_bytes(b"half")
    with (incoming / "living").open("wb") as living:
        fcntl.flock(living, fcntl.LOCK_EX)

        store.put(b"x")

        assert [path.name for path in incoming.iterdir()] == ["living"]


def test_a_file_the_store_did_not_put_there_is_told(store):
    digest = store.put(b"x")
    (store.path_of(digest).parent / "notes.txt").write_text("?")

    faults = list(store.verify_all())

    assert faults == [StoreFault(FaultKind.STRAY, f"{digest[:2]}/{digest[2:4]}/notes.txt")]


def test_a_document_that_cannot_be_read_is_told_and_the_others_still_checked(store):
    lost, altered = store.put(b"lost"), store.put(b"altered")
    store.path_of(lost).unlink()
    store.path_of(lost).symlink_to(store.path_of(lost).name)
    store.path_of(altered).chmod(0o640)
    store.path_of(altered).write_bytes(b"?")

    assert set(store.verify_all()) == {
        StoreFault(FaultKind.UNREADABLE, lost),
        StoreFault(FaultKind.ALTERED, altered),
    }


def test_a_folder_that_is_a_file_is_a_store_that_cannot_be_used(tmp_path):
    (tmp_path / "documents").write_bytes(b"")
    store = FolderStore(tmp_path / "documents")

    with pytest.raises(ToolUnavailableError) as failed:
        store.put(b"x")

    assert failed.value.reason == "store-unavailable"
    assert str(tmp_path) in failed.value.message


def test_a_document_the_system_does_not_give_is_no_missing_document(store):
    digest = store.put(b"x")
    store.path_of(digest).unlink()
    store.path_of(digest).mkdir()

    with pytest.raises(ToolUnavailableError):
        store.get(digest)
