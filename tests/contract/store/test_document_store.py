"""What every document store promises, over the real one and the fake."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from rpa.domain.errors import IntegrityError, NotFoundError
from rpa.domain.model import Digest
from rpa.store.faults import FaultKind, StoreFault
from rpa.store.folder import FolderStore
from rpa.testing.store import MemoryStore

CONTENT = b"%PDF-1.7 une lettre"


@pytest.fixture(params=["folder", "memory"])
def store(request, tmp_path):
    return FolderStore(tmp_path / "documents") if request.param == "folder" else MemoryStore()


def spoil(store, digest):
    if isinstance(store, MemoryStore):
        store.kept[digest] = b"altered"
        return
    path = store.path_of(digest)
    path.chmod(0o640)
    path.write_bytes(b"altered")


def test_bytes_come_back_under_their_sha256(store):
    digest = store.put(CONTENT)

    assert digest == hashlib.sha256(CONTENT).hexdigest()
    assert store.get(digest) == CONTENT


def test_the_same_bytes_twice_are_one_document(store):
    assert store.put(CONTENT) == store.put(CONTENT)


def test_no_bytes_at_all_are_a_document_too(store):
    assert store.get(store.put(b"")) == b""


@pytest.mark.parametrize("digest", ["0" * 64, "", "../../etc/passwd", "A" * 64])
def test_what_was_never_put_is_not_found(store, digest):
    with pytest.raises(NotFoundError):
        store.get(Digest(digest))


def test_altered_bytes_are_never_returned(store):
    digest = store.put(CONTENT)
    spoil(store, digest)

    with pytest.raises(IntegrityError) as refused:
        store.get(digest)

    assert refused.value.reason == "altered-document"
    assert digest in refused.value.message


def test_the_check_of_the_whole_store_names_the_altered_document_only(store):
    good = store.put(b"good")
    bad = store.put(b"bad")
    spoil(store, bad)

    assert list(store.verify_all()) == [StoreFault(FaultKind.ALTERED, bad)]
    assert store.get(good) == b"good"


def test_many_threads_may_put_the_same_and_other_documents(store):
    contents = [b"document %d" % (number % 5) for number in range(40)]

    with ThreadPoolExecutor(8) as pool:
        digests = list(pool.map(store.put, contents))

    assert len(set(digests)) == 5
    assert [store.get(digest) for digest in digests] == contents
    assert list(store.verify_all()) == []
